"""Counts of tokens against the fact sheet, against recorded answers, and against OpenAI's worked examples."""

import subprocess
import sys
import types

import pytest
from openai.types.chat import ChatCompletionMessage

from helpers import models, tokens


def user(text):
    return {"role": "user", "content": text}


def system(text):
    return {"role": "system", "content": text}


def assistant(text):
    return {"role": "assistant", "content": text}


# Fact sheet 12, o200k_base.
TEXTS = {
    "extraordinary": 2, " extraordinary": 1, "the": 1, "Hello, world!": 4, "ChatGPT is great!": 5,
    "The quick brown fox jumps over the lazy dog": 9, "안녕하세요": 2, "": 0,
}  # fmt: skip


@pytest.mark.parametrize(("text", "number"), TEXTS.items())
def test_text(text, number):
    assert tokens.count(text) == number == len(tokens.encode(text))


def test_embedding_models_have_another_vocabulary():
    assert tokens.encoding_name("text-embedding-3-small") == "cl100k_base"
    assert tokens.encoding_name("gpt-5.2") == tokens.encoding_name("gpt-6-luna") == "o200k_base"
    assert tokens.encoding_name("gpt-nope") == "o200k_base"
    # Recorded: the input "Search text" was billed as 2 tokens.
    assert tokens.count("Search text", models.EMBEDDING) == 2
    assert tokens.count("안녕하세요", models.EMBEDDING) > tokens.count("안녕하세요", models.FLAGSHIP)


def test_only_unpublished_tokenizers_make_estimates():
    assert [tokens.is_estimate(name) for name in ("gpt-6-luna", "gpt-6.2-sol", "gpt-nope")] == [True] * 3
    assert [tokens.is_estimate(name) for name in ("gpt-5.2", "gpt-4o", "text-embedding-3-small")] == [False] * 3


def test_names_of_special_tokens_are_plain_text():
    assert tokens.count("<|endoftext|>") == len(tokens.pieces("<|endoftext|>")) > 1


def test_a_text_longer_than_the_tokenizer_takes_at_once():
    sentence = "The quick brown fox jumps over the lazy dog. "
    assert tokens.count(sentence * 25_000) == 10 * 25_000 + 1  # the last space is a token of its own


@pytest.mark.parametrize("text", ["naïve café", "🦜 flies", "안녕하세요, 세계", "\n\n  def f():\n", "👩‍👩‍👧", ""])
def test_pieces_join_to_the_text(text):
    parts = tokens.pieces(text)
    assert b"".join(part.raw for part in parts).decode("utf-8") == text
    assert [part.id for part in parts] == tokens.encode(text)


def test_a_piece_of_a_character_is_shown_by_its_bytes():
    parts = tokens.pieces("🦜")
    assert len(parts) > 1 and parts[0].text.startswith("\\xf0")


# Prompts of recorded answers: model, messages, prompt_tokens of their usage.
LONG = "You are an expert software engineer " * 200
PROMPTS = [
    ("gpt-4o-mini", [user("What is the capital of France?")], 14),
    ("gpt-4o-mini", [user("What is the meaning of life?")], 14),
    ("gpt-5-mini", [user("What is 4200 + 42?")], 15),
    ("gpt-5.1", [user("What is the capital of France? Answer in one word.")], 18),
    ("gpt-5.4", [user("Hi")], 7),
    ("gpt-5.4", [system("Be as terse as possible; no punctuation"), user("What is 1 + 1?")], 26),
    ("gpt-5.4", [system("Return very minimal output, AND ONLY USE UPPERCASE."),
                 user("What is the name of Winnie the Pooh's human friend?")], 34),
    ("gpt-5.4", [user("My name is Steve"), assistant("Hello Steve, how can I help you today?"),
                 user("What is my name?")], 35),
    ("gpt-5.6-sol", [system(LONG), user("What are the best practices for API design?")], 1220),
]  # fmt: skip


@pytest.mark.parametrize(("model", "messages", "number"), PROMPTS)
def test_prompts_of_recorded_answers(model, messages, number):
    assert tokens.chat_tokens(messages, model) == number


def test_parts_names_and_calls_count():
    plain = tokens.chat_tokens([user("Hello, world!")])
    assert tokens.chat_tokens([user([{"type": "text", "text": "Hello, world!"}])]) == plain
    picture = {"type": "image_url", "image_url": {"url": "data:,"}}
    assert tokens.chat_tokens([user([{"type": "text", "text": "Hello, world!"}, picture])]) == plain
    assert tokens.chat_tokens([{**user("Hello, world!"), "name": "the"}]) == plain + 2
    call = {"id": "1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Paris"}'}}
    asked = {"role": "assistant", "content": None, "tool_calls": [call]}
    assert tokens.chat_tokens([asked]) == tokens.chat_tokens([assistant("")]) + 6
    assert tokens.chat_tokens([ChatCompletionMessage(**asked)]) == tokens.chat_tokens([asked])


# Recorded answers: model, API, visible text, reasoning tokens, completion or output tokens of their usage.
ANSWERS = [
    ("gpt-4o-mini", "chat", "The capital of France is Paris.", 0, 7),
    ("gpt-4o-mini", "chat", "Hello! How can I assist you today?", 0, 9),
    ("gpt-4o-mini", "responses", "Hello! How can I assist you today?", 0, 10),
    ("gpt-5-mini", "chat", "4242", 0, 11),
    ("gpt-5.1", "chat", "Paris", 0, 10),
    ("gpt-5.4", "chat", "2", 0, 4),
    ("gpt-5.4", "chat", "Your name is Steve.", 0, 8),
    ("gpt-5.4", "responses", "2", 0, 5),
    ("gpt-5.4", "responses", "red delicious", 0, 6),
    ("gpt-5.2", "responses", "Hello, World!", 11, 21),
    ("gpt-6-luna", "chat", "Paris is 18°C with light rain.", 0, 12),
    ("gpt-6-luna", "responses", "Paris: 18°C with light rain.", 0, 13),
    ("gpt-6-luna", "responses", "12", 48, 55),
]


@pytest.mark.parametrize(("model", "api", "text", "reasoning", "number"), ANSWERS)
def test_recorded_answers(model, api, text, reasoning, number):
    assert tokens.completion_tokens(text, model, api, reasoning) == number


CALLS = [
    ("gpt-4o", "responses", [("get_weather", '{"location":"Boston, MA"}')], 17),
    ("gpt-4.1-mini", "chat", [("current_date", "{}"), ("current_month", "{}")], 39),
    ("gpt-5.1", "chat", [("add_exclamation", '{"message":"Hello"}')], 24),
    ("gpt-5.4", "chat", [("weather_forecast", '{"city":"New York"}')], 19),
    ("gpt-5.4", "responses", [("weather_forecast", '{"city":"New York"}')], 20),
    ("gpt-6-luna", "chat", [("weather", '{"city":"Paris"}')], 16),
    ("gpt-6-luna", "responses", [("weather", '{"city":"Paris"}')], 17),
]


@pytest.mark.parametrize(("model", "api", "calls", "number"), CALLS)
def test_recorded_function_calls(model, api, calls, number):
    assert tokens.completion_tokens("", model, api, calls=calls) == number


# Fact sheet 6, and a recorded prompt: a picture of 300 x 346 pixels cost gpt-4.1-mini 179 tokens.
PICTURES = [
    ("gpt-5.2", 512, 512, "auto", 308), ("gpt-5.2", 800, 600, "auto", 570), ("gpt-5.2", 1024, 1024, "high", 1229),
    ("gpt-5.2", 2048, 2048, "low", 4916), ("gpt-5.2", 4000, 3000, "auto", 3687),
    ("gpt-5.4", 2048, 2048, "high", 3000), ("gpt-5.4", 4000, 3000, "high", 2942), ("gpt-5.4", 2048, 2048, "low", 4916),
    ("gpt-5.6-luna", 1024, 1024, "low", 308), ("gpt-6-luna", 1024, 1024, "low", 308),
    ("gpt-6-luna", 1024, 1024, "auto", 1229), ("gpt-4.1-mini", 300, 346, "auto", 179), ("gpt-5.2", 1, 1, "auto", 2),
    # Tiles: base and tile tokens of the fact sheet, tiles counted by hand.
    ("gpt-4o", 1024, 1024, "high", 85 + 4 * 170), ("gpt-4o", 2048, 4096, "high", 85 + 6 * 170),
    ("gpt-4o", 3000, 751, "high", 85 + 4 * 170),  # 2048 x 512.7, which is cut and not rounded
    ("gpt-4o", 4096, 4096, "low", 85), ("gpt-5", 512, 512, "auto", 70 + 140), ("gpt-4o-mini", 512, 512, "high", 8500),
]  # fmt: skip


@pytest.mark.parametrize(("model", "width", "height", "detail", "number"), PICTURES)
def test_pictures_that_are_read(model, width, height, detail, number):
    assert tokens.image_tokens(width, height, model, detail) == number


def test_a_picture_of_any_shape_stays_within_its_budget():
    for width, height in ((9000, 40), (40, 9000), (3001, 2999), (6000, 6000), (1, 100_000)):
        assert 1 <= tokens.image_tokens(width, height, "gpt-5.4", "high") <= 3000
        assert 1 <= tokens.image_tokens(width, height, "gpt-5.4", "original") <= 12_000


def test_pictures_that_are_refused():
    with pytest.raises(ValueError, match="original"):
        tokens.image_tokens(100, 100, "gpt-5.2", "original")
    with pytest.raises(ValueError, match="original"):
        tokens.image_tokens(100, 100, "gpt-4o", "original")
    with pytest.raises(ValueError, match="1 x 1"):
        tokens.image_tokens(0, 100)
    # The vision guide rejects more than 30,000 patches: 250 x 188 of them are 47,000, and 200 x 150 are allowed.
    for model, detail in (("gpt-6-astra", "original"), ("gpt-5.6-sol", "auto"), ("gpt-6-luna", "original")):
        with pytest.raises(ValueError, match="30,000 patches.* has 47,000"):
            tokens.image_tokens(8000, 6000, model, detail)
        assert tokens.image_tokens(6400, 4800, model, detail) == 36_000
        assert tokens.image_tokens(8000, 6000, model, "high") <= 3000
    with pytest.raises(LookupError, match="tts-1"):
        tokens.image_tokens(100, 100, "tts-1")


# Fact sheet 7: output tokens by quality, for 1024 x 1024 and 1536 x 1024.
MADE = {
    ("gpt-image-2", 1024): {"low": 196, "medium": 1756, "high": 7024},
    ("gpt-image-2.5-flare", 1024): {"low": 196, "medium": 439, "high": 1756, "xhigh": 3122, "max": 7024},
    ("gpt-image-2.5-sunburst", 1536): {"low": 158, "medium": 343, "high": 1372, "xhigh": 2459, "max": 5488},
}


@pytest.mark.parametrize(("made", "expected"), MADE.items())
def test_pictures_that_are_made(made, expected):
    model, width = made
    assert {quality: tokens.generated_image_tokens(width, 1024, quality, model) for quality in expected} == expected


def test_a_number_that_is_not_public_is_not_invented():
    with pytest.raises(LookupError, match="not public"):
        tokens.generated_image_tokens(1024, 1024, "low", "gpt-image-2.6-flare")


def test_tiktoken_stands_in_where_bpe_openai_is_missing(monkeypatch):
    asked = []
    stand_in = types.ModuleType("tiktoken")
    stand_in.get_encoding = lambda name: asked.append(name) or "tokenizer"
    monkeypatch.setitem(sys.modules, "bpe_openai", None)
    monkeypatch.setitem(sys.modules, "tiktoken", stand_in)
    assert tokens._tokenizer.__wrapped__("o200k_base") == "tokenizer" and asked == ["o200k_base"]


def test_the_tokenizer_loads_at_the_first_count():
    code = "import sys; from helpers import tokens; print('bpe_openai' in sys.modules, tokens.count('x'))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False 1"

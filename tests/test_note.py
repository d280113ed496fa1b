"""The quiet note: which recorded request is near, what differs in words, and what a client of the SDK gets."""

import openai
import pytest
from exchanges import serve

from helpers.proxy import note
from helpers.proxy.recordings import Recordings
from helpers.setup.files import ROOT

FRANCE = {"role": "user", "content": "What is the capital of France?"}
HELPFUL = {"role": "developer", "content": "You are a helpful assistant."}


def chat(*messages, **parameters):
    content = {"model": "gpt-5.2", "messages": list(messages), **parameters}
    return {"method": "POST", "path": "/v1/chat/completions", "json": content}


STORY = {"role": "user", "content": "Tell me a short story about a lighthouse."}
RECORDED = [
    chat(HELPFUL, FRANCE),
    chat({"role": "developer", "content": "Answer with one word and nothing else."}, FRANCE),
    chat({"role": "developer", "content": "You are a pirate. Stay in character."}, FRANCE),
    chat(STORY, max_completion_tokens=16),
]


def record(recordings, *requests, status=200):
    response = {"status": status, "headers": {}, "elapsed_ms": 0, "json": {"id": "c", "object": "chat.completion"}}
    for request in requests:
        origin = {"kind": "authored", "date": "2026-11-22", "basis": "test"}
        recordings.save({"request": request, "response": dict(response), "origin": origin})
    return recordings


@pytest.fixture(scope="module")
def lesson_01(tmp_path_factory):
    return record(Recordings(tmp_path_factory.mktemp("recordings")), *RECORDED)


def message(request, recordings, problem=None):
    return note.body(request, recordings, problem)["error"]["message"]


def copied(text):
    """The lines to copy, without those that say how to get a stand-in."""
    block = text.partition("Recorded, to copy:\n")[2].partition("\n\n")[0]
    return [line.strip() for line in block.splitlines()]


def test_without_the_developers_message_the_same_question_is_nearest_and_not_a_shorter_request(lesson_01):
    text = message(chat(FRANCE), lesson_01)
    assert "the developer message is missing" in text
    assert "lighthouse" not in text
    assert all(line.startswith('{"role": "developer", "content": "') for line in copied(text))


def test_a_changed_word_is_told_beside_the_recorded_one_and_the_line_gives_the_recorded_back(lesson_01):
    text = message(chat(HELPFUL, {"role": "user", "content": "What is the captial of Italy?"}), lesson_01)
    assert 'is "What is the captial of Italy?", not "What is the capital of France?"' in text
    assert copied(text)[0] == "What is the capital of France?"


def test_parameters_are_told_by_name_and_the_lines_undo_them(lesson_01):
    body = note.body(chat(HELPFUL, FRANCE, temperature=0.7), lesson_01)["error"]
    assert "temperature is added: 0.7" in body["message"] and body["param"] == "temperature"
    assert copied(body["message"])[0] == "(without temperature)"
    text = message(chat(STORY, max_completion_tokens=50), lesson_01)
    assert "max_completion_tokens is 50, not 16" in text
    assert copied(text)[0] == "max_completion_tokens=16"


def test_what_the_api_refused_is_never_offered(tmp_path):
    recordings = record(Recordings(tmp_path), chat(STORY, max_tokens=16), chat(), status=400)
    assert message(chat(STORY), recordings).startswith("No answer is recorded for POST /v1/chat/completions")
    text = message(chat(STORY), record(recordings, chat(STORY, max_completion_tokens=16)))
    assert copied(text) == ["max_completion_tokens=16"]


@pytest.mark.parametrize(("tried", "nearest"), [(60, "40"), (85, "100"), (900, "1000")])
def test_another_number_is_nearer_than_none_and_the_closest_comes_first(tmp_path, tried, nearest):
    limits = [chat(STORY, max_completion_tokens=limit) for limit in (40, 100, 1000)]
    recordings = record(Recordings(tmp_path), chat(STORY), chat(STORY, reasoning_effort="high"), *limits)
    lines = copied(message(chat(STORY, max_completion_tokens=tried), recordings))
    assert lines[0] == f"max_completion_tokens={nearest}"
    assert all(line.startswith("max_completion_tokens=") for line in lines)
    text = message(chat(STORY, temperature=0.7), record(recordings, chat(STORY, temperature=0)))
    assert copied(text)[0] == "temperature=0"


def test_a_space_that_looks_like_another_is_spelled_out(lesson_01):
    text = message(chat(HELPFUL, {"role": "user", "content": "What is the\u00a0capital of France?"}), lesson_01)
    assert r'is "What is the\xa0capital of France?", not "What is the capital of France?"' in text
    assert copied(text)[0] == "What is the capital of France?"


def test_a_bare_text_is_only_that_of_the_message_that_was_named(lesson_01):
    lines = copied(message(chat({"role": "developer", "content": "You are a helpful assistent."}, FRANCE), lesson_01))
    assert lines[0] == "You are a helpful assistant." and "Answer with one word and nothing else." in lines
    lines = copied(message(chat(HELPFUL, {"role": "user", "content": "What is the capital of Italy?"}), lesson_01))
    assert lines[0] == "What is the capital of France?"
    assert all('"role": "developer"' in line for line in lines[1:])


def test_another_model_is_nearer_than_another_question(lesson_01):
    text = message(chat(HELPFUL, FRANCE) | {"json": {"model": "gpt-9", "messages": [HELPFUL, FRANCE]}}, lesson_01)
    assert 'model is "gpt-9", not "gpt-5.2"' in text and copied(text)[0] == 'model="gpt-5.2"'


def test_both_ways_on_are_named_and_a_stand_in_that_failed_says_why_instead(lesson_01):
    text = message(chat(FRANCE), lesson_01)
    assert "ollama pull gemma4:e2b" in text and "lesson 00" in text
    text = message(chat(FRANCE), lesson_01, "gemma4:e2b cannot read pictures.")
    assert "gemma4:e2b cannot read pictures." in text and "ollama pull" not in text and "lesson 00" in text


def test_without_any_request_to_the_endpoint_the_endpoint_is_named(lesson_01):
    text = message({"method": "POST", "path": "/v1/images/generations", "json": {"prompt": "a cat"}}, lesson_01)
    assert text.startswith("No answer is recorded for POST /v1/images/generations in this lesson.")


def test_of_long_texts_the_part_that_differs_is_shown():
    def request(end):
        return chat({"role": "user", "content": "Once there was a harbour. " * 20 + end})

    class One:
        def requests(self):
            return [request("It was calm.")]

    text = message(request("It was rough."), One())
    assert "It was calm." in text and "It was rough." in text and len(text) < 1200


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "GET", "path": "/v1/models"},
        {"method": "POST", "path": "/v1/chat/completions", "sha256": "0"},
        {"method": "POST", "path": "/v1/chat/completions", "json": ["a list"]},
        chat("a text", 3, {"content": None}, {"role": "user", "content": [{"type": "image_url"}, "x"]}, tools=["t"]),
        {"method": "POST", "path": "/v1/audio/transcriptions", "multipart": [{"name": "file", "sha256": "0"}]},
    ],
)
def test_whatever_was_sent_is_told(request_):
    everything = Recordings(*(ROOT / "data" / "recordings").iterdir())
    assert message(request_, everything).startswith("No answer is recorded")


def test_the_sdk_raises_a_plain_status_error_once(lesson_01):
    server = serve("replay", lesson_01)
    client = openai.OpenAI(base_url=server.url + "/v1", api_key="any")
    with pytest.raises(openai.APIStatusError) as caught:
        client.chat.completions.create(model="gpt-5.2", messages=[FRANCE])
    server.close()
    error = caught.value
    assert type(error) is openai.APIStatusError
    assert (error.status_code, error.code, error.type) == (424, "no_recording", "course_replay")
    assert len(server.exchanges) == 1 and server.exchanges[0].source == "miss"

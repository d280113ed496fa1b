"""The fake API: which entry answers, what is counted, and what is kept. Its form is held in test_fake_api_wire.py."""

import json
import re
from base64 import b64decode, b64encode

import openai
import pytest
import yaml
from fake_api_kit import ANSWERS, KEY, hash_vectors, png, raw, tone

from helpers import models
from helpers.models import FLAGSHIP, SMALL
from helpers.proxy.http import read_events
from helpers.workshop.fake_api import FakeApi
from helpers.workshop.fake_api.script import ANSWER, TESTS, Script, ScriptError

CHAT = "/v1/chat/completions"
RIVERS = "Rivers carry water from the hills to the sea, and with it sand, seeds and stories."
PROPERTIES = {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}}
SCHEMA = {"type": "object", "properties": PROPERTIES, "required": ["city", "unit"], "additionalProperties": False}
WEATHER = {"type": "function", "function": {"name": "get_weather", "strict": True, "parameters": SCHEMA}}
FORM = {"type": "json_schema", "json_schema": {"name": "weather", "strict": True, "schema": SCHEMA}}
UNANSWERED = openai.InternalServerError  # the author of the answers is told why


def client_of(api: FakeApi) -> openai.OpenAI:
    return openai.OpenAI(base_url=api.url, api_key=KEY, max_retries=0)


@pytest.fixture
def api():
    with FakeApi(ANSWERS, images=ANSWERS, vectors=hash_vectors) as running:
        yield running


@pytest.fixture
def client(api):
    return client_of(api)


def ask(client, text: str, model: str = FLAGSHIP, **more):
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}], **more)


def said(answer) -> str:
    return answer.choices[0].message.content


def script(folder, text: str):
    (folder / "script.yaml").write_text(text, encoding="utf-8")
    return folder / "script.yaml"


def tokens_of(text: str, vocabulary: str = "o200k_base") -> int:
    import bpe_openai  # here, since every process collects all tests, and its vocabularies take a second to load

    return len(bpe_openai.get_encoding(vocabulary).encode(text))


def test_identical_requests_take_the_next_answer_and_repeat_the_last(client):
    assert [said(ask(client, "Name a colour")) for _ in range(4)] == ["blue", "red", *["green, if I must choose"] * 2]
    answer = ask(client, "Name a colour.", n=3)
    assert [choice.message.content for choice in answer.choices] == ["blue", "red", "green, if I must choose"]
    assert answer.usage.completion_tokens == sum(tokens_of(choice.message.content) + 3 for choice in answer.choices)


def test_an_unmatched_request_gets_a_stub_that_matches_it_once_pasted(client, tmp_path):
    with pytest.raises(UNANSWERED) as caught:
        ask(client, "Is this: known?", model=SMALL, reasoning_effort="none")
    assert caught.value.status_code == 501 and caught.value.response.headers["x-should-retry"] == "false"
    entry = caught.value.message.split("\n\n", 1)[1].replace("…", "Now it is.")
    assert yaml.safe_load(entry)[0]["when"]["model"] == "small"
    with FakeApi(script(tmp_path, f"basis: Pasted.\nanswers:\n{entry}")) as second:
        assert said(ask(client_of(second), "Is this: known?", model=SMALL, reasoning_effort="none")) == "Now it is."


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("answers: [{when: {users: hi}, say: hi}]\nbasis: x", "unknown key 'users'"),
        ("answers: [{when: {user: hi}, says: hi}]\nbasis: x", "unknown key 'says'"),
        ("answers: [{when: {user: hi}}]\nbasis: x", "nothing is answered"),
        ("answers: [{when: {user: hi}, say: hi}]", "no basis"),
        ("answers: [{when: {user: hi}, say: yes}]\nbasis: x", "must be text"),
        ("answers:\n  - when: {user: a}\n    say: a\n    when: {user: b}\nbasis: x", "is there twice"),
        ("- when: {user: a}", "expected `basis`, `date`"),
        ("answers: [{when: {model: flagshp}, say: hi}]\nbasis: x", "'flagshp' is neither a role nor a model"),
        ("answers: [}", "script.yaml"),
    ],
)
def test_a_mistake_in_a_script_is_named(tmp_path, content, hint):
    with pytest.raises(ScriptError, match=re.escape(hint)):
        Script(script(tmp_path, content))


def test_near_misses_and_unused_entries_are_named(api, client):
    with pytest.raises(UNANSWERED, match="Nearest is chat.yaml entry 1, which differs in model"):
        ask(client, "What is the capital of France?", model=SMALL, reasoning_effort="none")
    assert "chat.yaml entry 1" in api.state.script.unused()
    ask(client, "What is the capital of France?")
    assert "chat.yaml entry 1" not in api.state.script.unused()


def test_the_examples_of_the_manual_are_in_the_format_and_show_every_key(tmp_path):
    manual = (ANSWERS.parents[1] / "data" / "answers" / "README.md").read_text(encoding="utf-8")
    for number, example in enumerate(re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)):
        whole = example if "answers:" in example else f"basis: x\nanswers:\n{example}"
        (tmp_path / f"{number}.yaml").write_text(whole, encoding="utf-8")
    answers = Script(tmp_path)
    assert {key for entry in answers.entries for key in entry.answer} == ANSWER - {"basis"}
    assert {key for entry in answers.entries for key in entry.when} == set(TESTS)


def test_an_answer_that_the_api_would_never_give_is_refused_to_its_author(client):
    narrow = json.loads(json.dumps(WEATHER).replace('"celsius"', '"kelvin"'))
    for text, more, why in (
        ("How is the weather?", {}, "not among the tools"),
        ("How is the weather?", {"tools": [narrow]}, "does not fit the schema"),
        ("How is the weather?", {"tools": [WEATHER], "tool_choice": "none"}, "although tool_choice is none"),
        ("Compare Paris and Rome", {"tools": [WEATHER], "parallel_tool_calls": False}, "makes 2 calls although"),
        ("How is the weather?", {"tools": [WEATHER], "max_completion_tokens": 5}, "cuts off is not built"),
        ("Who is Beata?", {"response_format": FORM}, "does not fit the schema"),
        ("Tell me about rivers", {"response_format": FORM}, "wants JSON"),
        ("Paced", {"logprobs": True}, "has no `logprobs`"),
    ):
        with pytest.raises(UNANSWERED, match=re.escape(why)):
            ask(client, text, **more)
    (call,) = ask(client, "Break the arguments", tools=[WEATHER]).choices[0].message.tool_calls
    assert call.function.arguments == '{"city": "Par'  # raw text is broken on purpose


@pytest.mark.parametrize("key", [None, "Basic eDp5", "Bearer ", "Token secret-of-mine"])
def test_only_a_bearer_key_is_let_in_and_none_is_sent_back(api, key):
    body = {"model": FLAGSHIP, "messages": [{"role": "user", "content": "Unknown to the answers"}]}
    response, content = raw(api, CHAT, body, key=key)
    assert response.status == 401 and b"secret" not in content
    secret = "sk-" + "planted" * 4
    response, content = raw(api, CHAT, body, key=f"Bearer {secret}")
    assert response.status == 501 and secret not in content.decode() + str(response.headers) + repr(vars(api))


def test_an_answer_that_just_fits_is_not_cut(client):
    for model, wrapped in ((models.CLASSIC, 0), (FLAGSHIP, 3)):
        fits = ask(client, "Tell me about rivers", model=model, max_completion_tokens=tokens_of(RIVERS) + wrapped)
        assert (said(fits), fits.choices[0].finish_reason) == (RIVERS, "stop")


def test_characters_of_several_tokens_come_whole(client):
    chunks = ask(client, "Say it with flowers", stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "🌻🌷 für Dich, 안녕"


def test_reasoning_counts_and_can_eat_the_limit(client, tmp_path):
    thinking = ask(client, "Tell me about rivers", model=SMALL)  # medium is its default
    assert thinking.usage.completion_tokens_details.reasoning_tokens == 40
    assert thinking.usage.completion_tokens == 40 + tokens_of(RIVERS) + 3 + 2
    eaten = client.responses.create(model=SMALL, input="Tell me a long story", max_output_tokens=20)
    assert [item.type for item in eaten.output] == ["reasoning"] and eaten.usage.output_tokens == 20
    with FakeApi(script(tmp_path, "basis: x\nanswers: [{say: Hm., reasoning_tokens: 70}]")) as second:
        older = ask(client_of(second), "Think", model=models.FORMER_SMALL)
    assert older.usage.completion_tokens_details.reasoning_tokens == 128  # in steps of 64


@pytest.mark.parametrize(
    ("options", "encrypted"),
    [({"store": False}, True), ({}, False), ({"include": ["reasoning.encrypted_content"]}, True)],
)
def test_reasoning_that_is_not_stored_comes_encrypted(client, options, encrypted):
    thinking = client.responses.create(model=SMALL, input="Tell me about rivers", **options)
    assert (thinking.output[0].encrypted_content is not None) == encrypted


def test_a_stream_keeps_the_authored_pace_and_thinks_before_it_speaks(api):
    def times(path: str, **body) -> list[int | None]:
        content = raw(api, path, {**body, "stream": True})[1]
        return [t_ms for t_ms, _, _ in read_events([content])]

    paced = times(CHAT, model=FLAGSHIP, messages=[{"role": "user", "content": "Paced"}])
    assert paced == [500, 600, 700, 800, 800, 800]  # first_ms 500, then 100 for each of three tokens
    thought = times("/v1/responses", model=SMALL, input="How much is 17 times 23?", reasoning={"effort": "high"})
    assert thought[4] - thought[2] > 210 * 5  # 210 tokens of reasoning, at 8 ms each


def test_a_streamed_answer_can_speak_and_then_call(client):
    messages = [{"role": "user", "content": "Look and call"}]
    with client.chat.completions.stream(model=FLAGSHIP, messages=messages, tools=[WEATHER]) as stream:
        message = stream.get_final_completion().choices[0].message
    assert message.content == "Let me look." and "Oslo" in message.tool_calls[0].function.arguments


def test_logprobs_are_the_authored_probabilities(client):
    (token,) = ask(client, "One word", logprobs=True, top_logprobs=2).choices[0].logprobs.content
    assert (token.token, bytes(token.bytes)) == ("Paris", b"Paris")
    found = [(top.token, round(top.logprob, 3)) for top in token.top_logprobs]
    assert found == [("Paris", -0.105), ("Lyon", -2.813)]  # ln 0.9 and ln 0.06


def test_a_picture_is_counted_and_told_from_another(tmp_path):
    (tmp_path / "square.png").write_bytes(png(512))
    with FakeApi(ANSWERS, images=tmp_path) as second:

        def look(content: bytes | str):
            url = content if isinstance(content, str) else "data:image/png;base64," + b64encode(content).decode()
            parts = [{"type": "text", "text": "What is on it?"}, {"type": "image_url", "image_url": {"url": url}}]
            return ask(client_of(second), parts)

        shown = look(png(512))
        assert said(shown) == "A square."
        assert shown.usage.prompt_tokens == 308 + tokens_of("What is on it?") + 6  # 308: a published example
        assert look("https://pictures.harbour-town.org/pictures/square.png").usage == shown.usage
        with pytest.raises(openai.BadRequestError, match="Error while downloading"):
            look("https://pictures.harbour-town.org/pictures/circle.png")
        for broken in ("data:image/png;base64,…", b"no picture"):
            with pytest.raises(openai.BadRequestError, match="unsupported image"):
                look(broken)
        with pytest.raises(UNANSWERED, match="no entry matches"):
            look(png(64))


def test_sound_is_heard(api):
    sound = {"type": "input_audio", "input_audio": {"data": b64encode(tone(2)).decode(), "format": "wav"}}
    messages = [{"role": "user", "content": [{"type": "text", "text": "What do you hear?"}, sound]}]
    response, content = raw(api, CHAT, {"model": models.AUDIO_CHAT, "messages": messages})
    usage = json.loads(content)["usage"]
    assert usage["prompt_tokens_details"]["audio_tokens"] == 20  # ten a second
    assert usage["prompt_tokens_details"]["text_tokens"] == usage["prompt_tokens"] - 20
    assert "Sound is estimated" in response.headers["x-course-origin"]
    left = int(response.headers["x-ratelimit-limit-tokens"]) - int(response.headers["x-ratelimit-remaining-tokens"])
    assert left == len("What do you hear?") // 4 + 3


def test_the_conversation_goes_on_from_an_earlier_response_that_was_stored(client):
    first = client.responses.create(model=FLAGSHIP, input="My name is Ada.", instructions="Be brief.")
    second = client.responses.create(model=FLAGSHIP, input="What is my name?", previous_response_id=first.id)
    assert second.output_text == "Ada." and second.created_at >= first.completed_at
    # instructions are not carried over; a user message counts 4, an assistant's 6, and the reply 2
    texts = ["My name is Ada.", "Nice to meet you, Ada.", "What is my name?"]
    assert second.usage.input_tokens == sum(map(tokens_of, texts)) + 4 + 6 + 4 + 2
    items = [{"role": "user", "content": texts[0]}, *first.output, {"role": "user", "content": texts[2]}]
    third = client.responses.create(model=FLAGSHIP, input=items)
    assert third.output_text == "You told me yourself." and third.usage.input_tokens == second.usage.input_tokens
    client.responses.delete(first.id)
    with pytest.raises(openai.NotFoundError, match="not found"):
        client.responses.retrieve(first.id)
    loose = client.responses.create(model=FLAGSHIP, input="My name is Ada.", store=False)
    with pytest.raises(openai.BadRequestError, match="not found"):
        client.responses.create(model=FLAGSHIP, input="What is my name?", previous_response_id=loose.id)


def test_vectors_come_in_either_encoding_with_true_token_counts(client):
    texts = ["A cat sat on a mat.", "안녕하세요"]
    answer = client.embeddings.create(model=models.EMBEDDING, input=texts)  # the SDK asks for base64
    floats = client.embeddings.create(model=models.EMBEDDING, input=texts, encoding_format="float")
    assert [item.embedding for item in answer.data] == [item.embedding for item in floats.data]
    for item, expected in zip(answer.data, hash_vectors(texts, models.EMBEDDING, 1536), strict=True):
        assert item.embedding == pytest.approx(expected, abs=5e-4)  # rounded to half precision, as on the wire
    assert answer.usage.total_tokens == sum(tokens_of(text, "cl100k_base") for text in texts)
    assert len(client.embeddings.create(model=models.EMBEDDING_LARGE, input="x").data[0].embedding) == 3072
    assert len(client.embeddings.create(model=models.EMBEDDING, input="x", dimensions=256).data[0].embedding) == 256


def test_moderation_scores_are_authored_or_next_to_nothing(api):
    hurt, quiet = json.loads(raw(api, "/v1/moderations", {"input": ["I will hurt you", "A quiet day"]})[1])["results"]
    assert [name for name, flagged in hurt["categories"].items() if flagged] == ["harassment", "violence"]
    assert hurt["flagged"] and not quiet["flagged"] and max(quiet["category_scores"].values()) < 0.001


def test_a_batch_goes_through_its_states_and_writes_its_files(client):
    def batch_of(*questions: tuple[str, str]):
        bodies = [{"model": model, "messages": [{"role": "user", "content": text}]} for text, model in questions]
        lines = [{"custom_id": f"q{n}", "url": CHAT, "body": body} for n, body in enumerate(bodies)]
        file = client.files.create(file=("batch.jsonl", "\n".join(map(json.dumps, lines)).encode()), purpose="batch")
        return client.batches.create(input_file_id=file.id, endpoint=CHAT, completion_window="24h")

    batch = batch_of(*[("What is the capital of France?", FLAGSHIP)] * 4, ("Hi", "gpt-nope"))
    states = [(batch.status, batch.request_counts.completed)]
    while batch.status != "completed":
        batch = client.batches.retrieve(batch.id)
        states.append((batch.status, batch.request_counts.completed))
    assert states == [
        ("validating", 0), ("in_progress", 0), ("in_progress", 1), ("in_progress", 3),
        ("finalizing", 4), ("completed", 4),
    ]  # fmt: skip
    assert (batch.request_counts.total, batch.request_counts.failed) == (5, 1)
    assert batch.created_at < batch.in_progress_at < batch.finalizing_at < batch.completed_at < batch.expires_at
    results = [json.loads(row) for row in client.files.content(batch.output_file_id).text.splitlines()]
    assert {row["custom_id"] for row in results} == {"q0", "q1", "q2", "q3"}
    (failed,) = [json.loads(row) for row in client.files.content(batch.error_file_id).text.splitlines()]
    assert failed["response"]["status_code"] == 404
    usage = [row["response"]["body"]["usage"] for row in results]
    assert batch.usage.input_tokens == sum(each["prompt_tokens"] for each in usage)
    assert batch.usage.output_tokens == sum(each["completion_tokens"] for each in usage)
    with pytest.raises(UNANSWERED, match="batch request q1: .*no entry matches"):
        batch_of(("What is the capital of France?", FLAGSHIP), ("Never heard of", FLAGSHIP))


def test_transcripts_come_in_every_form(client):
    def transcribe(name: str = "tone.wav", content: bytes | None = None, model: str = models.TRANSCRIBE_TIMED, **more):
        return client.audio.transcriptions.create(model=model, file=(name, content or tone(2)), **more)

    assert (transcribe().text, transcribe().usage.seconds) == ("Hello there. This is a test.", 2)
    timed = transcribe(response_format="verbose_json", timestamp_granularities=["word", "segment"])
    assert [(part.start, part.end) for part in timed.segments] == [(0, 0.8), (0.8, 2)]
    assert [word.word for word in timed.words] == ["Hello", "there", "This", "is", "a", "test"]
    assert all(word.start < word.end for word in timed.words) and timed.words[2].start == 0.8
    first, second = "00:00:00,000 --> 00:00:00,800\nHello there.", "00:00:00,800 --> 00:00:02,000\nThis is a test."
    assert transcribe(response_format="srt").rstrip() == f"1\n{first}\n\n2\n{second}"
    assert transcribe(response_format="vtt").rstrip() == f"WEBVTT\n\n{first}\n\n{second}".replace(",", ".")
    with pytest.raises(UNANSWERED, match="give `seconds`"):
        transcribe("unknown.ogg", b"OggS")


def test_pictures_are_taken_in_order_and_counted(tmp_path):
    for name in ("first", "second"):
        (tmp_path / f"{name}.png").write_bytes(name.encode())
    entry = "{when: {api: images}, media: [first.png, second.png]}"
    with FakeApi(script(tmp_path, f"basis: Drawn by hand.\nanswers: [{entry}]")) as studio:
        images = client_of(studio).images

        def drawn(**more):
            made = images.generate(model=models.IMAGE, prompt="A red cat", quality="low", **more)
            return [b64decode(each.b64_json) for each in made.data], made.usage

        assert [drawn(size="1024x1024")[0] for _ in range(3)] == [[b"first"], [b"second"], [b"second"]]
        pictures, usage = drawn(size="1536x1024", n=2)
        assert pictures == [b"first", b"second"]
        assert (usage.output_tokens, usage.input_tokens) == (2 * 158, 3)  # 158: published for this size and quality
        sources = [("a.png", png()), ("b.png", png())]
        edited = images.edit(model=models.IMAGE, prompt="Make it blue", image=sources, quality="low")
        assert edited.usage.input_tokens_details.image_tokens == 2 * (65 + 129)  # one tile each
        stream = images.generate(model=models.IMAGE, prompt="A cat", quality="low", stream=True, partial_images=1)
        *partial, last = [(event.type, b64decode(event.b64_json), getattr(event, "usage", None)) for event in stream]
    assert partial == [("image_generation.partial_image", b"first", None)]
    assert last[:2] == ("image_generation.completed", b"second") and last[2].output_tokens == 196 + 100

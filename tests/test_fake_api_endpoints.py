"""The fake API beyond one chat: conversations that are kept, vectors, moderation, models, batches, sound, pictures."""

import json
import struct
from base64 import b64decode

import bpe_openai
import openai
import pytest
from fake_api_kit import (
    api_fixture,  # noqa: F401 (a fixture)
    client_fixture,  # noqa: F401 (a fixture)
    client_of,
    data_of,
    events_of,
    hash_vectors,
    png,
    raw,
    tone,
)

from helpers.models import (
    EMBEDDING,
    EMBEDDING_LARGE,
    FLAGSHIP,
    IMAGE,
    SMALL,
    TRANSCRIBE,
    TRANSCRIBE_TIMED,
)
from helpers.workshop.fake_api import FakeApi

PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"type": "function", "name": "get_weather", "parameters": PARAMETERS}


def o200k(text: str) -> int:
    return len(bpe_openai.get_encoding("o200k_base").encode(text))


# --- Responses --------------------------------------------------------------------------------------------------


def test_the_conversation_goes_on_from_an_earlier_response(client):
    first = client.responses.create(model=FLAGSHIP, input="My name is Ada.", instructions="Be brief.")
    second = client.responses.create(model=FLAGSHIP, input="What is my name?", previous_response_id=first.id)
    assert second.output_text == "Ada." and second.created_at >= first.completed_at
    # instructions are not carried over; a user message counts 4, an assistant's 6, and the reply 2
    texts = ["My name is Ada.", "Nice to meet you, Ada.", "What is my name?"]
    assert second.usage.input_tokens == sum(map(o200k, texts)) + 4 + 6 + 4 + 2
    items = [{"role": "user", "content": texts[0]}, *first.output, {"role": "user", "content": texts[2]}]
    third = client.responses.create(model=FLAGSHIP, input=items)
    assert third.output_text == "You told me yourself." and third.usage.input_tokens == second.usage.input_tokens


def test_only_what_is_stored_can_be_continued_or_read(client):
    kept = client.responses.create(model=FLAGSHIP, input="My name is Ada.")
    assert client.responses.retrieve(kept.id).output_text == kept.output_text
    client.responses.delete(kept.id)
    with pytest.raises(openai.NotFoundError, match="not found"):
        client.responses.retrieve(kept.id)
    loose = client.responses.create(model=FLAGSHIP, input="My name is Ada.", store=False)
    with pytest.raises(openai.BadRequestError, match="not found"):
        client.responses.create(model=FLAGSHIP, input="What is my name?", previous_response_id=loose.id)


def test_a_function_is_called_and_answered(client):
    first = client.responses.create(model=FLAGSHIP, input="How is the weather in Paris?", tools=[WEATHER])
    (call,) = first.output
    assert (call.type, call.name, call.arguments) == ("function_call", "get_weather", '{"city":"Paris"}')
    assert first.tools[0].strict is True and first.tools[0].parameters["additionalProperties"] is False
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "21"}
    second = client.responses.create(model=FLAGSHIP, input=[result], tools=[WEATHER], previous_response_id=first.id)
    assert second.output_text == "It is 21 degrees in Paris."
    loose = {**WEATHER, "parameters": {**PARAMETERS, "required": []}}  # cannot be strict, so it stays as it is
    (tool,) = client.responses.create(model=FLAGSHIP, input="How is the weather in Paris?", tools=[loose]).tools
    assert tool.strict is False and "additionalProperties" not in tool.parameters


def test_reasoning_is_counted_and_encrypted_on_request(api):
    body = {"model": SMALL, "input": "How much is 17 times 23?", "reasoning": {"effort": "high"}}
    answer = json.loads(raw(api, "/v1/responses", {**body, "include": ["reasoning.encrypted_content"]})[1])
    assert answer["output"][0]["encrypted_content"].startswith("gAAAAAB")
    assert answer["usage"]["output_tokens_details"]["reasoning_tokens"] == 210
    assert answer["usage"]["output_tokens"] == 210 + o200k("391.") + 4 + 2
    events = events_of(raw(api, "/v1/responses", {**body, "stream": True})[1])
    times = [time for time, _, _ in events]
    assert times == sorted(times) and times[4] - times[2] > 210  # it thinks before it speaks


# --- vectors, moderation, models --------------------------------------------------------------------------------


def test_vectors_come_in_either_encoding_with_true_token_counts(client):
    texts = ["A cat sat on a mat.", "안녕하세요"]
    answer = client.embeddings.create(model=EMBEDDING, input=texts)  # the SDK asks for base64
    floats = client.embeddings.create(model=EMBEDDING, input=texts, encoding_format="float")
    assert [item.embedding for item in answer.data] == [item.embedding for item in floats.data]
    for item, expected in zip(answer.data, hash_vectors(texts, EMBEDDING, 1536), strict=True):
        assert item.embedding == pytest.approx(expected, abs=5e-4)
        halves = struct.pack("<1536e", *item.embedding)  # rounded to half precision, as on the wire
        assert list(struct.unpack("<1536e", halves)) == item.embedding
    cl100k = bpe_openai.get_encoding("cl100k_base")
    assert answer.usage.total_tokens == sum(len(cl100k.encode(text)) for text in texts)
    assert len(client.embeddings.create(model=EMBEDDING_LARGE, input="x").data[0].embedding) == 3072
    assert len(client.embeddings.create(model=EMBEDDING, input="x", dimensions=256).data[0].embedding) == 256
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model=EMBEDDING, input=["x", ""])
    with FakeApi([]) as bare, pytest.raises(openai.InternalServerError, match="vectors="):
        client_of(bare).embeddings.create(model=EMBEDDING, input="x")


def test_moderation_scores_are_authored_or_next_to_nothing(api):
    response, content = raw(api, "/v1/moderations", {"input": ["I will hurt you", "A quiet day"]})
    hurt, quiet = json.loads(content)["results"]
    assert hurt["category_scores"]["violence"] == 0.94
    assert [name for name, flagged in hurt["categories"].items() if flagged] == ["harassment", "violence"]
    assert hurt["flagged"] and not quiet["flagged"] and max(quiet["category_scores"].values()) < 0.001
    origin = json.loads(response.headers["x-course-origin"])["basis"]
    assert "Written for the tests." in origin and "taken to be harmless" in origin


# --- files and batches ------------------------------------------------------------------------------------------


def batch_of(client, *questions: tuple[str, str]):
    bodies = [{"model": model, "messages": [{"role": "user", "content": text}]} for text, model in questions]
    lines = [{"custom_id": f"q{n}", "url": "/v1/chat/completions", "body": body} for n, body in enumerate(bodies)]
    file = client.files.create(file=("batch.jsonl", "\n".join(map(json.dumps, lines)).encode()), purpose="batch")
    return client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")


def test_a_batch_goes_through_its_states_and_writes_its_files(client):
    batch = batch_of(client, *[("What is the capital of France?", FLAGSHIP)] * 4, ("Hi", "gpt-nope"))
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
    assert len({row["response"]["body"]["id"] for row in results}) == 4
    (failed,) = [json.loads(row) for row in client.files.content(batch.error_file_id).text.splitlines()]
    assert failed["response"]["status_code"] == 404
    usage = [row["response"]["body"]["usage"] for row in results]
    assert batch.usage.input_tokens == sum(each["prompt_tokens"] for each in usage)
    assert batch.usage.output_tokens == sum(each["completion_tokens"] for each in usage)
    with pytest.raises(openai.InternalServerError, match="batch request q1: .*no entry matches"):
        batch_of(client, ("What is the capital of France?", FLAGSHIP), ("Never heard of", FLAGSHIP))


# --- sound and pictures -----------------------------------------------------------------------------------------


def test_transcripts_come_in_every_form(client):
    def transcribe(name: str = "tone.wav", content: bytes | None = None, model: str = TRANSCRIBE_TIMED, **more):
        return client.audio.transcriptions.create(model=model, file=(name, content or tone(2)), **more)

    assert (transcribe().text, transcribe().usage.seconds) == ("Hello there. This is a test.", 2)
    assert transcribe("long.mp3", b"ID3", TRANSCRIBE).usage.seconds == 62
    assert transcribe(model=TRANSCRIBE, response_format="text") == "Hello there. This is a test.\n"
    timed = transcribe(response_format="verbose_json", timestamp_granularities=["word", "segment"])
    assert [(part.start, part.end) for part in timed.segments] == [(0, 0.8), (0.8, 2)]
    assert [word.word for word in timed.words] == ["Hello", "there", "This", "is", "a", "test"]
    assert all(word.start < word.end for word in timed.words) and timed.words[2].start == 0.8
    first, second = "00:00:00,000 --> 00:00:00,800\nHello there.", "00:00:00,800 --> 00:00:02,000\nThis is a test."
    assert transcribe(response_format="srt").rstrip() == f"1\n{first}\n\n2\n{second}"
    assert transcribe(response_format="vtt").rstrip() == f"WEBVTT\n\n{first}\n\n{second}".replace(",", ".")
    with pytest.raises(openai.InternalServerError, match="give `seconds`"):
        transcribe("unknown.ogg", b"OggS")


@pytest.fixture
def studio(tmp_path):
    for name in ("first", "second"):
        (tmp_path / f"{name}.png").write_bytes(name.encode())
    script = "basis: Drawn by hand.\nanswers: [{when: {api: images}, media: [first.png, second.png]}]"
    (tmp_path / "a.yaml").write_text(script, encoding="utf-8")
    with FakeApi(tmp_path / "a.yaml") as running:
        yield running


def test_pictures_are_taken_in_order_and_counted(studio):
    def drawn(**more):
        made = client_of(studio).images.generate(model=IMAGE, prompt="A red cat", quality="low", **more)
        return [b64decode(each.b64_json) for each in made.data], made.usage

    assert [drawn(size="1024x1024")[0] for _ in range(3)] == [[b"first"], [b"second"], [b"second"]]
    pictures, usage = drawn(size="1536x1024", n=2)
    assert pictures == [b"first", b"second"]
    assert (usage.output_tokens, usage.input_tokens) == (2 * 158, 3)  # 158: published for this size and quality
    sources = [("a.png", png()), ("b.png", png())]
    edited = client_of(studio).images.edit(model=IMAGE, prompt="Make it blue", image=sources, quality="low")
    assert edited.usage.input_tokens_details.image_tokens == 2 * (65 + 129)  # one tile each
    assert edited.usage.output_tokens == 196


def test_partial_pictures_stream(studio):
    body = {"model": IMAGE, "prompt": "A cat", "quality": "low", "stream": True, "partial_images": 1}
    content = raw(studio, "/v1/images/generations", body)[1]
    names = ["image_generation.partial_image", "image_generation.completed"]
    assert [name for _, name, _ in events_of(content)] == names
    assert [b64decode(each["b64_json"]) for each in data_of(content)] == [b"first", b"second"]
    assert data_of(content)[-1]["usage"]["output_tokens"] == 196 + 100
    assert [event.type for event in client_of(studio).images.generate(**body)] == names

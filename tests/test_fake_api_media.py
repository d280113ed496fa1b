"""The stand-in upstream beyond text: vectors, moderation, models, files and batches, sound, pictures."""

import base64
import io
import json
import math
import struct

import bpe_openai
import openai
import PIL.Image
import pytest
from fake_api_kit import (  # noqa: F401 (fixtures)
    ANSWERS,
    client_fixture,
    client_of,
    data_of,
    events_of,
    hash_vectors,
    raw,
    tone,
    upstream_fixture,
)
from shapes import problems

from helpers import models
from helpers.models import (
    EMBEDDING,
    EMBEDDING_LARGE,
    FLAGSHIP,
    IMAGE,
    RETIRED,
    SMALL,
    SPEECH,
    TRANSCRIBE,
    TRANSCRIBE_TIMED,
)
from helpers.workshop.fake_api import FakeApi

# --- embeddings -------------------------------------------------------------------------------------------------


def test_vectors_come_in_either_encoding_with_true_token_counts(upstream, client):
    texts = ["A cat sat on a mat.", "안녕하세요"]
    answer = client.embeddings.create(model=EMBEDDING, input=texts)  # the SDK asks for base64
    floats = client.embeddings.create(model=EMBEDDING, input=texts, encoding_format="float")
    assert [item.embedding for item in answer.data] == [item.embedding for item in floats.data]
    assert [item.index for item in answer.data] == [0, 1] and len(answer.data[0].embedding) == 1536
    for item, expected in zip(answer.data, hash_vectors(texts, EMBEDDING, 1536), strict=True):
        assert item.embedding == pytest.approx(expected, abs=1e-4)
        assert math.hypot(*item.embedding) == pytest.approx(1, abs=1e-3)
        halves = struct.pack("<1536e", *item.embedding)  # rounded to half precision, as on the wire
        assert list(struct.unpack("<1536e", halves)) == item.embedding
    cl100k = bpe_openai.get_encoding("cl100k_base")
    assert answer.usage.prompt_tokens == answer.usage.total_tokens == sum(len(cl100k.encode(t)) for t in texts)


def test_dimensions_and_framing(upstream, client):
    assert len(client.embeddings.create(model=EMBEDDING_LARGE, input="x").data[0].embedding) == 3072
    assert len(client.embeddings.create(model=EMBEDDING, input="x", dimensions=256).data[0].embedding) == 256
    response, text = raw(upstream, "/v1/embeddings", {"model": EMBEDDING, "input": "x", "encoding_format": "float"})
    answer = json.loads(text)
    assert text == json.dumps(answer, separators=(",", ":"))
    assert list(answer) == ["object", "data", "model", "usage"]
    assert list(answer["data"][0]) == ["object", "embedding", "index"]
    assert problems("POST /v1/embeddings", answer) == []
    assert "hash_vectors" in response.headers["x-course-origin"]
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model=EMBEDDING, input=["x", ""])


def test_without_a_maker_of_vectors_there_are_none():
    with FakeApi([]) as bare, pytest.raises(openai.InternalServerError, match="vectors="):
        client_of(bare).embeddings.create(model=EMBEDDING, input="x")


# --- moderation, models -----------------------------------------------------------------------------------------


def test_moderation_scores_are_authored_or_next_to_nothing(upstream):
    body = {"model": "omni-moderation-latest", "input": ["I will hurt you", "A quiet day"]}
    response, text = raw(upstream, "/v1/moderations", body)
    answer = json.loads(text)
    assert problems("POST /v1/moderations", answer) == [] and text == json.dumps(answer, indent=2)
    hurt, quiet = answer["results"]
    assert hurt["flagged"] and hurt["category_scores"]["violence"] == 0.94
    assert [name for name, flagged in hurt["categories"].items() if flagged] == ["harassment", "violence"]
    assert not quiet["flagged"] and max(quiet["category_scores"].values()) < 0.001
    assert len(quiet["categories"]) == 13
    origin = json.loads(response.headers["x-course-origin"])["basis"]
    assert "Written for the tests." in origin and "taken to be harmless" in origin


def test_models_are_those_of_the_table(client, upstream):
    listed = {model.id: model for model in client.models.list()}
    assert FLAGSHIP in listed and RETIRED not in listed
    assert listed[FLAGSHIP].shutdown_date is None
    assert listed[SPEECH].shutdown_date == models.shutdown(SPEECH).isoformat()
    assert client.models.retrieve(SMALL).id == SMALL
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve(RETIRED)
    text = raw(upstream, f"/v1/models/{FLAGSHIP}", method="GET")[1]
    assert problems(f"GET /v1/models/{FLAGSHIP}", json.loads(text)) == []


# --- files and batches ------------------------------------------------------------------------------------------


def line(number: int, text: str, model: str = FLAGSHIP) -> str:
    body = {"model": model, "messages": [{"role": "user", "content": text}]}
    return json.dumps({"custom_id": f"q{number}", "method": "POST", "url": "/v1/chat/completions", "body": body})


def batch_of(client, *lines: str):
    file = client.files.create(file=("batch.jsonl", "\n".join(lines).encode()), purpose="batch")
    return client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")


def test_a_batch_goes_through_its_states_and_writes_its_files(client, upstream):
    lines = [line(n, "What is the capital of France?") for n in range(4)] + [line(4, "Hi", "gpt-nope")]
    batch = batch_of(client, *lines)
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
    assert batch.id.startswith(f"batch_{batch.created_at:08x}") and len(batch.id) == 38
    results = [json.loads(row) for row in client.files.content(batch.output_file_id).text.splitlines()]
    assert {row["custom_id"] for row in results} == {"q0", "q1", "q2", "q3"}
    contents = {row["response"]["body"]["choices"][0]["message"]["content"] for row in results}
    assert contents == {"The capital of France is Paris."}
    assert len({row["response"]["body"]["id"] for row in results}) == 4
    (failed,) = [json.loads(row) for row in client.files.content(batch.error_file_id).text.splitlines()]
    assert failed["response"]["status_code"] == 404 and failed["response"]["body"]["error"]["code"] == "model_not_found"
    usage = [row["response"]["body"]["usage"] for row in results]
    assert batch.usage.input_tokens == sum(each["prompt_tokens"] for each in usage)
    assert batch.usage.output_tokens == sum(each["completion_tokens"] for each in usage)
    text = raw(upstream, f"/v1/batches/{batch.id}", method="GET")[1]
    assert problems(f"GET /v1/batches/{batch.id}", json.loads(text)) == []


def test_a_batch_with_a_question_that_nobody_answered_fails_at_once(client):
    with pytest.raises(openai.InternalServerError, match="batch request q1: .*no entry matches"):
        batch_of(client, line(0, "What is the capital of France?"), line(1, "Never heard of"))


def test_a_batch_can_be_cancelled_and_listed(client):
    batch = batch_of(client, line(0, "What is the capital of France?"))
    assert client.batches.cancel(batch.id).status == "cancelled"
    assert client.batches.retrieve(batch.id).status == "cancelled"
    assert [each.id for each in client.batches.list()] == [batch.id]


def test_files_are_kept_until_deleted(client, upstream):
    file = client.files.create(file=("notes.txt", b"one\r\ntwo"), purpose="user_data")
    assert (file.filename, file.bytes, file.purpose, file.status) == (
        "notes.txt",
        8,
        "user_data",
        "processed",
    )
    assert len(file.id) == len("file-") + 22
    assert client.files.content(file.id).content == b"one\r\ntwo"
    assert [each.id for each in client.files.list()] == [file.id]
    text = raw(upstream, f"/v1/files/{file.id}", method="GET")[1]
    assert text == json.dumps(json.loads(text), indent=2) + "\n"
    assert problems(f"GET /v1/files/{file.id}", json.loads(text)) == []
    assert client.files.delete(file.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(file.id)


# --- sound ------------------------------------------------------------------------------------------------------


def test_speech_is_spoken_or_comes_from_a_file(tmp_path):
    (tmp_path / "tone.bin").write_bytes(b"\x00\xffmedia")
    (tmp_path / "a.yaml").write_bytes((ANSWERS / "media.yaml").read_bytes())
    with FakeApi(tmp_path / "a.yaml", speak=lambda *what: "/".join(what).encode()) as second:
        speech = client_of(second).audio.speech
        assert speech.create(model=SPEECH, voice="coral", input="From a file").content == b"\x00\xffmedia"
        spoken = speech.create(model=SPEECH, voice="coral", input="Hello", response_format="wav")
        assert spoken.content == b"Hello/coral/wav"
        assert spoken.response.headers["content-type"] == "audio/wav"
    with FakeApi([]) as bare, pytest.raises(openai.InternalServerError, match="speak="):
        client_of(bare).audio.speech.create(model=SPEECH, voice="coral", input="Hello")


def transcribe(client, name: str = "tone.wav", model: str = TRANSCRIBE, content: bytes | None = None, **more):
    return client.audio.transcriptions.create(model=model, file=(name, content or tone(2)), **more)


def test_transcripts_come_as_json_and_text(client):
    answer = transcribe(client)
    assert answer.text == "Hello there. This is a test."
    assert (answer.usage.type, answer.usage.seconds) == ("duration", 2)
    assert transcribe(client, response_format="text") == "Hello there. This is a test.\n"
    assert transcribe(client, "long.mp3", content=b"ID3").usage.seconds == 62
    with pytest.raises(openai.InternalServerError, match="give `seconds`"):
        transcribe(client, "unknown.ogg", content=b"OggS")


def test_timed_transcripts(client):
    timed = {"model": TRANSCRIBE_TIMED}
    answer = transcribe(client, **timed, response_format="verbose_json", timestamp_granularities=["word", "segment"])
    assert (answer.duration, answer.language) == (2.0, "english")
    assert [(s.start, s.end, s.text) for s in answer.segments] == [
        (0, 0.8, " Hello there."),
        (0.8, 2, " This is a test."),
    ]
    assert [word.word for word in answer.words] == ["Hello", "there", "This", "is", "a", "test"]
    assert all(word.start < word.end for word in answer.words)
    assert answer.words[2].start == 0.8 and answer.words[-1].end == pytest.approx(2)
    assert transcribe(client, **timed, response_format="srt").startswith(
        "1\n00:00:00,000 --> 00:00:00,800\nHello there.\n\n2\n00:00:00,800 --> 00:00:02,000\nThis is a test.\n"
    )
    assert transcribe(client, **timed, response_format="vtt").startswith(
        "WEBVTT\n\n00:00:00.000 --> 00:00:00.800\nHello there.\n\n00:00:00.800 --> "
    )


def test_the_newest_transcriber_has_no_times(client):
    with pytest.raises(openai.BadRequestError) as caught:
        transcribe(client, response_format="verbose_json")
    assert caught.value.body["message"] == (
        "response_format 'verbose_json' is not compatible with model 'gpt-transcribe-api-ev3'. "
        "Use 'json' or 'text' instead."
    )
    assert (caught.value.param, caught.value.code) == ("response_format", "unsupported_value")


def test_transcripts_stream(client):
    events = list(transcribe(client, stream=True))
    assert [event.type for event in events[:-1]] == ["transcript.text.delta"] * (len(events) - 1)
    assert "".join(event.delta for event in events[:-1]) == events[-1].text == "Hello there. This is a test."


# --- pictures ---------------------------------------------------------------------------------------------------


def png(width: int = 64, height: int = 64) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (width, height), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def draw(picture) -> bytes:
    words = (picture.prompt, f"{picture.width}x{picture.height}", picture.format, picture.background)
    return f"{words} {picture.variant} {picture.finished:.2f} {len(picture.sources)}".encode()


@pytest.fixture
def studio():
    with FakeApi([], draw=draw) as running:
        yield running


def test_pictures_are_drawn_and_counted(studio):
    body = {"model": IMAGE, "prompt": "A red cat", "quality": "low", "size": "1536x1024", "n": 2}
    text = raw(studio, "/v1/images/generations", body)[1]
    answer = json.loads(text)
    assert text == json.dumps(answer, indent=2) and problems("POST /v1/images/generations", answer) == []
    assert list(answer) == ["created", "background", "data", "output_format", "quality", "size", "usage"]
    drawn = [base64.b64decode(each["b64_json"]).decode() for each in answer["data"]]
    assert drawn == [f"('A red cat', '1536x1024', 'png', 'opaque') {n} 1.00 0" for n in range(2)]
    assert answer["usage"]["output_tokens"] == 2 * 158  # published for this size and quality
    assert answer["usage"]["input_tokens"] == 3


def test_pictures_come_from_files_too(tmp_path):
    for name in ("first.png", "second.png"):
        (tmp_path / name).write_bytes(name.encode())
    answers = "basis: Drawn by hand.\nanswers: [{when: {api: images}, media: [first.png, second.png]}]"
    (tmp_path / "a.yaml").write_text(answers, encoding="utf-8")
    with FakeApi(tmp_path) as second:
        client = client_of(second)
        made = [client.images.generate(model=IMAGE, prompt="A cat", quality="low") for _ in range(3)]
    assert [base64.b64decode(each.data[0].b64_json) for each in made] == [
        b"first.png",
        b"second.png",
        b"second.png",
    ]


def test_an_edit_sees_its_sources(studio):
    edited = client_of(studio).images.edit(
        model=IMAGE, prompt="Make it blue", image=[("a.png", png()), ("b.png", png())], quality="low"
    )
    assert base64.b64decode(edited.data[0].b64_json).endswith(b"0 1.00 2")
    assert edited.usage.input_tokens_details.image_tokens > 0
    assert edited.usage.output_tokens == 196


def test_partial_pictures_stream(studio):
    body = {"model": IMAGE, "prompt": "A cat", "quality": "low", "stream": True, "partial_images": 2}
    text = raw(studio, "/v1/images/generations", body)[1]
    names = [name for _, name, _ in events_of(text)]
    assert names == ["image_generation.partial_image"] * 2 + ["image_generation.completed"]
    data = data_of(text)
    assert problems("POST /v1/images/generations", data) == []
    assert [base64.b64decode(each["b64_json"]).split()[-2] for each in data] == [b"0.33", b"0.67", b"1.00"]
    assert data[-1]["usage"]["output_tokens"] == 196 + 2 * 100
    events = list(client_of(studio).images.generate(**body))
    assert [event.type for event in events] == names


def test_what_the_picture_model_refuses(studio):
    with pytest.raises(openai.BadRequestError, match="Invalid value: 'standard'"):
        client_of(studio).images.generate(model=IMAGE, prompt="A cat", quality="standard")
    with FakeApi([]) as bare, pytest.raises(openai.InternalServerError, match="draw="):
        client_of(bare).images.generate(model=IMAGE, prompt="A cat", quality="low")

"""What means the same to the API is answered by its recording; what means something else never is."""

import base64
import copy
import functools
import json
import random

import numpy as np
import pytest

from helpers.proxy import embeddings
from helpers.proxy.recordings import Recordings, describe, request_key
from helpers.setup.files import ROOT

RECORDED = ROOT / "data" / "recordings"
CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
TALK = {
    "model": "gpt-5.2",
    "messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
}
PICTURE = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
TOOL = {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object"}}}


def request(path, body):
    return describe("POST", path, "application/json", json.dumps(body).encode())


def form(**fields):
    boundary, lines = "b", b""
    for name, value in fields.items():
        file = f'; filename="{value[0]}"' if isinstance(value, tuple) else ""
        content = value[1] if isinstance(value, tuple) else value.encode()
        lines += f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
    kind = f"multipart/form-data; boundary={boundary}"
    return describe("POST", "/v1/audio/transcriptions", kind, lines + b"--b--\r\n")


def keep(folder, made, status=200, answer=None):
    recordings = Recordings(folder)
    response = {"status": status, "headers": {}, "json": answer or {"id": request_key(made)}}
    recordings.save({"request": made, "response": response, "origin": {"kind": "authored", "date": "2026-11-22"}})


def user(content, **more):
    return {"model": "gpt-5.2", "messages": [{"role": "user", "content": content}], **more}


def says(words, **more):
    return {"model": "gpt-5.2", "input": words, **more}


SAME = {
    "system for developer": (
        CHAT,
        TALK,
        {**TALK, "messages": [{"role": "system", "content": "Be brief."}, TALK["messages"][1]]},
    ),
    "space at the ends of a text": (CHAT, user("Name a river."), user("  Name a river.\n")),
    "space at the ends of a part": (
        CHAT,
        user([{"type": "text", "text": "See"}, PICTURE]),
        user([{"type": "text", "text": "See "}, PICTURE]),
    ),
    "one part for a text": (CHAT, user("Hi"), user([{"type": "text", "text": "Hi"}])),
    "the order of keys": (CHAT, user("Hi", seed=1), {"seed": 1, **user("Hi")}),
    "temperature 1": (CHAT, user("Hi"), user("Hi", temperature=1)),
    "top_p 1.0": (CHAT, user("Hi"), user("Hi", top_p=1.0)),
    "one answer": (CHAT, user("Hi"), user("Hi", n=1)),
    "no penalties": (CHAT, user("Hi"), user("Hi", frequency_penalty=0, presence_penalty=0.0)),
    "no stream": (CHAT, user("Hi"), user("Hi", stream=False, stream_options=None)),
    "a stream without usage": (
        CHAT,
        user("Hi", stream=True),
        user("Hi", stream=True, stream_options={"include_usage": False}),
    ),
    "plain text": (
        CHAT,
        user("Hi"),
        user("Hi", response_format={"type": "text"}, modalities=["text"], verbosity="medium"),
    ),
    "the model's own effort": (CHAT, user("Hi"), user("Hi", reasoning_effort="none")),
    "a default left out that was recorded": (CHAT, user("Hi", n=1, temperature=1.0), user("Hi")),
    "null": (CHAT, user("Hi"), user("Hi", stop=None, seed=None, tools=None)),
    "tools at their defaults": (
        CHAT,
        user("Hi", tools=[TOOL]),
        user("Hi", tools=[TOOL], tool_choice="auto", parallel_tool_calls=True),
    ),
    "a picture's detail": (
        CHAT,
        user([PICTURE]),
        user([{**PICTURE, "image_url": {**PICTURE["image_url"], "detail": "auto"}}]),
    ),
    "an answer of the SDK in the history": (
        CHAT,
        {"model": "m", "messages": [{"role": "assistant", "content": "Yes"}]},
        {
            "model": "m",
            "messages": [
                {"role": "assistant", "content": "Yes", "refusal": None, "annotations": [], "tool_calls": None}
            ],
        },
    ),
    "responses: a text for a message": (RESPONSES, says("Hi"), says([{"role": "user", "content": " Hi"}])),
    "responses: a typed message": (
        RESPONSES,
        says("Hi"),
        says([{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]),
    ),
    "responses: system for developer": (
        RESPONSES,
        says([{"role": "developer", "content": "Be brief."}]),
        says([{"role": "system", "content": "Be brief."}]),
    ),
    "responses: defaults": (
        RESPONSES,
        says("Hi"),
        says(
            "Hi",
            store=True,
            temperature=1,
            truncation="disabled",
            text={"format": {"type": "text"}},
            reasoning={"effort": "none"},
        ),
    ),
    "responses: space around instructions": (
        RESPONSES,
        says("Hi", instructions="Be brief."),
        says("Hi", instructions="Be brief.\n"),
    ),
    "speech": (
        "/v1/audio/speech",
        {"model": "tts-1", "voice": "alloy", "input": "Hello"},
        {"model": "tts-1", "voice": "alloy", "input": "Hello\n", "response_format": "mp3", "speed": 1.0},
    ),
    "a picture to make": (
        "/v1/images/generations",
        {"model": "gpt-image-2", "prompt": "A boat"},
        {"model": "gpt-image-2", "prompt": "A boat ", "n": 1, "size": "auto", "output_format": "png"},
    ),
    "moderation": ("/v1/moderations", {"input": "Hi"}, {"model": "omni-moderation-latest", "input": ["Hi "]}),
}
OTHER = {
    "another word": (user("Hi"), user("Ho")),
    "another model": (user("Hi"), {**user("Hi"), "model": "gpt-6-luna"}),
    "space inside": (user("a b"), user("a  b")),
    "user for system": (TALK, {**TALK, "messages": [{**TALK["messages"][0], "role": "user"}, TALK["messages"][1]]}),
    "another order": (TALK, {**TALK, "messages": TALK["messages"][::-1]}),
    "another effort": (user("Hi"), user("Hi", reasoning_effort="low")),
    "the default effort of another model": (
        {**user("Hi"), "model": "gpt-6-luna"},
        {**user("Hi"), "model": "gpt-6-luna", "reasoning_effort": "none"},
    ),
    "a limit": (user("Hi"), user("Hi", max_completion_tokens=5)),
    "true is not 1": (user("Hi", n=1), user("Hi", n=True)),
    "false is not 0": (user("Hi", logprobs=False), user("Hi", logprobs=0)),
    "a stream": (user("Hi"), user("Hi", stream=True)),
    "two answers": (user("Hi"), user("Hi", n=2)),
    "stop at a line": (user("Hi", stop="\n"), user("Hi", stop="")),
    "a tool's words": (
        user("Hi", tools=[TOOL]),
        user("Hi", tools=[{**TOOL, "function": {**TOOL["function"], "description": "Looks. "}}]),
    ),
    "a schema's words": (
        user("Hi", response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": {"title": "A"}}}),
        user("Hi", response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": {"title": "A "}}}),
    ),
    "a null in a schema": (
        user("Hi", response_format={"type": "json_schema", "json_schema": {"schema": {"default": None}}}),
        user("Hi", response_format={"type": "json_schema", "json_schema": {"schema": {}}}),
    ),
    "a name": (user("Hi"), {"model": "gpt-5.2", "messages": [{"role": "user", "content": "Hi", "name": "ann"}]}),
}


@pytest.mark.parametrize(("path", "recorded", "sent"), SAME.values(), ids=SAME)
def test_what_means_the_same_is_answered(path, recorded, sent, tmp_path):
    made = request(path, recorded)
    keep(tmp_path, made)
    recordings = Recordings(tmp_path)
    other = request(path, sent)
    found = recordings.next(other) or recordings.next_equivalent(other)
    assert found and found["response"]["json"]["id"] == request_key(made)


@pytest.mark.parametrize(("recorded", "sent"), OTHER.values(), ids=OTHER)
def test_what_means_something_else_is_not(recorded, sent, tmp_path):
    keep(tmp_path, request(CHAT, recorded))
    assert Recordings(tmp_path).next_equivalent(request(CHAT, recorded))
    assert Recordings(tmp_path).next_equivalent(request(CHAT, sent)) is None


def test_the_effort_that_is_the_default_is_that_of_the_model(tmp_path):
    luna = {**user("Hi"), "model": "gpt-6-luna"}
    keep(tmp_path, request(CHAT, luna))
    assert Recordings(tmp_path).next_equivalent(request(CHAT, {**luna, "reasoning_effort": "medium"}))


def test_of_a_file_only_the_content_and_the_kind_count(tmp_path):
    keep(tmp_path, form(model="gpt-transcribe", file=("a.wav", b"sound")))
    recordings = Recordings(tmp_path)
    assert recordings.next_equivalent(form(file=("B.WAV", b"sound"), model="gpt-transcribe", response_format="json"))
    assert recordings.next_equivalent(form(model="gpt-transcribe", file=("a.mp3", b"sound"))) is None
    assert recordings.next_equivalent(form(model="gpt-transcribe", file=("a.wav", b"noise"))) is None


def test_an_exact_recording_wins_and_both_go_on_in_recorded_order(tmp_path):
    written, short = request(CHAT, user("Hi", n=1)), request(CHAT, user("Hi"))
    for made, answer in ((written, "a"), (written, "b"), (short, "c")):
        keep(tmp_path, made, answer={"id": answer})
    recordings = Recordings(tmp_path)
    assert [recordings.next(written)["response"]["json"]["id"] for _ in range(3)] == ["a", "b", "b"]
    assert recordings.next(short)["response"]["json"]["id"] == "c"
    alone = Recordings(tmp_path / "alone")
    for answer in ("a", "b"):
        keep(tmp_path / "alone", written, answer={"id": answer})
    alone = Recordings(tmp_path / "alone")
    assert [alone.next_equivalent(short)["response"]["json"]["id"] for _ in range(3)] == ["a", "b", "b"]


def test_an_error_answers_only_the_request_that_got_it(tmp_path):
    keep(tmp_path, request(CHAT, user("")), status=400)
    recordings = Recordings(tmp_path)
    assert recordings.next(request(CHAT, user("")))
    assert recordings.next_equivalent(request(CHAT, user(" "))) is None


def test_nothing_is_read_before_the_first_miss_and_everything_once(tmp_path, monkeypatch):
    import helpers.proxy.recordings as module

    for number in range(20):
        keep(tmp_path, request(CHAT, user(f"Hi {number}")))
    read, count = module.read, []
    monkeypatch.setattr(module, "read", lambda path: count.append(path) or read(path))
    recordings = Recordings(tmp_path)
    recordings.next(request(CHAT, user("Hi 3")))
    assert len(count) == 1
    for _ in range(5):
        assert recordings.next_equivalent(request(CHAT, user("Ho"))) is None
        assert recordings.next_equivalent(request(CHAT, user("Hi 4 ")))
    assert len(count) == 20


# --- every request of the course, changed in meaning


def leaves(value, at=()):
    """The places of all values inside a JSON value that are no objects or lists."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inside = [place for key, item in items for place in leaves(item, (*at, key))]
    return inside or [at]


def changed(body, dice):
    """A copy with one value changed, so that another answer must be expected; what was changed."""
    body = copy.deepcopy(body)
    place = dice.choice([at for at in leaves(body) if at])
    inner = body
    for key in place[:-1]:
        inner = inner[key]
    value = inner[place[-1]]
    if isinstance(value, bool):
        inner[place[-1]] = not value
    elif isinstance(value, int | float):
        inner[place[-1]] = value + 7
    elif isinstance(value, str):
        inner[place[-1]] = f"other {value}"
    else:
        inner[place[-1]] = "other"
    return body, place


def test_no_request_of_another_meaning_is_ever_answered():
    recordings = Recordings(*sorted(RECORDED.glob("*")))
    bodies = [made["request"] for made in recordings.all() if isinstance(made["request"].get("json"), dict)]
    assert len(bodies) > 900
    dice = random.Random(20261127)
    for made in bodies:
        if made["path"] == "/v1/embeddings":
            continue
        for _ in range(3):
            body, place = changed(made["json"], dice)
            if recordings.next(other := {**made, "json": body}):
                continue  # another request of the course
            found = recordings.next_equivalent(other)
            # Turned from true to false, a value may be the default, and the whole another request of the course.
            was = functools.reduce(lambda value, key: value[key], place, made["json"])
            third = isinstance(was, bool) and found and found["request"] != made
            assert found is None or third, (made, place)


# --- embeddings


def vectors_of(answer):
    return [np.frombuffer(base64.b64decode(item["embedding"]), "<f4") for item in answer["data"]]


@pytest.fixture(scope="module")
def kept():
    """The recorded embeddings of lesson 14, and one exchange of several texts at full length."""
    recordings = Recordings(RECORDED / "14")
    many = [
        made
        for made in recordings.embeddings()
        if len(embeddings.texts_of(made["request"]["json"])) > 3 and "dimensions" not in made["request"]["json"]
    ]
    return embeddings.RecordedVectors(recordings), many[0]


def test_any_selection_of_texts_in_any_order_gets_its_recorded_vectors(kept):
    vectors, made = kept
    body, answer = made["request"]["json"], made["response"]["json"]
    before = dict(zip(body["input"], vectors_of(answer), strict=True))
    texts = [body["input"][2], body["input"][0], body["input"][2], f" {body['input'][1]}\n"]
    got = embeddings.recorded({**body, "input": texts}, vectors)["response"]["json"]
    for text, vector in zip(texts, vectors_of(got), strict=True):
        np.testing.assert_array_equal(vector, before[text.strip()])
    assert [item["index"] for item in got["data"]] == [0, 1, 2, 3]
    one = embeddings.recorded({**body, "input": texts[0]}, vectors)["response"]["json"]
    np.testing.assert_array_equal(vectors_of(one)[0], before[texts[0]])


def test_vectors_come_as_floats_and_as_short_as_asked(kept):
    vectors, made = kept
    body = {**made["request"]["json"], "input": made["request"]["json"]["input"][:2], "dimensions": 100}
    del body["encoding_format"]
    got = embeddings.recorded(body, vectors)["response"]["json"]
    whole = vectors_of(made["response"]["json"])[0]
    short = got["data"][0]["embedding"]
    assert isinstance(short, list) and len(short) == 100
    np.testing.assert_allclose(short, whole[:100] / np.linalg.norm(whole[:100]), atol=2e-4)  # half precision
    assert embeddings.recorded({**body, "dimensions": 1537}, vectors) is None


def test_usage_is_that_of_the_texts_asked_for():
    recordings = Recordings(RECORDED / "14", RECORDED / "15")
    vectors = embeddings.RecordedVectors(recordings)
    for made in recordings.embeddings():
        got = embeddings.recorded(made["request"]["json"], vectors)["response"]["json"]
        assert got["usage"] == made["response"]["json"]["usage"]


def test_a_text_that_was_not_recorded_and_another_model_have_no_vector(kept):
    vectors, made = kept
    body = made["request"]["json"]
    assert embeddings.recorded({**body, "input": [body["input"][0], "never recorded"]}, vectors) is None
    assert embeddings.recorded({**body, "model": "text-embedding-ada-002"}, vectors) is None
    assert embeddings.recorded({**body, "input": []}, vectors) is None
    assert embeddings.recorded({**body, "input": [[1, 2]]}, vectors) is None

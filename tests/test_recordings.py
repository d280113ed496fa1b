"""Every shipped recording: readable, found by its name, true to the SDK's types, with true sums and an origin."""

import os
import re
from datetime import date

import pytest
from shapes import error_problems, problems

from helpers.proxy.recordings import Recordings, dumps, read, request_key
from helpers.setup.files import ROOT
from helpers.setup.redact import scrub

RECORDINGS = sorted((ROOT / "data" / "recordings").rglob("*.json"))
LESSONS = sorted({path.parent.name for path in RECORDINGS})


def test_there_are_recordings():
    assert RECORDINGS


@pytest.mark.parametrize("lesson", LESSONS)
def test_recordings_of(lesson):
    wrong = {}
    for path in RECORDINGS:
        if path.parent.name == lesson and (found := list(_faults(path))):
            wrong[path.name] = found
    assert wrong == {}


def _faults(path):
    """What is wrong with a recording, in words."""
    recording = read(path)
    request, response, origin = recording["request"], recording["response"], recording["origin"]
    body = response.pop("body", None)
    if dumps(recording) != path.read_text(encoding="utf-8"):
        yield "not in the form that the recorder writes"
    if path.name.split(".")[1] != request_key(request):
        yield "the name does not belong to the request"
    if scrub(recording) != recording:
        yield "holds a key or an account id"
    if body and not (body.is_file() and body.stat().st_size):
        yield "its body is empty or missing"
    if "json" in response or "events" in response:
        answer = response["json"] if "json" in response else [data for _, data, *_ in response["events"]]
        endpoint = f"{request['method']} {request['path']}"
        yield from error_problems(answer) if response["status"] >= 400 else problems(endpoint, answer)
    times = [t for t, *_ in response.get("events", ())]
    if times != sorted(times):
        yield "its times do not rise"
    if not _is_whole(origin):
        yield f"the origin {origin}"


def _is_whole(origin):
    """Whether an origin has a date, and says how the answer was made."""
    date.fromisoformat(origin["date"])
    if origin["kind"] == "authored":
        return set(origin) == {"kind", "date", "basis"} and len(origin["basis"].split()) >= 4
    return origin["kind"] == "captured" and set(origin) == {"kind", "date", "model", "sdk"}


def test_numbers_of_repeated_requests_have_no_gaps():
    by_key = {}
    for path in RECORDINGS:
        by_key.setdefault((path.parent.name, path.name.split(".")[1]), []).append(int(path.name.split(".")[2]))
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in by_key.values())


def test_two_views_of_a_folder_do_not_write_over_each_other(tmp_path):
    """A stream that was left is kept by the view it began with, after the lesson was started anew."""
    one = read(next(path for path in RECORDINGS if '"body_file"' not in path.read_text(encoding="utf-8")))
    left, anew = Recordings(tmp_path), Recordings(tmp_path)
    assert anew.save(one) != left.save(one)
    assert len(Recordings(tmp_path).all()) == 2


def test_every_binary_file_belongs_to_a_recording():
    bodies = {(path.parent, read(path)["response"].get("body_file")) for path in RECORDINGS}
    files = [path for path in (ROOT / "data" / "recordings").rglob("*") if path.is_file() and path.suffix != ".json"]
    assert not [path for path in files if (path.parent, path.name) not in bodies]


def test_the_readme_and_the_recordings_agree_on_where_answers_come_from():
    kinds = {read(path)["origin"]["kind"] for path in RECORDINGS}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`{kind}`" in readme for kind in kinds)


def test_names_are_portable():
    assert all(re.fullmatch(r"[\w.-]{1,90}", path.name) for path in RECORDINGS)
    assert all(len(os.fspath(path.relative_to(ROOT))) < 140 for path in RECORDINGS)


def test_the_shape_test_can_fail():
    good = {
        "id": "c", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "x"}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
    }  # fmt: skip
    endpoint = "POST /v1/chat/completions"
    assert problems(endpoint, good) == []
    assert problems(endpoint, {**good, "surprise": 1})
    assert problems(endpoint, {key: value for key, value in good.items() if key != "created"})
    assert problems(endpoint, {**good, "usage": {**good["usage"], "total_tokens": 4}})
    assert problems("POST /v1/unknown", good)
    assert error_problems({"error": {"message": "m", "type": "t", "param": None}})

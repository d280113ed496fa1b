"""lesson.start and its companions, as a cell uses them."""

import json
import subprocess
import sys

import openai
import pytest
from small_answer import small_answer
from standin_stub import CHAT, Stub

from helpers import lesson
from helpers.proxy.recordings import Recordings
from helpers.proxy.server import Exchange
from helpers.setup import environment, settings

KEY = "-".join(["sk", "proj", "planted" + "0123456789" * 3])
ORIGIN = {"kind": "authored", "date": "2026-11-22", "basis": "test"}
REQUEST = {"model": "gpt-5.2", "messages": [{"role": "user", "content": "hi"}]}
ANSWER = small_answer(tokens=(1000, 100))


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A fresh kernel's worth of state, with a recording for lesson 01."""
    for name in ("COURSE_MODE", "COURSE_UPSTREAM", "OPENAI_API_KEY", "OPENAI_BASE_URL", "COURSE_CAP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_RECORDINGS", str(tmp_path))
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "COURSE_UPSTREAM", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")  # so that what start sets is undone afterwards
    monkeypatch.setattr(lesson, "_server", None)
    monkeypatch.setattr(settings, "ROOT", tmp_path)  # no .env
    for name in ("_put", "_file"):
        monkeypatch.setattr(environment, name, {})
    request = {"method": "POST", "path": "/v1/chat/completions", "json": REQUEST}
    response = {
        "status": 200,
        "headers": {"content-type": "application/json"},
        "elapsed_ms": 1,
        "json": ANSWER,
    }
    Recordings(tmp_path / "01").save({"request": request, "response": response, "origin": ORIGIN})
    yield monkeypatch
    if lesson._server:
        lesson._server.close()


def test_replay_is_the_default_without_a_key_and_the_banner_says_what_the_answers_are(kernel, capsys):
    lesson.start("01")
    banner = capsys.readouterr().out
    # 1,000 tokens in at $1.75 and 100 out at $14 per million
    assert "replay" in banner and "authored 2026-11-22" in banner and "$0.00315" in banner
    assert banner.count("\n") == 1
    assert openai.OpenAI().chat.completions.create(**REQUEST).choices[0].message.content == "hello"


def test_a_note_follows_from_the_origin_of_the_answers_since_the_last(kernel, monkeypatch):
    def answered(cell, kind):
        monkeypatch.setattr(lesson.under_cell, "cell", cell)
        if kind:
            lesson._server.exchanges.append(Exchange({}, 0, 0.0, 200, source="recording", origin={"kind": kind}))
        return lesson.note()

    lesson.start("01")
    assert answered("one", None) == ""
    assert "do not measure the model" in answered("two", "authored")
    assert answered("three", None) == ""  # it was said
    assert "do not measure" in answered("two", None)  # the cell is run again
    assert answered("four", "captured") == ""
    assert answered("five", "stand-in") == ""
    assert "do not measure" in answered("six", "authored")
    lesson.start("01")
    assert answered("two", None) == ""


def test_an_empty_note_shows_nothing(capsys):
    lesson.Note()._ipython_display_()
    assert capsys.readouterr().out == ""
    lesson.AUTHORED._ipython_display_()
    assert lesson.AUTHORED in capsys.readouterr().out


def test_a_client_made_before_a_second_start_goes_on_working(kernel):
    lesson.start("01")
    client = openai.OpenAI()
    client.chat.completions.create(**REQUEST)
    lesson.start("01")
    assert lesson.exchanges() == []
    assert client.chat.completions.create(**REQUEST).choices[0].message.content == "hello"


def test_a_key_makes_it_live_and_a_bad_key_is_named_without_being_shown(kernel, capsys):
    kernel.setenv("OPENAI_API_KEY", KEY)
    lesson.start("01")
    out = capsys.readouterr().out
    assert " live" in out and "$3.00" in out and KEY not in out
    assert lesson._server.upstream == lesson.OFFICIAL
    for bad, word in (
        (f'"{KEY}"', "quotation"),
        (KEY + " ", "space"),
        ("hello", "sk-"),
        (KEY[:12], "too short"),
    ):
        lesson._server.close()
        kernel.setattr(lesson, "_server", None)
        kernel.setenv("OPENAI_API_KEY", bad)
        lesson.start("01")
        out = capsys.readouterr().out
        assert "replay" in out and word in out and bad not in out


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("COURSE_MODE", "fast", "auto, replay"),
        ("COURSE_MODE", "live", "needs a key"),
        ("COURSE_MODE", "record", "needs a key"),
        ("COURSE_CAP", "much", "number"),
    ],
)
def test_bad_settings_are_one_sentence(kernel, name, value, words):
    kernel.setenv(name, value)
    with pytest.raises(lesson.CourseError, match=words):
        lesson.start("01")


def test_an_unknown_lesson(kernel):
    with pytest.raises(lesson.CourseError, match="no lesson '77'"):
        lesson.start("77")


def test_receipt_adds_up_and_says_that_nothing_was_spent(kernel):
    lesson.start("01")
    for _ in range(3):
        openai.OpenAI().chat.completions.create(**REQUEST)
    text = repr(lesson.receipt())
    assert "Nothing was spent" in text
    assert "3,000" in text and "300" in text and "$0.00945" in text


def test_the_receipt_and_the_log_tell_a_stand_in_from_recordings(kernel):
    there = Stub()
    try:
        kernel.setenv("COURSE_STANDIN_URL", there.url)
        lesson.start("01")
        for seed in (None, 7):
            openai.OpenAI().chat.completions.create(**REQUEST, seed=seed)
    finally:
        there.close()
    assert [exchange.source for exchange in lesson.exchanges()] == ["recording", "stand-in"]
    rows = {row[0]: row[1:4] for row in lesson.receipt().rows}
    assert rows["gpt-5.2"] == ["1", "1,000", "100"]
    assert rows[f"gpt-5.2, answered by {CHAT}"] == ["1", "11", "7"]
    assert "or a stand-in's" in repr(lesson.receipt())


def test_show_last_shows_the_same_request_three_ways(kernel, capsys):
    lesson.start("01")
    with pytest.raises(lesson.CourseError, match="Nothing was sent"):
        lesson.show_last()
    openai.OpenAI().chat.completions.create(**REQUEST)
    lesson.show_last()
    text = capsys.readouterr().out
    assert "client.chat.completions.create(" in text and "model='gpt-5.2'" in text
    assert "POST /v1/chat/completions HTTP/1.1" in text and "Bearer $OPENAI_API_KEY" in text
    assert "curl https://api.openai.com/v1/chat/completions" in text
    with pytest.raises(lesson.CourseError, match="python, http, curl"):
        lesson.show_last("java")


def test_faults_by_name_and_by_iterable(kernel):
    lesson.start("01")
    client = openai.OpenAI(max_retries=0)
    with lesson.faults("429", None, "500"):
        with pytest.raises(openai.RateLimitError):
            client.chat.completions.create(**REQUEST)
        client.chat.completions.create(**REQUEST)
    client.chat.completions.create(**REQUEST)  # the rest of the plan ended with the block
    with lesson.faults(name for name in ["drop"]), pytest.raises(openai.APIConnectionError):
        client.chat.completions.create(**REQUEST)
    with pytest.raises(lesson.CourseError, match="teapot"), lesson.faults("teapot"):
        pass


def test_recorded_time_gives_answers_their_time_back(kernel, tmp_path):
    import time

    path = next((tmp_path / "01").glob("*.json"))
    recording = json.loads(path.read_text(encoding="utf-8"))
    recording["response"]["elapsed_ms"] = 400
    path.write_text(json.dumps(recording), encoding="utf-8")
    lesson.start("01")
    client = openai.OpenAI()
    client.chat.completions.create(**REQUEST)
    with lesson.recorded_time(0.5):
        began = time.perf_counter()
        client.chat.completions.create(**REQUEST)
        assert 0.2 <= time.perf_counter() - began < 0.4


def test_pause_waits_for_the_real_api_alone(kernel):
    slept = []
    kernel.setattr(lesson.time, "sleep", slept.append)
    lesson.start("01")
    openai.OpenAI().chat.completions.create(**REQUEST)
    lesson.pause(10)
    for origin in (ORIGIN, None, {"kind": "captured", "date": "2026-11-22"}):
        lesson._server.exchanges.append(Exchange({}, 0, 0.0, source="live", origin=origin))
        lesson.pause(20)
    assert slept == [20]  # not in replay, not for an authored answer, not for an error of the course's own


def test_proxies_do_not_swallow_loopback(kernel):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        kernel.setenv(name, "http://127.0.0.1:9")
    kernel.setenv("NO_PROXY", "example.org")
    lesson.start("01")
    assert openai.OpenAI(max_retries=0).chat.completions.create(**REQUEST).choices[0].message.content == "hello"


def test_before_start_everything_says_run_the_set_up_cell(kernel):
    for function in (lesson.receipt, lesson.show_last, lesson.exchanges, lesson.last_request):
        with pytest.raises(lesson.CourseError, match="set-up cell"):
            function()


def test_direct_mode_bypasses_the_server(kernel, capsys):
    kernel.setenv("COURSE_MODE", "direct")
    lesson.start("01")
    assert "direct" in capsys.readouterr().out
    with pytest.raises(lesson.CourseError, match="direct mode"):
        lesson.receipt()
    kernel.setattr(lesson, "_direct", False)


def test_serve_by_itself_answers_a_stranger(kernel, tmp_path):
    import os
    import urllib.request

    environment = {**os.environ, "COURSE_MODE": "replay"}
    with subprocess.Popen(
        [sys.executable, "-m", "helpers.workshop.serve"],
        cwd=lesson.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert "1 recordings" in process.stdout.readline()
        url = process.stdout.readline().strip().removeprefix("export OPENAI_BASE_URL=")
        request = urllib.request.Request(
            f"{url}/chat/completions", json.dumps(REQUEST).encode(), {"Content-Type": "application/json"}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        assert json.load(opener.open(request))["choices"][0]["message"]["content"] == "hello"
        process.terminate()

"""Planted keys appear nowhere: outputs, recordings, logs, tracebacks, receipts, the page. And who may ask."""

from __future__ import annotations

import json
import os
import shutil
import socket
import traceback
from pathlib import Path

import openai
import pytest
from exchanges import serve
from nbformat.v4 import new_code_cell
from test_browser import write

from helpers import lesson
from helpers.proxy import http
from helpers.proxy.http import LoopbackServer
from helpers.recipes import leaks
from helpers.setup import settings
from helpers.setup.files import ROOT
from helpers.setup.redact import scrub
from helpers.workshop.browser import driver as browser
from helpers.workshop.notebooks.kernel import Kernel

PLACES = ["ENV_FILE", "VARIABLE", "PROMPT", "HEADER", "FILE_NAME"]
PLANTED = {place: "-".join(["sk", "proj", place.replace("_", "") + "0aB1cD2eF3" * 4]) for place in PLACES}
KEY = PLANTED["ENV_FILE"]


def shown(text):
    """In which places the keys were planted that a text holds."""
    return [place for place, key in PLANTED.items() if key in text]


# --- a kernel, with all that it shows and keeps


class Gateway:
    """A stand-in for the API that repeats in its answers, errors too, whatever it was sent."""

    def __init__(self):
        self.seen = ""
        self.server = LoopbackServer(self.answer)
        self.server.start()

    def answer(self, handler):
        sent = f"{handler.headers['Authorization']} {handler.headers.get('x-mine')} {handler.read_body().decode()}"
        self.seen += sent
        if '"no-such-model"' in sent:
            handler.send_json(401, {"error": {"message": f"Incorrect API key: {handler.headers['Authorization']}"}})
        elif "transcriptions" in handler.path:
            handler.send_json(200, {"text": sent})
        else:
            message = {"role": "assistant", "content": sent}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            answer = {"id": "c", "object": "chat.completion", "created": 1, "model": "gpt-5.2", "choices": [choice]}
            usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
            handler.send_json(
                200, {**answer, "usage": usage}, {"x-request-id": f"req_{KEY}"} if PLANTED["PROMPT"] in sent else {}
            )


CELLS = """
import os, sys
sys.path.insert(0, os.environ["COURSE_ROOT"])
from helpers.setup import keys, preflight
from helpers import lesson
lesson.start("01")
print(keys.describe(keys.find()))
preflight.report(network=False)
---
from openai import OpenAI
client = OpenAI(max_retries=0)
messages = [{"role": "user", "content": "my key is " + os.environ["PROMPT"]}]
answer = client.chat.completions.create(
    model="gpt-5.2", messages=messages, extra_headers={"x-mine": os.environ["HEADER"]})
lesson.show_last()
---
sound = client.audio.transcriptions.create(
    model="gpt-transcribe", file=("my_" + os.environ["FILE_NAME"] + ".wav", b"x"), prompt=os.environ["PROMPT"])
lesson.show_last()
---
client.chat.completions.create(model="no-such-model", messages=[])
---
print(lesson.exchanges())
print(lesson.last_request())
lesson.receipt()
---
import logging
logging.basicConfig(level=logging.DEBUG)
client.chat.completions.create(model="gpt-5.2", messages=[])
del logging.root.handlers[:]
"""


@pytest.fixture
def course(tmp_path):
    """A course with a key in .env."""
    shutil.copytree(ROOT / "helpers", tmp_path / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data" / "recordings" / "01", tmp_path / "data" / "recordings" / "01")
    shutil.copytree(ROOT / "data" / "course", tmp_path / "data" / "course")
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={KEY}\n", encoding="utf-8")
    return tmp_path


def test_a_kernel_shows_and_keeps_no_planted_key(course):
    gateway, kept = Gateway(), course / "kept"
    settings = {
        "COURSE_CAP": "inf",
        "COURSE_MODE": "record",
        "COURSE_RECORDINGS": str(kept),
        "COURSE_ROOT": str(course),
    }
    settings |= {"COURSE_UPSTREAM": gateway.server.url + "/v1", "OPENAI_KEY": PLANTED["VARIABLE"], **PLANTED}
    outputs = []
    with Kernel(course, settings) as kernel:
        for source in CELLS.split("---\n"):
            outputs.append(json.dumps(kernel.run(new_code_cell(source), may_raise=True), ensure_ascii=False))
        log = Path(kernel._log.name).read_text(encoding="utf-8")
    gateway.server.close()
    assert set(shown(gateway.seen)) == set(PLACES) - {"VARIABLE"}  # they were there to be seen
    assert f"of {len(KEY)} characters" in outputs[0] and "Bearer $OPENAI_API_KEY" in outputs[1]
    assert ["AuthenticationError" in output for output in outputs].index(True) == 3
    assert "DEBUG:openai" in outputs[5]
    for text in [*outputs, log]:
        assert shown(text) == []
    files = [path for path in kept.rglob("*") if path.is_file()]
    assert len(files) == 3  # two chats and a transcription: a 401 is not kept
    for path in files:
        assert shown(path.name + path.read_text(encoding="utf-8")) == []
    assert leaks.scan(kept) == []


@pytest.mark.browser
def test_the_page_shows_no_planted_key(lab):
    start = "from helpers import lesson\nfrom helpers.setup import preflight\nlesson.start('01')"
    start += "\npreflight.report(network=False)"
    call = "import openai\ntry: openai.OpenAI(max_retries=0).models.list()\nexcept openai.APIError as e: print(e)"
    write(lab, "planted.ipynb", start, call, "lesson.show_last()", "lesson.receipt()")
    upstream = "http://127.0.0.1:9/v1"  # nothing listens on the discard port
    kept = lab.folder.parent / ".env"
    kept.write_text(f"OPENAI_API_KEY={KEY}\n", encoding="utf-8")
    try:
        planted = {"OPENAI_KEY": PLANTED["VARIABLE"], "COURSE_MODE": "live", "COURSE_UPSTREAM": upstream}
        with browser.variables(lab, **planted):
            panel = browser.run_all(lab, "planted.ipynb")
    finally:
        kept.unlink()
    text, page = panel.inner_text(), lab.page.content()
    saved = (lab.folder / "planted.ipynb").read_text(encoding="utf-8")
    assert f"of {len(KEY)} characters" in text and "could not reach 127.0.0.1" in text  # the key was in use
    for place in (text, page, saved, (lab.folder.parent.parent / "lab.log").read_text(encoding="utf-8")):
        assert shown(place) == []


# --- tracebacks


@pytest.fixture
def replay(tmp_path, monkeypatch):
    """A kernel's worth of state, in replay without any recording."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "COURSE_UPSTREAM", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")  # so that what start sets is undone afterwards
    monkeypatch.setenv("COURSE_MODE", "auto")
    monkeypatch.setenv("COURSE_RECORDINGS", str(tmp_path))
    monkeypatch.setattr(lesson, "_server", None)
    monkeypatch.setattr(settings, "ROOT", tmp_path)  # no .env
    for name in ("_put", "_file"):
        monkeypatch.setattr(settings.environment, name, {})
    yield monkeypatch
    if lesson._server:
        lesson._server.close()


@pytest.mark.parametrize(
    "form",
    ["{}\n", "{}\r\n\r\n", "\t{}", "“{}”", '"{}"', "{}é", "{} {}", "Bearer {}"],
    ids=["line break", "two", "tab", "curly quotes", "quotes", "accent", "twice", "with Bearer"],
)
def test_a_malformed_key_is_not_in_the_traceback_of_a_call(replay, capsys, form):
    replay.setenv("OPENAI_API_KEY", form.format(KEY, KEY))
    lesson.start("01")
    said = capsys.readouterr().out
    assert "Note: The key in OPENAI_API_KEY" in said and shown(said) == []
    with pytest.raises(openai.APIStatusError, match="No answer is recorded") as caught:  # it arrived
        openai.OpenAI().models.list()
    assert shown("".join(traceback.format_exception(caught.value))) == []


def test_a_request_that_was_not_recorded_shows_no_key(replay, capsys):
    lesson.start("01")
    client = openai.OpenAI()
    for call in (
        lambda: client.models.retrieve(KEY),
        lambda: client.chat.completions.create(model="m", messages=[{"role": "user", "content": f"key_{KEY}"}]),
        lambda: client.files.create(file=(f"my_{KEY}.txt", b"x"), purpose="batch"),
    ):
        with pytest.raises(openai.APIStatusError) as caught:
            call()
        lesson.show_last()
        assert shown("".join(traceback.format_exception(caught.value)) + capsys.readouterr().out) == []


@pytest.mark.parametrize("form", ["{}", "my_{}", "key={}&x=1", '"{}"', "({})", "a.{}.txt", "sk-{}"])
def test_keys_are_taken_out_whatever_stands_around_them(form):
    assert shown(scrub(form.format(KEY))) == [] and leaks.find(form.format(KEY))


@pytest.mark.parametrize("text", ["task-" + "a1" * 12, "disk-" + "a1" * 12, "risk-free-investments-and-more"])
def test_words_that_end_like_a_key_begins_stay(text):
    assert scrub(text) == text and leaks.find(text) == []


# --- the server's manners (loopback alone, foreign Host, large bodies: test_replay.py)


@pytest.fixture
def server():
    made = serve()
    yield made
    made.close()


def status(server, head, body=b""):
    """The status of an answer to raw HTTP; {port} in `head` stands for the server's own."""
    with socket.create_connection(server.server_address, timeout=5) as connection:
        connection.sendall(head.format(port=server.server_address[1]).replace("\n", "\r\n").encode() + body)
        return int(connection.recv(65536).split()[1])


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("Host: 127.0.0.1:{port}\n", 424),  # no such recording: it was let in
        ("Host: localhost:{port}\n", 424),
        ("Host: 127.0.0.1\n", 403),
        ("Host: 127.0.0.1.evil.example:{port}\n", 403),
        ("Host: evil.example\n", 403),
        ("Host: evil.example\nX-Forwarded-Host: localhost:{port}\n", 403),
        ("", 403),
    ],
)
def test_only_its_own_names_are_let_in(server, host, expected):
    assert status(server, f"GET /v1/models HTTP/1.1\n{host}\n") == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("Content-Length: 1001\n\n", b"", 413),
        ("Content-Length: -1\n\n", b"", 400),
        ("Content-Length: many\n\n", b"", 400),
        ("Content-Length: 1000\n\n", b" " * 1000, 400),
        ("Transfer-Encoding: chunked\n\n", b"3e8\r\n" + b" " * 1000 + b"\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\n\n", b"3e8\r\n" + b" " * 1000 + b"\r\n1\r\n", 413),
        ("Transfer-Encoding: chunked\n\n", b"-5\r\n", 400),
        ("Transfer-Encoding: chunked\n\n", b"1" * 2000, 400),
    ],
)
def test_bodies_are_bounded_however_their_length_is_told(server, monkeypatch, head, body, expected):
    monkeypatch.setattr(http, "MAX_BODY", 1000)
    assert status(server, "POST /v1/uploads HTTP/1.1\nHost: 127.0.0.1:{port}\n" + head, body) == expected


def test_a_failure_of_the_server_shows_no_key():
    def fails(handler):
        raise ValueError(f"cannot use {KEY} and {os.environ['PATH']}")

    failing = LoopbackServer(fails)
    failing.start()
    with pytest.raises(openai.InternalServerError, match="server failed: ValueError: cannot use") as caught:
        openai.OpenAI(base_url=failing.url + "/v1", api_key=KEY, max_retries=0).models.list()
    failing.close()
    assert shown("".join(traceback.format_exception(caught.value))) == []

"""Broken clients, web pages with other plans, and recordings from somewhere else."""

from __future__ import annotations

import json
import os
import socket
import time

import httpx2
import pytest

from helpers.proxy.http import LoopbackServer
from helpers.proxy.recordings import MAX_RECORDING, DamagedRecording, Recordings, read, request_key
from helpers.proxy.server import LOGGED_BYTES, CourseServer
from helpers.setup.errors import CourseError


@pytest.fixture
def passing():
    """A live server, and what its upstream has got."""
    got = []

    def note(handler):
        got.append((handler.command, handler.path, handler.read_body()))
        handler.send_bytes(200, b"{}", {"content-type": "application/json", "x-who": "upstream"})

    upstream = LoopbackServer(note)
    server = CourseServer("live", upstream.url)
    for one in (upstream, server):
        one.start()
    yield server, got
    for one in (server, upstream):
        one.close()


def talk(server, text, body=b"", close=True):
    """All that comes back for raw bytes; {host} stands for the server's own."""
    host = f"127.0.0.1:{server.server_address[1]}"
    with socket.create_connection(server.server_address, timeout=3) as connection:
        connection.sendall(text.replace("{host}", host).replace("\n", "\r\n").encode("latin-1") + body)
        if close:
            connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


HEAD = "POST /v1/x HTTP/1.1\nHost: {host}\n"
GET = "GET /v1/x HTTP/1.1\nHost: {host}\n"


@pytest.mark.parametrize(
    ("head", "body"),
    [(HEAD + "Content-Length: 1000000\n\n", b"a part"), (HEAD + "Transfer-Encoding: chunked\n\n", b"5\r\nabc"),
     (HEAD + "Transfer-Encoding: chunked\n\n", b"3\r\nabc\r\n"), (HEAD + "Content-Length: 5\n", b"")],
)  # fmt: skip
def test_half_a_request_is_not_sent_on(passing, head, body):
    server, got = passing
    assert talk(server, head, body) == b""
    assert got == []


@pytest.mark.parametrize(
    "line",
    [
        "Host: evil.example",
        "Host: {host}\nHost: evil.example",
        "Host: {host}\nOrigin: https://evil.example",
        "Host: {host}\nOrigin: null",
        "Host: {host}\nContent-Length: abc",
        "Host: {host}\nTransfer-Encoding: xchunked",
        "Host: {host}\nContent-Length: 3\nContent-Length: 4",
        "Host: {host}\nContent-Length: +3",
        "Host: {host}\nBad Name: x",  # the e-mail parser takes such a line for the end of the headers
        "Host: {host}\nX-A : x\nOrigin: https://evil.example",
        "Host: {host}\nnonsense",
        "Host: {host}\nX: a\n b",
    ],
)
def test_nothing_of_a_refused_request_is_read_as_the_next_one(passing, line):
    server, got = passing
    host = f"127.0.0.1:{server.server_address[1]}"
    inner = f"POST /v1/x HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\r\ninner".encode()
    extra = "" if "Length" in line or "coding" in line else f"\nContent-Length: {len(inner)}"
    said = talk(server, f"POST /v1/x HTTP/1.1\n{line}{extra}\n\n", inner)
    assert said.count(b"HTTP/1.1") == 1 and b"connection: close" in said.lower()
    assert said.split()[1] in (b"403", b"400") and got == [] and list(server.exchanges) == []


def test_a_client_that_was_refused_goes_on_at_once(passing):
    server, got = passing
    url, foreign = server.url + "/v1/x", {"Origin": "https://evil.example"}
    with httpx2.Client() as client:
        for _ in range(30):
            assert client.post(url, content=b"x" * 200_000, headers=foreign).status_code == 403
            assert client.post(url, content=b"x").status_code == 200
    assert len(got) == 30


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("TRACE /v1/x HTTP/1.1\nHost: {host}\n\n", b"501"),
        (GET + "X: " + "a" * 70_000 + "\n\n", b"431"),
        (GET + "X: a\n" * 200 + "\n", b"431"),
        ("GET /" + "a" * 70_000 + " HTTP/1.1\n\n", b"414"),
        ("nonsense\n\n", b"400"),
        ("GET @other.example/x HTTP/1.1\nHost: {host}\n\n", b"400"),
        (HEAD + "Transfer-Encoding: chunked\n\nzz\n", b"400"),
    ],
    ids=["TRACE", "a long header", "many headers", "a long path", "nonsense", "another host", "a bad chunk"],
)
def test_what_is_no_request_gets_the_courses_json(passing, text, status):
    server, got = passing
    said = talk(server, text)
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.split()[1] == status and b"<" not in body and json.loads(body)["error"]["message"]
    assert got == []


def test_head_and_options_are_passed_on(passing):
    server, got = passing
    head = httpx2.head(server.url + "/v1/x")
    assert (head.status_code, head.content, head.headers["x-who"]) == (200, b"", "upstream")
    assert httpx2.options(server.url + "/v1/x").content == b"{}"
    assert [command for command, *_ in got] == ["HEAD", "OPTIONS"]


def test_a_path_never_names_another_host(passing):
    server, got = passing  # behind an upstream without a path, "/v1" would leave "@other.example" beside its name
    assert b"200 OK" in talk(server, "GET /v1@other.example/x HTTP/1.1\nHost: {host}\nX-Stainless-Retry-Count: ²\n\n")
    assert [path for _, path, _ in got] == ["/v1@other.example/x"] and server.exchanges[-1].retry == 0


def test_an_old_client_gets_no_chunks(passing):
    server, got = passing
    server.pipe.upstream = server.url  # unused
    server.answer = lambda handler: (
        handler.start_stream(200, {}),
        handler.send(b"a"),
        handler.send(b"b"),
        handler.end_stream(),
    )
    said = talk(server, "GET /v1/x HTTP/1.0\nHost: {host}\n\n")
    assert said.endswith(b"\r\n\r\nab") and b"chunked" not in said


def test_pipelined_requests_and_expect_continue(passing):
    server, got = passing
    said = talk(server, GET + "\n" + GET.replace("/x", "/y") + "\n")
    assert said.count(b"200 OK") == 2 and [path for _, path, _ in got] == ["/x", "/y"]
    said = talk(server, HEAD + "Expect: 100-continue\nContent-Length: 2\n\n", b"ab")
    assert said.startswith(b"HTTP/1.1 100") and got[-1][2] == b"ab"


@pytest.mark.parametrize("mode", ["live", "replay"])
def test_a_websocket_is_one_sentence(passing, mode):
    server, got = passing
    server.mode = mode
    said = talk(server, GET + "Connection: Upgrade\nUpgrade: websocket\n\n")
    assert b"501" in said.split(b"\r\n")[0] and b"COURSE_MODE=direct" in said and got == []


# --- recordings from elsewhere

GOOD = {
    "request": {"method": "GET", "path": "/v1/x"},
    "response": {"status": 200, "headers": {"content-type": "application/json"}, "elapsed_ms": 0, "json": {}},
    "origin": {"kind": "authored", "date": "2026-11-22", "basis": "made by a test"},
}


def changed(**response):
    return {**GOOD, "response": {**GOOD["response"], **response}}


BAD = {
    "a status as text": changed(status="200"),
    "status 99": changed(status=99),
    "a line break in a header": changed(headers={"x": "a\r\nset-cookie: b"}),
    "a header name with a colon": changed(headers={"x:y": "a"}),
    "a length": changed(headers={"Content-Length": "5"}),
    "chunks": changed(headers={"transfer-encoding": "chunked"}),
    "a number as a header": changed(headers={"x": 1}),
    "a folder above": changed(body_file="../secret.bin"),
    "a folder": changed(body_file="."),
    "an absolute path": changed(body_file="/etc/passwd"),
    "a file that is missing": changed(body_file="missing.bin"),
    "events that are no list": changed(events=5),
    "an event without data": changed(events=[[0]]),
    "an event at the end of days": changed(events=[[1e12, "x"]]),
    "a name of two lines": changed(events=[[0, "x", "a\nb"]]),
    "text that is none": changed(text=5),
    "a wait of weeks": changed(elapsed_ms=10**12),
    "no answer": {**GOOD, "response": {"status": 200, "headers": {}}},
    "a request of 400 lists": {**GOOD, "request": {**GOOD["request"], "json": json.loads("[" * 400 + "]" * 400)}},
    "a list": [GOOD],
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_recording_is_a_sentence_with_its_file(name, tmp_path):
    (tmp_path / "one.json").write_text(json.dumps(BAD[name]), encoding="utf-8")
    with pytest.raises(DamagedRecording, match=r"^The recording one\.json cannot be read.*git checkout") as caught:
        read(tmp_path / "one.json")
    assert isinstance(caught.value, CourseError) and str(tmp_path) not in str(caught.value)


def test_the_good_recording_is_read(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps(GOOD), encoding="utf-8")
    assert read(tmp_path / "one.json") == GOOD


@pytest.mark.parametrize("depth", [99, 101, 300, 480, 485, 490, 495, 500])
def test_a_deep_request_is_answered_in_replay(depth):
    server = CourseServer("replay", "http://127.0.0.1:9/v1")
    server.start()
    messages = f'[{{"role": "user", "content": {"[" * depth}{"]" * depth}}}]'
    content = f'{{"model": "gpt-5.2", "messages": {messages}}}'
    answer = httpx2.post(server.url + "/v1/chat/completions", content=content)
    server.close()
    assert answer.status_code != 500 and answer.json()["error"]["message"]


def test_half_a_character_in_a_recorded_text_is_answered(tmp_path):
    request = {"method": "POST", "path": "/v1/audio/transcriptions", "json": {"model": "whisper-1"}}
    recording = {**changed(text="a \ud800 b"), "request": request}
    del recording["response"]["json"]
    (tmp_path / f"x.{request_key(request)}.1.json").write_text(json.dumps(recording), encoding="utf-8")
    server = CourseServer("replay", "http://127.0.0.1:9/v1")
    server.begin(Recordings(tmp_path))
    server.start()
    key = {"authorization": "Bearer sk-test-0000000000000000"}
    answer = httpx2.post(server.url + request["path"], json=request["json"], headers=key)
    server.close()
    assert (answer.status_code, answer.content) == (200, rb"a \ud800 b")


def test_a_deep_and_a_large_recording(tmp_path):
    (tmp_path / "deep.json").write_text(
        json.dumps(GOOD).replace('"json": {}', '"json": ' + "[" * 100_000 + "]" * 100_000)
    )
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(MAX_RECORDING + 1)
    for name in ("deep", "large"):
        with pytest.raises(DamagedRecording, match=f"{name}.json"):
            read(tmp_path / f"{name}.json")


@pytest.mark.skipif(os.name == "nt", reason="Left out: Windows makes links and pipes in other ways")
def test_links_and_pipes_are_not_followed(tmp_path):
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "link.bin").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe.bin")
    began = time.monotonic()
    for name in ("link.bin", "pipe.bin"):
        (tmp_path / "one.json").write_text(json.dumps(changed(body_file=name)), encoding="utf-8")
        with pytest.raises(DamagedRecording, match="not a regular file"):
            read(tmp_path / "one.json")
    (tmp_path / "two.json").symlink_to(tmp_path / "one.json")
    with pytest.raises(DamagedRecording, match=r"two\.json is not a regular file"):
        read(tmp_path / "two.json")
    assert time.monotonic() - began < 2  # a pipe that nobody writes into would block


# --- the log of `serve`


def test_the_log_of_serve_is_bounded_and_large_bodies_are_digests():
    server = CourseServer("replay", "http://127.0.0.1:9/v1")
    server.begin(Recordings(), limit=10)
    server.start()
    with httpx2.Client() as client:
        for number in range(25):
            client.post(server.url + "/v1/x", json={"number": number})
        client.post(server.url + "/v1/x", json={"text": "word " * LOGGED_BYTES})
    deadline = time.monotonic() + 3  # shortened just after the answer has gone out
    while "sha256" not in server.exchanges[-1].request["json"] and time.monotonic() < deadline:
        time.sleep(0.01)
    server.close()
    assert [one.request["json"].get("number") for one in server.exchanges] == [*range(16, 25), None]
    assert set(server.exchanges[-1].request["json"]) == {"sha256", "bytes"}


def test_recording_without_a_lesson_is_refused_at_the_start(monkeypatch, tmp_path):
    from helpers.workshop import serve

    monkeypatch.setenv("COURSE_MODE", "record")
    monkeypatch.setenv("COURSE_RECORDINGS", str(tmp_path))
    monkeypatch.setenv("COURSE_UPSTREAM", "http://127.0.0.1:9/v1")
    with pytest.raises(CourseError, match="--lesson"):
        serve.open_server(None, 0)

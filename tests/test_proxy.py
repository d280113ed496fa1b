"""The way of a call: replay, live and record, through the official SDK, curl, threads, asyncio and subprocesses."""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import openai
import pytest
from exchanges import serve

from helpers.proxy import ladder
from helpers.proxy.faults import Plan, fault
from helpers.proxy.http import LoopbackServer
from helpers.proxy.recordings import DamagedRecording, Recordings, read

KEY = "-".join(
    ["sk", "proj", "planted" + "0123456789" * 3]
)  # built here, so that no key-like string stands in the tree
MESSAGES = [{"role": "user", "content": "Name a river."}]


def chat_answer(text, **changes):
    return {
        "id": "chatcmpl-0",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-5.2-2025-12-11",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, "refusal": None},
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
        **changes,
    }


def chunk(**delta):
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": delta}],
    }


class Api:
    """A stand-in for the real API: answers what it is told and keeps what it was sent."""

    def __init__(self):
        self.seen, self.replies = [], {}
        self.server = LoopbackServer(self.answer)
        self.server.start()
        self.url = self.server.url + "/v1"

    def answer(self, handler):
        body = handler.read_body()
        self.seen.append((handler.command, handler.path, dict(handler.headers), body))
        reply = self.replies.get(handler.path, lambda handler, body: handler.send_json(200, chat_answer("The Rhine.")))
        reply(handler, body)


@pytest.fixture
def api():
    upstream = Api()
    yield upstream
    upstream.server.close()


@pytest.fixture
def course(tmp_path, api):
    """Makes servers that share one folder of recordings, and closes them."""
    made = []

    def make(mode, **options):
        made.append(serve(mode, Recordings(tmp_path / "recordings"), api.server.url, **options))
        return made[-1]

    yield make
    for server in made:
        server.close()


def client_of(server, **options):
    return openai.OpenAI(base_url=server.url + "/v1", api_key=KEY, **options)


def ask(client, **options):
    return client.chat.completions.create(model="gpt-5.2", messages=MESSAGES, **options)


def eventually(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("still not so after two seconds")


def recorded_files(tmp_path):
    return [path for path in (tmp_path / "recordings").rglob("*") if path.is_file()]


# --- record, then replay


def test_json_is_recorded_once_and_replayed_without_the_api(course, api):
    ask(client_of(course("record")))
    api.server.close()
    assert ask(client_of(course("replay"))).choices[0].message.content == "The Rhine."
    assert len(api.seen) == 1


def test_identical_requests_answer_in_recorded_order_then_repeat_the_last(course, api):
    names = iter(["Rhine", "Nile", "Po"])
    api.replies["/v1/chat/completions"] = lambda handler, body: handler.send_json(200, chat_answer(next(names)))
    client = client_of(course("record"))
    for _ in range(3):
        ask(client)
    server = course("replay")
    client = client_of(server)
    assert [ask(client).choices[0].message.content for _ in range(5)] == ["Rhine", "Nile", "Po", "Po", "Po"]


def test_the_order_of_json_keys_does_not_matter(course):
    ask(client_of(course("record")))
    body = json.dumps({"messages": MESSAGES, "model": "gpt-5.2"})
    other = json.dumps({"model": "gpt-5.2", "messages": MESSAGES})
    assert body != other
    server = course("replay")
    for text in (body, other):
        command = [
            "curl",
            "-s",
            "--noproxy",
            "*",
            server.url + "/v1/chat/completions",
            "-H",
            "Content-Type: application/json",
            "-d",
            text,
        ]
        if not shutil.which("curl"):
            pytest.skip("curl is not on this machine")
        answer = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        assert answer["choices"][0]["message"]["content"] == "The Rhine."


def test_a_stream_keeps_its_events_and_its_pace(course, api, monkeypatch):
    waits = [0.0, 0.06, 0.12]

    def stream(handler, body):
        handler.start_stream(200, {"content-type": "text/event-stream"})
        for wait, word in zip(waits, ("A ", "slow ", "river."), strict=True):
            time.sleep(wait)
            handler.send_chunk(f"data: {json.dumps(chunk(content=word))}\n\n".encode())
        handler.send_chunk(b"data: [DONE]\n\n")
        handler.end_stream()

    api.replies["/v1/chat/completions"] = stream
    live = [c.choices[0].delta.content for c in ask(client_of(course("record")), stream=True)]
    began = time.perf_counter()
    arrivals = [
        (time.perf_counter() - began, c.choices[0].delta.content)
        for c in ask(client_of(course("replay", pace=1)), stream=True)
    ]
    assert [word for _, word in arrivals] == live == ["A ", "slow ", "river."]
    assert arrivals[2][0] >= 0.17  # recorded 60 and 120 ms apart
    monkeypatch.setattr(ladder, "time", SimpleNamespace(monotonic=time.monotonic))  # cannot sleep
    at_once = [c.choices[0].delta.content for c in ask(client_of(course("replay", pace=0)), stream=True)]
    assert at_once == live


def test_binary_and_multipart(course, api, tmp_path):
    sound = bytes(range(256)) * 40
    api.replies["/v1/audio/speech"] = lambda handler, body: handler.send_bytes(
        200, sound, {"content-type": "audio/mpeg"}
    )
    api.replies["/v1/audio/transcriptions"] = lambda handler, body: handler.send_json(200, {"text": "hello"})

    def use(client):
        spoken = client.audio.speech.create(model="gpt-4o-mini-tts", voice="alloy", input="hi").content
        heard = client.audio.transcriptions.create(model="gpt-transcribe", file=("a.wav", sound))
        return spoken, heard.text

    assert use(client_of(course("record"))) == (sound, "hello")
    sent = len(api.seen)
    assert use(client_of(course("replay"))) == (sound, "hello")  # a new random boundary, the same content
    assert len(api.seen) == sent
    assert {path.suffix for path in recorded_files(tmp_path)} == {".json", ".mp3"}
    with pytest.raises(openai.APIStatusError, match="No answer is recorded"):
        client_of(course("replay")).audio.transcriptions.create(model="gpt-transcribe", file=("a.wav", sound + b"!"))


def test_plain_text_answers(course, api):
    api.replies["/v1/audio/transcriptions"] = lambda handler, body: handler.send_bytes(
        200, b"hello\n", {"content-type": "text/plain"}
    )
    for mode in ("record", "replay"):
        text = client_of(course(mode)).audio.transcriptions.create(
            model="whisper-1", file=("a.wav", b"x"), response_format="text"
        )
        assert text == "hello\n"


def test_teaching_errors_are_recorded_and_passing_ones_are_not(course, api, tmp_path):
    for status, kept in ((400, True), (404, True), (401, False), (429, False), (500, False), (503, False)):
        api.replies["/v1/chat/completions"] = lambda handler, body, status=status: handler.send_json(
            status, {"error": {"message": "no"}}
        )
        with pytest.raises(openai.APIStatusError):
            ask(client_of(course("record"), max_retries=0), seed=status)
        assert bool([path for path in recorded_files(tmp_path) if read(path)["response"]["status"] == status]) is kept


def test_async_threads_and_a_subprocess(course):
    ask(client_of(course("record")))
    server = course("replay")

    async def many():
        async with openai.AsyncOpenAI(base_url=server.url + "/v1", api_key=KEY) as client:
            return await asyncio.gather(
                *(client.chat.completions.create(model="gpt-5.2", messages=MESSAGES) for _ in range(50))
            )

    assert [answer.choices[0].message.content for answer in asyncio.run(many())] == ["The Rhine."] * 50
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(client_of(server)), range(16)))
    assert [answer.choices[0].message.content for answer in answers] == ["The Rhine."] * 16
    call = f"OpenAI().chat.completions.create(model='gpt-5.2', messages={MESSAGES})"
    script = f"from openai import OpenAI; print({call}.choices[0].message.content)"
    environment = {**os.environ, "OPENAI_BASE_URL": server.url + "/v1", "OPENAI_API_KEY": "any"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "The Rhine."


# --- a miss, damage


def test_a_damaged_recording_names_the_file_and_the_way_on(course, tmp_path):
    ask(client_of(course("record")))
    (path,) = recorded_files(tmp_path)
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    with pytest.raises(DamagedRecording, match="git checkout"):
        read(path)
    with pytest.raises(openai.APIStatusError, match=path.name):
        ask(client_of(course("replay")))


# --- live: meter, cap, keys


def test_live_meters_json_and_streams_and_keeps_no_file(course, api, tmp_path):
    server = course("live")
    ask(client_of(server))
    # gpt-5.2: $1.75 and $14 per million tokens
    assert server.meter.spent == pytest.approx(10 * 1.75e-6 + 5 * 14e-6)

    def stream(handler, body):
        handler.start_stream(200, {"content-type": "text/event-stream"})
        handler.send_chunk(f"data: {json.dumps(chunk(content='Po'))}\n\n".encode())
        usage = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
        if json.loads(body).get("stream_options"):
            handler.send_chunk(f"data: {json.dumps({**chunk(), 'choices': [], 'usage': usage})}\n\n".encode())
        handler.send_chunk(b"data: [DONE]\n\n")
        handler.end_stream()

    api.replies["/v1/chat/completions"] = stream
    list(ask(client_of(server), stream=True, stream_options={"include_usage": True}))
    assert server.meter.spent == pytest.approx(110 * 1.75e-6 + 55 * 14e-6)
    list(ask(client_of(server), stream=True))  # tells no usage: counted offline, and said to be an estimate
    assert server.exchanges[-1].reading.usage["estimated"] is True
    assert server.exchanges[-1].reading.usage["completion_tokens"] == 1
    assert not recorded_files(tmp_path)


def test_a_planted_key_reaches_the_api_but_no_file_and_no_log(course, api, tmp_path):
    def echo(handler, body):
        handler.send_json(
            200,
            chat_answer(f"you said {KEY}"),
            {"x-request-id": KEY, "openai-organization": "org-" + "a" * 24},
        )

    api.replies["/v1/chat/completions"] = echo
    api.replies["/v1/audio/transcriptions"] = lambda handler, body: handler.send_json(200, {"text": KEY})
    api.replies["/v1/audio/speech"] = lambda handler, body: handler.send_bytes(
        200, KEY.encode(), {"content-type": "audio/mpeg"}
    )
    server = course("record")
    client = client_of(server, organization="org-" + "b" * 24, project="proj_" + "c" * 24)
    client.chat.completions.create(
        model="gpt-5.2",
        messages=[{"role": "user", "content": f"my key is {KEY}"}],
        extra_headers={"x-mine": KEY},
    )
    client.audio.transcriptions.create(model="gpt-transcribe", file=(f"{KEY}.wav", b"x"), prompt=KEY)
    client.audio.speech.create(model="gpt-4o-mini-tts", voice="alloy", input="hi")
    assert all(headers.get("authorization") == f"Bearer {KEY}" for _, _, headers, _ in api.seen)
    kept = b"".join(path.read_bytes() + path.name.encode() for path in recorded_files(tmp_path))
    for secret in (KEY, "org-" + "a" * 24, "org-" + "b" * 24, "proj_" + "c" * 24):
        assert secret.encode() not in kept
        assert secret not in repr(server.exchanges)
    replayed = client_of(course("replay")).chat.completions.create(
        model="gpt-5.2", messages=[{"role": "user", "content": f"my key is {KEY}"}]
    )
    assert replayed.choices[0].message.content == "you said [removed]"


def test_no_network_is_one_sentence(course, api):
    server = course("live")
    api.server.close()
    with pytest.raises(openai.InternalServerError, match="could not reach 127.0.0.1.*COURSE_MODE=replay"):
        ask(client_of(server))
    assert len(server.exchanges) == 1


def test_a_stream_broken_off_by_the_learner_stops_the_upstream(course, api, tmp_path):
    stopped = threading.Event()

    def endless(handler, body):
        handler.start_stream(200, {"content-type": "text/event-stream"})
        try:
            for _ in range(500):
                handler.send_chunk(f"data: {json.dumps(chunk(content='x'))}\n\n".encode())
                time.sleep(0.01)
        except OSError:
            stopped.set()

    api.replies["/v1/chat/completions"] = endless
    stream = ask(client_of(course("live")), stream=True)
    next(iter(stream))
    stream.close()
    assert stopped.wait(3)
    assert not recorded_files(tmp_path)


def words(handler, body):
    """A stream of forty words, slow enough for a client to leave in the middle."""
    handler.start_stream(200, {"content-type": "text/event-stream"})
    for number in range(40):
        handler.send_chunk(f"data: {json.dumps(chunk(content=f'{number} '))}\n\n".encode())
        time.sleep(0.005)
    handler.send_chunk(b"data: [DONE]\n\n")
    handler.end_stream()


@pytest.mark.parametrize("leave", ["client", "fault"])
def test_a_stream_that_does_not_arrive_whole_is_recorded_whole(course, api, tmp_path, leave):
    api.replies["/v1/chat/completions"] = words
    server = course("record")
    if leave == "fault":
        server.plan = Plan([fault("drop-stream", events=3)])
    stream, got = ask(client_of(server), stream=True), []
    with contextlib.suppress(openai.APIConnectionError):
        for part in stream:
            got.append(part.choices[0].delta.content)
            if leave == "client" and len(got) == 3:
                stream.close()
                break
    assert got == ["0 ", "1 ", "2 "]
    eventually(lambda: [path.suffix for path in recorded_files(tmp_path)] == [".json"])  # and no draft of it
    (path,) = recorded_files(tmp_path)
    events = read(path)["response"]["events"]
    assert len(events) == 41 and events[-1][1] == "[DONE]"


def test_the_log_of_a_replayed_stream_does_not_depend_on_how_far_the_client_read(course, api):
    api.replies["/v1/chat/completions"] = words
    list(ask(client_of(course("record")), stream=True))
    server = course("replay", pace=1)
    stream = ask(client_of(server), stream=True)
    next(iter(stream))
    stream.close()
    server.plan = Plan([fault("drop-stream", events=3)])
    with pytest.raises(openai.APIConnectionError):
        list(ask(client_of(server), stream=True))
    assert [len(exchange.answer) for exchange in server.exchanges] == [41, 3]


def test_a_full_disk_in_record_fails_the_call_and_says_why(course, monkeypatch):
    server = course("record")

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(server.recordings, "save", full)
    with pytest.raises(openai.InternalServerError, match="No space left"):
        ask(client_of(server))


# --- the server's own manners


def raw(server, text):
    with socket.create_connection(server.server_address, timeout=5) as connection:
        connection.sendall(text)
        return connection.recv(65536)


def test_listens_on_loopback_only_and_refuses_a_foreign_host(course):
    server = course("replay")
    assert server.server_address[0] == "127.0.0.1"
    assert b"403" in raw(server, b"GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n").split(b"\r\n")[0]
    assert (
        b"424"
        in raw(server, f"GET /v1/models HTTP/1.1\r\nHost: localhost:{server.server_address[1]}\r\n\r\n".encode()).split(
            b"\r\n"
        )[0]
    )


def test_bounds_the_body(course):
    server = course("replay")
    head = f"POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1:{server.server_address[1]}\r\nContent-Length: {10**9}\r\n\r\n"
    assert b"413" in raw(server, head.encode()).split(b"\r\n")[0]


def test_reads_chunked_bodies(course):
    ask(client_of(course("record")))
    server = course("replay")
    body = json.dumps({"model": "gpt-5.2", "messages": MESSAGES}).encode()
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:7], body[7:])) + b"0\r\n\r\n"
    host = f"127.0.0.1:{server.server_address[1]}"
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"The Rhine." in raw(server, head.encode() + chunks)


def test_closing_also_ends_kept_connections(course):
    ask(client_of(course("record")))
    server = course("replay")
    client = client_of(server, max_retries=0)
    ask(client)
    server.close()
    with pytest.raises(openai.APIConnectionError):
        ask(client)

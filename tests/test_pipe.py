"""The pipe: what a client gets of a live call is what it gets without the server. Every case is run both ways."""

from __future__ import annotations

import concurrent.futures
import gzip
import hashlib
import io
import json
import random
import socket
import threading
import time
import tracemalloc
from collections import Counter

import httpx2
import openai
import pytest

from helpers.proxy import pipe
from helpers.proxy.http import LoopbackServer, parse_multipart
from helpers.proxy.recordings import Recordings, read
from helpers.proxy.server import CourseServer

KEY = "sk-test-0000000000000000"
ASKED = {"model": "gpt-4.1-nano", "messages": [{"role": "user", "content": "x"}]}
CHAT = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": []}
EVENTS = {"content-type": "text/event-stream"}


@pytest.fixture
def both():
    """Makes (direct, through, server) for an upstream: two base URLs, and the course server of the second."""
    made = []

    def make(answer, mode="live", folder=None, **options):
        upstream = LoopbackServer(answer)
        server = CourseServer(mode, upstream.url + "/v1", **options)
        server.begin(Recordings(*([folder] if folder else [])))
        for one in (upstream, server):
            one.start()
            made.append(one)
        return upstream.url + "/v1", server.url + "/v1", server

    yield make
    for one in made:
        one.close()


def client(url, **options):
    return openai.OpenAI(api_key=KEY, base_url=url, **options)


def outcome(call):
    """What a call gives: the value, or the class, status and text of the error."""
    try:
        return call()
    except Exception as error:
        return type(error).__name__, getattr(error, "status_code", None), str(error).replace(KEY, "…")[:200]


def same(urls, call):
    direct, through = (outcome(lambda url=url: call(url)) for url in urls)
    assert direct == through
    return direct


def chat(url, **options):
    return client(url, **options).chat.completions.create(**ASKED).model_dump()


def always(status, body, headers):
    return lambda handler: (handler.read_body(), handler.send_bytes(status, body, headers))


def first_then(failure):
    """An upstream whose first request fails in one way, then answers; and its count, to begin again."""
    count = Counter()

    def answer(handler):
        handler.read_body()
        count["all"] += 1
        if count["all"] == 1:
            failure(handler)
        else:
            handler.send_json(200, CHAT)

    return answer, count


def half(handler):
    handler.start(200, [("content-type", "application/json")], 100)
    handler.send(b'{"id"')
    handler.hang_up()


# --- breaks and errors: D2, D4, D5, D6, D8

FAILURES = {
    "a break before the answer": lambda handler: handler.hang_up(),
    "a break in the body": half,
    "503 with nothing": lambda handler: handler.send_bytes(
        503, b"", {"content-type": "application/json", "retry-after-ms": "1"}
    ),
    "502 in HTML": lambda handler: handler.send_bytes(502, b"<html>bad \xe9</html>", {"content-type": "text/html"}),
    "429 in UTF-16": lambda handler: handler.send_bytes(429, "nein".encode("utf-16"), {"content-type": "text/plain"}),
}


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("retries", [0, 1])
def test_a_failure_is_the_same_and_is_retried_alike(name, retries, both):
    answer, count = first_then(FAILURES[name])
    direct, through, _ = both(answer)
    found = same((direct, through), lambda url: (count.clear(), outcome(lambda: chat(url, max_retries=retries)))[1])
    assert (found[0] if isinstance(found, tuple) else found["id"]) == ("c" if retries else found[0])
    assert count["all"] == 1 + retries


@pytest.mark.parametrize(
    ("field", "value"),
    [("max_completion_tokens", "100"), ("max_completion_tokens", -1), ("model", 5), ("messages", 5), ("n", True),
     ("model", "ft:gpt-4o-mini-2024-07-18:acme::abc"), ("model", "ft:gpt-4.1:x"), ("tools", 7)],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["live", "record"])
def test_fields_of_a_wrong_type_get_the_apis_own_400(field, value, mode, both, tmp_path):
    body = {
        "error": {"message": "Invalid type", "type": "invalid_request_error", "param": field, "code": "invalid_type"}
    }
    direct, through, _ = both(
        always(400, json.dumps(body).encode(), {"content-type": "application/json"}), mode, tmp_path
    )
    found = same(
        (direct, through),
        lambda url: client(url).post("/chat/completions", body={**ASKED, field: value}, cast_to=object),
    )
    assert found[:2] == ("BadRequestError", 400)


@pytest.mark.parametrize("content", [b"[1, 2]", b'"text"', b"{broken", b"[" * 100_000, b"\xff\xfe"])
@pytest.mark.parametrize("mode", ["live", "record"])
def test_bodies_that_are_no_object(content, mode, both, tmp_path):
    direct, through, _ = both(lambda handler: handler.send_json(400, {"got": len(handler.read_body())}), mode, tmp_path)
    headers = {"content-type": "application/json"}
    for url in (direct, through):
        answer = httpx2.post(url + "/chat/completions", content=content, headers=headers)
        assert (answer.status_code, answer.json()) == (400, {"got": len(content)})


def bare(status, *lines, body=b"{}", length=None):
    """An answer as it goes over the wire; without a length it ends with the connection."""
    lines = [f"HTTP/1.1 {status}", *lines, *([] if length is None else [f"Content-Length: {length}"]), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


JSON = "Content-Type: application/json"
WIRE = {
    "100 before": b"HTTP/1.1 100 Continue\r\n\r\n" + bare("200 OK", JSON),
    "103 before": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + bare("200 OK", JSON),
    "no length": bare("200 OK", JSON),
    "HTTP/1.0": bare("200 OK", JSON).replace(b"1.1", b"1.0"),
    "204": bare("204 No Content", body=b""),
    "304": bare("304 Not Modified", "ETag: x", body=b""),
    "a status of no book": bare("520 Odd", "Content-Type: text/html", "x-should-retry: false", body=b"<p>"),
    "closed after the head": bare("200 OK", JSON, body=b"", length=100),
    "closed after the head of an error": bare("500 Oops", JSON, body=b"", length=100),
    "closed in the head": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "closed in a chunk": bare("200 OK", JSON, "Transfer-Encoding: chunked", body=b'40\r\n{"id"'),
    "no HTTP": b"hello\r\n\r\n",
    "a header of 60 KB": bare("200 OK", JSON, "X-Long: " + "a" * 60_000),
    "a head of 200 KB": bare("200 OK", JSON, *[f"X-{number}: {'a' * 2000}" for number in range(100)]),
    "150 headers": bare("200 OK", JSON, *[f"X-{number}: a" for number in range(150)]),
    "a wait": bare(
        "429 Slow", JSON, "Retry-After: 7", "retry-after-ms: 7000", "x-ratelimit-reset-tokens: 1s", body=b""
    ),
    "trailers": bare("200 OK", JSON, "Transfer-Encoding: chunked", body=b"2\r\n{}\r\n0\r\nX-After: 1\r\n\r\n"),
}


@pytest.mark.parametrize("name", WIRE)
@pytest.mark.parametrize("mode", ["live", "record"])
def test_odd_answers_are_the_same(name, mode, both, tmp_path):
    def answer(handler):
        handler.read_body()
        handler.wfile.write(
            WIRE[name].partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if handler.command == "HEAD" else WIRE[name]
        )
        handler.wfile.flush()
        handler.hang_up()

    def got(url, method):
        answer = httpx2.request(method, url + "/chat/completions", content=b"{}" if method == "POST" else None)
        headers = [
            pair for pair in answer.headers.multi_items() if pair[0] not in ("content-length", "transfer-encoding")
        ]
        return answer.status_code, answer.content, sorted(headers)

    direct, through, _ = both(answer, mode, tmp_path)
    for method in ("POST", "GET", "HEAD"):
        found = [outcome(lambda url=url, method=method: got(url, method)) for url in (direct, through)]
        assert found[0][:2] == found[1][:2]  # of errors the class
        assert isinstance(found[0][0], str) or found[0] == found[1]


def test_redirects(both):
    def moved(handler):
        handler.read_body()
        if handler.path == "/v1/new":
            handler.send_json(200, CHAT)
        else:
            handler.send_bytes(307, b"", {"location": "/v1/new"})

    direct, through, _ = both(moved)
    assert same((direct, through), chat)["id"] == "c"


def test_a_redirect_to_another_host_is_a_sentence_where_it_may_cost(both):
    def moved(handler):
        handler.read_body()
        handler.send_bytes(307, b"", {"location": "http://localhost:9/v1/new"})

    _, through, server = both(moved)
    found = outcome(lambda: chat(through))
    assert found[:2] == ("InternalServerError", 502) and "OPENAI_BASE_URL" in found[2] and len(server.exchanges) == 1
    answer = httpx2.get(through + "/files/f/content")  # free, and maybe a store of files: the client may go there
    assert (answer.status_code, answer.headers["location"]) == (307, "http://localhost:9/v1/new")


def test_redirects_in_a_circle_are_given_up_as_by_the_sdk(both):
    count = Counter()

    def circle(handler):
        handler.read_body()
        count["all"] += 1
        handler.send_bytes(307, b"", {"location": "/v1/again"})

    def asked(url):
        count.clear()
        return outcome(lambda: chat(url, max_retries=1)), count["all"]

    direct, through, _ = both(circle)
    assert same((direct, through), asked) == (("APIConnectionError", None, "Connection error."), 2 * 21)


def test_cookies_stay_with_their_client(both):
    seen = []

    def remember(handler):
        handler.read_body()
        seen.append((handler.headers["Authorization"][-1], handler.headers["Cookie"]))
        handler.send_json(200, CHAT, {"set-cookie": "who=" + seen[-1][0]})

    def asked(url):
        seen.clear()
        one, other = (openai.OpenAI(api_key=name, base_url=url) for name in ("key-of-a", "key-of-b"))
        for who in (one, other, one):
            who.chat.completions.create(**ASKED)
        return list(seen)

    direct, through, _ = both(remember)
    assert same((direct, through), asked) == [("a", None), ("b", None), ("a", "who=a")]


def test_a_client_may_be_more_patient_than_the_pipe(both, monkeypatch):
    def think(handler):
        handler.read_body()
        time.sleep(0.6)
        handler.send_json(200, CHAT)

    monkeypatch.setattr(pipe, "PATIENCE", 0.2)
    direct, through, _ = both(think)
    assert same((direct, through), lambda url: chat(url, timeout=5, max_retries=0))["id"] == "c"
    with pytest.raises(httpx2.RemoteProtocolError):  # names no time, so it gets the pipe's
        httpx2.post(through + "/chat/completions", json=ASKED)


def test_an_upstream_that_is_silent_is_left_with_the_client(both):
    left = []

    def stream(handler):
        handler.read_body()
        handler.start_stream(200, EVENTS)
        handler.send(b'data: {"id":"c","choices":[]}\n\n')
        until = time.monotonic() + 3
        while time.monotonic() < until and not handler.gone():
            time.sleep(0.02)
        left.append(until - time.monotonic())

    direct, through, server = both(stream, cap=1.0)
    for url in (direct, through):
        with client(url, max_retries=0).chat.completions.create(**ASKED, max_tokens=9, stream=True) as answer:
            assert next(iter(answer)).id == "c"
    deadline = time.monotonic() + 3
    while (len(left) < 2 or server.meter._open) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(left) == 2 and min(left) > 1.5 and server.meter._open == 0


def test_a_large_download_is_not_kept_in_memory(both):
    def files(handler):
        handler.read_body()
        handler.start(200, [("content-type", "application/octet-stream")], 40_000_000)
        for _ in range(400):
            handler.send(bytes(100_000))

    _, through, _ = both(files)
    tracemalloc.start()
    with httpx2.stream("GET", through + "/files/f/content") as answer:
        assert sum(map(len, answer.iter_raw())) == 40_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_what_never_connected_is_said_to_have_no_network(both):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # does not listen
        _, through, server = both(always(200, b"{}", {}))
        server.pipe.upstream = f"http://127.0.0.1:{nobody.getsockname()[1]}/v1"
        found = outcome(lambda: chat(through))
    assert found[:2] == ("InternalServerError", 503) and "could not reach 127.0.0.1" in found[2]
    assert len(server.exchanges) == 1  # and is not tried again in vain


def crowd(both, calls, retries, workers=24):
    """A crowd of calls to an upstream with 30 % faults: (lost, answered twice) directly and through the server."""
    dice, lock, served, attempts = random.Random(5), threading.Lock(), Counter(), Counter()

    def answer(handler):
        name = json.loads(handler.read_body())["user"]
        with lock:
            attempts[name] += 1
            fate = dice.random()
            failed = attempts[name] <= 3 and fate < 0.3
            served[name] += not failed
        if not failed:
            handler.send_json(200, {**CHAT, "id": name})
        elif fate < 0.1:
            handler.send_bytes(429, b"{}", {"content-type": "application/json", "retry-after-ms": "1"})
        elif fate < 0.2:
            handler.send_bytes(500, b"{}", {"content-type": "application/json", "retry-after-ms": "1"})
        else:
            handler.hang_up()

    def one(url, name):
        for _ in range(retries + 1):
            found = outcome(lambda: client_of[url].chat.completions.create(**ASKED, user=name).id)
            if found == name:
                return True
        return False

    *urls, _ = both(answer)
    client_of = {url: client(url, max_retries=retries) for url in urls}
    result = []
    for url in urls:
        served.clear()
        attempts.clear()
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            arrived = list(pool.map(lambda number, url=url: one(url, f"call {number}"), range(calls)))
        result.append((arrived.count(False), sum(count - 1 for count in served.values() if count > 1)))
    return result


def test_a_crowd_with_thirty_percent_faults_loses_none_and_doubles_none(both):
    assert crowd(both, calls=150, retries=5) == [(0, 0), (0, 0)]


# --- bytes, headers, pieces: D12, D14, D15

FRAMES = [
    b'event: thread.run.created\ndata: {"id":"run_1","object":"thread.run"}\n\n',
    b'data: {"a":1}\r\rdata: {"a":2}\r\r',
    b": hello\n\ndata: [DONE] bye\n\n",
    b"data: not json\n\ndata:\n\n",
    b'data: {"a":1}\n\ndata: [DONE]\n\n',
    "data: é ü \U0001f680\n\n".encode(),
]


@pytest.mark.parametrize("mode", ["live", "record"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_stream_passes_to_the_byte(mode, size, both, tmp_path):
    whole = b"".join(FRAMES)

    def stream(handler):
        handler.read_body()
        handler.start_stream(200, EVENTS)
        for start in range(0, len(whole), size):
            handler.send(whole[start : start + size])
        handler.end_stream()

    direct, through, _ = both(stream, mode, tmp_path)
    assert same((direct, through), lambda url: httpx2.post(url + "/x", json={}).content) == whole


def test_event_names_reach_the_sdk_live_and_replayed(both, tmp_path):
    def run(handler):
        handler.read_body()
        handler.start_stream(200, EVENTS)
        handler.send(FRAMES[0])
        handler.end_stream()

    def events(url):
        stream = client(url).beta.threads.runs.create("t", assistant_id="a", stream=True)
        return [type(event).__name__ for event in stream]

    direct, through, server = both(run, "record", tmp_path)
    with pytest.warns(DeprecationWarning):
        assert same((direct, through), events) == ["ThreadRunCreated"]
    server.mode = "replay"
    with pytest.warns(DeprecationWarning):
        assert events(through) == ["ThreadRunCreated"]


@pytest.mark.parametrize(
    "headers",
    [
        {"x-new": "1", "set-cookie": "a=b"},
        {"Content-Encoding": "gzip"},
        {"content-type": "application/json; charset=x"},
    ],
    ids=str,
)
def test_headers_and_coding_pass(headers, both):
    body = json.dumps(CHAT).encode()
    body = gzip.compress(body) if "Content-Encoding" in headers else body
    direct, through, server = both(always(200, body, {"content-type": "application/json", **headers}))
    found = [httpx2.post(url + "/chat/completions", json=ASKED) for url in (direct, through)]
    assert sorted(found[0].headers.multi_items()) == sorted(found[1].headers.multi_items())
    assert found[0].json() == found[1].json() == CHAT
    assert server.exchanges[-1].answer == CHAT  # understood, too


def test_headers_sent_twice_and_a_path_in_utf8_arrive_as_sent(both):
    def echo(handler):
        handler.read_body()
        handler.send_json(
            200, {"path": handler.path, "twice": handler.headers.get_all("x-a"), "one": handler.headers["x-b"]}
        )

    direct, through, _ = both(echo)
    found = []
    for url in (direct, through):
        address = httpx2.URL(url)
        with socket.create_connection((address.host, address.port), timeout=5) as connection:
            head = f"GET /v1/é%20x HTTP/1.1\r\nHost: {address.host}:{address.port}\r\nX-A: 1\r\nX-A: 2\r\n"
            connection.sendall(head.encode() + "X-B: é\r\nConnection: close\r\n\r\n".encode("latin-1"))
            found.append(json.loads(b"".join(iter(lambda c=connection: c.recv(65536), b"")).split(b"\r\n\r\n")[1]))
    assert found[0]["twice"] == found[1]["twice"] == ["1", "2"] and found[0]["one"] == found[1]["one"]
    assert found[1]["path"] == "/v1/%C3%A9%20x"


def test_sound_comes_in_pieces(both):
    heard, in_time = threading.Event(), []

    def speak(handler):
        handler.read_body()
        handler.start_stream(200, {"content-type": "audio/mpeg"})
        handler.send(b"x" * 1000)
        in_time.append(heard.wait(10))  # the rest is not sent before the client has the first piece
        handler.send(b"x" * 4000)
        handler.end_stream()

    direct, through, _ = both(speak)
    for url in (direct, through):
        heard.clear()
        with client(url).audio.speech.with_streaming_response.create(model="tts-1", voice="alloy", input="x") as answer:
            pieces = answer.iter_bytes()
            first = next(pieces)
            heard.set()
            assert first + b"".join(pieces) == b"x" * 5000
    assert in_time == [True, True]
    assert client(through).audio.speech.create(model="tts-1", voice="alloy", input="x").content == b"x" * 5000


def test_an_upload_of_25_megabytes_is_exact(both):
    got = []
    direct, through, server = both(
        lambda handler: (got.append(handler.read_body()), handler.send_json(200, {"id": "f"}))
    )
    content = random.Random(1).randbytes(25_000_000)
    client(through, max_retries=0).files.with_raw_response.create(file=("a.bin", content), purpose="user_data")
    assert content in got[-1]
    file = next(field for field in server.exchanges[-1].request["multipart"] if "filename" in field)
    assert (file["sha256"], file["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))


def test_the_price_is_known_when_the_sdk_returns(both):
    answer = {**CHAT, "usage": {"prompt_tokens": 10, "completion_tokens": 0, "total_tokens": 10}}
    _, through, server = both(lambda handler: (handler.read_body(), handler.send_json(200, answer)))
    one = client(through)
    for number in range(1, 101):
        one.chat.completions.create(**ASKED)
        assert server.meter.spent == pytest.approx(number * 10 * 0.1e-6)  # gpt-4.1-nano


def test_streams_without_usage_count_calls_and_old_completions(both):
    call = {"index": 0, "function": {"name": "weather", "arguments": '{"city": "' + "Paris " * 200 + '"}'}}
    chunks = iter(
        [{"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}, {"choices": [{"text": "river " * 100}]}]
    )

    def stream(handler):
        handler.read_body()
        handler.start_stream(200, EVENTS)
        handler.send(f"data: {json.dumps(next(chunks))}\n\ndata: [DONE]\n\n".encode())
        handler.end_stream()

    _, through, server = both(stream)
    for path, least in (("/chat/completions", 200), ("/completions", 100)):
        httpx2.post(through + path, json={**ASKED, "prompt": "x"})
        assert least <= server.exchanges[-1].reading.usage["completion_tokens"] < least * 1.5


# --- captures: D1, D13, D16 and the clock


def test_times_count_from_sending_and_are_replayed(both, tmp_path):
    def think(handler):
        asked = json.loads(handler.read_body())
        time.sleep(0.8)
        if asked.get("stream"):
            handler.start_stream(200, EVENTS)
            handler.send(b'data: {"id":"c","choices":[]}\n\ndata: [DONE]\n\n')
            handler.end_stream()
        else:
            handler.send_json(200, CHAT)

    direct, through, server = both(think, "record", tmp_path)
    list(client(through).chat.completions.create(**ASKED, stream=True))
    chat(through)
    kept = [read(path)["response"] for path in tmp_path.glob("*.json")]
    times = [one["events"][0][0] if "events" in one else one["elapsed_ms"] for one in kept]
    assert len(times) == 2 and all(800 <= time < 1500 for time in times)
    server.mode, server.pace, server.latency = "replay", 1.0, 1.0
    server.begin(Recordings(tmp_path))
    for call in (
        lambda: next(iter(client(through).chat.completions.create(**ASKED, stream=True))),
        lambda: chat(through),
    ):
        began = time.perf_counter()
        call()
        assert 0.79 <= time.perf_counter() - began < 1.5


def test_a_stream_that_breaks_is_kept_as_broken_and_breaks_again(both, tmp_path):
    def broken(handler):
        handler.read_body()
        handler.start_stream(200, EVENTS)
        handler.send(b'data: {"id":"c","choices":[]}\n\n' * 2)
        handler.hang_up()

    def events(url):
        got = []
        with pytest.raises((openai.APIConnectionError, httpx2.TransportError)) as caught:
            for event in client(url, max_retries=0).chat.completions.create(**ASKED, stream=True):
                got.append(event.id)
        return got, caught.type

    direct, through, server = both(broken, "record", tmp_path)
    assert events(direct) == events(through) == (["c", "c"], events(direct)[1])
    [path] = tmp_path.glob("*.json")
    assert read(path)["response"]["broken"] is True
    server.mode = "replay"
    assert events(through)[0] == ["c", "c"]


def test_a_stream_that_breaks_after_its_end_is_kept_whole(both, tmp_path):
    def careless(handler):
        handler.read_body()
        handler.start_stream(200, EVENTS)
        handler.send(b'data: {"id":"c","choices":[]}\n\ndata: [DONE]\n\n')
        handler.hang_up()

    direct, through, _ = both(careless, "record", tmp_path)
    same((direct, through), lambda url: [one.id for one in client(url).chat.completions.create(**ASKED, stream=True)])
    [path] = tmp_path.glob("*.json")
    assert [event[1] for event in read(path)["response"]["events"]][-1] == "[DONE]"


@pytest.mark.parametrize("folder", [None, "a file"])
def test_nothing_is_paid_where_nothing_can_be_kept(folder, both, tmp_path):
    seen = []
    (tmp_path / "a file").touch()
    where = folder and tmp_path / folder
    _, through, _ = both(lambda handler: (seen.append(1), handler.send_json(200, CHAT)), "record", where)
    assert "no folder to record into" in outcome(lambda: chat(through))[2] and not seen


def pieces(text):
    """A stream that says a text five characters at a time."""
    chunks = [{"choices": [{"index": 0, "delta": {"content": text[at : at + 5]}}]} for at in range(0, len(text), 5)]
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode() + b"data: [DONE]\n\n"


@pytest.mark.parametrize("secret", [KEY, "sk-" + "proj-" + "a1B2" * 8, "ek_" + "68af296e8e408191a1120ab6"])
def test_a_key_in_pieces_is_neither_kept_nor_logged(secret, both, tmp_path):
    direct, through, server = both(always(200, pieces(f"My key is {secret}."), EVENTS), "record", tmp_path)
    whole = same((direct, through), lambda url: httpx2.post(url + "/chat/completions", json=ASKED).content)
    assert whole == pieces(f"My key is {secret}.")  # the client asked for it
    assert not list(tmp_path.glob("*.json")) and server.exchanges[-1].answer == []


def test_a_key_in_pieces_is_not_logged_for_a_client_that_leaves(both):
    def stream(handler):
        handler.read_body()
        handler.start_stream(200, EVENTS)
        handler.send(pieces(KEY).removesuffix(b"data: [DONE]\n\n"))
        while not handler.gone():
            handler.send(b": still here\n\n")
            time.sleep(0.02)

    _, through, server = both(stream, cap=1.0)
    with client(through, max_retries=0).chat.completions.create(**ASKED, max_tokens=9, stream=True) as answer:
        assert "".join(next(answer).choices[0].delta.content for _ in range(5)) == KEY[:25]
    deadline = time.monotonic() + 3
    while server.meter._open and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.exchanges[-1].answer == []


def test_keys_in_names_and_headers_are_not_kept(both, tmp_path):
    other = "a-key-of-azure-0123456789"
    headers = {"content-type": "application/json", "x-request-id": other}
    body = json.dumps({"id": f"ek_{'a1' * 12}", "text": other}).encode()
    _, through, server = both(always(200, body, headers), "record", tmp_path)
    file = (f"{KEY}-ek_{'b2' * 12}.txt", io.BytesIO(b"x"), f"text/{other}")
    client(through, default_headers={"api-key": other}).files.create(file=file, purpose="batch")
    kept = "".join(path.name + path.read_text(encoding="utf-8") for path in tmp_path.iterdir()) + repr(server.exchanges)
    assert not [secret for secret in (KEY, other, "ek_" + "a1" * 12, "ek_" + "b2" * 12) if secret in kept]


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed; boundary=X", "text/plain", "application/json"])
def test_two_uploads_never_share_a_digest(kind):
    contents = [b"Subject: x\r\n\r\nhello\r\n", b"Subject: x\r\n\r\nbye\r\n", b"", b"\r\n", b"--X\r\n\r\nq\r\n--X--"]
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.eml"\r\nContent-Type: ' + kind.encode()
    for content in contents:
        [part] = parse_multipart("multipart/form-data; boundary=B", head + b"\r\n\r\n" + content + b"\r\n--B--\r\n")
        assert (part["content"], part["filename"]) == (content, "a.eml")

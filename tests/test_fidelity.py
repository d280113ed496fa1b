"""Exchanges of the real API through the course server: the SDK reads the same with the server as without it.

Without it means that the SDK's own HTTP library hands it the raw answer. With it there are three roads: a recording
made of the exchange, the recorder while it records the exchange, and the recording that it has written.
"""

import asyncio
import dataclasses
import functools
import json
import re
import time
from pathlib import Path
from types import SimpleNamespace

import httpx2
import openai
import openai._base_client
import pytest
from exchanges import (
    KEY,
    METHODS,
    WIRE,
    Exchange,
    arguments,
    exchanges,
    facts,
    made,
    method,
    problem,
    raw_client,
    respond,
    sent_by,
    serve,
)

from helpers.proxy.http import LoopbackServer
from helpers.proxy.recordings import Recordings, describe, request_key
from helpers.setup.redact import scrub

pytestmark = [
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning"),  # some models are, by now
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings"),  # embeddings that stay base64
]
README = Path(__file__).resolve().parent / "README.md"
ALL = exchanges()
STREAMS = [exchange for exchange in ALL if exchange.streamed]
NEVER_KEPT = {401, 403, 408, 409, 429}  # and 500 and above: what says something about the moment or the account
KEPT = [exchange for exchange in ALL if exchange.status < 500 and exchange.status not in NEVER_KEPT]
# What the SDK acts on and what the lessons read; the others tell of the network between.
HEADERS = re.compile(
    r"content-type|x-request-id|openai-version|openai-processing-ms|retry-after|retry-after-ms|x-should-retry|"
    r"x-ratelimit-(limit|remaining|reset)-(requests|tokens)"
)

name = pytest.mark.parametrize("exchange", ALL, ids=lambda exchange: exchange.name)
stream = pytest.mark.parametrize("exchange", STREAMS, ids=lambda exchange: exchange.name)


class Roads:
    """The three roads through the course server, for some exchanges.

    Attributes:
        replay: serves recordings made by `recording`.
        recorder: records what an upstream answers, which sends the raw bytes of the exchanges.
        recorded: serves what the recorder has written.
    """

    def __init__(self, chosen, folder):
        self.chosen = {request_key(describe_sent(exchange)): exchange for exchange in chosen}
        assert len(self.chosen) == len(chosen), "two exchanges have the same request"
        self.upstream = LoopbackServer(self._answer)
        self.upstream.start()
        self.replay = serve("replay", made(chosen, folder / "made"))
        self.recorder = serve("record", Recordings(folder / "recorded"), self.upstream.url)
        client = course_client(self.recorder)
        for exchange in chosen:
            read(client, exchange)
        self.recorded = serve("replay", Recordings(folder / "recorded"))

    def _answer(self, handler):
        body = handler.read_body()
        request = describe(handler.command, handler.path, handler.headers.get("Content-Type", ""), body)
        exchange = self.chosen[request_key(request)]
        headers = {name: value for name, value in respond(exchange).headers.items() if name != "content-length"}
        if not exchange.streamed:
            handler.send_bytes(exchange.status, exchange.body, headers)
            return
        handler.start_stream(exchange.status, headers)
        for start in range(0, len(exchange.body), 61):  # hardly ever where an event ends
            handler.send_chunk(exchange.body[start : start + 61])
        handler.end_stream()

    def close(self):
        for server in (self.replay, self.recorder, self.recorded, self.upstream):
            server.close()


@pytest.fixture(scope="module")
def roads(tmp_path_factory):
    ours = Roads(ALL, tmp_path_factory.mktemp("roads"))
    yield ours
    ours.close()


@pytest.fixture(scope="module")
def framing(tmp_path_factory):
    ours = Roads(FRAMED, tmp_path_factory.mktemp("framing"))
    yield ours
    ours.close()


def describe_sent(exchange):
    sent = sent_by(exchange)
    return describe(sent.method, sent.url.path, sent.headers.get("content-type", ""), sent.content)


@functools.cache
def course_client(server, max_retries=0):
    """An unmodified client of the SDK, pointed at a server of ours."""
    return openai.OpenAI(api_key=KEY, base_url=server.url + "/v1", max_retries=max_retries)


def read(client, exchange):
    """What the SDK makes of an exchange: one answer, or each event of a stream, or the error, as facts."""
    found = []
    try:
        answer = method(client, exchange)(**arguments(exchange))
        for value in answer if exchange.streamed else [answer]:
            found.append(facts(value))  # one by one: an error may come in the middle
    except openai.APIError as error:
        found.append(problem(error))
    return found


async def aread(client, exchange):
    found = []
    async with client:
        try:
            answer = await method(client, exchange)(**arguments(exchange))
            if not exchange.streamed:
                return [facts(answer)]
            async for value in answer:
                found.append(facts(value))
        except openai.APIError as error:
            found.append(problem(error))
    return found


def headers_of(response):
    return {name: value for name, value in response.headers.items() if HEADERS.fullmatch(name)}


# --- the same, with and without the server


@name
def test_a_recording_reads_like_the_raw_answer(exchange, roads):
    assert read(course_client(roads.replay), exchange) == read(raw_client(exchange), exchange)


@name
def test_what_the_recorder_passes_on_reads_like_the_raw_answer(exchange, roads):
    assert read(course_client(roads.recorder), exchange) == read(raw_client(exchange), exchange)


@pytest.mark.parametrize("exchange", KEPT, ids=lambda exchange: exchange.name)
def test_what_the_recorder_has_written_reads_like_the_raw_answer(exchange, roads):
    assert read(course_client(roads.recorded), exchange) == read(raw_client(exchange), exchange)


@name
def test_the_asynchronous_sdk_reads_the_same(exchange, roads):
    client = openai.AsyncOpenAI(api_key=KEY, base_url=roads.replay.url + "/v1", max_retries=0)
    ours = asyncio.run(aread(client, exchange))
    assert ours == asyncio.run(aread(raw_client(exchange, openai.AsyncOpenAI), exchange))


@name
def test_status_and_headers_are_the_same(exchange, roads):
    found = []
    for client in (course_client(roads.replay), raw_client(exchange)):
        try:
            raw = method(client, exchange, raw=True)(**arguments(exchange))
            found.append((raw.status_code, raw.request_id, raw.retries_taken, headers_of(raw)))
        except openai.APIStatusError as error:
            found.append((error.response.status_code, error.request_id, 0, headers_of(error.response)))
    assert found[0] == found[1]
    assert found[0][3]["content-type"]


def test_json_is_the_same_value_with_keys_in_the_same_order(roads):
    for exchange in ALL:
        if exchange.kind == "application/json" and exchange.status < 400:
            raw = method(course_client(roads.replay), exchange, raw=True)(**arguments(exchange))
            assert json.dumps(json.loads(raw.content)) == json.dumps(json.loads(exchange.body)), exchange.name


@stream
def test_a_stream_is_the_same_to_the_byte(exchange, roads):
    for server in (roads.replay, roads.recorded):
        raw = method(course_client(server), exchange, raw=True)(**arguments(exchange))
        assert raw.http_response.read() == exchange.body


def test_sound_is_the_same_to_the_byte_and_in_pieces(roads):
    [exchange] = [exchange for exchange in ALL if exchange.kind == "audio/mpeg"]
    speech = course_client(roads.replay).audio.speech
    with speech.with_streaming_response.create(**arguments(exchange)) as answer:
        pieces = list(answer.iter_bytes(1000))
    assert b"".join(pieces) == exchange.body and len(pieces) > 50


@stream
def test_the_stream_helpers_tell_the_same_events(exchange, roads):
    options = {name: value for name, value in arguments(exchange).items() if name != "stream"}
    found = []
    for client in (course_client(roads.replay), raw_client(exchange)):
        try:
            with chat_or_responses(client, exchange).stream(**options) as events:
                told = [facts(event) for event in events]
                last = getattr(events, "get_final_response", None) or events.get_final_completion
                found.append((told, facts(last())))
        except ValueError as refusal:  # by the SDK itself, which helps with strict tools only
            found.append(str(refusal))
    assert found[0] == found[1]
    assert found[0] != "" and ("is not strict" in found[0] or len(found[0][0]) > 3)


def chat_or_responses(client, exchange):
    return client.responses if exchange.endpoint.endswith("responses") else client.chat.completions


# --- errors are waited out alike


@pytest.fixture
def waits(monkeypatch):
    """The seconds that the SDK would have waited, in a list."""
    seconds = []
    monkeypatch.setattr(openai._base_client, "time", SimpleNamespace(sleep=seconds.append, time=time.time))
    monkeypatch.setattr(openai._base_client, "random", lambda: 0.5)
    return seconds


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        ("error-400-max-tokens-unsupported", []),
        ("error-401-invalid-key-chat", []),
        ("error-404-model-not-found-chat", []),
        ("error-429-rate-limit-rpm", [20, 20]),  # its header says: retry-after: 20
        ("error-429-insufficient-quota", 2),  # no header: two waits of the SDK's own choice
        ("error-500-server-error-responses", 2),
    ],
)
def test_the_sdk_retries_alike_and_waits_as_long(exchange, expected, roads, waits):
    [exchange] = [one for one in ALL if one.name == exchange]
    before = len(roads.replay.exchanges)
    ours = read(course_client(roads.replay, max_retries=2), exchange)
    waited = list(waits)
    counts = [one.retry for one in roads.replay.exchanges[before:]]
    waits.clear()
    assert ours == read(raw_client(exchange, max_retries=2), exchange)
    assert waited == waits
    assert waited == expected or len(waited) == expected
    assert counts == list(range(len(waited) + 1))


# --- streams in every legal framing


def said(word):
    """A chat chunk as JSON text; `word` stands in it as it is."""
    return (
        '{"id":"chatcmpl-0","object":"chat.completion.chunk","created":1,"model":"m","choices":'
        '[{"index":0,"delta":{"content":"' + word + '"},"finish_reason":null}]}'
    )


A, B, DONE = f"data: {said('a')}", f"data: {said('b')}", "data: [DONE]\n\n"
DELTA = (
    'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","content_index":0,"delta":"Hi",'
    '"item_id":"msg_0","logprobs":[],"output_index":0,"sequence_number":4}\n\n'
)
OVERLOADED = (
    '{"error":{"message":"Overloaded","type":"service_unavailable_error","param":null,"code":"server_is_overloaded"}}'
)
CHAT_FRAMINGS = {
    "line feeds": f"{A}\n\n{B}\n\n{DONE}",
    "carriage returns and line feeds": f"{A}\r\n\r\n{B}\r\n\r\ndata: [DONE]\r\n\r\n",
    "no space": f"data:{said('a')}\n\ndata:[DONE]\n\n",
    "comments": f": hello\n\n{A}\n\n:\n\n{DONE}",
    "ids and times": f"id: 1\nretry: 5\n{A}\n\n{DONE}",
    "several lines": A.replace(',"', ',\ndata: "') + f"\n\n{DONE}",
    "no end": f"{A}\n\n",
    "an unfinished event": f"{A}\n\n{B}\n",
    "letters of all kinds": f"data: {said('Ünïcödé 🚲 ' + chr(0x2028) + chr(0x85))}\n\n{DONE}",
    "escaped letters": "data: " + said(r"\n \t \u00e9 \ud83d\ude80 \u2028 \/ \\ <b>") + f"\n\n{DONE}",
    "half a character": "data: " + said(r"\ud83d") + f"\n\n{DONE}",
    "an error in the middle": f"{A}\n\ndata: {OVERLOADED}\n\n{B}\n\n",
}
RESPONSES_FRAMINGS = {
    "named events": DELTA,
    "a keepalive": 'event: keepalive\ndata: {"type":"keepalive","sequence_number":3}\n\n' + DELTA,
    "an error event": DELTA + 'event: error\ndata: {"type":"error","code":"server_error","message":"No","param":null,'
    '"sequence_number":5}\n\n',
}


def framed(title, body, endpoint):
    chat = endpoint.endswith("completions")
    asked = {"messages": [{"role": "user", "content": title}]} if chat else {"input": title}
    request = {"method": "POST", "path": endpoint, "json": {"model": "m", "stream": True, **asked}}
    return Exchange(
        title, f"POST {endpoint}", request, 200, {"content-type": "text/event-stream"}, body.encode("utf-8")
    )


FRAMED = [framed(*item, "/v1/chat/completions") for item in CHAT_FRAMINGS.items()]
FRAMED += [framed(*item, "/v1/responses") for item in RESPONSES_FRAMINGS.items()]


@pytest.mark.parametrize("exchange", FRAMED, ids=lambda exchange: exchange.name)
def test_every_framing_of_a_stream_reads_the_same(exchange, framing):
    expected = read(raw_client(exchange), exchange)
    assert expected
    for server in (framing.replay, framing.recorder, framing.recorded):
        assert read(course_client(server), exchange) == expected


def test_half_a_character_in_an_answer_and_in_a_request(tmp_path):
    """JavaScript cuts texts there: JSON can hold one half of an emoji, UTF-8 cannot."""
    half = r'{"id":"modr-0","model":"m","results":[],"note":"\ud83d"}'
    request = {"method": "POST", "path": "/v1/moderations", "json": {"input": "half"}}
    exchange = Exchange(
        "half", "POST /v1/moderations", request, 200, {"content-type": "application/json"}, half.encode()
    )
    server = serve("replay", made([exchange], tmp_path))
    [ours] = read(course_client(server), exchange)
    assert ours["extra"] == {"note": chr(0xD83D)}
    address = server.url + "/v1/moderations"
    missed = httpx2.post(address, content=r'{"input":"\ud83d"}', headers={"content-type": "application/json"})
    assert (missed.status_code, missed.json()["error"]["code"]) == (424, "no_recording")
    server.close()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("1.0", "1", True), ("-0.0", "0", True), ("1e2", "100", True), ("1.5", "1", False), ("true", "1", False)],
)
def test_a_number_is_the_same_however_a_language_writes_it(one, other, same):
    keys = {request_key(describe("POST", "/", "", b'{"a": [{"b": %s}]}' % text.encode())) for text in (one, other)}
    assert (len(keys) == 1) is same


# --- the comparison can fail

QUOTED_OR_NUMBER = re.compile(rb'"[^"\\]*[A-Za-z0-9][^"\\]*"|(?<=[:\[, ])-?\d')


def changed(exchange, most=12):
    """Copies of an exchange, each with one byte changed: in a name, a text, a number, or anywhere in a sound."""
    body = exchange.body
    if exchange.kind.startswith("audio"):
        places = range(len(body))
    else:
        matches = QUOTED_OR_NUMBER.finditer(body)
        places = [match.start() + re.search(rb"[A-Za-z0-9]", match[0]).start() for match in matches]
    for place in places[:: max(1, len(places) // most)]:
        old = body[place : place + 1]
        new = b"2" if old == b"1" else b"1" if old.isdigit() else b"y" if old == b"x" else b"x"
        yield dataclasses.replace(exchange, body=body[:place] + new + body[place + 1 :])


@name
def test_every_changed_byte_is_noticed(exchange):
    truth = read(raw_client(exchange), exchange)
    others = list(changed(exchange))
    assert len(others) >= 2
    assert [other.body for other in others if read(raw_client(other), exchange) == truth] == []


def test_a_changed_byte_is_noticed_through_the_server(tmp_path):
    server = serve("replay", made([list(changed(exchange))[1] for exchange in ALL], tmp_path))
    same = [one.name for one in ALL if read(course_client(server), one) == read(raw_client(one), one)]
    server.close()
    assert same == []


def test_a_changed_header_and_status_are_noticed():
    [exchange] = [exchange for exchange in ALL if exchange.name == "error-429-rate-limit-rpm"]
    truth = headers_of(respond(exchange))
    assert len(truth) == 10
    for name in exchange.headers:
        other = dataclasses.replace(exchange, headers=exchange.headers | {name: "1"})
        assert (headers_of(respond(other)) != truth) is (name.lower() in truth)
    other = dataclasses.replace(exchange, status=500)
    assert read(raw_client(other), exchange) != read(raw_client(exchange), exchange)


# --- what is kept


def test_every_exchange_is_tried_with_the_request_that_was_made():
    for exchange in ALL:
        sent = sent_by(exchange)
        assert (sent.method, sent.url.path) == (exchange.request["method"], exchange.request["path"])
        asked = exchange.request.get("json") or {}
        assert json.loads(sent.content or "{}").items() >= asked.items() if asked else True


def test_no_exchange_holds_a_key_an_account_or_a_cookie():
    private = {"authorization", "cookie", "set-cookie", "openai-organization", "openai-project"}
    for path in sorted(WIRE.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        assert scrub(text) == text, path.name
        kept = json.loads(text)
        assert not private & {name.lower() for name in kept["response"]["headers"]}, path.name
        assert kept["source"]["repo"] and kept["source"]["path"], path.name


def test_every_endpoint_that_is_kept_has_a_method():
    assert {exchange.endpoint for exchange in ALL} == set(METHODS)


def test_the_figures_in_the_readme():
    text = README.read_text(encoding="utf-8")
    events = sum(exchange.body.count(b"data: {") for exchange in STREAMS)
    altered = sum(len(list(changed(exchange))) for exchange in ALL)
    for figure in (f"{len(ALL)} exchanges", f"{events} events", f"{len(FRAMED)} framings", f"{altered} changed bytes"):
        assert figure in text

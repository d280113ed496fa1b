"""The course server: answers a kernel's API calls from recordings, or forwards them, meters them and records them."""

from __future__ import annotations

import datetime
import functools
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..setup.keys import PLACEHOLDER
from ..setup.redact import scrub
from ..setup.settings import Mode
from .faults import Fault, Plan, RateLimit
from .http import HALVES, Handler, LoopbackServer
from .meter import Meter, Reading, read_usage
from .recordings import DamagedRecording, Recordings, describe

KEPT_HEADERS = re.compile(
    r"content-type|x-request-id|openai-(processing-ms|version)|retry-after.*|x-ratelimit-.*|x-should-retry"
)
NOT_FORWARDED = {
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
    "proxy-authorization",
}
TRANSIENT = {401, 403, 408, 409, 429}  # answers about the account or the moment: never worth keeping
SUFFIXES = {
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/aac": "aac",
    "audio/opus": "opus",
    "audio/pcm": "pcm",
}


@dataclass
class Exchange:
    """What the server saw of one request.

    Attributes:
        request: the described request: {"method", "path", "json" | "multipart"}.
        retry: the SDK's own count of this attempt, 0 for the first.
        t: seconds from the start of the lesson to the request's arrival.
        status: HTTP status answered; 0 when the connection was dropped.
        answer: JSON answer, list of a stream's JSON events, or None.
        headers: headers of the answer that are worth reading.
        source: "recording", "live", "fault", "miss" or "cap".
        origin: where a recorded answer comes from.
        seconds: how long answering took.
    """

    request: dict[str, Any]
    retry: int
    t: float
    status: int = 0
    answer: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    source: str = "fault"
    origin: dict[str, Any] | None = None
    seconds: float = 0.0

    @functools.cached_property
    def reading(self) -> Reading | None:
        """What the call used; None where nothing was answered or the answer was an error."""
        answered = self.source in ("recording", "live") and 200 <= self.status < 300
        return read_usage(self.request, self.answer) if answered else None


class CourseServer(LoopbackServer):
    """One server for the life of a kernel; `begin` re-points it at another lesson.

    Args:
        mode: "replay", "live" or "record".
        upstream: base URL, ending in /v1, that live and record forward to.
        cap: USD that this kernel may spend live.
        pace: speed factor of replayed streams: 1 as recorded, 0 at once.
        port: 0 picks a free one.
    """

    def __init__(self, mode: str, upstream: str, cap: float = 0.5, pace: float = 1.0, port: int = 0) -> None:
        super().__init__(self._answer, port)
        self.mode, self.upstream, self.pace = mode, upstream.rstrip("/"), pace
        self.latency = 0.0  # factor of the recorded time that answers which are not streams wait
        self.meter = Meter(cap)
        self.plan: Plan | RateLimit = Plan(())
        self.begin(Recordings())
        self._client: Any = None
        self._client_lock = threading.Lock()

    def begin(self, recordings: Recordings) -> None:
        """Starts a lesson: other recordings, an empty log, no faults."""
        self.recordings = recordings
        self.exchanges: list[Exchange] = []
        self.plan = Plan(())
        self._began = time.monotonic()

    def _answer(self, handler: Handler) -> None:
        arrived = time.monotonic()
        body = handler.read_body()
        bearer = handler.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        secret = bearer if bearer != PLACEHOLDER else None
        content_type = handler.headers.get("Content-Type", "")
        request = describe(handler.command, handler.path, content_type, body, secret)
        retry = handler.headers.get("x-stainless-retry-count", "0")
        exchange = Exchange(request, int(retry) if retry.isdigit() else 0, arrived - self._began)
        self.exchanges.append(exchange)
        fault, extra = self.plan.decide()
        try:
            if fault and fault.kind == "slow":
                time.sleep(fault.seconds)
            if fault and fault.kind in ("status", "drop"):
                self._fail(handler, fault, exchange)
            elif self.mode == Mode.REPLAY:
                self._replay(handler, exchange, fault, extra)
            else:
                self._forward(handler, exchange, body, secret, fault)
        finally:
            exchange.seconds = time.monotonic() - arrived

    # --- faults

    def _fail(self, handler: Handler, fault: Fault, exchange: Exchange) -> None:
        if fault.kind == "drop":
            handler.hang_up()
            return
        exchange.status, exchange.answer = fault.status, {"error": fault.error}
        exchange.headers = {"x-request-id": "req_" + f"{len(self.exchanges):032x}", **fault.headers}
        handler.send_json(fault.status, exchange.answer, exchange.headers)

    # --- replay

    def _replay(self, handler: Handler, exchange: Exchange, fault: Fault | None, extra: dict[str, str]) -> None:
        try:
            recording = self.recordings.next(exchange.request)
        except DamagedRecording as error:
            self._refuse(handler, exchange, "miss", 501, "damaged_recording", str(error))
            return
        if recording is None:
            self._refuse(handler, exchange, "miss", 501, "no_recording", self._miss(exchange.request))
            return
        response = recording["response"]
        exchange.status, exchange.source, exchange.origin = (
            response["status"],
            "recording",
            recording["origin"],
        )
        exchange.headers = {**response["headers"], **extra}
        if "events" in response:
            self._replay_stream(handler, exchange, response, fault)
            return
        if self.latency:
            time.sleep(response.get("elapsed_ms", 0) / 1000 * self.latency)
        if "json" in response:
            exchange.answer = response["json"]
            handler.send_json(exchange.status, exchange.answer, exchange.headers)
        else:
            body = response["body"].read_bytes() if "body" in response else response["text"].encode()
            handler.send_bytes(exchange.status, body, exchange.headers)

    def _replay_stream(
        self, handler: Handler, exchange: Exchange, response: dict[str, Any], fault: Fault | None
    ) -> None:
        events = response["events"]
        cut = fault is not None and fault.kind == "drop-stream" and fault.events < len(events)
        if cut:
            events = events[: fault.events]
        # Noted before it is sent: how far a client that leaves has read depends on the clock, and the log must not.
        exchange.answer = [data for _, data in events]
        handler.start_stream(exchange.status, exchange.headers)
        began = time.monotonic()
        for t_ms, data in events:
            if self.pace and (wait := began + t_ms / 1000 * self.pace - time.monotonic()) > 0:
                time.sleep(wait)
            handler.send_chunk(sse(data))
        if cut:
            handler.hang_up()
        else:
            handler.end_stream()

    def _miss(self, request: dict[str, Any]) -> str:
        way_on = (
            "To ask the real API, put a key into .env (lesson 00) and restart the kernel; "
            "to stay without a key, send exactly a request that the lesson recorded."
        )
        closest = self.recordings.closest(request)
        if closest is None:
            return f"Replay has no recorded answer for {request['method']} {request['path']} in this lesson. {way_on}"
        slug, differences = closest
        shown = "; ".join(differences[:4]) + (f"; and {len(differences) - 4} more" if len(differences) > 4 else "")
        return f"Replay has no recorded answer for this request. The closest one, {slug}, differs in {shown}. {way_on}"

    def _refuse(self, handler: Handler, exchange: Exchange, source: str, status: int, code: str, message: str) -> None:
        """An answer of the course's own; x-should-retry keeps the SDK from asking again in vain."""
        exchange.status, exchange.source = status, source
        exchange.answer = {"error": {"message": message, "type": "course", "param": None, "code": code}}
        handler.send_json(status, exchange.answer, {"x-should-retry": "false"})

    # --- live and record

    def _http(self) -> Any:
        with self._client_lock:
            if self._client is None:
                import httpx2  # comes with openai 3; imported here, so that replay starts without it

                limits = httpx2.Limits(max_connections=None, max_keepalive_connections=100)
                self._client = httpx2.Client(timeout=httpx2.Timeout(600, connect=10), limits=limits)
            return self._client

    def _forward(
        self, handler: Handler, exchange: Exchange, body: bytes, secret: str | None, fault: Fault | None
    ) -> None:
        import httpx2

        reserved = self.meter.reserve(exchange.request)
        if reserved is None:
            message = (
                f"Stopped before sending: this call could take the kernel over its cap of ${self.meter.cap:.2f} "
                f"(spent so far: ${self.meter.spent:.4f}). Raise COURSE_CAP in .env and restart the kernel to go on."
            )
            self._refuse(handler, exchange, "cap", 402, "spending_cap", message)
            return
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in NOT_FORWARDED}
        url = self.upstream + handler.path.removeprefix("/v1")
        exchange.source = "live"
        try:
            stream = self._http().stream(
                handler.command, url, content=body, headers={**headers, "accept-encoding": "identity"}
            )
            with stream as response:
                exchange.status = response.status_code
                exchange.headers = scrub(
                    {name: value for name, value in response.headers.items() if KEPT_HEADERS.fullmatch(name)},
                    secret,
                )
                if response.headers.get("content-type", "").startswith("text/event-stream"):
                    self._pass_stream(handler, exchange, response, secret, fault)
                else:
                    self._pass_answer(handler, exchange, response, secret)
        except httpx2.TransportError as error:
            if exchange.answer is not None:  # broke in mid-stream: so must ours
                handler.hang_up()
                return
            message = f"The course server could not reach {httpx2.URL(self.upstream).host} ({type(error).__name__}). "
            self._refuse(
                handler,
                exchange,
                "live",
                503,
                "no_network",
                message + "Check the network, and OPENAI_BASE_URL if it is set; COURSE_MODE=replay goes on without.",
            )
        finally:
            self.meter.settle(reserved, exchange.reading)

    def _pass_answer(self, handler: Handler, exchange: Exchange, response: Any, secret: str | None) -> None:
        began = time.monotonic()
        content = response.read()
        elapsed = response.headers.get("x-course-elapsed-ms") or f"{(time.monotonic() - began) * 1000:.0f}"
        kind = exchange.headers.get("content-type", "").partition(";")[0]
        kept: dict[str, Any] = {
            "status": exchange.status,
            "headers": exchange.headers,
            "elapsed_ms": int(elapsed),
        }
        body = None
        if kind == "application/json":
            exchange.answer = scrub(json.loads(content), secret)
            kept["json"] = exchange.answer
        elif kind.startswith("text/") or kind == "application/jsonl":
            kept["text"] = scrub(content.decode(), secret)
        else:
            body = content
        self._record(exchange, response, kept, body, secret, SUFFIXES.get(kind, "bin"))
        if exchange.status >= 400 and secret:  # errors end in tracebacks, and some gateways repeat the key in them
            content = content.replace(secret.encode(), b"[removed]")
        handler.send_bytes(exchange.status, content, exchange.headers)

    def _pass_stream(
        self, handler: Handler, exchange: Exchange, response: Any, secret: str | None, fault: Fault | None
    ) -> None:
        began = time.monotonic()
        exchange.answer, events = [], []
        handler.start_stream(exchange.status, exchange.headers)
        cut = left = False  # the fault has struck; the client has gone
        held = []  # newest event, held back in record: who has the last one may leave before the file is written
        for t_ms, data in parse_sse(response.iter_bytes()):
            cut = fault is not None and fault.kind == "drop-stream" and len(events) >= fault.events
            if cut and self.mode != Mode.RECORD:
                break
            events.append([round((time.monotonic() - began) * 1000) if t_ms is None else t_ms, scrub(data, secret)])
            if cut:
                continue  # a recording is whole, however much of it the client gets
            exchange.answer.append(events[-1][1])
            if left:
                continue
            held.append(sse(data))
            try:
                while len(held) > (self.mode == Mode.RECORD):
                    handler.send_chunk(held.pop(0))
            except OSError:
                if self.mode != Mode.RECORD:
                    raise
                left = True
        kept = {"status": exchange.status, "headers": exchange.headers, "elapsed_ms": 0, "events": events}
        self._record(exchange, response, kept, None, secret)
        if left:
            return
        for event in held:
            handler.send_chunk(event)
        if cut:
            handler.hang_up()
        else:
            handler.end_stream()

    def _record(
        self,
        exchange: Exchange,
        response: Any,
        kept: dict[str, Any],
        body: bytes | None,
        secret: str | None,
        suffix: str = "bin",
    ) -> None:
        if authored := response.headers.get("x-course-origin"):
            exchange.origin = json.loads(authored)
        else:
            date = datetime.datetime.now(datetime.UTC).date().isoformat()
            exchange.origin = {"kind": "captured", "date": date, "model": _model(exchange), "sdk": _sdk()}
        if self.mode != Mode.RECORD or exchange.status >= 500 or exchange.status in TRANSIENT:
            return
        if body is not None and secret and secret.encode() in body:
            return  # a binary answer cannot be cleaned, so it is not kept
        self.recordings.save({"request": exchange.request, "response": kept, "origin": exchange.origin}, body, suffix)


def _model(exchange: Exchange) -> str | None:
    answer = exchange.answer[0] if isinstance(exchange.answer, list) and exchange.answer else exchange.answer
    body = exchange.request.get("json") or {}
    return (answer.get("model") if isinstance(answer, dict) else None) or body.get("model")


def _sdk() -> str:
    import openai

    return openai.__version__


def sse(data: Any) -> bytes:
    """One server-sent event. Objects with a "type" of the Responses API get the `event:` line that its streams have."""
    if isinstance(data, str):
        return f"data: {data}\n\n".encode()
    name = data.get("type") if isinstance(data, dict) else None
    event = f"event: {name}\n" if isinstance(name, str) and "sequence_number" in data else ""
    return f"{event}data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode(errors=HALVES)


def parse_sse(chunks: Iterator[bytes]) -> Iterator[tuple[int | None, Any]]:
    """Events of a stream: (time in ms that the stand-in upstream states in a `: t=` comment, else None; data)."""
    rest, t_ms, lines = b"", None, []
    for chunk in chunks:
        rest += chunk
        while b"\n" in rest:
            line, _, rest = rest.partition(b"\n")
            line = line.rstrip(b"\r")
            if line.startswith(b": t="):
                t_ms = int(line[4:])
            elif line.startswith(b"data:"):
                lines.append(line[5:].removeprefix(b" "))
            elif not line and lines:
                text = b"\n".join(lines).decode()
                yield t_ms, json.loads(text) if text[:1] in "{[" and text != "[DONE]" else text
                t_ms, lines = None, []

"""The pipe: live calls go through to the API, are metered, and in record mode kept."""

from __future__ import annotations

import datetime
import json
import re
import threading
import time
from typing import Any

from ..setup.redact import scrub
from .exchange import Call, Exchange
from .http import parse_sse, sse
from .meter import Meter
from .recordings import Recordings

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


class Pipe:
    """The way to the API.

    Args:
        upstream: base URL, ending in /v1.
        meter: counts what calls use, and holds the cap.
    """

    def __init__(self, upstream: str, meter: Meter) -> None:
        self.upstream, self.meter = upstream.rstrip("/"), meter
        self._client: Any = None
        self._client_lock = threading.Lock()

    def _http(self) -> Any:
        with self._client_lock:
            if self._client is None:
                import httpx2  # comes with openai 3; imported here, so that replay starts without it

                limits = httpx2.Limits(max_connections=None, max_keepalive_connections=100)
                self._client = httpx2.Client(timeout=httpx2.Timeout(600, connect=10), limits=limits)
            return self._client

    def forward(self, call: Call, recordings: Recordings | None) -> None:
        """Sends a call on and passes the answer back.

        Args:
            call: the request.
            recordings: where the exchange is kept; None keeps nothing.
        """
        import httpx2

        handler, exchange, body, secret = call.handler, call.exchange, call.body, call.secret

        reserved = self.meter.reserve(exchange.request)
        if reserved is None:
            message = (
                f"Stopped before sending: this call could take the kernel over its cap of ${self.meter.cap:.2f} "
                f"(spent so far: ${self.meter.spent:.4f}). Raise COURSE_CAP in .env and restart the kernel to go on."
            )
            call.refuse("cap", 402, "spending_cap", message)
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
                    self._pass_stream(call, response, recordings)
                else:
                    self._pass_answer(call, response, recordings)
        except httpx2.TransportError as error:
            if exchange.answer is not None:  # broke in mid-stream: so must ours
                handler.hang_up()
                return
            message = f"The course server could not reach {httpx2.URL(self.upstream).host} ({type(error).__name__}). "
            call.refuse(
                "live",
                503,
                "no_network",
                message + "Check the network, and OPENAI_BASE_URL if it is set; COURSE_MODE=replay goes on without.",
            )
        finally:
            self.meter.settle(reserved, exchange.reading)

    def _pass_answer(self, call: Call, response: Any, recordings: Recordings | None) -> None:
        handler, exchange, secret = call.handler, call.exchange, call.secret
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
        self._record(call, response, kept, recordings, body, SUFFIXES.get(kind, "bin"))
        if exchange.status >= 400 and secret:  # errors end in tracebacks, and some gateways repeat the key in them
            content = content.replace(secret.encode(), b"[removed]")
        handler.send_bytes(exchange.status, content, exchange.headers)

    def _pass_stream(self, call: Call, response: Any, recordings: Recordings | None) -> None:
        handler, exchange, secret, fault = call.handler, call.exchange, call.secret, call.fault
        began = time.monotonic()
        exchange.answer, events = [], []
        handler.start_stream(exchange.status, exchange.headers)
        cut = left = False  # the fault has struck; the client has gone
        held = []  # newest event, held back in record: who has the last one may leave before the file is written
        for t_ms, data in parse_sse(response.iter_bytes()):
            cut = fault is not None and fault.kind == "drop-stream" and len(events) >= fault.events
            if cut and recordings is None:
                break
            events.append([round((time.monotonic() - began) * 1000) if t_ms is None else t_ms, scrub(data, secret)])
            if cut:
                continue  # a recording is whole, however much of it the client gets
            exchange.answer.append(events[-1][1])
            if left:
                continue
            held.append(sse(data))
            try:
                while len(held) > (recordings is not None):
                    handler.send_chunk(held.pop(0))
            except OSError:
                if recordings is None:
                    raise
                left = True
        kept = {"status": exchange.status, "headers": exchange.headers, "elapsed_ms": 0, "events": events}
        self._record(call, response, kept, recordings)
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
        call: Call,
        response: Any,
        kept: dict[str, Any],
        recordings: Recordings | None,
        body: bytes | None = None,
        suffix: str = "bin",
    ) -> None:
        exchange = call.exchange
        if authored := response.headers.get("x-course-origin"):
            exchange.origin = json.loads(authored)
        else:
            date = datetime.datetime.now(datetime.UTC).date().isoformat()
            exchange.origin = {"kind": "captured", "date": date, "model": _model(exchange), "sdk": _sdk()}
        if recordings is None or exchange.status >= 500 or exchange.status in TRANSIENT:
            return
        if exchange.origin["kind"] == "stand-in":
            return  # the upstream is a course server that had no answer of its own
        if body is not None and call.secret and call.secret.encode() in body:
            return  # a binary answer cannot be cleaned, so it is not kept
        recordings.save({"request": exchange.request, "response": kept, "origin": exchange.origin}, body, suffix)


def _model(exchange: Exchange) -> str | None:
    answer = exchange.answer[0] if isinstance(exchange.answer, list) and exchange.answer else exchange.answer
    body = exchange.request.get("json") or {}
    return (answer.get("model") if isinstance(answer, dict) else None) or body.get("model")


def _sdk() -> str:
    import openai

    return openai.__version__

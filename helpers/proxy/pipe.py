"""The pipe: live calls go through to the API as they are; a listener beside it meters them and, in record, keeps them.

What comes from the API goes to the client as it came, when it came. Everything else happens on a copy: where the
listener does not understand an answer, the call is not the worse for it.

The other way a request goes on once it is whole. Sent on in pieces it would reach the API before its price is known
and set aside (a form may name its model last), and half of it where its client breaks off. It would save little: the
client is on this machine, so 25 MB are here in about 15 ms, against 200 ms on a network of 1 Gbit/s.
`start.py bench` measures both.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

from ..setup.causes import say
from ..setup.client import distrusts_certificate
from ..setup.redact import holds_secret, scrub
from .exchange import Call, Exchange
from .http import EventReader, Handler, sse, usual_name
from .meter import Meter, Reservation
from .recordings import Recordings

KEPT_HEADERS = re.compile(
    r"content-type|x-request-id|openai-(processing-ms|version)|retry-after.*|x-ratelimit-.*|x-should-retry"
)
HOP_BY_HOP = {  # RFC 9110, section 7.6.1: said by each connection for itself
    *("connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization"),
    *("te", "trailer", "trailers", "transfer-encoding", "upgrade"),
}
# Of ours: httpx2 counts the length anew, "expect" was answered, and a copy is easier to read without compression.
OWN_REQUEST_HEADERS = {"host", "content-length", "expect", "accept-encoding"}
TRANSIENT = {401, 403, 408, 409, 429}  # answers about the account or the moment: never worth keeping
SUFFIXES = {f"audio/{kind}": kind for kind in ("wav", "flac", "aac", "opus", "pcm")} | {"audio/mpeg": "mp3"}
LAST_EVENTS = {"response.completed", "response.failed", "response.incomplete"}  # streams without a [DONE] end with one
PATIENCE = 600.0  # seconds without a byte before the upstream is given up, as in the SDK, if the client is not more so
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
REDIRECTS = 20  # as many as the SDK follows


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
                self._client = httpx2.Client(limits=limits)
                self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # each client has its own
            return self._client

    def forward(self, call: Call, recordings: Recordings | None) -> None:
        """Sends a call on and passes the answer back.

        Args:
            call: the request.
            recordings: where the exchange is kept; None keeps nothing.
        """
        import httpx2

        if recordings is not None and not recordings.writable():
            call.refuse("miss", 500, "no_folder", "Nothing was sent: there is no folder to record into that is open.")
            return
        reservation = self.meter.reserve(call.exchange.request, call.body)
        if isinstance(reservation, str):
            call.refuse("cap", 402, "spending_cap", reservation)
            return
        try:
            if reservation.waited and call.handler.gone():
                call.handler.hang_up()
                return
            call.exchange.source = "live"
            began = time.monotonic()
            try:
                with _meanwhile(call.add_digests):
                    response = self._send(call)
            except (httpx2.TransportError, httpx2.TooManyRedirects) as error:
                if trouble := _never_connected(error, httpx2.URL(self.upstream).host):
                    call.refuse("live", 503, *trouble)
                else:
                    call.handler.hang_up()  # so that the client tries again, as it would without this server
                return
            with contextlib.closing(response):
                following = response.next_request
                if following is not None and call.handler.command not in ("GET", "HEAD"):
                    call.refuse("live", 502, "redirected", _ELSEWHERE.format(following.url.host))
                    return
                self._pass(call, response, Listener(call, response, began, recordings), reservation)
        finally:
            reservation.settle(call.exchange)

    def _send(self, call: Call) -> Any:
        """The answer's head. Redirects inside of the upstream's host are followed: they would lead past this server.

        Raises:
            httpx2.TransportError, httpx2.TooManyRedirects: there is none.
        """
        import httpx2

        handler = call.handler
        named = {name.strip().lower() for name in handler.headers.get("Connection", "").split(",")}
        headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in handler.headers.items()
            if name.lower() not in HOP_BY_HOP | OWN_REQUEST_HEADERS | named
        ]
        url = self.upstream + quote(_VERSION.sub("", handler.path).encode("latin-1"), safe=_ASCII)
        headers.append((b"accept-encoding", b"identity"))
        patience = handler.headers.get("x-stainless-read-timeout", "")
        timeout = httpx2.Timeout(max(PATIENCE, float(patience) if _SECONDS.fullmatch(patience) else 0), connect=10)
        request = self._http().build_request(handler.command, url, content=call.body, headers=headers, timeout=timeout)
        response = self._http().send(request, stream=True)
        for _ in range(REDIRECTS):
            following = response.next_request
            if following is None or following.url.host != request.url.host:
                break
            response.close()
            response = self._http().send(following, stream=True)
        else:
            response.close()
            raise httpx2.TooManyRedirects("", request=request)
        return response

    def _pass(self, call: Call, response: Any, listener: Listener, reservation: Reservation) -> None:
        import httpx2

        handler, exchange = call.handler, call.exchange
        exchange.status = response.status_code
        headers = _passed_headers(call, response)
        length = response.headers.get("content-length", "")
        size = int(length) if length.isdigit() else None
        left = broken = False  # the client has gone; the upstream's connection has
        content: list[bytes] | None = None
        # An error is rewritten where it repeats the client's key, and a recorder gives only what it has kept.
        if not listener.streamed and (exchange.status >= 400 or listener.recordings is not None):
            content = []
        else:
            handler.start(exchange.status, headers, size)
            handler.wfile.flush()
        rest = size
        over = threading.Event()
        if listener.streamed and listener.recordings is None:
            threading.Thread(target=_watch, args=(handler, response, listener, over), daemon=True).start()
        try:
            for piece in response.iter_raw():
                out = listener.hear(piece)
                if rest is not None:
                    rest -= len(piece)
                if content is not None:
                    content.append(piece)
                    continue
                if rest == 0 or listener.final:
                    listener.close()
                    reservation.settle(exchange)  # before the client can go on with its next line
                if not left:
                    try:
                        handler.send(out)
                    except OSError:
                        left = True
                        if listener.recordings is None:  # a recording is whole, however much of it the client reads
                            broken = True
                            break
                if listener.cut and listener.recordings is None:
                    break
        except httpx2.TransportError:
            broken = True
        finally:
            over.set()
        listener.close(broken)
        reservation.settle(exchange)
        if broken or listener.cut:
            handler.hang_up()
        elif content is not None:
            whole = b"".join(content)
            if exchange.status >= 400:
                for secret in call.secrets:  # errors end in tracebacks, and some gateways repeat the key in them
                    whole = whole.replace(secret.encode(), b"[removed]")
            handler.start(exchange.status, headers, len(whole) or size or 0)
            handler.send(whole)
        elif not left:
            handler.end_stream()


@contextlib.contextmanager
def _meanwhile(work: Callable[[], None]) -> Generator[None]:
    """Does something else in a thread, and waits for it at the end."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _watch(handler: Handler, response: Any, listener: Listener, over: threading.Event) -> None:
    """Cuts the upstream off when the client has gone: a stream can be silent for minutes, and costs all the while."""
    while not over.wait(0.2):
        if handler.gone() and not listener.final:
            with contextlib.suppress(OSError):  # beneath TLS, whose state belongs to the thread that reads
                socket.socket.shutdown(response.extensions["network_stream"].get_extra_info("socket"), socket.SHUT_RDWR)
            return


_ELSEWHERE = (  # what may cost must not go past the cap
    "The API sends this call on to {}, past the course server. If that is right, put its address into OPENAI_BASE_URL."
)
_VERSION = re.compile(r"^/v1(?=[/?]|$)")  # and no more: "/v1@other" behind a host without a path is another host
_ASCII = "".join(map(chr, range(33, 127)))


def _passed_headers(call: Call, response: Any) -> list[tuple[str, str]]:
    """The answer's headers as they came, without those of the connection, and without the client's own key."""
    named = {name.strip().lower() for name in response.headers.get("connection", "").split(",")}
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw]
    skipped = HOP_BY_HOP | named | {"content-length"}
    return [(name, _without(value, call.secrets)) for name, value in pairs if name.lower() not in skipped]


def _without(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "[removed]")
    return text


def _never_connected(error: Exception, host: str) -> tuple[str, str] | None:
    """Code and sentence for a call that cannot have reached the upstream; None where it may have."""
    import httpx2

    if distrusts_certificate(error):
        return "untrusted_certificate", say("A certificate is not trusted", host=host)
    never = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError, httpx2.UnsupportedProtocol)
    if isinstance(error, never):
        return "no_network", (
            f"The course server could not reach {host} ({type(error).__name__}). Check the network, and "
            "OPENAI_BASE_URL if it is set; COURSE_MODE=replay goes on without."
        )
    return None


class Listener:
    """Understands a copy of an answer: fills in the exchange, and keeps it in record mode.

    Args:
        call: the request.
        response: the upstream's answer, of which only the head was read.
        began: time.monotonic() just before the request was sent.
        recordings: where the exchange is kept; None keeps nothing.

    Attributes:
        streamed: whether the answer is a stream of events.
        final: whether its last event has come: a client may stop reading here.
        cut: whether the fault "drop-stream" has struck.
    """

    def __init__(self, call: Call, response: Any, began: float, recordings: Recordings | None) -> None:
        self.call, self.response, self.began, self.recordings = call, response, began, recordings
        self.kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.streamed = self.kind == "text/event-stream"
        self.final = self.cut = self._closed = False
        self._coded = response.headers.get("content-encoding", "identity").lower() != "identity"
        self._content: list[bytes] = []
        self._reader = EventReader()
        self._events: list[list[Any]] = []
        kept = {name: value for name, value in response.headers.items() if KEPT_HEADERS.fullmatch(name)}
        call.exchange.headers = scrub(kept, *call.secrets)
        call.exchange.origin = self._origin()
        if self.streamed:
            call.exchange.answer = []

    def hear(self, piece: bytes) -> bytes:
        """Takes in a piece of the body and gives what the client gets: the piece, but for a stream that is cut."""
        before = len(self._events)
        if self.streamed and not self._coded:
            with contextlib.suppress(Exception):  # whatever it is, the client gets its piece
                self._take(self._reader.feed(piece))
        elif self.recordings is not None or self.kind == "application/json":  # else nobody looks at it
            self._content.append(piece)
        fault = self.call.fault
        if fault is None or fault.kind != "drop-stream" or not self.streamed:
            return piece
        self.cut = len(self._events) > fault.events
        return b"".join(sse(data, *name) for _, data, *name in self._events[before : fault.events])

    def _take(self, events: Iterator[tuple[int | None, str, Any]]) -> None:
        for t_ms, name, data in events:
            t_ms = round((time.monotonic() - self.began) * 1000) if t_ms is None else t_ms
            data = scrub(data, *self.call.secrets)
            event = [t_ms, data] if name == usual_name(data) else [t_ms, data, name]
            self._events.append(event)
            fault = self.call.fault
            if fault is None or fault.kind != "drop-stream" or len(self._events) <= fault.events:
                self.call.exchange.answer.append(data)
            last = data == "[DONE]" or (isinstance(data, dict) and data.get("type") in LAST_EVENTS)
            self.final = self.final or last

    def close(self, broken: bool = False) -> None:
        """The answer is complete, or broke off.

        Raises:
            NotKept: it could not be recorded.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self._understand(broken)
        except OSError:  # it was understood, but the disk did not take it
            raise
        except Exception:  # an answer that nobody here understands is still the client's
            self.call.exchange.answer = None

    def _understand(self, broken: bool) -> None:
        exchange, secrets = self.call.exchange, self.call.secrets
        elapsed = self.response.headers.get("x-course-elapsed-ms", "")
        elapsed_ms = int(elapsed) if elapsed.isdigit() else round((time.monotonic() - self.began) * 1000)
        kept: dict[str, Any] = {"status": exchange.status, "headers": exchange.headers, "elapsed_ms": elapsed_ms}
        if exchange.origin and exchange.origin["kind"] == "stand-in":
            self.recordings = None  # the upstream is a course server that had no answer of its own
        body = None
        content = self._plain(b"".join(self._content))
        if self.streamed:
            self._take(self._reader.feed(content, last=True))
            kept |= {"elapsed_ms": 0, "events": self._events, **({"broken": True} if broken else {})}
            if holds_secret([data for _, data, *_ in self._events], *secrets):
                exchange.answer = []  # a key in pieces cannot be taken out
                return
        else:
            try:
                if self.kind == "application/json":
                    kept["json"] = scrub(json.loads(content), *secrets)
                elif self.kind.startswith("text/") or self.kind == "application/jsonl":
                    kept["text"] = scrub(content.decode(), *secrets)
                else:
                    body = content
            except (ValueError, RecursionError):  # it is not what its label says
                body = content
            exchange.answer = kept.get("json")
        exchange.origin = self._origin()  # now that the answer may have named its model
        if self.recordings is None or exchange.status >= 500 or exchange.status in TRANSIENT:
            return
        if broken and not self._events:
            return
        if body is not None and any(secret.encode() in body for secret in secrets):
            return  # a binary answer cannot be cleaned, so it is not kept
        recording = {"request": exchange.request, "response": kept, "origin": exchange.origin}
        self.recordings.save(recording, body, SUFFIXES.get(self.kind, "bin"))

    def _plain(self, content: bytes) -> bytes:
        """The content without compression; as it is where that cannot be undone."""
        if not self._coded:
            return content
        import httpx2

        coding = {"content-encoding": self.response.headers["content-encoding"]}
        try:
            return httpx2.Response(200, headers=coding, content=content).content
        except httpx2.DecodingError:
            return content

    def _origin(self) -> dict[str, Any]:
        try:
            return json.loads(self.response.headers["x-course-origin"])
        except (KeyError, ValueError):
            date = datetime.datetime.now(datetime.UTC).date().isoformat()
            return {"kind": "captured", "date": date, "model": _model(self.call.exchange), "sdk": _sdk()}


def _model(exchange: Exchange) -> str | None:
    answer = exchange.answer[0] if isinstance(exchange.answer, list) and exchange.answer else exchange.answer
    body = exchange.request.get("json")
    asked = body.get("model") if isinstance(body, dict) else None
    return (answer.get("model") if isinstance(answer, dict) else None) or asked


def _sdk() -> str:
    import openai

    return openai.__version__

"""A small HTTP/1.1 server on loopback: the plumbing under the course server and the fake API."""

from __future__ import annotations

import http
import json
import os
import re
import selectors
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from email.errors import MissingHeaderBodySeparatorDefect
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ..setup.keys import PLACEHOLDER
from ..setup.redact import scrub

SECRET_HEADERS = ("authorization", "proxy-authorization", "api-key", "x-api-key")
MAX_BODY = 64 * 1024 * 1024  # bytes; the largest upload of the course is far smaller
HALVES = "backslashreplace"  # how to encode JSON: half a surrogate pair, no character, stays the escape that it was
LINGER = 1.0  # seconds for which a refused client may go on sending before the connection is cut


class BadRequest(ValueError):
    """A request that cannot be answered; the connection is closed after saying so.

    Args:
        status: HTTP status of the answer.
        type: of its error object.
        message: of its error object.
    """

    def __init__(self, status: int, type: str, message: str) -> None:
        super().__init__(message)
        self.status, self.type = status, type


class HalfSent(ConnectionError):
    """The client went away before its request was complete."""


class Handler(BaseHTTPRequestHandler):
    """Sends every request to `server.answer(handler)` and knows how to read bodies and write answers.

    Attributes:
        answered: whether an answer to the current request has begun.
        sent: bytes of its body so far.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # without it every small answer waits 40 ms
    wbufsize = -1
    server: Any  # a LoopbackServer; its base class has a narrower idea of it
    answered, sent, _chunked = False, 0, False

    def _dispatch(self) -> None:
        self.answered, self.sent = False, 0
        try:
            self._check()
            self.server.answer(self)
        except BadRequest as error:
            self._refuse(error.status, error.type, str(error))
        except (ConnectionError, TimeoutError):
            self.close_connection = True  # the client went away; nobody is left to tell
        except Exception as error:  # a fault of ours, or a full disk: say so in the answer, for the log is silent
            if self.answered:
                self.hang_up()
            else:
                message = scrub(f"The course server failed: {type(error).__name__}: {error}", *self.secrets())
                self._refuse(500, "course", message, {"x-should-retry": "false"})

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _dispatch

    def _check(self) -> None:
        """Raises BadRequest for what a web page or a broken client sends; puts a path in place of a whole address."""
        cut = any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in self.headers.defects)
        if cut or any("\n" in value for value in self.headers.values()):
            # The parser takes a line without a name for the end of the headers: no length and no Origin behind it.
            raise BadRequest(400, "bad_header", "A header is one line: a name, a colon and a value.")
        own = {f"{name}:{self.server.server_address[1]}" for name in ("127.0.0.1", "localhost", "[::1]")}
        if [host.lower() for host in self.headers.get_all("Host", [])] not in [[name] for name in own]:
            # A web page that re-points its own name at 127.0.0.1 sends that name as Host.
            raise BadRequest(403, "foreign_host", "This server answers requests to itself only.")
        origin = self.headers.get("Origin")
        if origin is not None and origin.lower().removeprefix("http://") not in own:
            raise BadRequest(403, "foreign_origin", "This server does not answer web pages.")
        if self.path.lower().startswith("http://"):
            self.path = "/" + self.path[7:].partition("/")[2]
        if not self.path.startswith("/"):
            raise BadRequest(400, "bad_path", "The path of a request starts with a slash.")
        lengths, coding = self.headers.get_all("Content-Length", []), self.headers.get_all("Transfer-Encoding", [])
        if coding and (lengths or [name.lower() for name in coding] != ["chunked"]):
            raise BadRequest(400, "bad_framing", "Transfer-Encoding can be chunked alone, without Content-Length.")
        if len(set(lengths)) > 1 or not all(re.fullmatch("[0-9]{1,20}", length) for length in lengths):
            raise BadRequest(400, "bad_framing", "Content-Length has to be one whole number.")

    def _refuse(self, status: int, type: str, message: str, headers: dict[str, str] | None = None) -> None:
        """Answers with an error and closes: what the client still sends must not be read as its next request."""
        body = {"error": {"message": message, "type": type, "param": None, "code": None}}
        self.send_json(status, body, {"connection": "close", **(headers or {})})
        try:  # closing with bytes unread would reset the connection, and the client might lose the answer
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(LINGER)
            until = time.monotonic() + LINGER
            while time.monotonic() < until and self.connection.recv(65536):
                pass
        except OSError:
            pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library refuses by itself: unknown methods, lines and headers that are too long."""
        self.request_version = "HTTP/1.1"  # unset where the first line could not be read
        self.command = self.command or ""
        self._refuse(code, "bad_request", f"{message or http.HTTPStatus(code).phrase}.".replace("..", "."))

    def secrets(self) -> list[str]:
        """What this request must keep to itself: its key, under whatever header a service wants it."""
        words = " ".join(self.headers.get(name, "") for name in SECRET_HEADERS).split()
        return [word for word in words if len(word) > len("Bearer") and word != PLACEHOLDER]

    def gone(self) -> bool:
        """Whether the client has closed the connection."""
        try:
            with selectors.DefaultSelector() as waiting:  # select.select knows no descriptor above 1,023
                waiting.register(self.connection, selectors.EVENT_READ)
                if not waiting.select(0):
                    return False
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True

    def read_body(self) -> bytes:
        """The whole request body.

        Raises:
            BadRequest: it is above MAX_BODY, or its length is told wrongly.
            HalfSent: it did not come whole.
        """
        if "Transfer-Encoding" in self.headers:
            return b"".join(self._chunks())
        return self._read(self._within(int(self.headers.get("Content-Length") or 0)))

    def _read(self, length: int) -> bytes:
        content = self.rfile.read(length)
        if len(content) < length:
            raise HalfSent
        return content

    @staticmethod
    def _within(length: int) -> int:
        if length > MAX_BODY:
            raise BadRequest(413, "body_too_large", f"A body can have {MAX_BODY:,} bytes here, not {length:,}.")
        return length

    def _chunks(self) -> Iterator[bytes]:
        total, size = 0, 1
        while size:
            line = self.rfile.readline(1000)
            if not line:
                raise HalfSent
            if not (match := re.fullmatch(rb"([0-9A-Fa-f]{1,16})[ \t]*(;[^\n]*)?\r?\n", line)):
                raise BadRequest(400, "bad_framing", "A chunk has to start with its size in hex digits.")
            size = int(match[1], 16)
            total = self._within(total + size)
            yield self._read(size)
            if size and self.rfile.readline(3) not in (b"\r\n", b"\n"):
                raise BadRequest(400, "bad_framing", "A chunk is longer than its size.")
        while (line := self.rfile.readline(1000)) not in (b"\r\n", b"\n"):  # trailers
            if not line:
                raise HalfSent

    def start(self, status: int, headers: Iterable[tuple[str, str]], length: int | None = None) -> None:
        """Opens an answer; go on with `send`, and with `end_stream` where there is no length.

        Args:
            status: HTTP status.
            headers: the same name may come twice.
            length: bytes of the body; None for chunks, or for an old client until the connection closes.
        """
        self.answered, bare = True, status in (204, 304)
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self._chunked = length is None and self.request_version != "HTTP/1.0" and not bare
        if bare:
            pass  # RFC 9110: an answer of this kind has no body and says nothing about its length
        elif length is not None:
            self.send_header("Content-Length", str(length))
        elif self._chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Connection", "close")
        self.end_headers()

    def send(self, data: bytes) -> None:
        """A piece of the body, at once. Nothing is sent to a client that asked for the head alone."""
        if data and self.command != "HEAD":
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data)
            self.wfile.flush()
            self.sent += len(data)

    def send_bytes(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """One complete answer."""
        self.start(status, headers.items(), len(body))
        self.send(body)

    def send_json(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        """One complete JSON answer; `headers` may say its content-type more exactly."""
        body = json.dumps(value, ensure_ascii=False).encode(errors=HALVES)
        self.send_bytes(status, body, {"content-type": "application/json", **(headers or {})})

    def start_stream(self, status: int, headers: dict[str, str]) -> None:
        """Opens an answer of unknown length; go on with send_chunk and end_stream."""
        self.start(status, headers.items())
        self.wfile.flush()

    send_chunk = send

    def end_stream(self) -> None:
        if self._chunked and self.command != "HEAD":
            self.wfile.write(b"0\r\n\r\n")
            self.wfile.flush()

    def hang_up(self) -> None:
        """Closes the connection without a further byte, as a broken network would."""
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # already gone

    def log_message(self, format: str, *args: object) -> None:
        """Silent: whatever a server thread prints would land in the running cell's output."""


class LoopbackServer(ThreadingHTTPServer):
    """Serves on 127.0.0.1 only, in threads that end with the process."""

    daemon_threads = True
    allow_reuse_address = os.name == "posix"  # on Windows it would let two servers have the same port
    request_queue_size = 1024  # a thousand clients may knock at once

    def __init__(self, answer: Callable[[Handler], None], port: int = 0) -> None:
        self.answer = answer
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="course-server", daemon=True)

    def server_bind(self) -> None:
        """Binds without asking for the name of this machine, for which `HTTPServer` may wait half a minute."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in mid-answer is no error here."""

    def close(self) -> None:
        """Stops listening and closes kept-alive connections, whose threads would go on answering."""
        if self._thread.is_alive():
            self.shutdown()
        self.server_close()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def parse_multipart(content_type: str, body: bytes) -> list[dict[str, Any]]:
    """Fields of a multipart/form-data body, in order: {name, value} or {name, filename, content_type, content}.

    Contents are taken as they are, whatever their type. Raises ValueError when the body is not what its header says.
    """
    parser = BytesParser(policy=HTTP)
    boundary = parser.parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n").get_boundary()
    if not boundary:
        raise ValueError("a multipart body without a boundary")
    fields = []
    edge = b"--" + boundary.encode()
    start = 0 if body.startswith(edge) else body.find(b"\r\n" + edge) + 2
    while (start := start + len(edge)) and body[start : start + 2] != b"--":
        blank, end = body.find(b"\r\n\r\n", start), body.find(b"\r\n" + edge, start)
        if blank < 0 or end < blank + 4:
            raise ValueError("a multipart body without an end")
        content = body[blank + 4 : end]  # the one copy: uploads can be large
        headers = parser.parsebytes(body[start:blank].lstrip() + b"\r\n\r\n")
        start = end + 2
        field = {"name": headers.get_param("name", header="content-disposition")}
        if (filename := headers.get_filename()) is None:
            field["value"] = content.decode("utf-8", "replace")
        else:
            field |= {"filename": filename, "content_type": headers.get_content_type(), "content": content}
        fields.append(field)
    return fields


def sse(data: Any, name: str | None = None) -> bytes:
    """One server-sent event.

    Args:
        data: a JSON value, or text to send as it is, such as "[DONE]".
        name: its `event:` line; without one, objects with a "type" of the Responses API get the one its streams have.
    """
    if isinstance(data, str):
        text = data.replace("\n", "\ndata: ")
    else:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        name = usual_name(data) if name is None else name
    event = f"event: {name}\n" if name else ""
    return f"{event}data: {text}\n\n".encode(errors=HALVES)


def usual_name(data: Any) -> str:
    """The `event:` line that the API's streams give an event: its type where events are numbered, else none."""
    name = data.get("type") if isinstance(data, dict) and "sequence_number" in data else None
    return name if isinstance(name, str) else ""


class EventReader:
    """Reads server-sent events from pieces of any size, with line ends of every kind.

    Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
    """

    def __init__(self) -> None:
        self._rest, self._seen = bytearray(), 0
        self._lines: list[bytes] = []
        self._name = ""
        self._t_ms: int | None = None

    def feed(self, piece: bytes, last: bool = False) -> Iterator[tuple[int | None, str, Any]]:
        """The events that `piece` completes: (t_ms, name, data).

        t_ms is what the fake API states in a `: t=` comment, else None; data is JSON where it is an object or
        a list, else text. `last` says that nothing comes after this piece.
        """
        self._rest += piece
        while match := _LINE_END.search(self._rest, self._seen):
            if match[0] == b"\r" and match.end() == len(self._rest) and not last:
                break  # half of a line end, maybe
            line = bytes(self._rest[: match.start()])
            del self._rest[: match.end()]
            self._seen = 0
            if line:
                self._field(line)
            elif self._lines or self._name:
                yield self._t_ms, self._name, _json_or_text(b"\n".join(self._lines))
                self._lines, self._name, self._t_ms = [], "", None
        self._seen = max(len(self._rest) - 1, 0)

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._lines.append(value)
        elif name == b"event":
            self._name = value.decode(errors="replace")
        elif not name and value.startswith(b"t=") and value[2:].isdigit():
            self._t_ms = int(value[2:])


def read_events(pieces: Iterable[bytes]) -> Iterator[tuple[int | None, str, Any]]:
    """The events of a stream, as EventReader gives them."""
    reader = EventReader()
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.feed(b"", last=True)


_LINE_END = re.compile(rb"\r\n|\n|\r")


def _json_or_text(data: bytes) -> Any:
    text = data.decode(errors="replace")
    try:
        return json.loads(text) if text[:1] in ("{", "[") else text
    except (ValueError, RecursionError):
        return text

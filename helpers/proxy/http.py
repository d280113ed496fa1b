"""A small HTTP/1.1 server on loopback: the plumbing under the course server and the fake API."""

from __future__ import annotations

import json
import os
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ..setup.redact import scrub

MAX_BODY = 64 * 1024 * 1024  # bytes; the largest upload of the course is far smaller
HALVES = "backslashreplace"  # how to encode JSON: half a surrogate pair, no character, stays the escape that it was


class BodyTooLarge(ValueError):
    """The request body is larger than MAX_BODY, or says that it is smaller than nothing."""


class Handler(BaseHTTPRequestHandler):
    """Sends every request to `server.answer(handler)` and knows how to read bodies and write answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # without it every small answer waits 40 ms
    wbufsize = -1
    server: LoopbackServer

    def _dispatch(self) -> None:
        self.answered = False
        try:
            if not self.server.knows_host(self.headers.get("Host", "")):
                self.send_json(
                    403,
                    {
                        "error": {
                            "message": "This server answers requests to itself only.",
                            "type": "foreign_host",
                        }
                    },
                )
                return
            self.server.answer(self)
        except BodyTooLarge as error:
            self.close_connection = True
            self.send_json(413, {"error": {"message": str(error), "type": "body_too_large"}})
        except (ConnectionError, TimeoutError):
            self.close_connection = True  # the client went away; nobody is left to tell
        except Exception as error:  # a fault of ours, or a full disk: say so in the answer, for the log is silent
            self.close_connection = True
            if self.answered:
                self.hang_up()
            else:
                message = f"The course server failed: {type(error).__name__}: {error}"
                message = scrub(message, self.headers.get("Authorization", "").removeprefix("Bearer "))
                self.send_json(500, {"error": {"message": message, "type": "course"}}, {"x-should-retry": "false"})

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _dispatch

    def read_body(self) -> bytes:
        """The whole request body. Raises BodyTooLarge above MAX_BODY."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return b"".join(self._chunks())
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= MAX_BODY:  # a length of -1 would read on without end
            raise BodyTooLarge(f"The body has {length:,} bytes; this server takes at most {MAX_BODY:,}.")
        return self.rfile.read(length)

    def _chunks(self) -> Iterator[bytes]:
        total = 0
        while size := int(self.rfile.readline(1000).split(b";")[0].strip() or b"0", 16):
            total += size
            if size < 0 or total > MAX_BODY:
                raise BodyTooLarge(f"The body has more than {MAX_BODY:,} bytes, the most this server takes.")
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline(1000) not in (b"\r\n", b"\n", b""):
            pass  # trailers

    def send_response(self, code: int, message: str | None = None) -> None:
        self.answered = True
        super().send_response(code, message)

    def send_bytes(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """One complete answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def send_json(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        """One complete JSON answer; `headers` may say its content-type more exactly."""
        body = json.dumps(value, ensure_ascii=False).encode(errors=HALVES)
        self.send_bytes(status, body, {"content-type": "application/json", **(headers or {})})

    def start_stream(self, status: int, headers: dict[str, str]) -> None:
        """Opens an answer of unknown length; go on with send_chunk and end_stream."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()

    def send_chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()

    def end_stream(self) -> None:
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def hang_up(self) -> None:
        """Closes the connection without a further byte, as a broken network would."""
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # already gone

    def version_string(self) -> str:
        return "course"

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

    def knows_host(self, host: str) -> bool:
        """A web page that re-points its own name at 127.0.0.1 sends that name as Host and is refused."""
        return host.lower() in {f"{name}:{self.server_address[1]}" for name in ("127.0.0.1", "localhost", "[::1]")}

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
    """Fields of a multipart/form-data body, in order: {name, value} or {name, filename, content_type, content}."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    fields = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True) or b""
        if (filename := part.get_filename()) is None:
            fields.append({"name": name, "value": content.decode("utf-8", "replace")})
        else:
            fields.append(
                {
                    "name": name,
                    "filename": filename,
                    "content_type": part.get_content_type(),
                    "content": content,
                }
            )
    return fields


def sse(data: Any, name: str | None = None) -> bytes:
    """One server-sent event.

    Args:
        data: a JSON value, or text to send as it is, such as "[DONE]".
        name: its `event:` line; without one, objects with a "type" of the Responses API get the one its streams have.
    """
    if isinstance(data, str):
        text = data
    else:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        if name is None and isinstance(data, dict) and "sequence_number" in data:
            name = data.get("type")
    event = f"event: {name}\n" if isinstance(name, str) and name else ""
    return f"{event}data: {text}\n\n".encode(errors=HALVES)


def parse_sse(chunks: Iterator[bytes]) -> Iterator[tuple[int | None, Any]]:
    """Events of a stream: (time in ms that the fake API states in a `: t=` comment, else None; data)."""
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

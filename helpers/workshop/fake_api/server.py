"""The stand-in upstream: speaks the OpenAI API on loopback and answers from the answers files."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from ...proxy.http import Handler, LoopbackServer, parse_multipart
from ...proxy.recordings import describe, request_key
from ...setup.files import LESSONS
from . import router
from .endpoints.images import Picture
from .ids import Dice, created_on
from .request import Asked
from .script import Answers
from .state import State
from .wire import Reply, error_body, error_reply, finish_headers

DATE = "2026-11-22"
IMAGES = LESSONS / "10"


class Upstream:
    """A server that answers like api.openai.com while the `with` block lasts. All that it makes is deterministic.

    Args:
        answers: YAML files, or a folder of them; see data/answers/README.md. A file that does not exist has no entries.
        date: YYYY-MM-DD, the day on which all answers are made; else the one that the files state, else DATE.
        port: 0 picks a free one.
        vectors: makes embeddings: (texts, model, dimensions) -> lists of floats of unit length.
        speak: makes speech: (text, voice, format) -> bytes.
        draw: makes pictures: (Picture) -> bytes.
        images: folder of pictures that answers and URLs may name.

    Each of the makers may have an attribute `basis`: a sentence that says how it makes what it makes.
    """

    def __init__(
        self,
        answers: Path | str | Iterable[Path | str],
        date: str | None = None,
        port: int = 0,
        vectors: Callable[[list[str], str, int], list[list[float]]] | None = None,
        speak: Callable[[str, str, str], bytes] | None = None,
        draw: Callable[[Picture], bytes] | None = None,
        images: Path = IMAGES,
    ) -> None:
        self.answers = Answers(answers)
        self.vectors = vectors
        self._state = State(self.answers, date or self.answers.date or DATE, images, vectors, speak, draw)
        self._lock = threading.Lock()
        self._seen: Counter[str] = Counter()
        self._server = LoopbackServer(self._serve, port)

    def __enter__(self) -> Upstream:
        self._server.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        """Base URL for a client, ending in /v1."""
        return self._server.url + "/v1"

    def _serve(self, handler: Handler) -> None:
        body, kind = handler.read_body(), handler.headers.get("Content-Type", "")
        path = handler.path.partition("?")[0]
        key = request_key(describe(handler.command, handler.path, kind, body))
        with self._lock:
            seen = self._seen[key]
            self._seen[key] += 1
        date = self._state.date
        dice = Dice(date, key, seen)
        asked = Asked(handler.command, path, {}, dice, created_on(dice, date), seen=seen, images=self._state.images)
        if refused := router.unauthorised(asked.api, handler.headers.get("Authorization")):
            reply = refused
        elif not _read(asked, kind, body):
            reply = error_reply(asked.api, 400, error_body("We could not parse the JSON body of your request."))
        else:
            reply = router.reply(asked, self._state)
        finish_headers(reply, asked.api, dice, asked.created, date)
        _send(handler, reply)


def _read(asked: Asked, kind: str, body: bytes) -> bool:
    """Fills in body and uploads; False for a body that cannot be read."""
    if kind.startswith("multipart/form-data"):
        for part in parse_multipart(kind, body):
            if "content" in part:
                asked.uploads.append(part)
            elif part["name"].endswith("[]"):
                asked.body.setdefault(part["name"][:-2], []).append(part["value"])
            else:
                asked.body[part["name"]] = part["value"]
    elif body:
        try:
            asked.body = json.loads(body)
        except ValueError:
            return False
    return isinstance(asked.body, dict)


def _send(handler: Handler, reply: Reply) -> None:
    """Writes the answer with our own headers only: the server's clock and name would differ from run to run."""
    headers = {**reply.headers}
    if reply.events is None:
        headers["Content-Length"] = str(len(reply.body))
    else:
        headers["Transfer-Encoding"] = "chunked"
    handler.answered = True
    handler.send_response_only(reply.status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    if reply.events is None:
        handler.wfile.write(reply.body)
        handler.wfile.flush()
        return
    for t_ms, event in reply.events:
        handler.send_chunk(f": t={t_ms}\n{event}".encode())
    handler.end_stream()

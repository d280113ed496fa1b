"""The fake API: speaks HTTP on loopback, reads each request once and sends what the router gives."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from ...proxy.http import Handler, LoopbackServer
from ...proxy.recordings import describe, request_key
from ...setup.files import LESSONS
from . import router
from .ids import Dice, created_on
from .request import Request, fields_of
from .script import Script
from .state import MakeVectors, State
from .wire import add_headers

DATE = "2026-11-22"
IMAGES = LESSONS / "10"


class FakeApi:
    """A server that answers like api.openai.com while the `with` block lasts. All that it makes is deterministic.

    Args:
        script: YAML files, or a folder of them; see data/answers/README.md. A file that does not exist has no entries.
        date: YYYY-MM-DD, the day on which all answers are made; else the one that the files state, else DATE.
        vectors: makes embeddings; may have an attribute `basis`, a sentence that says how.
        images: folder of pictures that answers and URLs may name.

    Attributes:
        state: the script, the vectors, and what earlier requests left.
    """

    def __init__(
        self,
        script: Path | str | Iterable[Path | str],
        date: str | None = None,
        vectors: MakeVectors | None = None,
        images: Path = IMAGES,
    ) -> None:
        self._images = images
        entries = Script(script)
        self.state = State(entries, date or entries.date or DATE, vectors)
        self._lock = threading.Lock()
        self._seen: Counter[str] = Counter()
        self._server = LoopbackServer(self._serve)

    def __enter__(self) -> FakeApi:
        self._server.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        """Base URL for a client, ending in /v1."""
        return self._server.url + "/v1"

    def _serve(self, handler: Handler) -> None:
        content, kind = handler.read_body(), handler.headers.get("Content-Type", "")
        described = describe(handler.command, handler.path, kind, content)
        key = request_key(described)
        with self._lock:
            seen = self._seen[key]
            self._seen[key] += 1
        date = self.state.date
        dice = Dice(date, key, seen)
        path = handler.path.partition("?")[0]
        request = Request(handler.command, path, {}, dice, created_on(dice, date), self._images, seen=seen)
        with contextlib.suppress(ValueError):  # a body that cannot be read is refused by rule
            request.body, request.uploads = fields_of(kind, content)
        scheme, _, token = handler.headers.get("Authorization", "").partition(" ")
        response = router.respond(request, self.state, described, token.strip() if scheme == "Bearer" else "")
        add_headers(response, dice, date)
        if response.events is None:
            handler.send_bytes(response.status, response.body, response.headers)
            return
        handler.start_stream(response.status, response.headers)
        for t_ms, event in response.events:
            handler.send_chunk(b": t=%d\n%b" % (t_ms, event))
        handler.end_stream()

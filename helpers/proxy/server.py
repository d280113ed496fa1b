"""The course server: answers a kernel's API calls from recordings, or forwards them, meters them and records them."""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import time
from collections import deque
from collections.abc import Generator, MutableSequence
from typing import Any

from ..setup.settings import Mode
from .exchange import Call, Exchange
from .faults import Fault, Plan, RateLimit
from .http import Handler, LoopbackServer
from .ladder import Ladder
from .meter import Meter
from .pipe import Pipe
from .recordings import Recordings, digest, outline
from .standin import StandIn
from .standin_find import Server, Unavailable

LOGGED_BYTES = 64 * 1024
NO_WEBSOCKET = (
    "The course server passes no websockets on, which the Realtime API needs. "
    "COURSE_MODE=direct talks to the API without this server."
)


class _Nobody(StandIn):
    """A stand-in that is not there."""

    def server(self) -> Server:
        raise Unavailable("")


class CourseServer(LoopbackServer):
    """One server for the life of a kernel; `begin` re-points it at another lesson.

    Args:
        mode: "replay", "live" or "record".
        upstream: base URL, ending in /v1, that live and record forward to.
        cap: USD that this kernel may spend live; infinity for no cap.
        pace: speed factor of replayed streams: 1 as recorded, 0 at once.
        port: 0 picks a free one.
    """

    def __init__(
        self, mode: Mode | str, upstream: str, cap: float = math.inf, pace: float = 1.0, port: int = 0
    ) -> None:
        super().__init__(self._answer, port)
        self.mode, self.upstream, self.pace = mode, upstream.rstrip("/"), pace
        self.latency = 0.0  # factor of the recorded time that answers which are not streams wait
        self.meter = Meter(cap)
        self.pipe = Pipe(upstream, self.meter)
        self.plan: Plan | RateLimit = Plan(())
        self.stand_in = StandIn()
        self.begin(Recordings())

    def begin(self, recordings: Recordings, limit: int | None = None) -> None:
        """Starts a lesson: other recordings, an empty log, no faults.

        Args:
            recordings: what replay answers from and record writes into.
            limit: how many exchanges the log holds, with large bodies as digests; None for all of them, whole.
        """
        self.recordings, self._limit = recordings, limit
        self.exchanges: MutableSequence[Exchange] = [] if limit is None else deque(maxlen=limit)
        self.ladder = Ladder(recordings, self.stand_in, self.exchanges)
        self.plan = Plan(())
        self._began, self._numbers = time.monotonic(), itertools.count(1)

    @contextlib.contextmanager
    def aside(self) -> Generator[None]:
        """For a moment, calls get at once what they would get without a stand-in, and leave no trace."""
        names = (
            "recordings",
            "exchanges",
            "ladder",
            "plan",
            "pace",
            "latency",
            "stand_in",
            "_began",
            "_limit",
            "_numbers",
        )
        before = {name: getattr(self, name) for name in names}
        self.pace = self.latency = 0.0
        self.stand_in = _Nobody()
        self.begin(Recordings(*self.recordings.folders))
        try:
            yield
        finally:
            vars(self).update(before)

    def _answer(self, handler: Handler) -> None:
        arrived = time.monotonic()
        body, secrets = handler.read_body(), handler.secrets()
        kind = handler.headers.get("Content-Type", "")
        request, add_digests = outline(handler.command, handler.path, kind, body, *secrets)
        retry = handler.headers.get("x-stainless-retry-count", "0")
        exchange = Exchange(request, int(retry) if retry.isdecimal() else 0, arrived - self._began)
        self.exchanges.append(exchange)
        number = next(self._numbers)
        fault, extra = self.plan.decide()
        call = Call(handler, exchange, body, add_digests, secrets, fault, extra)
        try:
            if fault and fault.kind == "slow":
                time.sleep(fault.seconds)
            if fault and fault.kind in ("status", "drop"):
                self._fail(handler, fault, exchange, number)
            elif handler.headers.get("Upgrade", "").lower() == "websocket":
                call.refuse("miss", 501, "no_websocket", NO_WEBSOCKET)
            elif self.mode == Mode.REPLAY:
                add_digests()
                self.ladder.answer(call, self.pace, self.latency)
            else:
                self.pipe.forward(call, self.recordings if self.mode == Mode.RECORD else None)
        finally:
            exchange.seconds = time.monotonic() - arrived
            if self._limit is not None:
                _shorten(exchange, len(body), handler.sent)

    # --- faults

    def _fail(self, handler: Handler, fault: Fault, exchange: Exchange, number: int) -> None:
        if fault.kind == "drop":
            handler.hang_up()
            return
        exchange.status, exchange.answer = fault.status, fault.answer(exchange.request)
        exchange.headers = {"x-request-id": f"req_{number:032x}", **fault.headers}
        handler.send_json(fault.status, exchange.answer, exchange.headers)


def _shorten(exchange: Exchange, request_bytes: int, answer_bytes: int) -> None:
    """Digests in place of bodies that are too large for a log that goes on for days."""
    exchange.reading  # noqa: B018  (is told from the whole answer, so before it goes)
    if request_bytes > LOGGED_BYTES and "json" in exchange.request:
        exchange.request["json"] = _digest(exchange.request["json"])
    if answer_bytes > LOGGED_BYTES:
        exchange.answer = _digest(exchange.answer)


def _digest(value: Any) -> dict[str, Any]:
    text = json.dumps(value).encode()
    return {"sha256": digest(text), "bytes": len(text)}

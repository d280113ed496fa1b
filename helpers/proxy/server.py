"""The course server: answers a kernel's API calls from recordings, or forwards them, meters them and records them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from ..setup.keys import PLACEHOLDER
from ..setup.settings import Mode
from .exchange import Call, Exchange
from .faults import Fault, Plan, RateLimit
from .http import Handler, LoopbackServer
from .ladder import Ladder
from .meter import Meter
from .pipe import Pipe
from .recordings import Recordings, describe
from .standin import StandIn
from .standin_find import Server, Unavailable


class _Nobody(StandIn):
    """A stand-in that is not there."""

    def server(self) -> Server:
        raise Unavailable("")


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
        self.pipe = Pipe(upstream, self.meter)
        self.plan: Plan | RateLimit = Plan(())
        self.stand_in = StandIn()
        self.begin(Recordings())

    def begin(self, recordings: Recordings) -> None:
        """Starts a lesson: other recordings, an empty log, no faults."""
        self.recordings = recordings
        self.exchanges: list[Exchange] = []
        self.ladder = Ladder(recordings, self.stand_in, self.exchanges)
        self.plan = Plan(())
        self._began = time.monotonic()

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """For a moment, calls get at once what they would get without a stand-in, and leave no trace."""
        names = ("recordings", "exchanges", "ladder", "plan", "pace", "latency", "stand_in", "_began")
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
            else:
                call = Call(handler, exchange, body, secret, fault, extra)
                if self.mode == Mode.REPLAY:
                    self.ladder.answer(call, self.pace, self.latency)
                else:
                    self.pipe.forward(call, self.recordings if self.mode == Mode.RECORD else None)
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

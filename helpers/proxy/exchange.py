"""One request and its answer: what the log keeps of it, and what answering it takes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .faults import Fault
from .http import Handler
from .meter import Reading, read_usage


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
        source: "recording", "rule" (refused by rule), "stand-in", "live", "fault", "miss" or "cap".
        origin: where an answer comes from that is not the API's own of this moment.
        remark: what else there is to say about a stand-in's answer, or why it has none.
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
    remark: str = ""
    seconds: float = 0.0

    @functools.cached_property
    def reading(self) -> Reading | None:
        """What the call used; None where nothing was answered or the answer was an error."""
        answered = self.source in ("recording", "stand-in", "live") and 200 <= self.status < 300
        return read_usage(self.request, self.answer) if answered else None


@dataclass
class Call:
    """A request that waits for its answer.

    Attributes:
        handler: the connection to the client.
        exchange: its entry in the log, filled in while it is answered.
        body: the raw request body.
        add_digests: adds what the exchange's request lacks: the digests of uploaded files.
        secrets: the client's key, as it was sent.
        fault: what is to go wrong: None, "slow" (already waited for) or "drop-stream".
        extra: headers to add to the answer.
    """

    handler: Handler
    exchange: Exchange
    body: bytes
    add_digests: Callable[[], None]
    secrets: list[str] = field(default_factory=list)
    fault: Fault | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def refuse(self, source: str, status: int, code: str, message: str) -> None:
        """An answer of the course's own; x-should-retry keeps the SDK from asking again in vain."""
        exchange = self.exchange
        exchange.status, exchange.source = status, source
        exchange.answer = {"error": {"message": message, "type": "course", "param": None, "code": code}}
        self.handler.send_json(status, exchange.answer, {"x-should-retry": "false"})

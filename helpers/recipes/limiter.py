"""A pace for many calls, kept on the caller's side: as fast as you choose, slower when the server says so.

    limiter = Limiter(per_second=8, burst=5)
    client = OpenAI(http_client=DefaultHttpx2Client(event_hooks=limiter.hooks()))

Every request of that client waits for its turn, the SDK's own retries included. OpenAI counts for each model, so use
one limiter and one client for each. A limiter makes a 429 rare; retries (helpers.retries) are for the one that comes.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..retries import retry_after
from ..tokens import estimated

if TYPE_CHECKING:
    import httpx2

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|d|h|m|s)")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_PICTURE = re.compile(rb'"data:[^"]*"')
LAG = 1.0  # seconds that a request may take to reach the server


def parse_duration(text: str) -> float:
    """Seconds of a duration as the x-ratelimit-reset headers write it: "120ms", "6m0s", "1m26.4s".

    Raises:
        ValueError: the text is no such duration.
    """
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{text!r} is no duration such as 120ms or 1m26.4s.")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def estimate_tokens(content: bytes) -> int:
    """Tokens that a request may be counted for: a quarter of its characters, and the longest answer it allows.

    Args:
        content: the JSON body; base64 of pictures is left out, since pictures are counted by their size.
    """
    try:
        body = json.loads(content)
        longest = body.get("max_completion_tokens") or body.get("max_output_tokens") or 0
    except (ValueError, AttributeError):
        return 0  # a form, or nothing at all
    return estimated(len(_PICTURE.sub(b"", content))) + longest


class Bucket:
    """What is left of one limit, as far as can be told from here. It refills steadily, as the server's does.

    Args:
        size: the most that it holds; infinite while the limit is unknown.
        rate: how much comes back in a second.
        now: seconds of the monotonic clock.
    """

    def __init__(self, size: float = math.inf, rate: float = 0.0, now: float = 0.0) -> None:
        self.size, self.rate = size, rate
        self.left, self._then = size, now
        self.spent = 0.0  # all in all, so that an answer can tell what was spent after its own request

    def seconds(self, amount: float, now: float) -> float:
        """How long until so much is left. More than the bucket holds waits for a full one; the server decides then."""
        self._refill(now)
        missing = min(amount, self.size) - self.left
        return missing / self.rate if missing > 1e-9 and self.rate else 0.0

    def take(self, amount: float) -> None:
        self.left -= amount
        self.spent += amount

    def learn(self, limit: float, remaining: float, reset: float, sent: float, spent: float, now: float) -> None:
        """Believes the headers of an answer where they say that less is left than was thought.

        Args:
            limit, remaining: as the server told them.
            reset: seconds until all of the limit is there again.
            sent, spent: when the request went out, and what had been spent by then, its own share included. What
                came back or was spent later, the server could not know when it decided.
        """
        self._refill(now)
        changed, self.size = limit != self.size, limit
        if reset > 0 and limit > remaining:
            told = (limit - remaining) / reset
            # Servers round `remaining` down, which makes `told` too high, so the lowest is the best.
            self.rate = told if changed or not self.rate else min(self.rate, told)
        lag = min(LAG, limit / self.rate / 4) if self.rate else LAG
        came_back = max(0.0, now - sent - lag) * self.rate
        self.left = min(self.left, remaining + came_back - (self.spent - spent))

    def _refill(self, now: float) -> None:
        self.left = min(self.size, self.left + (now - self._then) * self.rate)
        self._then = now


@dataclass(frozen=True)
class Ticket:
    """The right to send one request: when it was given, and what had been spent of each limit by then."""

    sent: float
    spent: dict[str, float]


class Limiter:
    """Lets requests pass one after the other, in threads or in one event loop.

    Args:
        per_second: requests a second, the pace you choose. Headers can only make it slower.
        burst: how many may go at once after a quiet time.
        headroom: share of each limit that stays unused, for other programs with the same key and for delays.

    Raises:
        ValueError: a pace of 0, a burst below 1, or a headroom outside of 0 to below 1.
    """

    def __init__(self, per_second: float, burst: int = 1, headroom: float = 0.1) -> None:
        if per_second <= 0 or burst < 1 or not 0 <= headroom < 1:
            raise ValueError("A limiter needs a pace above 0, a burst of at least 1 and a headroom from 0 to below 1.")
        now = time.monotonic()
        self.headroom = headroom
        self._pace = Bucket(burst, per_second, now)
        self._told = {"requests": Bucket(now=now), "tokens": Bucket(now=now)}
        self._hold = now  # until then nobody passes, because an answer asked for it
        self._state = threading.Lock()
        self._turn, self._async_turn = threading.Lock(), asyncio.Lock()  # only the first in the queue sleeps

    def acquire(self, tokens: int = 0) -> Ticket:
        """Waits until a request of about so many tokens may go out."""
        with self._turn:
            while isinstance(step := self._try(tokens), float):
                time.sleep(step)
        return step

    async def acquire_async(self, tokens: int = 0) -> Ticket:
        """As `acquire`, without blocking the event loop. One limiter serves one event loop."""
        async with self._async_turn:
            while isinstance(step := self._try(tokens), float):
                await asyncio.sleep(step)
        return step

    def learn(self, headers: Mapping[str, str], ticket: Ticket) -> None:
        """Takes in what an answer says about the limits. What cannot be read is passed over.

        Args:
            headers: of the answer, names in lower case (or an httpx2.Headers).
            ticket: of the request that it answers.
        """
        with self._state:
            now = time.monotonic()
            if wait := retry_after(headers):
                self._hold = max(self._hold, now + wait)
            for kind, bucket in self._told.items():
                try:
                    limit, remaining = (float(headers[f"x-ratelimit-{name}-{kind}"]) for name in ("limit", "remaining"))
                    reset = parse_duration(headers[f"x-ratelimit-reset-{kind}"])
                except (KeyError, ValueError):
                    continue
                if limit >= 1:
                    spare = self.headroom * limit
                    bucket.learn(limit - spare, remaining - spare, reset, ticket.sent, ticket.spent[kind], now)

    def hooks(self) -> dict[str, list[Any]]:
        """What `event_hooks` of a DefaultHttpx2Client takes."""
        return {"request": [self._before], "response": [self._after]}

    def async_hooks(self) -> dict[str, list[Any]]:
        """What `event_hooks` of a DefaultAsyncHttpx2Client takes."""
        return {"request": [self._before_async], "response": [self._after_async]}

    def _try(self, tokens: int) -> Ticket | float:
        """The ticket, or the seconds to wait before the next try."""
        with self._state:
            now = time.monotonic()
            amounts = [(self._pace, 1), (self._told["requests"], 1), (self._told["tokens"], tokens)]
            wait = max(self._hold - now, *(bucket.seconds(amount, now) for bucket, amount in amounts))
            if wait > 0:
                return float(wait)
            for bucket, amount in amounts:
                bucket.take(amount)
            return Ticket(now, {kind: bucket.spent for kind, bucket in self._told.items()})

    def _before(self, request: httpx2.Request) -> None:
        request.extensions["ticket"] = self.acquire(_tokens(request))

    def _after(self, response: httpx2.Response) -> None:
        self.learn(response.headers, response.request.extensions["ticket"])

    async def _before_async(self, request: httpx2.Request) -> None:
        request.extensions["ticket"] = await self.acquire_async(_tokens(request))

    async def _after_async(self, response: httpx2.Response) -> None:
        self._after(response)


def _tokens(request: httpx2.Request) -> int:
    is_json = request.headers.get("content-type", "").startswith("application/json")
    return estimate_tokens(request.content) if is_json else 0

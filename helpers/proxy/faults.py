"""Faults on demand: what the API answers when something is wrong, raised by the local server, free of charge.

Bodies and headers follow what the API was seen to send; see each entry's comment where it is not obvious.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        kind: "status" (an error answer), "slow" (waits, then answers), "drop" (hangs up without an answer),
            "drop-stream" (hangs up in the middle of a stream).
        status: HTTP status of an error answer.
        error: the inner error object.
        headers: headers of the error answer.
        seconds: how long "slow" waits.
        events: how many stream events pass before "drop-stream" hangs up.
    """

    kind: str
    status: int = 0
    error: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 2.0
    events: int = 5

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The body of an error answer to a request; a message about a rate limit names the model that was asked."""
        asked = request.get("json")
        model = asked.get("model") if isinstance(asked, dict) else None
        error = self.error or {}
        return {"error": {**error, "message": error["message"].replace("{model}", str(model or "this model"))}}


def _status(
    status: int, message: str, type: str, code: str | None = None, param: str | None = None, **headers: str
) -> Fault:
    error = {"message": message, "type": type, "param": param, "code": code}
    return Fault("status", status, error, {name.replace("_", "-"): value for name, value in headers.items()})


_RATE = "Visit https://platform.openai.com/account/rate-limits to learn more."
CATALOGUE: dict[str, Fault] = {
    "400": _status(
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "invalid_request_error",
        "unsupported_parameter",
        "max_tokens",
    ),
    "401": _status(
        401,
        "Incorrect API key provided: sk-proj-****wxyz. You can find your API key at https://platform.openai.com/account/api-keys.",
        "invalid_request_error",
        "invalid_api_key",
    ),
    "403": _status(
        403,
        "Country, region, or territory not supported",
        "request_forbidden",
        "unsupported_country_region_territory",
    ),
    "404": _status(
        404,
        "The model `{model}` does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found",
    ),
    "429": _status(
        429,
        "Rate limit reached for {model} in organization org-… on requests per min (RPM): "
        f"Limit 500, Used 500, Requested 1. Please try again in 120ms. {_RATE}",
        "requests",
        "rate_limit_exceeded",
        x_ratelimit_limit_requests="500",
        x_ratelimit_remaining_requests="0",
        x_ratelimit_reset_requests="120ms",
    ),
    "429-tokens": _status(
        429,
        "Rate limit reached for {model} in organization org-… on tokens per min (TPM): "
        f"Limit 500000, Used 465216, Requested 35272. Please try again in 558ms. {_RATE}",
        "tokens",
        "rate_limit_exceeded",
        x_ratelimit_limit_tokens="500000",
        x_ratelimit_remaining_tokens="34784",
        x_ratelimit_reset_tokens="558ms",
    ),
    "429-ramp": _status(
        429,
        "Your request rate rose too fast. Slow down and try again.",
        "rate_limit_error",
        "slow_down",
        retry_after="1",
    ),
    # Out of money: type and code differ, and there is no Retry-After, because waiting does not help.
    "429-quota": _status(
        429,
        "You have no credits remaining. Add credits to continue.",
        "insufficient_quota",
        "credit_balance_exhausted",
    ),
    "500": _status(500, "The server had an error while processing your request. Sorry about that!", "server_error"),
    "503": _status(
        503,
        "The server is overloaded. Please try again later.",
        "service_unavailable_error",
        "server_is_overloaded",
        retry_after="1",
    ),
    "slow": Fault("slow"),
    "drop": Fault("drop"),
    "drop-stream": Fault("drop-stream"),
}


def fault(
    name: str, *, retry_after: float | None = None, seconds: float | None = None, events: int | None = None
) -> Fault:
    """A fault from the catalogue, adjusted.

    Args:
        name: a key of CATALOGUE, such as "429" or "drop-stream".
        retry_after: seconds that the answer asks the client to wait (sent as retry-after and retry-after-ms).
        seconds: how long "slow" waits.
        events: after how many events "drop-stream" hangs up.

    Raises:
        ValueError: the catalogue has no such name.
    """
    if name not in CATALOGUE:
        raise ValueError(f"There is no fault named {name!r}. Choose from: {', '.join(CATALOGUE)}.")
    base = CATALOGUE[name]
    headers = dict(base.headers)
    if retry_after is not None:
        headers |= {"retry-after": f"{retry_after:g}", "retry-after-ms": f"{retry_after * 1000:g}"}
    return Fault(
        base.kind,
        base.status,
        base.error,
        headers,
        base.seconds if seconds is None else seconds,
        base.events if events is None else events,
    )


class Plan:
    """Which of the next requests fail, in order of arrival; None lets a request pass.

    Args:
        faults: Fault objects or None, one a request; when it runs out, everything passes.
    """

    def __init__(self, faults: Iterable[Fault | None]) -> None:
        self._faults: Iterator[Fault | None] = iter(faults)
        self._lock = threading.Lock()

    def decide(self) -> tuple[Fault | None, dict[str, str]]:
        """The fault for the request that has just come, and headers to add to its answer."""
        with self._lock:
            return next(self._faults, None), {}


class RateLimit:
    """A server-side limit on requests, enforced as a token bucket and told in the x-ratelimit headers.

    Args:
        requests: how many requests fit in one period; also the size of a burst.
        per: length of the period in seconds.
    """

    def __init__(self, requests: int, per: float = 60.0) -> None:
        if requests < 1 or per <= 0:
            raise ValueError("A rate limit needs at least one request and a period above 0 seconds.")
        self.requests, self.per = requests, per
        self._left, self._then = float(requests), time.monotonic()
        self._lock = threading.Lock()

    def decide(self) -> tuple[Fault | None, dict[str, str]]:
        """As Plan.decide; a request over the limit gets a 429 that says when the next one fits."""
        with self._lock:
            now = time.monotonic()
            self._left = min(self.requests, self._left + (now - self._then) * self.requests / self.per)
            self._then = now
            passed = self._left >= 1
            self._left -= passed
            wait = 0.0 if self._left >= 1 else (1 - self._left) * self.per / self.requests
            full = (self.requests - self._left) * self.per / self.requests
        headers = {
            "x-ratelimit-limit-requests": str(self.requests),
            "x-ratelimit-remaining-requests": str(int(self._left)),
            "x-ratelimit-reset-requests": f"{full * 1000:.0f}ms" if full < 1 else f"{full:.3g}s",
        }
        if passed:
            return None, headers
        limited = fault("429", retry_after=round(wait + 0.001, 3))
        return Fault("status", 429, limited.error, {**limited.headers, **headers}), headers

"""Calls that survive temporary failures: a policy for retries, built on the library tenacity.

    patient = retries.Policy(attempts=5, deadline=30)
    answer = patient.call(client.chat.completions.create, model=…, messages=…)

Use it with a client made with `max_retries=0`. The SDK retries as well, and one loop inside another multiplies.
"""

from __future__ import annotations

import email.utils
import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import openai
import tenacity

OUT_OF_MONEY = "insufficient_quota"  # the `type` of the error; its `code` has several values and has changed

_P = ParamSpec("_P")
_T = TypeVar("_T")


def worth_retrying(error: BaseException) -> bool:
    """Whether the same request may succeed a little later.

    True for timeouts and broken connections, and for the status codes 408, 409, 429 and 500 or more. False for
    everything else, for a 429 that is about money, and where the answer says `x-should-retry: false`.
    """
    if isinstance(error, openai.APIStatusError):
        if error.type == OUT_OF_MONEY or error.response.headers.get("x-should-retry") == "false":
            return False
        return error.status_code in (408, 409, 429) or error.status_code >= 500
    return isinstance(error, openai.APIConnectionError)


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """How long an answer asks its client to wait.

    Args:
        headers: of the answer, names in lower case (or an httpx2.Headers). `retry-after-ms` in milliseconds
            goes before `retry-after`, which is a number of seconds or a date in the format of HTTP.
        now: Unix time in seconds that a date is compared with; None for this moment.

    Returns:
        seconds above 0, or None where nothing usable is said.
        Source: RFC 9110, section 10.2.3; `retry-after-ms` is OpenAI's own.
    """
    for name, divisor in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / divisor
        except ValueError:
            continue
        return seconds if 0 < seconds < math.inf else None
    try:
        then = email.utils.parsedate_to_datetime(headers.get("retry-after", "")).timestamp()
    except (ValueError, OverflowError):
        return None
    seconds = then - (time.time() if now is None else now)
    return seconds if seconds > 0 else None


@dataclass(frozen=True)
class Wait:
    """What a policy reports before it waits.

    Attributes:
        attempt: number of the attempt that failed, from 1.
        seconds: how long it is going to wait.
        error: why the attempt failed.
    """

    attempt: int
    seconds: float
    error: BaseException | None


@dataclass(frozen=True)
class Policy:
    """How often to try again, and how long to wait before.

    A wait is anything between 0 and a ceiling, which begins at `base`, doubles with every attempt and stops
    growing at `cap` ("full jitter"). Where the answer asks for a wait, that one is kept in full, and up to `base`
    seconds are added, so that clients which were told the same do not come back together.

    Attributes:
        attempts: how many requests at most, the first one included.
        base: ceiling of the first wait, in seconds.
        cap: highest ceiling, in seconds.
        deadline: seconds from the start after which no further attempt begins. It gives up at once when the next
            wait would end later. An attempt under way is not cut off: that is what the client's timeout is for.
        on_wait: called with a Wait before each wait, to show progress or to keep a log.

    Raises:
        ValueError: there is no attempt to make, or a time that is not above 0.
    """

    attempts: int = 5
    base: float = 0.5
    cap: float = 8.0
    deadline: float = 60.0
    on_wait: Callable[[Wait], None] | None = None

    def __post_init__(self) -> None:
        if self.attempts < 1 or min(self.base, self.cap, self.deadline) <= 0:
            raise ValueError("A policy needs at least one attempt, and base, cap and deadline above 0 seconds.")

    def call(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """What `function(*args, **kwargs)` returns, tried again while that makes sense.

        The function must be safe to call twice. A stream is covered until it begins, not while it is read.

        Raises:
            openai.OpenAIError: the error of the last attempt, unchanged.
        """
        return tenacity.Retrying(**self._rules())(function, *args, **kwargs)

    def _rules(self) -> dict[str, Any]:
        return {
            "retry": tenacity.retry_if_exception(worth_retrying),
            "wait": self._seconds,
            "stop": tenacity.stop_after_attempt(self.attempts) | tenacity.stop_before_delay(self.deadline),
            "before_sleep": self._tell,
            "reraise": True,
        }

    def _seconds(self, state: tenacity.RetryCallState) -> float:
        error = _error(state)
        asked = retry_after(error.response.headers) if isinstance(error, openai.APIStatusError) else None
        if asked is not None:
            return asked + random.uniform(0, self.base)
        return tenacity.wait_random_exponential(multiplier=self.base, max=self.cap)(state)

    def _tell(self, state: tenacity.RetryCallState) -> None:
        if self.on_wait:
            self.on_wait(Wait(state.attempt_number, state.upcoming_sleep, _error(state)))


def _error(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None

"""The meter: calls, tokens and dollars of a kernel, and the cap that stops a live run before it gets dear."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .. import costs

OUTPUT_GUESS = 1000  # tokens assumed for an answer without a limit
FLAT_GUESS = 0.02  # USD assumed for a call whose price cannot be told beforehand (pictures, sound)


@dataclass(frozen=True)
class Reading:
    """What one answered call used. `cost` is USD, None when the price is unknown."""

    model: str
    usage: dict[str, Any]
    cost: float | None


def price_of(recordings: Iterable[dict[str, Any]]) -> float:
    """What recorded exchanges would cost to make again, in USD; those with an unknown price count as nothing."""
    total = 0.0
    for recording in recordings:
        response = recording["response"]
        if response["status"] < 300:
            answer = [data for _, data, *_ in response.get("events", ())] or response.get("json")
            reading = read_usage(recording["request"], answer)
            total += (reading.cost or 0.0) if reading else 0.0
    return total


def usage_of(response: Any) -> dict[str, Any] | None:
    """The usage object of an answer or of a stream event, wherever the endpoint puts it."""
    if not isinstance(response, dict):
        return None
    inner = response.get("response") if isinstance(response.get("response"), dict) else response
    usage = inner.get("usage")
    return usage if isinstance(usage, dict) else None


def read_usage(request: dict[str, Any], answer: Any) -> Reading | None:
    """The reading of one exchange.

    Args:
        request: the described request (helpers.proxy.recordings.describe).
        answer: the JSON answer, the list of a stream's JSON events, or None for binary answers.

    Returns:
        None when the exchange used nothing that costs (an error, a list of models, …).
    """
    body = request.get("json") if isinstance(request.get("json"), dict) else {}
    fields = {field["name"]: field.get("value") for field in request.get("multipart", ())}
    model = body.get("model") or fields.get("model") or ""
    if request["path"].startswith("/v1/audio/speech"):
        usage: dict[str, Any] | None = {
            "characters": len(body.get("input") or ""),
            "input_text": body.get("input") or "",
        }
    elif isinstance(answer, list):
        usage = next((found for event in reversed(answer) if (found := usage_of(event))), None) or _count(body, answer)
    else:
        usage = usage_of(answer)
    if not model or not usage:
        return None
    return Reading(model, usage, costs.cost(model, usage))


def _count(body: dict[str, Any], events: list[Any]) -> dict[str, Any]:
    """Usage of a stream that did not tell it: counted offline, and marked as an estimate."""
    from .. import tokens  # loads the tokenizer, so only where it is needed

    said = ""
    for event in events:
        if isinstance(event, dict):
            said += event.get("delta", "") if isinstance(event.get("delta"), str) else ""
            said += "".join((choice.get("delta") or {}).get("content") or "" for choice in event.get("choices") or ())
    messages = body.get("messages") or [{"role": "user", "content": str(body.get("input") or "")}]
    prompt, completion = tokens.chat_tokens(messages, body.get("model", "")), tokens.count(said)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "estimated": True,
    }


def estimate(request: dict[str, Any]) -> float:
    """A guess at what a call will cost, in USD, before it is made: four characters a token, and the answer's limit."""
    body = request.get("json")
    if not isinstance(body, dict) or "model" not in body:
        return FLAT_GUESS if request.get("multipart") else 0.0
    text = len(str(body.get("messages") or body.get("input") or body.get("prompt") or ""))
    output = body.get("max_completion_tokens") or body.get("max_output_tokens") or OUTPUT_GUESS
    answers = request["path"].startswith(("/v1/chat", "/v1/responses"))
    usage = {"prompt_tokens": text // 4, "completion_tokens": output if answers else 0}
    if request["path"].startswith(("/v1/images", "/v1/audio")):
        return FLAT_GUESS
    return costs.cost(body["model"], usage) or 0.0


class Meter:
    """Adds up what calls use.

    Args:
        cap: USD that live calls of this kernel may cost together.
    """

    def __init__(self, cap: float) -> None:
        self.cap = cap
        self.spent = 0.0  # USD of live calls since the kernel started
        self._reserved = 0.0
        self._lock = threading.Lock()

    def reserve(self, request: dict[str, Any]) -> float | None:
        """Sets aside the likely price of a live call; None means that the cap forbids the call."""
        price = estimate(request)
        with self._lock:
            if self.spent + self._reserved + price > self.cap:
                return None
            self._reserved += price
            return price

    def settle(self, reserved: float, reading: Reading | None) -> None:
        """Replaces a reservation by what the call really cost."""
        with self._lock:
            self._reserved -= reserved
            if reading and reading.cost:
                self.spent += reading.cost

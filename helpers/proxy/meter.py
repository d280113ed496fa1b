"""The meter: what calls use and cost, and the cap: before a call is sent, the most that it can cost is set aside."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .. import costs, prices
from ..setup.endpoints import api_of
from .bounds import UNKNOWN, batch_bound, highest_price

UNFINISHED = ("queued", "in_progress", "validating", "finalizing", "cancelling")
MOST = 1_000.0  # USD; a usage that comes to more for one call is a mistake


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
    if request["method"] != "POST":
        return read_later(answer) if isinstance(answer, dict) and answer.get("background") else None
    body = request.get("json") if isinstance(request.get("json"), dict) else {}
    fields = {field["name"]: field.get("value") for field in request.get("multipart", ())}
    model = body.get("model") or fields.get("model")
    usage = None
    if isinstance(answer, list):
        usage = next((found for event in reversed(answer) if (found := usage_of(event))), None)
        model = model or next((found for event in answer if (found := _model_of(event))), None)
    else:
        usage, model = usage_of(answer), model or _model_of(answer)
    if not usage and api_of(request["path"]) == "speech":
        text = str(body.get("input") or "")
        usage = {"characters": len(text), "input_text": text}
    elif not usage and isinstance(answer, list):
        usage = _count(body, answer)
    if not usage or not isinstance(model, str) or not model:
        return None
    return Reading(model, usage, _cost(model, usage))


def read_later(answer: Any) -> Reading | None:
    """Usage of work that was begun earlier and is told once it is done: background responses and batches."""
    if not isinstance(answer, dict) or answer.get("status") in UNFINISHED:
        return None
    usage, model = usage_of(answer), _model_of(answer)
    if not usage or not model or not any(usage.values()):
        return None
    return Reading(model, usage, _cost(model, usage, answer.get("object") == "batch"))


def _told(answer: Any) -> dict[str, Any]:
    """The object of an answer; of a stream, the response that one of its events told last."""
    if isinstance(answer, list):
        responses = (event.get("response") for event in reversed(answer) if isinstance(event, dict))
        answer = next((response for response in responses if isinstance(response, dict)), None)
    return answer if isinstance(answer, dict) else {}


def _model_of(value: Any) -> str | None:
    inner = value.get("response") if isinstance(value, dict) and isinstance(value.get("response"), dict) else value
    model = inner.get("model") if isinstance(inner, dict) else None
    return model if isinstance(model, str) else None


def _cost(model: str, usage: dict[str, Any], batch: bool = False) -> float | None:
    """USD; None also for a usage that makes no sense: what a service says of itself is no reason to fail."""
    try:
        cost = costs.cost(model, usage, batch)
    except Exception:  # the price package has classes of its own for what contradicts itself
        return None
    return cost if cost is not None and 0 <= cost < MOST else None


def _count(body: dict[str, Any], events: list[Any]) -> dict[str, Any] | None:
    """Usage of a stream that did not tell it: counted offline, and marked as an estimate."""
    from .. import tokens  # loads the tokenizer, so only where it is needed

    said = "".join(text for event in events if isinstance(event, dict) for text in _said(event))
    if not said and not events:
        return None
    model = body.get("model") if isinstance(body.get("model"), str) else ""
    asked = body.get("messages") or str(body.get("input") or body.get("prompt") or "")
    try:
        prompt = tokens.chat_tokens([{"role": "user", "content": asked}] if isinstance(asked, str) else asked, model)
    except (TypeError, KeyError, AttributeError):  # a shape that the API may know
        prompt = tokens.count(json.dumps(asked), model)
    completion = tokens.count(said, model)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "estimated": True,
    }


def _said(event: dict[str, Any]) -> Iterator[str]:
    """The pieces of text that an event of a stream brings: words, refusals, names and arguments of calls."""
    if isinstance(event.get("delta"), str):
        yield event["delta"]
    for choice in event.get("choices") or ():
        pending = [choice.get("delta"), choice.get("text")]
        while pending:
            value = pending.pop()
            if isinstance(value, str):
                yield value
            elif isinstance(value, list):
                pending += value
            elif isinstance(value, dict):
                pending += [item for name, item in value.items() if name not in ("role", "id", "type")]


class Reservation:
    """What is set aside for one call; `settle` puts the real price in its place.

    Args:
        meter: whose cap it is.
        price: USD, the most that the call can cost.
        batch: USD, the most that a batch of the requests in an uploaded file can cost.

    Attributes:
        waited: whether other calls had to be settled first.
    """

    def __init__(self, meter: Meter, price: float, batch: float = UNKNOWN) -> None:
        self.meter, self.price, self.batch, self._settled = meter, price, batch, False
        self.waited = False

    def settle(self, exchange: Any) -> None:
        """Books an exchange (helpers.proxy.exchange.Exchange); only the first time counts."""
        if not self._settled:
            self._settled = True
            exchange.__dict__.pop("reading", None)  # somebody may have looked before the answer was whole
            self.meter.book(self, exchange)


class Meter:
    """Adds up what calls use, and holds the cap: a call is let through only if the most that it can cost fits beside
    what is spent and what is set aside for calls that are not finished.

    Args:
        cap: USD that live calls of this kernel may cost together; infinity for no cap.

    Attributes:
        spent: USD so far. An answer that does not say what it used counts with the most that it can have cost.
    """

    def __init__(self, cap: float) -> None:
        self.cap = cap
        self.spent = 0.0
        self._open = 0.0  # USD set aside for calls that are under way
        self._later: dict[str, float] = {}  # for background responses and batches, by id, until their usage is told
        self._batches: dict[str, float] = {}  # the most that a batch of an uploaded file can cost, by the file's id
        self._changed = threading.Condition()

    @property
    def _free(self) -> float:
        return self.cap - self.spent - sum(self._later.values())

    def reserve(self, request: dict[str, Any], body: bytes) -> Reservation | str:
        """Sets aside the most that a call can cost. A call that fits once others are settled waits for them.

        Args:
            request: the described request.
            body: the raw body.

        Returns:
            the reservation, or a sentence that says why the cap forbids the call and how to raise it.
        """
        if math.isinf(self.cap):
            return Reservation(self, 0.0)
        if request["method"] == "POST" and request["path"] == "/v1/batches":
            asked = request.get("json")
            price = self._batches.get(str(asked.get("input_file_id")), UNKNOWN) if isinstance(asked, dict) else 0.0
        else:
            price = highest_price(request, body)
        with self._changed:
            waited = False
            while self._open and price <= self._free < price + self._open:
                waited = True
                self._changed.wait()
            if price + self._open > self._free:
                return self._refusal(price)
            self._open += price
        reservation = Reservation(self, price, batch_bound(request, body))
        reservation.waited = waited
        return reservation

    def _refusal(self, price: float) -> str:
        if math.isinf(price):
            most, way_on = "nothing tells how much this call can cost", "Set COURSE_CAP=inf in .env to go without a cap"
        else:
            most = f"this call can cost up to {prices.usd(price)}"
            way_on = "Give it a lower limit, such as max_completion_tokens, or raise COURSE_CAP in .env"
        held = self.cap - self._free - self.spent + self._open
        aside = f", {prices.usd(held)} set aside" if held > 1e-9 else ""
        return (
            f"Stopped before sending: {most}, and the cap of this kernel is {prices.usd(self.cap)} "
            f"({prices.usd(self.spent)} spent{aside}). {way_on} and restart the kernel."
        )

    def book(self, reservation: Reservation, exchange: Any) -> None:
        """Puts what a call cost in the place of its reservation."""
        method, answer = exchange.request["method"], _told(exchange.answer)
        reading = exchange.reading or (read_later(answer) if method == "GET" else None)
        name, status = str(answer.get("id")), answer.get("status")
        with self._changed:
            self._open -= reservation.price
            if exchange.source == "live" and 200 <= exchange.status < 300:
                later = status in UNFINISHED and (answer is exchange.answer or answer.get("background"))
                if method == "POST" and later:
                    self._later[name] = reservation.price
                elif method == "POST":
                    known = reading.cost if reading else None
                    self.spent += reservation.price if known is None else known
                elif name in self._later and (reading is not None or status == "failed"):
                    aside = self._later.pop(name)
                    if reading is not None:
                        self.spent += aside if reading.cost is None else reading.cost
                if answer.get("object") == "file":
                    self._batches[name] = reservation.batch
            self._changed.notify_all()

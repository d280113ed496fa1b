"""What goes back over the wire: JSON, streams, errors and headers, as far as the proxy passes them on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ...proxy.http import sse
from ...proxy.refusals import Refusal, Violation
from .ids import Dice, request_id
from .pace import Pace

OLD_GATEWAY = ("chat", "embeddings")  # these answer 401, 403, 404 and 429 from there
ITS_TYPE = "application/json; charset=utf-8"
NOTHING_SAID = "Made by the stand-in upstream from the rules of the API; nothing in it was said by a model."


@dataclass
class Response:
    """One answer, ready to send.

    Attributes:
        status: HTTP status.
        body: the bytes, unless it is a stream.
        events: (milliseconds since the request, one server-sent event), for a stream.
        headers: headers beyond those that every answer has.
        elapsed_ms: time that the whole answer is said to have taken.
        basis: how the content was made; None when nothing in it was authored (errors, lists).
    """

    status: int = 200
    body: bytes = b""
    events: list[tuple[int, bytes]] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    elapsed_ms: int = 0
    basis: str | None = None


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_response(value: Any, **more: Any) -> Response:
    """A response with a JSON body. The proxy parses it, so the API's own indentation would be lost."""
    headers = {"content-type": "application/json", **more.pop("headers", {})}
    return Response(body=compact(value).encode(), headers=headers, **more)


class Stream:
    """The events of one stream, each with its time.

    Args:
        pace: the clock of the answer.
        dice: what the padding is drawn from.
        options: `stream_options` of the request.
    """

    def __init__(self, pace: Pace, dice: Dice, options: dict[str, Any] | None = None) -> None:
        self.pace, self.events = pace, []
        self._dice, self._padded = dice, (options or {}).get("include_obfuscation") is not False

    def padding(self, length: int) -> dict[str, str]:
        """The field that makes `length` a multiple of 16, so that it does not tell the length of a token."""
        padding = self._dice.base62(f"padding {len(self.events)}", -length % 16)
        return {"obfuscation": padding} if self._padded else {}

    def send(self, data: dict[str, Any] | str, name: str | None = None) -> None:
        self.events.append((self.pace.now, sse(data, name or "")))

    def response(self, basis: str) -> Response:
        headers = {"content-type": "text/event-stream; charset=utf-8"}
        return Response(events=self.events, headers=headers, elapsed_ms=self.pace.first_ms, basis=basis)


def error_response(api: str, fault: Refusal | Violation) -> Response:
    """An error as the endpoint with this short name sends it."""
    old = api in OLD_GATEWAY and fault.status in (401, 403, 404, 429)
    return json_response(fault.body, status=fault.status, headers={"content-type": ITS_TYPE} if old else {})


def authoring_response(message: str) -> Response:
    """Tells the author of the answers what they lack; the SDK does not try again."""
    response = error_response("", Violation(message, None, "no_answer", 501, "authoring"))
    response.headers["x-should-retry"] = "false"
    return response


# Requests and tokens a minute of a new account: from public logs; for the newer models a guess in size.
LIMITS = {"text-embedding": (3_000, 1_000_000), "gpt-4o": (500, 30_000), "gpt-4.1": (500, 30_000)}
USUAL_LIMIT = (500, 500_000)
IMAGES_A_MINUTE = 50_000


def rate_limits(api: str, model: str, used_tokens: int, images: int = 0) -> dict[str, str]:
    """The x-ratelimit headers after one request.

    Args:
        api: short name of the endpoint; some have none, transcriptions only those of requests.
        model: model id.
        used_tokens: tokens that the request counts for.
        images: pictures in the request.
    """
    heard = api in ("transcriptions", "translations")
    if api not in ("chat", "responses", "embeddings", "speech") and not heard:
        return {}
    requests, tokens = next((limit for name, limit in LIMITS.items() if model.startswith(name)), USUAL_LIMIT)
    kinds = {"requests": (requests, 1)}
    kinds |= {} if heard else {"tokens": (tokens, used_tokens)}
    kinds |= {"input-images": (IMAGES_A_MINUTE, images)} if images else {}
    headers = {f"x-ratelimit-limit-{kind}": str(limit) for kind, (limit, _) in kinds.items()}
    headers |= {f"x-ratelimit-remaining-{kind}": str(max(limit - used, 0)) for kind, (limit, used) in kinds.items()}
    waits = {kind: used * 60_000 // limit for kind, (limit, used) in kinds.items()}
    return headers | {f"x-ratelimit-reset-{kind}": _wait(ms) for kind, ms in waits.items()}


def _wait(ms: int) -> str:
    return f"{ms}ms" if 0 < ms < 1000 else f"{ms / 1000:.3f}".rstrip("0").rstrip(".") + "s"


def add_headers(response: Response, dice: Dice, date: str) -> None:
    """Adds what every answer carries: how long it took, which request it is, and where the content comes from."""
    headers = response.headers
    if headers["content-type"] != ITS_TYPE and response.status != 501:
        headers["openai-version"] = "2020-10-01"
        headers["openai-processing-ms"] = str(response.elapsed_ms or dice.number("processing", 8, 40))
    headers["x-request-id"] = request_id(dice)
    headers["x-course-origin"] = compact({"kind": "authored", "date": date, "basis": response.basis or NOTHING_SAID})
    if response.events is None:
        headers["x-course-elapsed-ms"] = str(response.elapsed_ms)

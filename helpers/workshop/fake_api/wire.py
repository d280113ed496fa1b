"""What goes back over the wire: framing, headers and errors, each endpoint in its own manner."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from .ids import request_id

CLASSIC = {"chat", "completions", "embeddings"}  # these answer 401, 403, 404 and 429 from an older gateway
NEWLINE = {"chat", "files"}  # their JSON ends with a newline


@dataclass
class Reply:
    """One answer, ready to send.

    Attributes:
        status: HTTP status.
        body: the bytes, unless it is a stream.
        events: (milliseconds since the request, text of one server-sent event), for a stream.
        headers: headers beyond those that every answer has.
        elapsed_ms: time that the whole answer is said to have taken.
        basis: how the content was made; None when nothing in it was authored (errors, lists).
    """

    status: int = 200
    body: bytes = b""
    events: list[tuple[int, str]] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    elapsed_ms: int = 0
    basis: str | None = None


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_reply(api: str, value: Any, **more: Any) -> Reply:
    """JSON as the endpoint writes it: indented by two, some with a newline; embeddings and transcripts compact."""
    if api in ("embeddings", "transcriptions", "translations"):
        text = compact(value)
    else:
        text = json.dumps(value, ensure_ascii=False, indent=2) + ("\n" if api in NEWLINE else "")
    reply = Reply(body=text.encode(), **more)
    reply.headers.setdefault("content-type", "application/json")
    return reply


def stream_reply(events: list[tuple[int, str]], **more: Any) -> Reply:
    reply = Reply(events=events, **more)
    reply.headers.setdefault("content-type", "text/event-stream; charset=utf-8")
    return reply


def error_body(
    message: str, type: str = "invalid_request_error", param: str | None = None, code: str | None = None
) -> dict[str, Any]:
    return {"error": {"message": message, "type": type, "param": param, "code": code}}


def error_reply(api: str, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Reply:
    """An error as the endpoint frames it.

    Args:
        api: short name of the endpoint, such as "chat".
        status: HTTP status.
        body: {"error": {"message", "type", "param", "code"}}.
        headers: more headers, such as retry-after.
    """
    extra = dict(headers or {})
    if api in CLASSIC and status in (401, 403, 404, 429):
        text = json.dumps(body, ensure_ascii=False, indent=4) + "\n"
        extra |= {"content-type": "application/json; charset=utf-8", "vary": "Origin"}
    else:
        text = json.dumps(body, ensure_ascii=False, indent=2)
        extra |= {"content-type": "application/json"}
        if status == 401:
            extra["www-authenticate"] = 'Bearer realm="OpenAI API"'
    return Reply(status, text.encode(), headers=extra)


def made_by(maker: Any, how: str) -> str:
    """The basis of what a function made: its own, or its name.

    Args:
        maker: function that made it.
        how: "Spoken", "Drawn" and so on.
    """
    return getattr(maker, "basis", f"{how} by {getattr(maker, '__name__', 'an unnamed function')}.")


def listing(data: list[dict[str, Any]]) -> dict[str, Any]:
    """A list object with all of its pages on the first."""
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
    return {"object": "list", "data": data, "has_more": False, **ends}


def authoring_reply(message: str) -> Reply:
    """Says what the answers lack, to whoever writes them; the SDK does not try again."""
    body = error_body(message, "authoring", None, "no_answer")
    return Reply(501, json.dumps(body, ensure_ascii=False).encode(), headers={"x-should-retry": "false"})


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
    if api not in ("chat", "responses", "embeddings", "speech", "transcriptions", "translations"):
        return {}
    requests, tokens = next((limit for name, limit in LIMITS.items() if model.startswith(name)), USUAL_LIMIT)
    kinds = {"requests": (requests, 1)}
    if api not in ("transcriptions", "translations"):
        kinds["tokens"] = (tokens, used_tokens)
    if images:
        kinds["input-images"] = (IMAGES_A_MINUTE, images)
    headers = {f"x-ratelimit-limit-{kind}": str(limit) for kind, (limit, _) in kinds.items()}
    headers |= {f"x-ratelimit-remaining-{kind}": str(max(limit - used, 0)) for kind, (limit, used) in kinds.items()}
    return headers | {
        f"x-ratelimit-reset-{kind}": _wait(used * 60_000 // limit) for kind, (limit, used) in kinds.items()
    }


def _wait(ms: int) -> str:
    if ms == 0:
        return "0s"
    return f"{ms}ms" if ms < 1000 else f"{ms / 1000:.3f}".rstrip("0").rstrip(".") + "s"


def finish_headers(reply: Reply, api: str, dice: Any, created: int, date: str) -> None:
    """Adds what every answer carries: when, how long, which request, and where the content comes from."""
    headers = reply.headers
    headers["date"] = formatdate(created + reply.elapsed_ms // 1000, usegmt=True)
    if "vary" not in headers and reply.status != 501:
        headers["openai-version"] = "2020-10-01"
        headers["openai-processing-ms"] = str(reply.elapsed_ms or dice.number("processing", 8, 40))
    headers["x-request-id"] = request_id(dice)
    basis = reply.basis or "Made by the stand-in upstream from the rules of the API; nothing in it was said by a model."
    headers["x-course-origin"] = json.dumps({"kind": "authored", "date": date, "basis": basis}, separators=(",", ":"))
    if reply.events is None:
        headers["x-course-elapsed-ms"] = str(reply.elapsed_ms)
    else:
        headers["x-course-pace"] = "1"

"""Exchanges of the real API, kept in tests/wire, and what the official SDK makes of them, in a form to compare.

Each file of tests/wire holds one exchange that a public repository keeps for its own tests, and names that source.
Account ids and cookies were left out.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import openai
from pydantic import BaseModel

from helpers.proxy.http import EventReader, usual_name
from helpers.proxy.pipe import KEPT_HEADERS
from helpers.proxy.recordings import Recordings, describe
from helpers.proxy.server import CourseServer

WIRE = Path(__file__).resolve().parent / "wire"
STAND_IN = b"the content of this file is not kept"  # in place of uploaded files
FRAMING = {"content-encoding", "content-length", "transfer-encoding", "connection"}  # bodies are kept decoded
KEY = "any-word"

# endpoint → the SDK's method for it
METHODS = {
    "POST /v1/chat/completions": "chat.completions.create",
    "POST /v1/responses": "responses.create",
    "POST /v1/embeddings": "embeddings.create",
    "POST /v1/moderations": "moderations.create",
    "POST /v1/audio/speech": "audio.speech.create",
    "POST /v1/audio/transcriptions": "audio.transcriptions.create",
    "POST /v1/audio/translations": "audio.translations.create",
    "POST /v1/files": "files.create",
    "POST /v1/batches": "batches.create",
    "GET /v1/batches/{id}": "batches.retrieve",
    "GET /v1/models": "models.list",
}


@dataclass(frozen=True, eq=False)
class Exchange:
    """One exchange of the real API.

    Attributes:
        name: of its file, without the ending.
        endpoint: method and path.
        request: {"method", "path"} and "json" or "multipart", as far as it is known.
        status: HTTP status of the answer.
        headers: of the answer, as received.
        body: of the answer, decoded from any compression.
        date: of the answer, YYYY-MM-DD; "" where nobody kept it.
    """

    name: str
    endpoint: str
    request: dict[str, Any]
    status: int
    headers: dict[str, str]
    body: bytes
    date: str = ""

    @property
    def kind(self) -> str:
        """Content type of the answer, without parameters."""
        return httpx2.Headers(self.headers).get("content-type", "").partition(";")[0]

    @property
    def streamed(self) -> bool:
        return self.kind == "text/event-stream"


def respond(exchange: Exchange) -> httpx2.Response:
    """The raw answer, as a transport of the SDK's HTTP library gives it."""
    headers = [(name, value) for name, value in exchange.headers.items() if name.lower() not in FRAMING]
    return httpx2.Response(exchange.status, headers=headers, content=exchange.body)


@functools.cache
def exchanges() -> list[Exchange]:
    """Every exchange in tests/wire."""
    return [read(path) for path in sorted(WIRE.glob("*.json"))]


def read(path: Path) -> Exchange:
    kept = json.loads(path.read_text(encoding="utf-8"))
    answer = kept["response"]
    body = answer["body"].encode() if answer["body_kind"] == "text" else base64.b64decode(answer["body"])
    about = kept["endpoint"], kept["request"], answer["status"], answer["headers"]
    return Exchange(path.stem, *about, body, kept["date"] or "")


def arguments(exchange: Exchange) -> dict[str, Any]:
    """What the SDK's method is called with to make the exchange's request."""
    request = exchange.request
    if exchange.endpoint == "GET /v1/batches/{id}":
        return {"batch_id": request["path"].rsplit("/", 1)[1]}
    if request["method"] == "GET":
        return {}
    found: dict[str, Any] = {}
    for field in request.get("multipart", ()):
        name = field["name"]
        if "filename" in field:
            found[name] = (field["filename"], STAND_IN, field["content_type"])
        elif name.endswith("[]"):
            found.setdefault(name.removesuffix("[]"), []).append(field["value"])
        else:
            found[name] = field["value"]
    # Of one error the request is not known: any will do.
    unknown = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hello"}]}
    return found or request.get("json") or unknown


def method(client: Any, exchange: Exchange, raw: bool = False) -> Callable[..., Any]:
    """The SDK's method for an exchange; with `raw` the one that gives the HTTP response too."""
    *resources, name = METHODS[exchange.endpoint].split(".")
    resource = functools.reduce(getattr, resources, client)
    return getattr(resource.with_raw_response if raw else resource, name)


def recording(exchange: Exchange, sent: httpx2.Request) -> tuple[dict[str, Any], bytes | None]:
    """The exchange as a recording, and its binary body where it has one.

    Args:
        exchange: the answer.
        sent: the request that the SDK makes of `arguments`.
    """
    request = describe(sent.method, sent.url.raw_path.decode(), sent.headers.get("content-type", ""), sent.read())
    headers = {name.lower(): value for name, value in exchange.headers.items() if KEPT_HEADERS.fullmatch(name.lower())}
    response: dict[str, Any] = {"status": exchange.status, "headers": headers, "elapsed_ms": 0}
    if exchange.streamed:
        read = EventReader().feed(exchange.body, last=True)
        response["events"] = [[0, data] + [name] * (name != usual_name(data)) for _, name, data in read]
    elif exchange.kind == "application/json":
        response["json"] = json.loads(exchange.body)
    origin = {"kind": "captured", "date": "", "model": None, "sdk": None}
    binary = None if exchange.streamed or exchange.kind == "application/json" else exchange.body
    return {"request": request, "response": response, "origin": origin}, binary


def made(chosen: list[Exchange], folder: Path) -> Recordings:
    """Recordings of exchanges, written into a folder."""
    recordings = Recordings(folder)
    for exchange in chosen:
        recordings.save(*recording(exchange, sent_by(exchange)))
    return recordings


def serve(
    mode: str = "replay", recordings: Recordings | None = None, upstream: str = "http://127.0.0.1:9", **options: Any
) -> CourseServer:
    """A running course server, as fast as it can. Call `close` on it in the end.

    Args:
        mode: of the server.
        recordings: what it answers from or records into; none when left out.
        upstream: address without /v1; left out, nothing listens there.
        options: of the server.
    """
    server = CourseServer(mode, upstream + "/v1", **{"pace": 0, **options})
    server.begin(Recordings() if recordings is None else recordings)
    server.start()
    return server


def raw_client(exchange: Exchange, kind: type = openai.OpenAI, sent: list[Any] | None = None, **options: Any) -> Any:
    """An SDK client whose HTTP library hands it the raw answer, so that no server of ours is on the way.

    Args:
        exchange: what every request is answered with.
        kind: OpenAI or AsyncOpenAI.
        sent: gets the requests.
        options: of the client.
    """

    def answer(request: httpx2.Request) -> httpx2.Response:
        if sent is not None:
            sent.append(request)
        return respond(exchange)

    http = httpx2.Client if kind is openai.OpenAI else httpx2.AsyncClient
    options = {"api_key": KEY, "base_url": "http://127.0.0.1/v1", "max_retries": 0, **options}
    return kind(http_client=http(transport=httpx2.MockTransport(answer)), **options)


@functools.cache
def sent_by(exchange: Exchange) -> httpx2.Request:
    """The request that the SDK makes for an exchange."""
    sent: list[httpx2.Request] = []
    with contextlib.suppress(openai.APIError):
        method(raw_client(exchange, sent=sent), exchange)(**arguments(exchange))
    return sent[0]


def facts(value: Any) -> dict[str, Any]:
    """What an object of the SDK says: its type, every field, unknown ones too, and which of them were sent at all."""
    if isinstance(value, BaseModel):
        return {
            "type": type(value).__name__,
            "fields": value.model_dump(),
            "sent": value.model_dump(exclude_unset=True),
            "extra": value.model_extra,
            "request id": getattr(value, "_request_id", None),
        }
    content = getattr(value, "content", None)
    return {"type": type(value).__name__, "value": value if content is None else content}


def problem(error: openai.APIError) -> dict[str, Any]:
    """What a learner can read from an error of the SDK."""
    names = ("status_code", "code", "type", "param", "message", "request_id", "body")
    return {"class": type(error).__name__, "text": str(error)} | {name: getattr(error, name, None) for name in names}

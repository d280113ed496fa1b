"""What the tests of the fake API share: a running one, a client, raw exchanges."""

from __future__ import annotations

import http.client
import io
import json
import math
import wave
import zlib
from pathlib import Path
from typing import Any

import openai
import PIL.Image
import pytest

from helpers.workshop.fake_api import FakeApi

ANSWERS = Path(__file__).resolve().parent / "answers"
KEY = "test-" + "key"


def hash_vectors(texts: list[str], model: str, dimensions: int) -> list[list[float]]:
    """Vectors of unit length that depend on the text alone and mean nothing."""
    angles = [zlib.crc32(text.encode()) for text in texts]
    return [[math.cos(angle), math.sin(angle), *[0.0] * (dimensions - 2)] for angle in angles]


def tone(seconds: float) -> bytes:
    """A WAV file of silence."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(round(seconds * 8000) * 2))
    return buffer.getvalue()


def png(side: int = 64) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (side, side), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def client_of(api: FakeApi) -> openai.OpenAI:
    return openai.OpenAI(base_url=api.url, api_key=KEY, max_retries=0)


def raw(
    api: FakeApi,
    path: str,
    body: Any = None,
    method: str = "POST",
    key: str | None = f"Bearer {KEY}",
    kind: str = "application/json",
) -> tuple[http.client.HTTPResponse, bytes]:
    """One exchange without the SDK: the response object and its body. A body that is no bytes is sent as JSON."""
    connection = http.client.HTTPConnection(api.url.removeprefix("http://").removesuffix("/v1"), timeout=10)
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    connection.request(method, path, content, {"Content-Type": kind, **({"Authorization": key} if key else {})})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def events_of(content: bytes) -> list[tuple[int | None, str | None, str]]:
    """(time in ms where it is stated, name, data) of each event of a stream."""
    found = []
    for block in content.decode().replace("\r\n", "\n").strip("\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        time = fields.get("", "").removeprefix("t=")  # a comment has no name
        found.append((int(time) if time else None, fields.get("event"), fields["data"]))
    return found


def data_of(content: bytes) -> list[Any]:
    """The JSON of each event; [DONE] as text."""
    return [data if data == "[DONE]" else json.loads(data) for _, _, data in events_of(content)]


@pytest.fixture(name="api")
def api_fixture():
    with FakeApi(ANSWERS, images=ANSWERS, vectors=hash_vectors) as running:
        yield running


@pytest.fixture(name="client")
def client_fixture(api):
    return client_of(api)

"""What the tests of the stand-in upstream share: a running one, a client, raw exchanges."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import math
import re
import struct
import wave
from pathlib import Path
from typing import Any

import openai
import pytest

from helpers.workshop.fake_api import FakeApi

ANSWERS = Path(__file__).resolve().parent / "answers"
KEY = "test-" + "key"


def hash_vectors(texts: list[str], model: str, dimensions: int) -> list[list[float]]:
    """Vectors of unit length that depend on the text alone and mean nothing."""
    vectors = []
    for text in texts:
        raw = hashlib.shake_256(text.encode()).digest(2 * dimensions)
        numbers = [value / 32768 for value in struct.unpack(f"<{dimensions}h", raw)]
        length = math.sqrt(sum(number * number for number in numbers))
        vectors.append([number / length for number in numbers])
    return vectors


def tone(seconds: float) -> bytes:
    """A WAV file of silence."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(round(seconds * 8000) * 2))
    return buffer.getvalue()


def client_of(upstream: FakeApi) -> openai.OpenAI:
    return openai.OpenAI(base_url=upstream.url, api_key=KEY, max_retries=0)


def raw(upstream: FakeApi, path: str, body: Any = None, method: str = "POST", key: str | None = f"Bearer {KEY}"):
    """One exchange without the SDK: the response object and its body as text."""
    host = upstream.url.removeprefix("http://").removesuffix("/v1")
    connection = http.client.HTTPConnection(host, timeout=10)
    headers = {"Content-Type": "application/json", **({"Authorization": key} if key else {})}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response, text


def events_of(text: str) -> list[tuple[int, str | None, str]]:
    """(time in ms, name, data) of each event of a stream."""
    found = []
    for block in text.replace("\r\n", "\n").strip("\n").split("\n\n"):
        lines = block.split("\n")
        time = re.fullmatch(r": t=(\d+)", lines[0])
        assert time, f"an event begins with its time: {block[:80]!r}"
        name = lines[1].removeprefix("event: ") if lines[1].startswith("event: ") else None
        assert lines[-1].startswith("data: ") and len(lines) == (2 if name is None else 3)
        found.append((int(time[1]), name, lines[-1].removeprefix("data: ")))
    return found


def data_of(text: str) -> list[Any]:
    """The JSON of each event; [DONE] as text."""
    return [data if data == "[DONE]" else json.loads(data) for _, _, data in events_of(text)]


@pytest.fixture(name="upstream")
def upstream_fixture():
    with FakeApi(ANSWERS, images=ANSWERS, vectors=hash_vectors) as running:
        yield running


@pytest.fixture(name="client")
def client_fixture(upstream):
    return client_of(upstream)

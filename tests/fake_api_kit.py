"""What the tests of the fake API share: raw exchanges and what goes into them."""

from __future__ import annotations

import http.client
import io
import json
import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image

from helpers.proxy.http import read_events
from helpers.recipes import sound
from helpers.workshop.fake_api import FakeApi

ANSWERS = Path(__file__).resolve().parent / "answers"
KEY = "test-" + "key"


def hash_vectors(texts: list[str], model: str, dimensions: int) -> list[list[float]]:
    """Vectors of unit length that depend on the text alone and mean nothing."""
    angles = [zlib.crc32(text.encode()) for text in texts]
    return [[math.cos(angle), math.sin(angle), *[0.0] * (dimensions - 2)] for angle in angles]


def tone(seconds: float) -> bytes:
    """A WAV file of silence."""
    return sound.wav(sound.Sound(np.zeros(round(seconds * 8000), np.int16), 8000))


def png(side: int = 64) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (side, side), "teal").save(buffer, "PNG")
    return buffer.getvalue()


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


def data_of(content: bytes) -> list[Any]:
    """The JSON of each event of a stream; [DONE] as text."""
    return [data for _, _, data in read_events([content])]

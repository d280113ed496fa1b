"""POST /v1/embeddings: vectors from whoever makes them, in either encoding, with the true count of tokens."""

from __future__ import annotations

import base64
import struct
from typing import Any

from .... import models, tokens
from ..request import Request
from ..script import AuthoringError
from ..state import State
from ..wire import Response, json_response


def answer(request: Request, state: State) -> Response:
    """Answers an embedding request. Raises AuthoringError when nobody makes vectors."""
    if state.vectors is None:
        raise AuthoringError("embeddings need a fake API with `vectors=`, a function that makes them")
    inputs = request.body.get("input")
    texts = [inputs] if isinstance(inputs, str) else inputs
    if not texts or not all(isinstance(text, str) for text in texts):
        raise AuthoringError("embeddings are made of a text or a list of texts; ids of tokens are not built")
    dimensions = request.body.get("dimensions") or models.info(request.model)["dimensions"]
    vectors = state.vectors(texts, request.model, dimensions)
    as_text = request.body.get("encoding_format") == "base64"
    used = sum(tokens.count(text, request.model) for text in texts)
    data = [{"object": "embedding", "embedding": _encoded(v, as_text), "index": n} for n, v in enumerate(vectors)]
    usage = {"prompt_tokens": used, "total_tokens": used}
    value = {"object": "list", "data": data, "model": request.model, "usage": usage}
    basis = getattr(state.vectors, "basis", "Vectors made by a function that does not say how.")
    return json_response(value, basis=basis)


def _encoded(vector: list[float], as_text: bool) -> Any:
    """The vector in half precision, as the API rounds it since 2026: floats, or base64 of little-endian float32."""
    halves = struct.unpack(f"<{len(vector)}e", struct.pack(f"<{len(vector)}e", *map(float, vector)))
    return base64.b64encode(struct.pack(f"<{len(halves)}f", *halves)).decode() if as_text else list(halves)

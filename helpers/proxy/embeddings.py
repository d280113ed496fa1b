"""Embeddings text by text: recorded vectors answer any selection of their texts, in any order, length and encoding."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from .recordings import Recordings
from .sentence_model import full_size

if TYPE_CHECKING:
    import numpy as np


class RecordedVectors:
    """The vectors in recordings, by model and text.

    Args:
        recordings: where they are; read once, when this object is made.
    """

    def __init__(self, recordings: Recordings) -> None:
        self._vectors: dict[tuple[str, str], tuple[Any, dict[str, Any]]] = {}
        for recording in recordings.embeddings():
            body, answer = recording["request"]["json"], recording["response"]["json"]
            for text, item in zip(texts_of(body), answer["data"], strict=True):
                kept = self._vectors.get((body["model"], text.strip()))
                if kept is None or _size(kept[0]) < _size(item["embedding"]):
                    self._vectors[body["model"], text.strip()] = item["embedding"], recording

    def find(self, model: str, text: str, dimensions: int) -> tuple[np.ndarray, dict[str, Any]] | None:
        """The vector of a text and the recording that it is from; None where it was not recorded as long as this.

        Fewer dimensions than were recorded are the first of them, scaled to unit length again, as the API does.
        """
        kept = self._vectors.get((model, text.strip()))
        if kept is None:
            return None
        import numpy as np  # here, so that replay starts without it

        vector, recording = kept
        if isinstance(vector, str):
            vector = np.frombuffer(base64.b64decode(vector), dtype="<f4")
        if len(vector) <= dimensions:
            return (np.asarray(vector), recording) if len(vector) == dimensions else None
        short = np.asarray(vector[:dimensions], dtype=np.float64)
        return short / np.linalg.norm(short), recording

    def captured(self) -> bool:
        """Whether any vector is OpenAI's own, with which those of the sentence model cannot be compared."""
        return any(recording["origin"]["kind"] == "captured" for _, recording in self._vectors.values())


def _size(vector: str | list[float]) -> int:
    """Dimensions of a vector as the API sends it; base64 takes 16 characters for three 32-bit numbers."""
    return len(vector.rstrip("=")) * 3 // 16 if isinstance(vector, str) else len(vector)


def texts_of(body: dict[str, Any]) -> list[str]:
    """The texts of a request; none where it holds something else, such as ids of tokens."""
    texts = body.get("input")
    texts = [texts] if isinstance(texts, str) else texts
    return texts if isinstance(texts, list) and all(isinstance(text, str) for text in texts) else []


def dimensions_of(body: dict[str, Any]) -> int:
    """How many dimensions a request asks for."""
    return body.get("dimensions") or full_size(body.get("model", ""))


def recorded(body: dict[str, Any], vectors: RecordedVectors) -> dict[str, Any] | None:
    """A recording as the API would have answered this request, from recorded vectors; None when a text has none."""
    texts, size = texts_of(body), dimensions_of(body)
    results = [vectors.find(body.get("model", ""), text, size) for text in texts]
    found = [result for result in results if result]
    if not texts or len(found) < len(texts):
        return None
    _, first = found[0]
    response = {**first["response"], "json": answer(body, [vector for vector, _ in found])}
    return {"response": response, "origin": first["origin"]}


def answer(body: dict[str, Any], vectors: list[np.ndarray]) -> dict[str, Any]:
    """The JSON of an answer: vectors in half precision, as the API rounds them, and tokens counted anew."""
    import numpy as np

    from .. import tokens

    as_text = body.get("encoding_format") == "base64"
    rounded = [np.asarray(vector).astype("<f2").astype("<f4") for vector in vectors]
    used = sum(tokens.count(text, body["model"]) for text in texts_of(body))
    return {
        "object": "list",
        "data": [
            {
                "object": "embedding",
                "embedding": base64.b64encode(vector.tobytes()).decode() if as_text else vector.tolist(),
                "index": index,
            }
            for index, vector in enumerate(rounded)
        ],
        "model": body["model"],
        "usage": {"prompt_tokens": used, "total_tokens": used},
    }

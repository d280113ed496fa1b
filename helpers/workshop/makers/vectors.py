"""Vectors of texts from an open sentence model, carried into the dimensions that the API has.

The model is all-MiniLM-L6-v2 with 384 dimensions. What it made for lesson NN is in `data/answers/NN.vectors.jsonl`, so
running, recording and testing a lesson needs no model. Only a new text does:

    pip install -r helpers/workshop/makers/vectors-requirements.txt
    python start.py record --authored NN             # asks the model for what is missing, and keeps it
    python -m helpers.workshop.makers.vectors               # holds all that is kept against the model
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ...proxy import sentence_model
from ...setup.files import ROOT
from ..fake_api.script import AuthoringError

FOLDER = ROOT / "data" / "answers"


class Vectors:
    """Makes embeddings for the fake API.

    Args:
        files: where vectors of texts are kept; files that do not exist hold none.
    """

    basis = sentence_model.BASIS

    def __init__(self, files: Iterable[Path]) -> None:
        self._kept = {text: vector for file in files for text, vector in read(file).items()}
        self._used: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, texts: list[str], model: str, dimensions: int) -> list[list[float]]:
        """One vector of unit length for each text.

        Args:
            texts: what to embed.
            model: an embedding model of the API; only the number of its dimensions matters.
            dimensions: how many to return. Fewer than the model has are its first ones, scaled to unit length again.

        Raises:
            AuthoringError: a text has no vector and the sentence model is not installed.
        """
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
            if missing:
                self._kept |= dict(zip(missing, _encode(missing), strict=True))
            self._used.update(texts)
            base = np.stack([self._kept[text] for text in texts]).astype(np.float64)
        return sentence_model.carried(base, model, dimensions).tolist()

    def save(self, file: Path) -> None:
        """Keep the vectors of all texts that were asked for, and no others."""
        if not self._used:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(exist_ok=True)
        packed = {text: base64.b64encode(self._kept[text].tobytes()).decode() for text in sorted(self._used)}
        entries = ({"text": text, "vector": vector} for text, vector in packed.items())
        lines = [json.dumps(entry, ensure_ascii=False) for entry in entries]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read(file: Path) -> dict[str, np.ndarray]:
    """The texts of a file and their vectors: 384 half-precision numbers, little-endian, in base64."""
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8") as lines:  # not splitlines, which also splits at signs inside a text
        entries = [json.loads(line) for line in lines]
    return {e["text"]: np.frombuffer(base64.b64decode(e["vector"]), dtype="<f2") for e in entries}


def _encode(texts: list[str]) -> list[np.ndarray]:
    try:
        return sentence_model.encode(texts)
    except ImportError as error:
        raise AuthoringError(
            f"New texts need the sentence model ({error.name} is not installed): "
            "pip install -r helpers/workshop/makers/vectors-requirements.txt"
        ) from None


def main() -> int:
    """Print, for each file, how far its vectors are from what the model makes now; 1 when that is too far."""
    worst = 0.0
    for file in sorted(FOLDER.glob("*.jsonl")):
        kept = read(file)
        now = np.stack(_encode(list(kept))).astype(np.float32)
        away = 1 - np.sum(now * np.stack(list(kept.values())).astype(np.float32), axis=1)
        worst = max(worst, float(np.abs(away).max()))
        print(f"{file.name}: {len(kept)} texts, largest distance from the model {np.abs(away).max():.1e}")
    return int(worst > 2e-3)


if __name__ == "__main__":
    raise SystemExit(main())

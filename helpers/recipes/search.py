"""Finding the nearest vectors by brute force: every row is looked at, so the answer is exact.

One matrix product does nearly all of the work; a million vectors of 256 dimensions take a fraction of a second.
Beyond what fits into memory, a vector store takes over (lesson 15).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def unit(vectors: ArrayLike) -> np.ndarray:
    """The same directions at length 1, as vectors that were cut short need it.

    Args:
        vectors: shape (dimensions,) or (n, dimensions); left as they are.

    Returns:
        float32, in the same shape.

    Raises:
        ValueError: a vector is all zeros, so it has no direction.
    """
    found = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(found, axis=-1, keepdims=True)
    if not np.all(lengths):
        raise ValueError("A vector of zeros has no direction; leave it out.")
    return found / lengths


def top_k(matrix: np.ndarray, query: ArrayLike, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k rows that are most similar to a query, without sorting the others.

    Scores are dot products. They are cosine similarities when rows and query have length 1, as the vectors of the
    API do; others go through `unit` first. That is not checked here: it would take as long as the search.

    Args:
        matrix: shape (n, dimensions), float32 for speed.
        query: shape (dimensions,); it is brought to the matrix's type, never the other way round.
        k: how many, at least 1; all of them when there are fewer.

    Returns:
        (places of the rows, shape (k,); their scores, shape (k,)), best first. Equal scores stay in the order of
        the rows.

    Raises:
        ValueError: the shapes do not fit together, k is below 1, or a score is not a number.
    """
    query = np.asarray(query, dtype=matrix.dtype)
    if matrix.ndim != 2 or query.shape != matrix.shape[1:]:
        raise ValueError(f"A matrix of shape {matrix.shape} and a query of shape {query.shape} do not fit together.")
    if k < 1:
        raise ValueError(f"k is {k}; it must be at least 1.")
    scores = matrix @ query
    if np.isnan(scores).any():
        raise ValueError("A score is not a number: there is a NaN in the matrix or in the query.")
    places = np.arange(len(scores))
    if k < len(scores):
        least = len(scores) - k
        edge = np.partition(scores, least)[least]  # the k-th best score
        places = np.flatnonzero(scores >= edge)  # more than k where scores at the edge are equal
    best = places[np.argsort(-scores[places], kind="stable")[:k]]
    return best, scores[best]

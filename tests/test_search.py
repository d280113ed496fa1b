"""Brute-force search: the same as sorting everything, whatever the sizes, ties and types."""

import numpy as np
import pytest

from helpers.recipes.search import top_k, unit


def sorted_whole(matrix, query, k):
    """Python's own stable sort over all rows."""
    scores = [sum(a * b for a, b in zip(row, query, strict=True)) for row in matrix.tolist()]
    return sorted(range(len(scores)), key=lambda place: -scores[place])[:k]


@pytest.mark.parametrize(("n", "k"), [(1, 1), (7, 3), (50, 1), (50, 49), (50, 50), (200, 10)])
def test_it_finds_what_sorting_everything_finds(n, k):
    dice = np.random.default_rng(n * 1000 + k)
    matrix = dice.integers(-9, 10, (n, 12)).astype(np.float32)  # whole numbers: sums are exact, ties are many
    query = dice.integers(-9, 10, 12).astype(np.float32)
    places, scores = top_k(matrix, query, k)
    assert places.tolist() == sorted_whole(matrix, query.tolist(), k)
    assert scores.tolist() == [float(matrix[place] @ query) for place in places]


def test_more_than_there_are_gives_all():
    places, scores = top_k(np.eye(3, dtype=np.float32), [0, 1, 0.5], 10)
    assert places.tolist() == [1, 2, 0]
    assert scores.tolist() == [1, 0.5, 0]


def test_equal_scores_stay_in_order_at_the_edge_too():
    matrix = np.array([[1], [2], [1], [2], [1], [1]], dtype=np.float32)
    assert top_k(matrix, [1], 4)[0].tolist() == [1, 3, 0, 2]
    assert top_k(np.ones((100, 4), dtype=np.float32), [1, 1, 1, 1], 5)[0].tolist() == [0, 1, 2, 3, 4]


def test_nothing_to_search_gives_nothing():
    places, scores = top_k(np.zeros((0, 4), dtype=np.float32), [1, 2, 3, 4], 3)
    assert places.shape == scores.shape == (0,)


def test_the_matrix_keeps_its_type():
    matrix = np.eye(4, dtype=np.float32)
    assert top_k(matrix, np.array([1.0, 0, 0, 0], dtype=np.float64), 2)[1].dtype == np.float32


@pytest.mark.parametrize(
    ("matrix", "query", "k", "words"),
    [
        (np.eye(3), [1, 2], 1, "do not fit"),
        (np.ones(3), [1, 1, 1], 1, "do not fit"),
        (np.eye(3), np.eye(3), 1, "do not fit"),
        (np.eye(3), [1, 2, 3], 0, "at least 1"),
        (np.eye(3), [1, float("nan"), 3], 1, "NaN"),
    ],
)
def test_what_cannot_be_searched_is_refused(matrix, query, k, words):
    with pytest.raises(ValueError, match=words):
        top_k(matrix, query, k)


def test_unit_keeps_directions_and_the_original():
    before = np.array([[3.0, 4.0], [0.0, -2.0]])
    assert unit(before) == pytest.approx(np.array([[0.6, 0.8], [0.0, -1.0]]))
    assert before.tolist() == [[3, 4], [0, -2]]
    assert unit([3, 4]) == pytest.approx([0.6, 0.8])
    assert unit(before).dtype == np.float32


def test_zeros_have_no_direction():
    with pytest.raises(ValueError, match="no direction"):
        unit([[1, 0], [0, 0]])

"""Lesson 14: the checks of its exercises, and the answers of its predictions."""

import numpy as np


def check_1(ex, twins):
    """Find duplicates."""
    four = np.array([[1, 0], [0.6, 0.8], [0.8, 0.6], [0, 1]], dtype=np.float32)
    ex.needs(twins(four, 0.9))
    alone = "A row isn't its own twin, and each pair counts once: i < j."
    pairs = [tuple(int(place) for place in pair) for pair in twins(four, 0.9)]
    ex.that(all(i < j for i, j in pairs), alone)
    ex.that(pairs == [(1, 2)], "In the test, only rows 1 and 2 have 0.9 or more, with 0.96.")
    pairs = [tuple(int(place) for place in pair) for pair in twins(four, 0.7)]
    ex.that(set(pairs) == {(1, 2), (0, 2), (1, 3)}, "At 0.7 there are three pairs in the test.")
    ex.that(pairs[0] == (1, 2), "Sort the pairs: the most similar one comes first.")
    ex.that(list(twins(four, 0.99)) == [], "Where no pair is similar enough, the list is empty.")
    edge = twins(np.array([[1, 0], [0.5, 0.75**0.5]]), 0.5)
    ex.that(len(edge) == 1, "At least: a pair that has just that similarity counts.")


def check_2(ex, more_like):
    """More like this."""
    fan = np.radians([0, 20, 40, 60, 90, 180])
    arrows = np.stack([np.cos(fan), np.sin(fan)], axis=1).astype(np.float32)
    ex.needs(more_like([0], arrows, 2))
    ex.that(lambda: len(more_like([0], arrows, 2)) == 2, "Return k places.")
    got = [int(place) for place in more_like([0], arrows, 2)]
    ex.that(0 not in got, "Leave out what was liked already.")
    ex.that(got == [1, 2], "Next to an arrow at 0° come those at 20° and 40°, the nearest first.")
    got = [int(place) for place in more_like([0, 3], arrows, 2)]
    ex.that(not {0, 3} & set(got), "Leave out everything that was liked, also when it is more.")
    middle = "The mean of 0° and 60° points to 30°: the arrows at 20° and 40° are nearest."
    ex.that(set(got) == {1, 2}, middle)
    got = [int(place) for place in more_like([2, 4], arrows, 1)]
    ex.that(got == [3], "The mean of 40° and 90° points to 65°, so the one at 60° comes first.")
    ex.that(len(list(more_like([0], arrows, 9))) == 5, "When k is too large, return all others.")
    fresh = arrows.copy()
    more_like([0], fresh, 2)
    ex.that(np.array_equal(fresh, arrows), "Leave the matrix as it is.")


def check_3(ex, fuse, matrix, keyword_scores, texts, titles, questions, asked, hits, ORDERS, NUMBERS, near_orders):
    """Mix both searches."""

    def rankings(near, exact):
        """The first ten by meaning, by keywords and by the learner's mix of the two."""
        lists = [[i for i in np.argsort(-s, kind="stable")[:10] if s[i] > 0] for s in (near, exact)]
        return [*lists, list(fuse(*lists, 10))]

    def places(entry, query):
        found = rankings(matrix @ query, keyword_scores(entry["question"], texts))
        return [next((n for n, i in enumerate(r, 1) if titles[i] in entry["answers"]), None) for r in found]

    ex.needs(fuse([1], [2], 1))
    ex.that(list(fuse([4, 7], [], 2)) == [4, 7], "With an empty list, the other one decides.")
    got = list(fuse([4, 7, 1], [7, 9], 4))
    ex.that(len(got) == len(set(got)), "Each entry comes once, even when it is in both lists.")
    ex.that(set(got) == {1, 4, 7, 9}, "Entries that are in only one of the lists count too.")
    ex.that(got[0] == 7, "In the test, 7 is in both lists: 1/62 + 1/61 is the highest sum.")
    ex.that(got == [7, 4, 9, 1], "After 7 come 4 with 1/61, 9 with 1/62 and 1 with 1/63.")
    far = fuse(list(range(10)), [20, 21, 22, 9], 14)
    ex.that(list(far)[0] == 9, "Places 10 and 4 together beat one first place: 1/70 + 1/64.")
    ex.that(list(fuse([4, 7, 1], [7, 9], 1)) == [7], "Return only k entries.")
    both = [places(entry, query) for entry, query in zip(questions, asked, strict=True)]
    mix = [mixed for _, _, mixed in both]
    print("your mix:", {k: f"{hits(mix, k)} of {len(mix)}" for k in (1, 3, 10)})
    moved = [(mixed or 11) - (near or 11) for near, _, mixed in both]
    up = [entry["question"] for entry, by in zip(questions, moved, strict=True) if by < 0]
    print("higher than by meaning alone:", *up or ["none"], "· lower:", sum(by > 0 for by in moved))
    right = [0, 0, 0]
    for query, near in zip(NUMBERS, near_orders, strict=True):
        firsts = [ranking[:1] for ranking in rankings(near, keyword_scores(query, ORDERS))]
        right = [n + any(query[-6:-1] in ORDERS[i] for i in first) for n, first in zip(right, firsts, strict=True)]
    meant, words, mixed = right
    print(f"{len(NUMBERS)} order numbers, right first: meaning {meant}, keywords {words}, your mix {mixed}")


def guess_1(LIKENESS, small):
    score = float(small[0] @ small[2])
    nearest = min(LIKENESS, key=lambda offer: abs(score - offer))
    why = "They are about different things, and no text is the opposite of another in every direction."
    return LIKENESS[nearest], why


def guess_2(others, scores):
    return others[int(scores.argmax())], "Vectors say what a text is about, and much less what it says about it."

"""How much recorded answers to one request differ, at each value of a parameter."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from itertools import combinations

from .. import widgets


def recorded(answers: Mapping[float, Sequence[str]], *, note: str = "", parameter: str = "temperature") -> widgets.Demo:
    """Recorded answers to one request, several for each value of a parameter, under a slider over the values.

    Args:
        answers: value of the parameter -> the texts that came back.
        note: one short line below them, such as where the answers come from.
        parameter: the name of what the slider moves.
    """
    values = list(answers)
    slider = widgets.stops(parameter, values, values[0], help="Shows the answers recorded at this value.")

    def draw(**moved: float) -> str:
        value = moved[parameter]
        texts = answers[value]
        different, shared = spread(texts)
        below = f"<p><small>{html.escape(note)}</small></p>" if note else ""
        return (
            f'<div style="max-width: 900px"><p><b>{different} different among {len(texts)} answers</b> at {parameter} '
            f"{value}; two answers share {shared:.0%} of their words on average.</p>"
            f"{widgets.items(map(html.escape, texts))}{below}</div>"
        )

    description = f"A slider over {parameter} that shows the answers recorded at each value and how much they differ."
    return widgets.live_text(draw, description, **{parameter: slider})


def spread(texts: Sequence[str]) -> tuple[int, float]:
    """How many of the texts differ, and what share of their words two of them have in common on average.

    The share is the number of words in both divided by the number of words in either (Jaccard), 0 to 1.
    """
    sets = [set(text.lower().split()) for text in texts]
    shares = [len(one & two) / (len(one | two) or 1) for one, two in combinations(sets, 2)]
    return len({text.strip() for text in texts}), sum(shares) / len(shares) if shares else 1.0

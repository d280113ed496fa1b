"""Figures of many calls over time: when each began, how long it took, and which were refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import plots

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..proxy.server import Exchange

LINES = ["-", ":", "-"]  # dashes would be mistaken for pauses
REFUSED = 429


def spans(log: Sequence[Exchange]) -> list[tuple[float, float]]:
    """Begin and end of each call of a server's log, in seconds since the first began, in order of their begin."""
    first = min(call.t for call in log)
    return sorted((call.t - first, call.t - first + call.seconds) for call in log)


def arrivals(log: Sequence[Exchange]) -> list[tuple[float, bool]]:
    """When each request came, in seconds since the first one, and whether it was let pass; as `timeline` takes it."""
    first = min(call.t for call in log)
    return sorted((call.t - first, call.status != REFUSED) for call in log)


def staircase(runs: Mapping[str, Sequence[Exchange]]) -> Figure:
    """One line for each call from its begin to its end, the calls of a run above each other like steps.

    Args:
        runs: up to three names, each with its part of a server's log. The legend compares all with the first.
    """
    figure, plot = plots.axes(
        "The same calls in different ways", "time since the first call (seconds)", "call", height=4
    )
    baseline = 0.0
    for number, (name, log) in enumerate(runs.items()):
        begins, ends = zip(*spans(log), strict=True)
        took = max(ends)
        baseline = baseline or took
        faster = f", {baseline / took:.1f} times as fast" if number else ""
        look: dict[str, Any] = {"colors": plots.COLOURS[number], "linestyles": LINES[number]}
        rows = [place + 0.3 * number for place in range(1, len(begins) + 1)]
        plot.hlines(rows, begins, ends, label=f"{name}: {took:.2f} s{faster}", **look)
    with plots.style():
        plot.legend(loc="lower right")
    return figure


def timeline(title: str, rows: Mapping[str, Sequence[tuple[float, bool]]]) -> Figure:
    """A row of marks for each name: a dot for a request that was let pass, a cross below for one that was refused.

    Args:
        rows: for each name the requests as (seconds, passed).
    """
    figure, plot = plots.axes(title, "time since the first request (seconds)", "", height=1.5 + 0.7 * len(rows))
    labels = []
    for row, (name, seen) in enumerate(rows.items()):
        passed, refused = ([t for t, let in seen if let == kind] for kind in (True, False))
        marks = {"linestyle": "", "markersize": 6}
        plot.plot(passed, [row - 0.15] * len(passed), marker="o", color=plots.COLOURS[0], **marks)
        plot.plot(refused, [row + 0.15] * len(refused), marker="x", color=plots.COLOURS[1], **marks)
        labels.append(f"{name}\n{len(passed)} answered, {len(refused)} refused")
    plot.set(yticks=range(len(labels)), yticklabels=labels, ylim=(len(labels) - 0.5, -0.5))
    with plots.style():
        where: dict[str, Any] = {"loc": "lower right", "bbox_to_anchor": (1, 1), "ncols": 2, "borderaxespad": 0}
        plot.legend(plot.lines[:2], ["answered", "refused (429)"], **where)
    return figure

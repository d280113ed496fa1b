"""Figures of calls over time: what they draw is what the log says."""

import pytest

from helpers import plots
from helpers.demos import timeline
from helpers.proxy.server import Exchange


def call(t, seconds, status=200):
    return Exchange({}, 0, t, status=status, seconds=seconds)


LOOP = [call(5.0, 1.0), call(6.0, 1.0), call(7.0, 2.0)]
THREADS = [call(20.5, 1.0), call(20.0, 2.0), call(20.0, 1.0)]  # in the order in which they were noted


def legend(figure):
    return [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


def test_spans_begin_with_the_first_call_whatever_the_order_of_the_log():
    assert timeline.spans(LOOP) == [(0, 1), (1, 2), (2, 4)]
    assert timeline.spans(THREADS) == [(0, 1), (0, 2), (0.5, 1.5)]


def test_arrivals_tell_the_refused_from_the_others():
    assert timeline.arrivals([call(3, 0), call(2, 0, 429), call(4, 0, 500)]) == [
        (0, False),
        (1, True),
        (2, True),
    ]


def test_a_staircase_has_a_step_for_each_call_and_compares_with_the_first_run():
    figure = timeline.staircase({"one by one": LOOP, "threads": THREADS})
    assert legend(figure) == ["one by one: 4.00 s", "threads: 2.00 s, 2.0 times as fast"]
    assert [len(lines.get_segments()) for lines in figure.axes[0].collections] == [3, 3]


@pytest.mark.parametrize("rows", [1, 2])
def test_a_timeline_counts_what_it_shows(rows):
    seen = [(0.0, True), (0.5, False), (1.0, True)]
    figure = timeline.timeline("Calls", {f"row {number}": seen for number in range(rows)})
    plot = figure.axes[0]
    assert [text.get_text() for text in plot.get_yticklabels()] == [
        f"row {number}\n2 answered, 1 refused" for number in range(rows)
    ]
    assert [list(line.get_xdata()) for line in plot.get_lines()] == [[0.0, 1.0], [0.5]] * rows
    assert legend(figure) == ["answered", "refused (429)"]


def test_nothing_refused_still_has_its_mark_in_the_legend():
    assert len(legend(timeline.timeline("Calls", {"all well": [(0.0, True)]}))) == 2
    assert plots.png(timeline.timeline("Calls", {"all well": [(0.0, True)]})).startswith(b"\x89PNG")

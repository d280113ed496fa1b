"""The typed answer: each piece at its time, at every speed, and markup in it is text."""

import re

import pytest

from helpers.demos import typewriter

ARRIVALS = [(0.5, "one "), (1.0, "<b>two</b>"), (2.5, " three")]


def delays(page):
    return [float(seconds) for seconds in re.findall(r"animation-delay: ([\d.]+)s", page)]


@pytest.mark.parametrize(
    ("speed", "expected"), [(1, [0.5, 1.0, 2.5]), (0.25, [2.0, 4.0, 10.0]), (4, [0.125, 0.25, 0.625])]
)
def test_each_piece_appears_at_its_time(speed, expected):
    assert delays(typewriter.typed(ARRIVALS, speed)) == expected


def test_text_stays_text():
    page = typewriter.typed(ARRIVALS, 1)
    assert "<b>" not in page and "&lt;b&gt;two&lt;/b&gt;" in page


def test_the_summary_counts_words_between_first_and_last_piece():
    # three words in 2.0 seconds are 90 a minute; at half the speed they take 4.0
    assert "First piece after 0.50 s, last after 2.5 s. That is 90 words" in typewriter.summary(ARRIVALS, 1)
    assert "after 1.00 s, last after 5.0 s. That is 45 words" in typewriter.summary(ARRIVALS, 0.5)
    assert "words" not in typewriter.summary([(0.2, "all at once")], 1)


def test_moving_the_slider_types_at_the_new_speed_and_the_button_starts_again():
    demo = typewriter.player(ARRIVALS)
    speed, again, paper = (demo.controls[name] for name in ("speed", "again", "paper"))
    assert delays(paper.value) == [0.5, 1.0, 2.5]
    speed.value = 2.0
    assert delays(paper.value) == [0.25, 0.5, 1.25]
    assert "after 0.25 s, last after 1.2 s" in demo.controls["caption"].value
    before = paper.value
    again.click()
    assert paper.value != before and delays(paper.value) == [0.25, 0.5, 1.25]


def test_nothing_to_type_is_said():
    with pytest.raises(ValueError, match="Nothing arrived"):
        typewriter.player([])

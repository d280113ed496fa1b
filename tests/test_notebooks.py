"""Kept notebooks agree with their sources, have run as a whole, and have the frame of every lesson."""

import re
import statistics
from collections import Counter

import pytest

from helpers import costs
from helpers.lesson import AUTHORED
from helpers.workshop import build
from helpers.workshop.lessons import ROOT, all_lessons, written_lessons
from helpers.workshop.notebooks import verify

LESSONS = pytest.mark.parametrize("lesson", written_lessons(), ids=lambda lesson: lesson.stem)
LONGEST, MEDIAN = 14, 8  # lines of code in a cell, blank lines and comments not counted
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def cells(lesson, kind):
    return [cell for cell in verify.read(lesson).cells if cell.cell_type == kind]


def prose(lesson):
    return FENCE.sub("", "\n\n".join(cell.source for cell in cells(lesson, "markdown")))


def code_lines(cell):
    return len([line for line in cell.source.splitlines() if line.strip() and not line.lstrip().startswith("#")])


@LESSONS
def test_notebook_equals_its_source(lesson):
    assert verify.differences(lesson) == []


@LESSONS
def test_the_price_of_a_run_is_on_the_receipt_at_its_end(lesson):
    [shown] = [output.data["text/plain"] for output in cells(lesson, "code")[-1].outputs]
    total = float(re.search(r"^Total .*\$([\d.]+)$", shown, re.MULTILINE)[1])  # of three significant digits
    assert total == pytest.approx(costs.run_prices()[lesson.number], rel=0.005)


@LESSONS
def test_notebook_has_run_as_a_whole(lesson):
    assert verify.output_problems(verify.read(lesson)) == []


def test_every_notebook_has_a_source():
    assert sorted(ROOT.glob("notebooks/*.ipynb")) == [lesson.notebook for lesson in written_lessons()]
    assert sorted(ROOT.glob("notebooks/source/*.py")) == [lesson.source for lesson in written_lessons()]


def test_numbers_and_slugs_of_the_list_are_in_order_and_unique():
    lessons = all_lessons()
    assert [lesson.number for lesson in lessons] == [f"{n:02}" for n in range(20)]
    assert len({lesson.slug for lesson in lessons}) == 20
    assert all(lesson.summary.endswith(".") for lesson in lessons)


def test_the_readme_has_the_lesson_table_and_its_sum():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert build.lesson_table() in readme
    assert f"running all lessons once costs about {costs.spoken(sum(costs.run_prices().values()))}." in readme


@LESSONS
def test_headings_are_in_order(lesson):
    levels = [len(marks) for marks in re.findall(r"^(#{1,6}) \S", prose(lesson), re.MULTILINE)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(deeper <= higher + 1 for higher, deeper in zip(levels, levels[1:], strict=False)), levels


@LESSONS
def test_the_frame_is_whole(lesson):
    text, code = prose(lesson), cells(lesson, "code")
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    assert titles[0] == lesson.title
    if lesson.frame == 2:
        assert "**You will learn** " in text and "**You need** " in text
        assert titles.count("What you have now") == titles.count("Your turn") == titles.count("In production") == 1
    else:
        assert re.match("what you('ll| will) learn", titles[1], re.IGNORECASE)
        assert sum(title.lower().startswith("recap") for title in titles) == 1
    assert f'lesson.start("{lesson.number}")' in code[1].source
    assert any("lesson.receipt()" in cell.source for cell in code[-2:])


@LESSONS
def test_pictures_have_words_for_those_who_do_not_see_them(lesson):
    text = prose(lesson)
    described = re.findall(r"!\[([^\]]*)\]\(", text) + [
        (re.search(r'\balt="([^"]*)"', tag) or ["", ""])[1] for tag in re.findall(r"<img\b[^>]*>", text)
    ]
    assert all(len(words.split()) >= 3 for words in described), described


@LESSONS
def test_who_wrote_the_answers_is_computed_and_said_once_a_section(lesson):
    """`lesson.note()` says it; a sentence typed by hand would go on saying it of answers that were captured."""
    assert not re.search(
        r"authored answers|answers (that )?(were|are) (authored|written)", prose(lesson), re.IGNORECASE
    )
    shown, section = Counter(), ""
    for cell in verify.read(lesson).cells:
        if cell.cell_type == "markdown":
            section = (re.findall(r"^##? .+$", cell.source, re.MULTILINE) or [section])[-1]
        else:
            assert not re.search("authored answers|written for this", cell.source, re.IGNORECASE)
            shown[section] += sum(AUTHORED in str(output) for output in cell.outputs)
    assert max(shown.values()) <= 1, shown


@LESSONS
def test_code_cells_are_short(lesson):
    lengths = {cell.source: code_lines(cell) for cell in cells(lesson, "code") if "cellView" not in cell.metadata}
    assert {source: lines for source, lines in lengths.items() if lines > LONGEST} == {}
    assert statistics.median(lengths.values()) <= MEDIAN

"""Builds notebooks/NN_slug.ipynb, with outputs, from notebooks/source/NN_slug.py; and README's table."""

from __future__ import annotations

import argparse
import re
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import nbformat
from nbformat import NotebookNode
from tqdm import tqdm

from .. import costs
from ..setup import causes
from ..setup.files import write_whole
from ..setup.keys import KEYS_PAGE
from .lessons import ROOT, Lesson, choose, repository, set_repository, set_run_price, written_lessons
from .notebooks.cells import GUESS, compose
from .notebooks.kernel import CellFailed, Kernel
from .notebooks.verify import WIDGET, output_problems, read

CLONE = re.compile(r"git clone https://github\.com/\S+\ncd \S+")
CAUSES = re.compile(r"(<!-- causes -->\n).*?(<!-- /causes -->)", re.DOTALL)
TABLE = re.compile(r"(<!-- lessons -->\n).*?(<!-- /lessons -->)", re.DOTALL)


class BuildFailed(RuntimeError):
    """A lesson did not run as it must; the message says where and why."""


SPENT = "from helpers import lesson\nprint(sum(one.reading.cost or 0 for one in lesson.log() if one.reading))"


def execute(lesson: Lesson, measure: bool = False) -> NotebookNode:
    """Runs a lesson in replay, at the recorded pace, and returns the notebook as it is kept.

    What the run would cost with a key is kept in data/course/run_prices.json. The lesson's first line names it, so a
    lesson whose price has changed runs twice.

    Args:
        lesson: which one.
        measure: take new outputs for cells tagged `measured`, whose times differ at every run. Otherwise those of the
            kept notebook stay for as long as the lesson's code does.

    Raises:
        BuildFailed: a cell raised, wrote to stderr, or showed what would differ in the next build.
        ValueError: see `compose`.
    """
    notebook = compose(lesson)
    try:
        with Kernel(lesson.notebook.parent, {"COURSE_MODE": "replay", "COURSE_PACE": "1"}) as kernel:
            for cell in tqdm(notebook.cells, desc=lesson.stem, unit="cell", leave=False, disable=None):
                if cell.cell_type == "code":
                    kernel.run(cell)
            spent = float(kernel.text(SPENT))
    except CellFailed as error:
        raise BuildFailed(f"{lesson.stem}: {error}") from None
    before = costs.run_prices(lesson.root).get(lesson.number, 0.0)
    set_run_price(lesson, spent)
    if costs.spoken(before) != costs.spoken(spent):
        return execute(lesson, measure)  # its first line names the price
    _strip(notebook)
    if not measure:
        _keep_measured(notebook, lesson)
    for cell in notebook.cells:
        if GUESS in cell.metadata.get("tags", []):
            cell.outputs = []  # a page that is opened fresh must not show it before the guess
    if found := output_problems(notebook):
        raise BuildFailed(f"{lesson.stem}: " + "\n".join(found))
    return notebook


def _strip(notebook: NotebookNode) -> None:
    """Widget views need a live kernel; without one, only the text beside them can be shown."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data.pop(WIDGET, None)
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.get("data") != {}]


def _keep_measured(notebook: NotebookNode, lesson: Lesson) -> None:
    for cell, kept in _same_code(notebook, lesson):
        if "measured" in cell.metadata.get("tags", []) and kept.outputs:
            cell.outputs = kept.outputs


def _same_code(notebook: NotebookNode, lesson: Lesson) -> list[tuple[NotebookNode, NotebookNode]]:
    """Code cells of a composed and of the kept notebook in pairs; none where the lesson's own code has changed."""
    if not lesson.notebook.is_file():
        return []
    both = notebook.cells, read(lesson).cells
    made, kept = ([cell for cell in cells if cell.cell_type == "code"] for cells in both)
    bootstrap = 1  # it changes with the repository's name, and shows nothing
    same = [cell.id for cell in made[bootstrap:]] == [cell.id for cell in kept[bootstrap:]]
    return list(zip(made, kept, strict=True)) if same else []


def save(lesson: Lesson, notebook: NotebookNode) -> None:
    """Writes a notebook, whole or not at all."""
    nbformat.validate(notebook)
    write_whole(lesson.notebook, nbformat.writes(notebook).rstrip("\n") + "\n")


def refresh(lesson: Lesson) -> bool:
    """Renews a notebook's text, navigation and bootstrap without running it, and keeps its outputs.

    Returns:
        False when the lesson's own code has changed since it ran; the notebook is then left as it was.
    """
    notebook = compose(lesson)
    pairs = _same_code(notebook, lesson)
    for cell, kept in pairs:
        cell.outputs, cell.execution_count = kept.outputs, kept.execution_count
    if pairs:
        save(lesson, notebook)
    return bool(pairs)


def lesson_table(root: Path = ROOT) -> str:
    """The table of README.md, in Markdown: one row for each written lesson, and what a live run of all costs."""
    rows = ["| No. | Lesson | What you have at the end | Minutes | Live | Colab |", "|---|---|---|---|---|---|"]
    total, prices = 0.0, costs.run_prices(root)
    colab = f"https://colab.research.google.com/github/{repository(root)}/blob/main/notebooks"
    for lesson in written_lessons(root):
        name, minutes = lesson.notebook.name, lesson.minutes
        price = prices.get(lesson.number, 0.0)
        total += price
        time = f"{minutes.core} + {minutes.deeper}" if minutes.deeper else minutes.core
        rows.append(
            f"| {lesson.number} | [{lesson.title}](notebooks/{name}) | {lesson.summary} | {time} "
            f"| {costs.spoken(price)} | [Open]({colab}/{name}) |"
        )
    note = (
        "*Minutes*: the core, and what goes deeper where a lesson has such a part. *Live* is what Run All costs with "
        f"a key: {costs.spoken(total)} for all of them ({costs.prices_date()}). Exercises and changes come on top."
    )
    return "\n".join([*rows, "", note, ""])


def causes_table(root: Path = ROOT) -> str:
    """The table "If it does not start" of README.md: each cause, and what start.py or a notebook prints."""
    loader = SourceFileLoader("start", str(root / "start.py"))
    start = ModuleType("start")
    start.__file__ = loader.path
    loader.exec_module(start)
    known = {
        "{again}": "python3 start.py",
        "{kernel}": causes.KERNEL,
        "{page}": KEYS_PAGE,
        "{more}": "",
        "{source}": "",
    }
    rows = ["| Cause | What is printed |", "|---|---|"]
    for cause, sentence in {**start.CAUSES, **causes.CAUSES}.items():
        shown = re.sub(r"\{\w+(!r)?\}…?", lambda match: known.get(match[0], "…"), sentence)
        rows.append(f"| {cause} | {shown} |")
    return "\n".join([*rows, ""])


def write_table(root: Path = ROOT) -> None:
    """Puts the generated tables between their markers in README.md, and the repository's name into its commands."""
    readme = root / "README.md"
    if readme.is_file():
        text = readme.read_text(encoding="utf-8")
        text = TABLE.sub(lambda match: f"{match[1]}\n{lesson_table(root)}\n{match[2]}", text)
        if CAUSES.search(text):
            text = CAUSES.sub(lambda match: f"{match[1]}\n{causes_table(root)}\n{match[2]}", text)
        slug = repository(root)
        write_whole(readme, CLONE.sub(f"git clone https://github.com/{slug}\ncd {slug.partition('/')[2]}", text))


def build(lessons: list[Lesson], run: bool = True, measure: bool = False) -> None:
    """Builds lessons and brings the others' navigation and the README up to date.

    Args:
        lessons: of one course.
        run: False renews only what needs no kernel.
        measure: see `execute`.

    Raises:
        BuildFailed: see `execute`; or, without running, a lesson's code has changed since it ran.
    """
    for lesson in lessons:
        if run:
            save(lesson, execute(lesson, measure))
        elif not refresh(lesson):
            raise BuildFailed(f"{lesson.stem}: its code has changed, so it must run; build it without --no-run.")
    if lessons:
        for other in written_lessons(lessons[0].root):
            if other not in lessons and other.notebook.is_file():
                refresh(other)
        write_table(lessons[0].root)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="start.py build", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="numbers or names, such as 05; all when left out")
    parser.add_argument("--repo", metavar="owner/name", help="the GitHub repository that Colab links name; kept")
    parser.add_argument("--measure", action="store_true", help="take new outputs for cells that measure times")
    parser.add_argument("--no-run", action="store_true", help="renew text and navigation only")
    options = parser.parse_args(arguments)
    try:
        if options.repo:
            set_repository(options.repo)
        lessons = choose(options.lessons)
        build(lessons, run=not options.no_run, measure=options.measure)
    except (BuildFailed, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Built: {', '.join(lesson.number for lesson in lessons) or 'nothing'}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Builds notebooks/NN_slug.ipynb, with outputs, from notebooks/source/NN_slug.py; and README's table."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from tqdm import tqdm

from .compose import METADATA, compose
from .kernel import CellFailed, Kernel
from .lessons import ROOT, Lesson, choose, repository, set_repository, written_lessons

WIDGET = "application/vnd.jupyter.widget-view+json"
TABLE = re.compile(r"(<!-- lessons -->\n).*?(<!-- /lessons -->)", re.DOTALL)
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


class BuildFailed(RuntimeError):
    """A lesson did not run as it must; the message says where and why."""


def execute(lesson: Lesson) -> NotebookNode:
    """Runs a lesson in replay, at the recorded pace, and returns the notebook as it is kept.

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
    except CellFailed as error:
        raise BuildFailed(f"{lesson.stem}: {error}") from None
    _strip(notebook)
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


def output_problems(notebook: NotebookNode) -> list[str]:
    """What a kept notebook must not contain, in sentences; empty when it is fine."""
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    counts = [cell.execution_count for cell in code]
    if counts != list(range(1, len(code) + 1)):
        found.append(f"The cells did not run once each, in order: {counts}.")
    if dict(notebook.metadata) != METADATA:
        found.append("The notebook's metadata are not those of a build.")
    for count, cell in enumerate(code, 1):
        for output in cell.outputs:
            data = output.get("data", {})
            text = output.get("text", "") + "".join(value for value in data.values() if isinstance(value, str))
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                found.append(f"Cell {count} shows an error: {output.ename}: {output.evalue}")
            if output.get("name") == "stderr":
                found.append(f"Cell {count} writes to stderr: {text.strip()}")
            if WIDGET in data:
                found.append(f"Cell {count} keeps a widget view.")
            if address := _ADDRESS.search(text):
                found.append(f"Cell {count} shows a memory address ({address[0]}), which differs at every run.")
    return found


def differences(lesson: Lesson) -> list[str]:
    """How a kept notebook's cells differ from what its source gives; empty when they agree. Runs nothing."""
    if not lesson.notebook.is_file():
        return [f"{lesson.notebook.name} has not been built."]
    kept, made = ({cell.id: _essence(cell) for cell in notebook.cells} for notebook in (read(lesson), compose(lesson)))
    found = [f"not in the notebook: {made[id][1][:60]!r}" for id in made if kept.get(id) != made[id]]
    found += [f"only in the notebook: {kept[id][1][:60]!r}" for id in kept if kept[id] != made.get(id)]
    if not found and list(kept) != list(made):
        found.append("The order of the cells differs.")
    return found


def _essence(cell: NotebookNode) -> tuple[str, str, str]:
    return cell.cell_type, cell.source, str(dict(cell.metadata))


def read(lesson: Lesson) -> NotebookNode:
    """The kept notebook of a lesson."""
    return nbformat.reads(lesson.notebook.read_text(encoding="utf-8"), as_version=4)


def save(lesson: Lesson, notebook: NotebookNode) -> None:
    """Writes a notebook, whole or not at all."""
    nbformat.validate(notebook)
    _write(lesson.notebook, nbformat.writes(notebook).rstrip("\n") + "\n")


def refresh(lesson: Lesson) -> bool:
    """Renews a notebook's text, navigation and bootstrap without running it, and keeps its outputs.

    Returns:
        False when the lesson's own code has changed since it ran; the notebook is then left as it was.
    """
    if not lesson.notebook.is_file():
        return False
    notebook = compose(lesson)
    made, kept = (
        [cell for cell in cells if cell.cell_type == "code"] for cells in (notebook.cells, read(lesson).cells)
    )
    if [cell.id for cell in made[1:]] != [
        cell.id for cell in kept[1:]
    ]:  # the first is the bootstrap, which shows nothing
        return False
    for new, old in zip(made, kept, strict=True):
        new.outputs, new.execution_count = old.outputs, old.execution_count
    save(lesson, notebook)
    return True


def lesson_table(root: Path = ROOT) -> str:
    """The table of README.md, in Markdown: one row for each written lesson."""
    rows = ["| No. | Lesson | What you have at the end | Minutes | Colab |", "|---|---|---|---|---|"]
    colab = f"https://colab.research.google.com/github/{repository(root)}/blob/main/notebooks"
    for lesson in written_lessons(root):
        name = lesson.notebook.name
        rows.append(
            f"| {lesson.number} | [{lesson.title}](notebooks/{name}) | {lesson.summary} | {lesson.minutes} "
            f"| [Open]({colab}/{name}) |"
        )
    return "\n".join(rows) + "\n"


def write_table(root: Path = ROOT) -> None:
    """Puts the lesson table between the two markers of README.md."""
    readme = root / "README.md"
    if readme.is_file():
        text = readme.read_text(encoding="utf-8")
        _write(readme, TABLE.sub(lambda match: f"{match[1]}\n{lesson_table(root)}\n{match[2]}", text))


def _write(path: Path, text: str) -> None:
    if path.is_file() and path.read_bytes() == text.encode():
        return
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, encoding="utf-8", newline="\n")
    os.replace(draft, path)


def build(lessons: list[Lesson], run: bool = True) -> None:
    """Builds lessons and brings the others' navigation and the README up to date.

    Args:
        lessons: of one course.
        run: False renews only what needs no kernel.

    Raises:
        BuildFailed: see `execute`; or, without running, a lesson's code has changed since it ran.
    """
    for lesson in lessons:
        if run:
            save(lesson, execute(lesson))
        elif not refresh(lesson):
            raise BuildFailed(f"{lesson.stem}: its code has changed, so it must run; build it without --no-run.")
    if lessons:
        for other in written_lessons(lessons[0].root):
            if other not in lessons:
                refresh(other)
        write_table(lessons[0].root)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="start.py build", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="numbers or names, such as 05; all when left out")
    parser.add_argument("--repo", metavar="owner/name", help="the GitHub repository that Colab links name; kept")
    parser.add_argument("--no-run", action="store_true", help="renew text and navigation only")
    options = parser.parse_args(arguments)
    try:
        if options.repo:
            set_repository(options.repo)
        lessons = choose(options.lessons)
        build(lessons, run=not options.no_run)
    except (BuildFailed, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Built: {', '.join(lesson.number for lesson in lessons) or 'nothing'}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

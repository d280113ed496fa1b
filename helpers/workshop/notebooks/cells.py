"""A lesson's source as notebook cells, with what every lesson shares: navigation, Colab bootstrap, folded furniture.

Nothing runs here. The result depends on the sources, lessons.json, models.json and the repository's name alone.
notebooks/source/README.md says what the tags of a source do.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ..lessons import Lesson, repository, written_lessons
from .roles import write_out, write_out_prose

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}

FOLDS = "jp-MarkdownHeadingCollapsed"  # on a heading: JupyterLab folds the cells below it
KEPT = {"tags", FOLDS}  # what stays of a cell's metadata in the source

# On Colab a notebook comes alone, and this fetches the rest; what git and pip say is seen there. Elsewhere it only
# looks whether the kernel is right. Old Pythons can read it; what they and others lack, `helpers` says itself.
FETCH = "[ -d course ] || git clone -q --depth 1 ${{COURSE_REPO_URL:-https://github.com/{repository}}} course && "
INSTALL = " -m pip install -q -r course/helpers/requirements.txt"

MISSING = (
    "This notebook runs in %s, which does not have the course. Choose the kernel of the course's .venv"
    " (Kernel, Change Kernel; in VS Code at the top right), or run start.py in the course's folder first."
    " On Colab, what went wrong is written above: run this cell again."
)
BOOTSTRAP = f"""\
# @title Find the course
import importlib.util, os, sys
if "google.colab" in sys.modules and None in map(importlib.util.find_spec, ("helpers", "genai_prices")):
    get_ipython().system("{FETCH}" + sys.executable + "{INSTALL}"); sys.path.insert(0, os.path.abspath("course"))
assert importlib.util.find_spec("helpers"), "{MISSING}" % sys.executable\
"""
# Tags of a source: a cell whose code is folded; a cell whose output would give an answer away, and is not kept.
FURNITURE, GUESS = "furniture", "guess"
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # JupyterLab's way and Colab's
TITLE = re.compile(r"# (.+)\n+")
ASKS, COMPARES = re.compile(r"\bpredict\(\s*(\d+),"), re.compile(r"^compare\(\d+\)", re.MULTILINE)

# Words in a folded cell without a first comment of its own -> what it is called where its code is folded.
TITLES = {
    "lesson.start(": "Start the lesson",
    "predict(": "Make a guess",
    "compare(": "Compare",
    "lesson.receipt(": "The receipt",
    "lesson.progress(": "Your progress",
    "ChatBox(": "A chat to type into",
    "AppBox(": "An app to use",
    "panel.lab(": "A panel to move",
    "live": "Controls to move",
    "able(": "A table",
    "plots.show(": "A figure",
    "pictures.show(": "A picture",
    "lesson.note(": "Who wrote these answers",
}
CLOSED = re.compile(r"(?<=</details>)\n\n+(?!<details>)")

LINK = re.compile(r"\[([^\]]+)\]\((\d\d_\w+\.ipynb)(#[^)]*)?\)")


def compose(lesson: Lesson) -> NotebookNode:
    """The notebook of a lesson as it is before it has run.

    Raises:
        ValueError: the source does not begin with a title cell, or has no code.
    """
    source: Any = jupytext.reads(lesson.source.read_text(encoding="utf-8"), fmt="py:percent")
    cells = [part for cell in source.cells for part in _parts(_plain(cell))]
    first_code = next((place for place, cell in enumerate(cells) if cell.cell_type == "code"), 0)
    if not first_code or not cells[0].source.startswith("# "):
        raise ValueError(f"{lesson.source.name} must begin with a markdown cell '# Title' and contain code cells.")
    try:
        cells = _dressed(cells, lesson)
    except ValueError as error:
        raise ValueError(f"{lesson.source.name}: {error}") from None
    slug = repository(lesson.root)
    before, after = _neighbours(lesson)
    colab = f"https://colab.research.google.com/github/{slug}/blob/main/notebooks/{lesson.stem}.ipynb"
    contents = "[Contents](../README.md)"
    following = f"Next: {_link(after)}" if after else None
    top: list[str | None] = [
        f"Previous: {_link(before)}" if before else None,
        contents,
        following,
        f"[Open in Colab]({colab})",
        str(lesson.minutes),
    ]
    bottom = [following, contents]
    cells = [
        cells[0],
        new_markdown_cell(" · ".join(filter(None, top))),
        *cells[1:first_code],
        new_code_cell(BOOTSTRAP.format(repository=slug), metadata=FOLDED),
        *cells[first_code:],
        new_markdown_cell(" · ".join(filter(None, bottom))),
    ]
    written = {other.notebook.name for other in written_lessons(lesson.root)}
    for cell in cells:
        if cell.cell_type == "markdown":  # a link to a lesson that is not written yet stays as text
            cell.source = LINK.sub(lambda match: match[0] if match[2] in written else match[1], cell.source)
    _identify(cells)
    return new_notebook(cells=cells, metadata=METADATA)


def _plain(cell: NotebookNode) -> NotebookNode:
    make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    return make(
        cell.source.strip("\n"), metadata={name: value for name, value in cell.metadata.items() if name in KEPT}
    )


def _parts(cell: NotebookNode) -> list[NotebookNode]:
    """A Markdown cell in parts: a heading that folds is a cell of its own, for its text to be folded with the rest;
    what follows folded text begins a new one, for a gap between them."""
    if cell.cell_type == "code":
        return [cell]
    texts = cell.source.split("\n\n", 1) if FOLDS in cell.metadata else [cell.source]
    parts = [new_markdown_cell(part.strip("\n")) for text in texts for part in CLOSED.split(text) if part.strip()]
    parts[0].metadata = cell.metadata
    return parts


def _dressed(cells: list[NotebookNode], lesson: Lesson) -> list[NotebookNode]:
    """Furniture folded, answers to predictions marked, and in the present frame roles written out."""
    question = None  # of a prediction that no cell has compared yet
    for cell in cells:
        tags = cell.metadata.get("tags", [])
        if lesson.frame > 1:
            cell.source = (write_out if cell.cell_type == "code" else write_out_prose)(cell.source)
        if cell.cell_type != "code":
            continue
        asks, compares = ASKS.search(cell.source), COMPARES.search(cell.source)
        if question and not asks and GUESS not in tags:
            tags.append(GUESS)  # what runs between a question and its comparison may give the answer away
        if asks or compares:
            question = asks and asks[1]
        if GUESS in tags and "nbval-ignore-output" not in tags:
            tags.append("nbval-ignore-output")  # its output is not kept, so there is nothing to compare with
        if tags:
            cell.metadata["tags"] = tags
        if FURNITURE in tags:
            cell.metadata.update(FOLDED)
            own = TITLE.match(cell.source)
            title = own[1] if own else _title(cell.source, tags)
            cell.source = f"# @title {title}\n{cell.source[own.end() if own else 0 :]}"
    if question:
        raise ValueError(f"prediction {question} is asked and never compared")
    return cells


def _title(source: str, tags: list[str]) -> str:
    """What a folded cell without a first comment of its own is called in Colab."""
    if number := next((tag[6:] for tag in tags if tag.startswith("check-")), None):
        return f"Check exercise {number}"
    return next((title for word, title in TITLES.items() if word in source), "Code of this output")


def _neighbours(lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    others = written_lessons(lesson.root)
    before = [other for other in others if other.number < lesson.number]
    after = [other for other in others if other.number > lesson.number]
    return (before[-1] if before else None), (after[0] if after else None)


def _link(lesson: Lesson) -> str:
    return f"[{lesson.title}]({lesson.notebook.name})"


def _identify(cells: list[NotebookNode]) -> None:
    """Gives each cell an id made of its content, so that an edit or a new cell leaves the other ids alone."""
    seen: Counter[str] = Counter()
    for cell in cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:10]
        seen[digest] += 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"

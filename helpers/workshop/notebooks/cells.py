"""A lesson's source as notebook cells, with what every lesson shares: navigation and the Colab bootstrap.

Nothing runs here. The result depends on the sources, data/course/lessons.json and the repository's name alone.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ..lessons import Lesson, repository, written_lessons

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

# What stays of a cell's metadata in the source; the second folds a section in JupyterLab.
KEPT = {"tags", "jp-MarkdownHeadingCollapsed"}

# On Colab a notebook comes alone, and this fetches the rest; what git and pip say is seen there. Elsewhere it only
# looks whether the kernel is right. Old Pythons can read it; what they and others lack, `helpers` says itself.
FETCH = (
    "[ -d course ] || git clone -q --depth 1 ${{COURSE_REPO_URL:-https://github.com/{repository}}} course"
    " && pip install -q -r course/helpers/requirements.txt"
)
MISSING = (
    "This notebook runs in %s, which does not have the course. Choose the kernel of the course's .venv"
    " (Kernel, Change Kernel; in VS Code at the top right), or run start.py in the course's folder first."
    " On Colab, what went wrong is written above: run this cell again."
)
BOOTSTRAP = f"""\
# @title Find the course
import importlib.util, os, sys
if "google.colab" in sys.modules and None in map(importlib.util.find_spec, ("helpers", "genai_prices")):
    get_ipython().system("{FETCH}"); sys.path.insert(0, os.path.abspath("course"))
assert importlib.util.find_spec("helpers"), "{MISSING}" % sys.executable\
"""
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # JupyterLab's way and Colab's


LINK = re.compile(r"\[([^\]]+)\]\((\d\d_\w+\.ipynb)(#[^)]*)?\)")


def compose(lesson: Lesson) -> NotebookNode:
    """The notebook of a lesson as it is before it has run.

    Raises:
        ValueError: the source does not begin with a title cell, or has no code.
    """
    cells = [_plain(cell) for cell in jupytext.reads(lesson.source.read_text(encoding="utf-8"), fmt="py:percent").cells]
    first_code = next((place for place, cell in enumerate(cells) if cell.cell_type == "code"), 0)
    if not first_code or not cells[0].source.startswith("# "):
        raise ValueError(f"{lesson.source.name} must begin with a markdown cell '# Title' and contain code cells.")
    slug = repository(lesson.root)
    before, after = _neighbours(lesson)
    colab = f"https://colab.research.google.com/github/{slug}/blob/main/notebooks/{lesson.stem}.ipynb"
    contents = "[Contents](../README.md)"
    top = [
        before and f"Previous: {_link(before)}",
        contents,
        after and f"Next: {_link(after)}",
        f"[Open in Colab]({colab})",
    ]
    bottom = [after and f"Next: {_link(after)}", contents]
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

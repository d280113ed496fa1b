"""What a kept notebook must be: equal to its source, run once as a whole, and free of what changes from run to run."""

from __future__ import annotations

import json
import re
from typing import Any

import nbformat
from nbformat import NotebookNode

from ..lessons import Lesson
from .cells import METADATA, compose

WIDGET = "application/vnd.jupyter.widget-view+json"
UNANSWERED = "No answer is recorded for this request"  # of helpers/proxy/note.py
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


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
            if UNANSWERED in text:  # a lesson may have caught the error
                found.append(f"Cell {count} shows that a request has no recorded answer.")
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
    return cell.cell_type, cell.source, json.dumps(cell.metadata, sort_keys=True)


def read(lesson: Lesson) -> NotebookNode:
    """The kept notebook of a lesson."""
    notebook: Any = nbformat.reads(lesson.notebook.read_text(encoding="utf-8"), as_version=4)
    return notebook

"""The changes that a lesson's "Try it" lines suggest: recorded with the lesson, and answered without a key ever after.

They are the cells of notebooks/source/tries/NN.py, and run after the lesson's last cell, in its kernel. The second line
is there only where the API refuses the change:

    # %% what is changed
    # raises: BadRequestError
    ask("one more question")
"""

from __future__ import annotations

import re

from nbformat.v4 import new_code_cell

from ..lessons import Lesson
from .kernel import Kernel

_TRY = re.compile(r"^# %% (.+)\n(?:# raises: (\w+)\n)?", re.MULTILINE)


def find(lesson: Lesson) -> list[tuple[str, str | None, str]]:
    """The changes of a lesson, in order: what is changed, the name of the error it ends with or None, the code."""
    text = lesson.tries.read_text(encoding="utf-8") if lesson.tries.is_file() else ""
    parts = iter(_TRY.split(text)[1:])
    return [(title.strip(), raises, code.strip()) for title, raises, code in zip(parts, parts, parts, strict=True)]


def run(lesson: Lesson, kernel: Kernel) -> list[str]:
    """Runs every change in a kernel in which the lesson has run.

    Returns:
        the changes that ended otherwise than they must, in sentences; empty when all is well.
    """
    problems = []
    for title, raises, code in find(lesson):
        outputs = kernel.run(new_code_cell(code), may_raise=True)
        error = next((output for output in outputs if output.output_type == "error"), None)
        if (error and error.ename) != raises:
            said = f"{error.ename}: {error.evalue}" if error else "no error"
            problems.append(f"try it, {title}: expected {raises or 'an answer'}, got {said}")
    return problems

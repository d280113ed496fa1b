"""Tries a lesson's exercises within one run of it: starter, wrong answers, solution, then the next cell; then `tries`.

An exercise of a lesson is a code cell tagged exercise-1, one tagged check-1 that calls check(1), and a Markdown cell
with a folded Hint and a folded Solution (one ```python fence). Its wrong answers are the cells of
tests/wrong_answers/NN.py; the third line stands only where the answer's own cell ends with an error:

    # %% exercise 1: what is wrong here
    # hint: words that the check's hint must contain
    # raises: BadRequestError
    answer = "wrong"
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from tqdm import tqdm

from ..lessons import Lesson
from . import tries
from .cells import compose
from .kernel import Kernel
from .roles import write_out

Then = Callable[[Kernel, list[NotebookNode]], list[str]]

_SOLUTION = re.compile(r"<details>\s*<summary>Solution</summary>.*?```python\n(.*?)\n```.*?</details>", re.DOTALL)
_HINT = re.compile(r"<details>\s*<summary>Hint</summary>\s*\S.*?</details>", re.DOTALL)
_WRONG = re.compile(r"^# %% exercise (\d+): (.+)\n# hint: (.+)\n(?:# raises: (\w+)\n)?", re.MULTILINE)


@dataclass(frozen=True)
class Wrong:
    """A wrong answer that the check must answer with a hint.

    Attributes:
        title: what is wrong with it.
        hint: words that the hint must contain.
        raises: name of the error that its cell ends with, or None.
        code: the answer.
    """

    title: str
    hint: str
    raises: str | None
    code: str


@dataclass
class ExerciseCells:
    """One exercise: its number, such as "5.2", and the places of its cells in the notebook."""

    number: str
    starter: int
    check: int
    solution: str | None = None
    wrong: list[Wrong] = field(default_factory=list)


def find(lesson: Lesson, notebook: NotebookNode) -> tuple[list[ExerciseCells], list[str]]:
    """The exercises of a composed notebook, and what they lack, in sentences.

    Returns:
        (exercises in order, problems). A problem is a missing check, hint, solution or wrong answer, a number
        out of order, a wrong answer that belongs to nothing, or too few exercises.
    """
    tagged = {tag: place for place, cell in enumerate(notebook.cells) for tag in cell.metadata.get("tags", [])}
    wrong = _wrong_answers(lesson)
    exercises, problems = [], []
    count = sum(tag.startswith("exercise-") for tag in tagged)
    if count < lesson.exercises:
        problems.append(f"has {count} exercises; {lesson.exercises} are wanted")
    for name in map(str, range(1, count + 1)):
        starter, check = tagged.get(f"exercise-{name}"), tagged.get(f"check-{name}")
        if starter is None or check is None or check < starter:
            problems.append(f"exercise {name} needs a cell tagged exercise-{name} and after it one tagged check-{name}")
            continue
        folded = next((cell.source for cell in notebook.cells[check + 1 :] if cell.cell_type == "markdown"), "")
        solution = _SOLUTION.search(folded)
        number = f"{int(lesson.number)}.{name}"
        exercises.append(ExerciseCells(number, starter, check, solution and solution[1], wrong.pop(name, [])))
        if not re.search(rf"^check\({name}[,)]", notebook.cells[check].source, re.MULTILINE):
            problems.append(f"the cell tagged check-{name} must call check({name})")
        if not solution:
            problems.append(f"exercise {name} needs a folded Solution with one ```python fence right after its check")
        if not _HINT.search(folded):
            problems.append(f"exercise {name} needs a folded Hint right after its check")
        if not exercises[-1].wrong:
            problems.append(f"exercise {name} needs a wrong answer in tests/wrong_answers/{lesson.number}.py")
    problems += [f"there are wrong answers to an exercise {name}, which the lesson does not have" for name in wrong]
    return exercises, problems


def _wrong_answers(lesson: Lesson) -> dict[str, list[Wrong]]:
    path = lesson.wrong_answers
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    parts = iter(_WRONG.split(text)[1:])
    cells = list(zip(parts, parts, parts, parts, parts, strict=True))  # four groups of a head, then its code
    if len(cells) != len(re.findall(r"^# %%", text, re.MULTILINE)):
        raise ValueError(f"{path.name}: each cell begins '# %% exercise 1: …' and '# hint: …'.")
    answers: dict[str, list[Wrong]] = {}
    for name, title, hint, raises, code in cells:
        code = write_out(code.strip()) if lesson.frame > 1 else code.strip()
        answers.setdefault(name, []).append(Wrong(title.strip(), hint.strip(), raises, code))
    return answers


def run(lesson: Lesson, settings: dict[str, str], then: Then | None = None) -> list[str]:
    """Runs a lesson once from top to bottom and tries every variant of every exercise on the way.

    Args:
        lesson: which one.
        settings: environment of the kernel, such as {"COURSE_MODE": "replay"}.
        then: what else is tested in the kernel, before `tries`: gets the kernel and the cells that have run.

    Returns:
        the answers that were judged otherwise than they must be, in sentences, and what `then` returns; empty when all
        is well.

    Raises:
        CellFailed: a cell of the lesson, a check or a solution failed.
    """
    notebook = compose(lesson)
    checks = {exercise.check: exercise for exercise in find(lesson, notebook)[0]}
    problems = []
    with Kernel(lesson.notebook.parent, settings) as kernel:
        for place, cell in enumerate(tqdm(notebook.cells, desc=lesson.stem, unit="cell", leave=False, disable=None)):
            if cell.cell_type == "code":
                kernel.run(cell)
            if exercise := checks.get(place):
                problems += _try(kernel, exercise, cell)
        return problems + (then(kernel, notebook.cells) if then else []) + tries.run(lesson, kernel)


def _try(kernel: Kernel, exercise: ExerciseCells, check: NotebookNode) -> list[str]:
    """Goes through the answers to one exercise; the starter and its check have just run."""
    problems = _judge(kernel, exercise, check, "untouched", "untouched")
    for wrong in exercise.wrong:
        outputs = kernel.run(new_code_cell(wrong.code), may_raise=True)
        raised = next((output.ename for output in outputs if output.output_type == "error"), None)
        if raised != wrong.raises:
            problems.append(f"exercise {exercise.number}, {wrong.title}: raised {raised}, expected {wrong.raises}")
        kernel.run(check)
        problems += _judge(kernel, exercise, check, wrong.title, "hint", wrong.hint)
    if exercise.solution:
        kernel.run(new_code_cell(exercise.solution))
        kernel.run(check)
        problems += _judge(kernel, exercise, check, "solution", "passed")
    return problems


def _judge(
    kernel: Kernel, exercise: ExerciseCells, check: NotebookNode, answer: str, expected: str, words: str = ""
) -> list[str]:
    what = f"exercise {exercise.number}, {answer}"
    said = " ".join(output.data.get("text/plain", "") for output in check.outputs if "data" in output)
    state = kernel.text(f'import helpers.check\nprint(helpers.check.results.get("{exercise.number}"))').strip()
    if state != expected:
        return [f"{what}: the check says {state!r}, expected {expected!r}: {said}"]
    if words.casefold() not in said.casefold():
        return [f"{what}: the hint {said!r} does not contain {words!r}"]
    return []

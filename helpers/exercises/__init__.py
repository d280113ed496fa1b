"""The checks of the exercises and the answers of the predictions, kept away from the page that asks.

    from helpers.exercises import check, compare, predict

    predict(1, "How many requests?", ["1", "3"])   # asks
    compare(1)                                     # compares, in a later cell
    check(1)                                       # checks exercise 1

Numbers count within the lesson that was started last. `lesson_05.py` holds lesson 05's `check_1`, `guess_1` and so on.
Their parameters are names of the notebook and get its values; the first of a check is the `Exercise` to report to, and
its docstring is the title. A guess returns the right option, or the option and one sentence that says why.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Any

from .. import check as _check
from .. import progress, widgets
from ..setup.errors import CourseError

_asked: dict[str, widgets.Prediction] = {}


def check(number: int, *answers: Any) -> None:
    """Checks an exercise and says in one line how it went.

    Args:
        number: of the exercise, within the lesson.
        answers: values for the first parameters of the check. The others, usually all, are taken from the notebook, so
            that a name that isn't there yet becomes a hint instead of an error.

    Raises:
        CourseError: no lesson was started, or it has no such exercise.
    """
    names = sys._getframe(1).f_globals
    judge = _find("check", number)
    with _check.exercise(_name(number), str(inspect.getdoc(judge)).rstrip(".")) as ex:
        judge(*_arguments(judge, names, (ex, *answers)))
        progress.note("exercises", _name(number))


def predict(number: int, question: str, options: Sequence[str]) -> widgets.Prediction:
    """Asks for a guess; `compare` with the same number, in a later cell, tells the answer."""
    _find("guess", number)
    asked = _asked[_name(number)] = widgets.predict(question, options)
    asked.controls["guess"].observe(lambda _change: progress.note("guesses", _name(number)), "value")
    return asked


def compare(number: int) -> None:
    """Shows the guess beside the answer. Without a guess the answer is folded.

    Raises:
        CourseError: the cell with the question has not run, or the answer is none of its options.
        NameError: a cell in between has not run.
    """
    answer = _find("guess", number)
    if _name(number) not in _asked:
        raise CourseError("Run the cell with the question first.")
    result = answer(*_arguments(answer, sys._getframe(1).f_globals))
    _asked[_name(number)].compare(*(result if isinstance(result, tuple) else (result,)))


def _name(number: int) -> str:
    if progress.lesson is None:
        raise CourseError('Run the set-up cell first: lesson.start("…") opens the lesson.')
    return f"{int(progress.lesson)}.{number}"


def _find(kind: str, number: int) -> Callable[..., Any]:
    _name(number)
    module = importlib.import_module(f"{__name__}.lesson_{progress.lesson}")
    if found := getattr(module, f"{kind}_{number}", None):
        return found
    what = "exercise" if kind == "check" else "prediction"
    raise CourseError(f"Lesson {progress.lesson} has no {what} {number}.")


def _arguments(function: Callable[..., Any], names: dict[str, Any], given: Sequence[Any] = ()) -> list[Any]:
    wanted = list(inspect.signature(function).parameters)[len(given) :]
    if missing := [name for name in wanted if name not in names]:
        raise NameError(f"name {missing[0]!r} is not defined")
    return [*given, *(names[name] for name in wanted)]

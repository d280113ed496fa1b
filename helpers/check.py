"""How an exercise is judged: by properties of an answer, not by its wording. The checks are in `helpers.exercises`.

    with check.exercise("1.1", "Ask your own question") as ex:
        ex.needs(question, answer)
        ex.that(question.endswith("?"), "A question ends with a question mark.")

The first condition that does not hold ends the check with its hint. Nothing here raises at the learner.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from types import TracebackType
from typing import Any

from IPython.display import display

from .setup.errors import is_unanswered, message_of

#: The state of each exercise by its number: "untouched", "hint" or "passed".
results: dict[str, str] = {}


#: Why the cell before could not be answered: the course's message, which helpers.under_cell sets; "" when it was.
missing = ""


class _End(Exception):
    """Leaves the block of a check early; carries the state and the sentence to show."""


class Exercise:
    """One exercise, used as a context manager around its conditions.

    Args:
        number: lesson and exercise, such as "1.1".
        title: the exercise in a few words.
    """

    def __init__(self, number: str, title: str) -> None:
        self.number, self.title = number, title

    def needs(self, *values: Any) -> None:
        """Ends the check as "not started yet" while a value is `...`, also inside a list or dict.

        A value that is None ends it with a hint: most often that is a function without `return`.
        """
        if any(_has_gap(value) for value in values):
            if missing:  # the gap is still there because the learner's own request had no answer
                raise _unanswered(missing)
            raise _End(
                "untouched",
                "Not started yet",
                "Replace each ... in the cell above and run it, then run this check. If that cell ends with an error, "
                "fix the error first.",
            )
        if any(value is None for value in values):
            raise _End("hint", "Not yet", "A value is None. Does your function return something?")

    def that(self, condition: bool | Callable[[], bool], hint: str) -> None:
        """Ends the check with a hint when a condition does not hold.

        Args:
            condition: what must be true; or a function without arguments, where looking may itself fail.
            hint: one or two sentences that bring the learner further.
        """
        if callable(condition):
            try:
                condition = condition()
            except Exception as error:
                if is_unanswered(error):
                    raise _unanswered(message_of(error)) from None
                raise _End("hint", "Not yet", f"{hint} ({_say(error)})") from None
        if not condition:
            raise _End("hint", "Not yet", hint)

    def __enter__(self) -> Exercise:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            state, word, sentence = "passed", "Passed", ""
        elif isinstance(error, _End):
            state, word, sentence = error.args
        elif is_unanswered(error):
            state, word, sentence = _unanswered(message_of(error)).args
        elif isinstance(error, NameError) and missing:
            state, word, sentence = _unanswered(missing).args
        elif isinstance(error, NameError) and error.name is None:  # raised by helpers.exercises, not by Python
            state, word, sentence = "hint", "Not yet", f"Run the cell above first: {error}."
        elif isinstance(error, Exception):
            state, word = "hint", "Not yet"
            sentence = f"Your code raised an error in the check: {_say(error)}."
        else:
            return False  # an interrupt is the learner's
        results[self.number] = state
        head = f"Exercise {self.number}, {self.title}"
        lines = {
            "text/plain": f"{head}. {word}. {sentence}".rstrip(),
            "text/html": f"<p>{html.escape(head)}. <b>{word}.</b> {html.escape(sentence)}".rstrip() + "</p>",
        }
        display(lines, raw=True)
        return True


exercise = Exercise  # lessons read: with check.exercise(…) as ex


def _has_gap(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_gap(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_has_gap(item) for item in value)
    return value is ...


def _unanswered(message: str) -> _End:
    """Nothing is wrong with the answer to the exercise: there is no model here that could try it."""
    reason = " ".join(message.partition("\n\n")[0].split())  # what follows is how to get an answer
    return _End("hint", "Not recorded", f"This cannot be checked without an answer. {reason}")


def _say(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__

"""How long a lesson takes a reader: 200 words of prose or 14 lines of visible code a minute, 6 minutes an exercise."""

from __future__ import annotations

import re
from typing import NamedTuple

WORDS, LINES, EXERCISE = 200, 14, 6  # words a minute, lines of code a minute, minutes an exercise

_CELL = re.compile(r"^# %%(.*)\n", re.MULTILINE)
_FOLDED = re.compile(r"<details>\s*<summary>(Hint|Solution)</summary>.*?</details>", re.DOTALL)  # part of an exercise
_MARKS = re.compile(r"^```.*?^```|<[^>]+>|!\[[^\]]*\]|\]\([^)]*\)|^[|:\- ]+$", re.DOTALL | re.MULTILINE)
_DEEPER = re.compile(r"^## Deeper$", re.MULTILINE)


class Minutes(NamedTuple):
    """Minutes for the core of a lesson, and for what comes under its heading "Deeper" (0 without one)."""

    core: int
    deeper: int

    def __str__(self) -> str:
        return f"{self.core} minutes" + (f" + {self.deeper} deeper" if self.deeper else "")


def of(source: str) -> Minutes:
    """What a lesson's source (notebooks/source, py:percent) takes, rounded to whole minutes."""
    parts, part = [0.0, 0.0], 0
    heads_and_texts = iter(_CELL.split(source)[1:])
    for head, text in zip(heads_and_texts, heads_and_texts, strict=True):
        if "[markdown]" in head:
            prose = re.sub(r"^# ?", "", text, flags=re.MULTILINE)
            if _DEEPER.search(prose):
                part = 1
            parts[part] += len(re.findall(r"\w[\w'’.,-]*", _MARKS.sub(" ", _FOLDED.sub("", prose)))) / WORDS
        elif "exercise-" in head:
            parts[part] += EXERCISE
        elif '"furniture"' not in head:
            lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
            parts[part] += len(lines) / LINES
    return Minutes(*map(round, parts))

"""The list of lessons (data/course/lessons.json) and where the files of each one are."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .. import costs, minutes
from ..minutes import Minutes
from ..setup.files import ROOT, write_whole


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes:
        root: folder of the course.
        number: two digits.
        slug: file name without number, such as "survive_errors".
        title: the lesson's heading.
        summary: what the reader has at the end, in one sentence.
        frame: 2 for a lesson in the present frame (notebooks/source/README.md), 1 for one that still waits for it.
        exercises: how many exercises it has at least.
    """

    root: Path
    number: str
    slug: str
    title: str
    summary: str
    frame: int = 1
    exercises: int = 2

    @property
    def stem(self) -> str:
        return f"{self.number}_{self.slug}"

    @property
    def source(self) -> Path:
        return self.root / "notebooks" / "source" / f"{self.stem}.py"

    @property
    def minutes(self) -> Minutes:
        return minutes.of(self.source.read_text(encoding="utf-8"))

    @property
    def notebook(self) -> Path:
        return self.root / "notebooks" / f"{self.stem}.ipynb"

    @property
    def wrong_answers(self) -> Path:
        return self.root / "tests" / "wrong_answers" / f"{self.number}.py"

    @property
    def tries(self) -> Path:
        return self.root / "notebooks" / "source" / "tries" / f"{self.number}.py"

    @property
    def answers(self) -> Path:
        return self.root / "data" / "answers" / f"{self.number}.yaml"

    @property
    def vectors(self) -> Path:
        return self.root / "data" / "answers" / f"{self.number}.vectors.jsonl"

    @property
    def recordings(self) -> Path:
        return self.root / "data" / "recordings" / self.number


def set_run_price(lesson: Lesson, price: float) -> None:
    """Keeps what Run All of a lesson costs."""
    prices = costs.run_prices(lesson.root) | {lesson.number: round(price, 6)}
    write_whole(lesson.root / costs.RUN_PRICES, json.dumps(dict(sorted(prices.items())), indent=1) + "\n")


def all_lessons(root: Path = ROOT) -> list[Lesson]:
    """Every planned lesson, in order."""
    rows = json.loads((root / "data" / "course" / "lessons.json").read_text(encoding="utf-8"))
    return [Lesson(root, **row) for row in rows]


def written_lessons(root: Path = ROOT) -> list[Lesson]:
    """The lessons whose source exists, in order."""
    return [lesson for lesson in all_lessons(root) if lesson.source.is_file()]


def choose(names: Iterable[str], root: Path = ROOT) -> list[Lesson]:
    """The written lessons that are named; all of them when none is.

    Args:
        names: numbers ("5" or "05"), slugs, or file names of notebook or source.

    Raises:
        ValueError: a name belongs to no written lesson.
    """
    lessons = written_lessons(root)
    if not (names := list(names)):
        return lessons
    chosen = set()
    for name in names:
        wanted = Path(name).stem
        found = [
            lesson for lesson in lessons if wanted.zfill(2) == lesson.number or wanted in (lesson.slug, lesson.stem)
        ]
        if not found:
            known = ", ".join(lesson.number for lesson in lessons) or "none"
            raise ValueError(f"There is no written lesson {name!r}; written so far: {known}.")
        chosen.add(found[0])
    return [lesson for lesson in lessons if lesson in chosen]


def repository(root: Path = ROOT) -> str:
    """The GitHub repository as owner/name, for links to Colab: `repo` of [tool.course] in pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["course"]["repo"]


def set_repository(slug: str, root: Path = ROOT) -> None:
    """Writes another repository name into pyproject.toml and, where README.md names the old one, there.

    Raises:
        ValueError: the name is not of the form owner/name.
    """
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", slug):
        raise ValueError(f"A repository is written owner/name, not {slug!r}.")
    old = repository(root)
    for path, pattern in ((root / "pyproject.toml", '"{}"'), (root / "README.md", "github.com/{}")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(pattern.format(old), pattern.format(slug)), encoding="utf-8", newline="\n")

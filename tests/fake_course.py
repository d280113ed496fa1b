"""A course of one or two small lessons in a folder of its own, for tests of the workshop."""

import json
import shutil
from pathlib import Path

import helpers
from helpers.workshop.lessons import Lesson, choose

HELPERS = Path(helpers.__file__).parent
REAL = ["check.py", "exercises/__init__.py", "plots.py", "progress.py", "setup", "widgets.py", "under_cell.py"]
LESSON = '''\
"""What the fake lessons need of the real module."""
from . import progress
def start(number):
    progress.lesson = number
    print("Lesson", number)
def receipt():
    print("Nothing was called.")
def log():
    return ()
'''
SOURCE = """\
# %% [markdown]
# # Add two numbers

# %% [markdown]
# You need no key.

# %%
from helpers import lesson

lesson.start("00")

# %%
for part in ("one", "two"):
    print(part, end=" ", flush=True)
print("done")

# %% tags=["exercise-1"]
total = ...

# %% tags=["check-1", "furniture"]
from helpers.exercises import check

check(1)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Use a plus sign.
# </details>
# <details><summary>Solution</summary>
#
# ```python
# total = 2 + 3
# ```
# </details>

# %%
lesson.receipt()
"""
CHECKS = '''\
def check_1(ex, total):
    """Add two and three."""
    ex.needs(total)
    ex.that(total == 5, "Two and three are five.")


def guess_1(total):
    return str(total), "Just so."
'''
WRONG = """\
# %% exercise 1: multiplied
# hint: are five
total = 2 * 3

# %% exercise 1: never finished
# hint: 'total' is not defined
# raises: ZeroDivisionError
total = 1
del total
1 / 0
"""


def make(root: Path, source: str = SOURCE, wrong: str = WRONG, checks: str = CHECKS, frame: int = 1) -> Lesson:
    """Writes a course with the lesson 00_add (a second, 01_more, is only planned); returns that lesson."""
    rows = [
        {
            "number": f"{n:02}",
            "slug": slug,
            "title": title,
            "summary": f"{title}.",
            "frame": frame,
            "exercises": 1,
        }
        for n, (slug, title) in enumerate([("add", "Add two numbers"), ("more", "Add more numbers")])
    ]
    files = {
        "data/course/lessons.json": json.dumps(rows),
        "pyproject.toml": '[tool.course]\nrepo = "someone/course"\n',
        "README.md": "# Course\n\n<!-- lessons -->\n<!-- /lessons -->\n\nThe end.\n",
        "helpers/__init__.py": "",
        "helpers/lesson.py": LESSON,
        "helpers/exercises/lesson_00.py": checks,
        "helpers/exercises/lesson_01.py": checks,
        "notebooks/source/00_add.py": source,
        "tests/wrong_answers/00.py": wrong,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    for name in REAL:
        copy = shutil.copytree if (HELPERS / name).is_dir() else shutil.copy
        copy(HELPERS / name, root / "helpers" / name)
    return choose(["00"], root)[0]

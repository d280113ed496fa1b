"""Which exercises were passed and which guesses were made: remembered in an ignored file, for the learner alone."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from .setup import environment
from .setup.files import ROOT, write_whole

#: The number of the lesson that was started last in this kernel, such as "05"; None before that.
lesson: str | None = None


def _file() -> Path | None:
    name = environment.own("COURSE_PROGRESS") or str(ROOT / ".progress.json")
    return None if name == "off" else Path(name)  # off: nothing is remembered, as when a lesson is built or tested


def read() -> dict[str, list[str]]:
    """What was done: {"exercises": ["5.1", …], "guesses": […]}; empty where nothing can be read."""
    file = _file()
    try:
        kept = json.loads(file.read_text(encoding="utf-8")) if file else {}
        return {kind: [str(name) for name in kept.get(kind, [])] for kind in ("exercises", "guesses")}
    except (OSError, ValueError, AttributeError, TypeError):
        return {"exercises": [], "guesses": []}


def note(kind: str, name: str) -> None:
    """Remembers an exercise ("exercises") or a guess ("guesses") by its number, such as "5.1".

    A folder that can't be written loses nothing but that.
    """
    done = read()
    if (file := _file()) and name not in done[kind]:
        done[kind].append(name)
        with contextlib.suppress(OSError):
            write_whole(file, json.dumps(done, indent=1) + "\n")


def reset() -> None:
    """Forgets everything."""
    if file := _file():
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)

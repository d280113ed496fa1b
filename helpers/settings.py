"""The settings of the course, from the environment and the file .env: mode, folder, cap, pace, and where calls go."""

from __future__ import annotations

import os
from pathlib import Path

from . import env_file, keys

ROOT = Path(__file__).resolve().parent.parent
MODES = ("auto", "replay", "live", "record", "direct")
OFFICIAL = "https://api.openai.com/v1"


class CourseError(RuntimeError):
    """The course cannot do what was asked; the message says why and what to do."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message. The course's own code above it would help nobody."""
        return [f"{type(self).__name__}: {self}"]


def recordings_folder(mode: str) -> Path:
    """Where recordings are. Raises CourseError in replay when there is no such folder."""
    folder = Path(os.environ.get("COURSE_RECORDINGS") or ROOT / "data" / "recordings")
    if mode == "replay" and not folder.is_dir():
        raise CourseError(
            f"There is no folder {folder} of recorded answers. "
            "Correct COURSE_RECORDINGS if it is set; else download the course again."
        )
    return folder


def upstream() -> str:
    """Where live calls go. `start` keeps what OPENAI_BASE_URL was in COURSE_UPSTREAM before it points it elsewhere."""
    return os.environ.get("COURSE_UPSTREAM") or os.environ.get("OPENAI_BASE_URL") or OFFICIAL


def choose_mode() -> tuple[str, str]:
    """The mode, and a remark for the banner ("" in most cases). Raises CourseError."""
    try:
        env_file.load(ROOT / ".env", placeholder=keys.PLACEHOLDER)
    except OSError as error:
        raise CourseError(f"The file .env cannot be read ({error.strerror}). Make it yours, or remove it.") from None
    mode = (os.environ.get("COURSE_MODE") or "auto").strip(" \t\"'").lower()
    if mode not in MODES:
        raise CourseError(f"COURSE_MODE is {mode!r}; it takes {', '.join(MODES)}.")
    if mode == "replay":
        return mode, ""
    key = keys.find()
    trouble = keys.problem(key)
    advice = trouble if key else keys.misplaced(ROOT)
    note = f"\nNote: {advice}" if advice else ""
    if mode == "auto":
        return ("replay" if trouble else "live"), note
    if mode == "direct":
        return mode, note
    if trouble and upstream().rstrip("/") == OFFICIAL:
        raise CourseError(f"COURSE_MODE={mode} needs a key. {advice or trouble}")
    if mode == "record" and not os.environ.get("COURSE_RECORDINGS"):
        raise CourseError(
            "COURSE_MODE=record writes recordings into the folder that COURSE_RECORDINGS names; name one."
        )
    return mode, ""


def number(name: str, default: float) -> float:
    """A setting that is a number from 0 upwards. Raises CourseError when it holds something else."""
    try:
        value = float(os.environ.get(name) or default)
        if not value >= 0:  # true of "nan", too, with which no cap would hold
            raise ValueError
    except ValueError:
        raise CourseError(f"{name} is {os.environ[name]!r}; it takes a number such as {default}.") from None
    return value

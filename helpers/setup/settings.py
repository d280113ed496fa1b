"""The settings of the course, from the environment and the file .env: mode, folder, cap, pace, and where calls go."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from . import env_file, keys
from .errors import CourseError
from .files import ROOT

OFFICIAL = "https://api.openai.com/v1"


class Mode(StrEnum):
    """How calls are answered."""

    AUTO = "auto"  # live with a key, else replay
    REPLAY = "replay"  # from recordings
    LIVE = "live"  # by the API, metered and capped
    RECORD = "record"  # live, and kept as recordings
    DIRECT = "direct"  # by the API, with no server in between

    @classmethod
    def parse(cls, text: str) -> Mode:
        """The mode that COURSE_MODE names. Raises CourseError when it names none."""
        try:
            return cls(text.strip(" \t\"'").lower() or cls.AUTO)
        except ValueError:
            raise CourseError(f"COURSE_MODE is {text!r}; it takes {', '.join(cls)}.") from None


def recordings_folder(mode: Mode) -> Path:
    """Where recordings are. Raises CourseError in replay when there is no such folder."""
    folder = Path(os.environ.get("COURSE_RECORDINGS") or ROOT / "data" / "recordings")
    if mode == Mode.REPLAY and not folder.is_dir():
        raise CourseError(
            f"There is no folder {folder} of recorded answers. "
            "Correct COURSE_RECORDINGS if it is set; else download the course again."
        )
    return folder


def upstream() -> str:
    """Where live calls go. `start` keeps what OPENAI_BASE_URL was in COURSE_UPSTREAM before it points it elsewhere."""
    return os.environ.get("COURSE_UPSTREAM") or os.environ.get("OPENAI_BASE_URL") or OFFICIAL


def choose_mode() -> tuple[Mode, str]:
    """The mode, and a remark for the banner ("" in most cases). Raises CourseError."""
    try:
        env_file.load(ROOT / ".env", placeholder=keys.PLACEHOLDER)
    except OSError as error:
        raise CourseError(f"The file .env cannot be read ({error.strerror}). Make it yours, or remove it.") from None
    mode = Mode.parse(os.environ.get("COURSE_MODE", ""))
    if mode == Mode.REPLAY:
        return mode, ""
    key = keys.find()
    trouble = keys.problem(key)
    advice = trouble if key else keys.misplaced(ROOT)
    note = f"\nNote: {advice}" if advice else ""
    if mode == Mode.AUTO:
        return (Mode.REPLAY if trouble else Mode.LIVE), note
    if mode == Mode.DIRECT:
        return mode, note
    if trouble and upstream().rstrip("/") == OFFICIAL:
        raise CourseError(f"COURSE_MODE={mode} needs a key. {advice or trouble}")
    if mode == Mode.RECORD and not os.environ.get("COURSE_RECORDINGS"):
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

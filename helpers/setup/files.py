"""Where the course is on this disk, where files can be written, and how: whole or not at all."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import sys
import tempfile
from pathlib import Path

from . import environment
from .causes import say

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "data" / "course"
LESSONS = ROOT / "data" / "lessons"


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file whole or not at all, and leaves one alone that has this content already. Who may read it stays.

    Args:
        path: the file; its folder must exist.
        content: bytes, or a text that is written as UTF-8 with plain line ends.

    Raises:
        OSError: the file could not be written; what was there before is still there.
    """
    content = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == content:
        return
    draft = path.with_name(path.name + ".new")
    try:
        if path.is_file():
            draft.touch()
            shutil.copymode(path, draft)
        draft.write_bytes(content)
        os.replace(draft, path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or in the nearest one above it that is there. It is tried, not asked."""
    folder = next((place for place in (folder, *folder.parents) if place.is_dir()), folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@functools.cache
def out() -> Path:
    """The folder for what a lesson writes: notebooks/out; where that cannot be written, a temporary one, named once."""
    folder = ROOT / "notebooks" / "out"
    try:
        folder.mkdir(exist_ok=True)
        if writable(folder):
            return folder
    except OSError:
        pass
    folder = Path(tempfile.mkdtemp(prefix="course-"))
    print(say("The course's folder cannot be written to", where=folder))
    return folder


def lend_home() -> None:
    """Gives matplotlib a folder for its settings where the one in the home folder cannot be written."""
    xdg = {"XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache"} if sys.platform == "linux" else {"": ""}
    homes = [os.environ.get(name) or os.path.join("~", place) for name, place in xdg.items()]
    if environment.own("MPLCONFIGDIR") is None and not all(writable(Path(os.path.expanduser(home))) for home in homes):
        cache = ROOT / ".cache"
        environment.put("MPLCONFIGDIR", str(cache / "matplotlib") if writable(cache) else tempfile.mkdtemp())

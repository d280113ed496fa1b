"""Where the course is on this disk, and how a file is written: whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "data" / "course"
LESSONS = ROOT / "data" / "lessons"


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file whole or not at all, and leaves one alone that has this content already.

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
        draft.write_bytes(content)
        os.replace(draft, path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise

"""The file .env, read as editors really write it: Notepad adds a mark in front, PowerShell writes UTF-16."""

from __future__ import annotations

import io
import os
from pathlib import Path

from dotenv import dotenv_values


def load(path: Path, placeholder: str = "") -> None:
    """Takes the settings of a .env file into the environment; what is set there already wins.

    Args:
        path: the file; one that does not exist holds no settings.
        placeholder: a value that counts as not set.

    Raises:
        OSError: the file is there and cannot be read.
    """
    for name, value in dotenv_values(stream=io.StringIO(text(path))).items():
        if value and os.environ.get(name) in (None, placeholder):
            os.environ[name] = value


def text(path: Path) -> str:
    """The content of a .env file in whatever encoding; "" where there is no such file. Raises OSError."""
    if not path.is_file():
        return ""
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    raw = raw.replace(b"\0", b"")  # PowerShell's >> adds UTF-16 to whatever was there
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def to_utf8(path: Path) -> None:
    """Writes a .env file anew where it is not plain UTF-8, so that it can be added to. Raises OSError."""
    content = text(path)
    if path.is_file() and path.read_bytes() != content.encode():
        draft = path.with_name(".env.new")
        draft.touch(mode=0o600)
        draft.write_text(content, encoding="utf-8", newline="")
        os.replace(draft, path)

"""The file .env, read as editors really write it: Notepad adds a mark in front, PowerShell writes UTF-16."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream


def parse(content: str) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """The settings of a .env file, without those that are empty or blank, and the lines that are not understood.

    Returns:
        {name: value}, and for each bad line its number and the name that it was meant to set ("" for none).
    """
    lines, faults = [], []
    for binding in parse_stream(io.StringIO(content)):
        if binding.error:
            name = re.match(r"\s*(?:export\s+|set\s+)?(\w+)\s*=", binding.original.string)
            faults.append((binding.original.line, name[1] if name else ""))
        elif binding.value and binding.value.strip():
            lines.append(binding.original.string)
    found = dotenv_values(stream=io.StringIO("".join(lines)))
    return {name: value for name, value in found.items() if value and value.strip()}, faults


def text(path: Path) -> str:
    """The content of a .env file in whatever encoding; "" where there is no such file. Raises OSError."""
    if not os.path.lexists(path):
        return ""
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    raw = raw.replace(b"\0", b"")  # PowerShell's >> adds UTF-16 to whatever was there
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")

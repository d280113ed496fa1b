"""Finds keys that stand where they must not: in code, notebooks with their outputs, logs and other text files.

    python -m helpers.recipes.leaks .        from the folder of the course; ends with status 1 when something was found

A key that is found is never shown, only its kind and length. Removing it from a file is not enough: whoever has seen
it can use it, and git remembers. Revoke it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..setup.redact import KEY

KINDS = {
    "OpenAI key": re.compile(KEY + "{20,}"),
    "GitHub token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}"),
    "AWS key id": re.compile(r"\bAKIA[A-Z0-9]{16}\b"),
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
}
# Examples in documentation: one character again and again, dots, or words that say so.
_EXAMPLE = re.compile(r"(.)\1{5,}|your|example|placeholder", re.IGNORECASE)
_NOT_OURS = {"node_modules", "site-packages", "__pycache__"}
LARGEST = 5_000_000  # bytes; nobody types keys into larger files


@dataclass(frozen=True)
class Leak:
    """A key that was found: the file below the scanned folder, the line from 1, and what it looks like."""

    path: Path
    line: int
    kind: str
    length: int

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}: {self.kind} of {self.length} characters"


def find(text: str) -> list[tuple[int, str, int]]:
    """Keys in a text, as (line from 1, kind, length). Examples such as sk-xxxxxxxxxxxxxxxxxxxxxxxx are passed over."""
    return [
        (number, kind, len(match[0]))
        for number, line in enumerate(text.split("\n"), 1)
        for kind, pattern in KINDS.items()
        for match in pattern.finditer(line)
        if not _EXAMPLE.search(match[0])
    ]


def scan(folder: Path | str) -> list[Leak]:
    """Looks through all text files below a folder.

    Left out are folders that begin with a dot (.git, .venv), installed packages, files that are no text, and files
    whose bare name stands on a line of the folder's own .gitignore: `.env` there may hold a key, and git passes by.

    Raises:
        NotADirectoryError: there is no such folder. An empty result would look like a good one.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NotADirectoryError(f"There is no folder {folder}.")
    return [
        Leak(path.relative_to(folder), *found)
        for path in _files(folder)
        if (text := _text(path)) is not None
        for found in find(text)
    ]


def _files(folder: Path) -> Iterator[Path]:
    ignored = set((_text(folder / ".gitignore") or "").split())
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _NOT_OURS)
        yield from (Path(place, name) for name in sorted(names) if name not in ignored)


def _text(path: Path) -> str | None:
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b"\0"
    except OSError:  # gone meanwhile, or not ours to read
        return None
    return None if b"\0" in content else content.decode("utf-8", "replace")


def main(arguments: list[str] | None = None) -> int:
    folders = sys.argv[1:] if arguments is None else arguments
    leaks = [leak for folder in folders or ["."] for leak in scan(folder)]
    print("\n".join(map(str, leaks)) or "No key was found.")
    return 1 if leaks else 0


if __name__ == "__main__":
    raise SystemExit(main())

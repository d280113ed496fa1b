"""Every setting is read here, and every change that the course makes to the environment is made here.

Empty or blank is not set. What the course itself put into the environment is remembered, so that a second start
reads what the learner set and not what the first one left.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from . import env_file
from .causes import say


class Setting(NamedTuple):
    """A setting: its value, and where it comes from; both are "" when it is not set."""

    value: str
    source: str

    @property
    def origin(self) -> str:
        """Where it comes from, for the inside of a sentence."""
        return f" (from {self.source})" if self.source else ""


_put: dict[str, tuple[str | None, str | None]] = {}  # name: (what the course put there, what was there before)
_file: dict[str, str] = {}  # what .env holds


def load(path: Path) -> list[str]:
    """Reads a .env file into the environment of this process and its children; what is set there already wins.

    What an earlier call took from the file is renewed.

    Returns:
        a note for each line that is not understood.

    Raises:
        OSError: the file is there and cannot be read.
    """
    values, faults = env_file.parse(env_file.text(path))
    for name in _file:
        undo(name)
    _file.clear()
    _file.update(values)
    for name, value in values.items():
        if own(name) is None:
            put(name, value)
    lines = [(line, name) for line, name in faults if name]
    return [say("A line of .env is not understood", line=line, name=name) for line, name in lines]


def own(name: str) -> str | None:
    """What the environment holds, without what the course put there; None when that is nothing or blank."""
    value = os.environ.get(name)
    if name in _put and value == _put[name][0]:
        value = _put[name][1]
    return value if value and value.strip() else None


def read(name: str) -> Setting:
    """A setting, from the environment or else from the .env that `load` read."""
    if value := own(name):
        return Setting(value, "the environment")
    return Setting(_file[name], ".env") if name in _file else Setting("", "")


def put(name: str, value: str | None) -> None:
    """Sets a variable for this process and its children, or takes it out (None)."""
    before = os.environ.get(name)
    if name in _put and before == _put[name][0]:
        before = _put[name][1]
    _put[name] = value, before
    _set(name, value)


def undo(name: str) -> None:
    """Gives a variable that `put` changed its earlier value, unless somebody else has changed it since."""
    if name in _put:
        value, before = _put.pop(name)
        if os.environ.get(name) == value:
            _set(name, before)


def differing(*names: str) -> list[str]:
    """Those of the names that the environment and .env set differently."""
    return [name for name in names if name in _file and own(name) not in (None, _file[name])]


def _set(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value

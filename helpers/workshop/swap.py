"""Puts a finished folder in the place of an old one, so that at every moment one of the two is there as a whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def swap(new: Path, target: Path, old: Path) -> None:
    """Puts the folder `new` in the place of `target`, which is kept as `old` until that has happened."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        os.rename(target, old)
    try:
        os.rename(new, target)
    finally:
        mend(target, old)


def mend(target: Path, old: Path) -> None:
    """Finishes a swap that was cut off: the old folder goes back where the new one has not arrived."""
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
    elif old.exists():
        os.rename(old, target)

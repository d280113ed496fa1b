"""An ordinary user, for tests of what one may not do: root may do everything, so it becomes somebody else for them."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = {"user": 65534, "group": 65534, "extra_groups": []} if ROOT else {}


@cache
def python():
    """A Python that an ordinary user may run; leaves the test out where there is none, because root's own is closed."""
    for path in filter(None, [sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin")]):
        with contextlib.suppress(OSError):
            version = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
            if not subprocess.run([path, "-c", version], **NOBODY).returncode:
                return path
    pytest.skip("no Python of this version that somebody other than root may run")


def run(*arguments, **options):
    """Runs that Python as an ordinary user."""
    return subprocess.run(
        [python(), *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=60, **NOBODY, **options
    )


@contextlib.contextmanager
def folder():
    """A temporary folder that everybody may enter; pytest's own are the user's alone."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        os.chmod(name, 0o755)
        yield Path(name)

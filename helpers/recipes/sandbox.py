"""Runs Python code that somebody else wrote, in a process of its own, with limits. No wall: read what it does not do.

It keeps honest code from harm by accident: from running for ever, filling the memory, writing into your folders, and
finding keys in the environment. It does not keep out code that means harm. The process runs as you, so it can read
your files, look at your other processes and use the network. For code from strangers take a container or a virtual
machine without a network.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

MAX_CODE = 4_000  # characters
MAX_OUTPUT = 4_000  # characters that are kept
MAX_FILE = 10_000_000  # bytes of any file that it writes, where the system can limit that

# The limits are set by the process itself, before it reads the code: `preexec_fn` is not safe beside threads.
_START = """
import sys
try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None
for name, most in (("AS", {memory}), ("FSIZE", {file}), ("CORE", 0)):
    try:
        resource and resource.setrlimit(getattr(resource, "RLIMIT_" + name), (most, most))
    except (ValueError, OSError):  # this system does not know this limit, or has a lower one
        pass
exec(compile(sys.stdin.read(), "code", "exec"), {{"__name__": "__main__"}})
"""


def run_python(code: str, seconds: float = 5.0, megabytes: int = 512) -> dict[str, Any]:
    """What a program prints.

    It runs in an empty temporary folder that is deleted afterwards, with no environment variables of yours, without
    your site-packages, and with nothing to read from its input.

    Args:
        code: a whole program; at most `MAX_CODE` characters.
        seconds: how long it may run before it is killed, with the processes it started where the system allows that.
        megabytes: memory it may use. Linux keeps to this; macOS and Windows do not.

    Returns:
        {"output": what it printed, errors included, cut at `MAX_OUTPUT` characters}, and "error" with one sentence
        where it failed or was stopped.
    """
    if len(code) > MAX_CODE:
        return {"output": "", "error": f"The program is longer than {MAX_CODE} characters."}
    start = _START.format(memory=megabytes * 1_000_000, file=MAX_FILE)
    # -I: no user site, no PYTHON… variables, no current folder on the path. -S: no site-packages.
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", start]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        work = Path(folder, "work")
        work.mkdir()
        with Path(folder, "output").open("w+b") as printed:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=subprocess.STDOUT,
                cwd=work,
                env=_environment(),
                start_new_session=True,
            )
            error = _finish(process, code, seconds)
            printed.seek(0)
            output = printed.read(4 * MAX_OUTPUT).decode("utf-8", errors="replace")
    return {"output": output[:MAX_OUTPUT], **({"error": error} if error else {})}


def _finish(process: subprocess.Popen, code: str, seconds: float) -> str:
    """Hands the code over and waits; a sentence when the program failed or was stopped, else ""."""
    try:
        process.communicate(code.encode(), timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"Stopped after {seconds:g} second{'s' * (seconds != 1)}."
    finally:
        _kill(process)
    return "The program ended with an error." if process.returncode else ""


def _kill(process: subprocess.Popen) -> None:
    """Ends the process and, where there are process groups, what it left running."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # all of them have ended
            pass
    process.kill()
    process.wait()


def _environment() -> dict[str, str]:
    """Nothing, but on Windows the one variable without which Python does not start."""
    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}

"""Scripts as a terminal shows them: a conversation with one, parts of its code, and what changed between versions."""

from __future__ import annotations

import ast
import contextlib
import difflib
import io
import runpy
import subprocess
import sys
import textwrap
from pathlib import Path
from unittest import mock

from ..setup.files import ROOT

ASSISTANT = ROOT / "notebooks" / "assistant"

# In a terminal the typed line is on the screen because the terminal shows it; a pipe shows nothing.
_ECHOING = """
import builtins, runpy, sys
read = builtins.input
def echoing(prompt=""):
    line = read(prompt)
    print(line)
    return line
builtins.input = echoing
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def talk(script: str | Path, *typed: str, folder: Path | None = None) -> str:
    """Runs a script with typed lines, then types quit.

    Args:
        script: a version of the assistant, such as "v3_streaming.py", or the path of another script.
        typed: the lines, one for each `input()`.
        folder: where it runs; the present folder when left out.

    Returns:
        What a terminal would show: the script's output, errors included, with the typed lines in their places.
    """
    command = [sys.executable, "-X", "utf8", "-c", _ECHOING, str(ASSISTANT / script)]
    run = subprocess.run(
        command,
        input="\n".join([*typed, "quit", ""]),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=folder,
    )
    return run.stdout


def rehearse(script: str | Path, *typed: str, folder: Path | None = None) -> str:
    """What `talk` gives, except that the script runs in this process: for many conversations one after another.

    What the script raises is raised here.
    """
    lines, shown = iter([*typed, "quit"]), io.StringIO()

    def read(prompt: str = "") -> str:
        line = next(lines)
        print(prompt + line)
        return line

    redirected = contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown)
    with redirected[0], redirected[1], contextlib.chdir(folder or Path.cwd()), mock.patch("builtins.input", read):
        runpy.run_path(str(ASSISTANT / script), run_name="__main__")
    return shown.getvalue()


def changes(old: str | Path, new: str | Path) -> str:
    """What changed from one version of the assistant to another, as a unified diff with one line of context."""
    names = [Path(name).name for name in (old, new)]
    before, after = ((ASSISTANT / name).read_text(encoding="utf-8").splitlines() for name in (old, new))
    return "\n".join(difflib.unified_diff(before, after, *names, n=1, lineterm=""))


def source(script: str | Path, *names: str) -> str:
    """The code of functions and classes of a script, one after the other.

    Args:
        script: a version of the assistant, or the path of another script.
        names: what to show, such as "main" or "Session.take".

    Raises:
        LookupError: the script does not have one of them.
    """
    text = (ASSISTANT / script).read_text(encoding="utf-8")
    parts = []
    for name in names:
        node: ast.AST = ast.parse(text)
        for part in name.split("."):
            inside = [one for one in getattr(node, "body", ()) if getattr(one, "name", None) == part]
            if not inside:
                raise LookupError(f"{Path(script).name} has no {name}.")
            node = inside[0]
        parts.append(textwrap.dedent(ast.get_source_segment(text, node, padded=True) or ""))
    return "\n\n".join(parts)

"""A look at this machine before the first lesson: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import os
import platform
import re
import socket
import sys
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import Requirement

from ..tables import Table
from . import keys
from .files import ROOT

OLDEST = (3, 11)
FINE, MEND, SKIPPED = "fine", "to mend", "not needed"
_SHOWN = ("openai", "ipywidgets", "matplotlib", "numpy")


def report(network: bool | None = None) -> Table:
    """Checks this machine and says, line by line, what is fine and what to do where it is not.

    The report holds versions and words only: no path, no name of the machine, nothing of the key but its kind and
    length. So it is fit to paste into a question.

    Args:
        network: try to reach api.openai.com. None does so only when a key is there, because replay needs no network.
    """
    key = keys.find()
    rows = [
        _python(),
        *_packages(),
        _front_end(),
        _folder(),
        _key(key),
        _network(bool(key) if network is None else network),
    ]
    return Table(
        ["Check", "Found", "State", "What to do"],
        rows,
        caption="Ready for every lesson." if all(row[2] != MEND for row in rows) else "Something is to mend.",
    )


def _python() -> list[str]:
    found = f"{platform.python_version()} on {platform.system()}"
    if sys.version_info[:2] >= OLDEST:
        return ["Python", found, FINE, ""]
    return ["Python", found, MEND, f"Install Python {'.'.join(map(str, OLDEST))} or newer and run start.py with it."]


def _packages() -> list[list[str]]:
    """One row each for the packages that people ask about, one for all the others."""
    rows, others = [], []
    for requirement in requirements():
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            found = ""
        if not found or not requirement.specifier.contains(found, prereleases=True):
            wanted = f"{requirement.name}{requirement.specifier}"
            rows.append([requirement.name, found or "missing", MEND, f'Run start.py again, or: pip install "{wanted}"'])
        elif requirement.name in _SHOWN:
            rows.append([requirement.name, found, FINE, ""])
        else:
            others.append(requirement.name)
    return [*rows, ["Other packages", f"{len(others)} of the course", FINE, ""]]


def requirements() -> list[Requirement]:
    """The packages that the course needs on this machine; Colab brings its own JupyterLab and build, so fewer there."""
    names = (
        ["helpers/requirements.txt"]
        if "google.colab" in sys.modules
        else ["helpers/requirements.txt", "requirements.txt"]
    )
    lines = [line for name in names for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    texts = [text for line in lines if (text := re.sub(r"(^|\s)#.*", "", line).strip()) and not text.startswith("-")]
    wanted = [Requirement(text) for text in texts]
    return [requirement for requirement in wanted if requirement.marker is None or requirement.marker.evaluate()]


def front_end() -> str:
    """Where this notebook is open, in words."""
    if "google.colab" in sys.modules:
        return "Colab"
    if any(name.startswith("VSCODE_") for name in os.environ):
        return "VS Code"
    if "BINDER_SERVICE_HOST" in os.environ:
        return "Binder"
    return "JupyterLab or Jupyter Notebook" if "ipykernel" in sys.modules else "no notebook"


def _front_end() -> list[str]:
    found = front_end()
    if found == "no notebook":
        return ["Front end", found, MEND, "Open a lesson in JupyterLab: python3 start.py"]
    return ["Front end", found, FINE, ""]


def _folder() -> list[str]:
    if os.access(ROOT, os.W_OK):
        return ["Folder of the course", "can be written", FINE, ""]
    return [
        "Folder of the course",
        "read only",
        MEND,
        "Copy the course to a folder of your own; some lessons write files.",
    ]


def _key(key: str | None) -> list[str]:
    if key is None and (elsewhere := keys.misplaced(ROOT)):
        return ["API key", "none", MEND, elsewhere]
    if key is None:
        return ["API key", "none", SKIPPED, "Lessons answer from recordings."]
    trouble = keys.problem(key)
    return ["API key", keys.describe(key), MEND if trouble else FINE, trouble or ""]


def _network(ask: bool) -> list[str]:
    if not ask:
        return ["Network", "not tried", SKIPPED, "Recordings are on this machine."]
    try:
        socket.create_connection(("api.openai.com", 443), timeout=4).close()
    except OSError as error:
        remedy = "Check the connection, a proxy or a firewall; replay works without."
        return ["Network", f"api.openai.com: {type(error).__name__}", MEND, remedy]
    return ["Network", "api.openai.com answers", FINE, ""]

"""A look at this machine before the first lesson: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import importlib
import os
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import PurePath
from urllib.parse import urlsplit

from packaging.requirements import Requirement

from ..tables import Table
from . import client, environment, keys, settings
from .causes import say
from .errors import CourseError
from .files import ROOT, writable

OLDEST = (3, 11)
FINE, FIX, SKIPPED = "fine", "to fix", "not needed"
_SHOWN = ("openai", "ipywidgets", "matplotlib", "numpy")
_UNUSED = ("jupyterlab", "jupytext", "nbval")  # no lesson imports them, and importing JupyterLab takes two seconds


def report(network: bool | None = None, more: Iterable[Sequence[str]] = ()) -> Table:
    """Checks this machine and says, line by line, what is fine and what to do where it is not.

    The report holds versions and words only: no path, no name of the machine, nothing of the key but its kind, its
    length and where it comes from. So it is fit to paste into a question.

    Args:
        network: try to reach the API. None does so only when a key is there, because replay needs no network.
        more: further rows: what was checked, what was found, FINE, FIX or SKIPPED, and what to do.
    """
    key = keys.setting()
    rows = [
        _python(),
        *_packages(),
        _front_end(),
        _folder(),
        _key(key),
        _network(bool(key.value) if network is None else network),
        *more,
    ]
    return Table(
        ["Check", "Found", "State", "What to do"],
        rows,
        caption="Ready for every lesson." if all(row[2] != FIX for row in rows) else "Something needs fixing.",
    )


def _python() -> list[str]:
    found = f"{platform.python_version()} on {platform.system()}"
    if sys.version_info[:2] >= OLDEST:
        return ["Python", found, FINE, ""]
    return ["Python", found, FIX, f"Install Python {'.'.join(map(str, OLDEST))} or newer and run start.py with it."]


def _packages() -> list[list[str]]:
    """One row for all that are fine, which names those that people ask about; one each for those that fail."""
    failed, asked, others = [], [], []
    for requirement in requirements():
        found, remedy = _imported(requirement)
        if remedy:
            failed.append([requirement.name, found or "missing", FIX, remedy])
        elif requirement.name in _SHOWN:
            asked.append(f"{requirement.name} {found}")
        else:
            others.append(requirement.name)
    fine = ", ".join([*asked, f"{len(others)} more"])
    return [["Packages", fine, FINE, ""], *failed]


def _imported(requirement: Requirement) -> tuple[str, str]:
    """The version of a package that is installed ("" for none), and what to do when it cannot be imported or used."""
    install = f'Run start.py again, or: pip install "{requirement.name}{requirement.specifier}"'
    try:
        package = distribution(requirement.name)
    except PackageNotFoundError:
        return "", install
    if not requirement.specifier.contains(package.version, prereleases=True):
        return package.version, install
    try:
        if requirement.name == "openai":
            client.sdk()
        elif requirement.name in _UNUSED:
            _look_over(package)
        else:
            importlib.import_module(_module(requirement.name, package.files))
    except CourseError as error:
        return package.version, str(error).replace(os.getcwd() + os.sep, "")
    except Exception as error:  # a broken package may fail in any manner
        return package.version, say("A package cannot be imported", name=requirement.name, reason=type(error).__name__)
    return package.version, ""


def _look_over(package: Distribution) -> None:
    """Looks, without an import, whether a package is whole.

    Raises:
        ImportError: a file of its code is missing, or another package that it needs.
    """
    needs = [need for need in map(Requirement, package.requires or ()) if not need.marker or need.marker.evaluate()]
    lacks = [need.name for need in needs if not need.specifier.contains(distribution(need.name).version, True)]
    if lacks or any(file.suffix == ".py" and not os.path.isfile(file.locate()) for file in package.files or ()):
        raise ImportError(package.name)


def _module(name: str, files: Iterable[PurePath] | None) -> str:
    """The module that a package is imported by: the shallowest public folder with an __init__, or else its own name."""
    folders = [file.parts[0] for file in files or () if len(file.parts) == 2 and file.parts[1] == "__init__.py"]
    public = [folder for folder in folders if folder.isidentifier() and not folder.startswith("_")]
    own = name.replace("-", "_")
    return own if own in public or not public else public[0]


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
        return ["Notebook app", found, FIX, "Open a lesson in JupyterLab: python3 start.py"]
    return ["Notebook app", found, FINE, ""]


def _folder() -> list[str]:
    if writable(ROOT):
        return ["Course folder", "writable", FINE, ""]
    return [
        "Course folder",
        "read only",
        FIX,
        "To keep the files that lessons write, copy the course to a folder of your own. "
        "Until then they go to a temporary one.",
    ]


def _key(key: environment.Setting) -> list[str]:
    if not key.value:
        if elsewhere := keys.misplaced(ROOT):
            return ["API key", "none", FIX, elsewhere]
        return ["API key", "none", SKIPPED, "Lessons answer from recordings."]
    trouble = keys.problem(key.value, settings.elsewhere())
    found = f"{keys.describe(key.value)}, from {key.source}"
    if trouble:
        return ["API key", found, FIX, trouble]
    if environment.differing("OPENAI_API_KEY"):
        return ["API key", found, FINE, say("A setting is set twice", names="OPENAI_API_KEY is")]
    return ["API key", found, FINE, ""]


def _network(ask: bool) -> list[str]:
    """Whether the API answers, reached as a call reaches it: through proxies, and with certificates."""
    if not ask:
        return ["Network", "not tried", SKIPPED, "Recordings are on this machine."]
    try:
        address = settings.upstream()
    except CourseError as error:
        return ["Network", "not tried", FIX, str(error)]
    import httpx2  # comes with openai 3

    host = urlsplit(address).hostname
    try:
        httpx2.get(f"{address}/models", timeout=4)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        remedy = "Check the connection, proxy and firewall. Replay needs no network."
        if client.distrusts_certificate(error):
            remedy = say("A certificate is not trusted", host=host)
        return ["Network", f"{host}: {type(error).__name__}", FIX, remedy]
    return ["Network", f"{host} answers", FINE, ""]

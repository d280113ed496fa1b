#!/usr/bin/env python3
"""The way in: makes .venv beside this file, installs what the course needs into it, and starts it.

Standard library only. Old Pythons must be able to parse this file, so that they get the sentence below and no
SyntaxError; that is why it has no f-strings and no annotations.
"""

from __future__ import print_function

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "The course needs Python 3.11 or newer, and this is Python %d.%d: get a newer one from "
        "https://www.python.org/downloads/ and start again with it, for example: python3.13 start.py"
        % sys.version_info[:2]
    )

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MARK = VENV / "half-made"  # there while an installation is under way
STAMP = VENV / "complete.json"  # which requirement files are installed: {name: sha256}

LESSONS = ("requirements.txt", "helpers/requirements.txt")
WORKSHOP = LESSONS + ("tests/requirements.txt",)
FIRST = "notebooks/00_get_ready.ipynb"
AGAIN = "py start.py" if os.name == "nt" else "python3 start.py"

# command: (arguments to Python, requirement files, what it does)
COMMANDS = {
    "lab": (["-m", "jupyterlab"], LESSONS, "open JupyterLab at the first lesson; the same as no command"),
    "test": (
        # In the groups and the order of tests/conftest.py. Four processes: much of the time is spent waiting.
        ["-m", "pytest", "-n", "4", "--dist", "loadfile", "--no-loadscope-reorder"],
        WORKSHOP,
        "run every notebook and every test [pytest arguments]",
    ),
    "build": (["-m", "helpers.workshop.build"], WORKSHOP, "make the notebooks [--repo owner/name] [lessons]"),
    "record": (["-m", "helpers.workshop.record"], WORKSHOP, "record the answers [--authored] [lessons]"),
    "serve": (["-m", "helpers.workshop.serve"], LESSONS, "answer scripts, curl and other languages"),
    "fresh": (["-m", "helpers.workshop.freshness"], WORKSHOP, "check models and prices against today's"),
    "bench": (["-m", "helpers.workshop.bench"], WORKSHOP, "measure the local server beside other ways"),
}

# What an installer's output says about why it failed, and the way on.
CAUSES = (
    (
        r"no space left|errno 28\b|os error 28\b|(winerror|os error) 112\b|disk quota",
        "The disk is full: free about 1 GB",
    ),
    (
        r"read-only file system|permission ?denied|permissionerror|access is denied|errno (13|30)\b",
        "The course's folder cannot be written to: close what uses .venv, or move it to a place of your own",
    ),
    (
        r"failed to establish|connection broken|max retries|name resolution|getaddrinfo|timed out|unreachable"
        r"|refused|dns error|error sending request|failed to fetch|certificate|from versions: none",
        "The packages cannot be fetched from the network: connect to it (behind a proxy, set HTTPS_PROXY)",
    ),
)
NETWORK = CAUSES[-1][1]


class Failed(Exception):
    """What stands in the way, and the way on, as a sentence that `main` ends."""


def usage():
    """The commands, one a line."""
    lines = ["%s [command] [arguments]" % AGAIN, ""]
    lines += ["  %-7s %s" % (name, what) for name, (_, _, what) in COMMANDS.items()]
    return "\n".join(lines + ["", "Arguments of lab go to JupyterLab, for example --no-browser."])


def cause(text):
    """The reason for a failure and the way on, in words; None when its text is not understood."""
    return next((reason for pattern, reason in CAUSES if re.search(pattern, text, re.IGNORECASE)), None)


def installed():
    """The requirement files whose packages .venv holds completely, as {name: sha256}."""
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def flaw():
    """Why the .venv beside this file must be made anew; None when it can be used, or is not there."""
    if not os.path.lexists(str(VENV)):
        return None
    if MARK.exists():
        return "was left half-made"
    try:
        settings = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
        version = re.search(r"^version(_info)? *= *(\d+\.\d+)", settings, re.MULTILINE)
    except OSError:
        version = None
    if version is None or not PYTHON.exists():
        return "has no working Python"
    if version.group(2) != "%d.%d" % sys.version_info[:2]:
        return "was made with Python %s, and this is %d.%d" % ((version.group(2),) + sys.version_info[:2])
    return None


def prepare(files):
    """Makes sure that .venv holds what these requirement files ask for.

    With nothing to do, it reads a few small files and returns.
    """
    if not all((HERE / name).is_file() for name in files):
        raise Failed("start.py works in the whole course folder (no %s here): get it" % " or ".join(files))
    wanted = dict((name, hashlib.sha256((HERE / name).read_bytes()).hexdigest()) for name in files)
    reason = flaw()
    if reason is None and wanted.items() <= installed().items():
        return
    if reason is not None:
        print("The folder .venv %s: making it anew." % reason)
        shutil.rmtree(str(VENV))
    uv = shutil.which("uv")
    new = not VENV.exists()
    if new and not uv and importlib.util.find_spec("ensurepip") is None:
        raise Failed(
            "This Python lacks its module ensurepip: install it (Debian: apt install python%d.%d-venv)"
            % sys.version_info[:2]
        )
    print("Installing the course's packages into .venv, once; this takes a minute or two.", flush=True)
    VENV.mkdir(exist_ok=True)
    MARK.touch()
    if new:
        create(uv)
    try:
        install(uv, files)
    except Failed as failure:
        if installed() and str(failure) == NETWORK:
            MARK.unlink()  # both installers fetch everything before they change anything
        raise
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")
    MARK.unlink()


def create(uv):
    """Makes an empty .venv: with uv where `uv` is its path, else with the venv module."""
    base = getattr(sys, "_base_executable", None) or sys.executable  # start.py may itself run in some .venv
    if uv:
        run([uv, "venv", "--seed", "--allow-existing", "--python", base, str(VENV)])
    else:
        run([base, "-m", "venv", str(VENV)])


def install(uv, files):
    """Installs requirement files into .venv: with uv where `uv` is its path, else with pip."""
    if uv:
        command = [uv, "pip", "install", "--python", str(PYTHON)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    for name in files:
        command += ["-r", name]
    run(command)


def run(command):
    """Runs an installer, its output passing by in one line on a terminal. Raises Failed with the reason."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    lines = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            passing(lines[-1])
        code = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    finally:
        passing("")
    if code:
        reason = cause("\n".join(lines))
        if reason is None:
            print("\n".join(lines[-8:]), flush=True)
            reason = "The installation failed as shown above (tested: Python 3.11 to 3.14): remove the .venv"
        raise Failed(reason)


def passing(line):
    """Shows a line on a terminal in the place of the last one."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        sys.stdout.write("\r" + line[:width].ljust(width) + "\r")
        sys.stdout.flush()


def hand_over(arguments):
    """Becomes `python arguments` of .venv; on Windows, where exec does not wait, returns its exit code."""
    path = str(PYTHON.parent) + os.pathsep + os.environ.get("PATH", "")
    environment = dict(os.environ, VIRTUAL_ENV=str(VENV), PATH=path)
    command = [str(PYTHON)] + arguments
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(command[0], command, environment)
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # the command got it too, and ends in its own time


def main(arguments):
    """Does what the command line asks for. Returns an exit code, or does not return."""
    sys.stdout.reconfigure(errors="replace")
    if arguments and arguments[0] in ("-h", "--help"):
        print(usage())
        return 0
    name = "lab"
    if arguments and not arguments[0].startswith("-"):
        name, arguments = arguments[0], arguments[1:]
    if name not in COMMANDS:
        print("There is no command %s.\n\n%s" % (name, usage()), file=sys.stderr)
        return 2
    command, files, _ = COMMANDS[name]
    os.chdir(str(HERE))
    try:
        prepare(files)
    except OSError as error:
        raise Failed(cause("%r %s" % (error, error)) or "The folder .venv cannot be used (%s): remove it" % error)
    if name == "lab":
        print("Opening %s in JupyterLab; Ctrl+C here ends it." % FIRST)
        command = command + ["--ServerApp.root_dir=" + str(HERE), "--LabApp.default_url=/lab/tree/" + FIRST]
    return hand_over(command + arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nStopped; what is half-made will be made anew at the next start: %s" % AGAIN, file=sys.stderr)
        sys.exit(130)
    except Failed as failure:
        sys.exit("%s, then start again: %s" % (failure, AGAIN))

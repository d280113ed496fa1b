#!/usr/bin/env python3
"""The way in: makes .venv beside this file, installs what the course needs into it, and starts it.

Standard library only. Old Pythons must be able to parse this file, so that they get the sentence below and no
SyntaxError; that is why it has no f-strings and no annotations.
"""

from __future__ import print_function

import sys

AGAIN = "py start.py" if sys.platform == "win32" else "python3 start.py"

# What can be in the way: the cause, as the README lists it, and the sentence that is printed.
CAUSES = {
    "Python is too old": (
        "The course needs Python 3.11 or newer, and this is Python {version}: get a newer one from "
        "https://www.python.org/downloads/ and start again with it, for example: python3.13 start.py"
    ),
    "There is no terminal (IDLE, `%run`, a double click)": (
        "start.py belongs in a terminal: open one in the folder {folder}, then start there: {again}"
    ),
    "start.py is alone": (
        "start.py needs the whole course folder, and there is no {names} here: download the course, "
        "then start again: {again}"
    ),
    "You are root": (
        "JupyterLab does not run as root unless it is told to. Start it like this: {again} lab --allow-root{more}"
    ),
    "The folder's name has a separator in it": (
        "The path {folder} has a {character} in it, and no .venv can be in such a folder: rename it, "
        "then start again: {again}"
    ),
    "Python lacks ensurepip": (
        "This Python lacks its module ensurepip: install it (Debian: apt install python{version}-venv), "
        "then start again: {again}"
    ),
    "Another start is installing": (
        "An installation is running in another window: wait until it has finished, then start again: {again}"
    ),
    "The disk is full": "The disk is full: free about 1 GB, then start again: {again}",
    "The path is too long": (
        "The path of the course's folder is too long for this system: move it nearer to the top, "
        "then start again: {again}"
    ),
    "The folder cannot be written to": (
        "The course's folder cannot be written to: close what uses .venv, or move it to a place of your own, "
        "then start again: {again}"
    ),
    "A certificate on the way to the packages is not trusted": (
        "A certificate on the way to the packages is not trusted; a company network often puts its own there: "
        "set PIP_CERT and SSL_CERT_FILE to the file with it, then start again: {again}"
    ),
    "The machine's own packages are not all there": (
        "This machine's pip settings (PIP_NO_INDEX, PIP_FIND_LINKS, PIP_INDEX_URL, pip.conf) name a package source "
        "without {name}: add it there, or remove that setting, then start again: {again}"
    ),
    "There is no network": (
        "The packages cannot be fetched from the network: connect to it (behind a proxy, set HTTPS_PROXY), "
        "then start again: {again}"
    ),
    "A constraint forbids a package": (
        "A constraint of this machine forbids {name}, which the course needs: remove PIP_CONSTRAINT, UV_CONSTRAINT or "
        "the line in pip.conf, then start again: {again}"
    ),
    "The packages do not work": (
        "The packages are installed, but {name} cannot be imported ({reason}): remove the folder .venv, and check "
        "whether a setting of pip or uv is the reason, then start again: {again}"
    ),
    "The installation failed for another reason": (
        "The installation failed as shown above (tested: Python 3.11 to 3.14): remove the folder .venv, "
        "then start again: {again}"
    ),
    "The folder .venv cannot be used": (
        "The folder .venv cannot be used ({reason}): remove it, then start again: {again}"
    ),
}

if sys.version_info < (3, 11):
    sys.exit(CAUSES["Python is too old"].format(version="%d.%d" % sys.version_info[:2]))

import ast
import errno
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MARK = VENV / "half-made"  # there while an installation is under way
STAMP = VENV / "complete.json"  # which requirement files are installed: {name: sha256}

LESSONS = ("requirements.txt", "helpers/requirements.txt")
WORKSHOP = LESSONS + ("tests/requirements.txt",)
FIRST = "notebooks/00_get_ready.ipynb"
LOCK = HERE / ".cache" / "start.lock"  # held while an installation is running

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
    "model": (["-m", "helpers.workshop.model"], LESSONS, "try the model that stands in without a key [URL] [--json]"),
    "fresh": (["-m", "helpers.workshop.freshness"], WORKSHOP, "check models and prices against today's"),
    "bench": (["-m", "helpers.workshop.bench"], WORKSHOP, "measure the local server beside other ways"),
}

# What an installer's output says about why it failed: the first that is found. A group is the name in the sentence.
PATTERNS = (
    ("The disk is full", r"no space left|errno 28\b|os error 28\b|(?:winerror|os error) 112\b|disk quota"),
    ("The path is too long", r"errno 36\b|os error 36\b|file ?name (?:or extension is )?too long|winerror 206\b"),
    (
        "The folder cannot be written to",
        r"read-only file system|permission ?denied|permissionerror|access is denied|errno (?:13|30)\b",
    ),
    (
        "A constraint forbids a package",
        r"user requested \(constraint\) ([\w.-]+)|because ([\w.-]+)\S* (?:was|is) constrained",
    ),
    ("A certificate on the way to the packages is not trusted", r"certificate"),
    (
        "The machine's own packages are not all there",
        r"(?:ignoring indexes|looking in links)(?:.|\n)*no matching distribution found for ([\w.-]+)"
        r"|\b([\w.-]+) was not found in the provided package locations",
    ),
    (
        "There is no network",
        r"failed to establish|connection broken|max retries|name resolution|getaddrinfo|timed out|unreachable"
        r"|refused|dns error|error sending request|failed to fetch|from versions: none",
    ),
)
ELSEWHERE = (
    "There is no network",
    "A certificate on the way to the packages is not trusted",
    "The machine's own packages are not all there",
)

# Settings of pip and uv that put packages elsewhere or leave some out. They are meant for other installations.
ASIDE = ("user", "target", "prefix", "root", "dry-run", "no-deps", "require-hashes", "python", "system-python")
INDEX = re.compile(r"(PIP|UV)_(DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|NO_INDEX|FIND_LINKS|CERT|PROXY)$")

# Imports what was installed. Arguments: lines of the requirement files.
CHECK = """
import importlib, re, sys
from importlib.metadata import PackageNotFoundError, distribution
for line in sys.argv[1:]:
    name = module = "helpers" if line == "-e ." else re.match("[A-Za-z0-9._-]+", line)[0]
    try:
        if name != "helpers":
            files = [file.parts for file in distribution(name).files or ()]
            public = [parts[0] for parts in files if parts[1:] == ("__init__.py",) and parts[0][0] != "_"]
            module = name.replace("-", "_")
            module = module if module in public or not public else public[0]
        importlib.import_module(module)
    except Exception as error:
        if ";" not in line or not isinstance(error, PackageNotFoundError):
            print("%s\\n%s: %s" % (name, type(error).__name__, str(error).splitlines()[0] if str(error) else ""))
            sys.exit(1)
"""


class Failed(Exception):
    """What is in the way, as one of the sentences of CAUSES."""

    def __init__(self, cause, **facts):
        super().__init__(CAUSES[cause].format(again=AGAIN, **facts))
        self.cause = cause


def usage():
    """The commands, one a line."""
    lines = ["%s [command] [arguments]" % AGAIN, ""]
    lines += ["  %-7s %s" % (name, what) for name, (_, _, what) in COMMANDS.items()]
    return "\n".join(lines + ["", "Arguments of lab go to JupyterLab, for example --no-browser."])


def failure(text):
    """The failure that an installer's output, or an error's text, tells of; None when it is not understood."""
    for cause, pattern in PATTERNS:
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            return Failed(cause, name=next(filter(None, found.groups()), "a package"))
    return None


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


def wanted(files):
    """The requirement files as they are now, {name: sha256}."""
    missing = [name for name in files if not (HERE / name).is_file()]
    if missing:
        raise Failed("start.py is alone", names=" or ".join(missing))
    return dict((name, hashlib.sha256((HERE / name).read_bytes()).hexdigest()) for name in files)


def ready(files):
    """Whether .venv holds what these requirement files ask for. Reads a few small files."""
    return flaw() is None and wanted(files).items() <= installed().items()


def lock():
    """An open file that one installation at a time can have, until it is closed or its last process has ended."""
    LOCK.parent.mkdir(exist_ok=True)
    file = open(str(LOCK), "a")
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            raise Failed("Another start is installing")
        # Some network drives know no locks: go on without.
    return file


def prepare(files):
    """Makes sure that .venv holds what these requirement files ask for."""
    if ready(files):
        return
    if os.pathsep in str(VENV):
        raise Failed("The folder's name has a separator in it", folder=HERE, character=os.pathsep)
    with lock() as held:
        if ready(files):  # another start has finished in the meantime
            return
        reason = flaw()
        if reason is not None:
            print("The folder .venv %s: making it anew." % reason)
            shutil.rmtree(str(VENV))
        uv = shutil.which("uv")
        if uv and any(value and name.startswith("PIP_") and INDEX.match(name) for name, value in os.environ.items()):
            if not any(name.startswith("UV_") and INDEX.match(name) for name in os.environ):
                uv = None  # it would not look where pip is told to
        new = not VENV.exists()
        if new and not uv and importlib.util.find_spec("ensurepip") is None:
            raise Failed("Python lacks ensurepip", version="%d.%d" % sys.version_info[:2])
        print("Installing the course's packages into .venv, once; this takes a minute or two.", flush=True)
        VENV.mkdir(exist_ok=True)
        MARK.touch()
        try:
            if not (uv and attempt(uv, new, files, held)):
                if new:
                    create(None, held)
                install(None, files, held)
        except Failed as reason:
            if installed() and reason.cause in ELSEWHERE:
                MARK.unlink()  # both installers fetch everything before they change anything
            raise
        check(files)
        STAMP.write_text(json.dumps(wanted(files)), encoding="utf-8")
        MARK.unlink()


def attempt(uv, new, files, held):
    """Installs with uv. Returns False where pip, which has other settings and certificates, may do better."""
    try:
        if new:
            create(uv, held)
        install(uv, files, held)
    except Failed as reason:
        unknown = reason.cause == "The installation failed for another reason"  # too old a uv, for example
        if not (unknown or reason.cause in ELSEWHERE) or importlib.util.find_spec("ensurepip") is None:
            raise
        print("uv did not get the packages; pip tries now.", flush=True)
        return False
    return True


def create(uv, held):
    """Makes an empty .venv: with uv where `uv` is its path, else with the venv module."""
    base = getattr(sys, "_base_executable", None) or sys.executable  # start.py may itself run in some .venv
    if uv:
        run([uv, "venv", "--seed", "--allow-existing", "--python", base, str(VENV)], held)
    else:
        run([base, "-I", "-m", "venv", str(VENV)], held)


def install(uv, files, held):
    """Installs requirement files into .venv: with uv where `uv` is its path, else with pip."""
    if uv:
        command, settings = [uv, "pip", "install", "--python", str(PYTHON)], own_settings()
    else:
        command = [str(PYTHON), "-I", "-m", "pip", "install", "--no-input", "--no-compile"]
        command += ["--disable-pip-version-check"]
        settings = own_settings([str(PYTHON), "-I", "-m", "pip", "config", "list"])
    for name in files:
        command += ["-r", name]
    run(command, held, settings)


def own_settings(listing=None):
    """The environment of an installer, without settings of this machine that put packages elsewhere; these are named.

    `listing` is a command that lists the settings of pip's files. Where one of them is in the way, pip reads no file,
    and gets the others as variables.
    """
    names = dict((kind + name.replace("-", "_").upper(), name) for name in ASIDE for kind in ("PIP_", "UV_"))
    environment = dict((name, value) for name, value in os.environ.items() if name not in names)
    aside = set(name for name in names if os.environ.get(name))
    if listing:
        done = subprocess.run(listing, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        lines = re.findall(
            r"^(?:global|install)\.([\w-]+)=(.+?)\r?$", done.stdout.decode("utf-8", "replace"), re.MULTILINE
        )
        inherited = dict((name, ast.literal_eval(value)) for name, value in lines)
        if set(inherited) & set(ASIDE):
            aside |= set("%s in pip.conf" % name for name in inherited if name in ASIDE)
            environment["PIP_CONFIG_FILE"] = os.devnull
            for name, value in inherited.items():
                if name not in ASIDE:
                    environment.setdefault("PIP_" + name.replace("-", "_").upper(), value)
    if aside:
        print("Set aside for this installation: %s." % ", ".join(sorted(aside)), flush=True)
    return environment


def check(files):
    """Looks at what was installed: every package that a requirement file names is imported once."""
    lines = [line.strip() for name in files for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
    names = [line for line in lines if re.match(r"[A-Za-z]|-e \.$", line)]
    done = subprocess.run(
        [str(PYTHON), "-I", "-W", "ignore", "-c", CHECK] + names,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    if done.returncode:
        words = done.stdout.decode("utf-8", "replace").splitlines()[-2:]
        name, reason = words if len(words) == 2 else ("one of them", "exit code %d" % done.returncode)
        raise Failed("The packages do not work", name=name, reason=reason)


def run(command, held, environment=None):
    """Runs an installer and shows how far it is. Raises Failed with the reason.

    `held` is the lock: the installer has it too, so that it stays locked when start.py alone is killed.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=environment,
        pass_fds=() if os.name == "nt" else (held.fileno(),),
    )
    lines = []
    progress = Progress()
    try:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            progress.read(lines[-1])
        code = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    finally:
        progress.end()
    if code:
        reason = failure("\n".join(lines))
        if reason is None:
            print("\n".join(lines[-8:]), flush=True)
            reason = Failed("The installation failed for another reason")
        raise reason


class Progress:
    """How far an installer is, in one line of a terminal that is written anew; elsewhere a line where it turns."""

    def __init__(self):
        self.collected = set()
        self.total = 0  # packages to install, once that is known
        self.before = self.present()
        self.terminal = sys.stdout.isatty()
        self.ended = threading.Event()
        if self.terminal:
            self.ticker = threading.Thread(target=self.tick, daemon=True)
            self.ticker.start()

    def read(self, line):
        """Takes note of a line of pip or uv."""
        found = re.match(r"\s*Collecting ([\w.-]+)", line)
        if found:
            self.collected.add(found.group(1).lower())
        uv = re.match(r"(?:Resolved|Prepared) (\d+) packages?", line)
        if uv:
            self.total = int(uv.group(1))
        if line.startswith("Installing collected packages:"):
            self.total = line.count(",") + 1
            if not self.terminal:
                print(self.text(), flush=True)

    def present(self):
        """How many packages .venv has."""
        site = "Lib/site-packages" if os.name == "nt" else "lib/python%d.%d/site-packages" % sys.version_info[:2]
        return len(list((VENV / site).glob("*.dist-info")))

    def text(self):
        """What is done and what is left."""
        if self.total:
            done = min(max(self.present() - self.before, 0), self.total)
            return "Installed %d of %d packages, %d left." % (done, self.total, self.total - done)
        return "Collected %d packages so far; installation starts when all are here." % len(self.collected)

    def tick(self):
        began = time.time()
        while not self.ended.wait(0.5):
            self.show("%s %d s" % (self.text(), time.time() - began))

    def show(self, text):
        width = shutil.get_terminal_size().columns - 1
        sys.stdout.write("\r" + text[:width].ljust(width) + "\r")
        sys.stdout.flush()

    def end(self):
        self.ended.set()
        if self.terminal:
            self.ticker.join()
            self.show("")


def writable(folder):
    """Whether files can be made in a folder, or in the nearest one above it that is there."""
    import tempfile

    folder = next((place for place in [folder] + list(folder.parents) if place.is_dir()), folder)
    try:
        with tempfile.TemporaryFile(dir=str(folder)):
            return True
    except OSError:
        return False


def homes():
    """Variables that give JupyterLab and IPython folders for their settings where the home folder takes none."""
    home = Path(os.path.expanduser("~"))
    if all(writable(home / name) for name in (".jupyter", ".ipython", ".local/share/jupyter")):
        return {}
    import tempfile

    base = HERE / ".cache" / "home"
    base = base if writable(base) else Path(tempfile.mkdtemp(prefix="course-"))
    print("The home folder %s cannot be written to, so JupyterLab keeps its settings in %s." % (home, base))
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return dict((name, str(base / name.lower())) for name in names if not os.environ.get(name))


def hand_over(arguments, more):
    """Becomes `python arguments` of .venv; on Windows, where exec does not wait, returns its exit code."""
    path = str(PYTHON.parent) + os.pathsep + os.environ.get("PATH", "")
    environment = dict(os.environ, VIRTUAL_ENV=str(VENV), PATH=path, **more)
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
    if not hasattr(sys.stdout, "reconfigure"):  # IDLE and IPython put something else there; pythonw has nothing
        raise Failed("There is no terminal (IDLE, `%run`, a double click)", folder=HERE)
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
    command, files, what = COMMANDS[name]
    os.chdir(str(HERE))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # packages come uncompiled: what is imported is compiled, and kept
    more = {}
    helping = "-h" in arguments or "--help" in arguments
    if helping and not ready(files):
        print("%s %s: %s.\nIts arguments are shown here once it is installed." % (AGAIN, name, what))
        return 0
    if name == "lab" and not helping:
        if hasattr(os, "geteuid") and os.geteuid() == 0 and not any("allow" in word for word in arguments):
            container = os.path.exists("/.dockerenv") or os.path.exists("/run/.containerenv")
            raise Failed("You are root", more=" --ip=0.0.0.0" if container else "")
        command = command + ["--ServerApp.root_dir=" + str(HERE), "--LabApp.default_url=/lab/tree/" + FIRST]
    try:
        prepare(files)
    except OSError as error:
        raise failure("%r %s" % (error, error)) or Failed("The folder .venv cannot be used", reason=error)
    if name == "lab" and not helping:
        print("Opening %s in JupyterLab; press Ctrl+C here to stop it." % FIRST)
        more = homes()
    return hand_over(command + arguments, more)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nStopped; what is half-made will be made anew at the next start: %s" % AGAIN, file=sys.stderr)
        sys.exit(130)
    except Failed as failed:
        sys.exit(str(failed))

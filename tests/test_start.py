"""start.py, as a person meets it: in a course folder of its own, in a process of its own.

The packages it installs stand in for JupyterLab and pytest, and print how they were called.
"""

from __future__ import annotations

import ast
import contextlib
import errno
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import ordinary
import pytest
from nbformat.v4 import new_code_cell

from helpers.proxy.http import LoopbackServer
from helpers.setup import causes
from helpers.workshop import build
from helpers.workshop.notebooks.kernel import Kernel

ROOT = Path(__file__).resolve().parent.parent
START = ROOT / "start.py"
NOWHERE = "http://127.0.0.1:9/simple"  # the discard port: nothing listens there

ROOT_FLAG = ["--allow-root"] if ordinary.ROOT else []

STAND_IN = """\
import json, os, sys
call = {"argv": sys.argv[1:], "cwd": os.getcwd(), "prefix": sys.prefix, "path": os.environ["PATH"]}
print(json.dumps(call))
sys.exit(7 if "--end-with-7" in sys.argv else 0)
"""


def wheel(folder: Path, name: str, code: str = "") -> None:
    """Writes a package into `folder` that pip can install and `python -m` can run; importing it runs `code`."""
    info = f"{name}-99.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-99.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}/__init__.py", code)
        archive.writestr(f"{name}/__main__.py", STAND_IN)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 99.0\n")
        tags = "Root-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: tests\n{tags}")
        archive.writestr(f"{info}/RECORD", "")


def course(folder: Path) -> Path:
    """A course folder with start.py and small requirement files."""
    for place, text in [
        ("requirements.txt", "-r helpers/requirements.txt\njupyterlab\n"),
        ("helpers/requirements.txt", "# nothing\n"),
        ("tests/requirements.txt", "pytest\n"),
    ]:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8", newline="\n")
    shutil.copy(START, folder)
    return folder


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages, in the place of the package index."""
    folder = tmp_path_factory.mktemp("shelf")
    wheel(folder, "jupyterlab")
    wheel(folder, "pytest")
    wheel(folder, "extra")
    wheel(folder, "broken", "raise ImportError('libfoo.so.1: cannot open shared object file')")
    return folder


def environment(**more: str) -> dict[str, str]:
    """A person's environment: without uv, without settings of pip, outside any .venv."""
    mine = {name: value for name, value in os.environ.items() if not re.match("PIP_|UV_|VIRTUAL_ENV|PYTHON", name)}
    places = [place for place in mine["PATH"].split(os.pathsep) if not shutil.which("uv", path=place)]
    return mine | {"PIP_CONFIG_FILE": os.devnull, "PATH": os.pathsep.join(places), "PYTHONIOENCODING": "utf-8"} | more


def offline() -> dict[str, str]:
    return environment(PIP_INDEX_URL=NOWHERE, PIP_RETRIES="0")


def start(folder: Path, *arguments: str, env: dict[str, str], code: str | None = None) -> subprocess.CompletedProcess:
    """Runs the start.py of `folder` with the Python of the tests; `code` runs first, to break something."""
    command = [sys.executable, str(folder / "start.py")]
    if (
        not code
        and "--help" not in arguments
        and (not arguments or arguments[0] == "lab" or arguments[0][:4] == "--no")
    ):
        arguments = (*arguments[:1], *ROOT_FLAG, *arguments[1:]) if "lab" in arguments else (*ROOT_FLAG, *arguments)
    if code:
        code = "import os; os.geteuid = lambda: 1000\n" + code
        code += f"\nimport runpy, sys\nsys.argv[0] = {command[1]!r}\n"
        code += "runpy.run_path(sys.argv[0], run_name='__main__')"
        command = [sys.executable, "-c", code]
    return subprocess.run([*command, *arguments], env=env, capture_output=True, encoding="utf-8", timeout=60)


def said(done: subprocess.CompletedProcess) -> str:
    """What a failed start said on stderr; it must be one sentence with the way on, and no traceback."""
    assert done.returncode == 1, done
    assert done.stderr.count("\n") == 1 and done.stderr.rstrip().endswith(" start.py"), done
    return done.stderr


def call(done: subprocess.CompletedProcess) -> dict:
    """How the stand-in was called, from its last line."""
    assert done.returncode == 0, done
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, shelf: Path) -> tuple[Path, dict[str, str], dict]:
    """A course started once, in a folder with spaces and accents; its environment; its first call."""
    folder = course(tmp_path_factory.mktemp("Mes études") / "Café – naïve course")
    env = environment(PIP_NO_INDEX="1", PIP_FIND_LINKS=shelf.as_uri())
    return folder, env, call(start(folder, "--no-browser", env=env))


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """start.py, imported from an otherwise empty folder."""
    shutil.copy(START, tmp_path)
    spec = importlib.util.spec_from_file_location("start", tmp_path / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.chdir(tmp_path)
    return module


# --- the command line ---


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_names_each_command_once_and_installs_nothing(tmp_path, flag):
    done = start(course(tmp_path), flag, env=offline())
    assert done.returncode == 0 and not done.stderr
    lines = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert lines == ["lab", "test", "build", "record", "serve", "model", "fresh", "bench"]
    assert not (tmp_path / ".venv").exists()


def test_an_unknown_command_is_named_and_installs_nothing(tmp_path):
    done = start(course(tmp_path), "tset", env=offline())
    assert done.returncode == 2 and "no command tset" in done.stderr and "  test " in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_commands_run_modules_that_exist(module):
    for name, (arguments, files, _) in module.COMMANDS.items():
        assert arguments[0] == "-m"
        if arguments[1].startswith("helpers."):
            assert (ROOT / (arguments[1].replace(".", "/") + ".py")).is_file(), name
        assert all((ROOT / file).is_file() for file in files)


# --- the Python ---


def test_the_file_stays_readable_for_old_pythons():
    source = START.read_bytes()
    assert source.isascii()  # Python 2 refuses anything else without a coding line
    for node in ast.walk(ast.parse(source)):
        new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.Starred)
        assert not isinstance(node, new), node.lineno
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            names = [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]
            assert not any(name.annotation for name in names) and not node.args.kwonlyargs
            assert not getattr(node, "returns", None)


def test_too_old_a_python_gets_one_sentence(tmp_path):
    code = "import sys; sys.version_info = (3, 10, 13, 'final', 0)"
    text = said(start(course(tmp_path), env=offline(), code=code))
    assert "needs Python 3.11 or newer, and this is Python 3.10" in text and "python.org" in text
    assert not (tmp_path / ".venv").exists()


def old_pythons() -> list[str]:
    """Interpreters on this machine that are too old for the course and do run."""
    versions = ["2.7", *(f"3.{minor}" for minor in range(4, 11))]
    found = {version: shutil.which(f"python{version}") for version in versions}
    for path in Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/*/bin/python"):
        version = ".".join(path.parts[-3].split(".")[:2])
        if version in versions:
            found[version] = str(path)
    works = {v: p for v, p in found.items() if p and not subprocess.run([p, "-c", ""], capture_output=True).returncode}
    return [works[version] for version in versions if version in works]


def test_old_interpreters_of_this_machine_get_the_sentence():
    interpreters = old_pythons()
    if not interpreters:
        pytest.skip("no Python older than 3.11 on this machine")
    for interpreter in interpreters:
        command = [interpreter, str(START)]
        done = subprocess.run(command, env=environment(), capture_output=True, encoding="utf-8", timeout=30)
        assert done.returncode == 1 and done.stdout == ""
        assert done.stderr.count("\n") == 1 and "needs Python 3.11 or newer" in done.stderr, (
            interpreter,
            done.stderr,
        )


# --- starting ---


def test_the_first_start_opens_the_first_lesson_with_the_packages_of_its_venv(started):
    folder, _, first = started
    assert Path(first["prefix"]).samefile(folder / ".venv")
    assert Path(first["cwd"]).samefile(folder)
    assert Path(first["path"].split(os.pathsep)[0]).parent.samefile(folder / ".venv")  # `!pip` in a cell is its own
    assert "--LabApp.default_url=/lab/tree/notebooks/00_get_ready.ipynb" in first["argv"]
    assert first["argv"][-1] == "--no-browser"


def test_a_second_start_adds_under_two_seconds(started):
    folder, env, _ = started
    seconds = []
    for _ in range(3):  # the quickest of three: the machine may be busy with other tests
        began = time.perf_counter()
        done = start(folder, env=env | {"PIP_FIND_LINKS": ""})  # nothing could be installed now
        seconds.append(time.perf_counter() - began)
        call(done)
        assert "Installing" not in done.stdout
    assert min(seconds) < 2


def test_start_imports_nothing_from_the_course_or_its_packages():
    code = "import sys, runpy; runpy.run_path(sys.argv[1]); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(START)], capture_output=True, encoding="utf-8", check=True)
    outside = {name.split(".")[0] for name in done.stdout.split()} - sys.stdlib_module_names - {"__main__"}
    assert not {name for name in outside if not name.startswith(("_", "sitecustomize", "usercustomize"))}


def test_the_exit_code_is_passed_on(started):
    folder, env, _ = started
    assert start(folder, "lab", "--end-with-7", env=env).returncode == 7


def test_offline_the_tests_cannot_be_installed_but_the_lessons_still_start(started):
    folder, _, _ = started
    assert "cannot be fetched from the network" in said(start(folder, "test", env=offline()))
    assert "Installing" not in start(folder, env=offline()).stdout


def test_the_test_command_adds_its_packages_and_calls_pytest_once(started):
    folder, env, _ = started
    first = start(folder, "test", "-k", "word", env=env)
    assert "Installing" in first.stdout
    assert call(first)["argv"] == ["-n", "4", "--dist", "loadfile", "--no-loadscope-reorder", "-k", "word"]
    for command in (["test"], []):  # what `test` installed holds what `lab` needs
        assert "Installing" not in start(folder, *command, env=env).stdout


def test_changed_requirements_are_added_to_the_venv_that_is_there(started):
    folder, env, _ = started
    witness = folder / ".venv" / "witness"
    witness.touch()
    (folder / "helpers" / "requirements.txt").write_text("# changed\n", encoding="utf-8")
    done = start(folder, env=env)
    call(done)
    assert "Installing" in done.stdout and witness.exists()
    assert "Installing" not in start(folder, env=env).stdout


# --- what can go wrong ---


def test_without_network_one_sentence_and_then_the_half_made_venv_is_made_anew(tmp_path, started):
    folder, (_, online, _) = course(tmp_path / "course"), started
    text = said(start(folder, env=offline()))
    assert "cannot be fetched from the network" in text and "HTTPS_PROXY" in text
    assert (folder / ".venv").exists() and not (folder / ".venv" / "complete.json").exists()
    done = start(folder, env=online)
    assert "The folder .venv was left half-made: making it anew." in done.stdout
    assert Path(call(done)["prefix"]).samefile(folder / ".venv")


@pytest.mark.skipif(os.name == "nt", reason="a test cannot press Ctrl+C for another process on Windows")
def test_ctrl_c_during_the_installation(tmp_path, started):
    folder, (_, online, _) = course(tmp_path), started
    process = subprocess.Popen(
        [sys.executable, str(folder / "start.py"), *ROOT_FLAG],
        env=online,
        start_new_session=True,  # Ctrl+C reaches every process of a terminal: start.py and its installer
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    deadline = time.monotonic() + 20
    while not (folder / ".venv" / "pyvenv.cfg").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors.strip().splitlines() == [
        "Stopped; what is half-made will be made anew at the next start: python3 start.py"
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "cannot be written to"),
        (errno.EACCES, "cannot be written to"),
        (errno.EIO, "The folder .venv cannot be used"),
    ],
)
def test_a_folder_that_takes_no_files(tmp_path, number, words):
    raises = f"raise OSError({number}, os.strerror({number}))"
    code = f"import os, pathlib\ndef no(*_, **__): {raises}\npathlib.Path.mkdir = no"
    assert words in said(start(course(tmp_path), env=offline(), code=code))


def test_a_python_without_ensurepip(tmp_path):
    text = said(start(course(tmp_path), env=offline(), code="import sys; sys.modules['ensurepip'] = None"))
    assert f"apt install python3.{sys.version_info.minor}-venv" in text
    assert not (tmp_path / ".venv").exists()


def test_start_py_alone_in_a_folder(tmp_path):
    shutil.copy(START, tmp_path)
    assert "whole course folder" in said(start(tmp_path, env=offline()))


def test_a_failure_that_is_not_understood_shows_the_installers_last_words(tmp_path, started):
    ready, online, _ = started
    folder = shutil.copytree(ready, tmp_path / "course", symlinks=True)
    (folder / "requirements.txt").write_text("jupyterlab ~~ 5\n", encoding="utf-8")
    done = start(folder, env=online)
    assert "The installation failed as shown above" in said(done)
    assert "jupyterlab ~~ 5" in done.stdout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("error: failed to copy file\n  cause: No space left on device (os error 28)", "disk is full"),
        ("OSError: [WinError 112] Espace insuffisant sur le disque", "disk is full"),
        ("ERROR: Could not install packages: [WinError 5] Access is denied: 'zmq.pyd'", "written to"),
        ("error: failed to create directory\n  cause: Permission denied (os error 13)", "written to"),
        ("ERROR: No matching distribution found for openai (from versions: none)", "from the network"),
        ("WARNING: Retrying after connection broken by 'NewConnectionError(...)'", "from the network"),
        ("error: Failed to fetch: `https://pypi.org/simple/openai/`\n  cause: dns error", "from the network"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "certificate on the way"),
        ("error: Failed to fetch\n  cause: invalid peer certificate: UnknownIssuer", "certificate on the way"),
        ("OSError: [Errno 36] File name too long: 'x'", "path of the course's folder is too long"),
        ("[WinError 206] The filename or extension is too long", "path of the course's folder is too long"),
        ("  Because numpy<2 was constrained and you require numpy>=2.1,", "forbids numpy"),
    ],
)
def test_what_installers_say_is_understood(module, words, reason):
    assert reason in str(module.failure(words))


@pytest.mark.parametrize("words", ["error: can't find Rust compiler", "ResolutionImpossible", ""])
def test_other_failures_are_not_explained_away(module, words):
    assert module.failure(words) is None


def test_which_venvs_are_made_anew(module):
    assert module.flaw() is None  # none is there
    module.VENV.mkdir()
    assert module.flaw() == "has no working Python"
    module.PYTHON.parent.mkdir()
    module.PYTHON.touch()
    settings = module.VENV / "pyvenv.cfg"
    settings.write_text("home = /usr/bin\nversion = 3.8.18\n", encoding="utf-8")
    assert module.flaw().startswith("was made with Python 3.8, and this is 3.")
    for key in ("version", "version_info"):  # as venv writes it, and as uv does
        settings.write_text(f"home = /usr/bin\n{key} = 3.{sys.version_info.minor}.0\n", encoding="utf-8")
        assert module.flaw() is None
    module.MARK.touch()
    assert module.flaw() == "was left half-made"


# --- settings of the machine ---


def copy_of(ready: Path, folder: Path, requirements: str) -> Path:
    """A course that was started before, and needs something else now."""
    shutil.copytree(ready, folder, symlinks=True)
    (folder / "requirements.txt").write_text(requirements, encoding="utf-8")
    return folder


def has(folder: Path, name: str) -> bool:
    return any((folder / ".venv").rglob(f"site-packages/{name}/__init__.py"))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("PIP_USER", ""),
        ("PIP_TARGET", ""),
        ("PIP_PREFIX", ""),
        ("PIP_DRY_RUN", ""),
        ("", "[install]\nuser = true\n"),
        ("", "[global]\ntarget = {elsewhere}\n"),
        ("PYTHONPATH", ""),
        ("PYTHONHOME", ""),
    ],
)
def test_settings_that_put_packages_elsewhere_are_set_aside(tmp_path, started, shelf, name, file):
    """PYTHONPATH is another way there: pip takes what it finds in it for installed."""
    ready, online, _ = started
    folder, elsewhere = copy_of(ready, tmp_path / "course", "jupyterlab\nextra\n"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    env = dict(online)
    if name == "PYTHONPATH":
        shutil.unpack_archive(shelf / "extra-99.0-py3-none-any.whl", elsewhere, "zip")
    if name:
        env[name] = "1" if name in ("PIP_USER", "PIP_DRY_RUN") else str(elsewhere)
    else:
        config = tmp_path / "pip.conf"
        config.write_text(
            f"{file.format(elsewhere=elsewhere)}find-links = {shelf}\nno-index = true\n", encoding="utf-8"
        )
        env = environment(PIP_CONFIG_FILE=str(config))
    if name == "PYTHONHOME":  # start.py itself would not get far: it is the installer that must not see it
        module = "import os; os.environ['PYTHONHOME'] = " + repr(str(elsewhere))
        done = start(folder, "serve", env=online, code=module)
        assert has(folder, "extra"), done
        return
    done = start(folder, env=env)
    assert has(folder, "extra"), done
    if name.startswith("PIP_") or file:
        setting = name or file.split("\n")[1].split()[0] + " in pip.conf"
        assert f"Set aside for this installation: {setting}." in done.stdout
    assert name == "PYTHONPATH" or not list(elsewhere.iterdir())


def test_a_constraint_of_the_machine_is_named(tmp_path, started):
    ready, online, _ = started
    (tmp_path / "constraints.txt").write_text("extra<2\n", encoding="utf-8")
    folder = copy_of(ready, tmp_path / "course", "jupyterlab\nextra\n")
    text = said(start(folder, env=online | {"PIP_CONSTRAINT": str(tmp_path / "constraints.txt")}))
    assert "A constraint of this machine forbids extra" in text and "PIP_CONSTRAINT" in text
    assert "Installing" in start(folder, env=online).stdout and has(folder, "extra")


def test_a_folder_of_packages_that_lacks_one_is_not_called_a_network_problem(tmp_path, started):
    ready, online, _ = started
    folder = copy_of(ready, tmp_path / "course", "jupyterlab\nnever-written\n")
    text = said(start(folder, env=online))
    assert "name a package source without never-written" in text and "PIP_FIND_LINKS" in text and "network" not in text


def test_what_was_installed_is_looked_at_before_it_is_believed(tmp_path, started):
    ready, online, _ = started
    folder = copy_of(ready, tmp_path / "course", "jupyterlab\nbroken\n")
    stamp = (folder / ".venv" / "complete.json").read_text(encoding="utf-8")
    text = said(start(folder, env=online))
    assert "broken cannot be imported (ImportError: libfoo.so.1" in text
    assert (folder / ".venv" / "complete.json").read_text(encoding="utf-8") == stamp
    assert "broken cannot be imported" in said(start(folder, env=online))  # and the next start does not believe it


def test_an_installer_that_does_nothing_is_found_out(tmp_path, started):
    """pip may succeed without installing: here the package is that of another folder, which goes away."""
    ready, online, _ = started
    folder = copy_of(ready, tmp_path / "course", "jupyterlab\n")
    for place in (folder / ".venv").rglob("site-packages/jupyterlab"):
        shutil.rmtree(place)
    (folder / "helpers" / "requirements.txt").write_text("# changed\n", encoding="utf-8")
    assert "jupyterlab cannot be imported" in said(start(folder, env=online))


# --- two starts at a time ---


class SlowIndex:
    """An index of packages that answers when it is let go."""

    def __init__(self, shelf: Path) -> None:
        self.asked, self.go = threading.Event(), threading.Event()
        self.shelf = shelf
        self.server = LoopbackServer(self.answer)
        self.server.start()

    def answer(self, handler) -> None:
        self.asked.set()
        self.go.wait(30)
        name = handler.path.rsplit("/", 1)[-1]
        if name.endswith(".whl"):
            handler.send_bytes(200, (self.shelf / name).read_bytes(), {"content-type": "application/zip"})
        else:
            links = "".join(f'<a href="/{path.name}">{path.name}</a>' for path in self.shelf.glob("*.whl"))
            handler.send_bytes(200, links.encode(), {"content-type": "text/html"})


@pytest.fixture
def slow(shelf):
    index = SlowIndex(shelf)
    yield index
    index.go.set()
    index.server.close()


def launch(folder: Path, index: SlowIndex) -> subprocess.Popen:
    env = environment(PIP_INDEX_URL=index.server.url, PIP_NO_CACHE_DIR="1", NO_PROXY="127.0.0.1")
    command = [sys.executable, str(folder / "start.py"), *ROOT_FLAG]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def test_a_second_start_leaves_the_first_alone(tmp_path, started, slow):
    ready, online, _ = started
    folder = copy_of(ready, tmp_path / "course", "jupyterlab\nextra\n")
    first = launch(folder, slow)
    assert slow.asked.wait(30)
    for command in ([], ["test"]):
        assert "An installation is running in another window" in said(start(folder, *command, env=online))
    slow.go.set()
    output, errors = first.communicate(timeout=30)
    assert first.returncode == 0, errors
    assert has(folder, "extra") and "Installing" not in start(folder, env=online).stdout


@pytest.mark.skipif(os.name == "nt", reason="a lock of Windows belongs to one process")
def test_an_installer_whose_start_was_killed_is_left_alone_too(tmp_path, started, slow):
    ready, online, _ = started
    folder = copy_of(ready, tmp_path / "course", "jupyterlab\nextra\n")
    first = launch(folder, slow)
    assert slow.asked.wait(30)
    first.kill()
    first.communicate(timeout=30)
    assert "An installation is running in another window" in said(start(folder, env=online))
    slow.go.set()
    end = time.monotonic() + 30
    while (done := start(folder, env=online)).returncode and time.monotonic() < end:
        time.sleep(0.2)
    assert "was left half-made: making it anew" in done.stdout and has(folder, "extra")


def test_two_starts_of_a_course_that_is_installed(started):
    folder, env, _ = started
    command = [sys.executable, str(folder / "start.py"), *ROOT_FLAG]
    both = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, encoding="utf-8") for _ in range(2)]
    assert [json.loads(one.communicate(timeout=30)[0].splitlines()[-1])["argv"][-1:] for one in both]
    assert [one.returncode for one in both] == [0, 0]


# --- places and people ---


def test_root_is_told_the_whole_command_before_anything_is_installed(tmp_path):
    folder = course(tmp_path)
    code = "" if ROOT_FLAG else "os.geteuid = lambda: 0"
    command = [sys.executable, str(folder / "start.py")]
    if code:  # not root here
        command = [
            sys.executable,
            "-c",
            f"import os, runpy; {code}; runpy.run_path({command[1]!r}, run_name='__main__')",
        ]
    done = subprocess.run(command, env=offline(), capture_output=True, encoding="utf-8", timeout=30)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert " start.py lab --allow-root" in done.stderr and not (folder / ".venv").exists()


@pytest.mark.parametrize("code", ["sys.stdout = io.StringIO()", "sys.stdout = None"])  # IDLE; pythonw
def test_without_a_terminal_it_says_to_use_one(tmp_path, code):
    text = said(start(course(tmp_path), env=offline(), code=f"import io, sys; {code}"))
    assert "belongs in a terminal" in text and str(tmp_path) in text and not (tmp_path / ".venv").exists()


def test_run_in_a_cell_it_says_to_use_a_terminal(tmp_path):
    with Kernel(course(tmp_path), {}) as kernel:
        [*_, last] = kernel.run(new_code_cell("%run start.py"), may_raise=True)
    assert last.ename == "SystemExit" and "belongs in a terminal" in last.evalue


@pytest.mark.skipif(os.name == "nt", reason="no folder of Windows has the separator of its PATH in its name often")
@pytest.mark.parametrize("name", ["a:b", "::"])
def test_a_folder_in_which_no_venv_can_be_is_to_be_renamed(tmp_path, name):
    folder = course(tmp_path / name)
    text = said(start(folder, env=offline()))
    assert "rename it" in text and not (folder / ".venv").exists()


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
@pytest.mark.parametrize("home", ["/", "/nowhere", "locked"])
def test_a_home_folder_that_takes_no_files(home):
    """As an ordinary user, which root becomes for it."""
    with ordinary.folder() as place:
        shutil.copy(START, place)
        if home == "locked":
            home = place / "home"
            (home / ".jupyter").mkdir(parents=True, mode=0o555)
            home.chmod(0o777)
        code = "import json, start; print(json.dumps(start.homes()))"
        done = ordinary.run("-c", code, cwd=place, env=environment(HOME=str(home)))
        assert done.returncode == 0, done.stderr
        said, given = done.stdout.splitlines()
        folders = json.loads(given)
        assert "cannot be written to" in said
        assert set(folders) == {"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"}
        assert not any(folder.startswith(str(home) + "/.") for folder in folders.values())


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_folder_of_somebody_else():
    """Really read-only: for an ordinary user, which root becomes for it."""
    with ordinary.folder() as place:
        folder = course(place / "course")
        folder.chmod(0o555)
        done = ordinary.run(folder / "start.py", env=offline())
        folder.chmod(0o755)
        assert "The course's folder cannot be written to" in said(done)


def test_the_help_of_a_command_comes_at_once(tmp_path, started):
    folder = course(tmp_path)
    for command in ("lab", "test", "record"):
        began = time.perf_counter()
        done = start(folder, command, "--help", env=offline())
        assert done.returncode == 0 and f" start.py {command}: " in done.stdout, done
        assert time.perf_counter() - began < 5
    assert not (folder / ".venv").exists() and not (folder / ".cache").exists()
    ready, env, _ = started
    assert call(start(ready, "lab", "--help", env=env))["argv"] == ["--help"]


# --- progress ---


def test_progress_says_what_is_left(module, monkeypatch, capsys):
    progress = module.Progress()
    for name in ("jupyterlab", "numpy", "numpy"):
        progress.read(f"Collecting {name}>=2 (from -r requirements.txt (line 8))")
    assert progress.text().startswith("Collected 2 packages so far")
    progress.read("Installing collected packages: numpy, jupyterlab, tornado")
    assert capsys.readouterr().out == "Installed 0 of 3 packages, 3 left.\n"
    site = module.VENV / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    if os.name == "nt":
        site = module.VENV / "Lib" / "site-packages"
    (site / "numpy-2.dist-info").mkdir(parents=True)
    assert progress.text() == "Installed 1 of 3 packages, 2 left."
    assert "of 120 packages" in (progress.read("Resolved 120 packages in 1.2s") or progress.text())


@pytest.mark.skipif(os.name == "nt", reason="a terminal of POSIX")
def test_progress_is_seen_on_a_terminal(tmp_path, started, slow):
    import pty

    ready, _, _ = started
    folder = copy_of(ready, tmp_path / "course", "jupyterlab\nextra\n")
    ours, theirs = pty.openpty()
    env = environment(PIP_INDEX_URL=slow.server.url, PIP_NO_CACHE_DIR="1", NO_PROXY="127.0.0.1", COLUMNS="80")
    process = subprocess.Popen([sys.executable, str(folder / "start.py"), *ROOT_FLAG], env=env, stdout=theirs)
    os.close(theirs)
    assert slow.asked.wait(30)
    seen = ""
    end = time.monotonic() + 20
    while "Collected 0 packages so far" not in seen and time.monotonic() < end:
        seen += os.read(ours, 1000).decode()
    slow.go.set()
    while process.poll() is None:
        with contextlib.suppress(OSError):  # the terminal is gone
            os.read(ours, 1000)
    os.close(ours)
    assert "Collected 0 packages so far" in seen and process.returncode == 0


# --- uv ---


def fake_uv(folder: Path, words: str) -> Path:
    """A uv that says these words and fails; it notes how it was called."""
    uv = folder / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(f"#!/bin/sh\necho \"$@\" >> '{folder}/called'\necho '{words}' >&2\nexit 2\n", encoding="utf-8")
    uv.chmod(0o755)
    return uv


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a script with a first line")
@pytest.mark.parametrize(
    "words",
    ["error sending request for url", "invalid peer certificate: UnknownIssuer", "error: unexpected argument"],
)
def test_where_uv_fails_pip_is_tried(tmp_path, started, shelf, words):
    """pip knows the machine's packages from its own file; uv does not read it."""
    ready, online, _ = started
    folder = copy_of(ready, tmp_path / "course", "jupyterlab\nextra\n")
    uv = fake_uv(tmp_path, words)
    config = tmp_path / "pip.conf"
    config.write_text(f"[global]\nno-index = true\nfind-links = {shelf}\n", encoding="utf-8")
    env = environment(PIP_CONFIG_FILE=str(config))
    done = start(folder, env=env | {"PATH": f"{uv.parent}{os.pathsep}{env['PATH']}"})
    assert "pip tries now" in done.stdout and has(folder, "extra"), done
    assert (tmp_path / "called").read_text(encoding="utf-8").startswith("pip install --python")


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a script with a first line")
def test_where_pip_is_told_where_to_look_uv_is_not_asked(tmp_path, started):
    ready, online, _ = started
    folder = copy_of(ready, tmp_path / "course", "jupyterlab\nextra\n")
    uv = fake_uv(tmp_path, "error")
    start(folder, env=online | {"PATH": f"{uv.parent}{os.pathsep}{online['PATH']}"})
    assert has(folder, "extra") and not (tmp_path / "called").exists()


def test_uv_installs_the_same_files_as_pip(module, monkeypatch):
    commands: list[list[str]] = []
    monkeypatch.setattr(module, "run", lambda command, held, environment: commands.append(command))
    monkeypatch.setattr(module, "own_settings", lambda listing=None: {})
    module.install("uv", module.WORKSHOP, None)
    module.install(None, module.WORKSHOP, None)
    files = [part for name in module.WORKSHOP for part in ("-r", name)]
    assert commands[0][:5] == ["uv", "pip", "install", "--python", str(module.PYTHON)]
    assert commands[1][:5] == [str(module.PYTHON), "-I", "-m", "pip", "install"]
    assert all(command[-6:] == files for command in commands)


# --- the README ---


def test_the_readme_lists_every_cause_with_the_sentence_that_is_printed():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"<!-- causes -->\n\n{build.causes_table()}\n<!-- /causes -->" in readme
    for words in ("JupyterLab does not run as root", "An installation is running in another window", "which lacks …"):
        assert words in readme


def test_no_cause_is_listed_that_nothing_prints(module):
    sources = [START, *(ROOT / "helpers").rglob("*.py")]
    code = {path: path.read_text(encoding="utf-8") for path in sources}
    for cause in {**module.CAUSES, **causes.CAUSES}:
        uses = sum(text.count(f'"{cause}"') for text in code.values())
        assert uses >= 2, cause  # in a table, and where it is said


def test_the_readmes_way_to_update_works_after_run_all(tmp_path):
    """A real git: lessons were run and saved, and upstream has newer ones."""
    env = environment(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1")

    def git(*arguments, folder, fails=False):
        author = ["-c", "user.name=course", "-c", "user.email=course@localhost", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", *author, *arguments], cwd=folder, env=env, capture_output=True, text=True)
        assert bool(done.returncode) is fails, done.stderr

    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    (theirs / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / ".gitignore", theirs)
    lesson = Path("notebooks/00_get_ready.ipynb")
    for text in ("first", "second"):
        (theirs / lesson).write_text(text, encoding="utf-8")
        if text == "first":
            git("init", "-q", folder=theirs)
        git("add", "-A", folder=theirs)
        git("commit", "-qm", text, folder=theirs)
        if text == "first":
            git("clone", "-q", str(theirs), str(ours), folder=tmp_path)
    (ours / lesson).write_text("run and saved", encoding="utf-8")
    (ours / "mine").mkdir()
    (ours / "mine" / "copy.ipynb").write_text("mine", encoding="utf-8")
    git("pull", "-q", folder=ours, fails=True)
    updating = (ROOT / "README.md").read_text(encoding="utf-8").partition("### Updating")[2]
    commands = re.search(r"```bash\n(.*?)```", updating, re.DOTALL)[1].splitlines()
    assert commands[-1] == "python3 start.py" and all(command.startswith("git ") for command in commands[:-1])
    for command in commands[:-1]:
        git(*command.split()[1:], folder=ours)
    assert (ours / lesson).read_text(encoding="utf-8") == "second"
    assert (ours / "mine" / "copy.ipynb").read_text(encoding="utf-8") == "mine"

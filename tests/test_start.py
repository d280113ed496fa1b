"""start.py, as a person meets it: in a course folder of its own, in a process of its own.

The packages it installs stand in for JupyterLab and pytest, and print how they were called.
"""

from __future__ import annotations

import ast
import errno
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
START = ROOT / "start.py"
NOWHERE = "http://127.0.0.1:9/simple"  # the discard port: nothing listens there

STAND_IN = """\
import json, os, sys
call = {"argv": sys.argv[1:], "cwd": os.getcwd(), "prefix": sys.prefix, "path": os.environ["PATH"]}
print(json.dumps(call))
sys.exit(7 if "--end-with-7" in sys.argv else 0)
"""


def wheel(folder: Path, name: str) -> None:
    """Writes a package into `folder` that pip can install and `python -m` can run."""
    info = f"{name}-99.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-99.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
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
    if code:
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
    assert lines == ["lab", "test", "build", "record", "serve", "fresh", "bench"]
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
        [sys.executable, str(folder / "start.py")],
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
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "from the network"),
    ],
)
def test_what_installers_say_is_understood(module, words, reason):
    assert reason in module.cause(words)


@pytest.mark.parametrize("words", ["error: can't find Rust compiler", "ResolutionImpossible", ""])
def test_other_failures_are_not_explained_away(module, words):
    assert module.cause(words) is None


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


# --- uv ---


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a script with a first line")
def test_uv_is_used_where_it_is_present(tmp_path):
    folder = course(tmp_path)
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    script = f"#!/bin/sh\necho \"$@\" > '{tmp_path}/called'\necho 'error: Failed to fetch' >&2\nexit 2\n"
    uv.write_text(script, encoding="utf-8")
    uv.chmod(0o755)
    env = offline()
    done = start(folder, env=env | {"PATH": f"{uv.parent}{os.pathsep}{env['PATH']}"})
    assert "cannot be fetched from the network" in said(done)
    words = (tmp_path / "called").read_text(encoding="utf-8").split()
    assert words[0] == "venv" and Path(words[-1]).samefile(folder / ".venv")


def test_uv_installs_the_same_files_as_pip(module, monkeypatch):
    commands: list[list[str]] = []
    monkeypatch.setattr(module, "run", commands.append)
    module.install("uv", module.WORKSHOP)
    module.install(None, module.WORKSHOP)
    files = [part for name in module.WORKSHOP for part in ("-r", name)]
    assert commands[0][:5] == ["uv", "pip", "install", "--python", str(module.PYTHON)]
    assert commands[1][:4] == [str(module.PYTHON), "-m", "pip", "install"]
    assert all(command[-6:] == files for command in commands)

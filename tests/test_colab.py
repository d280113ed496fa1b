"""Each lesson in an imitation of Colab: the notebook alone in an empty folder, with Colab's older packages.

Not imitated: Colab's front end, its GPU, and its many other packages.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from helpers.setup.files import ROOT

COLAB = ROOT / "tests" / "colab"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LATE = {
    "openai",
    "httpx2",
    "httpcore2",
}  # what a lesson may exchange on Colab: nothing there has imported them yet

FIRST_CELL_ALONE = "00", "02"  # lessons whose first cell gets the course

# A cell that moves every slider and list of the notebook above it, and fails when one of them changes nothing.
MOVE = """
import ipywidgets
kinds = ipywidgets.IntSlider, ipywidgets.FloatSlider, ipywidgets.SelectionSlider, ipywidgets.Dropdown
widgets_now = list(ipywidgets.Widget.widgets.values())
shown = [one for one in widgets_now if isinstance(one, (ipywidgets.HTML, ipywidgets.Image))]
boxed = [child for box in widgets_now if isinstance(box, ipywidgets.Box) for child in box.children]
movable = [one for one in boxed if isinstance(one, kinds)]

def stirs(control):
    before, start = [one.value for one in shown], control.value
    values = control._options_values if hasattr(control, "options") else [control.min, control.max]
    for value in values:
        control.value = value
        if [one.value for one in shown] != before:
            control.value = start
            return True

dead = [one.description for one in movable if not stirs(one)]
assert movable and not dead, dead
"""

pytestmark = [
    pytest.mark.colab,
    pytest.mark.skipif(sys.platform != "linux", reason="Colab runs on Linux"),
    pytest.mark.skipif(sys.version_info >= (3, 14), reason="Colab's numpy 2.1.3 is made for Python 3.10 to 3.13"),
    pytest.mark.skipif(not shutil.which("git"), reason="git is missing"),
]


def run(*command: str | Path, folder: Path = ROOT) -> str:
    """Runs a command and returns what it prints; shows all it said when it fails."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}
    done = subprocess.run(list(map(str, command)), cwd=folder, env=clean, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def versions(python: Path) -> dict[str, str]:
    """The installed packages, as {normalised name: version}."""
    rows = json.loads(run(python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"))
    return {row["name"].lower().replace("_", "-"): row["version"] for row in rows}


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


@pytest.fixture(scope="session")
def image() -> Path:
    """A venv with Colab's packages, as Colab hands it out. Kept in .cache, and only copied, never changed.

    These tests are dealt out to several processes: the first to come makes it, and the others wait.
    """
    import fcntl  # Windows has none

    needed = COLAB / "requirements.txt"
    mark = hashlib.sha256(needed.read_bytes() + sys.version.encode()).hexdigest()
    venv = ROOT / ".cache" / "colab-venv"
    stamp = venv / "complete"
    venv.parent.mkdir(exist_ok=True)
    with venv.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != mark:
            shutil.rmtree(venv, ignore_errors=True)
            run(sys.executable, "-m", "venv", venv)
            run(python_of(venv), "-m", "pip", "install", "--no-input", "--no-compile", "-r", needed)
            stamp.write_text(mark, encoding="utf-8")
    return venv


@pytest.fixture(scope="session")
def venv(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The running machine: a copy of the image, which the lessons' first cells add to."""
    return shutil.copytree(image, tmp_path_factory.mktemp("colab") / "venv", symlinks=True)


@pytest.fixture(scope="session")
def remote(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a bare repository with the course as it is in the working tree, committed or not."""
    bare = tmp_path_factory.mktemp("remote") / "course.git"
    run("git", "init", "-q", "--bare", bare)
    git = ["git", f"--git-dir={bare}", f"--work-tree={ROOT}"]
    run(*git, "add", "-A")
    author = ["-c", "user.name=course", "-c", "user.email=course@localhost", "-c", "commit.gpgsign=false"]
    run(*git, *author, "commit", "-q", "-m", "The working tree")
    return bare.as_uri()


@pytest.fixture(scope="session")
def course(venv: Path, remote: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the course whose packages are installed, which is what a first cell leaves."""
    folder = tmp_path_factory.mktemp("prepared") / "course"
    run("git", "clone", "-q", "--depth", "1", remote, folder)
    run(python_of(venv), "-m", "pip", "install", "-q", "-r", folder / "helpers" / "requirements.txt")
    return folder


@pytest.fixture
def run_on_colab(venv: Path, remote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs all cells of a notebook in one kernel of the imitation, and what sets a lesson up once more.

    The first cell finds the clone `course` on the path, and without one it has to get the course.
    """
    spec = {"argv": [str(python_of(venv)), "-m", "ipykernel_launcher", "-f", "{connection_file}"]}
    folder = tmp_path / "jupyter" / "kernels" / "colab"
    folder.mkdir(parents=True)
    text = json.dumps(spec | {"display_name": "Colab", "language": "python"})
    (folder / "kernel.json").write_text(text, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    ours = ("OPENAI_", "COURSE_", "GIT_", "PYTHON", "MPLBACKEND", "VIRTUAL_ENV")
    settings = {
        "COURSE_REPO_URL": remote,
        "COURSE_PACE": "0",
        "PYTHONPATH": str(COLAB),  # where google.colab is
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | settings

    def execute(path: Path, course: Path | None, **more: str) -> list[str]:
        if course:
            more["PYTHONPATH"] = f"{COLAB}{os.pathsep}{course}"
        notebook = nbformat.read(path, as_version=4)
        where = {"metadata": {"path": str(path.parent)}}
        client = NotebookClient(notebook, kernel_name="colab", timeout=180, resources=where)
        with client.setup_kernel(env=env | more):
            cells = list(enumerate(notebook.cells))
            set_up = [place for place, cell in cells if cell.cell_type == "code" and "lesson.start(" in cell.source]
            for index, cell in cells + (cells[: set_up[0] + 1] if set_up else []):
                client.execute_cell(cell, index)
            execute.printed = [out.text for cell in notebook.cells for out in cell.get("outputs", ()) if "text" in out]
            probe = "import os, openai, ipywidgets as w\nprint(os.getcwd(), openai.VERSION, w.__version__, sep='\\n')"
            notebook.cells.append(new_code_cell(probe))
            seen = client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
        return "".join(out.text for out in seen.outputs).splitlines()  # a printed text may come in pieces

    return execute


def test_the_image_is_colabs(image):
    found = versions(python_of(image))
    lines = (COLAB / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert {name: found.get(name.lower().replace("_", "-")) for name in pins} == pins


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_runs_on_colab_and_its_set_up_twice(path, run_on_colab, tmp_path, request):
    """The first cell, the same in all lessons, gets the course for two of them; the others find it."""
    alone = tmp_path / "content"
    alone.mkdir()
    notebook = nbformat.read(path, as_version=4)
    if path.stem.startswith("02_"):  # the parameter panel
        notebook.cells.append(new_code_cell(MOVE))
    nbformat.write(notebook, alone / path.name)
    found = None if path.stem[:2] in FIRST_CELL_ALONE else request.getfixturevalue("course")
    cwd, openai, widgets = run_on_colab(alone / path.name, found)
    course = found or alone / "course"
    assert Path(cwd) == course / "notebooks"
    assert openai.startswith("3.") and widgets == "7.7.1"
    assert {entry.name for entry in alone.iterdir()} == {path.name, *([] if found else ["course"])}
    assert not (course / "notebooks" / "course").exists()  # the second time cloned nothing


def test_what_lessons_install_leaves_colabs_own_packages_alone(image, venv):
    run(python_of(venv), "-m", "pip", "install", "-q", "-r", ROOT / "helpers" / "requirements.txt")
    before, after = versions(python_of(image)), versions(python_of(venv))
    assert {name for name in before if after.get(name) != before[name]} <= LATE
    assert int(after["openai"].split(".")[0]) == 3


@pytest.mark.parametrize("place", ["Colab's secrets", "the environment", "a masked prompt"])
def test_a_key_is_taken_from(place, run_on_colab, course, tmp_path):
    """The first line of the lesson says that calls would use the key; none is made."""
    [path] = [path for path in NOTEBOOKS if path.stem.startswith("01_")]
    bootstrap = next(cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    key = "sk-" + "planted" * 6
    type_it = f"import getpass\nfrom helpers.setup import keys\ngetpass.getpass = lambda *_: {key!r}\nkeys.ask()"
    cells = [bootstrap.source, *([type_it] if place == "a masked prompt" else [])]
    cells.append('from helpers import lesson\nlesson.start("01")')
    alone = tmp_path / "content"
    alone.mkdir()
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in cells]), alone / "key.ipynb")
    names = {"Colab's secrets": "SECRET_OF_COLAB_OPENAI_API_KEY", "the environment": "OPENAI_API_KEY"}
    found = course if place in names else None
    run_on_colab(alone / "key.ipynb", found, **({names[place]: key} if place in names else {}))
    printed = "".join(run_on_colab.printed)
    assert "live: calls use your key" in printed
    assert "planted" not in printed


def test_a_cell_that_fails_is_not_overlooked(run_on_colab, tmp_path):
    path = tmp_path / "fails.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), path)
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run_on_colab(path, None)

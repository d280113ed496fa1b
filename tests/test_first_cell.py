"""The first cell and the package `helpers`, in kernels that are not the course's: each says which one to choose."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.setup.files import ROOT
from helpers.workshop.lessons import repository, written_lessons
from helpers.workshop.notebooks import verify
from helpers.workshop.notebooks.cells import BOOTSTRAP


@pytest.mark.parametrize("lesson", written_lessons(), ids=lambda lesson: lesson.number)
def test_it_is_the_first_code_of_a_lesson(lesson):
    first = next(cell.source for cell in verify.read(lesson).cells if cell.cell_type == "code")
    assert first == BOOTSTRAP.format(repository=repository())


def bootstrap(python, folder):
    script = BOOTSTRAP.format(repository="a/b") + "\nimport helpers\nprint(helpers.__file__)"
    return subprocess.run([*python, "-c", script], cwd=folder, capture_output=True, text=True)


def test_where_the_course_is_installed_the_first_cell_finds_it_from_any_folder(tmp_path):
    done = bootstrap([sys.executable], tmp_path)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).name == "__init__.py"


def interpreters():
    """This Python without its packages, and the others of the machine, old ones too."""
    found = [[sys.executable, "-S", "-E"]]
    for path in sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.*/bin/python")):
        if not subprocess.run([path, "-c", "import sys; sys.exit(sys.version_info < (3, 6))"]).returncode:
            found.append([str(path), "-I"])
    return found


def test_in_another_kernel_the_first_cell_names_the_one_to_choose(tmp_path):
    for python in interpreters():
        last = bootstrap(python, tmp_path).stderr.splitlines()[-1]
        where = subprocess.run([*python, "-c", "import sys; print(sys.executable)"], capture_output=True, text=True)
        assert last.startswith("AssertionError: This notebook runs in " + where.stdout.strip() + ", which"), last
        assert "kernel of the course's .venv" in last


def test_in_another_kernel_that_finds_the_course_it_says_what_is_missing(tmp_path):
    """VS Code and PYTHONPATH let a kernel without the packages, or an old one, find `helpers`."""
    for python in interpreters():
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom helpers import lesson"
        done = subprocess.run([*python, "-c", code], cwd=tmp_path, capture_output=True, text=True)
        last = done.stderr.splitlines()[-1]
        old = subprocess.run([*python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).returncode
        words = "needs 3.11 or newer" if old else "which lacks openai, "
        assert "CourseError: This notebook runs in " in last and words in last and "course's .venv" in last, done.stderr


@pytest.mark.parametrize("name", ["openai", "python-dotenv", "genai-prices", "ipywidgets", "numpy", "matplotlib"])
def test_each_package_that_is_missing_is_named(name):
    module = {"python-dotenv": "dotenv"}.get(name, name.replace("-", "_"))
    hide = f"""
import importlib.util, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda wanted, *rest: None if wanted == {module!r} else find(wanted, *rest)
import helpers
"""
    done = subprocess.run([sys.executable, "-c", hide], cwd=ROOT, capture_output=True, text=True)
    assert f"which lacks {name}." in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["openai.py", "dotenv.py", "numpy.py", "matplotlib/__init__.py"])
def test_a_file_of_the_learner_with_the_name_of_a_package_is_named(tmp_path, name):
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("print('mine')", encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    done = subprocess.run(
        [sys.executable, "-c", "import helpers"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    last = done.stderr.splitlines()[-1]
    assert f"Python finds {file}" in last and "Rename that file" in last and "mine" not in done.stdout


def test_a_file_with_the_name_of_a_module_of_python_is_named(tmp_path):
    (tmp_path / "secrets.py").write_text("password = 'swordfish'", encoding="utf-8")
    code = "import sys; sys.path.insert(0, ''); from helpers.setup import client; client.sdk()"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    if done.returncode:  # some versions of the SDK do not use this module
        assert f"Python finds {tmp_path / 'secrets.py'}" in done.stderr.splitlines()[-1]


def test_an_older_sdk_in_front_is_named(tmp_path):
    for name, text in {"openai/__init__.py": "__version__ = '1.9.0'", "helpers_of_mine.py": ""}.items():
        (tmp_path / "front" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "front" / name).write_text(text, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": f"{tmp_path / 'front'}{os.pathsep}{ROOT}", "COURSE_MODE": "replay"}
    code = "from helpers import lesson\nlesson.start('00')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True)
    last = done.stderr.splitlines()[-1]
    assert "This kernel has openai 1.9.0 from" in last and str(tmp_path / "front") in last


def test_on_colab_what_git_says_is_seen_and_the_cell_can_be_run_again(tmp_path):
    """With a shell and a git of this machine; the remote does not exist at first, and pip is a script."""
    for name, text in {
        "bin/pip": "#!/bin/sh\nmkdir -p genai_prices; touch genai_prices/__init__.py\n",
        "google/__init__.py": "",
        "google/colab/__init__.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "bin" / "pip").chmod(0o755)
    cell = BOOTSTRAP.format(repository="a/b")
    script = f"""
import sys; sys.path.insert(0, '')
import google.colab, subprocess, types, importlib
def system(command):
    importlib.invalidate_caches()
    print(subprocess.run(command, shell=True, capture_output=True, text=True).stderr)
get_ipython = lambda: types.SimpleNamespace(system=system)
for _ in range(2):
    try:
        exec({cell!r})
    except AssertionError as error:
        print("AssertionError", error)
    importlib.invalidate_caches()
"""
    remote = tmp_path / "remote"
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"COURSE_REPO_URL": str(remote), "PATH": path, "PYTHONPATH": ""}
    options = {"cwd": tmp_path, "env": env, "capture_output": True, "text": True}
    done = subprocess.run([sys.executable, "-S", "-c", script], **options)
    assert "does not exist" in done.stdout and "run this cell again" in done.stdout, done
    (remote / "helpers").mkdir(parents=True)
    (remote / "helpers" / "__init__.py").write_text("", encoding="utf-8")
    author = ["-c", "user.name=course", "-c", "user.email=course@localhost", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-qm", "one"]):
        subprocess.run(["git", *command], cwd=remote, check=True, capture_output=True)
    done = subprocess.run([sys.executable, "-S", "-c", script], **options)
    assert done.returncode == 0 and "AssertionError" not in done.stdout, done

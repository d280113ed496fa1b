"""README.md beside this file names every test file, and every test that it names exists."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent
NAMED = re.compile(r"`(?:(test_\w+)\.py::)?(test_\w+)(?:\[[^\]]*\])?`")


def missing(text):
    """Names of tests in a Markdown text, as `file.py::test`, or `test` where it follows one of the same file."""
    found, file = [], ""
    for stated, name in NAMED.findall(text):
        file = stated or file
        path = TESTS / f"{file}.py"
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
        if name not in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}:
            found.append(f"{file}.py::{name}")
    return found


def test_every_test_that_the_readme_names_exists():
    text = (TESTS / "README.md").read_text(encoding="utf-8")
    assert NAMED.search(text) and missing(text) == []


def test_every_test_file_is_named():
    text = (TESTS / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in TESTS.glob("test_*.py") if f"`{path.name}" not in text] == []
    assert [name for name in re.findall(r"`(test_\w+\.py)", text) if not (TESTS / name).is_file()] == []


def test_a_test_that_does_not_exist_is_found():
    here = "`test_tests_readme.py::test_a_test_that_does_not_exist_is_found`"
    assert missing(here) == [] and len(missing(here + " and `test_never_written`")) == 1
    assert len(missing("`test_gone.py::test_x`")) == 1

"""Code is held by its tools: style, form, types, and nothing that nothing uses. And what tools do not know: names."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import helpers
from helpers.setup.errors import CourseError
from helpers.setup.files import ROOT

TOOLS = {
    "style": ["ruff", "check", "--quiet", "--output-format=concise", "."],
    "form": ["ruff", "format", "--check", "--quiet", "."],
    "types": ["pyrefly", "check", "--output-format=min-text", "--python-interpreter-path", sys.executable],
    "dead code": ["vulture"],
}
# Words that once named what the field has words for: request, response, router, script, usage, refusals.
OLD_WORDS = {
    "asked", "answering", "replies", "composing", "exact", "lens", "explore", "surroundings", "squeeze", "moments",
    "roomy",
}  # fmt: skip


def findings(tool: str, folder: Path) -> str:
    """What a tool finds in the code of a folder with the settings of the pyproject.toml there."""
    done = subprocess.run([sys.executable, "-m", *TOOLS[tool]], cwd=folder, capture_output=True, text=True)
    if tool == "dead code":  # lessons show code that they do not go on to use
        return "\n".join(line for line in done.stdout.splitlines() if line.startswith(("helpers", "start.py")))
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_finds_nothing(tool):
    assert findings(tool, ROOT) == ""


@pytest.mark.parametrize(
    ("tool", "code"),
    [
        ("style", "import os\n"),
        ("form", "x = {  'a':1 }\n"),
        ("types", 'def half(x: int) -> int:\n    return x / 2\n\n\nhalf("2")\n'),
        ("dead code", "def never():\n    pass\n"),
    ],
)
def test_a_tool_finds_what_is_wrong(tool, code, tmp_path):
    for name in ("helpers/wrong.py", "start.py", "notebooks/source/x.py", "notebooks/assistant/x.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    assert findings(tool, tmp_path) == ""
    (tmp_path / "helpers/wrong.py").write_text(code, encoding="utf-8")
    assert "wrong.py" in findings(tool, tmp_path)


@cache
def trees() -> dict[str, ast.Module]:
    files = sorted((ROOT / "helpers").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def defined(*kinds: type[ast.AST]) -> dict[str, list[str]]:
    """Public names of what is defined in helpers, with the files."""
    found = defaultdict(list)
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, kinds) and not node.name.startswith("_"):
                found[node.name].append(file)
    return found


def test_no_two_classes_have_one_name():
    assert {name: files for name, files in defined(ast.ClassDef).items() if len(files) > 1} == {}


def test_old_words_name_nothing():
    modules = {Path(file).stem for file in trees()}
    names = modules | set(defined(ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
    assert {name for name in names if name.lower() in OLD_WORDS} == set()


def test_errors_that_a_learner_may_meet_have_one_base():
    within = {"BadRequest", "HalfSent", "Unavailable"}  # caught before they reach a cell
    for module in pkgutil.walk_packages(helpers.__path__, "helpers."):
        if not module.name.startswith("helpers.workshop"):
            for name, kind in vars(importlib.import_module(module.name)).items():
                if isinstance(kind, type) and issubclass(kind, BaseException) and kind.__module__ == module.name:
                    assert issubclass(kind, CourseError) or name in within or name.startswith("_"), name

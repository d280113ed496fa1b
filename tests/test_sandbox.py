"""Code with limits: what it prints comes back, and time, memory, output, folder and environment are bounded."""

import sys
import time

import pytest

from helpers.recipes import sandbox
from helpers.recipes.sandbox import run_python


def test_what_it_prints_comes_back():
    assert run_python("import statistics\nprint(statistics.median([3, 1, 2]), 'é')") == {"output": "2 é\n"}


def test_an_error_comes_back_with_its_line():
    result = run_python("x = 1\nprint(x / 0)")
    assert "ZeroDivisionError" in result["output"] and "line 2" in result["output"]
    assert "error" in result


def test_a_key_in_the_environment_is_not_handed_on(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "planted" + "-key")
    monkeypatch.setenv("PYTHONPATH", "planted" + "-path")
    output = run_python("import os, sys\nprint(dict(os.environ), sys.path)")["output"]
    assert "planted" not in output


def test_it_works_in_an_empty_folder_that_does_not_stay():
    code = "import os\nprint(os.listdir())\nopen('left.txt', 'w').close()\nprint(os.getcwd())"
    listing, folder = run_python(code)["output"].splitlines()
    assert listing == "[]"
    assert run_python(f"import os\nprint(os.path.exists({folder!r}))")["output"] == "False\n"


def test_installed_packages_are_out_of_reach():
    assert "ModuleNotFoundError" in run_python("import openai")["output"]


def test_there_is_nothing_to_read():
    assert "EOFError" in run_python("input()")["output"]


@pytest.mark.parametrize("code", ["while True: pass", "import time\ntime.sleep(60)"])
def test_it_is_stopped_when_it_takes_too_long(code):
    begin = time.monotonic()
    assert run_python(code, seconds=1)["error"] == "Stopped after 1 second."
    assert time.monotonic() - begin < 10


def test_what_was_printed_before_the_stop_is_kept():
    assert run_python("print('so far', flush=True)\nwhile True: pass", seconds=1)["output"] == "so far\n"


def test_much_output_is_cut():
    assert len(run_python("print('x' * 1_000_000)")["output"]) == sandbox.MAX_OUTPUT


def test_long_code_is_not_run():
    assert "longer than" in run_python("#" * (sandbox.MAX_CODE + 1))["error"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps to the limit")
def test_memory_is_limited():
    assert "MemoryError" in run_python("x = bytearray(900_000_000)")["output"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups")
def test_a_process_that_it_starts_does_not_keep_the_caller_waiting():
    code = "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\nprint('x')"
    begin = time.monotonic()
    assert run_python(code) == {"output": "x\n"}
    assert time.monotonic() - begin < 10

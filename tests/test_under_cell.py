"""Under a cell: a note in place of a traceback, and who answered in place of the model."""

import os
import re
import subprocess
import sys

import openai
import pytest
from exchanges import serve
from nbformat.v4 import new_code_cell
from test_chat_box import api_error

from helpers import check, under_cell
from helpers.proxy.recordings import Recordings
from helpers.setup.errors import NO_RECORDING
from helpers.setup.files import ROOT
from helpers.workshop.notebooks.kernel import Kernel

SETUP = """\
from helpers import check, lesson
from openai import AsyncOpenAI, OpenAI
lesson.start('01')
client = OpenAI()"""
VERSIONS = sorted((ROOT / "notebooks" / "assistant").glob("v*.py"))
ASK = "client.chat.completions.create(model='gpt-5.2', messages=[{'role': 'user', 'content': 'What is a quay?'}])"


@pytest.fixture(scope="module")
def kernel():
    with Kernel(ROOT / "notebooks", {"COURSE_MODE": "replay", "COURSE_PACE": "0"}) as kernel:
        kernel.run(new_code_cell(SETUP))
        yield kernel


def run(kernel, code):
    return kernel.run(new_code_cell(code), may_raise=True)


def shows_a_note_and_fails(outputs):
    *before, error = outputs
    box = before[-1]["data"]
    assert "No answer is recorded" in box["text/plain"]
    assert "<pre" in box["text/html"] and "ollama pull" in box["text/html"]
    assert (error.output_type, error.ename) == ("error", "APIStatusError")
    assert "No answer is recorded" in error.evalue
    assert len(error.traceback) == 1 and len(error.traceback[0]) < 80


def test_a_request_without_an_answer_shows_a_box_and_the_cell_has_failed(kernel):
    shows_a_note_and_fails(run(kernel, ASK))


def test_so_does_one_that_was_awaited(kernel):
    shows_a_note_and_fails(run(kernel, f"await Async{ASK.replace('client', 'OpenAI()')}"))


def test_every_other_error_has_its_traceback_as_ever(kernel):
    (error,) = run(kernel, "number = 1\nnumber / 0")
    assert error.ename == "ZeroDivisionError" and "number / 0" in re.sub(
        r"\x1b\[[\d;]*m", "", "\n".join(error.traceback)
    )
    (error,) = run(kernel, "1 +")
    assert error.ename == "SyntaxError"


def test_the_sdks_own_lines_are_left_out_of_a_traceback(kernel):
    run(kernel, f"def ask():\n    return {ASK.replace('client', 'client.with_options(max_retries=0)')}")
    for name, kind in (("400", "BadRequestError"), ("drop", "APIConnectionError")):
        (error,) = run(kernel, f"with lesson.faults('{name}'):\n    ask()")
        text = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error.traceback))
        assert error.ename == kind and text.count("Cell In[") == 2 and "site-packages" not in text
        assert len(text.splitlines()) < 30 and ("RemoteProtocolError" in text) == (name == "drop")


def test_an_error_of_the_course_is_one_sentence(kernel):
    (error,) = run(kernel, "lesson.show_last('cobol')")
    assert len(error.traceback) == 1 and "show_last knows" in error.traceback[0]


def test_a_check_after_it_does_not_say_that_nothing_was_started(kernel):
    exercise = "with check.exercise('1.1', 'Ask') as ex:\n    ex.needs(answer)"
    run(kernel, "answer = ...")
    (untouched,) = run(kernel, exercise)
    assert "Not started yet" in untouched["data"]["text/plain"]
    run(kernel, f"answer = {ASK}")
    (shown,) = run(kernel, exercise)
    assert "Not recorded" in shown["data"]["text/plain"] and "What is a quay?" in shown["data"]["text/plain"]
    (again,) = run(kernel, exercise)  # the cell before is now one that did not fail
    assert "Not started yet" in again["data"]["text/plain"]
    (inside,) = run(kernel, f"with check.exercise('1.2', 'Ask') as ex:\n    ex.that(lambda: {ASK}, 'Ask something.')")
    assert "Not recorded" in inside["data"]["text/plain"] and "another type" not in inside["data"]["text/plain"]


def test_an_answered_cell_shows_nothing_of_this(kernel):
    asked = (
        ASK.replace("What is a quay?", "Tell me a short story about a lighthouse.")[:-1] + ", max_completion_tokens=16)"
    )
    assert run(kernel, f"answer = {asked}") == []


def test_a_stand_in_is_named_after_the_cells_that_it_answered(kernel):
    stub = (
        "import sys, types, helpers.proxy\n"
        "standin = types.ModuleType('helpers.proxy.standin')\n"
        "standin.sentence = lambda exchange: f'Answered by {exchange.origin}, not by gpt-5.2.'\n"
        "sys.modules[standin.__name__] = helpers.proxy.standin = standin\n"
        "from helpers.proxy.exchange import Exchange\n"
        "def answer(name):\n"
        "    lesson._server.exchanges.append(Exchange({}, 0, 0.0, 200, source='stand-in', origin=name))"
    )
    assert run(kernel, stub) == []
    (line,) = run(kernel, "answer('gemma')")
    assert line["data"]["text/plain"] == "Answered by gemma, not by gpt-5.2."
    (line,) = run(kernel, "answer('gemma')\nanswer('llama')")
    assert line["data"]["text/plain"] == "Answered by gemma, not by gpt-5.2. So were 1 more."
    assert run(kernel, "1 + 1;") == []


def test_in_a_terminal_the_message_alone():
    code = f"{SETUP}\n{ASK}"
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "-c", code],
        capture_output=True, encoding="utf-8", cwd=ROOT,
    )  # fmt: skip
    shown = done.stdout + done.stderr
    assert "No answer is recorded" in shown and "ollama pull" in shown
    assert "site-packages" not in shown and "<p" not in shown


def test_messages_of_the_course_are_told_from_the_apis():
    assert under_cell.message(api_error(424, "Nothing here.", NO_RECORDING)) == "Nothing here."
    other = api_error(424, "Not ours.", "failed")
    other.body["type"] = "invalid_request_error"
    assert under_cell.message(other) is None
    assert under_cell.message(openai.OpenAIError("no body")) is None and under_cell.message(None) is None


def test_a_message_as_html_escapes_and_groups():
    shown = under_cell.as_html('First <b>.\n- one\n- two\n\nCopy:\n    {"a": 1}\n    x<y\nThe end.')
    assert shown.count("<ul") == shown.count("<pre") == 1 and shown.count("<li>") == 2
    assert "&lt;b&gt;" in shown and "x&lt;y" in shown and "- one" not in shown


def test_a_check_explains_an_error_that_reaches_it(monkeypatch, capsys):
    monkeypatch.setattr(check, "display", lambda lines, raw: print(lines["text/plain"]))
    with check.exercise("1.1", "Ask") as exercise:
        raise api_error(424, "No answer is recorded for this request.\n\nOther lines.", NO_RECORDING)
    said = capsys.readouterr().out
    assert "Not recorded" in said and "No answer is recorded" in said and "Other lines" not in said
    assert check.results[exercise.number] == "hint"


@pytest.mark.parametrize("script", VERSIONS, ids=lambda script: script.stem)
def test_the_assistants_show_the_message_and_blame_nobody(script, served, tmp_path):
    done = subprocess.run(
        [sys.executable, script],
        input="Why do cats purr at noon?\nquit\n", capture_output=True, encoding="utf-8", env=served, cwd=tmp_path,
    )  # fmt: skip
    shown = done.stdout + done.stderr
    assert "No answer is recorded for this request." in shown and "Traceback" not in shown
    assert "trouble" not in shown and "refused" not in shown


@pytest.fixture(scope="module")
def served():
    server = serve("replay", Recordings(*(ROOT / "data" / "recordings").iterdir()))
    yield {**os.environ, "OPENAI_BASE_URL": f"{server.url}/v1", "OPENAI_API_KEY": "any", "PYTHONUTF8": "1"}
    server.close()

"""The projects of lessons 17 to 19, where something goes wrong: their own cells, run in replay up to the app."""

import contextlib
from types import SimpleNamespace

import numpy as np
import pytest
from traitlets import TraitError

from helpers import lesson, models, tokens
from helpers.setup import environment
from helpers.setup.files import ROOT
from helpers.workshop.lessons import written_lessons
from helpers.workshop.notebooks.cells import compose


def cells_of(number, until):
    """A lesson's names after its code cells, up to the first one that contains a text."""
    [found] = [one for one in written_lessons() if one.stem.startswith(number)]
    names = {"display": lambda *shown: None}
    for cell in compose(found).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, found.stem, "exec"), names)
            if until in cell.source:
                return names
    raise AssertionError(f"No cell of lesson {number} contains {until}")


@contextlib.contextmanager
def run(number, until):
    """The names of `cells_of`; afterwards this process is as it was."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "COURSE_UPSTREAM", "NO_PROXY", "no_proxy"):
            patch.setenv(name, "")  # so that what start sets is undone
        for name in ("_put", "_file"):
            patch.setattr(environment, name, {})
        patch.setattr(lesson, "_server", None)
        yield cells_of(number, until)
        lesson._server.close()


@pytest.fixture(scope="module")
def harbour():
    with run("19", "radio = AppBox(") as names:
        yield names


def test_every_recorded_message_of_the_chatbot_is_answered_and_reset_begins_anew(harbour):
    box = harbour["box"]
    for path in harbour["PATHS"]:
        for message in path:
            box.send(message)
            assert box.conversation[-1]["role"] == "assistant", box.notice.value
            assert box.foot.value.startswith("<small>Searched for: ") and not box.button.disabled
        box.reset()
        assert box.foot.value == "<small></small>"


def test_a_program_that_does_not_come_with_the_course_needs_a_yes(harbour, monkeypatch, capsys):
    def answers(said):
        def read(prompt):
            if isinstance(said, type):
                raise said
            return said

        monkeypatch.setattr("builtins.input", read)
        return harbour["person"]("run_python", '{"code": "print(1)"}')

    monkeypatch.setattr(lesson, "authored", lambda: False)
    assert [answers(said) for said in ("y", " YES ", "", "n", EOFError)] == [True, True, False, False, False]
    assert "print(1)" in capsys.readouterr().out
    monkeypatch.setattr(lesson, "authored", lambda: True)
    assert answers(AssertionError), "nobody is asked"


def test_the_team_says_whether_its_result_was_checked(harbour, monkeypatch):
    def works(problems, rounds):
        coming = iter(problems)
        reviews = {True: [harbour["Problem"](words="x", why="y")], False: []}
        monkeypatch.setitem(harbour, "checker", lambda *_: harbour["Review"](problems=reviews[next(coming)]))
        return harbour["team"]("note", rounds)

    for role in ("writer", "editor"):
        monkeypatch.setitem(harbour, role, lambda *_: "A notice.")
    assert works([False], 2).clean and works([True, False], 2).clean
    unchecked = works([True, True], 2)
    assert not unchecked.clean and "result, not checked" in unchecked._repr_html_()
    assert not works([], 0).clean


def test_a_checker_that_refuses_is_not_taken_for_a_clean_review(harbour, monkeypatch):
    message = SimpleNamespace(parsed=None, refusal="I cannot.")
    answer = SimpleNamespace(choices=[SimpleNamespace(message=message)])
    completions = SimpleNamespace(parse=lambda **_: answer)
    monkeypatch.setitem(harbour, "client", SimpleNamespace(chat=SimpleNamespace(completions=completions)))
    with pytest.raises(ValueError, match="I cannot"):
        harbour["checker"]("note", "notice")


def test_an_error_of_a_tool_becomes_a_result_without_its_text(harbour, monkeypatch):
    def lost(page):
        raise FileNotFoundError("/somewhere/of/mira/secret.md")

    monkeypatch.setitem(harbour["FUNCTIONS"], "browse", lost)
    result = harbour["run_tool"]("browse", '{"page": "index.md"}', None)
    assert "FileNotFoundError" in result and "secret" not in result
    assert "secret" in harbour["log"][-1]
    assert "There is no tool fly" in harbour["run_tool"]("fly", "{}", None)
    assert "JSONDecodeError" in harbour["run_tool"]("query", "{", None)


@pytest.mark.parametrize(("max_usd", "choices"), [(0.0002, ["auto", "auto", "none"]), (1, ["auto"] * 4 + ["none"])])
def test_the_agent_must_answer_at_its_cap_in_usd_or_at_its_last_step(harbour, monkeypatch, max_usd, choices):
    asked = []

    def respond(messages, tools, tool_choice):
        asked.append(tool_choice)
        function = SimpleNamespace(name="browse", arguments='{"page": "index.md"}')
        calls = [SimpleNamespace(id="1", function=function)] if tool_choice == "auto" else None
        message = SimpleNamespace(content=None if calls else "Done.", tool_calls=calls)
        usage = {"prompt_tokens": 1000, "completion_tokens": 0}  # $0.0001 with the small model
        return SimpleNamespace(choices=[SimpleNamespace(message=message)], usage=usage)

    monkeypatch.setitem(harbour, "respond", respond)
    run = harbour["agent"]("Go on for ever.", None, max_steps=5, max_usd=max_usd)
    assert (asked, run.answer) == (choices, "Done.")
    assert run.usd == pytest.approx(0.0001 * len(choices))


@pytest.mark.parametrize("name", ["../../../.env", "/etc/hostname", "pages/index.md"])
def test_the_voice_takes_its_own_recordings_and_no_other_file(harbour, name):
    field, folder = harbour["radio"].fields["path"], harbour["FOLDER"]
    for value in (name, folder / name):
        with pytest.raises(TraitError):
            field.value = value
    assert {path.parent for _, path in field.options} == {folder}


@pytest.fixture(scope="module")
def shown():
    with run("18", "upload.observe(") as names:
        yield names


def test_a_document_that_changed_under_its_name_gets_a_new_index(shown, monkeypatch, tmp_path):
    embedded = []

    def vectors(texts):
        embedded.append(len(texts))
        return np.ones((len(texts), 2))

    monkeypatch.setitem(shown, "vectors", vectors)
    monkeypatch.setitem(shown, "WHOLE", 0)
    document = tmp_path / "rules.md"
    document.write_text("# One\n\n# Two\n", encoding="utf-8")
    assert len(shown["relevant"](document, "?")) == 2
    document.write_text("# One\n\n# Two\n\n# Three\n", encoding="utf-8")
    assert len(shown["relevant"](document, "?")) == 3
    shown["relevant"](document, "?")
    assert embedded == [2, 1, 3, 1, 1], "each content once, beside the questions"


def test_no_upload_vanishes(shown, monkeypatch, tmp_path):
    monkeypatch.setitem(shown, "OUT", tmp_path)
    files = {app: shown[f"{app}_app"].fields["file"] for app in ("documents", "minutes", "pictures")}
    assert "answer from a document, write minutes" in shown["bring"]("../talk.txt", b"Ida: yes.")
    assert files["documents"].value == files["minutes"].value == tmp_path / "talk.txt"
    shown["bring"]("talk.txt", b"Ida: no.")
    assert [value for _, value in files["minutes"].options].count(tmp_path / "talk.txt") == 1
    assert (tmp_path / "talk.txt").read_bytes() == b"Ida: no."
    assert "describe pictures" in shown["bring"]("PIC.WEBP", b"RIFF")
    assert "no app here reads it" in shown["bring"]("table.xlsx", b"PK") and not (tmp_path / "table.xlsx").exists()
    shown["take"]({"new": ({"name": "<b>.doc", "content": memoryview(b"")},)})
    assert "&lt;b&gt;.doc was not taken" in shown["brought"].value


def test_what_is_left_in_the_pieces_is_shown_with_the_summary():
    with run("17", "def summarise(") as names:

        def condense(text, sentences, source):
            left = ["Wrong."] if text == source else []  # in a piece, and not in the whole
            return names["Checked"](names["Summary"](sentences=["One."]), left, left)

        names["condense"] = condense
        result = names["summarise"]("\n\n".join(["word " * 300] * 2))
        assert result.left == ["Piece 1: Wrong.", "Piece 2: Wrong."]
        assert "Piece 2: Wrong." in str(result)


def test_a_long_text_without_headings_becomes_parts_that_the_embedding_model_takes(tmp_path):
    with run("18", "def parts_of(") as names:
        path = tmp_path / "diary.md"
        path.write_text("\n".join(f"On day {n} we sailed on." for n in range(3000)), encoding="utf-8")
        parts = names["parts_of"](path)
        assert len(parts) > 1 and max(tokens.count(text, models.EMBEDDING) for text in parts.values()) <= 1000
        assert "".join(parts.values()) == path.read_text(encoding="utf-8"), "nothing is lost"

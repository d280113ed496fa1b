"""The fourth version of the assistant, where something goes wrong: streams that break, arguments, refusals, limits."""

import importlib.util
import json
from types import SimpleNamespace

import httpx2
import openai
import pytest

from helpers.setup.files import ROOT

SCRIPT = ROOT / "notebooks" / "assistant" / "v4_tools.py"


@pytest.fixture
def assistant(tmp_path, monkeypatch):
    """The script as a module, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "test-" + "key")
    spec = importlib.util.spec_from_file_location("v4_tools", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def chunk(content=None, calls=None, finish=None, tokens=None):
    """A chunk of a stream; `calls` are pieces (index, id, name, arguments)."""
    if tokens:
        return SimpleNamespace(choices=[], usage=SimpleNamespace(total_tokens=tokens))
    pieces = [
        SimpleNamespace(index=index, id=id, function=SimpleNamespace(name=name, arguments=text))
        for index, id, name, text in calls or ()
    ]
    delta = SimpleNamespace(content=content, tool_calls=pieces or None)
    return SimpleNamespace(choices=[SimpleNamespace(delta=delta, finish_reason=finish)], usage=None)


def says(text, tokens=10):
    return [chunk(text), chunk(finish="stop"), chunk(tokens=tokens)]


def asks(*calls, tokens=10):
    """A whole answer that calls functions, each (name, arguments), the arguments in two pieces."""
    opened = [chunk(calls=[(n, f"id{n}", name, "")]) for n, (name, _) in enumerate(calls)]
    halves = [
        chunk(calls=[(n, None, None, half)])
        for n, (_, text) in enumerate(calls)
        for half in (text[: len(text) // 2], text[len(text) // 2 :])
    ]
    return [*opened, *halves, chunk(finish="tool_calls"), chunk(tokens=tokens)]


class Stream:
    """Plays chunks; an exception among them is raised at its place."""

    def __init__(self, chunks):
        self.chunks = chunks

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def __iter__(self):
        for one in self.chunks:
            if isinstance(one, BaseException):
                raise one
            yield one


@pytest.fixture
def talk(assistant, monkeypatch, capsys):
    """Types lines to the assistant while the model gives the prepared answers; returns the output and the requests."""

    def run(typed, answers):
        lines, prepared, requests = iter(typed), iter(answers), []

        def create(**request):
            requests.append(json.loads(json.dumps(request)))
            return Stream(next(prepared))

        def typing(prompt=""):
            print(prompt, end="")
            line = next(lines, None)
            if line is None:
                raise EOFError
            return line

        completions = SimpleNamespace(create=create)
        client = SimpleNamespace(chat=SimpleNamespace(completions=completions))
        monkeypatch.setattr(assistant.openai, "OpenAI", lambda **options: client)
        monkeypatch.setattr("builtins.input", typing)
        assistant.main()
        return capsys.readouterr().out, requests

    return run


BROKEN = openai.APIConnectionError(request=httpx2.Request("POST", "http://localhost"))
SUM = ("calculate", '{"expression": "1249.90 * 17.5 / 100"}')


def test_two_calls_at_once_are_both_run_and_answered_in_order(talk):
    out, (_, second) = talk(["How much?", "quit"], [asks(SUM, ("read_notes", "{}")), says("218.7325, no notes.")])
    called, *results = second["messages"][2:]
    assert [call["function"]["name"] for call in called["tool_calls"]] == ["calculate", "read_notes"]
    assert called["tool_calls"][0]["function"]["arguments"] == SUM[1], "the pieces are put together"
    assert [result["tool_call_id"] for result in results] == ["id0", "id1"]
    assert json.loads(results[0]["content"]) == {"exact": "87493/400", "decimal": "218.7325"}
    assert json.loads(results[1]["content"]) == {"notes": []}
    assert "218.7325, no notes." in out and "Tokens used: 20. Requests without a count: 0." in out


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("fly", "{}", "no tool fly"),
        ("calculate", '{"expression": "1 +', "JSONDecodeError"),
        ("calculate", '{"sum": "1"}', "TypeError"),
        ("calculate", "[]", "TypeError"),
        ("calculate", '{"expression": "1/0"}', "ZeroDivisionError"),
        ("calculate", '{"expression": "__import__(1)"}', "Only numbers"),
        ("calculate", json.dumps({"expression": "9**9"}), "Only numbers"),
        ("calculate", json.dumps({"expression": "1+" * 200 + "1"}), "Too long"),
        ("calculate", json.dumps({"expression": "*".join(["1e300"] * 4)}), "OverflowError"),
    ],
)
def test_every_mistake_becomes_a_result(talk, name, arguments, error):
    _, (_, second) = talk(["Go", "quit"], [asks((name, arguments)), says("Sorry.")])
    assert error in json.loads(second["messages"][-1]["content"])["error"]


@pytest.mark.parametrize("version", ["v4_tools", "v5_images", "v6_voice", "v7_documents", "v8_whole"])
def test_the_model_never_sees_the_text_of_a_fault(version, monkeypatch, capsys):
    spec = importlib.util.spec_from_file_location(version, SCRIPT.with_name(f"{version}.py"))
    assistant = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(assistant)

    def fails():
        raise ConnectionError("postgres://admin:hunter2@10.0.0.3 refused")

    monkeypatch.setitem(assistant.FUNCTIONS, "fails", fails)
    sessions = [assistant.FUNCTIONS] if version in ("v7_documents", "v8_whole") else []
    result = json.loads(assistant.run_tool("fails", "{}", *sessions))
    assert "ConnectionError" in result["error"] and "hunter2" not in result["error"]
    assert "hunter2" in capsys.readouterr().out, "the user can see why"


@pytest.mark.parametrize(("answer", "saved"), [("y", True), (" YES ", True), ("n", False), ("", False), ("why", False)])
def test_a_note_is_saved_only_after_a_yes(talk, tmp_path, answer, saved):
    note = ("save_note", '{"text": "two\\nlines é"}')
    out, (_, second) = talk(["Note it", answer, "quit"], [asks(note), says("OK.")])
    assert "May I? [y/N]" in out and "two\\nlines" in out, "the user sees what would be saved"
    assert json.loads(second["messages"][-1]["content"]) == (
        {"saved": True} if saved else {"error": "The user did not allow this."}
    )
    notes = tmp_path / "notes.txt"
    assert notes.exists() is saved
    assert not saved or notes.read_bytes() == "two lines é\n".encode()


def test_a_call_that_did_not_arrive_whole_is_not_run(talk, tmp_path):
    half = [chunk("Wait. "), *asks(("save_note", '{"text": "x"}'))[:2], BROKEN]
    out, (_, second) = talk(["Note it", "go on", "quit"], [half, says("There.")])
    assert "May I" not in out and not (tmp_path / "notes.txt").exists()
    assert second["messages"][2] == {"role": "assistant", "content": "Wait.  […]"}


def test_arguments_cut_off_at_the_limit_are_not_run(talk):
    cut = [*asks(SUM)[:2], chunk(finish="length"), chunk(tokens=500)]
    out, (_, second) = talk(["How much?", "go on", "quit"], [cut, says("There.")])
    assert "[calculate" not in out and "cut off" in out
    assert [message["role"] for message in second["messages"]] == ["developer", "user", "assistant", "user"]
    assert "tool_calls" not in second["messages"][2]


def test_a_question_that_fails_after_a_tool_leaves_no_trace_in_the_memory(talk):
    out, requests = talk(["How much?", "Hello", "quit"], [asks(SUM), [BROKEN], says("Hi.")])
    assert "The connection failed" in out
    assert [message["content"] for message in requests[-1]["messages"][1:]] == ["Hello"]


def test_ctrl_c_at_the_question_takes_it_back(talk):
    _, requests = talk(["How much?", "Hello", "quit"], [[KeyboardInterrupt()], says("Hi.")])
    assert len(requests[-1]["messages"]) == 2


def test_a_loop_ends_with_an_answer_at_the_step_limit(talk, assistant):
    endless = [asks(SUM) for _ in range(assistant.MAX_STEPS - 1)]
    out, requests = talk(["Go", "quit"], [*endless, says("Enough.")])
    assert [request["tool_choice"] for request in requests] == ["auto"] * (assistant.MAX_STEPS - 1) + ["none"]
    assert all(request["tools"] == assistant.TOOLS for request in requests)
    assert "Enough." in out


def test_a_loop_ends_with_an_answer_at_the_token_limit(talk, assistant):
    _, requests = talk(["Go", "quit"], [asks(SUM, tokens=assistant.MAX_TOKENS), says("Enough.")])
    assert [request["tool_choice"] for request in requests] == ["auto", "none"]


def test_the_end_of_the_input_ends_it_politely(talk, tmp_path):
    out, _ = talk(["Note it"], [asks(("save_note", '{"text": "x"}'))])
    assert out.endswith("Goodbye.\n") and not (tmp_path / "notes.txt").exists()


def test_the_descriptions_are_strict_and_fit_the_functions(assistant):
    assert {tool["function"]["name"] for tool in assistant.TOOLS} == set(assistant.FUNCTIONS)
    for tool in assistant.TOOLS:
        schema = tool["function"]["parameters"]
        assert tool["function"]["strict"] is True and schema["additionalProperties"] is False
        names = assistant.FUNCTIONS[tool["function"]["name"]].__code__.co_varnames
        count = assistant.FUNCTIONS[tool["function"]["name"]].__code__.co_argcount
        assert set(schema["properties"]) == set(schema["required"]) == set(names[:count])

"""The app box: examples fill the fields, the button shows results and prices, and errors end in a sentence."""

import ipywidgets
import openai
import pytest
from exchanges import serve
from small_answer import small_answer
from test_chat_box import api_error

from helpers import lesson, widgets
from helpers.demos import app_box
from helpers.demos.app_box import AppBox
from helpers.proxy.meter import Reading
from helpers.proxy.recordings import Recordings
from helpers.tables import Table

EXAMPLES = {"Short": {"text": "a b"}, "Long": {"text": "a b c d"}}


def box(run, **options):
    return AppBox(run, EXAMPLES, "Count", text=app_box.text_area("Text"), **options)


class Call:
    """Stands for an exchange: its reading is all that the box looks at."""

    def __init__(self, cost):
        self.reading = Reading("gpt-5.2", {"total_tokens": 100}, cost)
        self.source = "recording"


@pytest.fixture
def calls(monkeypatch):
    seen = []
    monkeypatch.setattr(lesson, "log", lambda: list(seen))
    return seen


def words(text):
    return f"{len(text.split())} words & <more>"


def test_an_example_fills_the_fields_and_forgets_the_last_result(calls):
    app = box(words)
    assert app.fields["text"].value == "a b"
    app.press()
    assert "2 words &amp; &lt;more&gt;" in app.result.value
    app.menu.value = "Long"
    assert app.fields["text"].value == "a b c d"
    assert app.result.value == app.price.value == ""
    app.button.click()
    assert "4 words" in app.result.value


def test_tables_and_lists_are_shown_as_html(calls):
    app = box(lambda text: [Table(["Word"], [[text]]), "and a line"])
    app.press()
    assert "<table>" in app.result.value and 'class="spaced"' in app.result.value
    assert "and a line" in app.result.value


def test_data_is_shown_by_a_function_of_its_own_and_returned_as_it_is(calls):
    app = box(lambda text: text.split(), show=lambda found: Table(["Word"], [[word] for word in found]))
    app.press()
    assert app.result.value.count("<tr>") == 3  # the heading and two words
    assert app.run_all() == {"Short": ["a", "b"], "Long": ["a", "b", "c", "d"]}


def test_a_press_tells_its_own_price_only(calls):
    calls.append(Call(5.0))
    app = box(lambda text: calls.extend([Call(0.25), Call(0.5)]) or "done")
    app.press()
    assert "2 paid calls, 200 tokens, $0.75" in app.price.value


def test_an_unknown_price_is_said(calls):
    app = box(lambda text: calls.append(Call(None)) or "done")
    app.press()
    assert "unknown" in app.price.value


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("it broke, sk-" + "planted" * 4), "RuntimeError: it broke"),
        (KeyboardInterrupt(), "Stopped"),
        (api_error(424, "closest: 12.json", "no_recording"), "Choose one of the examples"),
    ],
)
def test_an_error_is_shown_and_the_button_works_again(calls, error, words):
    def fail(text):
        raise error

    app = box(fail)
    app.press()
    assert words in app.notice.value
    assert "planted" not in app.notice.value
    assert app.result.value == ""
    assert not app.button.disabled
    assert app.fields["text"].value == "a b"


def test_the_price_table_holds_what_each_example_used(calls):
    app = box(lambda text: calls.extend(Call(0.125) for _ in text.split()) or text)
    with pytest.raises(ValueError, match="run_all"):
        app.price_table()
    assert app.run_all() == {"Short": "a b", "Long": "a b c d"}
    assert app.price_table().rows == [["Short", "2", "200", "$0.25"], ["Long", "4", "400", "$0.50"]]
    assert "$0.375 on average" in app.price_table().note


def test_examples_must_fill_every_field():
    with pytest.raises(ValueError, match="Short"):
        AppBox(words, {"Short": {"text": "a", "more": 1}}, "Go", text=ipywidgets.Text())
    with pytest.raises(ValueError, match="at least one"):
        AppBox(words, {}, "Go", text=ipywidgets.Text())


def test_an_input_without_an_answer_is_told_which_ones_have_one(calls):
    def fail(text):
        raise api_error(424, "closest: 12.json", "no_recording")

    app = AppBox(fail, {"<A>": {"text": "a"}, "Long one": {"text": "b"}}, "Go", text=ipywidgets.Text())
    app.press()
    assert "&lt;A&gt;; Long one" in app.notice.value


def test_enter_in_a_line_presses_the_button(calls):
    app = AppBox(words, EXAMPLES, "Go", text=app_box.text_line("Text"))
    message = {"method": "custom", "content": {"event": "submit"}}
    app.fields["text"]._handle_msg({"content": {"data": message}, "buffers": []})
    assert "2 words" in app.result.value


def test_reset_and_choosing_the_shown_example_again_bring_it_back(calls):
    app = box(words)
    app.fields["text"].value = "my own"
    assert app.menu.value == app_box.OWN
    app.press()
    app.reset_button.click()
    assert (app.menu.value, app.fields["text"].value, app.result.value) == ("Short", "a b", "")
    app.fields["text"].value = "my own"
    app.menu.value = "Short"
    assert app.fields["text"].value == "a b"
    app.fields["text"].value = "a b c d"  # the other example, typed
    assert app.menu.value == "Long"


def test_white_space_at_the_ends_is_nothing_unless_an_example_has_it(calls):
    got = []
    app = AppBox(lambda text: got.append(text), {"A": {"text": "  x = 1\n"}}, "Go", text=app_box.text_area("Code"))
    for typed in ("x = 1", " x = 1 \n\n", "y "):
        app.fields["text"].value = typed
        app.press()
    assert got == ["  x = 1\n", "  x = 1\n", "y"]


def test_an_empty_field_is_said_and_one_that_may_be_empty_is_not(calls):
    got = []
    examples = {"A": {"text": "a", "terms": ""}, "B": {"text": "b", "terms": "b = c"}}
    fields = {"text": app_box.text_area("Text"), "terms": app_box.text_line("Fixed terms")}
    app = AppBox(lambda text, terms: got.append((text, terms)), examples, "Go", **fields)
    app.fields["text"].value = "  "
    app.press()
    assert got == [] and "Text is empty. Type something, or choose from the list." in app.notice.value
    app.fields["text"].value = "c"
    app.press()
    assert got == [("c", "")]


@pytest.fixture
def replayed(tmp_path, monkeypatch):
    """A client in replay, where France is recorded and Italy is not."""
    monkeypatch.setenv("COURSE_STANDIN_URL", "off")
    request = {"method": "POST", "path": "/v1/chat/completions", "json": asked("France")}
    response = {"status": 200, "headers": {"content-type": "application/json"}, "json": small_answer("Paris")}
    folder = Recordings(tmp_path / "01")
    folder.save({"request": request, "response": response, "origin": {"kind": "authored", "date": "", "basis": ""}})
    server = serve("replay", folder)
    monkeypatch.setattr(lesson, "_server", server)
    monkeypatch.setattr(lesson, "_direct", False)
    client = openai.OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0)
    yield lambda country: client.chat.completions.create(**asked(country)).choices[0].message.content
    server.close()


def asked(country):
    return {"model": "gpt-5.2", "messages": [{"role": "user", "content": f"The capital of {country}?"}]}


def test_a_position_without_an_answer_says_so_at_that_position_and_leaves_no_trace(replayed):
    listed = widgets.choice("Country", ["France", "Italy"])
    app = AppBox(lambda country: replayed(country), {"France": {"country": "France"}}, "Ask", country=listed)
    listed.value = "Italy"
    assert "Country Italy: no answer is recorded" in app.notice.value
    assert lesson.exchanges() == []
    listed.value = "France"
    assert app.notice.value == ""
    app.press()
    assert "Paris" in app.result.value and len(lesson.exchanges()) == 1
    listed.value = "Italy"
    app.press()
    assert "Choose one of the examples" in app.notice.value


def test_what_would_be_answered_is_not_tried_where_it_costs_something(replayed, monkeypatch):
    called = []
    monkeypatch.setattr(lesson._server, "mode", "live")
    assert lesson.answered(lambda: called.append(1)) and called == []

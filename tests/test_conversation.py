"""Conversations with tools, drawn as sequences, and stepped through request by request."""

from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from openai.types.chat import ChatCompletionMessage

from helpers.demos import conversation


def calls(*made):
    return [
        {"id": f"id{n}", "type": "function", "function": {"name": name, "arguments": text}} for n, name, text in made
    ]


MESSAGES = [
    {"role": "developer", "content": "Be <brief>."},
    {"role": "user", "content": "Which rope?"},
    ChatCompletionMessage.model_validate(
        {
            "role": "assistant",
            "content": None,
            "tool_calls": calls((1, "query", '{"sql":"SELECT 1"}'), (2, "convert", '{"value":40,"to":null}')),
        }
    ),
    {"role": "tool", "tool_call_id": "id2", "content": '{"result": "12"}'},
    {"role": "tool", "tool_call_id": "id1", "content": '{"rows": []}'},
    {"role": "assistant", "content": "Let me add.", "tool_calls": calls((3, "add", '{"a": 1'))},
    {"role": "tool", "tool_call_id": "id3", "content": "error"},
    ChatCompletionMessage(role="assistant", content="The floating line."),
]
USAGES = [SimpleNamespace(prompt_tokens=n, completion_tokens=n // 10) for n in (500, 1600, 1700)]


class Cells(HTMLParser):
    """The rows of a table: for each its head, the number of empty cells before and after the words, and the words."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.open = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append([int(dict(attributes).get("colspan", 1)), ""])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, "tags are nested"

    def handle_data(self, data):
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1][1] += data


def test_each_message_and_each_call_is_an_arrow_between_lanes():
    found = [arrow[:3] for arrow in conversation.arrows(MESSAGES)]
    assert found == [
        (1, "You", "Model"), (2, "You", "Model"), (3, "Model", "Tools"), (3, "Model", "Tools"), (4, "Tools", "Model"),
        (5, "Tools", "Model"), (6, "Model", "You"), (6, "Model", "Tools"), (7, "Tools", "Model"), (8, "Model", "You"),
    ]  # fmt: skip


def test_results_name_the_calls_that_they_answer_whatever_their_order():
    texts = [arrow.text for arrow in conversation.arrows(MESSAGES)]
    assert texts[2] == "call 1: query(sql='SELECT 1')"
    assert texts[3] == "call 2: convert(value=40, to=None)"
    assert texts[4] == 'result of call 2: {"result": "12"}'
    assert texts[5] == 'result of call 1: {"rows": []}'
    assert texts[7] == 'call 3: add({"a": 1)', "arguments that are no JSON are shown as they came"
    stray = conversation.arrows([{"role": "tool", "tool_call_id": "nobody", "content": "x"}])
    assert stray[0].text == "result of an unknown call: x"


def test_other_kinds_of_content():
    parts = [{"type": "text", "text": "What is on"}, {"type": "image_url", "image_url": {"url": "data:"}}]
    assert conversation.arrows([{"role": "user", "content": parts}])[0].text == "What is on [image_url]"
    odd = {"role": "assistant", "tool_calls": calls((1, "f", "[1]"))}
    assert conversation.arrows([odd])[0].text == "call 1: f([1])"
    assert conversation.arrows([{"role": "assistant", "content": ""}]) == []


def test_drawing_and_text_say_the_same():
    drawn = conversation.Sequence(MESSAGES, "A caption.", marks={8: "answer"})
    lines = repr(drawn).splitlines()
    head, *rows = Cells(drawn._repr_html_()).rows
    assert [name for _, name in head] == ["Message", *conversation.LANES]
    assert lines[0] == "A caption." and "A caption." in drawn._repr_html_()
    assert len(rows) == len(lines) - 1 == len(drawn.arrows)
    for line, (label, *cells), arrow in zip(lines[1:], rows, drawn.arrows, strict=True):
        assert sum(span for span, _ in cells) == 3
        words = next(text for span, text in cells if span == 2)
        assert arrow.text in line and arrow.text in words and arrow.role in line and arrow.role in words
        assert f"{arrow.start} → {arrow.end}".lower() in line
        assert label[1] == line.split("  ")[0].strip() or line.strip().startswith(label[1])
        assert ("▶" in words) is (conversation.LANES.index(arrow.start) < conversation.LANES.index(arrow.end))
        assert (cells[0][0] == 1) is ("Tools" in arrow[:3]), "calls and results stand on the right"
    assert lines[-1].strip().startswith("8 answer")


def test_what_models_and_tools_say_cannot_break_the_page():
    evil = "</td></table><script>alert(1)</script>"
    page = conversation.Sequence([{"role": "user", "content": evil}], evil)._repr_html_()
    assert "<script>" not in page and len(Cells(page).rows) == 2


def test_long_texts_are_cut_where_asked():
    long = [{"role": "user", "content": "word " * 100}]
    assert repr(conversation.Sequence(long)).endswith("…")
    assert repr(conversation.Sequence(long, longest=1000)).endswith("word")
    assert len(conversation.Sequence(long, longest=20)._short(conversation.arrows(long)[0])) == 20


def test_the_stepper_shows_what_each_request_sends_and_what_is_new():
    demo = conversation.stepper(MESSAGES, USAGES)
    slider, (_, shown) = demo.controls["request"], demo.widget.children
    assert (slider.min, slider.max) == (1, 3)
    seen = {}
    for slider.value in (1, 2, 3):
        labels = [row[0][1] for row in Cells(shown.value[shown.value.index("<table") :]).rows[1:]]
        seen[slider.value] = labels
    assert seen[1] == ["1 new", "2 new", "3 answer", "3 answer"]
    assert seen[2] == ["1", "2", "3", "3", "4 new", "5 new", "6 answer", "6 answer"]
    assert seen[3] == ["1", "2", "3", "3", "4", "5", "6", "6", "7 new", "8 answer"]
    assert "7 messages, 1,700 tokens" in shown.value and "answers with 170 tokens" in shown.value


def test_the_table_of_requests_counts_what_each_sends():
    table = conversation.request_table(MESSAGES, USAGES)
    assert [row[1:3] for row in table.rows] == [["2", "500"], ["5", "1,600"], ["7", "1,700"]]
    assert [row[4] for row in table.rows] == ["query, convert", "add", "text"]


def test_requests_and_usages_must_match():
    with pytest.raises(ValueError, match="zip"):
        conversation.request_table(MESSAGES, USAGES[:2])

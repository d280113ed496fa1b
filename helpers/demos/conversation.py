"""A conversation with tools, drawn as a sequence of messages between you, the model and your tools.

conversation.Sequence(messages)            # the whole conversation
conversation.stepper(messages, usages)     # a slider over its requests: what the model sees in each
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence as Ordered
from typing import Any, NamedTuple

from .. import widgets
from ..tables import Table

LANES = ["You", "Model", "Tools"]
_CELL = "text-align: left; white-space: normal; overflow-wrap: anywhere; padding: 6px 10px 2px"
_ARROW = "display: flex; align-items: center; margin: 0 25%; line-height: 1"  # from the middle of a lane to the next
_LINE = "flex: 1; border-top: 2px solid"


class Arrow(NamedTuple):
    """One arrow of the drawing: number of its message, from lane, to lane, the role that speaks, and the words."""

    number: int
    start: str
    end: str
    role: str
    text: str


def arrows(messages: Ordered[Any]) -> list[Arrow]:
    """The arrows of a conversation.

    Args:
        messages: of Chat Completions, dicts or objects of the SDK, in order. Calls of tools are numbered through, and
            each result names the call that it belongs to.
    """
    found: list[Arrow] = []
    calls: dict[str, str] = {}
    for number, message in enumerate(map(_as_dict, messages), 1):
        role, content = message["role"], message.get("content")
        if role == "tool":
            name = calls.get(message["tool_call_id"], "an unknown call")
            found.append(Arrow(number, "Tools", "Model", role, f"result of {name}: {content}"))
            continue
        if content:
            start, end = ("Model", "You") if role == "assistant" else ("You", "Model")
            found.append(Arrow(number, start, end, role, _words(content)))
        for call in message.get("tool_calls") or ():
            name = calls.setdefault(call["id"], f"call {len(calls) + 1}")
            found.append(Arrow(number, "Model", "Tools", role, f"{name}: {_written(call['function'])}"))
    return found


class Sequence:
    """A conversation as a sequence diagram: a table of three lanes in a notebook, one line for each arrow elsewhere.

    Args:
        messages: as for `arrows`.
        caption: what is shown, in a sentence.
        marks: number of a message -> a word to show beside it, like "new".
        longest: characters of a message that are shown.
    """

    def __init__(
        self, messages: Ordered[Any], caption: str = "", *, marks: dict[int, str] | None = None, longest: int = 180
    ) -> None:
        self.arrows, self.caption, self.marks, self.longest = arrows(messages), caption, marks or {}, longest

    def __repr__(self) -> str:
        lines = [self.caption] if self.caption else []
        for arrow in self.arrows:
            way = f"{arrow.start} → {arrow.end}".lower()
            lines.append(f"{self._label(arrow):>9}  {way:13}  {arrow.role}: {self._short(arrow)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        heads = "".join(
            f'<th scope="col" width="{width}%" style="text-align: center">{name}</th>'
            for name, width in zip(["Message", *LANES], (10, 30, 30, 30), strict=True)
        )
        parts = ['<table style="width: 100%; max-width: 56em; table-layout: fixed">']
        if self.caption:
            parts.append(f"<caption>{html.escape(self.caption)}</caption>")
        parts.append(f"<thead><tr>{heads}</tr></thead><tbody>")
        parts += [self._row(arrow) for arrow in self.arrows]
        return "\n".join([*parts, "</tbody></table>"])

    def _row(self, arrow: Arrow) -> str:
        left, right = sorted((LANES.index(arrow.start), LANES.index(arrow.end)))
        forward = LANES.index(arrow.start) == left
        words = f"<b>{arrow.role}</b> {html.escape(self._short(arrow))}"
        line = f'<span style="{_LINE}"></span>'
        drawn = f"{line}<span>▶</span>" if forward else f"<span>◀</span>{line}"
        side = "right" if forward else "left"
        text = f'<div style="line-height: 1.35">{words}</div>'
        text += f'<div align="{side}" style="{_ARROW}" aria-hidden="true">{drawn}</div>'
        cells = [f'<td colspan="2" align="left" style="{_CELL}">{text}</td>']
        cells.insert(0 if left else 1, "<td></td>")
        head = f'<th scope="row" style="text-align: center">{self._label(arrow)}</th>'
        return f"<tr>{head}{''.join(cells)}</tr>"

    def _short(self, arrow: Arrow) -> str:
        text = " ".join(arrow.text.split())
        return text if len(text) <= self.longest else f"{text[: self.longest - 1]}…"

    def _label(self, arrow: Arrow) -> str:
        mark = self.marks.get(arrow.number)
        return f"{arrow.number} {mark}" if mark else str(arrow.number)


def stepper(messages: Ordered[Any], usages: Ordered[Any]) -> widgets.Demo:
    """A slider over the requests of one conversation: what the model is sent in each, and what it answers.

    Args:
        messages: the whole conversation, in which every assistant message answers one request.
        usages: `usage` of these answers, in order.
    """
    places = _answers(messages)
    slider = widgets.number("request", 1, 1, len(places), 1, help="Shows all that the model sees in this request.")

    def draw(request: int) -> str:
        step = request - 1
        answer, before = places[step], places[step - 1] if step else 0
        marks = {number: "new" for number in range(before + 1 if step else 1, answer)} | {answer: "answer"}
        sent = f"{answer - 1} messages, {usages[step].prompt_tokens:,} tokens"
        return (
            f"<p><b>Request {step + 1} of {len(places)}:</b> the model sees {sent} with the tools, and answers with "
            f"{usages[step].completion_tokens:,} tokens.</p>{Sequence(messages[:answer], marks=marks)._repr_html_()}"
        )

    description = "A slider over the requests of the conversation; below it all that the model sees, and its answer."
    return widgets.live_text(draw, description, request=slider)


def request_table(messages: Ordered[Any], usages: Ordered[Any]) -> Table:
    """The requests of a conversation as a table; arguments as for `stepper`."""
    rows = []
    for step, (place, usage) in enumerate(zip(_answers(messages), usages, strict=True), 1):
        calls = _as_dict(messages[place - 1]).get("tool_calls") or ()
        said = ", ".join(call["function"]["name"] for call in calls) or "text"
        rows.append([str(step), place - 1, usage.prompt_tokens, usage.completion_tokens, said])
    heads = ["Request", "Messages sent", "Tokens in", "Tokens out", "What comes back"]
    return Table(heads, rows, "The requests of one conversation.")


def _answers(messages: Ordered[Any]) -> list[int]:
    """Numbers of the messages that the model wrote."""
    return [number for number, message in enumerate(map(_as_dict, messages), 1) if message["role"] == "assistant"]


def _as_dict(message: Any) -> dict[str, Any]:
    return message if isinstance(message, dict) else message.model_dump()


def _words(content: Any) -> str:
    if isinstance(content, str):
        return content
    return " ".join(part.get("text") or f"[{part.get('type')}]" for part in content)


def _written(function: dict[str, Any]) -> str:
    """A call as Python would write it; the raw text of arguments that are no JSON object."""
    try:
        arguments = ", ".join(f"{key}={value!r}" for key, value in json.loads(function["arguments"]).items())
    except (ValueError, AttributeError):
        arguments = function["arguments"]
    return f"{function['name']}({arguments})"

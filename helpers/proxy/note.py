"""The last rung of replay: a quiet note that says what is missing, what is recorded near it, and the two ways on."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..setup.errors import INDENT, NO_RECORDING
from .recordings import Recordings

TYPE, STATUS = "course_replay", 424
_NEAREST = 3  # recorded requests that are shown
_DIFFERENCES = 3  # that are put into words
_SHORT = 200  # characters of a text that are shown whole
STANDIN = [
    "install Ollama from https://ollama.com/download",
    "ollama pull gemma4:e2b",
    "run the cell again",
]


class _Field(NamedTuple):
    """Something in a request that a learner may change.

    Attributes:
        name: as the message calls it, such as "the user message" or "temperature".
        value: what the request holds there.
        weight: how much it says about what the request is for.
        role: of a message; None for a parameter.
    """

    name: str
    value: Any
    weight: float
    role: str | None = None

    @property
    def code(self) -> str:
        """The line of Python that puts it into a request."""
        if self.role:
            return f'{{"role": "{self.role}", "content": {_quoted(self.value)}}}'
        return f"{self.name}={_quoted(self.value)}"

    @property
    def text(self) -> str:
        """The bare text of a message of one line; else the line of Python."""
        return self.value if self.role and isinstance(self.value, str) and self.value.isprintable() else self.code


def body(request: dict[str, Any], recordings: Recordings, standin_problem: str | None = None) -> dict[str, Any]:
    """What is answered, with status 424, to a request that nothing here can answer.

    Args:
        request: the described request (helpers.proxy.recordings.describe).
        recordings: where a near one is looked for.
        standin_problem: a whole sentence: why the stand-in that was found could not answer. None when there is none.

    Returns:
        {"error": {"message", "type", "param", "code"}}, as the API forms its errors; `param` is the field that
        differs most from the nearest recorded request. In the message, lines to copy are indented.
    """
    near = nearest(request, recordings.requests())
    if not near:
        lines = [f"No answer is recorded for {request['method']} {request['path']} in this lesson."]
        param = None
    else:
        mine, theirs = fields(request), fields(near[0])
        names = _changed(mine, theirs)
        said = [_difference(mine.get(name), theirs.get(name)) for name in names[:_DIFFERENCES]]
        said += [f"{len(names) - _DIFFERENCES} more"] if len(names) > _DIFFERENCES else []
        lines = ["No answer is recorded for this request. It differs from the nearest recorded one:"]
        lines += [f"- {text}" for text in said]
        lines += ["", "Recorded, to copy:", *_to_copy(mine, near)]
        param = names[0] if names and not (mine.get(names[0]) or theirs[names[0]]).role else "messages"
    error = {
        "message": "\n".join([*lines, "", *_ways_on(standin_problem)]),
        "type": TYPE,
        "param": param,
        "code": NO_RECORDING,
    }
    return {"error": error}


def nearest(request: dict[str, Any], recorded: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The recorded requests to the same endpoint, the most similar in meaning first; at most three."""
    mine = fields(request)
    same = [other for other in recorded if _endpoint(other) == _endpoint(request)]
    return sorted(same, key=lambda other: _distance(mine, fields(other)))[:_NEAREST]


def fields(request: dict[str, Any]) -> dict[str, _Field]:
    """What a learner may change in a request, by name; the last question counts most."""
    content = request.get("json")
    if not isinstance(content, dict):
        content = {part["name"]: _part(part) for part in request.get("multipart", ())}
        content |= {"body": request["sha256"]} if "sha256" in request else {}
    found = [_Field("path", request["path"], 2.0)]
    for name, value in content.items():
        if name in ("messages", "input") and isinstance(value, list) and any(isinstance(item, dict) for item in value):
            found += _messages(value)
        elif name == "tools" and isinstance(value, list):
            found += [_Field(f"tool {_tool_name(tool)}", tool, 1.0) for tool in value]
        else:
            heavy = {"input": 4.0, "prompt": 4.0, "instructions": 2.0, "model": 1.0}
            found.append(_Field(name, value, heavy.get(name, 0.5)))
    return {field.name: field for field in found}


def _part(part: dict[str, Any]) -> str:
    """A field of a form; of a file its name and what tells it from another of that name."""
    if "sha256" not in part:
        return part.get("value") or ""
    return f"{part.get('filename')} ({part.get('bytes')} bytes, sha256 {part['sha256'][:8]})"


def _messages(items: list[Any]) -> list[_Field]:
    """The messages as fields, counted from the end: the last question is the one that a learner changes."""
    found: list[_Field] = []
    seen: Counter[str] = Counter()
    for item in reversed(items):
        item = item if isinstance(item, dict) else {"role": "user", "content": item}
        role = item.get("role") or item.get("type") or "unknown"
        role = "developer" if role == "system" else role
        seen[role] += 1
        place = "" if seen[role] == 1 else f" ({seen[role] - 1} before the last)"
        weight = (4.0 if seen[role] == 1 else 2.0) if role == "user" else 1.5
        found.append(_Field(f"the {role} message{place}", _text(item), weight, role))
    return found[::-1]


def _text(message: dict[str, Any]) -> Any:
    """The text of a message; where there is more than text, all of it."""
    content = message.get("content")
    if isinstance(content, list) and all(isinstance(part, dict) and "text" in part for part in content):
        return " ".join(str(part["text"]) for part in content)
    if content is None:
        return {key: value for key, value in message.items() if key != "role"}
    return content


def _tool_name(tool: Any) -> str:
    inner = tool.get("function") if isinstance(tool, dict) else None
    named = inner if isinstance(inner, dict) else tool if isinstance(tool, dict) else {}
    return str(named.get("name") or named.get("type") or "without a name")


def _endpoint(request: dict[str, Any]) -> tuple[str, str]:
    """Method and the first two parts of the path, so that one file or batch is near another."""
    return request["method"], "/".join(request["path"].partition("?")[0].split("/")[:4])


def _changed(mine: dict[str, _Field], theirs: dict[str, _Field]) -> list[str]:
    """Names of the fields that differ, the weightiest first."""
    both = {**theirs, **mine}
    names = [name for name in both if name not in mine or name not in theirs or mine[name].value != theirs[name].value]
    return sorted(names, key=lambda name: -both[name].weight)


def _distance(mine: dict[str, _Field], theirs: dict[str, _Field]) -> float:
    total = 0.0
    for name in _changed(mine, theirs):
        here, there = mine.get(name), theirs.get(name)
        if here and there:
            total += here.weight * (1.1 - _alike(here.value, there.value))
        elif field := here or there:  # to leave out or to add something is one small step, whatever its length
            total += field.weight / 2
    return total


def _alike(one: Any, other: Any) -> float:
    """0 to 1: the share of words, and of runs of three letters (which forgives typing errors), that both have.

    Two numbers are alike enough that another number is nearer than none.
    """
    if {type(one), type(other)} <= {int, float}:
        return 1 - 0.35 * abs(one - other) / ((abs(one) + abs(other)) or 1)
    texts = [value if isinstance(value, str) else json.dumps(value, sort_keys=True) for value in (one, other)]
    texts = [text[:2000].casefold() for text in texts]
    words = [Counter(re.findall(r"\w+", text)) for text in texts]
    runs = [Counter(f" {text} "[place : place + 3] for place in range(len(text))) for text in texts]
    return sum(2 * (one & other).total() / ((one.total() + other.total()) or 1) for one, other in (words, runs)) / 2


def _difference(mine: _Field | None, theirs: _Field | None) -> str:
    if theirs is None:
        return f"{mine.name} is added: {_shown(mine.value)}" if mine else ""
    if mine is None:
        return f"{theirs.name} is missing"
    return f"{mine.name} is {_shown(mine.value, theirs.value)}, not {_shown(theirs.value, mine.value)}"


def _to_copy(mine: dict[str, _Field], near: list[dict[str, Any]]) -> list[str]:
    """A line for each near request: what has to be put in place of the learner's, and what has to go.

    Where it is the text of the message that the sentence above names, the text alone, which a chat box takes as well.
    """
    lines = []
    told = _changed(mine, fields(near[0]))
    for request in near:
        theirs = fields(request)
        names = _changed(mine, theirs)
        alone = names == told and len(names) == 1 and names[0] in mine
        parts = [field.text if alone else field.code for name, field in theirs.items() if name in names]
        gone = " and ".join(name for name in names if name not in theirs)
        parts += [f"(without {gone})"] if gone else []
        lines.append(INDENT + ", ".join(parts))
    return [line for line in dict.fromkeys(lines) if line.strip() and len(line) < 3 * _SHORT] or [
        f"{INDENT}(the recorded texts are too long to show: undo your change to get one back)"
    ]


def _ways_on(standin_problem: str | None) -> list[str]:
    key = "put a key of your own into .env (lesson 00) and run the set-up cell again."
    if standin_problem:
        return [standin_problem, f"For an answer to this request, {key}"]
    return [
        "For an answer to a request of your own, let a free model on this machine stand in for OpenAI's:",
        *(INDENT + line for line in STANDIN),
        f"Or {key}",
    ]


def _quoted(value: Any) -> str:
    """A value as Python writes it; in a text, what looks like something else (a non-breaking space) is spelled out."""
    if not isinstance(value, str):
        return repr(value)
    text = json.dumps(value, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def _shown(value: Any, other: Any = None) -> str:
    """A value as Python writes it; of a long one the part where it begins to differ from the other."""
    text = _quoted(value)
    if len(text) <= _SHORT:
        return text
    start = max(len(os.path.commonprefix([text, _quoted(other)])) - 40, 0)
    end = start + _SHORT - 60
    return "…" * (start > 0) + text[start:end] + "…" * (end < len(text))

"""From an entry to what the model says: text, calls and reasoning, cut at the limit, with its exact count of tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import jsonschema

from ... import tokens
from . import logprobs
from . import usage as counting
from .families import shape_of
from .request import Asked
from .script import AuthoringError, Entry
from .wire import compact

# What a model that is left to think is taken to think, by effort, where the entry does not say. A guess in size.
USUAL_REASONING = {"none": 0, "minimal": 0, "low": 64, "medium": 192, "high": 448, "xhigh": 896, "max": 1536}


@dataclass
class Call:
    """One call of a function: its arguments are JSON text in tokens."""

    name: str
    arguments: list[bytes]

    @property
    def text(self) -> str:
        return counting.joined(self.arguments)


@dataclass
class Said:
    """One choice, or the output of one response.

    Attributes:
        words: the text in tokens; None when the model only calls functions.
        refused: `words` is a refusal.
        calls: functions that the model calls.
        finish: "stop", "length" or "tool_calls".
        reasoning: tokens of hidden reasoning.
        tokens: all tokens that are billed as output: reasoning, words, calls and what wraps them.
        logprobs: one entry per token of the text, where asked for.
        notes: what about the counts is estimated, for `basis`.
    """

    words: list[bytes] | None
    refused: bool = False
    calls: list[Call] = field(default_factory=list)
    finish: str = "stop"
    reasoning: int = 0
    tokens: int = 0
    logprobs: list[dict[str, Any]] | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str | None:
        return None if self.words is None else counting.joined(self.words)


def compose(asked: Asked, entry: Entry, variant: int, limit: int | None, effort: str) -> Said:
    """What the entry makes the model say to this request.

    Args:
        asked: the request.
        entry: the entry that matches it.
        variant: which of several answers; the last one repeats.
        limit: most output tokens, reasoning included; None for no limit.
        effort: effective reasoning effort.

    Raises:
        AuthoringError: the entry does not fit the tools or the schema of the request.
    """
    answer = entry.answer
    text = _nth(answer.get("say"), variant)
    if "json" in answer:
        text = compact(_nth(answer["json"], variant))
    refused = "refuse" in answer
    if refused:
        text = answer["refuse"]
    elif text is not None and not answer.get("call"):
        _check_schema(asked, entry, text)
    words = None if text is None else counting.cut(text.rstrip("\n"), asked.model)
    calls = [_call(asked, entry, call) for call in _calls(answer.get("call"))]
    _check_tools(asked, entry, calls)
    said = Said(words, refused, calls, reasoning=_reasoning(asked.model, answer, effort))
    if words is None and not calls:
        raise AuthoringError(f"{entry.source} has no `say`, `json`, `call` or `refuse` for this request")
    _count(asked, said)
    choice = asked.body.get("tool_choice")
    named = isinstance(choice, dict) and choice.get("type") == "function"
    said.finish = "tool_calls" if calls and not named else "stop"
    if limit is not None and said.tokens > limit:
        _truncate(asked, said, limit)
    if logprobs.asked_for(asked):
        said.logprobs = _logprobs(asked, entry, said)
    return said


def _nth(value: Any, number: int) -> Any:
    return value[min(number, len(value) - 1)] if isinstance(value, list) else value


def _calls(value: Any) -> list[dict[str, Any]]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _call(asked: Asked, entry: Entry, call: dict[str, Any]) -> Call:
    if set(call) - {"name", "arguments"} or "name" not in call:
        raise AuthoringError(f"{entry.source}: a call has `name` and `arguments` and nothing else")
    arguments = call.get("arguments") or {}
    tool = next((tool for tool in asked.tools if tool["name"] == call["name"]), None)
    if tool is None:
        raise AuthoringError(f"{entry.source} calls {call['name']!r}, which is not among the tools of the request")
    if isinstance(arguments, str):  # given as raw text: broken on purpose
        return Call(call["name"], counting.cut(arguments, asked.model))
    if tool.get("strict"):
        _validate(arguments, tool.get("parameters") or {}, f"{entry.source}: the arguments of {call['name']}")
    return Call(call["name"], counting.cut(compact(arguments), asked.model))


def _check_tools(asked: Asked, entry: Entry, calls: list[Call]) -> None:
    if calls and asked.body.get("tool_choice") == "none":
        raise AuthoringError(f"{entry.source} calls a function although tool_choice is none")
    if len(calls) > 1 and asked.body.get("parallel_tool_calls") is False:
        raise AuthoringError(f"{entry.source} makes {len(calls)} calls although parallel_tool_calls is false")


def _check_schema(asked: Asked, entry: Entry, text: str) -> None:
    if not asked.schema or not asked.schema.get("strict"):
        return
    try:
        value = json.loads(text)
    except ValueError:
        raise AuthoringError(f"{entry.source} answers with text where the request wants JSON; use `json`") from None
    _validate(value, asked.schema["schema"], f"{entry.source}: `json`")


def _validate(value: Any, schema: dict[str, Any], what: str) -> None:
    try:
        jsonschema.validate(value, schema)
    except jsonschema.ValidationError as error:
        raise AuthoringError(f"{what} does not fit the schema of the request: {error.message}") from None


def _reasoning(model: str, answer: dict[str, Any], effort: str) -> int:
    if effort == "none":
        return 0
    tokens = answer.get("reasoning_tokens", USUAL_REASONING[effort])
    step = shape_of(model).reasoning_step
    return -(-tokens // step) * step


def _billed(asked: Asked, said: Said, text: str, calls: list[tuple[str, str]]) -> int:
    api = "responses" if asked.api == "responses" else "chat"
    return tokens.completion_tokens(text, asked.model, api, said.reasoning, calls)


def _count(asked: Asked, said: Said) -> None:
    said.tokens = _billed(asked, said, said.text or "", [(call.name, call.text) for call in said.calls])
    if len(said.calls) > 1:
        said.notes.append("Tokens of several function calls are estimated.")
    if said.reasoning:
        said.notes.append("The number of reasoning tokens is authored, too.")


def _truncate(asked: Asked, said: Said, limit: int) -> None:
    """Cuts in the order in which a model speaks: reasoning, text, calls. All of the limit counts as used."""
    said.finish, said.tokens = "length", limit
    said.reasoning = min(said.reasoning, limit)
    if said.words is not None:
        said.words = said.words[: max(limit - _billed(asked, said, "", []), 0)]
    calls: list[Call] = []
    for call in said.calls:
        before = [(other.name, other.text) for other in calls]
        room = limit - _billed(asked, said, said.text or "", [*before, (call.name, "")])
        if room >= 0:
            calls.append(Call(call.name, call.arguments[:room]))
    said.calls = calls
    if said.words is None and not calls:
        said.words = []


def _logprobs(asked: Asked, entry: Entry, said: Said) -> list[dict[str, Any]]:
    if "logprobs" not in entry.answer:
        raise AuthoringError(f"{entry.source} has no `logprobs`, which the request asks for")
    top = asked.body.get("top_logprobs") or 0
    try:
        return logprobs.of_tokens(said.words or [], entry.answer["logprobs"], top, entry.source)
    except ValueError as error:
        raise AuthoringError(str(error)) from None

"""From an entry to what the model says: text, calls and reasoning, cut at the limit, with its exact count of tokens."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any

import jsonschema

from ... import tokens
from .families import shape_of
from .request import Request
from .script import AuthoringError, Entry
from .usage import cut, joined
from .wire import compact

# What a model that is left to think is taken to think, by effort, where the entry does not say. A guess in size.
USUAL_REASONING = {"none": 0, "minimal": 0, "low": 64, "medium": 192, "high": 448, "xhigh": 896, "max": 1536}
LOGPROBS = "message.output_text.logprobs"  # how Responses asks for them


@dataclass
class FunctionCall:
    """One call of a function: its arguments are JSON text in tokens."""

    name: str
    arguments: list[bytes]

    @property
    def text(self) -> str:
        return joined(self.arguments)


@dataclass
class Utterance:
    """One choice, or the output of one response.

    Attributes:
        words: the text in tokens; None when the model only calls functions.
        refused: `words` is a refusal.
        calls: functions that the model calls.
        reasoning: tokens of hidden reasoning.
        finish: "stop", "length" or "tool_calls".
        tokens: all tokens that are billed as output: reasoning, words, calls and what wraps them.
        logprobs: one entry per token of the text, where the request wants them.
        notes: what about the counts is estimated, for `basis`.
    """

    words: list[bytes] | None
    refused: bool
    calls: list[FunctionCall]
    reasoning: int
    finish: str = "stop"
    tokens: int = 0
    logprobs: list[dict[str, Any]] | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str | None:
        return None if self.words is None else joined(self.words)


def compose(request: Request, entry: Entry, variant: int, limit: int | None, effort: str) -> Utterance:
    """What the entry makes the model say to this request.

    Args:
        request, entry: what is asked, and the entry that matches it.
        variant: which of several answers; the last one repeats.
        limit: most output tokens, reasoning included; None for no limit.
        effort: effective reasoning effort.

    Raises:
        AuthoringError: the entry does not fit the tools or the schema of the request.
    """
    answer, refused = entry.answer, "refuse" in entry.answer
    text = answer["refuse"] if refused else _nth(answer.get("say"), variant)
    if "json" in answer:
        text = compact(_nth(answer["json"], variant))
    if text is not None and not refused and not answer.get("call"):
        _check_schema(request, entry, text)
    words = None if text is None else cut(text.rstrip("\n"), request.model)
    authored = answer.get("call") or []
    calls = [_call(request, entry, call) for call in (authored if isinstance(authored, list) else [authored])]
    _check_tools(request, entry, calls)
    if words is None and not calls:
        raise AuthoringError(f"{entry.source} has no `say`, `json`, `call` or `refuse` for this request")
    utterance = Utterance(words, refused, calls, _reasoning(request.model, answer, effort))
    utterance.tokens = _billed(request, utterance.reasoning, utterance.text, calls)
    if len(calls) > 1:
        utterance.notes.append("Tokens of several function calls are estimated.")
    if utterance.reasoning:
        utterance.notes.append("The number of reasoning tokens is authored, too.")
    choice = request.body.get("tool_choice")
    named = isinstance(choice, dict) and choice.get("type") == "function"
    utterance.finish = "tool_calls" if calls and not named else "stop"
    if limit is not None and utterance.tokens > limit:
        _truncate(request, utterance, limit)
    if request.body.get("logprobs") or LOGPROBS in (request.body.get("include") or ()):
        utterance.logprobs = _logprobs(request, entry, utterance.words or [])
    return utterance


def _nth(value: Any, number: int) -> Any:
    return value[min(number, len(value) - 1)] if isinstance(value, list) else value


def _call(request: Request, entry: Entry, call: dict[str, Any]) -> FunctionCall:
    if set(call) - {"name", "arguments"} or "name" not in call:
        raise AuthoringError(f"{entry.source}: a call has `name` and `arguments` and nothing else")
    arguments = call.get("arguments") or {}
    tool = next((tool for tool in request.tools if tool["name"] == call["name"]), None)
    if tool is None:
        raise AuthoringError(f"{entry.source} calls {call['name']!r}, which is not among the tools of the request")
    if isinstance(arguments, str):  # given as raw text: broken on purpose
        return FunctionCall(call["name"], cut(arguments, request.model))
    if tool.get("strict"):
        _validate(arguments, tool.get("parameters") or {}, f"{entry.source}: the arguments of {call['name']}")
    return FunctionCall(call["name"], cut(compact(arguments), request.model))


def _check_tools(request: Request, entry: Entry, calls: list[FunctionCall]) -> None:
    if calls and request.body.get("tool_choice") == "none":
        raise AuthoringError(f"{entry.source} calls a function although tool_choice is none")
    if len(calls) > 1 and request.body.get("parallel_tool_calls") is False:
        raise AuthoringError(f"{entry.source} makes {len(calls)} calls although parallel_tool_calls is false")


def _check_schema(request: Request, entry: Entry, text: str) -> None:
    if not request.schema or not request.schema.get("strict"):
        return
    try:
        value = json.loads(text)
    except ValueError:
        raise AuthoringError(f"{entry.source} answers with text where the request wants JSON; use `json`") from None
    _validate(value, request.schema["schema"], f"{entry.source}: `json`")


def _validate(value: Any, schema: dict[str, Any], what: str) -> None:
    try:
        jsonschema.validate(value, schema)
    except jsonschema.ValidationError as error:
        raise AuthoringError(f"{what} does not fit the schema of the request: {error.message}") from None


def _reasoning(model: str, answer: dict[str, Any], effort: str) -> int:
    if effort == "none":
        return 0
    step = shape_of(model).reasoning_step
    return -(-answer.get("reasoning_tokens", USUAL_REASONING[effort]) // step) * step


def _billed(request: Request, reasoning: int, text: str | None, calls: list[FunctionCall]) -> int:
    """Output tokens of all that is said."""
    api = "responses" if request.api == "responses" else "chat"
    made = [(call.name, call.text) for call in calls]
    return tokens.completion_tokens(text or "", request.model, api, reasoning, made)


def _truncate(request: Request, utterance: Utterance, limit: int) -> None:
    """Cuts in the order in which a model speaks: reasoning, then text. All of the limit counts as used."""
    if utterance.calls:
        raise AuthoringError(f"a call that the limit of {limit} tokens cuts off is not built")
    utterance.finish, utterance.tokens = "length", limit
    utterance.reasoning = thought = min(utterance.reasoning, limit)
    utterance.words = (utterance.words or [])[: max(limit - _billed(request, thought, "", []), 0)]


# --- log probabilities, from the probabilities that an author wrote down


def _logprobs(request: Request, entry: Entry, words: list[bytes]) -> list[dict[str, Any]]:
    """One entry per token, as Chat Completions writes it; a token beyond the authored ones counts as certain."""
    if "logprobs" not in entry.answer:
        raise AuthoringError(f"{entry.source} has no `logprobs`, which the request asks for")
    authored, entries = entry.answer["logprobs"], []
    for number, token in enumerate(words):
        name = token.decode("utf-8", "replace")
        chances = authored[number] if number < len(authored) else {name: 1.0}
        where = f"{entry.source}: `logprobs` of token {number}"
        if name not in chances:
            raise AuthoringError(f"{where} lack the token itself, {name!r}")
        if min(chances.values()) <= 0 or sum(chances.values()) > 1 + 1e-9:
            raise AuthoringError(f"{where} must be above 0 and add up to at most 1")
        likeliest = sorted(chances.items(), key=lambda item: -item[1])[: request.body.get("top_logprobs") or 0]
        top = [_logprob(text, chance, text.encode()) for text, chance in likeliest]
        entries.append({**_logprob(name, chances[name], token), "top_logprobs": top})
    return entries


def _logprob(text: str, chance: float, token: bytes) -> dict[str, Any]:
    return {"token": text, "logprob": round(math.log(chance), 8), "bytes": list(token)}


def choice_logprobs(utterance: Utterance, entries: list[dict[str, Any]] | None) -> dict[str, Any] | None:
    """`logprobs` of a choice of Chat Completions with these entries."""
    if not entries:
        return None
    return {"content": None, "refusal": entries} if utterance.refused else {"content": entries, "refusal": None}

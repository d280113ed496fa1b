"""POST /v1/chat/completions: the answer as JSON or as a stream of chunks, as the API was seen to send them."""

from __future__ import annotations

import base64
from typing import Any

from .. import usage
from ..families import shape_of
from ..ids import call_id, chat_id
from ..pace import Pace
from ..request import Request
from ..script import AuthoringError, Entry
from ..state import State
from ..utterance import Utterance, choice_logprobs, compose
from ..wire import Response, Stream, compact, json_response


def answer(request: Request, entry: Entry, state: State) -> Response:
    """Answers a chat request from an entry. Raises AuthoringError."""
    body, spoken = request.body, _spoken(request)
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    effort, wanted = usage.effort(request), body.get("n") or 1
    choices = [compose(request, entry, request.seen * wanted + n, limit, effort) for n in range(wanted)]
    pace = Pace(request.dice, "chat", entry.answer.get("pace"))
    head = {
        "id": chat_id(request.dice, request.created),
        "object": "chat.completion",
        "created": request.created,
        "model": usage.snapshot(request.model),
    }
    tail = {"service_tier": "default", "system_fingerprint": usage.fingerprint(request.model)}
    prompt, notes = usage.prompt_tokens(request)
    counts = _usage(request, entry, choices, prompt)
    notes += ["Audio tokens of the answer are estimated."] if spoken else []
    basis = usage.basis(entry.basis, notes, *(utterance.notes for utterance in choices))
    if request.streamed:
        if spoken:
            raise AuthoringError("streamed speech from chat completions is not built; ask for it whole")
        head |= {"object": "chat.completion.chunk", **tail}
        return _Chunks(request, head, pace).answer(choices, counts, basis)
    said = [_choice(request, entry, utterance, number) for number, utterance in enumerate(choices)]
    longest = max(choices, key=lambda utterance: utterance.tokens)
    elapsed = pace.whole_ms(longest.reasoning, longest.tokens - longest.reasoning)
    return json_response({**head, "choices": said, "usage": counts, **tail}, elapsed_ms=elapsed, basis=basis)


def _spoken(request: Request) -> bool:
    return "audio" in (request.body.get("modalities") or ())


def _function(call_id: str, name: str, arguments: str) -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def _ids(request: Request, utterance: Utterance, number: int) -> list[str]:
    return [call_id(request.dice, f"{number}.{n}") for n in range(len(utterance.calls))]


def _choice(request: Request, entry: Entry, utterance: Utterance, number: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": None if utterance.refused else utterance.text}
    if calls := list(zip(_ids(request, utterance, number), utterance.calls, strict=True)):
        message["tool_calls"] = [_function(call_id, call.name, call.text) for call_id, call in calls]
    message |= {"refusal": utterance.text if utterance.refused else None, "annotations": []}
    if _spoken(request):
        message |= {"content": None, "audio": _audio(request, entry, utterance)}
    choice: dict[str, Any] = {"index": number, "message": message}
    if utterance.logprobs is not None or shape_of(request.model).logprobs_key:
        choice["logprobs"] = choice_logprobs(utterance, utterance.logprobs)
    return choice | {"finish_reason": utterance.finish}


def _audio(request: Request, entry: Entry, utterance: Utterance) -> dict[str, Any]:
    return {
        "id": "audio_" + request.dice.hex("audio", 32),
        "data": base64.b64encode(entry.media()).decode(),
        "expires_at": request.created + 3600,
        "transcript": utterance.text,
    }


def _usage(request: Request, entry: Entry, choices: list[Utterance], prompt: int) -> dict[str, Any]:
    """Token counts in the order of the wire; all sums hold."""
    shape = shape_of(request.model)
    cached, written = usage.cached(entry.answer, prompt, shape.cache_writes)
    heard = usage.audio_tokens(request)
    words = [len(utterance.words or ()) for utterance in choices]
    spoken = sum(round(usage.SPOKEN_PER_TEXT_TOKEN * each) for each in words) if _spoken(request) else 0
    completion = spoken + sum(utterance.tokens for utterance in choices)
    inputs: dict[str, int] = {"cached_tokens": cached}
    inputs |= {"cache_write_tokens": written} if shape.cache_writes else {}
    inputs |= {"audio_tokens": heard}
    outputs = {
        "reasoning_tokens": sum(utterance.reasoning for utterance in choices),
        "audio_tokens": spoken,
        "accepted_prediction_tokens": 0,
        "rejected_prediction_tokens": 0,
    }
    if shape.audio:
        inputs |= {"text_tokens": prompt - heard, "image_tokens": 0}
        outputs |= {"text_tokens": completion - spoken}
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": inputs,
        "completion_tokens_details": outputs,
    }


class _Chunks(Stream):
    """An answer in chunks, each of which begins with `head`."""

    def __init__(self, request: Request, head: dict[str, Any], pace: Pace) -> None:
        options = request.body.get("stream_options") or {}
        super().__init__(pace, request.dice, options)
        self.request, self.head, self.counted = request, head, bool(options.get("include_usage"))
        self.logprobs_key = shape_of(request.model).logprobs_key

    def answer(self, choices: list[Utterance], counts: dict[str, Any], basis: str) -> Response:
        self.pace.think(choices[0].reasoning)
        for number, utterance in enumerate(choices):
            self.speak(number, utterance)
        for number, utterance in enumerate(choices):
            self.delta(number, utterance, {})
        if self.counted:
            self.chunk([], counts)
        self.send("[DONE]")
        return self.response(basis)

    def speak(self, number: int, utterance: Utterance) -> None:
        """One choice: its opening chunk, its text, its calls."""
        opening: dict[str, Any] = {"role": "assistant", "content": None}
        named = zip(_ids(self.request, utterance, number), utterance.calls, strict=True)
        opened = [{"index": n, **_function(call_id, call.name, "")} for n, (call_id, call) in enumerate(named)]
        alone = utterance.words is None and len(opened) == 1
        if utterance.words is not None:
            field, done = "refusal" if utterance.refused else "content", 0
            self.delta(number, utterance, opening | {field: ""} | ({} if utterance.refused else {"refusal": None}))
            for text, count in usage.pieces(utterance.words):
                self.pace.speak()
                logprobs = utterance.logprobs and utterance.logprobs[done : done + count]
                self.delta(number, utterance, {field: text}, logprobs)
                done += count
        else:
            self.delta(number, utterance, opening | ({"tool_calls": opened, "refusal": None} if alone else {}))
        for n, call in enumerate(utterance.calls):
            if not alone:
                self.pace.speak()
                self.delta(number, utterance, {"tool_calls": [opened[n]]})
            for text, _ in usage.pieces(call.arguments):
                self.pace.speak()
                self.delta(number, utterance, {"tool_calls": [{"index": n, "function": {"arguments": text}}]})

    def delta(self, number: int, utterance: Utterance, delta: dict[str, Any], logprobs: Any = None) -> None:
        """A chunk with one choice; an empty delta ends it."""
        choice: dict[str, Any] = {"index": number, "delta": delta}
        if utterance.logprobs is not None or self.logprobs_key:
            choice["logprobs"] = choice_logprobs(utterance, logprobs)
        self.chunk([choice | {"finish_reason": None if delta else utterance.finish}])

    def chunk(self, choices: list[dict[str, Any]], counts: dict[str, Any] | None = None) -> None:
        data = {**self.head, "choices": choices} | ({"usage": counts} if self.counted else {})
        self.send(data | self.padding(len(compact(data))))

"""POST /v1/chat/completions: the whole answer as JSON. Streams are in chat_stream."""

from __future__ import annotations

import base64
from typing import Any

from .. import logprobs
from .. import usage as counting
from ..families import shape_of
from ..ids import call_id, chat_id
from ..pace import Pace
from ..request import Asked
from ..script import AuthoringError, Entry
from ..state import State
from ..utterance import Said, compose
from ..wire import Reply, json_reply, made_by
from . import chat_stream, speech


def answer(asked: Asked, entry: Entry, state: State) -> Reply:
    """Answers a chat request from an entry. Raises AuthoringError."""
    body = asked.body
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    effort, wanted = counting.effort(asked), body.get("n") or 1
    choices = [compose(asked, entry, asked.seen * wanted + number, limit, effort) for number in range(wanted)]
    pace = Pace(asked.dice, "chat", entry.answer.get("pace"))
    head = _head(asked)
    prompt, notes = counting.prompt_tokens(asked)
    usage = _usage(asked, entry, choices, prompt)
    if _spoken(asked):
        notes += ["Audio tokens of the answer are estimated."]
        notes += [] if "media" in entry.answer else [made_by(state.speak, "Spoken")]
    basis = counting.basis(entry.basis, notes, *(said.notes for said in choices))
    if asked.streamed:
        if _spoken(asked):
            raise AuthoringError("streamed speech from chat completions is not built; ask for it whole")
        return chat_stream.reply(asked, head, choices, usage, pace, basis)
    completion = {
        **head,
        "choices": [_choice(asked, entry, said, number, state) for number, said in enumerate(choices)],
        "usage": usage,
        "service_tier": "default",
        "system_fingerprint": counting.fingerprint(asked.model),
    }
    longest = max(choices, key=lambda said: said.tokens)
    elapsed = pace.whole_ms(longest.reasoning, longest.tokens - longest.reasoning)
    return json_reply("chat", completion, elapsed_ms=elapsed, basis=basis)


def _spoken(asked: Asked) -> bool:
    return "audio" in (asked.body.get("modalities") or ())


def _head(asked: Asked) -> dict[str, Any]:
    return {
        "id": chat_id(asked.dice, asked.created),
        "object": "chat.completion",
        "created": asked.created,
        "model": counting.snapshot(asked.model),
    }


def _choice(asked: Asked, entry: Entry, said: Said, number: int, state: State) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": None if said.refused else said.text}
    if said.calls:
        message["tool_calls"] = [
            {
                "id": call_id(asked.dice, f"{number}.{n}"),
                "type": "function",
                "function": {"name": call.name, "arguments": call.text},
            }
            for n, call in enumerate(said.calls)
        ]
    message |= {"refusal": said.text if said.refused else None, "annotations": []}
    if _spoken(asked):
        message |= {"content": None, "audio": _audio(asked, entry, said, state)}
    choice: dict[str, Any] = {"index": number, "message": message}
    if said.logprobs is not None or shape_of(asked.model).logprobs_key:
        choice["logprobs"] = logprobs.of_choice(said.logprobs, said.refused)
    return choice | {"finish_reason": said.finish}


def _audio(asked: Asked, entry: Entry, said: Said, state: State) -> dict[str, Any]:
    wanted = asked.body.get("audio") or {}
    sound, _ = speech.speak(entry, state, said.text or "", wanted.get("voice", "alloy"), wanted.get("format", "wav"))
    return {
        "id": "audio_" + asked.dice.hex("audio", 32),
        "data": base64.b64encode(sound).decode(),
        "expires_at": asked.created + 3600,
        "transcript": said.text,
    }


def _usage(asked: Asked, entry: Entry, choices: list[Said], prompt: int) -> dict[str, Any]:
    """Token counts in the order of the wire; all sums hold."""
    shape, completion = shape_of(asked.model), sum(said.tokens for said in choices)
    cached, written = counting.cached(entry.answer, prompt, shape.cache_writes)
    heard = counting.audio_tokens(asked)
    spoken = sum(map(_spoken_tokens, choices)) if _spoken(asked) else 0
    completion += spoken
    inputs: dict[str, int] = {"cached_tokens": cached}
    inputs |= {"cache_write_tokens": written} if shape.cache_writes else {}
    inputs |= {"audio_tokens": heard}
    outputs = {
        "reasoning_tokens": sum(said.reasoning for said in choices),
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


def _spoken_tokens(said: Said) -> int:
    return round(counting.SPOKEN_PER_TEXT_TOKEN * len(said.words or ()))

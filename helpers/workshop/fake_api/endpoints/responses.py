"""POST and GET /v1/responses: the answer as JSON, and what is kept of it. Streams are in responses_stream."""

from __future__ import annotations

from typing import Any

from .. import usage as counting
from ..families import shape_of
from ..ids import ResponseIds
from ..pace import Pace
from ..request import Asked, messages_of
from ..script import AuthoringError, Entry
from ..state import KeptResponse, State
from ..utterance import Said, compose
from ..wire import Reply, error_body, error_reply, json_reply
from . import responses_stream
from .response_object import build, output_items

NOT_BUILT = ("background", "conversation", "prompt")


def answer(asked: Asked, entry: Entry, state: State) -> Reply:
    """Answers a request from an entry and keeps the response unless `store` is false. Raises AuthoringError."""
    if missing := next((name for name in NOT_BUILT if asked.body.get(name)), None):
        raise AuthoringError(f"`{missing}` of the Responses API is not built")
    effort = counting.effort(asked)
    said = compose(asked, entry, asked.seen, asked.body.get("max_output_tokens"), effort)
    pace = Pace(asked.dice, "responses", entry.answer.get("pace"))
    visible = said.tokens - said.reasoning
    elapsed = pace.whole_ms(said.reasoning, visible)
    prompt, notes = counting.prompt_tokens(asked)
    ids = ResponseIds(asked.dice, asked.created)
    output = output_items(asked, said, ids, effort)
    response = build(asked, ids, output, said, effort, _usage(asked, entry, said, prompt), elapsed)
    basis = counting.basis(entry.basis, notes, said.notes)
    if asked.body.get("store") is not False:
        heard = asked.messages[1:] if asked.body.get("instructions") else asked.messages  # instructions count once
        state.responses[response["id"]] = KeptResponse(response, heard + messages_of(output))
    if asked.streamed:
        return responses_stream.reply(asked, response, said, pace, basis)
    return json_reply("responses", response, elapsed_ms=elapsed, basis=basis)


def retrieve(response_id: str, method: str, state: State) -> Reply:
    """GET or DELETE of a kept response."""
    kept = state.responses.get(response_id)
    if kept is None:
        return error_reply("responses", 404, error_body(f"Response with id '{response_id}' not found."))
    if method == "DELETE":
        del state.responses[response_id]
        return json_reply("responses", {"id": response_id, "object": "response", "deleted": True})
    return json_reply("responses", kept.response)


def count_input(asked: Asked) -> Reply:
    """POST /v1/responses/input_tokens."""
    prompt, notes = counting.prompt_tokens(asked)
    basis = counting.basis("Counted with the real tokenizer.", notes)
    return json_reply("input_tokens", {"object": "response.input_tokens", "input_tokens": prompt}, basis=basis)


def unknown_previous(response_id: str) -> Reply:
    message = f"Previous response with id '{response_id}' not found."
    body = error_body(message, param="previous_response_id", code="previous_response_not_found")
    return error_reply("responses", 400, body)


def _usage(asked: Asked, entry: Entry, said: Said, prompt: int) -> dict[str, Any]:
    cached, written = counting.cached(entry.answer, prompt, shape_of(asked.model).cache_writes)
    return {
        "input_tokens": prompt,
        "input_tokens_details": {"cache_write_tokens": written, "cached_tokens": cached},
        "output_tokens": said.tokens,
        "output_tokens_details": {"reasoning_tokens": said.reasoning},
        "total_tokens": prompt + said.tokens,
    }

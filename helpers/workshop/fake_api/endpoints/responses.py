"""POST, GET and DELETE of /v1/responses: the response object, as JSON or as a stream of named events."""

from __future__ import annotations

import base64
from typing import Any

from ....proxy.refusals import not_found
from ....proxy.standin_translate import messages_of
from .. import usage
from ..families import shape_of
from ..ids import ResponseIds, call_id
from ..pace import Pace
from ..request import Request
from ..script import AuthoringError, Entry
from ..state import KeptResponse, State
from ..utterance import Utterance, compose
from ..wire import Response, Stream, error_response, json_response

NOT_BUILT = ("background", "conversation", "prompt")
_NO_IMAGES = {"image_tokens": 0, "text_tokens": 0}
_NO_TOOL_USAGE = {
    "image_gen": {
        "input_tokens": 0,
        "input_tokens_details": _NO_IMAGES,
        "output_tokens": 0,
        "output_tokens_details": _NO_IMAGES,
        "total_tokens": 0,
    },
    "web_search": {"num_requests": 0},
}


def answer(request: Request, entry: Entry, state: State) -> Response:
    """Answers a request from an entry and keeps the response unless `store` is false. Raises AuthoringError."""
    body = request.body
    if missing := next((name for name in NOT_BUILT if body.get(name)), None):
        raise AuthoringError(f"`{missing}` of the Responses API is not built")
    effort = usage.effort(request)
    utterance = compose(request, entry, request.seen, body.get("max_output_tokens"), effort)
    pace = Pace(request.dice, "responses", entry.answer.get("pace"))
    elapsed = pace.whole_ms(utterance.reasoning, utterance.tokens - utterance.reasoning)
    prompt, notes = usage.prompt_tokens(request)
    cached, written = usage.cached(entry.answer, prompt, shape_of(request.model).cache_writes)
    counts = {
        "input_tokens": prompt,
        "input_tokens_details": {"cache_write_tokens": written, "cached_tokens": cached},
        "output_tokens": utterance.tokens,
        "output_tokens_details": {"reasoning_tokens": utterance.reasoning},
        "total_tokens": prompt + utterance.tokens,
    }
    response = _response(request, utterance, effort, counts, elapsed)
    basis = usage.basis(entry.basis, notes, utterance.notes)
    if body.get("store") is not False:
        heard = request.messages[1:] if body.get("instructions") else request.messages  # instructions count once
        state.responses[response["id"]] = KeptResponse(response, heard + messages_of({"input": response["output"]}))
    if request.streamed:
        if utterance.logprobs is not None:
            raise AuthoringError("log probabilities in a stream of the Responses API are not built")
        return _Events(request, pace).answer(response, utterance, basis)
    return json_response(response, elapsed_ms=elapsed, basis=basis)


def retrieve(request: Request, state: State) -> Response:
    """GET or DELETE of a kept response."""
    if (kept := state.responses.get(request.name)) is None:
        return error_response("responses", not_found("responses", request.name))
    if request.method == "DELETE":
        del state.responses[request.name]
        return json_response({"id": request.name, "object": "response", "deleted": True})
    return json_response(kept.response)


def count_input(request: Request, state: State) -> Response:
    """POST /v1/responses/input_tokens."""
    prompt, notes = usage.prompt_tokens(request)
    basis = usage.basis("Counted with the real tokenizer.", notes)
    return json_response({"object": "response.input_tokens", "input_tokens": prompt}, basis=basis)


# --- the response object, in the key order of the wire


def _response(
    request: Request, utterance: Utterance, effort: str, counts: dict[str, Any], elapsed: int
) -> dict[str, Any]:
    body, shape, ids = request.body, shape_of(request.model), ResponseIds(request.dice, request.created)
    cut, text = utterance.finish == "length", body.get("text") or {}
    reasoning: dict[str, Any] = {"context": shape.context, "effort": None if shape.context is None else effort}
    reasoning |= {} if shape.context is None else {"mode": "standard"}
    return {
        "id": ids.response,
        "object": "response",
        "created_at": request.created,
        "status": "incomplete" if cut else "completed",
        "background": False,
        "billing": {"payer": "developer"},
        "completed_at": None if cut else request.created + max(elapsed, 1) // 1000,
        "error": None,
        "frequency_penalty": 0.0,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": body.get("max_tool_calls"),
        "model": usage.snapshot(request.model),
        "moderation": None,
        "output": _output(request, utterance, ids, effort),
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "presence_penalty": 0.0,
        "previous_response_id": body.get("previous_response_id"),
        "prompt_cache_key": body.get("prompt_cache_key"),
        "prompt_cache_retention": body.get("prompt_cache_retention", shape.retention),
        "reasoning": {**reasoning, "summary": (body.get("reasoning") or {}).get("summary")},
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": "default",
        "store": body.get("store", True),
        "temperature": float(body.get("temperature", 1.0)),
        "text": {"format": _format(text.get("format")), "verbosity": text.get("verbosity", "medium")},
        "tool_choice": body.get("tool_choice", "auto"),
        "tool_usage": _NO_TOOL_USAGE,
        "tools": [_tool(tool) for tool in body.get("tools") or ()],
        "top_logprobs": body.get("top_logprobs", 0),
        "top_p": float(body.get("top_p", shape.top_p)),
        "truncation": body.get("truncation", "disabled"),
        "usage": counts,
        "user": body.get("user"),
        "metadata": body.get("metadata") or {},
    }


def _output(request: Request, utterance: Utterance, ids: ResponseIds, effort: str) -> list[dict[str, Any]]:
    """The items: reasoning first, then the message, then the calls."""
    items: list[dict[str, Any]] = []
    cut = utterance.finish == "length"
    if effort != "none":
        item: dict[str, Any] = {"id": ids.item("rs_", 0), "type": "reasoning", "content": []}
        asked = "reasoning.encrypted_content" in (request.body.get("include") or ())
        if asked or request.body.get("store") is False:  # what isn't stored comes encrypted by default
            noise = base64.urlsafe_b64encode(b"\x80\0\0\0\0" + request.dice.draw("encrypted", 715))
            item["encrypted_content"] = noise.decode()
        items.append(item | {"summary": []})
    if utterance.words:
        part = _part(utterance, utterance.text or "")
        items.append(_message(request, ids.item("msg_", len(items)), "incomplete" if cut else "completed", [part]))
    for number, call in enumerate(utterance.calls):
        last = number == len(utterance.calls) - 1
        items.append(
            {
                "id": ids.item("fc_", len(items)),
                "type": "function_call",
                "status": "incomplete" if cut and last else "completed",
                "arguments": call.text,
                "call_id": call_id(request.dice, number),
                "name": call.name,
            }
        )
    return items


def _message(request: Request, item_id: str, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    phase = {"phase": "final_answer"} if shape_of(request.model).phase else {}
    return {"id": item_id, "type": "message", "status": status, "content": content, **phase, "role": "assistant"}


def _part(utterance: Utterance, text: str) -> dict[str, Any]:
    """A part of a message, with no more than `text` of what is said in it so far."""
    if utterance.refused:
        return {"type": "refusal", "refusal": text}
    logprobs = (utterance.logprobs or []) if text else []
    return {"type": "output_text", "annotations": [], "logprobs": logprobs, "text": text}


def _format(form: dict[str, Any] | None) -> dict[str, Any]:
    if not form or form["type"] != "json_schema":
        return form or {"type": "text"}
    return {key: form.get(key) for key in ("type", "description", "name", "schema", "strict")}


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    """A tool as the response echoes it; a function that can be strict and says nothing is made strict."""
    if tool.get("type") != "function":
        return tool
    parameters, strict = tool.get("parameters"), tool.get("strict")
    if strict is None and (strict := _can_be_strict(parameters or {})):
        parameters = {**(parameters or {}), "additionalProperties": False}
    return {
        "type": "function",
        "description": tool.get("description"),
        "name": tool["name"],
        "output_schema": None,
        "parameters": parameters,
        "strict": strict,
    }


def _can_be_strict(schema: dict[str, Any]) -> bool:
    """Whether every property is required, all the way down."""
    properties = schema.get("properties") or {}
    return set(properties) == set(schema.get("required") or ()) and all(map(_can_be_strict, properties.values()))


# --- the stream


class _Events(Stream):
    """A response in events that are numbered without gaps."""

    def __init__(self, request: Request, pace: Pace) -> None:
        super().__init__(pace, request.dice, request.body.get("stream_options"))
        self.request = request

    def answer(self, response: dict[str, Any], utterance: Utterance, basis: str) -> Response:
        final = {key: value for key, value in response.items() if key != "billing"}
        started = {"status": "in_progress", "completed_at": None, "incomplete_details": None}
        opening = {**final, **started, "output": [], "service_tier": "auto", "usage": None}
        self.event("created", response=opening)
        self.event("in_progress", response=opening)
        calls = iter(utterance.calls)
        for index, item in enumerate(response["output"]):
            place = {"item_id": item["id"], "output_index": index}
            if item["type"] == "reasoning":
                self.event("output_item.added", item=item, output_index=index)
                self.pace.think(utterance.reasoning)
            elif item["type"] == "message":
                empty = _message(self.request, item["id"], "in_progress", [])
                self.event("output_item.added", item=empty, output_index=index)
                self.message(item, utterance, place | {"content_index": 0})
            else:
                empty = {**item, "status": "in_progress", "arguments": ""}
                self.event("output_item.added", item=empty, output_index=index)
                for text, _ in usage.pieces(next(calls).arguments):
                    self.pace.speak()
                    self.event("function_call_arguments.delta", delta=text, **place)
                self.event("function_call_arguments.done", arguments=item["arguments"], **place)
            self.event("output_item.done", item=item, output_index=index)
        self.event("incomplete" if final["status"] == "incomplete" else "completed", response=final)
        return self.response(basis)

    def message(self, item: dict[str, Any], utterance: Utterance, place: dict[str, Any]) -> None:
        """The text of a message, token by token."""
        kind, field = ("refusal", "refusal") if utterance.refused else ("output_text", "text")
        more = place if utterance.refused else place | {"logprobs": []}
        self.event("content_part.added", part=_part(utterance, ""), **place)
        for text, _ in usage.pieces(utterance.words or []):
            self.pace.speak()
            self.event(f"{kind}.delta", delta=text, **more)
        self.event(f"{kind}.done", **{field: utterance.text}, **more)
        self.event("content_part.done", part=item["content"][0], **place)

    def event(self, name: str, **fields: Any) -> None:
        """One event; its keys are in alphabetical order after `type`."""
        fields["sequence_number"] = len(self.events)
        if "delta" in fields and name != "refusal.delta":
            fields |= self.padding(len(fields["delta"]))
        name = f"response.{name}"
        self.send({"type": name} | {key: fields[key] for key in sorted(fields)}, name)

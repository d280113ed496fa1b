"""The response object of the Responses API and the items of its output, in the key order of the wire."""

from __future__ import annotations

import base64
from typing import Any

from .. import usage as counting
from ..families import shape_of
from ..ids import ResponseIds, call_id
from ..request import Asked
from ..utterance import Said

_NO_TOOL_USAGE = {
    "image_gen": {
        "input_tokens": 0,
        "input_tokens_details": {"image_tokens": 0, "text_tokens": 0},
        "output_tokens": 0,
        "output_tokens_details": {"image_tokens": 0, "text_tokens": 0},
        "total_tokens": 0,
    },
    "web_search": {"num_requests": 0},
}


def output_items(asked: Asked, said: Said, ids: ResponseIds, effort: str) -> list[dict[str, Any]]:
    """The items: reasoning first, then the message, then the calls."""
    items: list[dict[str, Any]] = []
    if effort != "none":
        item: dict[str, Any] = {"id": ids.item("rs_", 0), "type": "reasoning", "content": []}
        if "reasoning.encrypted_content" in (asked.body.get("include") or ()):
            noise = base64.urlsafe_b64encode(b"\x80\0\0\0\0" + asked.dice.bytes("encrypted", 715))
            item["encrypted_content"] = noise.decode()
        items.append(item | {"summary": []})
    if said.words:
        status = "incomplete" if said.finish == "length" else "completed"
        items.append(message_item(asked, ids.item("msg_", len(items)), status, [message_part(said, said.text or "")]))
    for number, call in enumerate(said.calls):
        cut = said.finish == "length" and number == len(said.calls) - 1
        items.append(
            {
                "id": ids.item("fc_", len(items)),
                "type": "function_call",
                "status": "incomplete" if cut else "completed",
                "arguments": call.text,
                "call_id": call_id(asked.dice, number),
                "name": call.name,
            }
        )
    return items


def message_item(asked: Asked, item_id: str, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    phase = {"phase": "final_answer"} if shape_of(asked.model).phase else {}
    return {
        "id": item_id,
        "type": "message",
        "status": status,
        "content": content,
        **phase,
        "role": "assistant",
    }


def message_part(said: Said, text: str) -> dict[str, Any]:
    """A part of a message, with no more than `text` of what is said in it so far."""
    if said.refused:
        return {"type": "refusal", "refusal": text}
    return {
        "type": "output_text",
        "annotations": [],
        "logprobs": said.logprobs or [] if text else [],
        "text": text,
    }


def build(
    asked: Asked,
    ids: ResponseIds,
    output: list[Any],
    said: Said,
    effort: str,
    usage: dict[str, Any],
    elapsed: int,
) -> dict[str, Any]:
    """The response object, in the key order of the wire."""
    body, shape = asked.body, shape_of(asked.model)
    cut = said.finish == "length"
    thinking: dict[str, Any] = {"context": shape.context, "effort": None if shape.context is None else effort}
    thinking |= {} if shape.context is None else {"mode": "standard"}
    return {
        "id": ids.response,
        "object": "response",
        "created_at": asked.created,
        "status": "incomplete" if cut else "completed",
        "background": False,
        "billing": {"payer": "developer"},
        "completed_at": None if cut else asked.created + max(elapsed, 1) // 1000,
        "error": None,
        "frequency_penalty": 0.0,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": body.get("max_tool_calls"),
        "model": counting.snapshot(asked.model),
        "moderation": None,
        "output": output,
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "presence_penalty": 0.0,
        "previous_response_id": body.get("previous_response_id"),
        "prompt_cache_key": body.get("prompt_cache_key"),
        "prompt_cache_retention": body.get("prompt_cache_retention", shape.retention),
        "reasoning": {**thinking, "summary": (body.get("reasoning") or {}).get("summary")},
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": "default",
        "store": body.get("store", True),
        "temperature": float(body.get("temperature", 1.0)),
        "text": _text_settings(body.get("text") or {}),
        "tool_choice": body.get("tool_choice", "auto"),
        "tool_usage": _NO_TOOL_USAGE,
        "tools": [_tool(tool) for tool in body.get("tools") or ()],
        "top_logprobs": body.get("top_logprobs", 0),
        "top_p": float(body.get("top_p", shape.top_p)),
        "truncation": body.get("truncation", "disabled"),
        "usage": usage,
        "user": body.get("user"),
        "metadata": body.get("metadata") or {},
    }


def _text_settings(text: dict[str, Any]) -> dict[str, Any]:
    form = text.get("format") or {"type": "text"}
    if form["type"] == "json_schema":
        form = {key: form.get(key) for key in ("type", "description", "name", "schema", "strict")}
    return {"format": form, "verbosity": text.get("verbosity", "medium")}


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    """A tool as the response echoes it; a function that can be strict and says nothing is made strict."""
    if tool.get("type") != "function":
        return tool
    parameters, strict = tool.get("parameters"), tool.get("strict")
    if strict is None:
        strict = _can_be_strict(parameters or {})
        parameters = {**(parameters or {}), "additionalProperties": False} if strict else parameters
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

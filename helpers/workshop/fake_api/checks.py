"""Requests that the API refuses whatever the model: malformed conversations and schemas, with the exact bodies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .request import Request
from .usage import picture_size
from .wire import error_body

REQUIRED = "'required' is required to be supplied and to be an array including every key in properties."
STRICT = "'additionalProperties' is required to be supplied and to be false."


def refusal(request: Request) -> dict[str, Any] | None:
    """The body of a 400, or None when the request is well formed."""
    kinds = {"chat": _chat, "responses": _responses, "input_tokens": _responses}
    return next(kinds[request.api](request), None) if request.api in kinds else None


def _chat(request: Request) -> Iterator[dict[str, Any]]:
    body = request.body
    if not body.get("model"):
        yield error_body("you must provide a model parameter")
    if not body.get("messages"):
        what = "Expected an array with minimum length 1, but got an empty array instead."
        yield error_body(f"Invalid 'messages': empty array. {what}", param="messages", code="empty_array")
    yield from _unanswered_calls(request)
    yield from _pictures(request)
    form = body.get("response_format") or {}
    if form.get("type") == "json_object" and "json" not in json.dumps(body["messages"]).lower():
        what = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        yield error_body(what, param="messages")
    yield from _schemas(request, ("response_format", None), "tools[{}].function.parameters")


def _responses(request: Request) -> Iterator[dict[str, Any]]:
    body = request.body
    if not body.get("model"):
        yield error_body("Missing required parameter: 'model'.", param="model", code="missing_required_parameter")
    yield from _unanswered_items(request)
    yield from _pictures(request)
    form = (body.get("text") or {}).get("format") or {}
    if form.get("type") == "json_object" and "json" not in json.dumps(body.get("input")).lower():
        what = "must contain the word 'json' in some form to use 'text.format' of type 'json_object'."
        yield error_body(f"Response input messages {what}", param="input")
    yield from _schemas(request, ("text.format.schema", "invalid_json_schema"), "tools[{}].parameters")


def _unanswered_calls(request: Request) -> Iterator[dict[str, Any]]:
    """Every call of a function needs its result before anything else is said."""
    open_calls: list[str] = []
    for number, message in enumerate(request.messages):
        if message["role"] == "tool":
            if message.get("tool_call_id") not in open_calls:
                what = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
                yield error_body(f"Invalid parameter: {what}", param=f"messages.[{number}].role")
            else:
                open_calls.remove(message["tool_call_id"])
            continue
        if open_calls:
            break
        open_calls = [call["id"] for call in message.get("tool_calls") or ()]
    if open_calls:
        what = (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(open_calls)}"
        )
        yield error_body(what, param="messages")


def _unanswered_items(request: Request) -> Iterator[dict[str, Any]]:
    calls = [call["id"] for message in request.messages for call in message.get("tool_calls") or ()]
    results = [message["tool_call_id"] for message in request.messages if message["role"] == "tool"]
    for call in results:
        if call not in calls:
            yield error_body(f"No tool call found for function call output with call_id {call}.", param="input")
    for call in calls:
        if call not in results:
            yield error_body(f"No tool output found for function call {call}.", param="input")


def _pictures(request: Request) -> Iterator[dict[str, Any]]:
    """There is no network here: a picture at an address that names none of the course's is not reachable."""
    for picture in request.pictures:
        if picture_size(request, picture["url"]) is not None:
            continue
        if picture["url"].startswith("http"):
            yield error_body(f"Error while downloading {picture['url']}.", code="invalid_image_url")
        what = "Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp']."
        yield error_body(f"You uploaded an unsupported image. {what}", code="invalid_image_format")


def _schemas(request: Request, place: tuple[str, str | None], tool_place: str) -> Iterator[dict[str, Any]]:
    param, code = place
    if request.schema and request.schema.get("strict") and (what := _not_strict(request.schema["schema"])):
        yield error_body(
            f"Invalid schema for response_format '{request.schema['name']}': {what}", param=param, code=code
        )
    for number, tool in enumerate(request.tools):
        if tool.get("strict") and (what := _not_strict(tool.get("parameters") or {})):
            message = f"Invalid schema for function '{tool['name']}': {what}"
            yield error_body(message, param=tool_place.format(number), code="invalid_function_parameters")


def _not_strict(schema: Any, context: tuple[str, ...] = ()) -> str | None:
    """What keeps a schema from being strict, in the API's words; None when nothing does."""
    if not isinstance(schema, dict):
        return None
    where = f"In context={context!r}, "
    properties = schema.get("properties")
    if schema.get("type") == "object" or properties is not None:
        if schema.get("additionalProperties") is not False:
            return where + STRICT
        if missing := [name for name in properties or {} if name not in schema.get("required", ())]:
            return f"{where}{REQUIRED} Missing '{missing[0]}'."
    inner = [(("properties", name), value) for name, value in (properties or {}).items()]
    inner += [((name,), schema[name]) for name in ("items",) if name in schema]
    inner += [(("$defs", name), value) for name, value in (schema.get("$defs") or {}).items()]
    inner += [(("anyOf", str(n)), value) for n, value in enumerate(schema.get("anyOf") or ())]
    return next((found for step, value in inner if (found := _not_strict(value, context + step))), None)

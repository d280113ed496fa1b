"""Requests as a stand-in understands them, and the Responses API in terms of Chat Completions where it lacks it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

from .. import tokens

# Parameters that a server may refuse; then they are left out. Others than these and PASSED are never sent.
OPTIONAL = frozenset(
    {
        "reasoning_effort",
        "reasoning",
        "verbosity",
        "logit_bias",
        "parallel_tool_calls",
        "seed",
        "stream_options",
        "frequency_penalty",
        "presence_penalty",
    }
)
PASSED = OPTIONAL | {
    "messages",
    "input",
    "instructions",
    "stream",
    "temperature",
    "top_p",
    "stop",
    "max_tokens",
    "max_output_tokens",
    "tools",
    "tool_choice",
    "response_format",
    "text",
    "logprobs",
    "top_logprobs",
}
SILENT = {"reasoning_effort", "reasoning", "stream_options"}  # left out without a word: no answer shows the difference


def rewritten(body: dict[str, Any], model: str) -> dict[str, Any]:
    """A request for either API with another model, `system` for `developer` and `max_tokens` as older servers know it.

    Args:
        body: JSON body as the learner sent it.
        model: the stand-in's model.
    """
    request = {name: value for name, value in body.items() if name in PASSED and value is not None}
    if "max_completion_tokens" in body:
        request["max_tokens"] = body["max_completion_tokens"]
    for name in ("messages", "input"):
        if isinstance(request.get(name), list):
            request[name] = [_with_known_role(item) for item in request[name]]
    return {"model": model, **request}


def with_old_schema(body: dict[str, Any]) -> dict[str, Any]:
    """A chat request with its schema where servers look for it that know only `json_object`, as llama-cpp-python."""
    shape: dict[str, Any] = body.get("response_format") or {}
    if shape.get("type") != "json_schema":
        return body
    return {**body, "response_format": {"type": "json_object", "schema": shape["json_schema"].get("schema")}}


def _with_known_role(item: Any) -> Any:
    return {**item, "role": "system"} if isinstance(item, dict) and item.get("role") == "developer" else item


def whole_chat(answer: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """A chat completion with all that the SDK's type requires, and usage, counted offline if it came without."""
    answer = {"id": _id("chatcmpl-"), "object": "chat.completion", "created": int(time.time()), **answer}
    if not answer.get("usage"):
        answer["usage"] = chat_usage(body, [choice.get("message") or {} for choice in answer.get("choices") or ()])
    return answer


def chat_usage(body: dict[str, Any], messages: list[dict[str, Any]]) -> dict[str, Any]:
    """An estimate of the usage of a chat, for servers that do not say it."""
    prompt = tokens.chat_tokens(body["messages"], body.get("model", ""))
    said = 0
    for message in messages:
        said += tokens.count(message.get("content") or "")
        for call in message.get("tool_calls") or ():
            said += sum(tokens.count(part) for part in call["function"].values() if isinstance(part, str))
    return {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}


def merged(answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Several completions of one request as one with as many choices; the prompt counts once, as with `n`."""
    choices = [{**choice, "index": n} for n, answer in enumerate(answers) for choice in answer["choices"][:1]]
    prompt = answers[0]["usage"].get("prompt_tokens") or 0
    said = sum(answer["usage"].get("completion_tokens") or 0 for answer in answers)
    usage = {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}
    return {**answers[0], "choices": choices, "usage": usage}


# --- the Responses API in terms of Chat Completions


def untranslatable(body: dict[str, Any]) -> str | None:
    """What of a Responses request Chat Completions has no word for, to go into "cannot …"; None when all goes over."""
    for tool in body.get("tools") or ():
        if tool.get("type") != "function":
            return f"use the built-in tool {tool.get('type')}"
    for name in ("background", "conversation", "prompt"):
        if body.get(name):
            return f"take the parameter {name}"
    for item in body["input"] if isinstance(body.get("input"), list) else ():
        if item.get("type", "message") not in ("message", "function_call", "function_call_output", "reasoning"):
            return f"read an item of the type {item.get('type')}"
        for part in item.get("content") or () if isinstance(item.get("content"), list) else ():
            if part.get("type") not in ("input_text", "output_text", "input_image", "refusal"):
                return f"read content of the type {part.get('type')}"
    return None


def to_chat(body: dict[str, Any]) -> dict[str, Any]:
    """The chat request that asks the same as a Responses request. See `untranslatable` for what has no equivalent."""
    same = ("model", "temperature", "top_p", "stream", "parallel_tool_calls", "top_logprobs")
    chat = {name: body[name] for name in same if body.get(name) is not None}
    chat["messages"] = messages_of(body)
    if body.get("max_output_tokens"):
        chat["max_completion_tokens"] = body["max_output_tokens"]
    if effort := (body.get("reasoning") or {}).get("effort"):
        chat["reasoning_effort"] = effort
    text = body.get("text") or {}
    if text.get("verbosity"):
        chat["verbosity"] = text["verbosity"]
    shape = text.get("format") or {}
    if shape.get("type") == "json_schema":
        schema = {name: value for name, value in shape.items() if name != "type"}
        chat["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif shape.get("type") == "json_object":
        chat["response_format"] = shape
    if body.get("tools"):
        chat["tools"] = [
            {"type": "function", "function": {name: value for name, value in tool.items() if name != "type"}}
            for tool in body["tools"]
        ]
        choice = body.get("tool_choice")
        if isinstance(choice, dict):
            choice = {"type": "function", "function": {"name": choice.get("name")}}
        if choice:
            chat["tool_choice"] = choice
    return chat


def messages_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Instructions and input of a Responses request as chat messages; reasoning carries no words and is left out."""
    messages: list[dict[str, Any]] = []
    if body.get("instructions"):
        messages.append({"role": "system", "content": body["instructions"]})
    items = body.get("input") or []
    for item in [{"role": "user", "content": items}] if isinstance(items, str) else items:
        kind = item.get("type", "message")
        if kind == "message":
            messages.append({"role": item["role"], "content": _content(item["content"])})
        elif kind == "function_call":
            function = {"name": item["name"], "arguments": item["arguments"]}
            call = {"id": item["call_id"], "type": "function", "function": function}
            if not messages or not messages[-1].get("tool_calls"):
                messages.append({"role": "assistant", "content": None, "tool_calls": []})
            messages[-1]["tool_calls"].append(call)
        elif kind == "function_call_output":
            messages.append({"role": "tool", "tool_call_id": item["call_id"], "content": _content(item["output"])})
    return messages


def _content(content: str | list[dict[str, Any]]) -> str | list[dict[str, Any]]:
    if isinstance(content, str):
        return content
    parts: list[dict[str, Any]] = []
    for part in content:
        if part["type"] == "input_image":
            image = {"url": part.get("image_url")} | ({"detail": part["detail"]} if part.get("detail") else {})
            parts.append({"type": "image_url", "image_url": image})
        else:
            parts.append({"type": "text", "text": part.get("text") or part.get("refusal") or ""})
    return parts if any(part["type"] == "image_url" for part in parts) else "".join(part["text"] for part in parts)


def _id(prefix: str) -> str:
    return prefix + uuid.uuid4().hex


def _message_item(text: str, id: str, status: str = "completed") -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]
    return {"id": id, "type": "message", "role": "assistant", "status": status, "content": content}


def _call_item(id: str, call_id: str, name: str, arguments: str, status: str = "completed") -> dict[str, Any]:
    return {
        "id": id,
        "type": "function_call",
        "call_id": call_id,
        "name": name,
        "arguments": arguments,
        "status": status,
    }


def _frame(body: dict[str, Any], model: str) -> dict[str, Any]:
    """A response before anything was said."""
    return {
        "id": _id("resp_"),
        "object": "response",
        "created_at": int(time.time()),
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": model,
        "output": [],
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "previous_response_id": body.get("previous_response_id"),
        "store": body.get("store", True),
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": [{"strict": True, **tool} for tool in body.get("tools") or ()],
        "top_p": body.get("top_p", 1.0),
        "truncation": "disabled",
        "usage": None,
        "metadata": body.get("metadata") or {},
    }


def _finished(frame: dict[str, Any], output: list[Any], reason: str | None, usage: dict[str, Any]) -> dict[str, Any]:
    cut = reason == "length"
    used, said = usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    reasoned = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0
    return {
        **frame,
        "status": "incomplete" if cut else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "output": output,
        "usage": {
            "input_tokens": used,
            "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
            "output_tokens": said,
            "output_tokens_details": {"reasoning_tokens": reasoned},
            "total_tokens": used + said,
        },
    }


def to_response(answer: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """The response that a chat completion amounts to.

    Args:
        answer: the chat completion.
        body: the Responses request.
    """
    choice = answer["choices"][0]
    message = choice["message"]
    output: list[dict[str, Any]] = []
    if message.get("content"):
        output.append(_message_item(message["content"], _id("msg_")))
    for call in message.get("tool_calls") or ():
        function = call["function"]
        output.append(_call_item(_id("fc_"), call["id"], function["name"], function["arguments"]))
    return _finished(_frame(body, answer["model"]), output, choice.get("finish_reason"), answer["usage"])


def to_response_events(chunks: Iterator[dict[str, Any]], body: dict[str, Any], model: str) -> Iterator[dict[str, Any]]:
    """The stream of a response that a stream of chat chunks amounts to.

    Args:
        chunks: chunks of a chat completion, the last with usage.
        body: the Responses request.
        model: the stand-in's model.
    """
    number = 0

    def event(kind: str, **fields: Any) -> dict[str, Any]:
        nonlocal number
        number += 1
        return {"type": f"response.{kind}", **fields, "sequence_number": number - 1}

    frame = _frame(body, model)
    output: list[dict[str, Any]] = []
    text: tuple[int, str] | None = None  # place and id of the message
    calls: dict[int, int] = {}  # index of a call in the chunks: its place in the output
    reason, usage = None, {}
    for first, chunk in enumerate(chunks):
        if not first:  # not before the stand-in has begun: until then an error can still be one
            yield event("created", response=frame)
            yield event("in_progress", response=frame)
        usage = chunk.get("usage") or usage
        for choice in chunk.get("choices") or ():
            reason = choice.get("finish_reason") or reason
            delta = choice.get("delta") or {}
            if delta.get("content"):
                if text is None:
                    text = len(output), _id("msg_")
                    output.append(_message_item("", text[1]))
                    empty = {**output[-1], "status": "in_progress", "content": []}
                    yield event("output_item.added", output_index=text[0], item=empty)
                    part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
                    yield event("content_part.added", item_id=text[1], output_index=text[0], content_index=0, part=part)
                output[text[0]]["content"][0]["text"] += delta["content"]
                yield event(
                    "output_text.delta",
                    item_id=text[1],
                    output_index=text[0],
                    content_index=0,
                    delta=delta["content"],
                    logprobs=[],
                )
            for call in delta.get("tool_calls") or ():
                function, index = call.get("function") or {}, call.get("index") or 0
                if index not in calls:
                    calls[index] = len(output)
                    item = _call_item(_id("fc_"), call.get("id") or _id("call_"), function.get("name") or "", "")
                    output.append(item)
                    started = {**item, "status": "in_progress"}
                    yield event("output_item.added", output_index=calls[index], item=started)
                item = output[calls[index]]
                if function.get("arguments"):
                    item["arguments"] += function["arguments"]
                    yield event(
                        "function_call_arguments.delta",
                        item_id=item["id"],
                        output_index=calls[index],
                        delta=function["arguments"],
                    )
    for place, item in enumerate(output):
        where = {"item_id": item["id"], "output_index": place}
        if item["type"] == "message":
            part = item["content"][0]
            yield event("output_text.done", **where, content_index=0, text=part["text"], logprobs=[])
            yield event("content_part.done", **where, content_index=0, part=part)
        else:
            yield event("function_call_arguments.done", **where, arguments=item["arguments"])
        yield event("output_item.done", output_index=place, item=item)
    done = _finished(frame, output, reason, usage)
    yield event(done["status"], response=done)

"""What the API refuses, with the exact body: the stand-in upstream answers with these.

Bodies are those of recorded exchanges and of issue threads that quote the API, 2025-07 to 2026-09. Parameters
and models are judged by `data/course/models.json`. What the table cannot judge passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from .. import models

ENDPOINTS = {
    "chat/completions": "chat",
    "responses/input_tokens": "responses",
    "audio/speech": "speech",
    "audio/transcriptions": "transcriptions",
    "audio/translations": "translations",
    "images/generations": "images",
    "images/edits": "images",
}
MOVED = (
    "In the Responses API, this parameter has moved to '{}'. Try again with the new parameter. "
    "See the API documentation for more information: "
    "https://platform.openai.com/docs/api-reference/responses/create."
)
SAMPLING = ("temperature", "top_p", "logprobs", "frequency_penalty", "presence_penalty", "logit_bias", "stop")
# Parameters of Chat Completions that Responses does not know, and of DALL-E that its successors do not know.
OF_CHAT = ("max_tokens", "stop", "n", "seed", "frequency_penalty", "presence_penalty")
OF_DALLE = ("style", "response_format")


def rejection(
    model: str, body: dict[str, Any], endpoint: str, today: date | str = models.AS_OF
) -> dict[str, Any] | None:
    """The refusal of a request, or None when the model would take it.

    Args:
        model: model named by the request.
        body: JSON body, or the fields of a form.
        endpoint: path such as "/v1/chat/completions"; with or without "/v1/".
        today: day by which models that have ended are refused; never the clock.

    Returns:
        {"status": HTTP status, "error": {"message", "type", "param", "code"}} of the first thing refused.
    """
    path = endpoint.strip("/").removeprefix("v1/")
    api = ENDPOINTS.get(path, path)
    return _of_model(model, api, today) or next(_of_body(model, body, api), None)


def _error(message: str, param: str | None, code: str | None, status: int = 400) -> dict[str, Any]:
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return {"status": status, "error": error}


def _unsupported(name: str, code: str | None = "unsupported_parameter") -> dict[str, Any]:
    return _error(f"Unsupported parameter: '{name}' is not supported with this model.", name, code)


def _unknown(name: str) -> dict[str, Any]:
    return _error(f"Unknown parameter: '{name}'.", name, "unknown_parameter")


def _listed(values: list[str]) -> str:
    """Values as the API lists them: 'a', 'b', and 'c'."""
    *firsts, last = [f"'{value}'" for value in values]
    return f"{', '.join(firsts)}{',' if len(firsts) > 1 else ''} and {last}" if firsts else last


def _of_model(model: str, api: str, today: date | str) -> dict[str, Any] | None:
    known = models.canonical(model) is not None
    if known and not models.is_gone(model, today):
        endpoints = models.info(model)["endpoints"]
        if api in endpoints:
            return None
        if api == "chat":
            message = "This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
            return _error(message + "Did you mean to use v1/completions?", "model", None, 404)
        if api == "embeddings":
            return _error("You are not allowed to generate embeddings from this model", None, None, 403)
        if api == "responses":
            message = f"The requested model '{model}' is not supported with the Responses API."
            return _error(message, "model", "model_not_found")
    elif api == "responses":  # seen there: 404 for models that have ended, 400 for names that never were
        if known:
            return _error(f"Model not found {model}", "model", None, 404)
        return _error(f"The requested model '{model}' does not exist.", "model", "model_not_found")
    message = f"The model `{model}` does not exist or you do not have access to it."
    return _error(message, None, "model_not_found", 404)


def _of_body(model: str, body: dict[str, Any], api: str) -> Iterator[dict[str, Any]]:
    body = {name: value for name, value in body.items() if value is not None}
    if api in ("chat", "responses") and "parameters" not in models.info(model):
        return
    if api == "chat":
        yield from _of_chat(model, body)
    elif api == "responses":
        yield from _of_responses(model, body)
    elif api == "images":
        yield from _of_images(model, body)
    elif api == "transcriptions":
        yield from _of_transcriptions(model, body)


def _of_chat(model: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Refusals in the order in which the API was seen to give them: max_tokens before temperature."""
    if "reasoning" in body:
        yield _unknown("reasoning")
    if "max_tokens" in body and not models.accepts(model, "max_tokens"):
        message = "Unsupported parameter: 'max_tokens' is not supported with this model. "
        yield _error(message + "Use 'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter")
    for name in ("max_tokens", "max_completion_tokens"):
        if name in body and body[name] < 1:
            yield _below(name, body[name], 1)
    effort = body.get("reasoning_effort")
    if effort is not None:
        known = models.chat_efforts(model)
        if not models.accepts(model, "reasoning_effort"):
            yield _error("Unrecognized request argument supplied: reasoning_effort", None, None)
        elif known and effort not in known:
            message = f"Unsupported value: 'reasoning_effort' does not support '{effort}' with this model. "
            message += f"Supported values are: {_listed(known)}."
            yield _error(message, "reasoning_effort", "unsupported_value")
    for name in SAMPLING:
        value = body.get(name)
        if value is None or models.accepts(model, name, effort) or value == models.neutral(model, name):
            continue
        if name == "temperature":
            message = f"Unsupported value: 'temperature' does not support {value} with this model. "
            yield _error(message + "Only the default (1) value is supported.", name, "unsupported_value")
        else:
            yield _unsupported(name)
    if body.get("tools") and not models.accepts(model, "tools", effort):
        message = f"Function tools with reasoning_effort are not supported for {model} "
        message += "in /v1/chat/completions. To use function tools, use /v1/responses "
        message += "or set reasoning_effort to 'none'."
        yield _error(message, "reasoning_effort", None)


def _of_responses(model: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    entry = models.info(model)
    if "max_output_tokens" in body and body["max_output_tokens"] < 16:
        yield _below("max_output_tokens", body["max_output_tokens"], 16)
    for name in OF_CHAT:
        if name in body:
            yield _unknown(name)
    for name, place in (("response_format", "text.format"), ("reasoning_effort", "reasoning.effort")):
        if name in body:
            message = f"Unsupported parameter: '{name}'. {MOVED.format(place)}"
            yield _error(message, None, "unsupported_parameter")
    effort = (body.get("reasoning") or {}).get("effort")
    known = entry.get("efforts") or []
    if effort is not None and not models.accepts(model, "reasoning_effort"):
        yield _unsupported("reasoning.effort")
    elif effort is not None and known and effort not in known:
        message = f"Unsupported value: '{effort}' is not supported with the '{model}' model. "
        message += f"Supported values are: {_listed(known)}."
        yield _error(message, "reasoning.effort", "unsupported_value")
    for name in ("temperature", "top_p"):
        if name in body and body[name] != 1 and not models.accepts(model, name, effort):
            yield _unsupported(name, code=None)


def _of_images(model: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    qualities = models.info(model).get("qualities") or []
    if "quality" in body and qualities and body["quality"] not in qualities:
        message = f"Invalid value: '{body['quality']}'. Supported values are: {_listed(qualities)}."
        yield _error(message, "quality", "invalid_value")
    for name in OF_DALLE:
        if name in body:
            yield _unknown(name)


def _of_transcriptions(model: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    formats, wanted = models.info(model).get("formats") or [], body.get("response_format")
    if wanted and formats and wanted not in formats:
        api_name = "gpt-transcribe-api-ev3" if model == "gpt-transcribe" else model
        usable = " or ".join(f"'{name}'" for name in formats)
        message = f"response_format '{wanted}' is not compatible with model '{api_name}'. "
        yield _error(f"{message}Use {usable} instead.", "response_format", "unsupported_value")


def _below(name: str, value: int, least: int) -> dict[str, Any]:
    message = f"Invalid '{name}': integer below minimum value. "
    message += f"Expected a value >= {least}, but got {value} instead."
    return _error(message, name, "integer_below_min_value")

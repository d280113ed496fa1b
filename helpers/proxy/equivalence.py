"""Requests that mean the same to the API, brought to one form: no defaults, no space at the ends, one name per role.

Tools and schemas stay as they are, since every word of them reaches the model; so do `stop`, names and ids.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from .. import models
from ..setup.endpoints import RESPONDS, api_of

# What each endpoint assumes for a parameter that is left out: the reference's defaults, as of 2026-11. Parameters that
# are not listed may be written as null instead. The default of reasoning_effort depends on the model: see `models`.
_TEXT = {"type": "text"}
_PICTURES = {
    "n": 1,
    "size": "auto",
    "quality": "auto",
    "background": "auto",
    "moderation": "auto",
    "output_format": "png",
    "output_compression": 100,
    "stream": False,
    "partial_images": 0,
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "chat": {
        "temperature": 1,
        "top_p": 1,
        "n": 1,
        "frequency_penalty": 0,
        "presence_penalty": 0,
        "logit_bias": {},
        "logprobs": False,
        "stream": False,
        "stream_options": {"include_usage": False, "include_obfuscation": True},
        "response_format": _TEXT,
        "modalities": ["text"],
        "verbosity": "medium",
        "store": False,
        "service_tier": "auto",
    },
    "responses": {
        "temperature": 1,
        "top_p": 1,
        "stream": False,
        "stream_options": {"include_obfuscation": True},
        "text": {"format": _TEXT, "verbosity": "medium"},
        "reasoning": {},
        "truncation": "disabled",
        "background": False,
        "store": True,
        "service_tier": "auto",
        "include": [],
        "metadata": {},
        "tools": [],
    },
    "moderations": {"model": models.MODERATION},
    "speech": {"response_format": "mp3", "speed": 1, "stream_format": "audio"},
    "transcriptions": {"response_format": "json", "temperature": "0", "stream": "false"},
    "translations": {"response_format": "json", "temperature": "0"},
    "images": _PICTURES,
    "edits": {name: str(value).lower() for name, value in _PICTURES.items()} | {"input_fidelity": "low"},
}
DEFAULTS["input_tokens"] = DEFAULTS["responses"]
_WITH_TOOLS = {"tool_choice": "auto", "parallel_tool_calls": True}  # without tools the API refuses both
_MESSAGE = {"annotations": [], "status": "completed", "type": "message"}
_PICTURE = {"detail": "auto", "image_url": {"detail": "auto"}}
_TEXTS = ("input", "instructions", "prompt")  # besides messages


def canonical(request: dict[str, Any]) -> dict[str, Any]:
    """A described request in the form that all requests of its meaning share.

    Args:
        request: as `helpers.proxy.recordings.describe` makes it; it stays as it is.
    """
    api = api_of(request["path"])
    defaults = DEFAULTS.get(api, {})
    if "multipart" in request:
        fields = [_field(field) for field in request["multipart"]]
        kept = [field for field in fields if not _same(field.get("value"), defaults.get(field["name"]))]
        return {**request, "multipart": kept}
    body = request.get("json")
    if not isinstance(body, dict):
        return request
    body = _without(body, {**defaults, **(_WITH_TOOLS if body.get("tools") else {})} | _efforts(api, body))
    for name in _TEXTS:
        if isinstance(body.get(name), str):
            body[name] = body[name].strip()
    if api in RESPONDS and isinstance(body.get("input"), str):
        body["input"] = [{"role": "user", "content": body["input"]}]
    if api == "moderations" and isinstance(body.get("input"), list) and len(body["input"]) == 1:
        body["input"] = body["input"][0].strip() if isinstance(body["input"][0], str) else body["input"][0]
    for name in ("messages", "input"):
        if isinstance(body.get(name), list):
            body[name] = [_message(item) for item in body[name]]
    return {**request, "json": body}


def _efforts(api: str, body: dict[str, Any]) -> dict[str, Any]:
    """The default of reasoning effort, under the name that the endpoint has for it; none where it is not known."""
    model = body.get("model")
    known = isinstance(model, str) and models.canonical(model)
    effort = models.info(model).get("default_effort") if known else None
    if api == "chat":
        return {"reasoning_effort": effort} if effort else {}
    return {"reasoning": {"effort": effort}} if effort and api in RESPONDS else {}


def _without(value: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """A copy without nulls and without what equals its default; objects that have defaults of their own likewise."""
    kept = {}
    for name, item in value.items():
        default = defaults.get(name)
        if isinstance(item, dict) and isinstance(default, dict):
            item = _without(item, default)
            default = {}
        if item is not None and not _same(item, default):
            kept[name] = item
    return kept


def _same(value: Any, default: Any) -> bool:
    """Equality in which, other than in Python, true is not 1."""
    return value == default and isinstance(value, bool) == isinstance(default, bool) and default is not None


def _message(item: Any) -> Any:
    """A message of Chat Completions, an item of the Responses API or a text of a list."""
    if isinstance(item, str):
        return item.strip()
    if not isinstance(item, dict):
        return item
    item = _without(item, _MESSAGE if "role" in item else {})
    if item.get("role") == "developer":
        item["role"] = "system"
    for name in ("content", "output"):
        if isinstance(item.get(name), str):
            item[name] = item[name].strip()
        elif isinstance(item.get(name), list):
            parts = [_part(part) for part in item[name]]
            only = parts[0] if len(parts) == 1 and isinstance(parts[0], dict) else {}
            plain = only.keys() == {"type", "text"} and only["type"].endswith("text")
            item[name] = only["text"] if plain else parts
    return item


def _part(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    part = _without(part, _PICTURE if "image_url" in part else {"annotations": [], "logprobs": []})
    if isinstance(part.get("text"), str):
        part["text"] = part["text"].strip()
    return part


def _field(field: dict[str, Any]) -> dict[str, Any]:
    """A field of a form: of a file's name only the ending counts, which says what kind of file it is."""
    if "filename" in field:
        return {"name": field["name"], "kind": PurePath(field["filename"]).suffix.lower(), "sha256": field["sha256"]}
    return {**field, "value": field["value"].strip()} if field["name"] == "prompt" else field

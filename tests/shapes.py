"""Holds an answer against the SDK's own types, strictly: no unknown field, no required one missing, true sums."""

from __future__ import annotations

import base64
import functools
import re
import struct
from typing import Any, Literal

from openai import types
from openai.pagination import SyncPage
from openai.types import responses
from openai.types.audio import TranscriptionCreateResponse, TranscriptionStreamEvent
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import BaseModel, TypeAdapter, ValidationError


class ResponseDeleted(BaseModel, extra="forbid"):
    """What DELETE of a response answers; the SDK drops it and so has no type for it."""

    id: str
    object: Literal["response"]
    deleted: Literal[True]


# endpoint → (type of the answer, type of a stream event)
SHAPES: list[tuple[str, Any, Any]] = [
    (r"POST /v1/chat/completions", ChatCompletion, ChatCompletionChunk),
    (r"(POST /v1/responses|GET /v1/responses/resp_\w+)", responses.Response, responses.ResponseStreamEvent),
    (r"DELETE /v1/responses/resp_\w+", ResponseDeleted, None),
    (r"POST /v1/responses/input_tokens", responses.InputTokenCountResponse, None),
    (r"POST /v1/embeddings", types.CreateEmbeddingResponse, None),
    (r"POST /v1/moderations", types.ModerationCreateResponse, None),
    (r"GET /v1/models/[\w.-]+", types.Model, None),
    (r"GET /v1/models", SyncPage[types.Model], None),
    (r"POST /v1/files", types.FileObject, None),
    (r"GET /v1/files/file-\w+", types.FileObject, None),
    (r"DELETE /v1/files/file-\w+", types.FileDeleted, None),
    (r"POST /v1/batches|GET /v1/batches/batch_\w+", types.Batch, None),
    (
        r"POST /v1/images/(generations|edits)",
        types.ImagesResponse,
        types.ImageGenStreamEvent | types.ImageEditStreamEvent,
    ),
    (r"POST /v1/audio/(transcriptions|translations)", TranscriptionCreateResponse, TranscriptionStreamEvent),
]

# Fields that the API was seen to send and that the SDK's types do not name (they keep them as extra fields).
SEEN_ON_THE_WIRE = {"obfuscation", "billing", "tool_usage", "frequency_penalty", "presence_penalty", "store", "task"}


def problems(endpoint: str, answer: Any) -> list[str]:
    """What is wrong with an answer's shape; empty when it is right.

    Args:
        endpoint: method and path, such as "POST /v1/embeddings".
        answer: the JSON answer, or the list of a stream's data.
    """
    shape = next(
        ((one, event) for pattern, one, event in SHAPES if re.fullmatch(pattern, endpoint.partition("?")[0])),
        None,
    )
    if shape is None:
        return [f"no shape is known for {endpoint}"]
    whole, event = shape
    if isinstance(answer, list):
        found = [problem for data in answer if data != "[DONE]" for problem in _one(event, data)]
        return found + _usage(next((use for data in reversed(answer) if (use := _find_usage(data))), None))
    return _one(whole, answer) + _usage(_find_usage(answer))


def error_problems(answer: Any) -> list[str]:
    """What is wrong with an error body."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict) or set(error) != {"message", "type", "param", "code"}:
        return [f"an error holds message, type, param and code, not {error if error is None else sorted(error)}"]
    return [] if isinstance(error["message"], str) and error["message"] else ["an error has a message"]


@functools.cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _one(shape: Any, value: Any) -> list[str]:
    if shape is types.CreateEmbeddingResponse:
        value = {
            **value,
            "data": [{**item, "embedding": _floats(item["embedding"])} for item in value["data"]],
        }
    try:
        parsed = _adapter(shape).validate_python(value)
    except ValidationError as error:
        return [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()[:5]]
    return _extras(parsed, "")


def _floats(vector: Any) -> list[float]:
    if isinstance(vector, str):
        content = base64.b64decode(vector)
        return list(struct.unpack(f"<{len(content) // 4}f", content))
    return vector


def _extras(value: Any, name: str) -> list[str]:
    if isinstance(value, BaseModel):
        unknown = [
            f"{name}.{key}: not in the SDK's type" for key in value.model_extra or () if key not in SEEN_ON_THE_WIRE
        ]
        return unknown + [
            problem for key in type(value).model_fields for problem in _extras(getattr(value, key), f"{name}.{key}")
        ]
    if isinstance(value, list):
        return [problem for index, item in enumerate(value) for problem in _extras(item, f"{name}[{index}]")]
    return []


def _find_usage(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    inner = value.get("response") if isinstance(value.get("response"), dict) else value
    return inner.get("usage")


def _usage(usage: dict[str, Any] | None) -> list[str]:
    if not usage or "total_tokens" not in usage:
        return []
    found = []
    asked = usage.get("prompt_tokens", usage.get("input_tokens", 0))
    said = usage.get("completion_tokens", usage.get("output_tokens", 0))
    if asked + said != usage["total_tokens"]:
        found.append(f"usage: {asked} + {said} is not {usage['total_tokens']}")
    for total, details in (("prompt", asked), ("input", asked), ("completion", said), ("output", said)):
        for name, part in (usage.get(f"{total}_tokens_details") or {}).items():
            if isinstance(part, int) and part > details:
                found.append(f"usage: {name} {part} is more than its total {details}")
    return found

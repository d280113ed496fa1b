"""The most that a call can cost, told before it is sent.

Text is bounded by its bytes (no token is shorter than one byte), an answer by its limit or by the model's own, pictures
by size and quality, sound by its length. A model of the course's table without a listed price is taken to be as
expensive as the most expensive of its kind. Where nothing bounds a call the answer is UNKNOWN.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from typing import Any

from .. import models, prices, tokens
from .http import parse_multipart

UNKNOWN = math.inf
BITS_PER_SECOND = 6_000  # the thinnest sound that speech is sent as (Opus)
AUDIO_TOKENS_PER_SECOND = 20  # twice what usage objects of heard sound show; made speech has 21 (1,250 a minute)
TRANSCRIPT_TOKENS = 16_000  # the window of the models that transcribe by the token
CHARACTERS_PER_SECOND = 5  # of speech, at a third of the usual speed
AUDIO_OUTPUT = 16_384  # tokens: the longest answer of models that speak
IMAGE_INPUT = 50_000  # tokens of one picture: above what any published rule comes to
IMAGE_OUTPUT = {"low": 1_000, "": 14_000}  # tokens of one picture of the largest size, by the published formula
PREVIEW_OUTPUT = 100  # tokens of each preview of a picture that is streamed
LONG = 272_000  # tokens of input above which input costs twice as much and output half as much again
TOOL_FEES = {"web_search": 0.025, "file_search": 0.0025}  # USD a call, the highest listed
FREE = ("files", "uploads", "moderations", "vector_stores", "conversations", "models", "responses/input_tokens")


def highest_price(request: dict[str, Any], body: bytes) -> float:
    """The most that a call can cost.

    Args:
        request: the described request (helpers.proxy.recordings.describe).
        body: the raw body.

    Returns:
        USD; UNKNOWN where nothing bounds it.
    """
    path = request["path"].partition("?")[0].removeprefix("/v1/")
    if request["method"] != "POST" or path.startswith(FREE) or path.endswith("/cancel"):
        return 0.0
    bound = next((bound for start, bound in _BOUNDS.items() if path.startswith(start)), None)
    if bound is None:
        return UNKNOWN
    try:
        fields = _fields(request, body)
        model = fields.get("model")
        if model is None and fields.get("prompt") and path == "responses":
            return UNKNOWN  # a stored prompt brings its model
        if not isinstance(model, str):
            return 0.0  # the API refuses it
        rates = _rates(model)
        return UNKNOWN if rates is None else bound(model, rates, fields, body)
    except (ValueError, TypeError, AttributeError, RecursionError):  # a shape that no model answers
        return UNKNOWN if "multipart" in request else 0.0


def batch_bound(request: dict[str, Any], body: bytes) -> float:
    """The most that a batch can cost, in USD, of the requests in the file that a call uploads."""
    fields = {field["name"]: field.get("value") for field in request.get("multipart", ())}
    if request["path"] != "/v1/files" or fields.get("purpose") != "batch":
        return UNKNOWN
    parts = parse_multipart("multipart/form-data; boundary=" + body[2:].partition(b"\r\n")[0].decode(), body)
    total = 0.0
    for line in next((part["content"] for part in parts if "content" in part), b"").splitlines():
        try:
            one = json.loads(line)
            asked = {"method": "POST", "path": one["url"], "json": one["body"]}
            total += highest_price(asked, json.dumps(one["body"]).encode()) / 2  # a batch costs half
        except (ValueError, KeyError, TypeError):
            return UNKNOWN
    return total


def _fields(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    if "multipart" in request:
        return {field["name"]: field.get("value") for field in request["multipart"]}
    fields = json.loads(body)
    if not isinstance(fields, dict):
        raise TypeError
    return fields


@cache
def _rates(model: str) -> tuple[float, float] | None:
    """USD for a token of input and of output, of the most expensive sort; None when the price is not known."""
    if listed := prices.price(model):
        into = [listed.get(sort, 0.0) for sort in ("input", "cache_write", "audio_input", "image_input")]
        out = [listed.get(sort, 0.0) for sort in ("output", "audio_output", "image_output")]
        return max(into) / 1e6, max(out) / 1e6
    if (name := models.canonical(model)) is None:
        return None if listed is None else (0.0, 0.0)
    kind = models.info(name)["kind"]
    same = [other for other in models.TABLE["models"] if models.info(other)["kind"] == kind and prices.price(other)]
    rates = [rate for other in same if (rate := _rates(other))]
    return (max(rate[0] for rate in rates), max(rate[1] for rate in rates)) if rates else None


def _number(value: Any) -> int:
    """A count as requests and forms write it; 0 where there is none."""
    return int(value) if not isinstance(value, bool) and str(value).isdigit() else 0


def _text(model: str, rates: tuple[float, float], fields: dict[str, Any], body: bytes) -> float:
    """Chat Completions, Responses and the old Completions."""
    entry = models.info(model) if models.canonical(model) else {}
    listed = prices.known(model)
    window = entry.get("context") or (listed.context_window if listed else None) or UNKNOWN
    into: float = len(body)
    for kind, data in _media(fields):
        into += {"image": IMAGE_INPUT, "audio": _seconds(data) * AUDIO_TOKENS_PER_SECOND}.get(kind, UNKNOWN) - len(data)
    if fields.get("previous_response_id") or fields.get("conversation") or isinstance(fields.get("prompt"), dict):
        into = UNKNOWN
    limits = [_number(fields.get(f"max_{name}")) for name in ("tokens", "completion_tokens", "output_tokens")]
    own = entry.get("max_output") or (AUDIO_OUTPUT if entry.get("kind") == "audio_chat" else window)
    out = (max(limits) or own) * max(_number(fields.get("n")), _number(fields.get("best_of")), 1)
    rounds, fees = 1, 0.0
    for tool in fields.get("tools") or ():
        if (kind := str(tool.get("type"))) not in ("function", "custom"):
            calls = _number(fields.get("max_tool_calls")) or UNKNOWN  # else the model may use it as often as it likes
            fees += calls * next((fee for name, fee in TOOL_FEES.items() if kind.startswith(name)), UNKNOWN)
            into, rounds = UNKNOWN, max(rounds, calls + 1)
    into = min(into, window)
    tier = 2.5 if fields.get("service_tier") == "priority" else 1.0
    long_in, long_out = (2.0, 1.5) if into > LONG else (1.0, 1.0)
    return tier * (into * rounds * rates[0] * long_in + out * rates[1] * long_out) + fees


def _media(value: Any) -> Iterator[tuple[str, str]]:
    """Pictures, sounds and files in a request: (kind, their data where the request carries it)."""
    if isinstance(value, list):
        for item in value:
            yield from _media(item)
    elif isinstance(value, dict):
        kind = str(value.get("type")).removeprefix("input_")
        if kind in ("image_url", "image"):
            url = value.get("image_url")
            url = url.get("url") if isinstance(url, dict) else url
            yield "image", url if isinstance(url, str) and url.startswith("data:") else ""
        elif kind == "audio":
            sound = value.get("input_audio")
            yield "audio", str(sound.get("data") or "") if isinstance(sound, dict) else ""
        elif kind == "file":
            yield "file", ""
        else:
            for item in value.values():
                yield from _media(item)


def _seconds(sound: str | bytes) -> float:
    """The longest that a sound can last; a WAV file says how many bytes a second has."""
    if isinstance(sound, bytes) and (start := sound.find(b"RIFF", 0, 4096)) >= 0:
        if rate := int.from_bytes(sound[start + 28 : start + 32], "little"):
            return len(sound) / rate
    return len(sound) * 8 / BITS_PER_SECOND


def _embedding(model: str, rates: tuple[float, float], fields: dict[str, Any], body: bytes) -> float:
    return len(body) * rates[0]


def _image(model: str, rates: tuple[float, float], fields: dict[str, Any], body: bytes) -> float:
    quality = str(fields.get("quality"))
    try:
        width, height = (int(side) for side in str(fields.get("size")).split("x"))
        each = tokens.generated_image_tokens(width, height, quality, model)
    except (ValueError, LookupError, ZeroDivisionError):  # "auto", or a number that is not public
        each = IMAGE_OUTPUT.get(quality, IMAGE_OUTPUT[""])
    each += PREVIEW_OUTPUT * _number(fields.get("partial_images"))
    uploads = body.count(b"filename=") if "model" in fields and body[:1] != b"{" else 0
    text = len(body) if body[:1] == b"{" else len(str(fields.get("prompt")).encode())
    return (text + uploads * IMAGE_INPUT) * rates[0] + max(_number(fields.get("n")), 1) * each * rates[1]


def _speech(model: str, rates: tuple[float, float], fields: dict[str, Any], body: bytes) -> float:
    by_character = (prices.price(model) or {}).get("characters", 0.0) / 1e6
    by_token = rates[0] + AUDIO_TOKENS_PER_SECOND * 1.1 / CHARACTERS_PER_SECOND * rates[1]
    return len(body) * (by_character or by_token)


def _transcript(model: str, rates: tuple[float, float], fields: dict[str, Any], body: bytes) -> float:
    seconds = _seconds(body)
    by_minute = (prices.price(model) or {}).get("minute", 0.0) * seconds / 60
    heard = min(seconds * AUDIO_TOKENS_PER_SECOND, TRANSCRIPT_TOKENS) + len(str(fields.get("prompt")))
    return by_minute or heard * rates[0] + TRANSCRIPT_TOKENS * rates[1]


_BOUNDS = {
    "chat/completions": _text,
    "responses": _text,
    "completions": _text,
    "embeddings": _embedding,
    "images/": _image,
    "audio/speech": _speech,
    "audio/": _transcript,
}

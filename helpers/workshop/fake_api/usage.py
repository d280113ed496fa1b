"""Counts of one request and its answer: tokens of text, tools, pictures and sound, and what of them is an estimate."""

from __future__ import annotations

import base64
import codecs
import io
from typing import Any

import PIL.Image

from ... import models, tokens
from ...recipes import sound
from .families import shape_of
from .ids import Dice
from .request import Request, data_url_content, text_of
from .wire import compact

AUDIO_TOKENS_A_SECOND = 10  # heard by a chat model
SPOKEN_PER_TEXT_TOKEN = 5.5  # audio tokens of a spoken answer; from one recorded answer of 9 and 51
PICTURE_IN_RATE_LIMIT = 770  # tokens that a picture counts for in the rate limit


def cut(text: str, model: str) -> list[bytes]:
    """The tokens of a text."""
    return [piece.raw for piece in tokens.pieces(text, model)] if text else []


def joined(parts: list[bytes]) -> str:
    """The text of tokens; an unfinished character at the end is dropped."""
    return b"".join(parts).decode("utf-8", "ignore")


def pieces(parts: list[bytes]) -> list[tuple[str, int]]:
    """The tokens as pieces of text that a stream can send, with the number of tokens in each.

    A token that ends inside a character waits for the next one.
    """
    decoder, found, waiting = codecs.getincrementaldecoder("utf-8")("ignore"), [], 0
    for part in parts:
        waiting += 1
        if text := decoder.decode(part):
            found.append((text, waiting))
            waiting = 0
    return found


def snapshot(model: str) -> str:
    """The id that an answer carries."""
    return models.answers_as(model) if models.canonical(model) else model


def fingerprint(model: str) -> str | None:
    return "fp_" + Dice(snapshot(model)).hex("fingerprint", 10) if shape_of(model).fingerprint else None


def effort(request: Request) -> str:
    """The reasoning effort in force: the request's, or the model's own."""
    wanted = request.body.get("reasoning_effort") or (request.body.get("reasoning") or {}).get("effort")
    if wanted or models.canonical(request.model) is None:
        return wanted or "none"
    known = models.info(request.model)
    return (known.get("default_effort") or "medium") if known.get("efforts") else "none"


def prompt_tokens(request: Request) -> tuple[int, list[str]]:
    """Tokens of the conversation, its tools, schema, pictures and sound, and notes on what is estimated.

    Raises:
        LookupError, ValueError: it is not known how many tokens the model reads a picture as.
    """
    total, notes = tokens.chat_tokens(request.messages, request.model), []
    if tokens.is_estimate(request.model):
        notes.append(f"The tokenizer of {request.model} is not published: tokens are counted with that of gpt-5.")
    if request.body.get("tools"):
        total += tokens.count(compact(request.body["tools"]), request.model)
        notes.append("Prompt tokens of the tools are estimated from their JSON.")
    if request.schema:
        total += tokens.count(compact(request.schema["schema"]), request.model)
        notes.append("Prompt tokens of the schema are estimated from its JSON.")
    for picture in request.pictures:
        size = picture_size(request, picture["url"])
        total += tokens.image_tokens(*size, request.model, picture.get("detail") or "auto")
    if heard := audio_tokens(request):
        total += heard
        notes.append(f"Sound is estimated at {AUDIO_TOKENS_A_SECOND} tokens a second.")
    return total, notes


def picture_size(request: Request, url: str) -> tuple[int, int]:
    """Width and height of a picture, by its data URL or by an address that ends in the name of a file of the course.

    Raises:
        ValueError, OSError: there is no such file, or no picture in it.
    """
    content = data_url_content(url)
    if content is None:
        content = (request.images / url.rpartition("/")[2]).read_bytes()
    with PIL.Image.open(io.BytesIO(content)) as image:
        return image.size


def audio_tokens(request: Request) -> int:
    """Estimated tokens of the sound in a conversation. Raises ValueError for broken base64."""
    sounds = [base64.b64decode(part["data"], validate=True) for part in request.parts("input_audio")]
    return sum(round((seconds_of(each) or len(each) / 16_000) * AUDIO_TOKENS_A_SECOND) for each in sounds)


def seconds_of(content: bytes) -> float | None:
    """Length of a WAV file of 16 bit; None for any other format."""
    try:
        return sound.read(content).seconds
    except sound.SoundError:
        return None


def cached(answer: dict[str, Any], prompt: int, writes: bool) -> tuple[int, int]:
    """Cached and newly cached tokens of a prompt.

    Args:
        answer: an entry's answer; its `cached_tokens` say how much of the prefix was cached.
        prompt: tokens of the prompt.
        writes: the model reports cache writes; from 1,024 tokens on all but the last three were seen to be written.
    """
    known = min(answer.get("cached_tokens", 0), prompt)
    return known, max(prompt - 3 - known, 0) if writes and prompt >= 1024 else 0


def rate_limit_tokens(request: Request) -> int:
    """Tokens that the rate limiter reckons with: a quarter of the characters and three for each message."""
    return sum(tokens.estimated(len(text_of(m))) + 3 for m in request.messages) + PICTURE_IN_RATE_LIMIT * len(
        request.pictures
    )


def basis(authored: str, *notes: list[str]) -> str:
    """The entry's basis and every note once."""
    return " ".join([authored, *dict.fromkeys(note for group in notes for note in group)])

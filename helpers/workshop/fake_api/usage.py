"""Counts of one request and its answer: tokens of text, tools, pictures and sound, and what of them is an estimate."""

from __future__ import annotations

import base64
import codecs
import io
import wave
from typing import Any

import PIL.Image

from ... import models, tokens
from .families import shape_of
from .ids import Dice
from .request import Asked, data_url_content, text_of
from .script import AuthoringError
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


def spoken(parts: list[bytes]) -> list[tuple[str, int]]:
    """The tokens as pieces of text that a stream can send, with the number of tokens in each.

    A token that ends inside a character waits for the next one.
    """
    decoder, pieces, waiting = codecs.getincrementaldecoder("utf-8")("ignore"), [], 0
    for part in parts:
        waiting += 1
        if text := decoder.decode(part):
            pieces.append((text, waiting))
            waiting = 0
    return pieces


def snapshot(model: str) -> str:
    """The id that an answer carries."""
    return models.answers_as(model) if models.canonical(model) else model


def fingerprint(model: str) -> str | None:
    return "fp_" + Dice(snapshot(model)).hex("fingerprint", 10) if shape_of(model).fingerprint else None


def effort(asked: Asked) -> str:
    """The reasoning effort in force: the request's, or the model's own."""
    wanted = asked.body.get("reasoning_effort") or (asked.body.get("reasoning") or {}).get("effort")
    if wanted or models.canonical(asked.model) is None:
        return wanted or "none"
    known = models.info(asked.model)
    return (known.get("default_effort") or "medium") if known.get("efforts") else "none"


def prompt_tokens(asked: Asked) -> tuple[int, list[str]]:
    """Tokens of the conversation, its tools, schema, pictures and sound, and notes on what is estimated.

    Raises:
        AuthoringError: the size of a picture cannot be known.
    """
    total, notes = tokens.chat_tokens(asked.messages, asked.model), []
    if tokens.is_estimate(asked.model):
        notes.append(f"The tokenizer of {asked.model} is not published: tokens are counted with that of gpt-5.")
    if asked.body.get("tools"):
        total += tokens.count(compact(asked.body["tools"]), asked.model)
        notes.append("Prompt tokens of the tools are estimated from their JSON.")
    if asked.schema:
        total += tokens.count(compact(asked.schema["schema"]), asked.model)
        notes.append("Prompt tokens of the schema are estimated from its JSON.")
    total += sum(_picture_tokens(asked, picture) for picture in asked.pictures)
    if heard := audio_tokens(asked):
        total += heard
        notes.append(f"Sound is estimated at {AUDIO_TOKENS_A_SECOND} tokens a second.")
    return total, notes


def _picture_tokens(asked: Asked, picture: dict[str, str]) -> int:
    content = picture_content(asked, picture["url"])
    if content is None:
        raise AuthoringError(f"the size of the picture {picture['url'][:80]!r} is unknown")
    with PIL.Image.open(io.BytesIO(content)) as image:
        width, height = image.size
    try:
        return tokens.image_tokens(width, height, asked.model, picture.get("detail") or "auto")
    except (LookupError, ValueError) as error:
        raise AuthoringError(str(error)) from None


def picture_content(asked: Asked, url: str) -> bytes | None:
    """The bytes of a picture: from its data URL, or from the images folder for a URL that ends in a name there."""
    if (content := data_url_content(url)) is not None:
        return content
    path = asked.images / url.rpartition("/")[2]
    return path.read_bytes() if "/" in url and path.is_file() else None


def audio_tokens(asked: Asked) -> int:
    """Estimated tokens of the sound in a conversation."""
    parts = [part for m in asked.messages if isinstance(m.get("content"), list) for part in m["content"]]
    sounds = [base64.b64decode(part["input_audio"]["data"]) for part in parts if part.get("type") == "input_audio"]
    return sum(round((seconds_of(sound) or len(sound) / 16_000) * AUDIO_TOKENS_A_SECOND) for sound in sounds)


def seconds_of(sound: bytes) -> float | None:
    """Length of a plain WAV file; None for any other format."""
    if sound[:4] != b"RIFF":
        return None
    try:
        with wave.open(io.BytesIO(sound)) as file:
            return file.getnframes() / file.getframerate()
    except wave.Error:  # not plain PCM
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


def rate_limit_tokens(asked: Asked) -> int:
    """Tokens that the rate limiter reckons with: a quarter of the characters and three for each message."""
    return sum(len(text_of(m)) // 4 + 3 for m in asked.messages) + PICTURE_IN_RATE_LIMIT * len(asked.pictures)


def basis(authored: str, *notes: list[str]) -> str:
    """The entry's basis and every note once."""
    return " ".join([authored, *dict.fromkeys(note for group in notes for note in group)])

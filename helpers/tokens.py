"""Tokens counted offline: of text, of chat messages, of pictures.

Counts of text are exact for models up to gpt-5.6; OpenAI has not published the tokenizer of gpt-6, so there
they are estimates (`is_estimate`). What the API bills is in the `usage` of each answer; what it would bill
for a request is told by `client.responses.input_tokens.count(...)`. The tokenizer loads at the first count, in
about a second.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from . import models

NEWEST_FRAMING = "gpt-5.4"  # for models that the table does not know

# bpe-openai refuses more than 200,000 tokens at once. Before a space between two words no token crosses the cut.
_PART = re.compile(r".{1,40000}(?=(?<=\S) \S|\Z)|.{1,40000}", re.DOTALL)


def estimated(characters: int) -> int:
    """Tokens of so many characters of English, by the rule of thumb that rate limiters use too: a quarter of them."""
    return characters // 4


class Piece(NamedTuple):
    """One token. It may hold only part of a character; `text` then shows its bytes, such as \\xf0."""

    id: int
    raw: bytes
    text: str


@lru_cache(maxsize=2)
def _tokenizer(encoding: str) -> Any:
    try:
        import bpe_openai as library
    except ImportError:  # no wheel for this machine; tiktoken fetches its vocabulary at the first use
        import tiktoken as library
    return library.get_encoding(encoding)


def encoding_name(model: str = models.FLAGSHIP) -> str:
    """Name of the vocabulary that a model uses; "o200k_base" for models that the table does not know."""
    name = models.canonical(model)
    return (models.info(name).get("encoding") if name else None) or "o200k_base"


def is_estimate(model: str) -> bool:
    """Whether counts for this model are an estimate, because its tokenizer is not published."""
    return model.startswith("gpt-6") or models.canonical(model) is None


def encode(text: str, model: str = models.FLAGSHIP) -> list[int]:
    """Token ids of a text. Names of special tokens such as <|endoftext|> are plain text here."""
    tokenizer = _tokenizer(encoding_name(model))
    return [token for part in _PART.findall(text) for token in tokenizer.encode_ordinary(part)]


def count(text: str, model: str = models.FLAGSHIP) -> int:
    """Number of tokens of a text, without what a message adds to it."""
    return len(encode(text, model))


def pieces(text: str, model: str = models.FLAGSHIP) -> list[Piece]:
    """The tokens of a text one by one; their bytes joined are the text in UTF-8."""
    tokenizer = _tokenizer(encoding_name(model))
    raws = [(token, tokenizer.decode_single_token_bytes(token)) for token in encode(text, model)]
    return [Piece(token, raw, raw.decode("utf-8", "backslashreplace")) for token, raw in raws]


def _framing(model: str) -> dict[str, int]:
    name = models.canonical(model)
    return models.TABLE["framing"][(models.info(name).get("framing") if name else None) or NEWEST_FRAMING]


def chat_tokens(messages: Iterable[Any], model: str = models.FLAGSHIP) -> int:
    """Prompt tokens of a conversation, as recorded answers show them: text, and what the API adds.

    Pictures, sound and the description of tools are not in it; for pictures add `image_tokens`. Function
    calls in the history count by their name and arguments, which is a little low.

    Args:
        messages: dicts, or message objects of the SDK, of Chat Completions. The Responses API counts the same
            way, with `instructions` as one message.
        model: the model that will read them.
    """
    frame = _framing(model)
    total = frame["reply"]
    for message in messages:
        if not isinstance(message, dict):
            message = message.model_dump()
        content = message.get("content") or ""
        texts = [content] if isinstance(content, str) else [part.get("text") or "" for part in content]
        for call in message.get("tool_calls") or ():
            texts += (call.get("function") or {}).values()
        total += frame["message"] + sum(count(text, model) for text in texts)
        total += frame["assistant"] if message["role"] == "assistant" else 0
        total += 1 + count(message["name"], model) if message.get("name") else 0
    return total


def completion_tokens(
    text: str,
    model: str = models.FLAGSHIP,
    api: Literal["chat", "responses"] = "chat",
    reasoning_tokens: int = 0,
    calls: Sequence[tuple[str, str]] = (),
) -> int:
    """Billed output tokens of an answer that was not cut off.

    Args:
        text: the visible text; "" for an answer that only calls functions.
        model: the model that answered.
        api: the API that carried the answer; each adds a few tokens of its own.
        reasoning_tokens: hidden tokens; they are billed too.
        calls: name and arguments of each function call. The count is exact for one, a mean for several.
    """
    frame = _framing(model)
    total = reasoning_tokens + count(text, model) + (frame["reasoning"] if reasoning_tokens else 0)
    if not calls:
        return total + frame[api]
    total += sum(count(name, model) + count(arguments, model) for name, arguments in calls)
    return total + frame["call"] + frame["further_call"] * (len(calls) - 1) + (1 if api == "responses" else 0)


def image_tokens(width: int, height: int, model: str = models.FLAGSHIP, detail: str = "auto") -> int:
    """Input tokens of a picture, by OpenAI's published rule; the bill may differ by a token.

    Args:
        width, height: pixels.
        model: a model that reads pictures.
        detail: "low", "high", "auto", or "original" where the model has it.

    Raises:
        LookupError: the table does not know the model, or no rule for its pictures.
        ValueError: a size below 1, a detail that the model does not have, or a picture that the API would reject:
            one that takes more than 30,000 patches after scaling down.
    """
    if width < 1 or height < 1:
        raise ValueError(f"A picture needs at least 1 x 1 pixel, not {width} x {height}.")
    vision = models.info(model).get("vision")
    if not vision:
        raise LookupError(f"No rule is known for pictures read by {model}.")
    rule = models.TABLE["vision_rules"][vision["rule"]]
    if detail not in (rule if "low" in rule else ("low", "high", "auto")):
        raise ValueError(f"{model} does not have detail {detail!r}.")
    if "tile" in rule:
        return rule["base"] + (0 if detail == "low" else rule["tile"] * _tiles(width, height))
    return math.ceil(_patches(width, height, **rule[detail]) * vision["multiplier"])


def _tiles(width: int, height: int) -> int:
    """512-pixel tiles of a picture scaled down into 2048 x 2048 and to a shortest side of 768 pixels."""
    scale = min(1.0, 2048 / max(width, height))
    scale = min(scale, 768 / min(width, height))
    return math.ceil(int(width * scale) / 512) * math.ceil(int(height * scale) / 512)


def _patches(width: int, height: int, side: int | None, patches: int | None) -> int:
    """32-pixel patches of a picture scaled down to a longest side and into a budget of patches."""
    longest = max(width, height)
    if side and longest > side:
        width, height = max(1, width * side // longest), max(1, height * side // longest)
    number = math.ceil(width / 32) * math.ceil(height / 32)
    if patches and number > patches:
        scale = math.sqrt(1024 * patches / (width * height))
        across, down = width * scale / 32, height * scale / 32
        scale *= min(math.floor(across) / across, math.floor(down) / down)
        number = math.ceil(math.floor(width * scale) / 32) * math.ceil(math.floor(height * scale) / 32)
    if number > (most := models.TABLE["vision_rules"]["refuse_above"]):
        raise ValueError(
            f"The API rejects a picture of more than {most:,} patches of 32 x 32 pixels, and this one has {number:,}. "
            'Make it smaller, or ask for detail "high" or "low".'
        )
    return number


def generated_image_tokens(width: int, height: int, quality: str = "low", model: str = models.IMAGE) -> int:
    """Output tokens of a picture that a model makes, by a formula that meets every published number.

    Args:
        width, height: pixels.
        quality: "low", "medium", "high" and, from gpt-image-2.5 on, "xhigh" and "max".
        model: an image model.

    Raises:
        LookupError: the number is not public for this model and quality.
    """
    factor = models.info(model).get("output_factor", {}).get(quality)
    if factor is None:
        raise LookupError(f"How many tokens {model} takes at quality {quality!r} is not public.")
    short = round(factor * min(width, height) / max(width, height))
    return math.ceil(factor * short * (2_000_000 + width * height) / 4_000_000)

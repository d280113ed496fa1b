"""POST /v1/images/generations and /edits: pictures from files that the answers name, or from whoever draws."""

from __future__ import annotations

import base64
import io
import math
from dataclasses import dataclass, field
from typing import Any

import PIL.Image

from .... import tokens
from ..pace import Pace, Ticks, fixed_ms
from ..request import Asked
from ..script import AuthoringError, Entry
from ..state import State
from ..wire import Reply, compact, json_reply, made_by, stream_reply

PARTIAL_TOKENS = 100  # output tokens that each partial picture adds
USUAL = {"size": (1024, 1024), "quality": "medium"}  # what "auto" becomes


@dataclass(frozen=True)
class Picture:
    """What is to be drawn.

    Attributes:
        prompt: the words of the request.
        width, height: pixels.
        format: "png", "jpeg" or "webp".
        background: "transparent" or "opaque".
        variant: which of several pictures for the same request, from 0.
        finished: 1 for the picture, less for a partial one on the way to it.
        sources: uploaded pictures of an edit, the mask last if there is one.
    """

    prompt: str
    width: int
    height: int
    format: str = "png"
    background: str = "opaque"
    variant: int = 0
    finished: float = 1.0
    sources: list[bytes] = field(default_factory=list)


def answer(asked: Asked, entry: Entry | None, state: State) -> Reply:
    """Answers an image request. Raises AuthoringError when there is neither file nor draughtsman."""
    body = asked.body
    width, height = _size(body.get("size") or "auto")
    quality = body.get("quality") or "auto"
    quality = USUAL["quality"] if quality == "auto" else quality
    partials = int(body.get("partial_images") or 0) if asked.streamed else 0
    number = int(body.get("n") or 1)
    about = {
        "background": "transparent" if body.get("background") == "transparent" else "opaque",
        "output_format": body.get("output_format") or "png",
        "quality": quality,
        "size": f"{width}x{height}",
    }
    sources = [upload["content"] for upload in asked.uploads]
    steps = [(asked.seen * number + n, 1.0) for n in range(number)]
    steps = [(asked.seen, (n + 1) / (partials + 1)) for n in range(partials)] + steps
    wanted = [
        Picture(
            body.get("prompt", ""),
            width,
            height,
            about["output_format"],
            about["background"],
            variant,
            finished,
            sources,
        )
        for variant, finished in steps
    ]
    drawn, basis = _draw(entry, state, wanted)
    pictures = [base64.b64encode(picture).decode() for picture in drawn]
    if sources:
        basis += " Input tokens of the uploaded pictures are estimated."
    usage = _usage(asked, width, height, quality, number, partials, sources)
    elapsed = fixed_ms(asked.dice, "images")
    if asked.streamed:
        return _stream(asked, pictures, about, usage, elapsed, basis)
    data = [{"b64_json": picture} for picture in pictures]
    first, rest = (
        {"background": about["background"]},
        {key: about[key] for key in ("output_format", "quality", "size")},
    )
    value = {"created": asked.created, **first, "data": data, **rest, "usage": usage}
    return json_reply("images", value, elapsed_ms=elapsed, basis=basis)


def _size(text: str) -> tuple[int, int]:
    if text == "auto":
        return USUAL["size"]
    width, _, height = text.partition("x")
    return int(width), int(height)


def _draw(entry: Entry | None, state: State, wanted: list[Picture]) -> tuple[list[bytes], str]:
    """The pictures in the order of `wanted`, partial ones first; files stand in that order, and the last repeats."""
    if entry and "media" in entry.answer:
        names = entry.answer["media"] if isinstance(entry.answer["media"], list) else [entry.answer["media"]]
        unfinished = sum(picture.finished < 1 for picture in wanted)
        places = [n if n < unfinished else unfinished + picture.variant for n, picture in enumerate(wanted)]
        return [(entry.folder / names[min(place, len(names) - 1)]).read_bytes() for place in places], entry.basis
    if state.draw is None:
        raise AuthoringError("pictures need `media` in the answers, or an upstream with `draw=`")
    return [state.draw(picture) for picture in wanted], made_by(state.draw, "Drawn")


def _usage(
    asked: Asked, width: int, height: int, quality: str, number: int, partials: int, sources: list[bytes]
) -> dict[str, Any]:
    try:
        each = tokens.generated_image_tokens(width, height, quality, asked.model)
    except LookupError as error:
        raise AuthoringError(str(error)) from None
    output = number * each + partials * PARTIAL_TOKENS
    text, seen = tokens.count(asked.user, asked.model), sum(map(_source_tokens, sources))
    return {
        "input_tokens": text + seen,
        "input_tokens_details": {"image_tokens": seen, "text_tokens": text},
        "output_tokens": output,
        "output_tokens_details": {"image_tokens": output, "text_tokens": 0},
        "total_tokens": text + seen + output,
    }


def _source_tokens(content: bytes) -> int:
    """Input tokens of an uploaded picture by the rule of gpt-image-1: shortest side 512, then tiles. Newer: assumed."""
    with PIL.Image.open(io.BytesIO(content)) as image:
        scale = 512 / min(image.size)
        across, down = (math.ceil(round(side * scale) / 512) for side in image.size)
    return 65 + 129 * across * down


def _stream(
    asked: Asked, pictures: list[str], about: dict[str, str], usage: dict[str, Any], elapsed: int, basis: str
) -> Reply:
    """Partial pictures spread evenly over the time, then the finished one."""
    kind = "image_edit" if asked.path.endswith("/edits") else "image_generation"
    pace = Pace(asked.dice, "images")
    ticks, events = Ticks(pace), []
    counted = {key: value for key, value in usage.items() if key != "output_tokens_details"}
    for n, picture in enumerate(pictures):
        ticks.wait(elapsed // len(pictures))
        last = n == len(pictures) - 1
        name = f"{kind}.completed" if last else f"{kind}.partial_image"
        more = {"usage": counted} if last else {"partial_image_index": n}
        data = {"type": name, "b64_json": picture, "created_at": asked.created, **about, **more}
        events.append(ticks.at(f"event: {name}\ndata: {compact(data)}\n\n"))
    return stream_reply(events, elapsed_ms=pace.first_ms, basis=basis)

"""POST /v1/images/generations and /edits: pictures from the files that the script names."""

from __future__ import annotations

import base64
import io
import math
from typing import Any

import PIL.Image

from .... import tokens
from ..pace import Pace, fixed_ms
from ..request import Request
from ..script import Entry
from ..state import State
from ..wire import Response, Stream, json_response

PARTIAL_TOKENS = 100  # output tokens that each partial picture adds
USUAL = {"size": "1024x1024", "quality": "medium"}  # what "auto" becomes


def answer(request: Request, entry: Entry, state: State) -> Response:
    """Answers an image request. Raises AuthoringError when the entry names no file."""
    body = request.body
    partials = int(body.get("partial_images") or 0) if request.streamed else 0
    number = int(body.get("n") or 1)
    about = {
        "background": "transparent" if body.get("background") == "transparent" else "opaque",
        "output_format": body.get("output_format") or "png",
        **{name: usual if body.get(name, "auto") == "auto" else body[name] for name, usual in reversed(USUAL.items())},
    }
    # Files are in this order: partial pictures first, then one for each picture asked for, identical requests included.
    places = [*range(partials), *(partials + request.seen * number + n for n in range(number))]
    pictures = [base64.b64encode(entry.media(place)).decode() for place in places]
    usage = _usage(request, about["size"], about["quality"], number, partials)
    basis = entry.basis + (" Input tokens of the uploaded pictures are estimated." if request.uploads else "")
    elapsed = fixed_ms(request.dice, "images")
    if request.streamed:
        return _stream(request, pictures, about, usage, elapsed, basis)
    data = [{"b64_json": picture} for picture in pictures]
    value = {"created": request.created, "background": about.pop("background"), "data": data, **about, "usage": usage}
    return json_response(value, elapsed_ms=elapsed, basis=basis)


def _usage(request: Request, size: str, quality: str, number: int, partials: int) -> dict[str, Any]:
    width, height = map(int, size.split("x"))
    each = tokens.generated_image_tokens(width, height, quality, request.model)
    output = number * each + partials * PARTIAL_TOKENS
    text = tokens.count(request.user, request.model)
    seen = sum(_source_tokens(upload["content"]) for upload in request.uploads)
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
    request: Request, pictures: list[str], about: dict[str, str], usage: dict[str, Any], elapsed: int, basis: str
) -> Response:
    """Partial pictures spread evenly over the time, then the finished one."""
    kind = "image_edit" if request.path.endswith("/edits") else "image_generation"
    stream = Stream(Pace(request.dice, "images"), request.dice)
    counted = {key: value for key, value in usage.items() if key != "output_tokens_details"}
    for n, picture in enumerate(pictures):
        stream.pace.now += elapsed // len(pictures)
        last = n == len(pictures) - 1
        name = f"{kind}.completed" if last else f"{kind}.partial_image"
        more = {"usage": counted} if last else {"partial_image_index": n}
        stream.send({"type": name, "b64_json": picture, "created_at": request.created, **about, **more}, name)
    return stream.response(basis)

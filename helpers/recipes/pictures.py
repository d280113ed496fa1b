"""Pictures from files: shown with a sentence, made smaller, and checked before they are sent to a model."""

from __future__ import annotations

import base64
import html
import os
from pathlib import Path

import PIL.Image
import PIL.ImageOps
from IPython.display import display

from ..setup.errors import CourseError

LARGEST = 20_000_000  # bytes of one file; the API takes 512 MB for a whole request, which takes long to upload
# What the API reads (OpenAI's images and vision guide, November 2026). Pillow's MPO is a JPEG of many phone cameras.
MIME = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


class PictureError(CourseError, ValueError):
    """A file that must not be sent as a picture; the message says why and what to do."""


def check(path: str | os.PathLike[str], largest: int = LARGEST) -> tuple[bytes, str]:
    """The content of a picture file and its MIME type, which is read from the content and not from the name.

    Args:
        path: the file.
        largest: size that is still accepted, in bytes.

    Raises:
        PictureError: the file is missing, too large, broken, animated, or of a type that the API doesn't read.
    """
    path = Path(path)
    if not path.is_file():
        raise PictureError(f"There is no file {path.name}. Check the name and the folder.")
    if (size := path.stat().st_size) > largest:
        raise PictureError(f"{path.name} has {size:,} bytes, more than {largest:,}. Make it smaller.")
    try:
        with PIL.Image.open(path) as picture:
            kind, animated = picture.format, getattr(picture, "is_animated", False)
            picture.load()  # reads to the end, where half a download shows
    except PIL.UnidentifiedImageError:
        raise PictureError(f"{path.name} isn't a PNG, JPEG, WEBP or GIF, whatever its name says.") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise PictureError(f"{path.name} is broken or incomplete. Save or download it again.") from error
    except PIL.Image.DecompressionBombError:
        raise PictureError(f"{path.name} has far too many pixels. Make it smaller.") from None
    if kind not in MIME:
        raise PictureError(f"{path.name} is of the type {kind}. Save it as PNG, JPEG, WEBP or GIF.")
    if kind == "GIF" and animated:
        raise PictureError(f"{path.name} is animated. Save the frame that matters as PNG.")
    return path.read_bytes(), MIME[kind]


def data_url(path: str | os.PathLike[str], largest: int = LARGEST) -> str:
    """A picture file as a data URL, ready to be sent. Arguments and errors as in `check`."""
    content, mime = check(path, largest)
    return f"data:{mime};base64,{base64.b64encode(content).decode('ascii')}"


def resize(path: str | os.PathLike[str], target: str | os.PathLike[str], longest: int) -> tuple[int, int]:
    """Saves a picture so that its longest side has at most `longest` pixels; it is never enlarged.

    What a camera stores beside the pixels, such as the place, is left out; the picture is turned upright first.

    Args:
        path: the file to read.
        target: the file to write; its ending names the format.
        longest: pixels.

    Returns:
        Width and height of the saved picture, in pixels.

    Raises:
        PictureError: as in `check`.
        ValueError: `longest` is below 1, or the ending of `target` isn't a format.
    """
    if longest < 1:
        raise ValueError(f"A picture needs at least 1 pixel, not {longest}.")
    check(path)
    with PIL.Image.open(path) as picture:
        upright = PIL.ImageOps.exif_transpose(picture)
        clear = "A" in upright.getbands() or "transparency" in upright.info
        keep = "RGBA" if clear and Path(target).suffix.lower() not in (".jpg", ".jpeg") else "RGB"
        pixels = upright.convert(keep)
    small = PIL.Image.new(keep, pixels.size)  # a new picture: nothing but pixels
    small.paste(pixels)
    small.thumbnail((longest, longest), PIL.Image.Resampling.LANCZOS)
    small.save(target)
    return small.size


def show(path: str | os.PathLike[str], alt: str, width: int = 480) -> None:
    """Show a picture file with `alt`, a whole sentence that says what there is to see; `width` in pixels.

    As with figures, the sentence is below the picture too. Errors as in `check`.
    """
    content, mime = check(path)
    display({mime: content, "text/plain": alt}, metadata={mime: {"alt": alt, "width": width}}, raw=True)
    display({"text/html": f"<p><em>{html.escape(alt)}</em></p>", "text/plain": alt}, raw=True)

"""A sheet to draw pictures on: shapes and text in pixels, with smooth edges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # DejaVu comes with matplotlib
FINE = 2  # drawn at twice the size, then scaled down: smooth edges


def font(size: float, name: str = "DejaVuSans") -> PIL.ImageFont.FreeTypeFont:
    """A font that matplotlib brings along; `size` in pixels of the finished picture."""
    return PIL.ImageFont.truetype(FONTS / f"{name}.ttf", size * FINE, layout_engine=PIL.ImageFont.Layout.BASIC)


class Sheet:
    """A picture to draw on, in pixels of the finished picture."""

    def __init__(self, width: int, height: int, colour: str) -> None:
        self.size = (width, height)
        self.image = PIL.Image.new("RGB", (width * FINE, height * FINE), colour)
        self.pen = PIL.ImageDraw.Draw(self.image)

    def shape(
        self, kind: str, points: list[float], fill: str | tuple[int, ...], line: str | None = None, **more: Any
    ) -> None:
        """Draws a "rectangle", "ellipse", "polygon", "line" and so on, by the method of that name."""
        more = {name: round(value * FINE) if name in ("width", "radius") else value for name, value in more.items()}
        outline = {"outline": line, "width": 2 * FINE} if line else {}
        getattr(self.pen, kind)([value * FINE for value in points], fill=fill, **(outline | more))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        fill: str = "#1d1d1d",
        anchor: str | None = None,
        name: str = "DejaVuSans",
    ) -> None:
        """Writes a line; `anchor` as in Pillow, `name` of a font."""
        self.pen.text((x * FINE, y * FINE), text, fill, font(size, name), anchor)

    def finished(self) -> PIL.Image.Image:
        return self.image.resize(self.size, PIL.Image.Resampling.LANCZOS)

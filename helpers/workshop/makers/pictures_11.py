"""Draws the pictures that lesson 11 replays: python -m helpers.workshop.makers.pictures_11

They stand in for what an image model would send, so each has a label that says who drew it. The edited picture is the
first one with another drawing inside the mask, and the partial pictures are coarse forms of the finished one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageDraw

from ...setup.files import ROOT
from .sheet import Sheet

DATA = ROOT / "data"
TARGET = DATA / "answers" / "media"
MASK_FILE = DATA / "lessons" / "11" / "sky_mask.png"
SIDE = 1024  # pixels
MASK_BOX = (590, 90, 950, 500)  # left, top, right, bottom: the part of the sky that the edit may fill
LABEL = "drawn for this course"
COLOURS = 32  # of a picture that is kept small
NAVY, CREAM, RED, SAND, DARK_RED = "#22384f", "#f7efe0", "#c8473a", "#e9c27d", "#7a1f1f"
RED_HULL, BLUE_HULL = (RED, "#96322a"), ("#3466a8", "#264a78")


def _label(sheet: Sheet, colour: str = NAVY) -> None:
    width, height = sheet.size
    sheet.text(width - 22, height - 18, LABEL, 24, colour, anchor="rd")


def boat(
    width: int = SIDE,
    height: int = SIDE,
    hull: tuple[str, str] = RED_HULL,
    sky: Callable[[Sheet], None] | None = None,
) -> PIL.Image.Image:
    """A sailing boat on calm water.

    Args:
        width: pixels.
        height: pixels.
        hull: colours of the hull and of its upper edge.
        sky: draws into the sky what an edit adds.
    """
    sheet, down = Sheet(width, height, "#bfe0e2"), (height - SIDE) // 2

    def at(*points: float) -> list[float]:
        return [value + down * (n % 2) for n, value in enumerate(points)]

    sheet.shape("ellipse", at(120, 130, 320, 330), SAND)
    sheet.shape("polygon", at(0, 620, 0, 540, 210, 470, 430, 560, 640, 620), "#7fae9f")
    sheet.shape("polygon", at(width, 620, width, 520, width - 190, 560, width - 420, 620), "#699a8d")
    sheet.shape("rectangle", [0, 620 + down, width, height], "#4d8ea0")
    for row in range(7 + down // 50):
        for x in range(40 + 90 * (row % 3), width, 310):
            y = 665 + 50 * row
            sheet.shape("rounded_rectangle", at(x, y, x + 130, y + 7), "#83b9c1", radius=3)
    middle = width / 2 - 30
    sheet.shape("line", at(middle, 240, middle, 730), NAVY, width=12)
    sheet.shape("polygon", at(middle + 18, 260, middle + 18, 680, middle + 230, 680), CREAM)
    sheet.shape("polygon", at(middle - 18, 320, middle - 18, 680, middle - 160, 680), "#f2d9b1")
    side, edge = hull
    sheet.shape("polygon", at(middle - 220, 715, middle + 270, 715, middle + 190, 815, middle - 150, 815), side)
    sheet.shape("polygon", at(middle - 220, 715, middle + 270, 715, middle + 255, 736, middle - 203, 736), edge)
    _label(sheet, CREAM)
    if sky:
        sky(sheet)
    return sheet.finished()


def _balloon(sheet: Sheet) -> None:
    """Inside MASK_BOX, so that the rest of the picture stays as it was."""
    x, y = 815, 245
    for side in (-34, 34):
        sheet.shape("line", [x + side * 1.7, y + 105, x + side * 0.8, y + 185], NAVY, width=4)
    sheet.shape("polygon", [x - 108, y + 45, x + 108, y + 45, x + 38, y + 132, x - 38, y + 132], "#e8a33d")
    sheet.shape("ellipse", [x - 118, y - 125, x + 118, y + 100], "#e8a33d")
    sheet.shape("ellipse", [x - 62, y - 125, x + 62, y + 120], CREAM)
    sheet.shape("ellipse", [x - 22, y - 125, x + 22, y + 130], "#5a7fb0")
    sheet.shape("rounded_rectangle", [x - 34, y + 180, x + 34, y + 230], "#8a5a3a", radius=8)


def _moon(sheet: Sheet) -> None:
    """Inside MASK_BOX too."""
    sheet.shape("ellipse", [650, 150, 890, 390], "#f8f1d8")
    for x, y, size in ((710, 215, 26), (800, 250, 36), (740, 315, 20), (835, 325, 16)):
        sheet.shape("ellipse", [x - size, y - size, x + size, y + size], "#e8dcb6")


def gull() -> PIL.Image.Image:
    """A sticker: everything around it is transparent."""
    sheet = Sheet(SIDE, SIDE, "#000000")
    sheet.image = PIL.Image.new("RGBA", sheet.image.size, (255, 255, 255, 0))
    sheet.pen = PIL.ImageDraw.Draw(sheet.image)
    for grow, body, wing, beak in ((26, "#ffffff", "#ffffff", "#ffffff"), (0, "#eef1f4", "#9fb0be", "#eeb02f")):
        sheet.shape("polygon", [780 - grow, 470, 930 + grow, 430 - grow, 905 + grow, 560 + grow, 760, 640], wing)
        sheet.shape("ellipse", [300 - grow, 400 - grow, 840 + grow, 750 + grow], body)
        sheet.shape("ellipse", [210 - grow, 250 - grow, 470 + grow, 530 + grow], body)
        sheet.shape("polygon", [110 - grow * 2, 420, 235, 370 - grow, 235, 440 + grow], beak)
        sheet.shape("ellipse", [440 - grow, 440 - grow, 880 + grow, 640 + grow], wing)
        for x in (520, 620):
            sheet.shape("rectangle", [x - grow, 730, x + 24 + grow, 850 + grow], beak)
            sheet.shape("rounded_rectangle", [x - 70 - grow, 836 - grow, x + 34 + grow, 868 + grow], beak, radius=14)
    sheet.shape("ellipse", [290, 345, 326, 381], NAVY)
    sheet.text(560, 680, LABEL, 24, NAVY, anchor="mm")
    return sheet.finished()


def cafe(variant: int, name: str = "QUAY SEVEN") -> PIL.Image.Image:
    """A logo for a café of this name, in one of three layouts."""
    ground, ink, accent = (("#f7efe0", NAVY, RED), (NAVY, CREAM, SAND), ("#e3ece6", "#2f5d50", "#b5762c"))[variant]
    sheet = Sheet(SIDE, SIDE, ground)
    if variant == 0:
        sheet.shape("ellipse", [92, 92, 932, 932], ink)
        sheet.shape("ellipse", [112, 112, 912, 912], ground)
    elif variant == 1:
        sheet.shape("rounded_rectangle", [110, 110, 914, 914], accent, radius=90)
        sheet.shape("rounded_rectangle", [126, 126, 898, 898], ground, radius=76)
    else:
        for y in (700, 880):
            sheet.shape("rectangle", [190, y, 834, y + 10], accent)
    sheet.shape("ellipse", [620, 330, 760, 500], ink)
    sheet.shape("ellipse", [652, 362, 728, 468], ground)
    sheet.shape("polygon", [310, 290, 690, 290, 640, 560, 360, 560], ink)
    sheet.shape("rounded_rectangle", [280, 575, 720, 600], ink, radius=12)
    if variant == 2:
        for x in (420, 500, 580):
            sheet.shape("line", [x, 250, x - 22, 215, x + 22, 175, x, 140], accent, width=14, joint="curve")
    else:
        sheet.shape("line", [500, 345, 500, 500], ground, width=16)
        sheet.shape("line", [445, 385, 555, 385], ground, width=16)
        sheet.shape("arc", [420, 400, 580, 505], accent, start=0, end=180, width=16)
    y, size = ((720, 72), (720, 88), (790, 88))[variant]
    sheet.text(512, y, name, size, ink, anchor="mm", name="DejaVuSans-Bold")
    _label(sheet, ink)
    return sheet.finished()


def lighthouse(prompt: int) -> PIL.Image.Image:
    """0: what little is asked for; 1: as a linocut in two colours; 2: at night, with room for a title.

    3 and 4 are 1 in dark red, and 2 the other way round.
    """
    looks = (
        ("#a9d3ea", "#5b9aa8", "#7ba05b", "#ffffff", RED, "#ffe9a3"),
        (CREAM, NAVY, CREAM, CREAM, NAVY, CREAM),
        ("#14213d", "#0d1730", "#0a1020", "#c9cfdd", "#8c2f39", "#ffd166"),
        (CREAM, DARK_RED, CREAM, CREAM, DARK_RED, CREAM),
    )
    sky, sea, rock, white, stripe, lamp = looks[2 if prompt == 4 else prompt]
    cut, night = prompt in (1, 3), prompt in (2, 4)
    x, scale, foot = (260, 0.55, 880) if night else (512, 1.1, 830) if cut else (512, 1.0, 800)
    x = SIDE - x if prompt == 4 else x
    sheet = Sheet(SIDE, SIDE, sky)
    if night:
        shore = 0 if prompt == 4 else SIDE
        sheet.shape("polygon", [x, foot - 350, shore, 470, shore, 660], "#3a4a6b")
    if cut:
        for y in range(60, 640, 46):
            sheet.shape("line", [60, y, 964, y - 18], sea, width=5 + y / 90)
    sheet.shape("rectangle", [0, foot - 60, SIDE, SIDE], sea)
    wave = "#24365c" if night else white
    for y in range(foot, SIDE - 70, 44):
        for left in range(20 + y % 5 * 40, SIDE, 260):
            sheet.shape("rounded_rectangle", [left, y, left + 120, y + 8], wave, radius=4)
    sheet.shape("polygon", [x - 300, foot + 70, x - 180, foot - 60, x + 170, foot - 70, x + 310, foot + 70], rock)

    def wide(y: float) -> float:
        return (70 + 60 * y / 480) * scale

    for band in range(6):
        top, bottom = 80 * band, 80 * band + 80
        y = [foot - 60 - (480 - part) * scale for part in (top, bottom)]
        points = [x - wide(top), y[0], x + wide(top), y[0], x + wide(bottom), y[1], x - wide(bottom), y[1]]
        sheet.shape("polygon", points, white if band % 2 else stripe, sea)
    head = foot - 60 - 480 * scale
    sheet.shape("rectangle", [x - 50 * scale, head - 90 * scale, x + 50 * scale, head], lamp, sea)
    sheet.shape("rectangle", [x - 88 * scale, head - 10, x + 88 * scale, head + 12], sea, white)
    roof = [x - 66 * scale, head - 90 * scale, x, head - 150 * scale, x + 66 * scale, head - 90 * scale]
    sheet.shape("polygon", roof, stripe, sea)
    _label(sheet, white if prompt else NAVY)
    return sheet.finished()


def houses() -> PIL.Image.Image:
    """A row of houses by the water in the evening, with lit windows."""
    sheet = Sheet(SIDE, SIDE, "#2f3b63")
    sheet.shape("ellipse", [760, 90, 880, 210], "#f3e3b3")
    sheet.shape("rectangle", [0, 720, SIDE, SIDE], "#1f2947")
    colours = ("#b5523f", "#d08c45", "#5d7f73", "#a85c74", "#c9a24e")
    for number, colour in enumerate(colours):
        left, top = 32 + 192 * number, 330 + 50 * (number * 2 % 3)
        sheet.shape("rectangle", [left, 760, left + 184, 760 + (720 - top) * 0.45], "#2b3759")
        sheet.shape("rectangle", [left, top, left + 184, 730], colour)
        sheet.shape("polygon", [left - 8, top, left + 92, top - 110, left + 192, top], "#38293f")
        for row in range(3):
            for column in range(2):
                x, y = left + 32 + 76 * column, top + 40 + 95 * row
                lit = (number + row * 2 + column) % 3 != 0
                sheet.shape("rectangle", [x, y, x + 44, y + 58], "#ffd97a" if lit else "#3d4568")
                if lit:
                    sheet.shape("rectangle", [x + 8, 790 + 26 * row, x + 36, 796 + 26 * row], "#b7964f")
    sheet.shape("rectangle", [0, 722, SIDE, 760], "#4a4154")
    _label(sheet, "#c9cfdd")
    return sheet.finished()


def coarse(picture: PIL.Image.Image, squares: int) -> PIL.Image.Image:
    """The picture as so many squares across, with a label that can be read."""
    small = picture.resize((squares, squares), PIL.Image.Resampling.BOX)
    sheet = Sheet(*picture.size, "#000000")
    sheet.image.paste(small.resize(sheet.image.size, PIL.Image.Resampling.NEAREST))
    sheet.shape("rectangle", [690, 968, SIDE, SIDE], "#1f2947")
    _label(sheet, "#c9cfdd")
    return sheet.finished()


def mask() -> PIL.Image.Image:
    """Black where the picture stays, transparent where it may change."""
    picture = PIL.Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 255))
    PIL.ImageDraw.Draw(picture).rectangle(MASK_BOX, fill=(0, 0, 0, 0))
    return picture


def drawn() -> Iterator[tuple[str, PIL.Image.Image]]:
    """Names and pictures of what the lesson itself asks for."""
    yield "boat", boat()
    yield "boat_wide", boat(1536)
    yield "boat_balloon", boat(sky=_balloon)
    yield "boat_moon", boat(sky=_moon)  # suggested; in all colours, since only the sky may differ
    yield "gull", gull()
    yield from ((f"cafe_{variant + 1}", cafe(variant)) for variant in range(3))
    yield from ((f"lighthouse_{prompt + 1}", lighthouse(prompt)) for prompt in range(3))
    finished = houses()
    yield from ((f"houses_partial_{n + 1}", coarse(finished, squares)) for n, squares in enumerate((16, 64)))
    yield "houses", finished


def suggested() -> Iterator[tuple[str, PIL.Image.Image]]:
    """Names and pictures of other changes that the lesson suggests."""
    yield "boat_blue.png", boat(hull=BLUE_HULL)
    yield "boat_tall.png", boat(height=1536)
    yield "gull.webp", gull()
    yield from ((f"pier_{variant + 1}.png", cafe(variant, "PIER ONE")) for variant in range(3))
    yield "lighthouse_red.png", lighthouse(3)
    yield "lighthouse_right.png", lighthouse(4)


def _save_small(picture: PIL.Image.Image, file: Path) -> None:
    """A picture in its commonest colours, which are nearly all of a drawing: half of the bytes or fewer."""
    if picture.mode == "RGB":
        pixels = np.asarray(picture).reshape(-1, 3)
        colours, places, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
        common = colours[np.argsort(-counts)[:COLOURS]]
        nearest = np.abs(colours[:, None].astype(int) - common).sum(axis=2).argmin(axis=1)
        picture = PIL.Image.frombytes("P", picture.size, nearest[places].astype(np.uint8).tobytes())
        picture.putpalette(common.tobytes())
    picture.save(file, optimize=True, quality=30, method=6)


def make(folder: Path = TARGET, mask_file: Path = MASK_FILE) -> None:
    """Writes the pictures and the mask as PNG files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in drawn():
        picture.save(folder / f"{name}.png", optimize=True)
    for name, picture in suggested():
        _save_small(picture, folder / name)
    mask().save(mask_file, optimize=True)


if __name__ == "__main__":
    make()
    print(*(f"{path.name}: {path.stat().st_size:,} bytes" for path in sorted(TARGET.iterdir())), sep="\n")

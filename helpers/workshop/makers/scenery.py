"""What stands in the drawn pictures of lesson 10: a harbour in the evening, and the goods of a shop."""

from __future__ import annotations

import random

import PIL.Image
import PIL.ImageFilter

from .sheet import Sheet


def scene() -> PIL.Image.Image:
    sheet, dice = Sheet(960, 640, "#000000"), random.Random(10)
    for y in range(400):
        part = y / 400
        colour = tuple(round(a + (b - a) * part) for a, b in zip((52, 62, 120), (250, 170, 110), strict=True))
        sheet.shape("rectangle", [0, y, 960, y + 1], colour)
    for size, colour in ((70, "#f6b173"), (52, "#fdd38a"), (38, "#fff0c0")):
        sheet.shape("ellipse", [620 - size, 340 - size, 620 + size, 340 + size], colour)
    for y in range(380, 640):
        part = (y - 380) / 260
        colour = tuple(round(a + (b - a) * part) for a, b in zip((196, 128, 110), (24, 48, 88), strict=True))
        sheet.shape("rectangle", [0, y, 960, y + 1], colour)
    for _ in range(170):  # the sun on the water, and ripples
        y = dice.uniform(385, 560)
        x, length = dice.gauss(620, 20 + (y - 380) / 3), dice.uniform(8, 40)
        sheet.shape("line", [x - length, y, x + length, y], "#f2bd86" if dice.random() < 0.6 else "#5d6488", width=1.6)
    _hill_and_lighthouse(sheet)
    _boat(sheet, 470, 470, 1.0, "#f7f2e6")
    _boat(sheet, 770, 420, 0.55, "#e8dccb")
    for x, y, size in ((360, 120, 20), (430, 160, 15), (520, 95, 12)):
        for side in (-1, 1):
            wing = [x, y, x + side * size * 0.6, y - size * 0.5, x + side * size * 1.4, y - size * 0.1]
            sheet.shape("line", wing, "#20243c", width=3, joint="curve")
    _quay(sheet)
    return sheet.finished().filter(PIL.ImageFilter.GaussianBlur(0.7))


def _hill_and_lighthouse(sheet: Sheet) -> None:
    sheet.shape("polygon", [0, 400, 0, 330, 60, 318, 150, 330, 230, 365, 290, 400], "#2c3550")
    for stripe in range(6):
        top, bottom = 120 + 35 * stripe, 155 + 35 * stripe
        wide, wider = 22 + stripe * 2.4, 24.4 + stripe * 2.4
        points = [130 - wide, top, 130 + wide, top, 130 + wider, bottom, 130 - wider, bottom]
        sheet.shape("polygon", points, "#b33a36" if stripe % 2 == 0 else "#efe6dc")
    sheet.shape("rectangle", [104, 112, 156, 121], "#22263c")
    sheet.shape("rectangle", [116, 84, 144, 112], "#ffe9a3", "#22263c")
    sheet.shape("polygon", [110, 85, 130, 62, 150, 85], "#7d2724")


def _boat(sheet: Sheet, x: float, y: float, size: float, sail: str) -> None:
    def at(*points: float) -> list[float]:
        return [(x if n % 2 == 0 else y) + size * value for n, value in enumerate(points)]

    sheet.shape("line", at(0, 0, 0, -150), "#3a2a22", width=3 * size)
    sheet.shape("polygon", at(6, -145, 6, -18, 78, -18), sail)
    sheet.shape("polygon", at(-6, -130, -6, -18, -52, -18), "#d9604f")
    sheet.shape("polygon", at(-70, -8, 86, -8, 60, 22, -50, 22), "#3b2b4a")


def _quay(sheet: Sheet) -> None:
    sheet.shape("polygon", [0, 560, 960, 545, 960, 640, 0, 640], "#3a3a48")
    for x in range(0, 960, 80):
        sheet.shape("line", [x, 560 - x / 64, x - 20, 640], "#2d2d3a", width=2)
    for y in (500, 520):  # the bench
        sheet.shape("rectangle", [700, y, 860, y + 11], "#8a5a3a")
    sheet.shape("rectangle", [695, 548, 865, 558], "#8a5a3a")
    for x in (712, 842):
        sheet.shape("rectangle", [x, 500, x + 8, 592], "#26262f")
    _dog(sheet, 200, 592)


def _dog(sheet: Sheet, x: float, y: float) -> None:
    """It sits and looks out to sea."""

    def at(*points: float) -> list[float]:
        return [(x if n % 2 == 0 else y) + value for n, value in enumerate(points)]

    coat, dark = "#c98a4b", "#7b4c25"
    sheet.shape("line", at(14, -12, -14, -18, -26, -44), coat, width=9, joint="curve")
    sheet.shape("polygon", at(0, 0, 2, -34, 34, -86, 62, -86, 70, -46, 68, 0), coat)
    sheet.shape("ellipse", at(-2, -46, 44, 2), coat)
    sheet.shape("rounded_rectangle", at(50, -50, 64, 2), coat, radius=5)
    sheet.shape("ellipse", at(28, -126, 78, -78), coat)
    sheet.shape("rounded_rectangle", at(60, -108, 104, -86), coat, radius=9)
    sheet.shape("ellipse", at(96, -108, 106, -98), "#1c1712")
    sheet.shape("ellipse", at(62, -112, 68, -106), "#1c1712")
    sheet.shape("polygon", at(34, -122, 50, -118, 46, -82, 30, -90), dark)
    sheet.shape("line", at(36, -82, 72, -76), "#b33a36", width=6)


def goods(sheet: Sheet, name: str, x: float, y: float) -> None:
    """One piece that stands on a board at (x, y), its left lower corner."""
    dark = "#3b3b3b"
    if name == "Mug":
        sheet.shape("ellipse", [x + 32, y - 50, x + 58, y - 16], "#efe4d2", "#2f6f9f")
        sheet.shape("rounded_rectangle", [x, y - 62, x + 44, y], "#4d93c4", "#2f6f9f", radius=7)
    elif name == "Rope":
        for ring in range(4):
            box = [x, y - 26 - 22 * ring, x + 96, y - 22 * ring]
            sheet.shape("rounded_rectangle", box, "#d9bd86", "#8d7444", radius=12)
    elif name == "Candle":
        sheet.shape("rectangle", [x, y - 92, x + 20, y], "#f6f0dc", "#b9a878")
        sheet.shape("line", [x + 10, y - 104, x + 10, y - 92], dark, width=2)
    elif name == "Lantern":
        sheet.shape("ellipse", [x + 22, y - 168, x + 68, y - 118], "#efe4d2", dark)
        sheet.shape("polygon", [x + 10, y - 112, x + 80, y - 112, x + 62, y - 140, x + 28, y - 140], "#44584a", dark)
        sheet.shape("rectangle", [x + 16, y - 112, x + 74, y - 16], "#ffe6a0", dark)
        sheet.shape("rectangle", [x + 6, y - 18, x + 84, y], "#44584a", dark)
    elif name == "Soap":
        sheet.shape("rounded_rectangle", [x, y - 36, x + 62, y], "#e7a9b7", "#a9607a", radius=14)
        sheet.shape("rounded_rectangle", [x + 14, y - 26, x + 48, y - 10], "#f5d3da", radius=6)
    else:
        sheet.shape("rectangle", [x, y - 78, x + 46, y], "#6fa36b", "#3e6b3c")
        sheet.shape("rectangle", [x + 5, y - 90, x + 41, y - 78], "#3e6b3c")
        sheet.shape("ellipse", [x + 10, y - 58, x + 36, y - 24], "#dcebd0")

"""Draws the pictures of lesson 10 and writes down what is in them: python -m helpers.workshop.makers.pictures_10

Everything in them is invented. data/lessons/10/truth.json holds, for each picture, a sentence for those who cannot
see it, and what was drawn, so that a lesson can check what a model read. Recorded answers belong to the very bytes
of the pictures: after a change here, record the lesson again.
"""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import PIL.Image
from matplotlib.text import Text

from ... import plots
from ...setup.files import LESSONS
from .handwriting import write
from .scenery import goods, scene
from .sheet import FINE, Sheet

TARGET = LESSONS / "10"

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
VISITORS = [120, 140, 180, 240, 260, 310, 390, 420, 330, 250, 160, 130]
NOTICE = [
    "From Monday 2 November the north quay is closed for",
    "repairs, probably untill Friday 27 November.",
    "",
    "1. Boats at berths A1 to A24 move to the east quay",
    "    before Sunday 1 November, 18:00.",
    "2. Water and power on the east quay are free of charge",
    "    during this time. Please bring an adapter (16 A).",
    "3. The crane can be booked for €45.00 an hour instead",
    "    of €62.50.",
    "",
    "Questions: office@harbour.example or berth 0.",
]
SHELF = [  # name on the tag, pieces, price in euros
    ("Mug", 6, "8.50"), ("Rope", 3, "12.00"), ("Candle", 11, "2.40"),
    ("Lantern", 2, "24.90"), ("Soap", 5, "4.20"), ("Green tea", 7, "6.80"),
]  # fmt: skip
NOTE = ["for the boat", "4 mugs", "2 candles", "soap", "green tea", "1 anchor", "ring mira 17:30"]

TRUTH = {
    "museum_chart": {
        "alt": "A bar chart of visitors to a harbour museum, month by month in 2025, with its peak in August.",
        "visitors": dict(zip(MONTHS, VISITORS, strict=True)),
    },
    "harbour_scene": {
        "alt": "A harbour at sunset, drawn.",
        "things": ["lighthouse", "sailing boat", "gull", "dog", "bench", "sun"],
        "counts": {"lighthouse": 1, "sailing boat": 2, "gull": 3, "dog": 1, "bench": 1},
    },
    "harbour_notice": {
        "alt": "A printed notice of a harbour office to all berth holders.",
        "text": "\n".join(
            ["HARBOUR OFFICE", "Notice to all berth holders", *map(str.strip, NOTICE), "12 October 2026"]
        ),
    },
    "harbour_notice_small": {"alt": "The same notice of the harbour office, too small to read with ease."},
    "shop_shelf": {
        "alt": "Three boards of a shop shelf with six kinds of goods, each with a tag that has a name and a price.",
        "products": [{"name": name, "pieces": pieces, "price": float(price)} for name, pieces, price in SHELF],
    },
    "shopping_note": {
        "alt": "A handwritten list of seven lines on lined yellow paper.",
        "text": "\n".join(NOTE),
    },
}


def chart() -> PIL.Image.Image:
    """A picture with a ground and colours of its own, whatever those of the course's figures are."""
    figure, plot = plots.axes("Visitors to the harbour museum, 2025", "month", "visitors", width=9.6, height=6)
    plots.bars(plot, MONTHS, {"visitors": VISITORS})
    plot.set_ylim(0, 450)
    plot.set_yticks(range(0, 451, 50))
    plot.grid(axis="y", color="#cccccc", alpha=1)
    plot.tick_params(colors="black")
    for words in figure.findobj(Text):
        words.set_color("black")
    for edge in plot.spines.values():
        edge.set_color("black")
    for bar in plot.patches:
        bar.set(facecolor="#1f5fa8", linewidth=0.8)
    figure.set_facecolor("white")
    return PIL.Image.open(io.BytesIO(plots.png(figure))).convert("RGB")


def page() -> PIL.Image.Image:
    sheet = Sheet(896, 896, "#fbfaf6")
    sheet.shape("rectangle", [36, 36, 860, 860], "#fbfaf6", "#2d4a6a")
    sheet.text(80, 80, "HARBOUR OFFICE", 40, "#2d4a6a", name="DejaVuSans-Bold")
    sheet.text(80, 150, "Notice to all berth holders", 30, name="DejaVuSerif-Bold")
    sheet.shape("line", [80, 205, 816, 205], "#2d4a6a", width=2)
    for number, line in enumerate(NOTICE):
        sheet.text(80, 240 + 46 * number, line, 24, name="DejaVuSerif")
    sheet.text(816, 800, "12 October 2026", 22, anchor="ra", name="DejaVuSerif-Italic")
    return sheet.finished()


def page_small() -> PIL.Image.Image:
    return page().resize((224, 224), PIL.Image.Resampling.LANCZOS)


def shelf() -> PIL.Image.Image:
    sheet = Sheet(960, 640, "#efe4d2")
    for number, (name, pieces, price) in enumerate(SHELF):
        left, board = 40 + 450 * (number % 2), (150, 395, 570)[number // 2]
        step = min(120, 400 / pieces)
        for piece in range(pieces):
            goods(sheet, name, left + 15 + step * piece, board)
        if number % 2 == 0:
            sheet.shape("rectangle", [20, board, 940, board + 22], "#9a6b42", "#6e4a2c")
        sheet.shape("rounded_rectangle", [left + 95, board + 4, left + 325, board + 44], "#ffffff", "#4a4a4a", radius=6)
        sheet.text(left + 210, board + 24, f"{name}  €{price}", 21, anchor="mm", name="DejaVuSans-Bold")
    return sheet.finished()


def note() -> PIL.Image.Image:
    sheet, dice = Sheet(640, 704, "#fdf3c4"), random.Random(7)
    for y in range(128, 704, 82):
        sheet.shape("line", [0, y, 640, y], "#c9d6e6", width=1.5)
    sheet.shape("line", [70, 0, 70, 704], "#e5a9a0", width=1.5)
    for number, text in enumerate(NOTE):
        x = 92 + dice.uniform(-8, 12)
        write(sheet.pen, text, x * FINE, (120 + 82 * number) * FINE, 44 * FINE, dice)
    return sheet.finished().rotate(1.6, PIL.Image.Resampling.BICUBIC, fillcolor="#fdf3c4")


DRAWN = {
    "museum_chart": chart,
    "harbour_scene": scene,
    "harbour_notice": page,
    "harbour_notice_small": page_small,
    "shop_shelf": shelf,
    "shopping_note": note,
}


def make(folder: Path = TARGET) -> None:
    """Writes the pictures, as PNG files of 128 colours, and truth.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in DRAWN.items():
        draw().quantize(128, dither=PIL.Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)
    text = json.dumps(TRUTH, indent=1, ensure_ascii=False)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    make()
    print(*(f"{name}.png: {(TARGET / name).with_suffix('.png').stat().st_size:,} bytes" for name in DRAWN), sep="\n")

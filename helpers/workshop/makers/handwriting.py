"""Letters as a pen draws them, for pictures that look handwritten: smooth strokes, none of them quite straight.

Each letter is drawn from scratch every time, so no two are alike. The same generator of chance gives the same note.
"""

from __future__ import annotations

import random
from itertools import pairwise

import PIL.ImageDraw

# A stroke is a row of points "xy" on a grid from 0 to 9; y is 0 on top, 3 at the top of small letters, 7 on the
# line, 9 below it. A letter of several strokes has the pen lifted between them.
LETTERS = {
    "a": ["54 33 14 06 17 37 55", "53 55 67"], "b": ["10 14 17", "15 34 55 46 37 17"],
    "c": ["54 43 23 05 17 37 56"], "d": ["54 33 14 06 17 37 55", "50 54 67"],
    "e": ["05 35 54 43 23 05 17 37 56"], "f": ["50 30 21 24 27", "03 43"],
    "g": ["54 33 14 06 27 46 54", "53 57 49 29 08"], "h": ["10 14 17", "15 33 44 57"],
    "i": ["13 15 17 26", "11 12"], "k": ["10 14 17", "43 25 15", "25 47"], "l": ["10 14 16 27"],
    "m": ["03 05 07", "05 14 24 37", "35 44 54 67"], "n": ["03 05 07", "05 24 44 57"],
    "o": ["43 23 05 17 37 55 43"], "p": ["13 16 19", "14 33 54 56 37 16"], "r": ["13 15 17", "15 24 43"],
    "s": ["53 33 14 35 46 37 07"], "t": ["20 24 26 37 47", "02 42"],
    "u": ["03 06 17 37 54", "53 55 67"], "v": ["03 15 27 35 53"], "y": ["03 15 26 45", "53 45 28 09"],
    "0": ["41 21 04 17 37 54 41"], "1": ["03 20 24 27"], "2": ["02 21 41 53 35 07 27 57"],
    "3": ["11 31 42 33 24 45 46 27 06"], "4": ["30 15 05 55", "42 44 47"], "7": ["01 21 51 43 27"],
    ":": ["14 15", "16 17"], ".": ["17 27"], "-": ["05 35"], "?": ["11 31 43 25 26", "27 28"],
}  # fmt: skip


def write(
    paper: PIL.ImageDraw.ImageDraw,
    text: str,
    x: float,
    y: float,
    size: float,
    dice: random.Random,
    ink: str = "#223a78",
) -> None:
    """Writes a line of small letters and digits on a drawing.

    Args:
        x, y: where the line begins and where its letters stand, in pixels.
        size: height of a letter with an upstroke, such as b, in pixels.
        dice: where the unsteadiness of the hand comes from.

    Raises:
        KeyError: there is no such letter.
    """
    unit = size / 7
    for letter in text:
        if letter == " ":
            x += 4.5 * unit
            continue
        y += dice.uniform(-0.25, 0.25) * unit
        slant = dice.uniform(0.08, 0.2)
        points = [[_point(pair, dice) for pair in stroke.split()] for stroke in LETTERS[letter]]
        for stroke in points:
            line = [(x + (px + slant * (7 - py)) * unit, y + (py - 7) * unit) for px, py in _smooth(stroke)]
            for number, (start, end) in enumerate(pairwise(line)):
                half = size / 28 * (1.1 if number % 24 < 12 else 0.95)
                paper.line([start, end], fill=ink, width=round(2 * half))
                paper.ellipse([end[0] - half, end[1] - half, end[0] + half, end[1] + half], fill=ink)
        x += (max(px for stroke in points for px, _ in stroke) + 1.6 + dice.uniform(-0.2, 0.2)) * unit


def _point(pair: str, dice: random.Random) -> tuple[float, float]:
    return int(pair[0]) + dice.uniform(-0.3, 0.3), int(pair[1]) + dice.uniform(-0.25, 0.25)


def _smooth(points: list[tuple[float, float]], steps: int = 12) -> list[tuple[float, float]]:
    """A curve through all points (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    curve = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps):
            t = step / steps
            x, y = (_between(*four, t) for four in zip(a, b, c, d, strict=True))
            curve.append((x, y))
    return [*curve, points[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)

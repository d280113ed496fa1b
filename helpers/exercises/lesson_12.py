"""Lesson 12: the checks of its exercises, and the answers of its predictions."""

import math
import re

from ..recipes import sound


def check_1(ex, split, STORY):
    """Cut a text at sentences."""
    PRICE = "Tea?  Two. Cake is out! Coffee is 3.50 today.\nCome back tomorrow. Bring friends."
    cases = [(STORY, 60), (STORY, 200), (PRICE, 38), (PRICE, 25), ("One. Two.", 9)]
    whole = re.compile(r"\s*[A-Z].*[.!?]\s*", re.DOTALL)
    ex.needs(split("One. Two.", 6))
    hint = "Joined again, the pieces must be the text: no character lost, not even white space."
    ex.that(lambda: all("".join(split(*case)) == case[0] for case in cases), hint)
    hint = "A piece is longer than the limit. Count the next sentence before you add it."
    ex.that(lambda: all(len(p) <= case[1] for case in cases for p in split(*case)), hint)
    hint = "A piece ends inside a sentence, for instance in 3.50, or is empty."
    ex.that(lambda: all(whole.fullmatch(p) for case in cases for p in split(*case)), hint)
    hint = "Fewer pieces will do: put as many sentences into a piece as fit, up to the limit itself."
    ex.that(lambda: all(len(split(*case)) <= len(sound.split(*case)) for case in cases), hint)


def check_2(ex, join_pcm):
    """Put silence between pieces."""
    A, B, C = b"\1\1" * 100, b"\2\2" * 50, b"\3\3" * 10
    joined = join_pcm([A, B], 0.5)
    ex.needs(joined)
    ex.that(isinstance(joined, bytes), "The result should be bytes.")
    ex.that(lambda: join_pcm([A, B, C], 0) == A + B + C, "Without a pause, just join them.")
    hint = "Silence belongs between two pieces only: none before the first, none after the last."
    ex.that(lambda: join_pcm([A], 0.5) == A and joined.strip(bytes(1)) == joined, hint)
    hint = "Half a second is 12,000 samples, and a sample has two bytes, so 24,000 bytes."
    ex.that(len(joined) == len(A + B) + 24_000, hint)
    ex.that(joined == A + bytes(24_000) + B, "Silence is bytes of zero, in the middle.")
    ex.that(lambda: len(join_pcm([A, B, C], 0.25)) == 24_320, "Three pieces have two pauses.")
    hint = "Half a sample is noise: round to whole samples first, then multiply by two bytes."
    ex.that(lambda: len(join_pcm([A, B], 3.5 / 48_000)) % 2 == 0, hint)


def guess_1(TIMES, bodies):
    times = len(bodies["wav"]) / len(bodies["mp3"])
    nearest = min(TIMES, key=lambda offer: abs(math.log(times / offer)))
    return TIMES[nearest], "WAV keeps every sample. MP3 keeps what can be heard."

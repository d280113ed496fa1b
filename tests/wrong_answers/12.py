# %% exercise 1: slices
# hint: ends inside a sentence
def split(text, limit):
    return [text[start : start + limit] for start in range(0, len(text), limit)]


# %% exercise 1: white space is lost
# hint: no character lost
import re


def split(text, limit):
    pieces = [""]
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if len(pieces[-1]) + len(sentence) + 1 > limit:
            pieces.append("")
        pieces[-1] += sentence + " "
    return [piece.strip() for piece in pieces if piece]


# %% exercise 1: one sentence in each piece
# hint: as many sentences into a piece as fit
import re


def split(text, limit):
    return re.findall(r".+?(?:[.!?]\s+|$)", text, re.DOTALL)


# %% exercise 1: counts after adding
# hint: Count the next sentence before you add it
import re


def split(text, limit):
    pieces = [""]
    for sentence in re.findall(r".+?(?:[.!?]\s+|$)", text, re.DOTALL):
        if len(pieces[-1]) > limit:
            pieces.append("")
        pieces[-1] += sentence
    return pieces


# %% exercise 1: every point is an end
# hint: 3.50
import re


def split(text, limit):
    pieces = [""]
    for sentence in re.findall(r"[^.!?]+[.!?]\s*", text):
        if len(pieces[-1]) + len(sentence) > limit:
            pieces.append("")
        pieces[-1] += sentence
    return [piece for piece in pieces if piece]


# %% exercise 2: a byte for each sample
# hint: a sample has two bytes
def join_pcm(pieces, pause):
    return bytes(round(pause * 24_000)).join(pieces)


# %% exercise 2: silence after the last piece too
# hint: none after the last
def join_pcm(pieces, pause):
    return b"".join(piece + bytes(2 * round(pause * 24_000)) for piece in pieces)


# %% exercise 2: half a sample
# hint: round to whole samples first
def join_pcm(pieces, pause):
    return bytes(int(pause * 48_000)).join(pieces)


# %% exercise 2: silence that is text
# hint: bytes of zero
def join_pcm(pieces, pause):
    return (b"0" * (2 * round(pause * 24_000))).join(pieces)

"""An n-gram model: it predicts the next token from the few before it, by counting what followed in a text.

A token is a word with the space before it, or a punctuation mark. The probabilities mix the counts after the
last three, two, one and zero tokens in the way of Witten and Bell (1991), so that nothing is ever impossible.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

END = "<end>"
_START, _UNKNOWN = -1, -2  # stand in a context, are never generated
_BACK_OFF = 0.4  # 1 is Witten and Bell's own; less keeps closer to the text, as so short a text needs
_PIECE = re.compile(r"\s*([^\W_]+(?:['-][^\W_]+)*|[^\w\s])")


class NGram:
    """Trained on a text: the vocabulary, text to token ids and back, and the logits after a context."""

    def __init__(self, text: str, order: int = 4) -> None:
        """Train on `text` (blank lines between paragraphs), to predict a token from `order` - 1 others."""
        self.order = order
        paragraphs = [_pieces(paragraph) for paragraph in re.split(r"\n\s*\n", text.strip())]
        self.vocabulary: list[str] = [END, *sorted({piece for pieces in paragraphs for piece in pieces})]
        self._ids = {piece: number for number, piece in enumerate(self.vocabulary)}
        self._any_case = {piece.lower(): number for piece, number in self._ids.items()}
        self._after: dict[tuple[int, ...], Counter[int]] = {}
        for pieces in paragraphs:
            tokens = [_START, *(self._ids[piece] for piece in pieces), self._ids[END]]
            for place in range(1, len(tokens)):
                for length in range(min(order, place + 1)):
                    context = tuple(tokens[place - length : place])
                    self._after.setdefault(context, Counter())[tokens[place]] += 1
        totals = np.array([self._after[()][number] for number in range(len(self.vocabulary))], dtype=float)
        self._unigram = totals / totals.sum()

    def encode(self, text: str) -> list[int]:
        """Token ids of `text`. Raises ValueError for a word that the model has never read."""
        ids = self.context(text)
        for piece, token in zip(_pieces(text), ids, strict=True):
            if token == _UNKNOWN:
                raise ValueError(f"The lab model has never read {piece.strip()!r}: it has no token for it.")
        return ids

    def unknown(self, text: str) -> list[str]:
        """The words of `text` that the model has never read, each once: it goes on as if they were not words."""
        pieces = zip(_pieces(text), self.context(text), strict=True)
        return list(dict.fromkeys(piece.strip() for piece, token in pieces if token == _UNKNOWN))

    def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids."""
        return "".join(self.vocabulary[token] for token in ids if self.vocabulary[token] != END)

    def context(self, text: str) -> list[int]:
        """Like `encode`, but for any text: a word in another case stands for its twin, and a word that the
        model has never read becomes a negative number, which matches nothing."""
        pieces = _pieces(text)
        return [self._ids.get(piece, self._any_case.get(piece.lower(), _UNKNOWN)) for piece in pieces]

    def logits(self, context: Sequence[int]) -> np.ndarray:
        """Scores of all tokens after the token ids `context`: log-probabilities, shape (vocabulary,)."""
        probabilities = self._unigram.copy()
        context = (_START, *context)
        for length in range(1, min(self.order, len(context) + 1)):
            counts = self._after.get(context[-length:])
            if counts is None:
                break
            back_off = _BACK_OFF * len(counts)
            total = counts.total() + back_off
            probabilities *= back_off / total
            probabilities[list(counts)] += np.fromiter(counts.values(), float) / total
        return np.log(probabilities)


def _pieces(text: str) -> list[str]:
    """Words with a space before them, and punctuation marks."""
    return [" " + piece if piece[0].isalnum() else piece for piece in _PIECE.findall(text)]

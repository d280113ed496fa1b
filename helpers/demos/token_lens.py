"""The token lens: a text as the pieces in which a model reads it, with their ids and what they cost.

Every second token is darker and underlined, so that the borders show without colour, and on paper. Spaces are
marked "·", line ends "↵". A token that holds only part of a character shows its bytes, such as \\xf0\\x9f.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ipywidgets

from .. import costs, models, tokens, widgets
from ..tables import Table

MOST = 1500  # tokens that are shown one by one; more would make a browser slow
MOST_IDS = 60

_MARKS = str.maketrans({" ": "·", "\n": "↵\n", "\t": "⇥\t"})
_BOX = "white-space: pre-wrap; overflow-wrap: anywhere; line-height: 2; font-family: monospace"
_INK = "color: #111; padding: 2px 0; margin-right: 1px; border-radius: 2px"  # in dark themes, too


@dataclass(frozen=True)
class MarkedTokens:
    """A text under the lens: shaded tokens in a notebook, tokens between bars in plain text.

    Args:
        text: any text; of a long one the first 1,500 tokens are shown.
        model: whose vocabulary cuts it.
    """

    text: str
    model: str = models.FLAGSHIP

    @property
    def pieces(self) -> list[tokens.Piece]:
        return tokens.pieces(self.text, self.model)

    def _repr_html_(self) -> str:
        pieces = self.pieces
        shown = "".join(_span(place, piece) for place, piece in enumerate(pieces[:MOST]))
        return f'<div dir="auto" style="{_BOX}">{shown}{_more(len(pieces) - MOST)}</div>'

    def __repr__(self) -> str:
        return bars(self.pieces[:MOST]) + _more(len(self.pieces) - MOST)


def bars(pieces: Sequence[tokens.Piece]) -> str:
    """Tokens as text, with a bar between each and the next: Hello|,|·world|!"""
    return "|".join(_marked(piece.text) for piece in pieces)


def table(texts: Iterable[str], model: str = models.FLAGSHIP) -> Table:
    """Short texts with their tokens and ids, one row each; for readers who cannot move the lens."""
    rows = []
    for text in texts:
        pieces = tokens.pieces(text, model)
        ids = " ".join(str(piece.id) for piece in pieces)
        rows.append([_marked(text), bars(pieces), len(pieces), ids])
    caption = f"Tokens of {model}: | separates them, · is a space"
    return Table(["Text", "Tokens", "Number", "Ids"], rows, caption)


def summary(text: str, model: str = models.FLAGSHIP) -> str:
    """A line about a text: tokens, characters, and what it costs as a question and as an answer."""
    number, listed = tokens.count(text, model), costs.price(model) or {}
    line = f"{_of(number, 'token')} in {_of(len(text), 'character')}"
    line += f" ({len(text) / number:.1f} characters per token). " if number else ". "
    sides = {"input": "prompts", "output": "answers"}
    prices = [
        f"1,000 such {name} cost {costs.usd(number * listed[side] / 1000)}"
        for side, name in sides.items()
        if side in listed
    ]
    if prices:
        line += f"On {model}, {' and '.join(prices)}."
    if tokens.is_estimate(model):
        line += f" An estimate: the tokenizer of {model} is not published, so this one is gpt-5's."
    return line.strip()


def live(text: str, model: str = models.FLAGSHIP) -> widgets.Demo:
    """A box to type in; below it the tokens of what is in it, with their number, price and ids.

    Args:
        text: what is in the box at first.
        model: the model that is chosen at first; FLAGSHIP, SMALL or EMBEDDING.
    """
    layout, label = {"width": "98%", "max_width": "900px"}, {"description_width": "60px"}
    box = ipywidgets.Textarea(text, description="text", layout={**layout, "height": "70px"}, style=label)
    widgets.explain(box, "Type or paste anything; the tokens follow each key.")
    roles = [models.FLAGSHIP, models.SMALL, models.EMBEDDING]
    listed = widgets.choice("model", roles, model, help="Sets the price, and the vocabulary that cuts.")
    listed.style.description_width, listed.layout.width = "60px", "300px"

    def draw(text: str, model: str) -> str:
        lens = MarkedTokens(text, model)
        ids = [piece.id for piece in lens.pieces]
        said = " ".join(map(str, ids[:MOST_IDS])) + _more(len(ids) - MOST_IDS)
        return (
            f'{lens._repr_html_()}<div role="status" style="line-height: 1.5; margin-top: 8px; max-width: 900px">'
            f"{html.escape(summary(text, model))}<br><small>Ids: {said or 'none'}</small></div>"
        )

    description = (
        "The token lens: a box to type in and a list of models; "
        "the tokens of the text, their number, price and ids follow below."
    )
    return widgets.live_text(draw, description, text=box, model=listed)


def _marked(text: str) -> str:
    return text.translate(_MARKS)


def _span(place: int, piece: tokens.Piece) -> str:
    """One token. The underline is an element of its own, because GitHub drops styles."""
    shown = html.escape(_marked(piece.text))
    background, shown = ("#a9c9ec", f"<ins>{shown}</ins>") if place % 2 else ("#e9f1fb", shown)
    title, style = f"token {place + 1}, id {piece.id}", f"background: {background}; {_INK}"
    return f'<span title="{title}" style="{style}">{shown}</span>'


def _of(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _more(number: int) -> str:
    return f" … and {_of(number, 'more token')}" if number > 0 else ""

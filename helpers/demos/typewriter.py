"""A streamed answer typed once more in the notebook, at another speed. The browser keeps the time, not the kernel."""

from __future__ import annotations

import html
import itertools
from collections.abc import Sequence

import ipywidgets

from .. import widgets

SPEEDS = [("0.25×", 0.25), ("0.5×", 0.5), ("1×", 1.0), ("2×", 2.0), ("4×", 4.0)]
READING = 240  # words a minute that adults read in silence: Brysbaert 2019, a mean of 190 studies, rounded

# A reader whose system asks for less motion sees the whole text at once.
_CSS = """<style>
@keyframes typed { from { opacity: 0 } to { opacity: 1 } }
.typed { white-space: pre-wrap; line-height: 1.5; max-width: 44em }
.typed span { animation: typed 1ms linear both }
@media (prefers-reduced-motion: reduce) { .typed span { animation: none } }
</style>"""


def typed(arrivals: Sequence[tuple[float, str]], speed: float, run: int = 0) -> str:
    """HTML in which each piece of an answer appears when it came, at another speed.

    Args:
        arrivals: (seconds since the request, piece of text), in order.
        speed: 2 is twice as fast as it was.
        run: another number starts the same typing again, since the browser then sees new HTML.
    """
    spans = [
        f'<span style="animation-delay: {seconds / speed:.3f}s">{html.escape(piece)}</span>'
        for seconds, piece in arrivals
    ]
    return f'{_CSS}<div class="typed" data-run="{run}">{"".join(spans)}</div>'


def summary(arrivals: Sequence[tuple[float, str]], speed: float) -> str:
    """In a sentence: how long until the first and the last piece, and how that compares with reading."""
    first, last = arrivals[0][0] / speed, arrivals[-1][0] / speed
    text = f"First piece after {first:.2f} s, last after {last:.1f} s."
    if last > first:
        pace = len("".join(piece for _, piece in arrivals).split()) / (last - first) * 60
        text += f" That is {pace:,.0f} words a minute; people read about {READING}."
    return text


def player(arrivals: Sequence[tuple[float, str]]) -> widgets.Demo:
    """A slider for the speed, a button that starts again, and the answer being typed.

    Args:
        arrivals: (seconds since the request, piece of text), in order; at least one.

    Raises:
        ValueError: nothing arrived.
    """
    if not arrivals:
        raise ValueError("Nothing arrived, so there is nothing to type.")
    speed = widgets.stops("Speed", SPEEDS, 1.0, help="How fast the answer is typed; 1× is the pace in which it came.")
    again = ipywidgets.Button(description="Type it again", layout={"width": "150px"})
    caption, paper = ipywidgets.HTML(), ipywidgets.HTML()
    runs = itertools.count()

    def play(_: object = None) -> None:
        caption.value = f'<p role="status">{summary(arrivals, speed.value)}</p>'
        paper.value = typed(arrivals, speed.value, next(runs))

    speed.observe(play, "value")
    again.on_click(play)
    play()
    sentence = "A slider sets how fast the recorded answer is typed, from a quarter of its pace to four times it."
    box = ipywidgets.VBox([ipywidgets.HBox([speed, again]), caption, paper])
    return widgets.Demo(box, sentence, {"speed": speed, "again": again, "caption": caption, "paper": paper})

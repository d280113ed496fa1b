"""Figures in one style, readable without colour, and shown with a sentence for those who cannot see them.

Figures are made with matplotlib's `Figure`, not with `pyplot`: nothing global is changed and none stays open.
matplotlib is imported at the first figure, since that takes about half a second.
"""

from __future__ import annotations

import contextlib
import html
import io
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from IPython.display import display

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Figures have no ground of their own: the page is seen through them, white or, in JupyterLab's dark theme, #111111.
# INK, for words, axes and thin lines, has a contrast of at least 4:1 to both; each of the colours, one of 3:1.
# Bars have hatches in black, which shows on all colours, and no edges: those would hide thin bars on a dark page.
INK = "#767676"
# The colours differ in lightness too, and with each of them goes a hatch, a marker and a dash pattern.
COLOURS = ["#2b73bf", "#d17a00", "#767676", "#9450ab", "#1a7f5a"]
HATCHES = ["", "///", "...", "xxx", "\\\\\\"]
MARKERS = ["o", "s", "^", "D", "v"]
DASHES = ["-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1))]

_STYLE = {
    **dict.fromkeys(["figure.facecolor", "axes.facecolor"], "none"),
    **dict.fromkeys(["text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"], INK),
    "grid.color": INK,
    "grid.alpha": 0.3,
    "font.family": "DejaVu Sans",  # comes with matplotlib, so figures look the same on every system
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.labelsize": 10.5,
    "ytick.labelsize": 10.5,
    "legend.fontsize": 10.5,
    "legend.frameon": False,
    "hatch.linewidth": 0.8,
}


def style() -> contextlib.AbstractContextManager[None]:
    """A `with` block in which matplotlib draws in the style of the course; outside of it nothing changes."""
    from matplotlib import style as styles

    return styles.context(_STYLE, after_reset=True)


def axes(
    title: str, xlabel: str, ylabel: str, *, width: float = 7.0, height: float = 3.6, dpi: int = 100
) -> tuple[Figure, Axes]:
    """A new figure of `width` x `height` inches with one plot. Labels carry their unit: "time (seconds)"."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=(width, height), dpi=dpi, layout="constrained")
        FigureCanvasAgg(figure)
        plot = figure.add_subplot()
        plot.set(title=title, xlabel=xlabel, ylabel=ylabel)
        plot.tick_params(colors=INK)  # also of ticks that are made later, outside of `style`
        return figure, plot


def bar_look(number: int) -> dict[str, Any]:
    """How the bars of a series look: its colour, and its hatch without an edge around the bar."""
    return {"color": COLOURS[number], "hatch": HATCHES[number], "edgecolor": "black", "linewidth": 0}


def bars(plot: Axes, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> None:
    """Upright bars: a group for each label, in it a hatched bar for each of up to five series; a legend."""
    width = 0.8 / len(series)
    with style():
        for number, (name, values) in enumerate(series.items()):
            shift = (number - (len(series) - 1) / 2) * width
            places = [place + shift for place in range(len(labels))]
            plot.bar(places, values, width, label=name, **bar_look(number))
        plot.set_xticks(range(len(labels)), labels)
        if len(series) > 1:
            plot.legend()


def lines(plot: Axes, x: Sequence[float], series: Mapping[str, Sequence[float]]) -> None:
    """A line over `x` for each of up to five series, with markers and dashes of its own; and a legend."""
    with style():
        for number, (name, values) in enumerate(series.items()):
            look = {"color": COLOURS[number], "marker": MARKERS[number], "linestyle": DASHES[number]}
            plot.plot(x, values, label=name, markersize=5, **look)
        if len(series) > 1:
            plot.legend()


def png(figure: Figure) -> bytes:
    """The figure as a PNG image. A figure made with pyplot is closed, so that it is not shown twice."""
    from matplotlib.colors import to_rgba
    from matplotlib.legend import Legend
    from matplotlib.text import Text

    see_through = to_rgba(figure.get_facecolor())[3] == 0
    # What was made outside of `style`, where the learner's own matplotlib may ask for TeX, suits white pages only.
    for text in figure.findobj(Text):
        text.set_usetex(False)
        if see_through and text.get_color() == "black":
            text.set_color(INK)
    for legend in figure.findobj(Legend):
        legend.set_frame_on(legend.get_frame_on() and not see_through)
    buffer = io.BytesIO()
    with style():
        figure.savefig(buffer, format="png")
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
    return buffer.getvalue()


def _smaller(image: bytes) -> bytes:
    """A PNG image in 256 colours, which is a third of the size: notebooks keep what they show."""
    from PIL import Image

    buffer = io.BytesIO()
    few = Image.open(io.BytesIO(image)).quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def show(figure: Figure | bytes, alt: str, note: str = "") -> None:
    """Show a figure, or a PNG image, with `alt`: a whole sentence that says what there is to see.

    The sentence goes into the image as its alternative text, and is below it as a caption as well,
    because JupyterLab (4.6) does not pass the alternative texts of images on to screen readers.

    Args:
        figure: what to show.
        alt: the sentence.
        note: a line below it, such as where its data come from.

    Raises:
        ValueError: `alt` is not a sentence.
    """
    if not alt.strip().endswith((".", "!", "?")) or len(alt.split()) < 4:
        raise ValueError(f"alt must be a whole sentence about what the figure shows, not {alt!r}.")
    image = figure if isinstance(figure, bytes) else _smaller(png(figure))
    display({"image/png": image, "text/plain": alt}, metadata={"image/png": {"alt": alt}}, raw=True)
    below = f"<br><small>{html.escape(note)}</small>" if note else ""
    shown = f"<p><em>{html.escape(alt)}</em>{below}</p>"
    display({"text/html": shown, "text/plain": f"{alt} {note}".rstrip()}, raw=True)


class ChangeBars:
    """Lying bars of probabilities, before and after some parameter, that are redrawn in a few milliseconds.

    What stays (axes, grid, legend) is drawn once and kept as a picture, and so are title and labels until
    they change; what is left for each move of a slider is the bars and their numbers.
    """

    def __init__(self, rows: int, width: float = 5.3) -> None:
        """Room for `rows` labels in a figure `width` inches wide."""
        height = 1.2 + 0.36 * rows
        self.figure, plot = axes("", "", "", width=width, height=height, dpi=88)
        ink = {"edgecolor": INK, "linewidth": 0.8, "height": 0.38}
        with style():
            self.figure.set_layout_engine(None)  # the frame stays where it is, whatever the words
            self.figure.subplots_adjust(left=1.25 / width, right=0.99, top=1 - 0.65 / height, bottom=0.55 / height)
            plot.set(xlim=(0, 135), ylim=(rows - 0.5, -0.5), xticks=range(0, 101, 20), yticks=[])
            plot.spines["bottom"].set_bounds(0, 100)
            plot.set_xlabel("probability of being the next word (%)", loc="left")
            plot.grid(axis="x")
            upper = [row - 0.2 for row in range(rows)]
            lower = [row + 0.2 for row in range(rows)]
            self._before = plot.barh(upper, [0] * rows, color="none", hatch="////", **ink)
            self._after = plot.barh(lower, [0] * rows, color=COLOURS[0], **ink)
            names = ["the model alone", "with your parameters"]
            where: dict[str, Any] = {"loc": "lower right", "bbox_to_anchor": (1, 0.995), "ncols": 2, "borderaxespad": 0}
            plot.legend([self._before, self._after], names, **where)
            beside = plot.get_yaxis_transform()
            left = {"transform": beside, "ha": "right", "va": "center"}
            self._labels = [plot.text(-0.015, row, "", **left) for row in range(rows)]
            self._numbers = [plot.text(0, row, "", va="center") for row in range(rows)]
            self._title = self.figure.text(0.015, 1 - 0.2 / height, "", va="center")
        self._words = [*self._labels, self._title]
        self._moving = [*self._before, *self._after, *self._numbers]
        for artist in (*self._words, *self._moving):
            artist.set_animated(True)  # leaves the artist out when the canvas is drawn as a whole
        self._frame: Any = None
        self._page: Any = None

    def update(self, title: str, labels: Sequence[str], before: Sequence[float], after: Sequence[float]) -> None:
        """Set the title and the rows, from the top: a label and its two probabilities (0 to 1)."""
        shown = [text.get_text() for text in self._words]
        if shown != [*labels, title]:
            self._page = None
        self._title.set_text(title)
        for row, (label, old, new) in enumerate(zip(labels, before, after, strict=True)):
            self._labels[row].set_text(label)
            self._before[row].set_width(100 * old)
            self._after[row].set_width(100 * new)
            self._numbers[row].set_text(f"{percent(old)} → {percent(new)}")
            self._numbers[row].set_x(100 * max(old, new) + 1.5)

    def png(self) -> bytes:
        """The figure as it is now, as a PNG image."""
        import numpy as np
        from PIL import Image

        canvas: Any = self.figure.canvas  # of matplotlib's Agg, whose methods its common class does not have
        if self._frame is None:
            canvas.draw()
            self._frame = canvas.copy_from_bbox(self.figure.bbox)
        if self._page is None:
            canvas.restore_region(self._frame)
            for artist in self._words:
                self.figure.draw_artist(artist)
            self._page = canvas.copy_from_bbox(self.figure.bbox)
        canvas.restore_region(self._page)
        for artist in self._moving:
            self.figure.draw_artist(artist)
        buffer = io.BytesIO()
        Image.fromarray(np.asarray(canvas.buffer_rgba())).save(buffer, "PNG", compress_level=1)
        return buffer.getvalue()


def percent(share: float) -> str:
    """A probability in per cent with about two digits: 32, 1.4, <0.1, 0."""
    if share == 0 or share >= 0.0995:
        return f"{100 * share:.0f}"
    return f"{100 * share:.1f}" if share >= 0.0005 else "<0.1"

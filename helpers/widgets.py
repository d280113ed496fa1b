"""Controls to move, made only of what ipywidgets 7.7 (Colab) and 8 (JupyterLab) both have.

Every demo works the same way: controls are observed, and what they change is the value of a picture and of a
caption. So a notebook shows the same after Run All everywhere, and a control can also be moved from code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

import ipywidgets
from IPython.display import display

from . import plots, under_cell
from .setup.errors import message_of
from .setup.redact import scrub

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_Widget = TypeVar("_Widget", bound=ipywidgets.Widget)
#: A widget with a label and a value: ipywidgets has many of them, but no class above them all.
Control: TypeAlias = Any

_AIM = 300  # pixels of a control beside its label: of a slider enough to hit every step

_ROOM = """<style>
.spaced { width: 0; min-width: 100%; overflow-x: auto }
.spaced table { margin: 8px 0; border-collapse: collapse; line-height: 1.4 }
.spaced caption { padding: 4px 10px; text-align: left }
.spaced td, .spaced th { padding: 4px 10px; vertical-align: top }
</style>"""


class HasHtml(Protocol):
    """An object that a notebook shows as HTML, such as a Table."""

    def _repr_html_(self) -> str: ...


def show(widget: ipywidgets.Widget, description: str) -> None:
    """Show a widget; where none can be shown (before it has run, on GitHub), what it looks like, under a sentence.

    Args:
        description: a whole sentence for readers who see no widget.
    """
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    still = f"<p><small>{html.escape(description)} Run this cell to use it.</small></p>{_still(widget)}"
    still = re.sub(r"\$(?![^<>]*>)", "<span>$</span>", still)  # else JupyterLab takes text between two for a formula
    bundle = {"application/vnd.jupyter.widget-view+json": view, "text/html": still, "text/plain": description}
    display(bundle, raw=True)


_FRAME = "display: inline-block; border: 1px solid #8888; border-radius: 3px; padding: 2px 8px; min-width: {}px"


def _still(widget: ipywidgets.Widget) -> str:
    """A picture of a widget as it is now, in plain HTML without anything to press; figures are left out."""
    label = html.escape(getattr(widget, "description", "") or "")
    if isinstance(widget, ipywidgets.Box):
        row = isinstance(widget, ipywidgets.HBox)
        parts = "".join(f"<div>{_still(child)}</div>" for child in widget.children)
        return f'<div style="display: {"flex; gap: 1em; flex-wrap: wrap" if row else "block"}">{parts}</div>'
    if isinstance(widget, ipywidgets.HTML):
        return re.sub(r' (role|tabindex)="[^"]*"', "", widget.value)
    if isinstance(widget, ipywidgets.Button):
        return f'<span style="{_FRAME.format(80)}; text-align: center">{label}</span>'
    if isinstance(widget, ipywidgets.Image):
        return ""
    options = [str(option) for option in getattr(widget, "_options_labels", ())]
    now = getattr(widget, "label", None) if options else getattr(widget, "value", "")
    if isinstance(widget, ipywidgets.RadioButtons | ipywidgets.ToggleButtons):
        shown = " ".join(f"{'●' if option == now else '○'} {html.escape(option)}" for option in options)
    elif "Slider" in type(widget).__name__:
        shown = f"───●─── {html.escape(str(now))}"
    else:
        text = html.escape(str(now or getattr(widget, "placeholder", "") or " "))
        arrow = " ▾" if isinstance(widget, ipywidgets.Dropdown) else ""
        shown = f'<span style="{_FRAME.format(200)}">{text}{arrow}</span>'
    return f'<p style="margin: 4px 0">{label} {shown}</p>'


@dataclass
class Demo:
    """A widget that shows itself as the last line of a cell, and its controls, for code that moves them."""

    widget: ipywidgets.Widget
    description: str
    controls: Mapping[str, Any] = field(default_factory=dict)

    def _ipython_display_(self) -> None:
        show(self.widget, self.description)


def number(
    label: str, value: float, low: float, high: float, step: float, *, help: str = "", live: bool = True
) -> ipywidgets.FloatSlider | ipywidgets.IntSlider:
    """A slider: whole numbers when value, limits and step all are, else decimals.

    Args:
        label: what is set, with its unit where it has one.
        help: what moving it does; shown when the mouse rests on it.
        live: follow every movement; False waits for the slider to be let go, for work that is slow or costs.
    """
    whole = all(isinstance(part, int) for part in (value, low, high, step))
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    extra = {} if whole else {"readout_format": ".2f"}
    slider = kind(value, min=low, max=high, step=step, continuous_update=live, **_dress(label), **extra)
    return explain(slider, help)


def stops(
    label: str, options: Sequence, value: object, *, help: str = "", live: bool = True
) -> ipywidgets.SelectionSlider:
    """A slider that knows only the given stops: values, or (text, value) pairs."""
    slider = ipywidgets.SelectionSlider(options=options, value=value, continuous_update=live, **_dress(label))
    return explain(slider, help)


def choice(label: str, options: Sequence, value: object = None, *, help: str = "") -> ipywidgets.Dropdown:
    """A list to choose one entry from: values, or (text, value) pairs; at first `value`, or the first."""
    first = options[0][1] if isinstance(options[0], tuple) else options[0]
    start = first if value is None else value
    return explain(ipywidgets.Dropdown(options=options, value=start, **_dress(label)), help)


def line(label: str, placeholder: str, *, help: str = "") -> ipywidgets.Text:
    """A field for a line of text of the reader's own."""
    return explain(ipywidgets.Text(placeholder=placeholder, **_dress(label)), help)


def empty_when_chosen(menu: ipywidgets.Dropdown, field: ipywidgets.Text) -> None:
    """Choosing from a menu empties the learner's own field, which would otherwise silently win."""
    menu.observe(lambda _change: setattr(field, "value", ""), "value")


def on_enter(field: ipywidgets.Text, act: Callable[[], object]) -> None:
    """Call `act` when Enter is pressed in a field. (Its own on_submit counts as deprecated in ipywidgets 8.)"""
    field.on_msg(lambda _field, content, _buffers: act() if content.get("event") == "submit" else None)


def explain(widget: _Widget, text: str) -> _Widget:
    """Give a control a text that the mouse and screen readers find, under the name that this version has.

    Not for an Image: ipywidgets 8 fails to show one that has a tooltip.
    """
    name = "tooltip" if widget.has_trait("tooltip") else "description_tooltip"
    if widget.has_trait(name):
        setattr(widget, name, text or None)
    return widget


def follow(
    draw: Callable[..., Figure | bytes | tuple[Figure | bytes, str]],
    controls: Mapping[str, Control],
    picture: ipywidgets.Image,
    caption: ipywidgets.HTML,
) -> None:
    """Draw now, and again whenever a control changes.

    Args:
        draw: called with the value of each control under its name. Returns a picture (a figure, or the bytes
            of a PNG), or a picture and a caption in HTML. An error in it is raised here the first time;
            later it is shown in the caption, and raised as well.
        picture, caption: where its results go.
    """

    def put(result: Figure | bytes | tuple[Figure | bytes, str]) -> None:
        image, text = result if isinstance(result, tuple) else (result, "")
        picture.value = image if isinstance(image, bytes) else plots.png(image)
        caption.value = text

    _observe(draw, controls, put, caption)


def _observe(
    draw: Callable[..., object],
    controls: Mapping[str, Control],
    put: Callable[[Any], None],
    trouble: ipywidgets.HTML,
) -> None:
    """Calls `draw` now and at every change, and hands its result to `put`; an error in it is shown and raised."""

    def update(_change: object = None) -> None:
        try:
            result = draw(**{name: control.value for name, control in controls.items()})
        except Exception as error:
            trouble.value = problem(error)
            raise
        put(result)

    update()
    for control in controls.values():
        control.observe(update, "value")


def live_figure(
    draw: Callable[..., Figure | bytes | tuple[Figure | bytes, str]], description: str, **controls: Control
) -> Demo:
    """Controls, and under them a picture and a caption that follow; `draw` is as in `follow`.

    Args:
        description: a whole sentence that says what the controls are and do.
    """
    picture = ipywidgets.Image(format="png", layout={"max_width": "calc(100% - 4px)", "align_self": "flex-start"})
    caption = ipywidgets.HTML()
    line_up(controls.values())
    follow(draw, controls, picture, caption)
    return Demo(ipywidgets.VBox([*controls.values(), picture, caption]), description, controls)


def live_text(draw: Callable[..., str | HasHtml], description: str, **controls: Control) -> Demo:
    """Controls, and under them a text that follows.

    Args:
        draw: called with the value of each control under its name. Returns HTML, or an object that has some, such
            as a Table. An error in it is raised here the first time; later it is shown as well as raised.
        description: a whole sentence that says what the controls are and do.
    """
    shown = ipywidgets.HTML()
    line_up(controls.values())

    def put(result: str | HasHtml) -> None:
        shown.value = result if isinstance(result, str) else spaced(result._repr_html_())

    _observe(draw, controls, put, shown)
    return Demo(ipywidgets.VBox([*controls.values(), shown]), description, controls)


def spaced(shown: str) -> str:
    """HTML for a widget, with room between the cells of its tables: a page's own style for them ends at widgets."""
    return f'{_ROOM}<div class="spaced">{shown}</div>' if "<table" in shown else shown


def problem(error: BaseException) -> str:
    """An error as a message in HTML; anything in it that looks like a key is taken out."""
    message = html.escape(scrub(str(error)))
    look = 'role="alert" style="white-space: pre-line; line-height: 1.45"'
    return f"<p {look}><b>This did not work.</b> {type(error).__name__}: {message}</p>"


def not_recorded(error: BaseException, first: str) -> str:
    """What to say of an input that replay does not know, in HTML: no mistake, so it is told apart from errors.

    Args:
        error: with code "no_recording".
        first: what happened and what to do, in plain text.
    """
    reason = under_cell.as_html(scrub(message_of(error)))
    return (
        f'<div style="line-height: 1.4"><p role="status">{html.escape(first)}</p>'
        f"<details><summary>What is recorded near it, and two ways to an answer</summary>{reason}</details></div>"
    )


class Prediction(Demo):
    """A question that is answered before a later cell shows the answer. See `predict`."""

    @property
    def guess(self) -> str | None:
        """What the reader chose, or None."""
        return self.controls["guess"].value

    def compare(self, answer: str, because: str = "") -> None:
        """Show the reader's guess beside the answer. Without a guess the answer is folded.

        Args:
            because: one sentence that says why.

        Raises:
            ValueError: `answer` is none of the options.
        """
        if answer not in self.controls["guess"].options:
            raise ValueError(f"The answer {answer!r} is not among the options.")
        told = f"It was: {answer}. {because}".strip()
        if self.guess is None:
            text = f"No guess yet. {told}"
            shown = f"<details><summary>No guess yet. Show the answer.</summary>{html.escape(told)}</details>"
        else:
            text = f"Correct: {answer}. {because}" if self.guess == answer else f"You guessed: {self.guess}. {told}"
            shown = f"<p>{html.escape(text.strip())}</p>"
        display({"text/plain": text.strip(), "text/html": shown}, raw=True)


def predict(question: str, options: Sequence[str]) -> Prediction:
    """Ask for a guess: a question and its possible answers, to be chosen from with mouse or keyboard.

    Lessons call `helpers.exercises.predict`, which finds the answer when the time comes.
    """
    guess = ipywidgets.RadioButtons(options=list(options), value=None, layout={"width": "98%"})
    explain(guess, question)
    remark = ipywidgets.HTML()

    def say(change: Mapping[str, str]) -> None:
        text = f"Your guess: {change['new']}. A cell further down compares it with the answer."
        remark.value = f'<p role="status">{html.escape(text)}</p>'

    guess.observe(say, "value")
    parts = [ipywidgets.HTML(f"<b>{html.escape(question)}</b>"), guess, remark]
    about = f"A guess to make. {question} {'; '.join(options)}."
    return Prediction(ipywidgets.VBox(parts), about, {"guess": guess, "remark": remark})


def line_up(controls: Iterable[Control]) -> None:
    """Give the controls labels of one width, wide enough for the longest, so that they line up."""
    dressed = [control for control in controls if hasattr(control, "description")]
    wide = max((_label_width(control.description) for control in dressed), default=0)
    for control in dressed:
        control.style.description_width = f"{wide}px"
        if not (control.layout.width or "").endswith("%"):
            control.layout.width, control.layout.max_width = f"{wide + _AIM}px", "98%"


def items(texts: Iterable[str]) -> str:
    """A numbered list in HTML; each text is HTML already. Widgets space lines widely, this does not."""
    return f'<ol style="line-height: 1.45">{"".join(f"<li>{text}</li>" for text in texts)}</ol>'


def _dress(label: str) -> dict[str, object]:
    """A label that is not cut short, and a width that goes with it."""
    wide = _label_width(label)
    layout = {"width": f"{wide + _AIM}px", "max_width": "98%"}
    return {"description": label, "style": {"description_width": f"{wide}px"}, "layout": layout}


def _label_width(label: str) -> int:
    return max(140, 8 * len(label))  # pixels; the letters are 13 pixels high

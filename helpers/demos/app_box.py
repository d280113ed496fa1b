"""A small app in a notebook: choose an example or fill in the fields, press the button, read result and price.

    box = AppBox(summarise, {"A long e-mail": {"text": EMAIL}}, "Summarise", text=app_box.text_area("Text"))
    box

The function behind it is an ordinary one that works in a script as well; the box only calls it and counts.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ipywidgets

from .. import costs, lesson, tables, widgets
from ..proxy.meter import Reading


class AppBox:
    """Fields, a menu of examples, a button, and under them what a function makes of the fields, with its price.

    Args:
        run: called with the value of each field under its name. Returns the result: a text, an object that has
            HTML (such as a Table or an Audio), or a list of these. Its errors are shown, never raised.
        examples: the name of each example, and its value for each field. The first one is filled in. In replay,
            the examples are what has an answer.
        button: what pressing the button does, such as "Summarise".
        description: a whole sentence for readers who see no widget; made from the names when left out.
        show: makes of a result what is shown, where `run` returns data: one of the things named above.
        fields: the widgets to fill in, under the names of `run`'s arguments.

    Raises:
        ValueError: there is no example, or one does not give each field a value.

    Attributes:
        menu, fields, button, notice, result, price: the widgets, for code that moves them.
    """

    def __init__(
        self,
        run: Callable[..., object],
        examples: Mapping[str, Mapping[str, object]],
        button: str,
        description: str = "",
        show: Callable[[Any], object] | None = None,
        **fields: ipywidgets.Widget,
    ) -> None:
        wrong = [name for name, values in examples.items() if set(values) != set(fields)]
        if wrong or not examples:
            raise ValueError(f"Give at least one example, each with {', '.join(fields)}; look at: {wrong}")
        self._run, self._show, self.examples, self.fields = run, show, examples, fields
        self._used: dict[str, list[Reading]] = {}  # what the calls for each example used
        self.description = description or f"A small app with a button, {button}. Examples: {', '.join(examples)}."
        self.menu = widgets.choice("Example", list(examples), help="Fills in the fields; the button runs it.")
        self.button = ipywidgets.Button(description=button, button_style="primary", layout={"width": "220px"})
        self.notice, self.result, self.price = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        widgets.line_up([self.menu])
        self.menu.observe(self._fill, "value")
        self.button.on_click(lambda _button: self.press())
        for field in fields.values():
            if isinstance(field, ipywidgets.Text):
                widgets.on_enter(field, self.press)
        parts = [self.menu, *fields.values(), self.button, self.notice, self.result, self.price]
        self.widget = ipywidgets.VBox(parts)
        self._fill()

    def press(self) -> None:
        """Run the function on what the fields hold, and show its result or what went wrong."""
        self.button.disabled = True
        self.notice.value, self.result.value, self.price.value = '<p role="status">Working …</p>', "", ""
        before = _count()
        try:
            result = self._run(**{name: field.value for name, field in self.fields.items()})
            self.result.value = widgets.roomy(_as_html(self._show(result) if self._show else result))
            self.notice.value = ""
            calls, used, price = _totals(_readings(before))
            paid = "1 paid call" if calls == 1 else f"{calls} paid calls"
            self.price.value = f"<small>{paid}, {used:,} tokens, {price} with a key.</small>"
        except (Exception, KeyboardInterrupt) as error:
            self.notice.value = _explain(error, self.examples)
        finally:
            self.button.disabled = False

    def run_all(self) -> dict[str, Any]:
        """Run the function on every example. Returns the result of each under its name; errors are raised."""
        results = {}
        for name, values in self.examples.items():
            before = _count()
            results[name] = self._run(**values)
            self._used[name] = _readings(before)
        return results

    def price_table(self) -> tables.Table:
        """What one use costs, example by example. Raises ValueError before `run_all`."""
        if not self._used:
            raise ValueError("Call run_all first: the table shows what its calls used.")
        rows = [(name, *_totals(readings)) for name, readings in self._used.items()]
        prices = [sum(reading.cost or 0.0 for reading in readings) for readings in self._used.values()]
        models = {reading.model for readings in self._used.values() for reading in readings}
        note = f"{costs.usd(sum(prices) / len(prices))} on average. Prices: {costs.prices_date(*models)}."
        return tables.Table(["Example", "Calls", "Tokens", "Price of one use"], rows, note=note)

    def _fill(self, _change: object = None) -> None:
        for name, value in self.examples[self.menu.value].items():
            self.fields[name].value = value
        self.notice.value = self.result.value = self.price.value = ""

    def _ipython_display_(self) -> None:
        widgets.show(self.widget, self.description)


def text_line(label: str, *, help: str = "") -> ipywidgets.Text:
    """A field for one line of text; Enter in it presses the button."""
    layout = {"width": "98%", "max_width": "700px"}
    line = ipywidgets.Text(description=label, layout=layout, style={"description_width": "140px"})
    return widgets.explain(line, help)


def text_area(label: str, rows: int = 6, *, help: str = "") -> ipywidgets.Textarea:
    """A field for several lines of text, wide enough to read them."""
    layout = {"width": "98%", "max_width": "900px"}
    area = ipywidgets.Textarea(description=label, rows=rows, layout=layout, style={"description_width": "140px"})
    return widgets.explain(area, help)


def _as_html(result: object) -> str:
    if isinstance(result, list | tuple):
        return "".join(_as_html(part) for part in result)
    if hasattr(result, "_repr_html_"):
        return result._repr_html_()
    return f'<div style="white-space: pre-wrap; line-height: 1.45; max-width: 900px">{html.escape(str(result))}</div>'


def _explain(error: BaseException, examples: Iterable[str]) -> str:
    if isinstance(error, KeyboardInterrupt):
        return '<p role="status">Stopped. The fields are as they were.</p>'
    if getattr(error, "code", None) == "no_recording":
        known = "; ".join(examples)
        first = f"No answer was recorded for this input. Choose one of the examples: {known}."
        return widgets.not_recorded(error, first)
    return widgets.problem(error)


def _count() -> int:
    """How many calls the lesson has made; 0 in direct mode, where nobody counts."""
    try:
        return len(lesson.exchanges())
    except lesson.CourseError:
        return 0


def _readings(since: int) -> list[Reading]:
    """What the calls since then used, those that cost something."""
    new = lesson.exchanges()[since:] if _count() else []
    return [exchange.reading for exchange in new if exchange.reading]


def _totals(readings: list[Reading]) -> tuple[int, int, str]:
    """Calls, tokens in and out together, and the price."""
    used = sum(reading.usage.get("total_tokens") or 0 for reading in readings)
    unknown = any(reading.cost is None for reading in readings)
    price = costs.usd(None if unknown else sum(reading.cost for reading in readings))
    return len(readings), used, price

"""A small app in a notebook: choose an example or fill in the fields, press the button, read result and price.

    box = AppBox(summarise, {"A long e-mail": {"text": EMAIL}}, "Summarise", text=app_box.text_area("Text"))
    box

The function behind it is an ordinary one that works in a script as well; the box only calls it and counts.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from .. import costs, lesson, tables, widgets
from ..proxy.meter import Reading
from .box import Box

OWN = "(your own)"  # what the menu of examples shows once a field was changed


class AppBox(Box):
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
        menu, result, price: the widgets, for code that moves them, beside those of every box.
    """

    def __init__(
        self,
        run: Callable[..., object],
        examples: Mapping[str, Mapping[str, object]],
        button: str,
        description: str = "",
        show: Callable[[Any], object] | None = None,
        **fields: widgets.Control,
    ) -> None:
        wrong = [name for name, values in examples.items() if set(values) != set(fields)]
        if wrong or not examples:
            raise ValueError(f"Give at least one example, each with {', '.join(fields)}; look at: {wrong}")
        self._run, self._show, self.examples = run, show, examples
        self._used: dict[str, list[Reading]] = {}  # what the calls for each example used
        self.description = description or f"A small app with a button, {button}. Examples: {', '.join(examples)}."
        self.menu = widgets.choice("Example", [*examples, OWN], help="Fills in the fields; the button runs it.")
        self.result, self.price = ipywidgets.HTML(), ipywidgets.HTML()
        super().__init__(button, self.press, self._fill, fields)
        self.button.layout.width = "220px"
        self.controls = {"menu": self.menu, **fields}
        widgets.line_up([self.menu])
        self._filling = False
        self.menu.observe(self._chosen, "value")
        for field in fields.values():
            field.observe(self._edited, "value")
        buttons = ipywidgets.HBox([self.button, self.reset_button])
        self.widget = ipywidgets.VBox([self.menu, *fields.values(), buttons, self.notice, self.result, self.price])
        self._shown = next(iter(examples))  # the example that Reset brings back
        self._fill()

    def press(self) -> None:
        """Run the function on what is in the fields, and show its result or what went wrong."""
        self.result.value = self.price.value = ""
        values = self._values()
        if empty := [name for name, value in values.items() if value in ("", None) and self._is_needed(name)]:
            self.say_empty(self.fields[empty[0]].description or empty[0])
            return
        before = len(lesson.log())

        def run() -> None:
            result = self._run(**values)
            self.result.value = widgets.spaced(_as_html(self._show(result) if self._show else result))
            calls, used, price = _totals(_readings(before))
            paid = "1 paid call" if calls == 1 else f"{calls} paid calls"
            self.price.value = f"<small>{paid}, {used:,} tokens, {price} with a key.</small>"

        unknown = f"No answer is recorded for this input. Choose one of the examples: {'; '.join(self.examples)}."
        self.attempt(run, "Working …", "Stopped. The fields are as they were.", unknown)

    def run_all(self) -> dict[str, Any]:
        """Run the function on every example. Returns the result of each under its name; errors are raised."""
        results = {}
        for name, values in self.examples.items():
            before = len(lesson.log())
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

    def _values(self) -> dict[str, Any]:
        """What is in the fields; white space at the ends of a text is nothing."""
        values = {name: field.value for name, field in self.fields.items()}
        for name, value in values.items():
            if isinstance(value, str):
                alike = (text[name] for text in self.examples.values() if str(text[name]).strip() == value.strip())
                values[name] = next(alike, value.strip())
        return values

    def _is_needed(self, name: str) -> bool:
        """Whether a text or a date has to be there: every example gives one."""
        given = [values[name] for values in self.examples.values()]
        return all(value.strip() if isinstance(value, str) else value is not None for value in given)

    def _chosen(self, change: dict[str, Any]) -> None:
        if not self._filling and change["new"] != OWN:
            self._shown = change["new"]
            self._fill()

    def _fill(self) -> None:
        """Puts the example that was chosen last into the fields."""
        self._filling = True
        try:
            for name, value in self.examples[self._shown].items():
                self.fields[name].value = value
            self.menu.value = self._shown
        finally:
            self._filling = False
        self.notice.value = self.result.value = self.price.value = ""

    def _edited(self, change: dict[str, Any]) -> None:
        """A field was changed by hand: the menu says so, and a position without an answer is told at once."""
        if self._filling:
            return
        values = self._values()
        same = [name for name, example in self.examples.items() if dict(example) == values]
        self._filling = True
        self.menu.value = same[0] if same else OWN
        self._filling = False
        field = change["owner"]
        if isinstance(field, ipywidgets.Text | ipywidgets.Textarea):
            return  # a text is tried when the button is pressed, not at each key
        position = getattr(field, "label", None) or field.value
        known = lesson.answered(lambda: self._run(**values))
        self.say("" if known else f"{field.description} {position}: no answer is recorded for this position.")


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


def _readings(since: int) -> list[Reading]:
    """What the calls since then used, those that cost something."""
    return [exchange.reading for exchange in lesson.log()[since:] if exchange.reading]


def _totals(readings: list[Reading]) -> tuple[int, int, str]:
    """Calls, tokens in and out together, and the price."""
    used = sum(reading.usage.get("total_tokens") or 0 for reading in readings)
    known = [reading.cost for reading in readings if reading.cost is not None]
    return len(readings), used, costs.usd(sum(known) if len(known) == len(readings) else None)

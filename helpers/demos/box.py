"""What the chat box and the app box share: a button that asks a model, a reset button, and a line on how it went."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping

import ipywidgets

from .. import lesson, under_cell, widgets
from ..setup.errors import is_unanswered


class Box(widgets.Demo):
    """A demo with a button.

    Args:
        button: what pressing it does, in a word or two.
        press: does it.
        reset: brings everything back to how it was at first.
        fields: the widgets to fill in; Enter in a line of text presses the button.

    Attributes:
        button, reset_button, notice, fields: the widgets, for code that moves them.
    """

    def __init__(
        self,
        button: str,
        press: Callable[[], object],
        reset: Callable[[], object],
        fields: Mapping[str, widgets.Control],
    ) -> None:
        self.fields, self.notice = fields, ipywidgets.HTML()
        self.button = ipywidgets.Button(description=button, button_style="primary")
        self.reset_button = ipywidgets.Button(description="Reset")
        self.button.on_click(lambda _button: press())
        self.reset_button.on_click(lambda _button: reset())
        for field in fields.values():
            if isinstance(field, ipywidgets.Text):
                widgets.on_enter(field, press)

    def attempt(self, act: Callable[[], object], waiting: str, stopped: str, unknown: str) -> BaseException | None:
        """Calls a function that may ask a model, and says how it went; nothing is raised.

        Args:
            act: the function.
            waiting, stopped: what to say meanwhile, and when it was interrupted.
            unknown: what to say when nothing here can answer.

        Returns:
            what went wrong, or None.
        """
        self.button.disabled = True
        self.say(waiting)
        before = len(lesson.log())
        try:
            act()
        except KeyboardInterrupt as error:
            self.say(stopped)
            return error
        except Exception as error:
            missing = is_unanswered(error)
            self.notice.value = widgets.not_recorded(error, unknown) if missing else widgets.problem(error)
            return error
        finally:
            self.button.disabled = False
        self.say(under_cell.answered_by(lesson.log()[before:]))
        return None

    def say(self, text: str) -> None:
        """Shows a line of plain text beside the button, or nothing."""
        self.notice.value = f'<p role="status">{html.escape(text)}</p>' if text else ""

    def say_empty(self, name: str) -> None:
        """Says that a field has to be filled in first."""
        self.say(f"{name} is empty. Type something, or choose from the list.")

"""A chat in a notebook: type a message or choose one, and read the answers of whatever function answers them.

    box = ChatBox(ask, "You are a friendly assistant.", paths=[["Hello!", "What can you do?"]])
    box

The conversation stays in `box.conversation`. A message that could not be answered leaves no trace there; on the
screen it stands as taken back.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets

from .. import widgets

Conversation = list[dict[str, Any]]

_DESCRIPTION = "A chat box: a field for a message, a menu of recorded messages, and the conversation above them."
# A box that scrolls; what is last in it stays in sight, because it is filled from below.
_LOG = "display: flex; flex-direction: column-reverse; max-height: 24em; overflow-y: auto"
_UNKNOWN = (
    "No answer was recorded for this message at this point, so it was taken back. Choose a recorded one, or start over."
)


class ChatBox:
    """A field, a menu, two buttons, and the conversation so far. Shows itself as the last line of a cell.

    Args:
        ask: takes the conversation, which ends with the new message, and returns the text of the answer. It
            may add messages of its own, such as tool calls. Its errors are shown, never raised.
        instructions: the developer's message that every conversation starts with; "" for none.
        paths: conversations, each as the user's messages in order. The menu offers the messages with which
            one of them goes on from here; in replay, these are the ones that have an answer.
        footer: takes the conversation and returns a line of text to stand below it.
        description: a whole sentence for readers who see no widget.

    Attributes:
        conversation: messages so far, in the shape of Chat Completions.
        message, menu, send_button, again_button, log, notice, foot: the widgets, for code that moves them.
    """

    def __init__(
        self,
        ask: Callable[[Conversation], str],
        instructions: str = "",
        *,
        paths: Sequence[Sequence[str]] = (),
        footer: Callable[[Conversation], str] | None = None,
        description: str = _DESCRIPTION,
    ) -> None:
        self._ask, self._instructions, self._footer = ask, instructions, footer
        self._paths = [list(path) for path in paths]
        self.description = description
        self.log, self.notice, self.foot = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self.message = ipywidgets.Text(placeholder="Type a message", layout={"width": "60%"})
        self.menu = ipywidgets.Dropdown(description="Recorded", layout={"width": "60%"})
        self.send_button = ipywidgets.Button(description="Send", button_style="primary")
        self.again_button = ipywidgets.Button(description="Start over")
        widgets.explain(self.message, "Your message. Enter sends it.")
        widgets.explain(self.menu, "Puts a recorded message into the field; Send sends it.")
        widgets.on_enter(self.message, self.send)
        self.menu.observe(self._chosen, "value")
        self.send_button.on_click(lambda _button: self.send())
        self.again_button.on_click(lambda _button: self.start_over())
        write = ipywidgets.HBox([self.message, self.send_button, self.again_button])
        choose = [self.menu] if self._paths else []
        self.widget = ipywidgets.VBox([self.log, self.notice, *choose, write, self.foot])
        self.start_over()

    def send(self, text: str | None = None) -> None:
        """Send a message, or what stands in the field, and show the answer.

        After an error the message stands in the field again, so that it can be sent once more; unless it is one
        that replay does not know, which would not be answered then either.
        """
        text = (self.message.value if text is None else text).strip()
        if not text:
            self.notice.value = '<p role="status">Type a message first, or choose one.</p>'
            return
        before = list(self.conversation)
        self.conversation.append({"role": "user", "content": text})
        self._lines.append(_line("You", html.escape(text)))
        self.message.value, self.notice.value = "", '<p role="status">Waiting for the answer …</p>'
        self.send_button.disabled = True
        self._show()
        try:
            answer = self._ask(self.conversation)
            self.conversation.append({"role": "assistant", "content": answer})
            self._lines.append(_line("Assistant", html.escape(answer)))
            self.notice.value = ""
        except (Exception, KeyboardInterrupt) as error:
            self.conversation[:] = before
            self._lines[-1] = _line("You", f"<s>{html.escape(text)}</s> <i>(taken back)</i>")
            unknown = getattr(error, "code", None) == "no_recording"
            self.message.value = "" if unknown else text
            self.notice.value = widgets.not_recorded(error, _UNKNOWN) if unknown else _explain(error)
        finally:
            self.send_button.disabled = False
        self._show()

    def start_over(self) -> None:
        """Forget the conversation and begin a new one."""
        first = {"role": "developer", "content": self._instructions}
        self.conversation: Conversation = [first] if self._instructions else []
        self._lines: list[str] = []  # of the log, in HTML
        self.message.value = self.notice.value = ""
        self._show()

    def _ipython_display_(self) -> None:
        widgets.show(self.widget, self.description)

    def _chosen(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self.message.value = change["new"]

    def _show(self) -> None:
        inside = "".join(self._lines) or "<p><i>Nothing was said yet.</i></p>"
        self.log.value = f'<div role="log" tabindex="0" style="{_LOG}"><div>{inside}</div></div>'
        self.foot.value = f"<small>{html.escape(self._footer(self.conversation))}</small>" if self._footer else ""
        following = self._following()
        title = "choose a message …" if following else "nothing follows here; start over"
        self.menu.options = [(title, ""), *((text, text) for text in following)]
        self.menu.index = 0  # ipywidgets 7 does this by itself

    def _following(self) -> list[str]:
        """The messages with which a path goes on from what was said so far, each once."""
        said = [message["content"] for message in self.conversation if message["role"] == "user"]
        here = [path for path in self._paths if len(path) > len(said) and path[: len(said)] == said]
        return list(dict.fromkeys(path[len(said)] for path in here))


def _line(name: str, text: str) -> str:
    return f'<p style="white-space: pre-wrap; line-height: 1.4"><b>{name}:</b> {text}</p>'


def _explain(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return '<p role="status">Stopped. The message was taken back.</p>'
    return widgets.problem(error)

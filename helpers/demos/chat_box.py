"""A chat in a notebook: type a message or choose one, and read the answers of whatever function answers them.

    box = ChatBox(ask, "You are a friendly assistant.", paths=[["Hello!", "What can you do?"]])
    box

The conversation stays in `box.conversation`. A message that could not be answered leaves no trace there; on the
screen it is marked as taken back.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets

from .. import widgets
from ..setup.errors import is_unanswered
from .box import Box

Conversation = list[dict[str, Any]]

_DESCRIPTION = "A chat box: a field for a message, a menu of recorded messages, and the conversation above them."
# A box that scrolls; what is last in it stays in sight, because it is filled from below.
_LOG = "display: flex; flex-direction: column-reverse; max-height: 24em; overflow-y: auto"
_UNKNOWN = "No answer is recorded for this message here, so it was taken back. Choose a recorded one, or press Reset."


class ChatBox(Box):
    """A field, a menu, two buttons, and the conversation so far. Shows itself as the last line of a cell.

    Args:
        ask: takes the conversation, which ends with the new message, and returns the text of the answer. It
            may add messages of its own, such as tool calls. Its errors are shown, never raised.
        instructions: the developer's message that every conversation starts with; "" for none.
        paths: conversations, each as the user's messages in order. The menu offers the messages with which
            one of them goes on from here; in replay, these are the ones that have an answer.
        footer: takes the conversation and returns a line of text to show below it, at first and after each answer.
        description: a whole sentence for readers who see no widget.

    Attributes:
        conversation: messages so far, in the shape of Chat Completions.
        message, menu, log, foot: the widgets, for code that moves them, beside those of every box.
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
        self.log, self.foot = ipywidgets.HTML(), ipywidgets.HTML()
        self.message = ipywidgets.Text(placeholder="Type a message", layout={"width": "60%"})
        self.menu = ipywidgets.Dropdown(description="Recorded", layout={"width": "60%"})
        widgets.explain(self.message, "Your message. Enter sends it.")
        widgets.explain(self.menu, "Puts a recorded message into the field; Send sends it.")
        super().__init__("Send", self.send, self.reset, {"message": self.message})
        self.menu.observe(self._chosen, "value")
        write = ipywidgets.HBox([self.message, self.button, self.reset_button])
        choose = [self.menu] if self._paths else []
        self.widget = ipywidgets.VBox([self.log, self.notice, *choose, write, self.foot])
        self.controls = {"message": self.message, "menu": self.menu}
        self.reset()

    def send(self, text: str | None = None) -> None:
        """Send a message, or what is in the field, and show the answer.

        After an error the message is in the field again, so that it can be sent once more; unless nothing here can
        answer it, which would be so then, too.
        """
        text = (self.message.value if text is None else text).strip()
        if not text:
            self.say_empty("Your message")
            return
        before = list(self.conversation)
        self.conversation.append({"role": "user", "content": text})
        self._lines.append(_line("You", html.escape(text)))
        self.message.value = ""
        self._show()

        def ask() -> None:
            answer = self._ask(self.conversation)
            self.conversation.append({"role": "assistant", "content": answer})
            self._show_foot()
            self._lines.append(_line("Assistant", html.escape(answer)))

        error = self.attempt(ask, "Waiting for the answer …", "Stopped. The message was taken back.", _UNKNOWN)
        if error:
            self.conversation[:] = before
            self._lines[-1] = _line("You", f"<s>{html.escape(text)}</s> <i>(taken back)</i>")
            self.message.value = "" if is_unanswered(error) else text
        self._show()

    def reset(self) -> None:
        """Forget the conversation and begin a new one."""
        first = {"role": "developer", "content": self._instructions}
        self.conversation: Conversation = [first] if self._instructions else []
        self._lines: list[str] = []  # of the log, in HTML
        self.message.value = self.notice.value = ""
        self._show()
        self.attempt(self._show_foot, "", "", _UNKNOWN)

    def _chosen(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self.message.value = change["new"]

    def _show(self) -> None:
        inside = "".join(self._lines) or "<p><i>No messages yet.</i></p>"
        self.log.value = f'<div role="log" tabindex="0" style="{_LOG}"><div>{inside}</div></div>'
        following = self._following()
        title = "choose a message …" if following else "no suggestion from here; type, or reset"
        self.menu.options = [(title, ""), *((text, text) for text in following)]
        self.menu.index = 0  # ipywidgets 7 does this by itself

    def _show_foot(self) -> None:
        self.foot.value = f"<small>{html.escape(self._footer(self.conversation))}</small>" if self._footer else ""

    def _following(self) -> list[str]:
        """The messages with which a path goes on from what was said so far, each once."""
        said = [message["content"] for message in self.conversation if message["role"] == "user"]
        here = [path for path in self._paths if len(path) > len(said) and path[: len(said)] == said]
        return list(dict.fromkeys(path[len(said)] for path in here))


def _line(name: str, text: str) -> str:
    return f'<p style="white-space: pre-wrap; line-height: 1.4"><b>{name}:</b> {text}</p>'

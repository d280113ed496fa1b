"""What is shown under a cell besides its own output: a quiet note instead of a traceback, and who answered.

Nothing here changes what a cell shows that is answered from recordings or by the API.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

import openai
from IPython import get_ipython
from IPython.display import display

from . import check
from .setup.errors import INDENT, is_unanswered

if TYPE_CHECKING:
    from .proxy.exchange import Exchange

Log = Callable[[], Sequence["Exchange"]]

#: The source of the running cell; "" outside of notebooks.
cell = ""
_log: Log = list
_begun: tuple[Sequence[Exchange], int] = ([], 0)  # the log when the cell began, and how long it was


def install(log: Log) -> None:
    """Watches the cells of this notebook from now on; does nothing where there is none.

    Args:
        log: the exchanges of the running lesson: the list itself, which another lesson replaces.
    """
    global _log
    shell = get_ipython()
    if shell is not None and _log is list:
        shell.events.register("pre_run_cell", _before_cell)
        shell.events.register("post_run_cell", _after_cell)
        shell.set_custom_exc((Exception,), _show_error)
    _log = log


def _before_cell(info: Any) -> None:
    global cell, _begun
    cell, log = info.raw_cell or "", _log()
    _begun = log, len(log)


def _after_cell(result: Any) -> None:
    error = result.error_in_exec
    check.missing = (message(error) or "") if is_unanswered(error) else ""
    (before, start), now = _begun, _log()
    if line := answered_by(now[start if now is before else 0 :]):
        say(line)


def say(line: str) -> None:
    """Shows a line about the cell, apart from its output."""
    display({"text/html": f"<p><small><em>{html.escape(line)}</em></small></p>", "text/plain": line}, raw=True)


def answered_by(exchanges: Sequence[Exchange]) -> str:
    """Who stood in for the model that was asked, in a line; "" when no stand-in answered."""
    answered = [exchange for exchange in exchanges if exchange.source == "stand-in"]
    if not answered:
        return ""
    from .proxy import standin

    more = f" So were {len(answered) - 1} more." if len(answered) > 1 else ""
    return standin.sentence(answered[0]) + more


def message(error: BaseException | None) -> str | None:
    """What the course itself has to say in an error that the SDK raised; None when it was the API's."""
    body = getattr(error, "body", None)
    if isinstance(body, dict) and str(body.get("type")).startswith("course"):
        return body["message"]
    return None


def as_html(text: str) -> str:
    """A message of the course as HTML: its paragraphs, lists ("- ") and lines to copy (indented)."""
    parts: list[str] = []
    for line in text.splitlines():
        inside = html.escape(line.removeprefix(INDENT).removeprefix("- "))
        if line.startswith(INDENT):
            look = "white-space: pre-wrap; word-break: normal; margin: 2px 0 8px 1em"
            _add(parts, f'<pre style="{look}">', f"{inside}\n", "</pre>")
        elif line.startswith("- "):
            _add(parts, '<ul style="margin: 2px 0 8px">', f"<li>{inside}</li>", "</ul>")
        elif line:
            parts.append(f'<p style="margin: 6px 0 2px">{inside}</p>')
    return "".join(parts)


def _add(parts: list[str], start: str, inside: str, end: str) -> None:
    """Adds to the last part when it is of this kind, else begins one."""
    if parts and parts[-1].startswith(start):
        parts[-1] = parts[-1].removesuffix(end) + inside + end
    else:
        parts.append(start + inside + end)


def _drop_sdk(error: BaseException, trace: TracebackType) -> None:
    """Ends the traceback of an error of the SDK at the line that called it: some hundred lines of its own follow."""
    if not isinstance(error, openai.APIError):
        return
    cause = error.__cause__
    while cause:  # what httpx2 has to say, in a line
        cause.with_traceback(None)
        cause = cause.__cause__ or cause.__context__
    last, frame = trace, trace.tb_next
    while frame:
        if "site-packages" not in frame.tb_frame.f_code.co_filename:
            last = frame
        frame = frame.tb_next
    last.tb_next = None


_BOX = "max-width: 60em; padding: 4px 14px; border-left: 4px solid #c98a00; line-height: 1.45"


def _show_error(
    shell: Any, kind: type[BaseException], error: BaseException, trace: TracebackType, tb_offset: int | None = None
) -> None:
    """An error that the course explains becomes a box; any other is shown as ever."""
    text = message(error)
    if text is None:
        _drop_sdk(error, trace)
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset, running_compiled_code=True)
        return
    if hasattr(shell, "kernel"):
        shown = f'<div role="status" style="{_BOX}">{as_html(text)}</div>'
        display({"text/html": shown, "text/plain": text}, raw=True)
        text = f"The cell ended here ({getattr(error, 'code', '')})."
    sys.last_value = error
    shell._showtraceback(kind, error, [f"{kind.__name__}: {text}"])

"""How patient a client is: what a program gets, and after how long, for each trouble and both settings of the SDK.

Nothing here calls or waits. The rules are those of the openai package (3.54 to 3.57, `_base_client.py`): which errors
it tries again, and a pause of 0.5 seconds that doubles up to 8. Each pause is shown at its longest; the SDK shortens
it by up to a quarter at random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .. import plots, widgets
from ..tables import Table
from . import crowd

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANSWER = 2.0  # seconds that an answer takes here; a refusal comes at once
BASE, CAP = 0.5, 8.0  # seconds, the SDK's own pauses


class Trouble(NamedTuple):
    """What the SDK raises, whether it tries again before, and whether the trouble ends by itself."""

    error: str
    retried: bool = True
    passes: bool = True


SILENT = "no answer"
TROUBLES = {
    SILENT: Trouble("APITimeoutError"),  # first, because here all three sliders matter
    "overloaded (503)": Trouble("InternalServerError"),
    "too fast (429)": Trouble("RateLimitError"),
    "connection breaks": Trouble("APIConnectionError"),
    "wrong key (401)": Trouble("AuthenticationError", retried=False, passes=False),
    "out of money (429)": Trouble("RateLimitError", passes=False),
}


class Attempt(NamedTuple):
    """One request of a call: when it begins and how long it takes, in seconds, and whether it is answered."""

    begin: float
    seconds: float
    answered: bool

    @property
    def end(self) -> float:
        return self.begin + self.seconds


def requests(trouble: str, times: int, max_retries: int, timeout: float) -> list[Attempt]:
    """The requests that one call sends.

    Args:
        trouble: a key of TROUBLES.
        times: how many requests in a row meet it; a trouble that doesn't pass meets all.
        max_retries: of the client.
        timeout: seconds that the client gives each request; at least ANSWER.
    """
    kind = TROUBLES[trouble]
    attempts = 1 + (max_retries if kind.retried else 0)
    pauses = [*crowd.ceilings(attempts, BASE, CAP), 0.0]
    sent: list[Attempt] = []
    begin = 0.0
    for attempt, pause in enumerate(pauses):
        answered = kind.passes and attempt >= times
        seconds = ANSWER if answered else timeout if trouble == SILENT else 0.0
        sent.append(Attempt(begin, seconds, answered))
        if answered:
            break
        begin += seconds + pause
    return sent


def result(trouble: str, times: int, max_retries: int, timeout: float) -> str:
    """What the program gets from that call, and after how long, in a sentence. Arguments as for `requests`."""
    sent = requests(trouble, times, max_retries, timeout)
    got = "the answer" if sent[-1].answered else TROUBLES[trouble].error
    number = f"{len(sent)} request{'s' if len(sent) > 1 else ''}"
    when = f"in about {_duration(sent[-1].end)}" if sent[-1].end else "at once"
    return f"Your program gets {got} after {number}, {when}."


def advice(trouble: str, times: int, max_retries: int, timeout: float) -> str:
    """What to learn from it, in a sentence; "" when the call is answered. Arguments as for `requests`."""
    kind = TROUBLES[trouble]
    if not kind.retried:
        return "The SDK doesn't try again: the same request would fail again."
    if not kind.passes:
        return "Waiting doesn't add credit, so every retry is wasted. The SDK looks only at the status, 429."
    if max_retries < times:
        return "The problem lasted longer than the retries."
    return ""


def chart(trouble: str, times: int, max_retries: int, timeout: float) -> Figure:
    """The requests of a call from top to bottom, over time. Arguments as for `requests`."""
    sent = requests(trouble, times, max_retries, timeout)
    figure, plot = plots.axes("The requests of one call", "time since the call (seconds)", "request", height=2.9)
    for number, request in enumerate(sent, 1):
        look = plots.bar_look(not request.answered)
        plot.barh(number, request.seconds, left=request.begin, height=0.5, **look)
        mark = "●" if request.answered else "×"
        plot.annotate(mark, (request.end, number), (4, 0), textcoords="offset points", va="center", fontsize=16)
    plot.set(ylim=(max(len(sent), 3) + 0.6, 0.4), yticks=range(1, len(sent) + 1))
    plot.set_xlim(-0.03 * max(sent[-1].end, 1), 1.06 * max(sent[-1].end, 1))
    return figure


def live() -> widgets.Demo:
    """A menu of troubles and three sliders, over a picture of the requests and a line with what the program gets."""

    def draw(trouble: str, times: int, max_retries: int, timeout: float) -> tuple[Figure, str]:
        settings = trouble, times, max_retries, timeout
        said = f"<b>{result(*settings)}</b> {advice(*settings)}"
        caption = f'<div role="status" style="line-height: 1.5">{said}<br><small>× failed · ● answered</small></div>'
        return chart(*settings), caption

    seconds = [(f"{stop:,} s", float(stop)) for stop in (5, 20, 60, 600)]
    controls = {
        "trouble": widgets.choice("trouble", list(TROUBLES), help="What goes wrong."),
        "times": widgets.number("times in a row", 1, 1, 6, 1, help="How many requests meet it before it passes."),
        "max_retries": widgets.number("max_retries", 2, 0, 6, 1, help="Requests after the first one."),
        "timeout": widgets.stops("timeout", seconds, 600.0, help="How long one request may take."),
    }
    description = (
        "A menu of troubles, and sliders for how often it strikes, for max_retries and for timeout; "
        "a picture of the requests and what the program gets follow below."
    )
    return widgets.live_figure(draw, description, **controls)


def table() -> Table:
    """Some positions of the controls and what comes of them, for readers who cannot move them."""
    cases = [
        ("overloaded (503)", 3, 2, 600.0),
        ("overloaded (503)", 3, 3, 600.0),
        (SILENT, 3, 2, 600.0),
        (SILENT, 3, 2, 20.0),
        ("wrong key (401)", 3, 6, 20.0),
        ("out of money (429)", 3, 6, 20.0),
    ]
    rows = []
    for trouble, times, max_retries, timeout in cases:
        sent = requests(trouble, times, max_retries, timeout)
        got = "the answer" if sent[-1].answered else TROUBLES[trouble].error
        strikes = times if TROUBLES[trouble].passes else None
        rows.append([trouble, strikes, max_retries, f"{timeout:g} s", len(sent), got, _duration(sent[-1].end)])
    heads = ["Trouble", "Times in a row", "max_retries", "timeout", "Requests", "Your program gets", "After"]
    return Table(heads, rows)


def _duration(seconds: float) -> str:
    """A time with its unit; in minutes from two minutes on."""
    if seconds >= 120:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds:.1f} seconds" if seconds else "at once"

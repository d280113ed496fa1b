"""What every lesson begins and ends with: start, receipt, a look at the last exchange, and faults on demand."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from . import costs, minutes, tables, under_cell
from . import progress as _progress
from .proxy import snippets
from .proxy.faults import CATALOGUE, Fault, Plan, RateLimit
from .proxy.faults import fault as make_fault
from .proxy.http import LoopbackServer
from .proxy.meter import price_of
from .proxy.recordings import DamagedRecording, Recordings
from .proxy.server import CourseServer, Exchange
from .proxy.standin_find import SENTENCES, Unavailable
from .setup import client, environment, files, keys, settings
from .setup import preflight as machine
from .setup.causes import say
from .setup.errors import CourseError, is_unanswered
from .setup.files import COURSE, ROOT
from .setup.settings import OFFICIAL, Mode

out = files.out  # lessons say lesson.out()

_server: CourseServer | None = None
_direct = False
_NOTHING: list[Exchange] = []  # the log where there is no server


# For the page of a lesson in JupyterLab: printed lines break at words, and menus have an arrow in the dark.
_PAGE = """<style>
.jp-OutputArea-output pre { word-break: normal; overflow-wrap: anywhere }
[data-jp-theme-light="false"] .widget-dropdown > select { color-scheme: dark; background-image: none; appearance: auto }
</style>"""


def start(number: str) -> None:
    """Begins a lesson: from here on an unmodified `OpenAI()` is answered, with or without a key.

    Loads .env, chooses the mode (COURSE_MODE; auto is live with a key and replay without), starts the local server
    and prints one line: the mode, what the lesson would cost live, how long it takes.

    Args:
        number: two digits, such as "05".

    Raises:
        CourseError: a setting is not understood, live is asked for without a usable key, or a recording is damaged.
    """
    global _server, _direct, _noted_until
    _noted.clear()
    _noted_until = 0
    os.chdir(ROOT / "notebooks")  # wherever this notebook was opened, on Colab in a folder above
    _lesson(number)
    mode, remark = settings.choose_mode()
    _direct = mode == Mode.DIRECT
    if _direct:
        environment.put("OPENAI_BASE_URL", settings.upstream())  # an earlier start may have pointed it at the server
        environment.put("OPENAI_API_KEY", keys.find() or "")
        state = "direct: calls go straight to the API; no receipt, no cap"
    else:
        recordings = Recordings(settings.recordings_folder(mode) / number)
        if _server is None or (_server.mode, _server.upstream) != (mode, settings.target(mode)):
            server = _open(mode)
            if _server:
                _server.close()
            _server = server
            remark += _clear_the_way(mode)
        _server.meter.cap, _server.pace = settings.cap(), settings.pace()
        _point_at(_server)
        _server.begin(recordings)
        state = _state(_server, number)
    under_cell.install(log)
    _progress.lesson = number
    sources = (ROOT / "notebooks" / "source").glob(f"{number}_*.py")  # none where somebody copied the notebooks alone
    takes = "".join(f" · {minutes.of(source.read_text(encoding='utf-8'))}" for source in sources)
    print(f"Lesson {number}{takes}\n{state}{remark}")
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython():
        sys.modules["IPython"].display.display({"text/html": _PAGE, "text/plain": ""}, raw=True)


def preflight(network: bool | None = None) -> tables.Table:
    """This machine, line by line: what is fine, and what to do where it is not (see `setup.preflight.report`)."""
    return machine.report(network, [_stand_in()])


def _stand_in() -> list[str]:
    """A line of the report: which model stands in for OpenAI's in replay, and in which lessons."""
    if _server is None or _direct or _server.mode != Mode.REPLAY:
        return ["Stand-in", "not asked", machine.SKIPPED, "It answers in replay, once a lesson has started."]
    try:
        found = _server.stand_in.server()
        model = _server.stand_in.model_for(None)
    except Unavailable as error:
        if str(error):
            return ["Stand-in", "none", machine.FIX, str(error)]
        advice = "It would answer requests that are not recorded: Ollama with a model on this machine is enough."
        return ["Stand-in", "none", machine.SKIPPED, advice]
    speaks = {"chat", "responses"} | ({"embeddings"} if any(SENTENCES in name for name in found.models) else set())
    kinds = {number: _kinds(number) for number in _lessons()}
    whole = [number for number, asked in kinds.items() if asked <= speaks]
    partly = [number for number, asked in kinds.items() if asked & speaks and not asked <= speaks]
    served = f"Answers what is not recorded in lessons {', '.join(whole)}, and in part in {', '.join(partly)}."
    return ["Stand-in", f"{model} {found.place}", machine.FINE, served]


def _kinds(number: str) -> set[str]:
    """The kinds of calls that a lesson makes: "chat", "responses", "embeddings", "images" and so on."""
    names = (path.name for path in (ROOT / "data" / "recordings" / number).glob("*.json"))
    return {re.split(r"[.-]", name)[0] for name in names}


def receipt() -> tables.Table:
    """What this lesson's calls used so far, by model, and what they cost, in USD; calls of a stand-in apart."""
    server = _running()
    rows = [
        {
            "model": reading.model,
            "usage": reading.usage,
            "answered_by": exchange.origin["model"] if exchange.origin and exchange.source == "stand-in" else None,
        }
        for exchange in server.exchanges
        if (reading := exchange.reading)
    ]
    if any(row["answered_by"] for row in rows):
        spent = "Nothing was spent with OpenAI: answers were recorded or a stand-in's. With a key they would cost:"
    elif server.mode == Mode.REPLAY:
        spent = "Nothing was spent: the answers were recorded. Live, these calls would cost:"
    else:
        spent = f"Spent with your key in this kernel: {costs.usd(server.meter.spent)}. This lesson's calls so far:"
    return costs.receipt(rows, spent)


def show_last(way: str | None = None) -> None:
    """Shows the last exchange as Python, HTTP and curl.

    Args:
        way: "python", "http" or "curl" for one of them; None for all three.

    Raises:
        CourseError: nothing was sent yet, or `way` is none of the three.
    """
    last = _last()
    texts = {
        "python": snippets.python(last.request),
        "http": snippets.http(last.request, last.status, last.headers, last.answer),
        "curl": snippets.curl(last.request),
    }
    if way is not None and way not in texts:
        raise CourseError(f"show_last knows {', '.join(texts)}, not {way!r}.")
    from IPython.display import display

    titles = {"python": "Python", "http": "HTTP", "curl": "curl"}
    shown = [way] if way else list(texts)
    display(_Texts({titles[name]: texts[name] for name in shown}))


class Note(str):
    """A line about what is shown beside it; as the last line of a cell it shows itself, unless it is empty."""

    def _ipython_display_(self) -> None:
        if self:
            under_cell.say(self)


AUTHORED = Note("The recorded answers were written for this course: they show the method and do not measure the model.")
_noted: dict[str, int] = {}  # the source of a cell with a note -> how many exchanges there were at the note before
_noted_until = 0


def note() -> Note:
    """What a table or figure says about the answers that it rests on, from their origin; "" when they are measured.

    It looks at the answers since the note before, so it is said once and not again until others come.
    """
    global _noted_until
    seen = log()
    start = _noted.setdefault(under_cell.cell, _noted_until)  # a cell that is run again says the same again
    _noted_until = max(_noted_until, len(seen))
    return AUTHORED if _any_authored(seen[start:]) else Note()


def authored() -> bool:
    """Whether the last answer was written for this course: what it says to run was read before."""
    return _any_authored(log()[-1:])


def _any_authored(seen: Sequence[Exchange]) -> bool:
    return any((exchange.origin or {}).get("kind") == "authored" for exchange in seen)


def log() -> Sequence[Exchange]:
    """The exchanges of this lesson so far, as they are kept: more come. None in direct mode, where nobody counts."""
    return _server.exchanges if _server and not _direct else _NOTHING


class _Texts:
    """Titled blocks of code, in a notebook and in a terminal."""

    def __init__(self, blocks: dict[str, str]) -> None:
        self.blocks = blocks

    def _repr_html_(self) -> str:
        return "".join(
            f"<p><strong>{title}</strong></p><pre>{html.escape(text)}</pre>" for title, text in self.blocks.items()
        )

    def __repr__(self) -> str:
        return "\n\n".join(f"--- {title} ---\n{text}" for title, text in self.blocks.items())


def exchanges() -> list[Exchange]:
    """What the server saw since the lesson started, retries and faults included, oldest first."""
    return list(_running().exchanges)


def answered(call: Callable[[], object]) -> bool:
    """Whether what a function asks would be answered here.

    In replay it is tried, which costs nothing and leaves no trace.

    Args:
        call: makes one request or many. In the other modes and with a stand-in, where it would cost something or
            take its time, it is not called, and the answer is yes.
    """
    if _direct or _server is None or _server.mode != Mode.REPLAY:
        return True
    with contextlib.suppress(Unavailable):
        return bool(_server.stand_in.server())
    with _server.aside():
        try:
            call()
        except Exception as error:
            return not is_unanswered(error)
    return True


@contextlib.contextmanager
def watch() -> Generator[list[Exchange]]:
    """What the server saw during a `with` block, oldest first; the list is filled when the block ends."""
    before, seen = len(exchanges()), []
    try:
        yield seen
    finally:
        seen += exchanges()[before:]


def progress(reset: bool = False) -> tables.Table:
    """Which exercises you passed and for how many questions you made a guess, by lesson.

    Args:
        reset: forget all of it first.
    """
    if reset:
        _progress.reset()
    done = _progress.read()
    rows = []
    for number, entry in _lessons().items():
        passed, guesses = (
            [name.partition(".")[2] for name in done[kind] if name.startswith(f"{int(number)}.")]
            for kind in ("exercises", "guesses")
        )
        if passed or guesses:
            rows.append([number, entry["title"], ", ".join(sorted(passed)) or "none", len(guesses)])
    note = "" if rows else "Nothing yet. Exercises you pass and guesses you make appear here."
    return tables.Table(["No.", "Lesson", "Exercises passed", "Guesses made"], rows, "Your progress", note)


def last_request() -> dict[str, Any]:
    """The JSON body of the last request. Raises CourseError when nothing was sent yet."""
    return _last().request.get("json") or {}


@contextlib.contextmanager
def faults(
    *plan: str | Fault | None | Iterable[str | Fault | None],
    retry_after: float | None = None,
    seconds: float | None = None,
    events: int | None = None,
) -> Generator[None]:
    """Makes the next requests fail, in any mode and free of charge: a request that gets an error is not sent on.

    Args:
        plan: one fault a request, in order: names such as "429", "429-quota", "500", "slow", "drop", "drop-stream",
            or None for a request that passes; or one iterable of them. When the plan runs out, requests pass.
        retry_after: seconds that error answers ask the client to wait.
        seconds: how long "slow" waits.
        events: after how many events "drop-stream" hangs up.

    Raises:
        CourseError: a name is not in the catalogue.
    """
    items: Any = plan[0] if len(plan) == 1 and not isinstance(plan[0], str | Fault | None) else plan
    options = {"retry_after": retry_after, "seconds": seconds, "events": events}

    def made(item: str | Fault | None) -> Fault | None:
        return make_fault(item, **options) if isinstance(item, str) else item

    if isinstance(items, tuple | list) and (
        unknown := [item for item in items if isinstance(item, str) and item not in CATALOGUE]
    ):
        raise CourseError(f"There is no fault named {unknown[0]!r}. Choose from: {', '.join(CATALOGUE)}.")
    with _planned(Plan(made(item) for item in items)):
        yield


@contextlib.contextmanager
def rate_limit(requests: int, per: float = 60.0) -> Generator[None]:
    """The server enforces a limit of `requests` every `per` seconds and reports it in the x-ratelimit headers."""
    with _planned(RateLimit(requests, per)):
        yield


@contextlib.contextmanager
def recorded_time(factor: float = 1.0) -> Generator[None]:
    """Answers take as long as when recorded, times `factor` and COURSE_PACE; otherwise replay answers at once."""
    server = _running()
    before = server.pace, server.latency
    server.pace = server.latency = factor * settings.pace()
    try:
        yield
    finally:
        server.pace, server.latency = before


def pause(seconds: float) -> None:
    """Waits between two looks at work that goes on at OpenAI; with recorded answers there is nothing to wait for."""
    last = _last()
    if last.source == "live" and (last.origin or {}).get("kind") == "captured":
        time.sleep(seconds)


@contextlib.contextmanager
def _planned(plan: Plan | RateLimit) -> Generator[None]:
    server = _running()
    server.plan = plan
    try:
        yield
    finally:
        server.plan = Plan(())


def _lessons() -> dict[str, dict[str, Any]]:
    entries = json.loads((COURSE / "lessons.json").read_text(encoding="utf-8"))
    return {entry["number"]: entry for entry in entries}


def _lesson(number: str) -> dict[str, Any]:
    entries = _lessons()
    if number not in entries:
        raise CourseError(f"There is no lesson {number!r}. Lessons: {', '.join(entries)}.")
    return entries[number]


def _open(mode: Mode) -> CourseServer:
    """A server that listens."""
    target = settings.target(mode)
    environment.put("COURSE_UPSTREAM", target)
    server = CourseServer(mode, target, settings.cap(), settings.pace())
    server.stand_in.on_wait = print  # from its thread, a line lands in the running cell, or in the terminal
    server.start()
    return server


def _clear_the_way(mode: Mode) -> str:
    """Sees to it that a client of the SDK can be made and reaches this machine. Returns a remark for the banner."""
    files.lend_home()
    client.spare_loopback()
    trial = LoopbackServer(lambda handler: handler.send_json(200, {}))
    trial.start()
    try:
        left_out = client.clear(trial.url)
    finally:
        threading.Thread(target=trial.close, daemon=True).start()
    if mode == Mode.REPLAY or not left_out:
        return ""
    return "\nNote: " + say("The environment breaks the SDK", names=", ".join(left_out))


def _point_at(server: CourseServer) -> None:
    """Sends every client of this process and its children to the local server."""
    environment.put("OPENAI_BASE_URL", f"{server.url}/v1")
    key = keys.find()  # in replay, one that cannot be sent in a header would break the client, and its error show it
    usable = key and not (server.mode == Mode.REPLAY and keys.problem(key))
    environment.put("OPENAI_API_KEY", key if usable else keys.PLACEHOLDER)


def _state(server: CourseServer, number: str) -> str:
    recordings = Recordings(ROOT / "data" / "recordings" / number) if server.mode == Mode.RECORD else server.recordings
    try:
        present = recordings.all()
    except DamagedRecording as error:
        raise CourseError(str(error)) from None
    price = _price(number, present)
    kinds = {f"{recording['origin']['kind']} {recording['origin']['date']}" for recording in present}
    about = costs.spoken(price)
    if server.mode == Mode.REPLAY:
        if not present:
            return "replay: this lesson calls no API, needs no key and costs nothing"
        return (
            f"replay: recorded answers ({', '.join(sorted(kinds))}), no key needed, nothing spent · with a key: {about}"
        )
    where = "" if server.upstream == OFFICIAL else f" and go to {urlsplit(server.upstream).netloc.rpartition('@')[2]}"
    cap = f"at most ${server.meter.cap:.2f} per kernel"
    return f"{server.mode}: calls use your key{where}, {about} for the lesson, {cap}"


def _price(number: str, present: Iterable[dict[str, Any]]) -> float:
    """What Run All costs live, in USD, as the last build counted it; exercises and suggested changes come on top."""
    kept = costs.run_prices()
    return kept[number] if number in kept else price_of(present)


def _running() -> CourseServer:
    if _direct:
        raise CourseError(
            "In direct mode, calls bypass the course server, and this needs it. "
            "Set COURSE_MODE=auto and restart the kernel."
        )
    if _server is None:
        raise CourseError('Run the set-up cell first: lesson.start("…") opens the lesson.')
    return _server


def _last() -> Exchange:
    server = _running()
    if not server.exchanges:
        raise CourseError("Nothing was sent yet. Run the cell with the call first.")
    return server.exchanges[-1]

"""The settings of the course, from the environment and the file .env: mode, folder, cap, pace, and where calls go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from . import environment, keys
from .causes import say
from .endpoints import APIS
from .errors import CourseError
from .files import ROOT

OFFICIAL = "https://api.openai.com/v1"
_NAMES = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "COURSE_MODE", "COURSE_CAP", "COURSE_PACE", "COURSE_RECORDINGS")


class Mode(StrEnum):
    """How calls are answered."""

    AUTO = "auto"  # live with a key, else replay
    REPLAY = "replay"  # from recordings
    LIVE = "live"  # by the API, metered and capped
    RECORD = "record"  # live, and kept as recordings
    DIRECT = "direct"  # by the API, with no server in between

    @classmethod
    def read(cls) -> Mode:
        """The mode that COURSE_MODE names. Raises CourseError when it names none."""
        setting = environment.read("COURSE_MODE")
        try:
            return cls(setting.value.strip(" \t\r\n\"'").lower() or cls.AUTO)
        except ValueError:
            raise CourseError(
                say("COURSE_MODE is misspelt", value=setting.value, source=setting.origin, modes=", ".join(cls))
            ) from None


def recordings_folder(mode: Mode) -> Path:
    """Where recordings are; a relative COURSE_RECORDINGS counts from the course's folder.

    Raises CourseError in replay when there is no such folder.
    """
    named = environment.read("COURSE_RECORDINGS").value.strip()
    folder = ROOT / Path(named or "data/recordings").expanduser()
    if mode == Mode.REPLAY and not folder.is_dir():
        raise CourseError(say("The recordings are missing", where=folder))
    return folder


def upstream(check: bool = True) -> str:
    """Where live calls go. `start` keeps what OPENAI_BASE_URL was in COURSE_UPSTREAM before it points it elsewhere.

    Args:
        check: False takes any text, for replay, which calls nobody.

    Raises:
        CourseError: it is not an address; the message shows it without its user and password.
    """
    for name in ("COURSE_UPSTREAM", "OPENAI_BASE_URL"):
        setting = environment.read(name)
        if setting.value:
            value = setting.value.strip()
            if check and (reason := _not_an_address(value)):
                raise CourseError(
                    say(
                        "OPENAI_BASE_URL is not an address",
                        name="OPENAI_BASE_URL",
                        value=_shown(value),
                        source=setting.origin,
                        reason=reason,
                    )
                )
            return value
    return OFFICIAL


def target(mode: Mode) -> str:
    """Where a server of this mode sends calls on to, without a slash at the end; in replay it calls nobody.

    Raises CourseError as `upstream` does.
    """
    return upstream(check=mode != Mode.REPLAY).rstrip("/")


def elsewhere() -> bool:
    """Whether live calls go to another service than OpenAI's, whose keys have shapes of their own."""
    return upstream(check=False).rstrip("/") != OFFICIAL


def _shown(address: str) -> str:
    """An address without its user, password and query."""
    return re.sub(r"//[^/]*@|\?.*", lambda match: match[0][:2] if match[0][0] == "/" else "", address)


def _not_an_address(text: str) -> str | None:
    """What keeps a text from being the address of an API; None when nothing does."""
    if text[0] in keys.QUOTES or text[-1] in keys.QUOTES:
        return "it has quotation marks around it"
    if not (text.isascii() and text.isprintable()) or " " in text:
        return "it has a space or another character that no address has"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 (it raises where the port is not a number)
    except ValueError:
        return "its host or port cannot be read"
    if parts.scheme not in ("http", "https"):
        return "it does not begin with https:// or http://"
    if not parts.hostname:
        return "it names no host"
    if parts.path.rstrip("/").endswith((*(path.removeprefix("/v1") for path in APIS), "/completions")):
        return "it ends in the path of one kind of call, which the SDK adds itself"
    return None


@dataclass(frozen=True)
class StandInSettings:
    """Which model server answers what is not recorded.

    Attributes:
        url: base URL that the learner named, with its /v1; None to look for one on this machine.
        model: the model that the learner named, or None.
        key: its key, or None. Never the key of OpenAI.
        off: no model server is ever asked.
    """

    url: str | None = None
    model: str | None = None
    key: str | None = None
    off: bool = False


def stand_in(url: str | None = None) -> StandInSettings:
    """The settings of the stand-in.

    Args:
        url: an address in place of the one that is set. The key goes there only if that is the one that is set, or if
            none is.

    Raises:
        CourseError: the address is none.
    """
    names = ("COURSE_STANDIN_URL", "COURSE_STANDIN_MODEL", "COURSE_STANDIN_KEY")
    named, model, key = (environment.read(name).value.strip(" \t\r\n\"'") or None for name in names)
    if url and named and urlsplit(url).netloc != urlsplit(named).netloc:
        key = None
    url = url or named
    if url is None or url.lower() == "off":
        return StandInSettings(None, model, key, off=url is not None)
    if reason := _not_an_address(url):
        raise CourseError(
            f"COURSE_STANDIN_URL is {_shown(url)!r}, which is not an address: {reason}. "
            "Write it like http://127.0.0.1:11434/v1, leave it empty to look on this machine, or write off."
        )
    return StandInSettings(url.rstrip("/") + ("/v1" if urlsplit(url).path in ("", "/") else ""), model, key)


def choose_mode() -> tuple[Mode, str]:
    """The mode, and remarks for the banner ("" in most cases). Raises CourseError."""
    try:
        faults = environment.load(ROOT / ".env")
    except OSError as error:
        raise CourseError(say("The file .env cannot be read", reason=error.strerror)) from None
    mode = Mode.read()
    if differ := environment.differing(*_NAMES):
        verb = " is" if len(differ) == 1 else " are"
        faults.append(say("A setting is set twice", names=", ".join(differ) + verb))
    if mode == Mode.REPLAY:
        return mode, _notes(faults)
    key = keys.find()
    trouble = keys.problem(key, elsewhere())
    advice = trouble if key else "" if any("OPENAI_API_KEY" in fault for fault in faults) else keys.misplaced(ROOT)
    notes = _notes([*faults, *filter(None, [advice])])
    if mode == Mode.AUTO:
        mode = Mode.REPLAY if trouble else Mode.LIVE
        if mode == Mode.LIVE:
            upstream()
        return mode, notes
    upstream()
    if mode == Mode.DIRECT:
        return mode, notes
    if trouble and not elsewhere():
        raise CourseError(f"COURSE_MODE={mode} needs a key. {advice or ' '.join(faults) or trouble}")
    if mode == Mode.RECORD and not environment.read("COURSE_RECORDINGS").value:
        raise CourseError(
            "COURSE_MODE=record writes into the folder that COURSE_RECORDINGS names. Set COURSE_RECORDINGS."
        )
    return mode, _notes(faults)


def number(name: str, default: float) -> float:
    """A setting that is a number from 0 upwards. Raises CourseError when it holds something else."""
    setting = environment.read(name)
    try:
        value = float(setting.value or default)
        if not value >= 0:  # true of "nan", too, with which no cap would hold
            raise ValueError
    except ValueError:
        raise CourseError(
            say("A setting is not a number", name=name, value=setting.value, source=setting.origin, default=default)
        ) from None
    return value


def cap() -> float:
    """USD that a kernel may spend live; COURSE_CAP=inf is no cap. Raises CourseError.

    The default is enough for one flagship call without a token limit, whose longest answer costs $1.79.
    """
    return number("COURSE_CAP", 3.0)


def pace() -> float:
    """How long streams take in replay, and answers within `lesson.recorded_time`: 1 as recorded, 0 at once.

    Raises:
        CourseError: it is no number.
    """
    return number("COURSE_PACE", 1.0)


def _notes(sentences: list[str]) -> str:
    return "".join(f"\nNote: {sentence}" for sentence in sentences)

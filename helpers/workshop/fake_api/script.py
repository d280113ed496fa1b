"""The answers file: which request gets which answer. The format is described in data/answers/README.md."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ... import models
from .request import Request, data_url_content, text_of

ANSWER = {
    "say", "call", "refuse", "json", "logprobs", "reasoning_tokens", "cached_tokens", "pace", "basis", "scores",
    "media", "seconds", "language", "segments",
}  # fmt: skip
TOP = {"basis", "date", "answers"}
TELLING = {"user", "image", "file"}  # an entry that meets one of these is near
TEXTS = ("say", "call", "refuse", "json", "scores", "media")


class ScriptError(ValueError):
    """An answers file is not as the format wants it; the message names file and entry."""


class AuthoringError(ValueError):
    """No answer can be made for this request; the message tells the author why."""


class _Loader(yaml.SafeLoader):
    """Refuses a key that is there twice: usually a forgotten dash, which would silently merge two entries."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := next((key for number, key in enumerate(keys) if key in keys[:number]), None):
            raise ScriptError(f"{twice!r} is there twice in one mapping{node.start_mark}; is a dash missing?")
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {  # dates stay text, as in JSON
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def one_of(wanted: Any) -> list[Any]:
    """What is given alone or in a list, as a list."""
    return wanted if isinstance(wanted, list) else [wanted]


def _text(wanted: Any, text: str) -> bool:
    """Exact up to outer white space, or a /regular expression/ that is found somewhere; a list is any of them."""
    patterns = list(map(str, one_of(wanted)))
    found = {p for p in patterns if len(p) > 2 and p[0] == p[-1] == "/" and re.search(p[1:-1], text, re.DOTALL)}
    return bool(found) or text.strip() in {pattern.strip() for pattern in patterns}


def _within(wanted: Any, body: Any) -> bool:
    """Whether `body` has at least what `wanted` has; null means absent."""
    if isinstance(wanted, dict):
        return isinstance(body, dict) and all(_within(value, body.get(key)) for key, value in wanted.items())
    return wanted == body and isinstance(wanted, bool) == isinstance(body, bool)


def _shows(wanted: Any, request: Request) -> bool:
    """Whether the last pictures of the conversation are these files of the images folder, in this order."""
    names = one_of(wanted)

    def same(url: str, name: str) -> bool:
        content = data_url_content(url)
        return url.endswith("/" + name) if content is None else content == (request.images / name).read_bytes()

    shown = [picture["url"] for picture in request.pictures[-len(names) :]]
    return len(shown) == len(names) and all(map(same, shown, names))


# Key of a pattern → whether a request meets what is wanted there.
TESTS: dict[str, Callable[[Any, Request], bool]] = {
    "path": lambda wanted, request: request.path in one_of(wanted),
    "api": lambda wanted, request: request.api in one_of(wanted),
    "user": lambda wanted, request: _text(wanted, request.user),
    "system": lambda wanted, request: _text(wanted, request.system),
    "said": lambda wanted, request: _text(wanted, "\n".join(map(text_of, request.messages))),
    "model": lambda wanted, request: any(request.model in (n, models.ROLES.get(n)) for n in one_of(wanted)),
    "turn": lambda wanted, request: request.turn in one_of(wanted),
    "last_role": lambda wanted, request: request.last_role in one_of(wanted),
    "has_tool_result": lambda wanted, request: bool(request.tool_results) is wanted,
    "tool_result": lambda wanted, request: bool(request.tool_results) and _text(wanted, request.tool_results[-1]),
    "tools": lambda wanted, request: sorted(one_of(wanted)) == sorted(tool["name"] for tool in request.tools),
    "image": lambda wanted, request: _shows(wanted, request),
    "file": lambda wanted, request: any(_text(wanted, name) for name in request.files),
    "body": lambda wanted, request: _within(wanted, request.body),
}


@dataclass(frozen=True)
class Entry:
    """One request pattern and its answer.

    Attributes:
        when: the pattern; empty matches every request.
        answer: what is answered.
        basis: how the answer was made.
        source: file name and number of the entry, for messages.
        folder: folder of the file, which `media` is relative to.
    """

    when: dict[str, Any]
    answer: dict[str, Any]
    basis: str
    source: str
    folder: Path

    def misses(self, request: Request) -> list[str]:
        """The parts of the pattern that a request does not meet."""
        return [key for key, wanted in self.when.items() if not TESTS[key](wanted, request)]

    def media(self, number: int = 0) -> bytes:
        """The file that is answered; of several the one with this number, the last one repeats."""
        names = one_of(self.answer.get("media") or [])
        if not names:
            raise AuthoringError(f"{self.source} has no `media`, which speech and pictures need")
        return (self.folder / names[min(number, len(names) - 1)]).read_bytes()


class Script:
    """The entries of one or more answers files, in order; the first that matches a request answers it.

    Args:
        paths: YAML files, or a folder of them.

    Attributes:
        date: YYYY-MM-DD, the latest that a file states; None when none does.

    Raises:
        ScriptError: a file has an unknown key, an entry without an answer, or no basis.
    """

    def __init__(self, paths: Path | str | Iterable[Path | str]) -> None:
        if isinstance(paths, (str, Path)):
            paths = sorted(Path(paths).glob("*.yaml")) if Path(paths).is_dir() else [paths]
        self.entries: list[Entry] = []
        self.date: str | None = None
        for path in map(Path, paths):
            if path.exists():
                self._load(path)
        self._used: set[str] = set()

    def _load(self, path: Path) -> None:
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 (a SafeLoader)
        except (ScriptError, yaml.YAMLError) as error:
            raise ScriptError(f"{path.name}: {error}") from None
        if not isinstance(content, dict) or set(content) - TOP or not isinstance(content.get("answers"), list):
            raise ScriptError(f"{path.name}: expected `basis`, `date` and a list `answers` at the top")
        if "date" in content:
            self.date = max(self.date or "", content["date"])
        for number, raw in enumerate(content["answers"], 1):
            source = f"{path.name} entry {number}"
            self.entries.append(_entry(raw, content.get("basis"), source, path.parent))

    def find(self, request: Request) -> Entry | None:
        entry = next((entry for entry in self.entries if not entry.misses(request)), None)
        if entry:
            self._used.add(entry.source)
        return entry

    def nearest(self, request: Request) -> str:
        """In words, which entry would match but for what; "" when none is near."""
        missed = [(entry, entry.misses(request)) for entry in self.entries]
        near = [(len(keys), entry, keys) for entry, keys in missed if set(entry.when) & TELLING - set(keys)]
        if not near:
            return ""
        _, entry, keys = min(near, key=lambda each: each[0])
        return f"Nearest is {entry.source}, which differs in {', '.join(keys)}. "

    def unused(self) -> list[str]:
        """Entries that no request has matched so far, by file and number."""
        return [entry.source for entry in self.entries if entry.source not in self._used]


def _entry(raw: dict[str, Any], basis: str | None, source: str, folder: Path) -> Entry:
    when, answer = raw.get("when") or {}, {key: value for key, value in raw.items() if key != "when"}
    if unknown := sorted(set(when) - set(TESTS)) + sorted(set(answer) - ANSWER):
        raise ScriptError(f"{source}: unknown key {unknown[0]!r}")
    if not any(key in answer for key in TEXTS):
        raise ScriptError(f"{source}: nothing is answered; give one of {', '.join(TEXTS)}")
    if not (basis := answer.pop("basis", basis)):
        raise ScriptError(f"{source}: no basis, neither here nor at the top of the file")
    for name in one_of(when.get("model") or []):
        if name not in models.ROLES and models.canonical(name) is None:
            raise ScriptError(f"{source}: {name!r} is neither a role nor a model of data/course/models.json")
    for key in ("say", "refuse"):
        said = answer.get(key, "")
        if not all(isinstance(text, str) for text in (said if isinstance(said, list) else [said])):
            raise ScriptError(f"{source}: `{key}` must be text; put numbers and words like yes and no into quotes")
    return Entry(when, answer, " ".join(basis.split()), source, folder)


def stub(request: Request) -> str:
    """An entry for this request, ready to paste into the answers file and to fill in."""
    role = next((name for name, model in models.ROLES.items() if model == request.model), request.model)
    when: dict[str, Any] = {"api": request.api, "user": request.user, "model": role}
    when = {key: value for key, value in when.items() if value}
    when |= {"file": request.files[0]} if request.files else {}
    when |= {"turn": request.turn} if request.turn > 1 else {}
    when |= {"has_tool_result": bool(request.tool_results)} if request.tools else {}
    entry = yaml.safe_dump([{"when": when, "say": "…"}], allow_unicode=True, sort_keys=False, width=100)
    return textwrap.indent(entry, "  ")

"""The answers file: which request gets which answer. The format is described in data/answers/README.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ... import models
from .patterns import TESTS, one_of
from .request import Asked

ANSWER = {
    "say", "call", "refuse", "json", "logprobs", "reasoning_tokens", "cached_tokens", "error", "pace", "basis",
    "scores", "media", "seconds", "language", "words", "segments",
}  # fmt: skip
TOP = {"basis", "date", "answers"}
TELLING = {"user", "image", "file"}  # an entry that meets one of these is near
TEXTS = ("say", "call", "refuse", "json", "error", "scores", "media")


class AnswersError(ValueError):
    """An answers file is not as the format wants it; the message names file and entry."""


class AuthoringError(ValueError):
    """No answer can be made for this request; the message says why, to whoever writes the answers."""


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice: usually a forgotten dash, which would silently merge two entries."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := next((key for number, key in enumerate(keys) if key in keys[:number]), None):
            raise AnswersError(f"{twice!r} stands twice in one mapping{node.start_mark}; is a dash missing?")
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {  # dates stay text, as in JSON
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
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

    def misses(self, asked: Asked) -> list[str]:
        """The parts of the pattern that a request does not meet."""
        return [key for key, wanted in self.when.items() if not TESTS[key](wanted, asked)]


class Answers:
    """The entries of one or more answers files, in order; the first that matches a request answers it.

    Args:
        paths: YAML files, or a folder of them.

    Attributes:
        date: YYYY-MM-DD, the latest that a file states; None when none does.

    Raises:
        AnswersError: a file has an unknown key, an entry without an answer, or no basis.
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
        except (AnswersError, yaml.YAMLError) as error:
            raise AnswersError(f"{path.name}: {error}") from None
        if not isinstance(content, dict) or set(content) - TOP or not isinstance(content.get("answers"), list):
            raise AnswersError(f"{path.name}: expected `basis`, `date` and a list `answers` at the top")
        if "date" in content:
            self.date = max(self.date or "", content["date"])
        for number, raw in enumerate(content["answers"], 1):
            source = f"{path.name} entry {number}"
            self.entries.append(_entry(raw, content.get("basis"), source, path.parent))

    def find(self, asked: Asked) -> Entry | None:
        entry = next((entry for entry in self.entries if not entry.misses(asked)), None)
        if entry:
            self._used.add(entry.source)
        return entry

    def nearest(self, asked: Asked) -> str:
        """In words, which entry would match but for what; "" when none is near."""
        missed = [(entry, entry.misses(asked)) for entry in self.entries]
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
        raise AnswersError(f"{source}: unknown key {unknown[0]!r}")
    if not any(key in answer for key in TEXTS):
        raise AnswersError(f"{source}: nothing is answered; give one of {', '.join(TEXTS)}")
    if not (basis := answer.pop("basis", basis)):
        raise AnswersError(f"{source}: no basis, neither here nor at the top of the file")
    for name in one_of(when.get("model") or []):
        if name not in models.ROLES and models.canonical(name) is None:
            raise AnswersError(f"{source}: {name!r} is neither a role nor a model of data/course/models.json")
    for key in ("say", "refuse"):
        said = answer.get(key, "")
        if not all(isinstance(text, str) for text in (said if isinstance(said, list) else [said])):
            raise AnswersError(f"{source}: `{key}` must be text; put numbers and words like yes and no into quotes")
    return Entry(when, answer, " ".join(basis.split()), source, folder)


def stub(asked: Asked) -> str:
    """An entry for this request, ready to paste into the answers file and to fill in."""
    role = next((name for name, model in models.ROLES.items() if model == asked.model), asked.model)
    when = {
        "api": asked.api,
        "user": asked.user,
        "model": role,
        "file": asked.files[0] if asked.files else None,
    }
    if asked.turn > 1:
        when["turn"] = asked.turn
    if asked.tools:
        when["has_tool_result"] = bool(asked.tool_results)
    kept = {key: value for key, value in when.items() if value not in ("", None)}
    entry = yaml.safe_dump([{"when": kept, "say": "…"}], allow_unicode=True, sort_keys=False, width=100)
    return textwrap.indent(entry, "  ")

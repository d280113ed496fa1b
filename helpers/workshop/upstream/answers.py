"""The answers file: which request gets which answer. The format is described in data/answers/README.md."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from helpers import models

from .asked import Asked, data_url_content

WHEN = {
    "path", "api", "user", "system", "model", "turn", "last_role", "has_tool_result", "tool_result",
    "image", "file", "body",
}  # fmt: skip
ANSWER = {
    "say", "call", "refuse", "json", "logprobs", "reasoning_tokens", "cached_tokens", "error", "pace", "basis",
    "scores", "media", "seconds", "language", "words", "segments",
}  # fmt: skip
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

    def matches(self, asked: Asked) -> bool:
        return all(_TESTS[key](wanted, asked) for key, wanted in self.when.items())


class Answers:
    """The entries of one or more answers files, in order; the first that matches a request answers it.

    Args:
        paths: YAML files, or a folder of them.

    Raises:
        AnswersError: a file has an unknown key, an entry without an answer, or no basis.
    """

    def __init__(self, paths: Path | str | Iterable[Path | str]) -> None:
        if isinstance(paths, (str, Path)):
            paths = sorted(Path(paths).glob("*.yaml")) if Path(paths).is_dir() else [paths]
        self.entries = [entry for path in paths for entry in _load(Path(path))]
        self._used: set[str] = set()

    def find(self, asked: Asked) -> Entry | None:
        entry = next((entry for entry in self.entries if entry.matches(asked)), None)
        if entry:
            self._used.add(entry.source)
        return entry

    def unused(self) -> list[str]:
        """Entries that no request has matched so far, by file and number."""
        return [entry.source for entry in self.entries if entry.source not in self._used]


def _load(path: Path) -> list[Entry]:
    if not path.exists():
        return []
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 (a SafeLoader)
    except (AnswersError, yaml.YAMLError) as error:
        raise AnswersError(f"{path.name}: {error}") from None
    if (
        not isinstance(content, dict)
        or set(content) - {"basis", "answers"}
        or not isinstance(content.get("answers"), list)
    ):
        raise AnswersError(f"{path.name}: expected `basis` and a list `answers` at the top")
    return [
        _entry(raw, content.get("basis"), f"{path.name} entry {n}", path.parent)
        for n, raw in enumerate(content["answers"], 1)
    ]


def _entry(raw: dict[str, Any], basis: str | None, source: str, folder: Path) -> Entry:
    when, answer = raw.get("when") or {}, {key: value for key, value in raw.items() if key != "when"}
    if unknown := sorted(set(when) - WHEN) + sorted(set(answer) - ANSWER):
        raise AnswersError(f"{source}: unknown key {unknown[0]!r}")
    if not any(key in answer for key in TEXTS):
        raise AnswersError(f"{source}: nothing is answered; give one of {', '.join(TEXTS)}")
    if not (basis := answer.pop("basis", basis)):
        raise AnswersError(f"{source}: no basis, neither here nor at the top of the file")
    for key in ("say", "refuse"):
        said = answer.get(key, "")
        if not all(isinstance(text, str) for text in (said if isinstance(said, list) else [said])):
            raise AnswersError(
                f"{source}: `{key}` must be text; put numbers and words like yes and no into quotes"
            )
    return Entry(when, answer, " ".join(basis.split()), source, folder)


def _one_of(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


@functools.cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern[1:-1], re.DOTALL)


def _text(wanted: Any, text: str) -> bool:
    """Exact up to outer white space, or a /regular expression/ that is found somewhere; a list is any of them."""
    for pattern in map(str, _one_of(wanted)):
        if len(pattern) > 2 and pattern[0] == pattern[-1] == "/":
            if _regex(pattern).search(text):
                return True
        elif pattern.strip() == text.strip():
            return True
    return False


def _model(wanted: Any, model: str) -> bool:
    return any(model in (name, models.ROLES.get(name)) for name in _one_of(wanted))


def _within(wanted: Any, body: Any) -> bool:
    """Whether `body` has at least what `wanted` has; null stands for absent."""
    if isinstance(wanted, dict):
        return isinstance(body, dict) and all(_within(value, body.get(key)) for key, value in wanted.items())
    return wanted == body and isinstance(wanted, bool) == isinstance(body, bool)


def _shows(wanted: Any, asked: Asked) -> bool:
    """Whether the last pictures of the conversation are these files of the images folder, in this order."""
    names = _one_of(wanted)
    shown = asked.pictures[-len(names) :]
    return len(shown) == len(names) and all(
        _is_picture(asked, picture["url"], name) for picture, name in zip(shown, names, strict=True)
    )


def _is_picture(asked: Asked, url: str, name: str) -> bool:
    content = data_url_content(url)
    return url.endswith("/" + name) if content is None else content == (asked.images / name).read_bytes()


_TESTS = {
    "path": lambda wanted, asked: asked.path in _one_of(wanted),
    "api": lambda wanted, asked: asked.api in _one_of(wanted),
    "user": lambda wanted, asked: _text(wanted, asked.user),
    "system": lambda wanted, asked: _text(wanted, asked.system),
    "model": lambda wanted, asked: _model(wanted, asked.model),
    "turn": lambda wanted, asked: asked.turn in _one_of(wanted),
    "last_role": lambda wanted, asked: asked.last_role in _one_of(wanted),
    "has_tool_result": lambda wanted, asked: bool(asked.tool_results) is wanted,
    "tool_result": lambda wanted, asked: bool(asked.tool_results) and _text(wanted, asked.tool_results[-1]),
    "image": lambda wanted, asked: _shows(wanted, asked),
    "file": lambda wanted, asked: any(_text(wanted, name) for name in asked.files),
    "body": lambda wanted, asked: _within(wanted, asked.body),
}


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

"""The request patterns of the answers files: what each key of `when` asks for."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from ... import models
from .request import Asked, data_url_content, text_of


def one_of(wanted: Any) -> list[Any]:
    """A list of what may stand alone or in a list."""
    return wanted if isinstance(wanted, list) else [wanted]


@functools.cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern[1:-1], re.DOTALL)


def _text(wanted: Any, text: str) -> bool:
    """Exact up to outer white space, or a /regular expression/ that is found somewhere; a list is any of them."""
    for pattern in map(str, one_of(wanted)):
        if len(pattern) > 2 and pattern[0] == pattern[-1] == "/":
            if _regex(pattern).search(text):
                return True
        elif pattern.strip() == text.strip():
            return True
    return False


def _model(wanted: Any, model: str) -> bool:
    return any(model in (name, models.ROLES.get(name)) for name in one_of(wanted))


def _within(wanted: Any, body: Any) -> bool:
    """Whether `body` has at least what `wanted` has; null stands for absent."""
    if isinstance(wanted, dict):
        return isinstance(body, dict) and all(_within(value, body.get(key)) for key, value in wanted.items())
    return wanted == body and isinstance(wanted, bool) == isinstance(body, bool)


def _shows(wanted: Any, asked: Asked) -> bool:
    """Whether the last pictures of the conversation are these files of the images folder, in this order."""
    names = one_of(wanted)
    shown = asked.pictures[-len(names) :]
    return len(shown) == len(names) and all(
        _is_picture(asked, picture["url"], name) for picture, name in zip(shown, names, strict=True)
    )


def _is_picture(asked: Asked, url: str, name: str) -> bool:
    content = data_url_content(url)
    return url.endswith("/" + name) if content is None else content == (asked.images / name).read_bytes()


# Key of a pattern → whether a request meets what is wanted there.
TESTS: dict[str, Callable[[Any, Asked], bool]] = {
    "path": lambda wanted, asked: asked.path in one_of(wanted),
    "api": lambda wanted, asked: asked.api in one_of(wanted),
    "user": lambda wanted, asked: _text(wanted, asked.user),
    "system": lambda wanted, asked: _text(wanted, asked.system),
    "said": lambda wanted, asked: _text(wanted, "\n".join(map(text_of, asked.messages))),
    "model": lambda wanted, asked: _model(wanted, asked.model),
    "turn": lambda wanted, asked: asked.turn in one_of(wanted),
    "last_role": lambda wanted, asked: asked.last_role in one_of(wanted),
    "has_tool_result": lambda wanted, asked: bool(asked.tool_results) is wanted,
    "tool_result": lambda wanted, asked: bool(asked.tool_results) and _text(wanted, asked.tool_results[-1]),
    "tools": lambda wanted, asked: sorted(one_of(wanted)) == sorted(tool["name"] for tool in asked.tools),
    "image": lambda wanted, asked: _shows(wanted, asked),
    "file": lambda wanted, asked: any(_text(wanted, name) for name in asked.files),
    "body": lambda wanted, asked: _within(wanted, asked.body),
}

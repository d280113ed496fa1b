"""Looking into an answer: every field of a response as a tree that opens and closes, without a running kernel."""

from __future__ import annotations

import html
import json
from typing import Any


class Tree:
    """A nested value as a tree: HTML where it can be shown, indented text elsewhere.

    Args:
        value: an SDK object, or dicts and lists.
        name: what is at the root.
        open_depth: how many levels are open at first.
    """

    def __init__(self, value: Any, name: str = "response", open_depth: int = 2) -> None:
        self.value = value.model_dump() if hasattr(value, "model_dump") else value
        self.name, self.open_depth = name, open_depth

    def _repr_html_(self) -> str:
        inside = _html(self.name, self.value, self.open_depth)
        return f'<div style="font-family: monospace; line-height: 1.6">{inside}</div>'

    def __repr__(self) -> str:
        return "\n".join(_text(self.name, self.value, 0))


def tree(value: Any, name: str = "response", open_depth: int = 2) -> Tree:
    """The fields of an answer as a tree; see Tree for the arguments."""
    return Tree(value, name, open_depth)


def _items(value: Any) -> list[tuple[str, Any]] | None:
    if isinstance(value, dict) and value:
        return list(value.items())
    if isinstance(value, list) and value:
        return [(f"[{index}]", item) for index, item in enumerate(value)]
    return None


def _leaf(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 200 else f"{text[:197]}…"


def _html(name: str, value: Any, depth: int) -> str:
    items = _items(value)
    if items is None:
        return f"<div style='margin-left: 1.2em'>{html.escape(name)}: <b>{html.escape(_leaf(value))}</b></div>"
    inside = "".join(_html(key, item, depth - 1) for key, item in items)
    count = f"{len(items)} {'field' if isinstance(value, dict) else 'item'}{'' if len(items) == 1 else 's'}"
    is_open = " open" if depth > 0 else ""
    summary = f"<summary>{html.escape(name)} ({count})</summary>"
    return f"<details{is_open} style='margin-left: 1.2em'>{summary}{inside}</details>"


def _text(name: str, value: Any, depth: int) -> list[str]:
    items = _items(value)
    if items is None:
        return [f"{'  ' * depth}{name}: {_leaf(value)}"]
    return [f"{'  ' * depth}{name}", *(line for key, item in items for line in _text(key, item, depth + 1))]

"""A table that reads well in a notebook, in plain text and on GitHub."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

_NUMBER = re.compile(r"[-−+~≈]?[$€]?\d[\d,.]*( ?[%×KM])?|–|unknown|free")


class Link(str):
    """A cell that leads somewhere: its text, and where to. In plain text only the text is left."""

    target: str

    def __new__(cls, text: str, target: str) -> Link:
        link = super().__new__(cls, text)
        link.target = target
        return link


class Table:
    """Rows under headings, shown as HTML by a notebook and as aligned text everywhere else.

    A column is set to the right when all its cells are numbers or amounts. The first cell names its row.

    Args:
        columns: one heading for each column.
        rows: one sequence of cells for each row. Whole numbers get thousands separators, None becomes "–";
            give other numbers as text, formatted as they are to be read. A Link becomes a link.
        caption: what the table shows, in a sentence.
        note: a line below it, such as source and date.

    Raises:
        ValueError: a row has not as many cells as there are columns.
    """

    def __init__(
        self, columns: Sequence[object], rows: Iterable[Sequence[Any]], caption: str = "", note: str = ""
    ) -> None:
        self.columns = [str(name) for name in columns]
        self.rows = [[_cell(value) for value in row] for row in rows]
        self.caption, self.note = caption, note
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"A row has {len(row)} cells under {len(self.columns)} columns: {row}")
        self._right = [
            number > 0 and bool(self.rows) and all(_NUMBER.fullmatch(row[number]) for row in self.rows)
            for number in range(len(self.columns))
        ]

    def __repr__(self) -> str:
        grid = [self.columns, *self.rows]
        widths = [max(_width(row[number]) for row in grid) for number in range(len(self.columns))]
        lines = [self._line(row, widths) for row in grid]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([*filter(None, [self.caption]), *lines, *filter(None, [self.note])])

    def _line(self, row: list[str], widths: list[int]) -> str:
        padded = []
        for text, width, right in zip(row, widths, self._right, strict=True):
            space = " " * (width - _width(text))
            padded.append(space + text if right else text + space)
        return "  ".join(padded).rstrip()

    def _repr_html_(self) -> str:
        sides = ["right" if right else "left" for right in self._right]
        parts = ["<table>"]
        if self.caption:
            wrap = "" if len(self.caption) > 90 else "; white-space: nowrap"  # wider than a narrow table, on one line
            parts.append(f'<caption style="text-align: left{wrap}">{html.escape(self.caption)}</caption>')
        named = zip(self.columns, sides, strict=True)
        heads = [_tag("th", name, side, 'scope="col"') for name, side in named]
        parts.append(f"<thead><tr>{''.join(heads)}</tr></thead>")
        if self.note:
            note = _tag("td", self.note, "left", f'colspan="{len(self.columns)}"')
            parts.append(f"<tfoot><tr>{note}</tr></tfoot>")
        parts.append("<tbody>")
        for row in self.rows:
            first = _tag("th", row[0], "left", 'scope="row"')
            rest = [_tag("td", text, side) for text, side in zip(row[1:], sides[1:], strict=True)]
            parts.append(f"<tr>{first}{''.join(rest)}</tr>")
        return "\n".join([*parts, "</tbody>", "</table>"])


def _tag(name: str, text: str, side: str, attribute: str = "") -> str:
    """A cell, aligned in two ways: GitHub drops the style, JupyterLab's own style overrules the attribute."""
    attributes = " ".join(filter(None, [attribute, f'align="{side}" style="text-align: {side}"']))
    inside = html.escape(text)
    if isinstance(text, Link):
        look = 'target="_blank" style="text-decoration: underline"'  # inside widgets, themes leave links bare
        inside = f'<a href="{html.escape(text.target)}" {look}>{inside}</a>'
    return f"<{name} {attributes}>{inside}</{name}>"


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return value if isinstance(value, Link) else str(value)


def _width(text: str) -> int:
    """Columns of a monospaced font: two for wide East Asian signs and emoji, none for combining ones."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) > 0 for sign in text)

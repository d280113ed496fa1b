"""Tools for a model to call, which run on this machine: exact arithmetic, units, and a database that is only read.

Numbers and units come from `helpers.recipes.arithmetic`. A model chooses the arguments, so each tool has limits of
its own, and says in a `ToolError` what it cannot or will not do. Results are plain dicts, ready for `json.dumps`.
"""

from __future__ import annotations

import contextlib
import math
import sqlite3
import time
from pathlib import Path
from typing import Any

from ..setup.files import LESSONS
from .arithmetic import UNITS, ToolError, calculate, convert

__all__ = ["HARBOUR", "UNITS", "ToolError", "calculate", "convert", "query", "schema"]

HARBOUR = LESSONS / "08" / "harbour.sqlite"
MAX_ROWS = 50
MAX_CHARACTERS = 10_000  # of all cells of a result together
MAX_SECONDS = 0.5  # that a query may take

_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


def query(sql: str, database: Path = HARBOUR, seconds: float = MAX_SECONDS) -> dict[str, Any]:
    """The rows of one SELECT. SQLite itself refuses everything else, whatever the text looks like.

    Three locks keep the file as it is, and one would do: it is opened read-only, the connection is set to query only,
    and an authorizer denies every action but reading. The last also keeps other files from being attached.

    Args:
        sql: one statement.
        database: an SQLite file.
        seconds: how long it may take.

    Returns:
        {"columns": [...], "rows": [[...], ...]}, and "more": True where rows were left out.

    Raises:
        ToolError: the statement is refused, or it takes too long.
    """
    end = time.monotonic() + seconds
    with contextlib.closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CHARACTERS)
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
        connection.set_progress_handler(lambda: time.monotonic() > end, 1000)
        try:
            cursor = connection.execute(sql)
            columns = [column[0] for column in cursor.description or ()]
            return {"columns": columns, **_rows(cursor)}
        except (sqlite3.Error, UnicodeError) as error:
            if str(error) == "interrupted":
                raise ToolError(f"The query took longer than {seconds:g} seconds. Ask for less.") from None
            raise ToolError(f"The database refuses: {str(error).rstrip('.')}.") from None


def _rows(cursor: sqlite3.Cursor) -> dict[str, Any]:
    rows: list[list[Any]] = []
    room = MAX_CHARACTERS
    for row in cursor:
        cells = [_cell(value) for value in row]
        room -= sum(len(str(cell)) for cell in cells)
        if len(rows) == MAX_ROWS or room < 0:
            return {"rows": rows, "more": True}
        rows.append(cells)
    return {"rows": rows}


def _cell(value: Any) -> Any:
    """A value that JSON can hold."""
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def schema(database: Path = HARBOUR) -> str:
    """The CREATE statements of a database, with their comments: what a model must know to write SQL for it."""
    statements = query("SELECT sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid", database)["rows"]
    return ";\n".join(statement for (statement,) in statements) + ";"

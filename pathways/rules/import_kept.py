"""A list as it is kept until somebody has looked at it: its table, never the file that was sent."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from pathways.rules.import_file import Cell, Row, Table

# No spreadsheet begins so: a table kept by this module, not a file.
MARK = b"copa-table-1\n"


def to_kept(table: Table) -> bytes:
    """The bytes to store."""
    rows = [[row.line, row.problem, [_told(cell) for cell in row.cells]] for row in table.rows]
    return MARK + json.dumps([table.headings, rows]).encode()


def is_kept(content: bytes) -> bool:
    """Whether `to_kept` wrote these bytes."""
    return content.startswith(MARK)


def from_kept(content: bytes) -> Table:
    """The table that `to_kept` was given."""
    headings, rows = json.loads(content.removeprefix(MARK))
    return Table(tuple(headings), tuple(Row(line, tuple(map(_cell, cells)), problem) for line, problem, cells in rows))


def _told(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    return {"seconds": cell.total_seconds()} if isinstance(cell, timedelta) else cell


def _cell(told: Any) -> Cell:
    if not isinstance(told, dict):
        return told  # type: ignore[no-any-return]
    [(kind, value)] = told.items()
    if kind == "seconds":
        return timedelta(seconds=value)
    reader: Any = {"at": datetime, "day": date, "time": time}[kind]
    return reader.fromisoformat(value)  # type: ignore[no-any-return]

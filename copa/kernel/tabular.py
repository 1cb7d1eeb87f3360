"""The column table of an export, and cells that are safe to open in a French spreadsheet."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Cell = str | int | Decimal | date | datetime | bool | None
Column = tuple[str, Callable[[Any], Cell]]
# A cell that starts so would be run as a formula by a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: Cell) -> str:
    """The text of a CSV cell: ISO dates, a comma before decimals, formulas defused, '' for None."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return str(cell).replace(".", ",")
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return str(cell)

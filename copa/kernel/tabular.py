"""CSV and XLSX files from a column table and rows, streamed; safe to open in a French spreadsheet."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from rustpy_xlsxwriter import FastExcel

Cell = str | int | Decimal | date | datetime | bool | None
Column = tuple[str, Callable[[Any], Cell]]
# A cell that starts so would be run as a formula by a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: Cell) -> str:
    """The text of a CSV cell: ISO dates, French-free decimals, formulas defused, '' for None."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return str(cell)


def write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Any]) -> int:
    """Write the rows (UTF-8 with BOM, `;`) and return how many there were."""
    count = 0
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(name for name, _ in columns)
        for row in rows:
            writer.writerow([safe(cell(row)) for _, cell in columns])
            count += 1
    return count


def write_xlsx(path: Path, sheet: str, columns: Sequence[Column], rows: Iterable[Any]) -> int:
    """Write the rows to one sheet in constant memory and return how many there were."""
    counter = [0]

    def records() -> Iterator[dict[str, Any]]:
        for row in rows:
            counter[0] += 1
            yield {name: _excel(cell(row)) for name, cell in columns}

    FastExcel(str(path)).sheet(sheet, records()).save()
    return counter[0]


def _excel(cell: Cell) -> Any:
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell

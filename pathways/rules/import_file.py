"""Bytes of a maternity's list, CSV or XLSX, to lines of cells; what cannot be read is told line by line."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from copa.kernel.errors import BusinessError
from copa.kernel.french import normalised

# The file is personal data: it is kept for the time of looking at it, a night included, and no longer.
IMPORT_KEPT = timedelta(hours=24)
# A worker that has been silent for this long is thought dead; the next one finds what it has written.
IMPORT_LEASE = timedelta(minutes=5)
# R115: a territory declares at most 10 000 births a year; no list is longer.
MAX_LINES = 10_000
MAX_BYTES = 5_000_000
# A spreadsheet is a compressed archive: a small one may hide a huge one.
MAX_UNPACKED_BYTES = 80_000_000
MAX_COLUMNS = 100
# A cell may hold line breaks; a forgotten quotation mark would swallow the rest of the file.
_LINES_OF_A_CELL = 8
_HEADING_ROWS = 10
# Letters of French in Windows-1252, and its typographic apostrophe.
_FRENCH = re.compile(
    rb"[\x8c\x92\x9c\xc0\xc2\xc7-\xcb\xce\xcf\xd4\xd9\xdb\xdc\xe0\xe2\xe4\xe7-\xeb\xee\xef\xf4\xf6\xf9\xfb\xfc]"
)
_BROKEN = re.compile("[\udc80-\udcff\ufffd\x00]")

Cell = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file as it is numbered there; `problem` "" unless it cannot be read."""

    line: int
    cells: tuple[Cell, ...]
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.problem and not any(str(cell).strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """The headings, the rows below them that are not empty, and the line of the file that holds the headings."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int = 1


def read_table(content: bytes, known: frozenset[str] = frozenset()) -> Table:
    """The table in the file, whatever it calls itself: XLSX by its first bytes, CSV otherwise.

    `known` are headings, as compared, by which the line of the headings is found below a title. Raises `empty_file`,
    `file_too_big`, `too_many_lines`, `too_many_columns`, `unreadable_file`.
    """
    if len(content) > MAX_BYTES:
        raise BusinessError("file_too_big", "Ce fichier dépasse 5 Mo. Envoyez la liste sans image ni autre feuille.")
    rows = list(_capped(_sheet(content) if content[:4] == b"PK\x03\x04" else _csv(content)))
    if not rows:
        raise BusinessError("empty_file", "Ce fichier est vide.")
    place = _place_of_headings(rows, known)
    headings = tuple(str(cell).strip() for cell in rows[place].cells)
    if len(headings) > MAX_COLUMNS:
        raise BusinessError("too_many_columns", f"Ce fichier a plus de {MAX_COLUMNS} colonnes.")
    if len(headings) < 2 or rows[place].problem:
        message = "Ce fichier n’est pas un tableau. Envoyez la liste au format CSV ou Excel (.xlsx)."
        raise BusinessError("unreadable_file", message)
    return Table(headings, tuple(rows[place + 1 :]), rows[place].line)


def _capped(rows: Iterator[Row]) -> Iterator[Row]:
    count = 0
    for row in rows:
        if row.is_empty:
            continue
        count += 1
        if count > MAX_LINES + _HEADING_ROWS:
            raise BusinessError("too_many_lines", "Ce fichier a plus de 10 000 lignes. Envoyez-le en plusieurs fois.")
        yield row


def _place_of_headings(rows: list[Row], known: frozenset[str]) -> int:
    """The first line that has most of the known headings; the first one when none has any."""
    found = [sum(normalised(str(cell)) in known for cell in row.cells) for row in rows[:_HEADING_ROWS]]
    return found.index(max(found))


# ---- XLSX ----------------------------------------------------------------------------------------------
def _sheet(content: bytes) -> Iterator[Row]:
    """The rows of the first sheet that has any."""
    _check_unpacked(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            values = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MAX_LINES + 2 * _HEADING_ROWS)
            if values:
                break
        else:
            return
    except (CalamineError, ValueError, OSError) as error:
        message = "Ce fichier Excel ne s’ouvre pas. Enregistrez-le de nouveau (.xlsx), sans mot de passe."
        raise BusinessError("unreadable_file", message) from error
    for line, cells in enumerate(values, start=1):
        yield Row(line, tuple(_trimmed(list(cells))))


def _check_unpacked(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        message = "Ce fichier Excel est abîmé. Enregistrez-le de nouveau, puis envoyez-le."
        raise BusinessError("unreadable_file", message) from error
    if size > MAX_UNPACKED_BYTES:
        raise BusinessError("file_too_big", "Ce fichier Excel est trop lourd. Gardez la seule feuille des naissances.")


def _trimmed(cells: list[Cell]) -> list[Cell]:
    while cells and cells[-1] == "":
        cells.pop()
    return cells


# ---- CSV -----------------------------------------------------------------------------------------------
def decoded(content: bytes) -> str:
    """The text, in the encoding that explains most of it; a byte that fits in none becomes a lone surrogate.

    UTF-8 with or without its mark, UTF-16 with its mark (Excel's « texte Unicode »), Windows-1252 otherwise.
    """
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace")
    content = content.removeprefix(b"\xef\xbb\xbf")
    good = bad = french = 0
    for line in content.splitlines():
        if line.isascii():
            continue
        if _is_utf8(line):
            good += 1
        else:
            bad += 1
            french += bool(_FRENCH.search(line))
    # A single stray byte in a list without accents is a broken byte, not the sign of another encoding.
    if good >= bad or not french:
        return content.decode("utf-8", errors="surrogateescape")
    return content.decode("cp1252", errors="surrogateescape")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _csv(content: bytes) -> Iterator[Row]:
    lines = re.split("\r\n|\r|\n", decoded(content))
    first = 0
    separator = ""
    if lines[0].lower().startswith("sep=") and len(lines[0]) >= 5:
        first, separator = 1, lines[0][4]
    separator = separator or _separator(lines[first : first + _HEADING_ROWS])
    place = first
    while place < len(lines):
        record, size = _record(lines, place)
        yield _row(record, place + 1, separator)
        place += size


def _separator(lines: list[str]) -> str:
    """The sign that cuts the first lines most; a semicolon when none does."""
    text = re.sub(r'"[^"]*"', "", "\n".join(lines))
    return max(";\t,|", key=text.count)


def _record(lines: list[str], place: int) -> tuple[str, int]:
    """The text of one row, which goes on while a quotation mark is open; and of how many lines it is made."""
    record = lines[place]
    for size in range(1, _LINES_OF_A_CELL + 1):
        if record.count('"') % 2 == 0:
            return record, size
        if place + size >= len(lines):
            break
        record += "\n" + lines[place + size]
    return lines[place], 1


def _row(record: str, line: int, separator: str) -> Row:
    if _BROKEN.search(record):
        return Row(line, (), "Un caractère est illisible (fichier abîmé à cet endroit).")
    try:
        cells = next(csv.reader([record], delimiter=separator, strict=False), [])
    except csv.Error:
        return Row(line, (), "Cette ligne ne se découpe pas en colonnes.")
    if record.count('"') % 2:
        return Row(line, (), "Un guillemet n’est pas refermé.")
    return Row(line, tuple(cells))

"""Cells of a maternity's list to values: dates, hours, numbers, and what a spreadsheet did to them."""

import re
from datetime import date, datetime, time, timedelta
from math import isfinite

from copa.kernel.french import normalised
from copa.kernel.phones import e164
from pathways.enums import DayPrecision
from pathways.rules.import_file import Cell
from pathways.rules.people import read_birth_date, visible

# Excel counts days from the last one of 1899 (its 29 February 1900 never was; no date here is that old).
_EXCEL_ORIGIN = date(1899, 12, 30)
# 1927 to 2091: a bare number outside is no date.
_EXCEL_DAYS = range(10_000, 70_000)
_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?=\D|$)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=\D|$)")
_HOUR = re.compile(r"(\d{1,2})\s*(?:[:hH]|\s)\s*(\d{2})?(?::\d{2}(?:\.\d+)?)?\s*(?:min)?$")
# A cell that a spreadsheet would run. A phone may begin with "+", a text with a dash.
_FORMULA = re.compile(r"^[=@+\-].*[(!|]")
_QUOTED = re.compile(r'^="(.*)"$')


class Unreadable(ValueError):
    """A cell that means nothing here; the sentence says what to do."""


def text(cell: Cell) -> str:
    """The cell as words: no invisible character, no decimals after a whole number, no defused formula."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    words = visible(str(cell))
    if kept := _QUOTED.match(words):
        # ="01190" is how people keep their zeros.
        words = kept[1]
    if _FORMULA.match(words):
        raise Unreadable("une cellule contient une formule")
    if words.startswith("'"):
        words = words[1:]
    return words


def label(cell: Cell) -> str:
    """Words of a name or an address: signs that a spreadsheet takes for a formula are taken off their front."""
    return text(cell).lstrip("=+-@\t ").strip()


def day(cell: Cell, *, born_before: date | None = None) -> date:
    """The date, day first as it is written in France; `born_before` chooses the century of a year of two figures."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and _EXCEL_DAYS[0] <= cell <= _EXCEL_DAYS[-1]:
        return _EXCEL_ORIGIN + timedelta(days=int(cell))
    words = text(cell)
    if re.fullmatch(r"\d{5}([.,]\d+)?", words) and int(words[:5]) in _EXCEL_DAYS:
        return _EXCEL_ORIGIN + timedelta(days=int(words[:5]))
    if found := _DAY.match(words):
        return _date(found[3], found[2], found[1], words, born_before)
    if found := _ISO.match(words):
        return _date(found[1], found[2], found[3], words, born_before)
    raise Unreadable(f"« {words[:20]} » n’est pas une date (jj/mm/aaaa)")


def birth_date(cell: Cell, *, born_before: date) -> tuple[date, str]:
    """A mother's birth date with its DayPrecision: registers abroad may hold a month or a year alone."""
    if not isinstance(cell, date | datetime):
        found = read_birth_date(text(cell))
        if found is not None and found[1] != DayPrecision.DAY:
            return found
    return day(cell, born_before=born_before), DayPrecision.DAY


def _date(year: str, month: str, day: str, words: str, born_before: date | None) -> date:
    number = int(year)
    if len(year) == 2:
        number += 2000
        if born_before is not None and number > born_before.year:
            number -= 100
    try:
        return date(number, int(month), int(day))
    except ValueError:
        raise Unreadable(f"« {words[:20]} » n’existe pas dans le calendrier") from None


def hour(cell: Cell) -> time | None:
    """The hour in the cell, alone or after a date; None when there is none."""
    if isinstance(cell, datetime):
        # A date of a spreadsheet is midnight: no hour was written.
        return cell.time().replace(second=0, microsecond=0) if cell.time() != time() else None
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, timedelta):
        return _clock(int(cell.total_seconds()) // 60)
    if isinstance(cell, date):
        return None
    if isinstance(cell, float) and isfinite(cell) and cell % 1:
        return _clock(round(cell % 1 * 1440))
    return _written_hour(text(cell))


def _written_hour(words: str) -> time | None:
    for pattern in (_DAY, _ISO):
        if found := pattern.match(words):
            words = words[found.end() :].lstrip(" T,à").strip()
    if not words or re.fullmatch(r"\d{5}", words):
        return None
    if re.fullmatch(r"[0-2]?\d[0-5]\d", words):
        return _time(int(words[:-2]), int(words[-2:]), words)
    if re.fullmatch(r"0[.,]\d+", words):
        return _clock(round(float(words.replace(",", ".")) * 1440))
    if found := _HOUR.match(words):
        return _time(int(found[1]), int(found[2] or 0), words)
    raise Unreadable(f"« {words[:12]} » n’est pas une heure")


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _time(hours: int, minutes: int, words: str) -> time:
    try:
        return time(hours, minutes)
    except ValueError:
        raise Unreadable(f"« {words[:12]} » n’est pas une heure") from None


def phone(cell: Cell, region: str) -> str | None:
    """The number as +E.164, "" for none, None when it is not one; a zero that Excel ate comes back."""
    words = text(cell) if not _is_international(cell) else visible(str(cell))
    if not words:
        return ""
    found = e164(words, region)
    digits = re.sub(r"\D", "", words)
    if found is None and len(digits) == 9 and digits[0] != "0":
        # Nine figures without their zero can be nothing else here.
        found = e164(f"0{digits}", region)
    if found is None and len(digits) in {11, 12} and digits[0] != "0":
        found = e164(f"+{digits}", region)
    return found


def _is_international(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(re.match(r"\s*\+\d", cell))


def padded(cell: Cell, length: int) -> str:
    """A code made of figures, with the zeros that Excel ate: one or two of them, more is something else."""
    words = text(cell).replace(" ", "")
    return words.zfill(length) if words.isdigit() and length - 2 <= len(words) < length else words


def weight(cell: Cell) -> int | None:
    """Grams; kilograms when it is written so or when no child weighs that few grams. None when empty."""
    words = text(cell).lower().replace(" ", "").replace(",", ".")
    if not words:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(g|gr|grammes|kg)?", words)
    if not found:
        raise Unreadable(f"« {words[:12]} » n’est pas un poids")
    number = float(found[1])
    grams = round(number * 1000 if found[2] == "kg" or number < 10 else number)
    if not 400 <= grams <= 6500:
        raise Unreadable(f"« {words[:12]} » n’est pas un poids de naissance (400 à 6 500 g)")
    return grams


def weeks(cell: Cell) -> int | None:
    """Whole weeks of amenorrhoea ("39", "39 SA + 2 j"); None when empty."""
    words = text(cell)
    if not words:
        return None
    found = re.match(r"(\d{2})(?!\d)", words)
    if not found or not 22 <= int(found[1]) <= 43:
        raise Unreadable(f"« {words[:12]} » n’est pas un terme (22 à 43 semaines)")
    return int(found[1])


def is_yes(cell: Cell) -> bool:
    """Whether a box is ticked: oui, x, 1, vrai."""
    return normalised(text(cell)) in {"oui", "o", "x", "1", "vrai", "true", "yes"}

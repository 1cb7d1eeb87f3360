"""From what a page or a tablet sends to a typed answer, or a French sentence that says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from visits.questionnaire.context import ReportContext
from visits.questionnaire.model import Item
from visits.questionnaire.typography import NBSP, THIN

UNITS = {"child.weight_g": "g", "child.temp": "°C", "visit.km": "km"}
STRING_LIMIT = 200
TEXT_LIMIT = 2000

_WHOLE = re.compile(r"^-?[0-9]{1,9}$")
_DECIMAL = re.compile(r"^-?[0-9]{1,9}(?:\.[0-9]{1,6})?$")
_HOUR = re.compile(r"^([01][0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?$")
_SPACES = re.compile(f"[ {NBSP}{THIN}]")

# A tablet may hold the directory of this morning.
ENTRY_GONE = f"Ce service n’est plus dans l’annuaire{NBSP}: choisissez-en un autre, ou laissez vide."
UNKNOWN_CODE = "Cette réponse n’est pas dans la liste."
NOT_FOR_AP = "Cette réponse est réservée à l’équipe."


class Refused(ValueError):
    """The sentence to show beside the field."""


def typed(item: Item, raw: Any, context: ReportContext) -> Any:
    """The answer as stored (JSON), None when nothing was given. Raises Refused.

    Whole numbers become int, decimals text ("12.4"), dates ISO text, times ISO text with their offset; an hour
    alone ("14:05") is an hour of the visit.
    """
    if raw is None or raw == "" or raw == []:
        return None
    if item.type == "choice":
        return _codes(item, raw) if item.is_repeated else _code(item, raw)
    reader = _READERS.get(item.type)
    if reader is None:
        raise Refused("Cette question ne se remplit pas.")
    return reader(item, raw, context)


def _codes(item: Item, raw: Any) -> list[str]:
    if not isinstance(raw, list | tuple):
        raw = [raw]
    given = {_code(item, code) for code in raw if code != ""}
    # Stored in the order of the list, so that the same answer is the same document.
    return [option.code for option in item.options if option.code in given]


def _code(item: Item, raw: Any) -> str:
    option = item.option(raw) if isinstance(raw, str) else None
    if option is None:
        raise Refused(UNKNOWN_CODE)
    if option.team_only:
        raise Refused(NOT_FOR_AP)
    return option.code


def _boolean(_item: Item, raw: Any, _context: ReportContext) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "false"):
        return bool(raw == "true")
    raise Refused("Répondez par oui ou par non.")


def _whole(item: Item, raw: Any, _context: ReportContext) -> int:
    text = _SPACES.sub("", raw) if isinstance(raw, str) else raw
    is_number = isinstance(text, int) and not isinstance(text, bool)
    if not is_number and not (isinstance(text, str) and _WHOLE.match(text)):
        raise Refused("Écrivez un nombre entier.")
    value = int(text)
    if item.options and item.option(str(value)) is None:
        raise Refused(UNKNOWN_CODE)
    _check_bounds(item, Decimal(value))
    return value


def _decimal(item: Item, raw: Any, _context: ReportContext) -> str:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise Refused("Écrivez un nombre, par exemple 12,4.")
    text = _SPACES.sub("", str(raw)).replace(",", ".")
    if not _DECIMAL.match(text):
        raise Refused("Écrivez un nombre, par exemple 12,4.")
    value = Decimal(text)
    _check_bounds(item, value)
    places = item.rule("decimals")
    exponent = value.normalize().as_tuple().exponent
    if places is not None and isinstance(exponent, int) and -exponent > places.limit:
        raise Refused(places.text)
    return f"{value.normalize():f}"


def _check_bounds(item: Item, value: Decimal) -> None:
    low, high = item.min_value, item.max_value
    if (low is not None and value < Decimal(str(low))) or (high is not None and value > Decimal(str(high))):
        unit = UNITS.get(item.link_id, "")
        raise Refused(f"Entre {_shown(low)} et {_shown(high)}{NBSP}{unit}".rstrip(NBSP) + ".")


def _shown(bound: float | None) -> str:
    text = f"{Decimal(str(bound)).normalize():f}" if bound is not None else "–"
    return re.sub(r"(?<=\d)(?=\d{3}$)", NBSP, text) if "." not in text else text.replace(".", ",")


def _date(_item: Item, raw: Any, _context: ReportContext) -> str:
    try:
        return date.fromisoformat(raw).isoformat()
    except (TypeError, ValueError) as error:
        raise Refused("Cette date n’existe pas.") from error


def _moment(_item: Item, raw: Any, context: ReportContext) -> str:
    if isinstance(raw, str) and (match := _HOUR.match(raw)):
        return _hour_of_visit(int(match[1]), int(match[2]), context).isoformat()
    try:
        value = datetime.fromisoformat(raw)
    except (TypeError, ValueError) as error:
        raise Refused("Cette heure n’existe pas.") from error
    if value.tzinfo is None:
        value = value.replace(tzinfo=context.zone)
    return value.isoformat()


def _hour_of_visit(hour: int, minute: int, context: ReportContext) -> datetime:
    """An hour typed alone belongs to the day of the visit, or to the night after when it would be before it."""
    start = (context.started_at or context.now).astimezone(context.zone)
    value = start.replace(hour=hour, minute=minute, second=0, microsecond=0)
    crosses_midnight = value < start and start.hour >= 12 and hour < 6
    return value + timedelta(days=1) if crosses_midnight else value


def _string(item: Item, raw: Any, _context: ReportContext) -> str | None:
    if not isinstance(raw, str):
        raise Refused("Écrivez quelques mots.")
    text = raw.replace("\x00", "").replace("\r\n", "\n").strip()
    limit = item.max_length or (TEXT_LIMIT if item.type == "text" else STRING_LIMIT)
    if len(text) > limit:
        raise Refused(f"{len(text)} caractères : {limit} au plus.".replace(" :", f"{NBSP}:"))
    return text or None


def _reference(item: Item, raw: Any, context: ReportContext) -> str:
    if item.reference != "DirectoryEntry":
        raise Refused("Cette question ne se remplit pas.")
    entry = context.entry(raw)
    if entry is None:
        raise Refused(ENTRY_GONE)
    return entry.ref


_READERS: dict[str, Callable[[Item, Any, ReportContext], Any]] = {
    "boolean": _boolean,
    "integer": _whole,
    "decimal": _decimal,
    "date": _date,
    "dateTime": _moment,
    "reference": _reference,
    "string": _string,
    "text": _string,
}

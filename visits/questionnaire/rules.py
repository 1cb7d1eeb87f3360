"""Constraints that compare an answer with another one, with the calendar, or with plain sense.

Each check takes typed answers and says whether its French sentence is due. Errors refuse, warnings ask to look again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from copa.kernel.phones import e164
from visits.questionnaire.alerts import NO_ANSWER, alert_book, may_leave
from visits.questionnaire.context import FOR_NEED
from visits.questionnaire.model import Item, Rule
from visits.questionnaire.sheet import Row, Sheet

_TEN_DIGITS = re.compile(r"(?:\d[ .\-\u00a0\u202f]?){9,}\d")
_DIAGNOSIS = re.compile(
    r"\b(dépressi|psychos|schizophr|bipolair|borderline|autis|maltrait|alcooliqu|toxicoman|addict)", re.IGNORECASE
)


def broken(item: Item, row: Row | None, sheet: Sheet) -> list[Rule]:
    """The rules of one visible question that its answer does not respect, in the order of the definition."""
    value = sheet.answer(item, row)
    return [rule for rule in item.rules if rule.kind in _CHECKS and _CHECKS[rule.kind](rule, value, row, sheet)]


def is_of_another_type(item: Item, row: Row | None, sheet: Sheet) -> bool:
    """Whether the service named for a need is not of the type it is asked from (need.item.entry: right type)."""
    if item.link_id != FOR_NEED or row is None:
        return False
    entry = sheet.context.entry(sheet.answer(item, row))
    return entry is not None and entry.type != row.answers.get("need.item.target")


def hidden_codes(item: Item, row: Row | None, sheet: Sheet) -> frozenset[str]:
    """Options not offered here and now: reserved to the team, or allowed under a condition that does not hold."""
    closed = {option.code for option in item.options if option.team_only}
    for rule in item.rules:
        if rule.kind == "option-when" and not sheet.meets(rule.when, row):
            closed |= set(rule.codes)
    return frozenset(closed)


def exclusive_codes(item: Item) -> frozenset[str]:
    """Options that un-tick all the others."""
    return frozenset(code for rule in item.rules if rule.kind == "exclusive" for code in rule.codes)


Check = Callable[[Rule, Any, Row | None, Sheet], bool]


def _is_mixed(rule: Rule, value: Any, _row: Row | None, _sheet: Sheet) -> bool:
    return isinstance(value, list) and len(value) > 1 and any(code in value for code in rule.codes)


def _is_closed_option(rule: Rule, value: Any, row: Row | None, sheet: Sheet) -> bool:
    given = value if isinstance(value, list) else [value]
    return any(code in given for code in rule.codes) and not sheet.meets(rule.when, row)


def _has_none_of(rule: Rule, value: Any, _row: Row | None, _sheet: Sheet) -> bool:
    return bool(value) and not any(code in value for code in rule.codes)


def _overlaps(rule: Rule, value: Any, row: Row | None, sheet: Sheet) -> bool:
    other = sheet.values(sheet.questionnaire.by_id[rule.question], row)
    return bool(set(value or ()) & set(other))


def _is_false(_rule: Rule, value: Any, _row: Row | None, _sheet: Sheet) -> bool:
    return value is False


def _condition_holds(rule: Rule, _value: Any, row: Row | None, sheet: Sheet) -> bool:
    return sheet.meets(rule.when, row)


def _is_before(rule: Rule, value: Any, row: Row | None, sheet: Sheet) -> bool:
    bound = _bound(rule.bound, row, sheet)
    moment = _moment(value, sheet)
    if bound is None or moment is None:
        return False
    return moment < bound if isinstance(bound, datetime) else moment.date() < bound


def _is_after(rule: Rule, value: Any, row: Row | None, sheet: Sheet) -> bool:
    bound = _bound(rule.bound, row, sheet)
    moment = _moment(value, sheet)
    if bound is None or moment is None:
        return False
    return moment > bound if isinstance(bound, datetime) else moment.date() > bound


def _moment(value: Any, sheet: Sheet) -> datetime | None:
    """A date is its midnight in the zone of the territory, so that both kinds of bound can be compared."""
    if not isinstance(value, str):
        return None
    moment = datetime.fromisoformat(value)
    zone = sheet.context.zone
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _bound(name: str, row: Row | None, sheet: Sheet) -> date | datetime | None:
    """A date, or an aware datetime for NOW and STARTED; None when the file does not know it."""
    context = sheet.context
    if name == "NOW":
        return context.now
    if name == "STARTED":
        # The AP notes an hour without seconds.
        return context.started_at.replace(second=0, microsecond=0) if context.started_at else None
    if name == "TODAY":
        return context.now.astimezone(context.zone).date()
    if name == "VISIT_DAY":
        return (context.started_at or context.now).astimezone(context.zone).date()
    born = _birth(row, sheet)
    return born + timedelta(days=7) if born is not None and name == "BIRTH_PLUS_7" else born


def _birth(row: Row | None, sheet: Sheet) -> date | None:
    """The child's own birth, or the first one of the file outside a child's block."""
    if row is not None and row.child is not None:
        return row.child.birth_on
    return min((child.birth_on for child in sheet.context.children if child.birth_on), default=None)


def _jumps(rule: Rule, value: Any, row: Row | None, _sheet: Sheet) -> bool:
    last = row.child.last_weight_g if row is not None and row.child is not None else None
    if not last or not isinstance(value, int):
        return False
    return abs(value - last) * 100 > last * rule.limit


def _is_not_plain(_rule: Rule, value: Any, _row: Row | None, _sheet: Sheet) -> bool:
    return isinstance(value, str) and bool(_TEN_DIGITS.search(value) or _DIAGNOSIS.search(value))


def _is_left_unanswered(_rule: Rule, value: Any, row: Row | None, _sheet: Sheet) -> bool:
    """Nobody answered a vital alert and the 15 was not called: somebody must still be reached."""
    if value != NO_ANSWER or row is None:
        return False
    family = alert_book().families.get(row.answers["alert.family"])
    return family is not None and family.is_vital and not may_leave(family.code, row.answers)


def _is_no_phone(_rule: Rule, value: Any, _row: Row | None, sheet: Sheet) -> bool:
    return isinstance(value, str) and e164(value, sheet.context.phone_region) is None


_CHECKS: dict[str, Check] = {
    "exclusive": _is_mixed,
    "option-when": _is_closed_option,
    "any-of": _has_none_of,
    "disjoint": _overlaps,
    "must-be-true": _is_false,
    "condition": _condition_holds,
    "date-min": _is_before,
    "date-max": _is_after,
    "weight-change": _jumps,
    "plain-words": _is_not_plain,
    "vital-call": _is_left_unanswered,
    "phone": _is_no_phone,
}
# "decimals" is checked with the type of the answer, "required-unless" with what is missing.
RULE_KINDS = frozenset(_CHECKS) | {"decimals", "required-unless"}

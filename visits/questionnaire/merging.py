"""Two screens, one report: what each changed since both started from the same answers.

A *unit* is what is never mixed: one answer, named by its path, or a whole row that only its place names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from visits.questionnaire.context import ReportContext
from visits.questionnaire.engine import Answers, clean
from visits.questionnaire.model import Item, Questionnaire
from visits.questionnaire.sheet import ROW_KEYS

Units = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Merge:
    """`answers` is the common document, `conflicts` the units both changed, each otherwise.

    In a conflict `answers` holds what the other screen says, and `base` too: from there, what stands here wins.
    """

    answers: Answers
    base: Answers
    conflicts: tuple[str, ...]


def merge(
    questionnaire: Questionnaire,
    context: ReportContext,
    *,
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
) -> Merge:
    """What only one of the two changed since `base` is kept from the one who changed it."""
    start, here, there = (_units(questionnaire, context, document) for document in (base, mine, theirs))
    joined: Units = {}
    conflicts = []
    for unit in {**start, **there, **here}:
        before, left, right = start.get(unit), here.get(unit), there.get(unit)
        if before != left and before != right and left != right:
            conflicts.append(unit)
        joined[unit] = left if right == before else right
    settled = start | {unit: there.get(unit) for unit in conflicts}
    return Merge(answers=_document(joined), base=_document(settled), conflicts=tuple(conflicts))


def _units(questionnaire: Questionnaire, context: ReportContext, document: Mapping[str, Any]) -> Units:
    """The answers as the engine understands them, so that "12,5" and "12.5" are one; what it refuses as typed."""
    result = clean(questionnaire, document, context)
    units: Units = {}
    for link_id, value in result.answers.items():
        if questionnaire.by_id[link_id].is_row_group:
            units |= _row_units(link_id, value)
        else:
            units[link_id] = value
    for path, text in result.rejected.items():
        group, _, rest = path.partition("/")
        key, _, link_id = rest.partition("/")
        if rest and group not in ROW_KEYS:
            units[f"{group}/{key}"] = {**units.get(f"{group}/{key}", {}), link_id: text}
        else:
            units[path] = text
    return units


def _row_units(group: str, rows: list[Answers]) -> Units:
    name = ROW_KEYS.get(group)
    if name is None:
        return {f"{group}/{place}": row for place, row in enumerate(rows) if row}
    return {
        f"{group}/{row[name]}/{link_id}": value for row in rows for link_id, value in row.items() if link_id != name
    }


def _document(units: Units) -> Answers:
    document: Answers = {}
    rows: dict[str, dict[str, Answers]] = {}
    for unit, value in units.items():
        if value is None:
            continue
        group, _, rest = unit.partition("/")
        key, _, link_id = rest.partition("/")
        if not rest:
            document[unit] = value
        elif link_id:
            rows.setdefault(group, {}).setdefault(key, {ROW_KEYS[group]: key})[link_id] = value
        else:
            rows.setdefault(group, {})[key] = value
    for group, by_key in rows.items():
        document[group] = list(by_key.values()) if group in ROW_KEYS else _placed(by_key)
    return document


def _placed(by_key: Mapping[str, Answers]) -> list[Answers]:
    """Rows named by their place; one that is gone leaves its place empty."""
    return [by_key.get(str(place), {}) for place in range(max(map(int, by_key)) + 1)]


def field_values(
    questionnaire: Questionnaire, answers: Mapping[str, Any], context: ReportContext
) -> dict[str, list[str]]:
    """What each field of the page shows for these answers, by path; a question without an answer is left out."""
    return {
        path: shown for path, item, value in _places(questionnaire, answers) if (shown := _shown(item, value, context))
    }


def _places(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Iterator[tuple[str, Item, Any]]:
    for link_id, value in answers.items():
        item = questionnaire.by_id[link_id]
        if not item.is_row_group:
            yield link_id, item, value
            continue
        name = ROW_KEYS.get(link_id, "")
        for place, row in enumerate(value):
            for nested, answer in row.items():
                if nested != name:
                    yield f"{link_id}/{row[name] if name else place}/{nested}", questionnaire.by_id[nested], answer


def _shown(item: Item, value: Any, context: ReportContext) -> list[str]:
    if isinstance(value, list):
        return [str(code) for code in value]
    return [field_text(item, value, context)]


def field_text(item: Item, value: Any, context: ReportContext) -> str:
    """One answer as its field shows it: an hour of the territory, a French decimal, "true" or "false"."""
    if isinstance(value, bool):
        return str(value).lower()
    if item.type == "dateTime" and isinstance(value, str):
        try:
            return f"{datetime.fromisoformat(value).astimezone(context.zone):%H:%M}"
        except ValueError:
            return value
    return str(value).replace(".", ",") if item.type == "decimal" else str(value)

"""Keep S3 answers apart: they are stored in another table, with named readers (design.md 3.12, G6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from visits.questionnaire.alerts import RaisedAlert, alerts_open
from visits.questionnaire.model import Item, Questionnaire
from visits.questionnaire.sheet import ALERT, ROW_KEYS

Answers = dict[str, Any]


def split_by_sensitivity(
    questionnaire: Questionnaire, answers: Mapping[str, Any], recorded: Collection[RaisedAlert] = ()
) -> tuple[Answers, Answers]:
    """Return `(open, sealed)`; `join_sealed(questionnaire, open, sealed)` gives the document back.

    Sealed: S3 questions, S3 codes inside a list of signs, the whole alert block an S3 sign opened (also one that is
    `recorded` and since un-ticked), and the ten EPDS values (nine of them and the total would tell the tenth).
    """
    sealed_families = {
        alert.family for alert in alerts_open(questionnaire, answers, recorded) if alert.sensitivity == "S3"
    }
    opened: Answers = {}
    sealed: Answers = {}
    for link_id, value in answers.items():
        item = questionnaire.by_id[link_id]
        if item.is_row_group:
            parts = _split_rows(questionnaire, item, value, sealed_families)
        else:
            parts = split_value(item, value)
        for part, into in zip(parts, (opened, sealed), strict=True):
            if part is not None:
                into[link_id] = part
    return opened, sealed


def split_value(item: Item, value: Any) -> tuple[Any, Any]:
    """(open part, sealed part) of one answer; None where there is nothing."""
    if item.is_sealed and not any(option.sensitivity != "S3" for option in item.options if option.family):
        return None, value
    if not isinstance(value, list):
        return value, None
    codes = {option.code for option in item.options if option.is_sealed}
    kept = [code for code in value if code not in codes]
    hidden = [code for code in value if code in codes]
    return kept or None, hidden or None


def _split_rows(
    questionnaire: Questionnaire, group: Item, rows: list[Answers], sealed_families: set[str]
) -> tuple[Any, Any]:
    opened: list[Answers] = []
    sealed: list[Answers] = []
    key = ROW_KEYS.get(group.link_id, "")
    for row in rows:
        if group.link_id == ALERT and row.get(key) in sealed_families:
            sealed.append(row)
            continue
        here, there = _split_row(questionnaire, row, key)
        opened.append(here)
        if set(there) - {key}:
            sealed.append(there)
    return opened or None, sealed or None


def _split_row(questionnaire: Questionnaire, row: Answers, key: str) -> tuple[Answers, Answers]:
    here: Answers = {}
    there: Answers = {key: row[key]} if key else {}
    for link_id, value in row.items():
        part, hidden = split_value(questionnaire.by_id[link_id], value)
        if part is not None:
            here[link_id] = part
        if hidden is not None:
            there[link_id] = hidden
    return here, there


def join_sealed(questionnaire: Questionnaire, opened: Mapping[str, Any], sealed: Mapping[str, Any]) -> Answers:
    """Undo `split_by_sensitivity`, for a named reader or the author of a draft."""
    joined: Answers = {}
    for item in questionnaire.by_id.values():
        link_id = item.link_id
        here, there = opened.get(link_id), sealed.get(link_id)
        if item.is_row_group:
            rows = _join_rows(questionnaire, item, here or [], there or [])
            if rows:
                joined[link_id] = rows
        elif here is not None or there is not None:
            joined[link_id] = _join_value(item, here, there)
    return joined


def _join_value(item: Item, here: Any, there: Any) -> Any:
    if isinstance(here, list) and isinstance(there, list):
        return [option.code for option in item.options if option.code in (*here, *there)]
    return there if here is None else here


def _join_rows(questionnaire: Questionnaire, group: Item, here: list[Answers], there: list[Answers]) -> list[Answers]:
    key = ROW_KEYS.get(group.link_id, "")
    hidden = {row.get(key): row for row in there}
    joined = []
    for row in here:
        other = hidden.pop(row.get(key), {}) if key else {}
        links = [item.link_id for item in group.walk() if item.link_id in row or item.link_id in other]
        joined.append({link: _join_value(questionnaire.by_id[link], row.get(link), other.get(link)) for link in links})
    order = [option.code for option in questionnaire.by_id[key].options] if key else []
    # Rows told apart by a code stand in the order of its list; children keep the order of the file.
    return sorted(joined + list(hidden.values()), key=lambda row: order.index(row[key]) if order else 0)

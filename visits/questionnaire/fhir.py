"""FHIR R4 QuestionnaireResponse of a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from visits.questionnaire import extensions as ext
from visits.questionnaire.context import ReportContext
from visits.questionnaire.model import Item, Questionnaire
from visits.questionnaire.sheet import Row, Sheet
from visits.questionnaire.wording import label_of

_VALUE_KEYS = {
    "boolean": "valueBoolean",
    "integer": "valueInteger",
    "date": "valueDate",
    "dateTime": "valueDateTime",
    "string": "valueString",
    "text": "valueString",
}


def questionnaire_response(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    context: ReportContext,
    *,
    response_id: str,
    authored_at: datetime,
    status: str = "completed",
) -> dict[str, Any]:
    """R4 JSON, nested as the Questionnaire nests, hidden context included so that conditions can be read again.

    Holds what it is given: pass the open answers (`split_by_sensitivity`) for anyone but a named S3 reader.
    """
    sheet = Sheet(questionnaire, answers, context)
    items = [node for item in questionnaire.items for node in _nodes(item, None, sheet)]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": response_id,
        "questionnaire": f"{questionnaire.url}|{questionnaire.version}",
        "status": status,
        "authored": authored_at.isoformat(),
        "item": items,
    }


def _nodes(item: Item, row: Row | None, sheet: Sheet) -> list[dict[str, Any]]:
    """The item once, or once per row; nothing when it is hidden and unanswered."""
    if item.is_row_group:
        rows = sheet.rows(item.link_id) if sheet.is_visible(item, None) else []
        return [node for place in rows if (node := _group(item, place, sheet))]
    node = _group(item, row, sheet) if item.is_group else _answer(item, row, sheet)
    return [node] if node else []


def _group(item: Item, row: Row | None, sheet: Sheet) -> dict[str, Any]:
    inner = [node for child in item.items for node in _nodes(child, row, sheet)]
    return _with_text({"linkId": item.link_id, "item": inner}, item, row, sheet) if inner else {}


def _answer(item: Item, row: Row | None, sheet: Sheet) -> dict[str, Any]:
    values: list[Any]
    if item.source == "visit":
        values = [*_given(item, sheet)] if sheet.is_visible(item, row) else []
    else:
        values = list(sheet.values(item, row))
    if not values:
        return {}
    node = {"linkId": item.link_id, "answer": [_coded(item, value) for value in values]}
    return _with_text(node, item, row, sheet)


def _with_text(node: dict[str, Any], item: Item, row: Row | None, sheet: Sheet) -> dict[str, Any]:
    return {**node, "text": label_of(item, row, sheet.context)} if item.text else node


def _given(item: Item, sheet: Sheet) -> list[str]:
    known = {"visit.started_at": sheet.context.started_at, "visit.ended_at": sheet.context.ended_at}
    moment = known.get(item.link_id)
    return [] if moment is None else [moment.isoformat()]


def _coded(item: Item, value: Any) -> dict[str, Any]:
    if item.type == "choice":
        return {"valueCoding": _coding(item, value)}
    if item.type == "decimal":
        # FHIR wants a JSON number; one decimal of a distance or a temperature survives the float.
        return {"valueDecimal": float(value)}
    if item.type == "reference":
        return {"valueReference": {"reference": value}}
    return {_VALUE_KEYS[item.type]: value}


def _coding(item: Item, code: str) -> dict[str, str]:
    name = item.value_set.removeprefix("#").replace("-", "_")
    option = item.option(code)
    coding = {"system": ext.CODE_SYSTEM + name, "code": code}
    return {**coding, "display": option.label} if option else coding

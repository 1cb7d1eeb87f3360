"""The part of the definition and of the context the tablet needs to evaluate the form by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from visits.questionnaire import extensions as ext
from visits.questionnaire.alerts import ITEM_10, ITEM_10_CODE, SIGNAL, SIGNAL_CODE, RaisedAlert, alert_book
from visits.questionnaire.context import ReportContext
from visits.questionnaire.engine import CleanResult
from visits.questionnaire.model import Questionnaire
from visits.questionnaire.sheet import LIVE_STAGE, child_values, context_values

_WITHOUT_OPTIONS = {ITEM_10_CODE: (ITEM_10, ""), SIGNAL_CODE: (SIGNAL, "true")}
_ITEM_KEYS = ("linkId", "type", "repeats", "enableWhen", "enableBehavior")
_EXTENSIONS = {
    ext.REQUIRED_WHEN,
    ext.VISITS,
    ext.STAGE,
    ext.RULE,
    ext.MIN_OCCURS,
    ext.WHEN_NOT_DONE,
    ext.SOURCE,
    ext.HIDDEN,
    ext.SECTION,
}


def client_definition(questionnaire: Questionnaire) -> dict[str, Any]:
    """The same FHIR JSON without what only the server or the printer reads (texts, lists, recipients)."""
    document = questionnaire.document
    return {
        "resourceType": "Questionnaire",
        "id": questionnaire.id,
        "version": questionnaire.version,
        "item": [_item(node) for node in document["item"]],
    }


def _item(node: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: node[key] for key in _ITEM_KEYS if key in node}
    extensions = [entry for entry in node.get("extension", ()) if entry["url"] in _EXTENSIONS]
    if extensions:
        kept["extension"] = extensions
    if "item" in node:
        kept["item"] = [_item(child) for child in node["item"]]
    return kept


def client_context(questionnaire: Questionnaire, context: ReportContext) -> dict[str, Any]:
    """Values of `ctx.*`, children, alerts already recorded, and the two hours the visit's buttons fill."""
    return {
        "stage": LIVE_STAGE,
        "values": context_values(context),
        "outcome": context.outcome,
        "children": [
            {"ref": child.ref, "values": child_values(child), "in_hospital": child.is_in_hospital}
            for child in context.children
        ],
        "needs": [{"ref": need.ref, "oriented": need.is_oriented} for need in context.needs],
        "signs": sign_fields(questionnaire, context.recorded_alerts),
        "recorded": sorted({alert.family for alert in context.recorded_alerts}),
        "families": {code: family.name for code, family in alert_book().families.items()},
        "given": [
            link_id
            for link_id, moment in (
                ("visit.started_at", context.started_at),
                ("visit.ended_at", context.ended_at),
            )
            if moment is not None
        ],
    }


def sign_fields(questionnaire: Questionnaire, recorded: Collection[RaisedAlert]) -> list[dict[str, str]]:
    """The field of each recorded sign: its family, the field's path, its value ("" for any number above 0)."""
    found = []
    for alert in recorded:
        for code in alert.codes:
            path, value = _sign_field(questionnaire, alert.subject, code)
            if path:
                found.append({"family": alert.family, "path": path, "value": value})
    return found


def _sign_field(questionnaire: Questionnaire, subject: str, code: str) -> tuple[str, str]:
    """("", "") for a sign this version of the form does not have."""
    if code in _WITHOUT_OPTIONS:
        return _WITHOUT_OPTIONS[code]
    for item in questionnaire.by_id.values():
        option = item.option(code)
        if option is not None and option.family:
            return f"{item.rows}/{subject}/{item.link_id}" if item.rows else item.link_id, code
    return "", ""


def draft_reply(result: CleanResult, recorded: Collection[RaisedAlert]) -> dict[str, Any]:
    """What the address of the draft answers (200): the page shows these sentences and keeps these alerts open.

    `recorded` are all the alerts stored for the visit, the new ones included.
    """
    return {
        "errors": result.errors,
        "warnings": result.warnings,
        "alerts": sorted({alert.family for alert in recorded}),
    }

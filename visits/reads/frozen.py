"""The context of a report as it was when it was signed: written as JSON, read back as the engine wants it.

A report signed in March must print in June as it was signed: with the first name, the day and the rules of then.
What serves only to place a call (address, phone) is not kept, nor the wording of the scale.
"""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from visits.questionnaire import ChildRef, EntryRef, NeedRef, RaisedAlert, ReportContext

_MOMENTS = ("now", "started_at", "ended_at")
_WORDS = ("closed_child_refs", "epds_recipients")


def frozen(context: ReportContext) -> dict[str, Any]:
    """The context as JSON values."""
    values = asdict(context)
    del values["call"], values["epds_words"]
    values["zone"] = context.zone.key
    values["km"] = None if context.km is None else str(context.km)
    values["planned_on"] = context.planned_on.isoformat() if context.planned_on else None
    for name in _MOMENTS:
        values[name] = values[name].isoformat() if values[name] else None
    for child in (*values["children"], *values["late_children"]):
        child["birth_on"] = child["birth_on"].isoformat() if child["birth_on"] else None
    return values


def thawed(values: dict[str, Any]) -> ReportContext:
    """Undo `frozen`. Keys that this version of the code no longer knows are left out."""
    known = {name: value for name, value in values.items() if name in ReportContext.__dataclass_fields__}
    known["zone"] = ZoneInfo(known["zone"])
    known["km"] = None if known.get("km") is None else Decimal(known["km"])
    known["planned_on"] = _day(known.get("planned_on"))
    for name in _MOMENTS:
        known[name] = datetime.fromisoformat(known[name]) if known.get(name) else None
    for name in ("children", "late_children"):
        known[name] = tuple(_child(child) for child in known.get(name, ()))
    known["needs"] = tuple(NeedRef(**need) for need in known.get("needs", ()))
    known["entries"] = tuple(EntryRef(**entry) for entry in known.get("entries", ()))
    known["epds_languages"] = tuple((code, name) for code, name in known.get("epds_languages", ()))
    for name in _WORDS:
        known[name] = tuple(known.get(name, ()))
    known["recorded_alerts"] = tuple(_alert(alert) for alert in known.get("recorded_alerts", ()))
    return ReportContext(**known)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _child(values: dict[str, Any]) -> ChildRef:
    known = {name: value for name, value in values.items() if name in ChildRef.__dataclass_fields__}
    return ChildRef(**{**known, "birth_on": _day(known.get("birth_on"))})


def _alert(values: dict[str, Any]) -> RaisedAlert:
    return RaisedAlert(**{**values, "codes": tuple(values["codes"])})

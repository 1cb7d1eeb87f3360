"""A visit to fill: the form delivered with the code, one context, answers that leave nothing missing."""

from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from visits.questionnaire import ChildRef, NeedRef, Questionnaire, ReportContext, load, packaged_definitions

PARIS = ZoneInfo("Europe/Paris")
BIRTH = date(2026, 10, 28)
INES = ChildRef(ref="ines", first_name="Inès", k01_open=True, cs8_open=True, birth_on=BIRTH)
MALO = ChildRef(ref="malo", first_name="Malo", k01_open=True, cs8_open=True, birth_on=BIRTH)
HOUSING = NeedRef(ref="n1", label="Logement, la famille", about="FAMILY", target="Assistant de service social")
TIRED = NeedRef(ref="n2", label="Fatigue, le coparent", about="COPARENT")


@cache
def form() -> Questionnaire:
    """The version in use."""
    return load(packaged_definitions()[-1])


@cache
def former_form() -> Questionnaire:
    """The version before, under which reports were begun."""
    return load(packaged_definitions()[0])


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


def context(**changes: Any) -> ReportContext:
    """V1 at D+6, one child, as section 16 of the form describes a normal visit."""
    facts: dict[str, Any] = {
        "visit_kind": "V1",
        "day": 6,
        "rules": "v2-2026",
        "now": at(15, 51),
        "zone": PARIS,
        "children": (INES,),
        "first_visit": True,
        "sleep_quiz_due": True,
        "goal_known": True,
        "pmi_presented": True,
        "pmi_consent": "YES",
        "sfl_known": True,
        "started_at": at(14, 5),
        "ended_at": at(15, 22),
    }
    return ReportContext(**(facts | changes))


def second_visit(**changes: Any) -> ReportContext:
    """V2 at D+12, EPDS due, both examinations seen."""
    facts: dict[str, Any] = {
        "visit_kind": "V2",
        "day": 12,
        "first_visit": False,
        "sleep_quiz_due": False,
        "epds_due": True,
        "children": (
            ChildRef(ref="ines", first_name="Inès", k01_open=True, k02_open=True, cs8_open=True, birth_on=BIRTH),
        ),
    }
    return context(**(facts | changes))


def child(ref: str = "ines", **changes: Any) -> dict[str, Any]:
    """A child seen well: nothing missing for V1."""
    row = {
        "child.ref": ref,
        "child.flag_any": "NONE",
        "child.feed.now": "BREAST",
        "child.sleep.place": "OWN_BED_PARENTS_ROOM",
        "child.sleep.in_bed": ["NOTHING"],
        "child.exam.k01": "BOOKED",
        "child.cert.cs8": "NOT_FILLED",
    }
    return row | {key.replace("__", "."): value for key, value in changes.items()}


def whole(**changes: Any) -> dict[str, Any]:
    """Raw answers of a V1 that may be signed. A change to None takes the answer out."""
    raw: dict[str, Any] = {
        "visit.outcome": "DONE",
        "visit.km": "12,4",
        "who.present": ["MOTHER", "COPARENT"],
        "who.alone": "YES",
        "mother.flag_any": "NONE",
        "child": [child()],
        "feed.going": "WELL",
        "sleep.back": "TRUE",
        "sleep.bed": "FALSE",
        "sleep.empty": "FALSE",
        "sleep.room": "TRUE",
        "sleep.smoke": "FALSE",
        "theme.bond": ["SIGNALS", "SOOTHING"],
        "theme.prevention": ["SAFE_SLEEP"],
        "mother.says": "TIRED",
        "res.helpers": ["COPARENT"],
        "pmi.presented": "YES",
        "grid.status": "REVIEWED_NOTHING",
        "need.any": "NONE",
        "sfl.link": "MESSAGE",
        "task.done": ["OBSERVE", "LISTEN"],
        "doc.given": ["CARD"],
        "sign.confirm": True,
    }
    raw |= {key.replace("__", "."): value for key, value in changes.items()}
    return {key: value for key, value in raw.items() if value is not None}


def epds(*values: int | None, **changes: Any) -> dict[str, Any]:
    """The ten values in the order of the sheet (None: left empty), questionnaire done."""
    raw: dict[str, Any] = {"who.present": ["MOTHER"], "epds.status": "DONE"}
    raw |= {f"epds.i{place:02d}": value for place, value in enumerate(values, start=1) if value is not None}
    return raw | {key.replace("__", "."): value for key, value in changes.items()}

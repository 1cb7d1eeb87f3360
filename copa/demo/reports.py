"""From the forms of `answers` to the report of one visit of one family, as text for the database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from copa.demo.answers import ANSWERED_AT, BORN_ON, FIRST_EXAM, REFS, SECOND_EXAM, Book, Page, Past, shape_of
from copa.demo.lives import Call, Life
from pathways.actions.calendar import Seen
from pathways.rules import shown_name
from visits.actions.landing import seen_in
from visits.questionnaire import deviations
from visits.rules import report_due_at

# One way, in kilometres (domain.md 8.2), by typology of the territory.
KILOMETRES = {"urban": 8, "mixed": 22, "rural": 34}
SEALED_ITEMS = tuple(f"epds.i{number:02d}" for number in range(1, 11))
ITEM_10_ALERT = {"family": "MIND_VITAL", "subject": "MOTHER", "codes": ["EPDS_ITEM10"], "sensitivity": "S3"}
# What an AP has not answered yet in a draft.
LEFT_FOR_LATER = frozenset({"sign.confirm", "task.done", "doc.given", "theme.prevention"})
LATE_REASONS = ("TOO_MANY", "NO_NETWORK", "ABSENT")


@dataclass(frozen=True)
class Written:
    """A report ready to be stored: JSON texts; `sealed` is "" when nothing is sealed.

    `told` are the deviations it holds with the reason given, "" while the report is not signed; `seen` is what it says
    of each child's examinations, in the order of the children.
    """

    answers: str
    sealed: str
    first_answers: str
    context: str
    after: Past
    asks_mood: bool
    told: tuple[tuple[str, str], ...] = ()
    seen: tuple[tuple[Seen, ...], ...] = ()


class Scribe:
    """Writes the reports of one territory."""

    def __init__(self, book: Book, typology: str) -> None:
        self.book = book
        self.kilometres = KILOMETRES[typology]

    def write(self, life: Life, call: Call, past: Past, refs: list[str], signed_at: datetime | None) -> Written:
        """The report of a visit that took place; without `signed_at` a draft with a few answers left out."""
        assert call.started_at is not None
        assert call.ended_at is not None
        local = call.started_at.astimezone(self.book.zone)
        day = (local.date() - life.day).days
        signs = tuple(sign.code for sign in call.signs if sign.code != "EPDS_ITEM10")
        page = self.book.page(
            shape_of(
                kind=call.kind,
                babies=len(life.babies),
                theme=life.theme,
                day=day,
                past=past,
                wants_breast=life.wants_breast,
                signs=signs,
                third=call.third if call.kind == "V2" else "",
            )
        )
        opened, sealed, facts = self._own(life, call, page, day, signed_at)
        context = self._context(life, call, page, facts, signed_at)
        swap = _swap(life, call, refs)
        return Written(
            answers=_text(opened, swap),
            sealed=_text(sealed, swap) if sealed else "",
            first_answers=_first_answers(call),
            context=_text(context, swap),
            after=replace(page.after, has_epds=past.has_epds or bool(call.epds)),
            asks_mood=facts["epds_due"],
            told=_told(call, opened, facts, is_signed=signed_at is not None),
            seen=tuple(tuple(_dated(life, seen_in(row))) for row in opened.get("child", ())),
        )

    def _own(
        self, life: Life, call: Call, page: Page, day: int, signed_at: datetime | None
    ) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Open and sealed answers of this visit, and the facts of its context that differ from the template's."""
        opened, sealed = dict(page.opened), dict(page.sealed)
        facts = self._facts(life, call, day, signed_at)
        facts["epds_due"] = call.kind == "V2" or (call.kind == "V3" and not page.after.has_epds)
        opened["visit.km"] = f"{self.kilometres * (0.5 + life.theme % 97 / 97):.1f}".removesuffix(".0")
        if not facts["sfl_known"]:
            opened.pop("sfl.link", None)
            opened["sfl.none"] = ("LOOKING", "EMR")[life.theme % 2]
        if facts["pmi_consent"] == "UNKNOWN" and call.kind != "ULTRA_EARLY":
            opened["pmi.relay_consent"] = "LATER"
        opened |= _reasons(life, call, facts)
        if facts["epds_due"]:
            _mood(call, opened, sealed)
        if signed_at is None:
            opened = {link_id: value for link_id, value in opened.items() if link_id not in LEFT_FOR_LATER}
        return opened, sealed, facts

    def _facts(self, life: Life, call: Call, day: int, signed_at: datetime | None) -> dict[str, Any]:
        assert call.ended_at is not None
        assert life.agreed is not None
        zone = self.book.zone
        found = deviations(
            kind=call.kind,
            started_at=call.started_at,
            ended_at=call.ended_at,
            window=days_of(life, call, zone),
            planned_on=call.planned_at.astimezone(zone).date(),
            zone=zone,
        )
        return {
            "day": day,
            "dev_duration": found.duration,
            "dev_window": found.window,
            "report_late": signed_at is not None and signed_at > report_due_at(call.ended_at),
            "sfl_known": life.midwife is not None,
            "pmi_consent": {"YES": "YES", "NO": "NO"}.get(life.agreed.recipients["PMI"], "UNKNOWN"),
        }

    def _context(
        self, life: Life, call: Call, page: Page, facts: dict[str, Any], signed_at: datetime | None
    ) -> dict[str, Any]:
        """The frozen context of a signed report; a draft has none, it is read live."""
        if signed_at is None:
            return {}
        assert call.started_at is not None
        assert call.ended_at is not None
        context = dict(page.context) | facts
        context["now"] = signed_at.isoformat()
        context["started_at"] = call.started_at.isoformat()
        context["ended_at"] = call.ended_at.isoformat()
        context["planned_on"] = call.planned_at.astimezone(self.book.zone).date().isoformat()
        context["children"] = [
            {
                **child,
                "first_name": shown_name(baby.first_name),
                "birth_on": life.day.isoformat(),
                "last_weight_g": baby.weight_g,
            }
            for child, baby in zip(context["children"], life.babies, strict=False)
        ]
        if call.epds and call.epds[-1]:
            context["recorded_alerts"] = [*context["recorded_alerts"], ITEM_10_ALERT]
        return context


def _dated(life: Life, seen: Iterable[Seen]) -> Iterable[Seen]:
    """With the days of this family in place of the template's."""
    return (replace(one, on=life.day + (one.on - BORN_ON)) if one.on else one for one in seen)


def days_of(life: Life, call: Call, zone: ZoneInfo) -> tuple[date, date]:
    """The local days a visit is judged by, both inclusive."""
    left = (life.left_at.astimezone(zone).date() - life.day).days
    first, last = (left, left + 1) if call.kind == "ULTRA_EARLY" else (2, 21)
    return life.day + timedelta(days=first), life.day + timedelta(days=last)


def _told(call: Call, opened: dict[str, Any], facts: dict[str, Any], *, is_signed: bool) -> tuple[tuple[str, str], ...]:
    """As the platform would have found them: a draft has not said why yet, the planning may have."""
    of_clock = [kind for kind, fact in (("DURATION", "dev_duration"), ("WINDOW", "dev_window")) if facts[fact]]
    if not is_signed:
        return tuple((kind, call.window_reason if kind == "WINDOW" else "") for kind in of_clock)
    late = ["LATE"] if facts["report_late"] else []
    mood = ["EPDS"] if "dev.epds" in opened else []
    return tuple((kind, str(opened[f"dev.{kind.lower()}"])) for kind in [*of_clock, *mood, *late])


def _reasons(life: Life, call: Call, facts: dict[str, Any]) -> dict[str, str]:
    """Why the visit was not as foreseen, when the form asks."""
    found = {
        "dev_duration": ("dev.duration", ("MUCH_TO_SAY", "BABY_CARE")[life.theme % 2]),
        "dev_window": ("dev.window", call.window_reason or "FAMILY_DATE"),
        "report_late": ("dev.late", LATE_REASONS[life.theme % len(LATE_REASONS)]),
    }
    return dict(answer for fact, answer in found.items() if facts[fact])


def _first_answers(call: Call) -> str:
    """The tenth value as it was first copied, kept apart when it raised an alert (E1)."""
    if not call.epds or not call.epds[-1]:
        return "{}"
    moment = _alert_at(call)
    return orjson.dumps({SEALED_ITEMS[-1]: {"value": call.epds[-1], "at": moment.isoformat()}}).decode()


def _alert_at(call: Call) -> datetime:
    assert call.started_at is not None
    sign = next(sign for sign in call.signs if sign.code == "EPDS_ITEM10")
    return call.started_at + timedelta(minutes=sign.minutes_in)


def _mood(call: Call, opened: dict[str, Any], sealed: dict[str, Any]) -> None:
    """The questionnaire: ten sealed values and their sum, or the mother's refusal."""
    if call.epds is None:
        opened |= {"epds.status": "REFUSED", "dev.epds": "REFUSED"}
        return
    opened |= {"epds.status": "DONE", "epds.alone": "ALONE", "epds.language": "fr", "epds.total": sum(call.epds)}
    sealed |= dict(zip(SEALED_ITEMS, call.epds, strict=True))
    if call.epds[-1]:
        row = {
            "alert.family": "MIND_VITAL",
            "alert.spoke_to": "EMR_DOCTOR",
            "alert.spoke_at": ANSWERED_AT,
            "alert.called_15": False,
            "alert.instruction": "SEEN_TODAY",
            "alert.sfl_told": "YES",
            "alert.family_told": "TOLD",
        }
        sealed["alert"] = [*sealed.get("alert", ()), row]


def _swap(life: Life, call: Call, refs: list[str]) -> list[tuple[str, str]]:
    """What stands in for the template's children, dates and hour."""
    assert call.started_at is not None
    minutes = max((sign.minutes_in for sign in call.signs), default=10) + 5
    spoke = (call.started_at + timedelta(minutes=minutes)).astimezone(UTC).replace(second=0, microsecond=0)
    first, second = life.day + (FIRST_EXAM - BORN_ON), life.day + (SECOND_EXAM - BORN_ON)
    return [
        *zip(REFS, refs, strict=False),
        (FIRST_EXAM.isoformat(), first.isoformat()),
        (SECOND_EXAM.isoformat(), second.isoformat()),
        (ANSWERED_AT, spoke.isoformat()),
    ]


def _text(document: dict[str, Any], swap: list[tuple[str, str]]) -> str:
    text = orjson.dumps(document).decode()
    for old, new in swap:
        if old in text:
            text = text.replace(old, new)
    return text


def dashed(value: int) -> str:
    """A version 4 UUID of these 128 bits, as text."""
    return str(UUID(int=value, version=4))

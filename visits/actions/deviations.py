"""Deviations from the protocol, found where facts are written and in the same transaction; never while a page is read.

Each event says which deviations it can tell (`looked_at`) and which of them are there (`found`): the others are
lifted, not deleted. The row of the visit (or of the pathway, where no visit was made) is held by the caller.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from copa.kernel import clock
from pathways.enums import EpdsStatus, PathwayState, ScreenedPerson
from pathways.models import EpdsScreening, Pathway
from territories.models import Member
from visits import rules
from visits.enums import CodingSource, DeviationKind, Lifted, PartnerState, VisitKind, VisitState
from visits.models import Deviation, Visit
from visits.questionnaire import duration_limits
from visits.reads.windows import clock_deviations, window_kept

_MINUTE = timedelta(minutes=1)
# The reason of a joint visit that the PMI gave up before its day.
_PMI_ABSENT = "PMI_ABSENT"


@dataclass(frozen=True, kw_only=True)
class Found:
    """One deviation that is there, its facts as in `Deviation`, and the reason already given ("" for none)."""

    on: date
    first_day: date | None = None
    last_day: date | None = None
    minutes: int | None = None
    least: int | None = None
    most: int | None = None
    reason: str = ""
    source: str = ""
    by: Member | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """The columns that tell it."""
        names = ("on", "first_day", "last_day", "minutes", "least", "most")
        return {name: getattr(self, name) for name in names}

    def told(self, reason: str, by: Member) -> "Found":
        """The same, with the reason given in a report."""
        return replace(self, reason=reason, source=CodingSource.REPORT if reason else "", by=by if reason else None)


def settle(
    *,
    pathway: Pathway,
    visit: Visit | None,
    looked_at: Collection[str],
    found: Mapping[str, Found],
    at: datetime,
    why: Lifted = Lifted.FACTS,
) -> None:
    """Write what was found, lift the rest of what was looked at; the same facts again change nothing."""
    rows = Deviation.objects.filter(pathway=pathway, visit=visit, kind__in=looked_at).order_by("pk")
    known = {row.kind: row for row in rows}
    for kind in looked_at:
        row, here = known.get(kind), found.get(kind)
        if here is None:
            if row is not None and row.lifted_at is None:
                Deviation.objects.filter(pk=row.pk).update(lifted_at=at, lifted_why=why)
        elif row is None:
            own = {"pathway": pathway, "family_id": pathway.family_id, "visit": visit, "kind": kind}
            Deviation.objects.create(**own, detected_at=at, **here.facts, **_coding(None, here, at))
        elif row.lifted_why != Lifted.STOP:
            back = {"lifted_at": None, "lifted_why": ""}
            Deviation.objects.filter(pk=row.pk).update(**here.facts, **back, **_coding(row, here, at))


def _coding(row: Deviation | None, found: Found, at: datetime) -> dict[str, Any]:
    """The columns of the reason given: a report replaces what was said before, the planning fills what is empty."""
    if not found.reason:
        return {}
    if row is not None and row.reason and (found.source != CodingSource.REPORT or row.reason == found.reason):
        return {}
    return {"reason": found.reason, "source": found.source, "note": "", "coded_by": found.by, "coded_at": at}


# ---- A visit ----------------------------------------------------------------------------------------------------
def visit_ended(*, visit: Visit, at: datetime) -> None:
    """« Je sors »: how long, on which day, without the PMI that was to come. The visit is no longer missing.

    Nothing where the pathway stopped while she was there: a visit cut short by a stop is no deviation (A38).
    """
    pathway = _pathway(visit)
    if pathway.state != PathwayState.ACTIVE:
        return
    looked_at = [DeviationKind.DURATION, DeviationKind.WINDOW, DeviationKind.JOINT]
    settle(pathway=pathway, visit=visit, looked_at=looked_at, found=_of_the_clock(visit), at=at)
    visit_planned(visit=visit, at=at)


def visit_planned(*, visit: Visit, at: datetime) -> None:
    """A visit that was missing is planned or made: outside its dates, its own deviation says so."""
    missing = Deviation.objects.filter(pathway=visit.pathway_id, visit=None, lifted_at=None)
    kind = rules.MISSED_KINDS.get(visit.kind)
    missing.filter(kind=kind).update(lifted_at=at, lifted_why=Lifted.PLANNED)


def report_signed(*, visit: Visit, told: Mapping[str, str | None], by: Member, at: datetime) -> None:
    """The report says which deviations there are (`questionnaire.told_deviations`), and why: nothing more is asked."""
    visit = _whole(visit)
    kinds = [kind for kind, question in rules.DEVIATION_QUESTIONS.items() if question in told]
    if visit.partner_state == PartnerState.CANCELLED:
        # Given up by the PMI before its day: the report knows of no joint visit any more.
        kinds = [kind for kind in kinds if kind != DeviationKind.JOINT]
    clocked = _of_the_clock(visit)
    found: dict[str, Found] = {}
    for kind in kinds:
        reason = told[rules.DEVIATION_QUESTIONS[kind]]
        if reason is not None:
            found[kind] = clocked.get(kind, Found(on=_day(visit))).told(reason, by)
    settle(pathway=_pathway(visit), visit=visit, looked_at=kinds, found=found, at=at)


def report_landed(*, visit: Visit, at: datetime) -> None:
    """The report is in the inbox: after its 24 hours, that is a deviation (I8); the reason may be in it already."""
    visit = _whole(visit)
    state = rules.report_clock(visit.report_due_at, visit.report_delivered_at, at).state
    is_late = state == rules.ClockState.DELIVERED_LATE
    found: dict[str, Found] = {DeviationKind.LATE: Found(on=_day(visit))} if is_late else {}
    settle(pathway=_pathway(visit), visit=visit, looked_at=[DeviationKind.LATE], found=found, at=at)


def days_moved(*, pathway_id: int, at: datetime) -> None:
    """The day of birth or the discharge was corrected: each visit made is judged again by its new days."""
    made = Visit.objects.filter(pathway=pathway_id, state=VisitState.ENDED)
    for visit in made.select_for_update(of=("self",)).order_by("pk"):
        # No report was owed where a death or a stop came first: no deviation either.
        if visit.report_due_at is None and visit.report_delivered_at is None:
            continue
        visit = _whole(visit)
        found = {kind: one for kind, one in _of_the_clock(visit).items() if kind == DeviationKind.WINDOW}
        settle(pathway=_pathway(visit), visit=visit, looked_at=[DeviationKind.WINDOW], found=found, at=at)


def epds_recorded(*, screening: EpdsScreening, zone: str, at: datetime) -> None:
    """The questionnaire is noted as filled in, in time: what was missing is there."""
    if screening.status != EpdsStatus.DONE or screening.person != ScreenedPerson.MOTHER:
        return
    done_on = clock.local_date(screening.at, zone)
    missing = Deviation.objects.filter(pathway=screening.pathway_id, kind=DeviationKind.EPDS, lifted_at=None)
    missing.filter(on__gte=done_on).update(lifted_at=at, lifted_why=Lifted.FACTS)


def _of_the_clock(visit: Visit) -> dict[str, Found]:
    """Duration, day, and a joint visit the PMI gave up: what the rows of a visit tell without its report."""
    seen = clock_deviations(visit)
    found: dict[str, Found] = {}
    if seen.duration and visit.started_at and visit.ended_at:
        least, most = duration_limits(visit.kind)
        minutes = (visit.ended_at - visit.started_at) // _MINUTE
        found[DeviationKind.DURATION] = Found(on=_day(visit), minutes=minutes, least=least, most=most)
    if seen.window:
        window = window_kept(visit)
        one = Found(on=_day(visit), first_day=window.first, last_day=window.last)
        found[DeviationKind.WINDOW] = replace(one, reason=visit.window_reason, source=_source(visit.window_reason))
    if visit.kind == VisitKind.V3 and visit.partner_state == PartnerState.CANCELLED:
        found[DeviationKind.JOINT] = Found(on=_day(visit), reason=_PMI_ABSENT, source=CodingSource.PLAN)
    return found


def _source(reason: str) -> str:
    return str(CodingSource.PLAN) if reason else ""


def _day(visit: Visit) -> date:
    return clock.local_date(visit.started_at or visit.planned_at, visit.territory.time_zone)


def _whole(visit: Visit) -> Visit:
    """The visit as it stands now, with what judges it."""
    around = ("territory", "pathway__rules", "pathway__birth")
    found: Visit = Visit.objects.select_related(*around).get(pk=visit.pk)
    return found


def _pathway(visit: Visit) -> Pathway:
    found: Pathway = Pathway.objects.select_related("birth", "rules", "territory").get(pk=visit.pathway_id)
    return found

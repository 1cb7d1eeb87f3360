"""Visits and questionnaires that never came: no event tells them, so a task looks each local day.

Only pathways under way are looked at: what a death, a withdrawal, a move, a stay in hospital or a family without news
made impossible is no deviation, nor is it once the family is back after its days (`forgive_missed`).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from copa.kernel import clock
from pathways.actions.shared import local_zone
from pathways.enums import DischargeKind, EpdsMoment, PathwayState, StepKind
from pathways.models import Discharge, EpdsScreening, Pathway
from pathways.rules import Window, epds_moment
from visits import rules
from visits.actions.deviations import Found, settle
from visits.enums import VISIT_RUNNING, CodingSource, DeviationKind, Lifted, MissedReason, VisitKind, VisitState
from visits.models import Deviation, Visit
from visits.reads.plan import made_elsewhere, plan_of
from visits.rules import MISSED_KINDS

_OF_PATHWAYS = (*MISSED_KINDS.values(), DeviationKind.EPDS)


# ---- Whom to look at --------------------------------------------------------------------------------------------
def pathways_to_look_at(*, at: datetime) -> list[int]:
    """Keys of the pathways under way whose days are over and that may lack something; none before the morning."""
    zone = local_zone()
    if at.astimezone(ZoneInfo(zone)).hour < rules.MISSED_FROM_HOUR:
        return []
    today = clock.local_date(at, zone)
    morning, _ = clock.day_bounds(today, zone)
    since = today - timedelta(days=rules.PLANNING_HORIZON_DAYS)
    here = Pathway.objects.active().filter(birth__is_silent=False, family__moved_at=None, window_to__gte=since)
    over = here.filter(window_to__lt=today).filter(_lacks_a_visit(morning) | _lacks_epds())
    return list((over | here.filter(_lacks_early_visit(morning))).order_by("pk").values_list("pk", flat=True))


def _lacks_a_visit(morning: datetime) -> Q:
    lacks = Q()
    for kind in (VisitKind.V1, VisitKind.V2):
        lacks |= ~Q(Exists(_coming(kind, morning))) & ~Q(Exists(_told(MISSED_KINDS[kind]))) & ~made_elsewhere(kind)
    return lacks


def _lacks_epds() -> Q:
    done = EpdsScreening.objects.filled_by_mother().filter(pathway=OuterRef("pk"))
    second = Visit.objects.filter(pathway=OuterRef("pk"), kind=VisitKind.V2, state=VisitState.ENDED)
    is_due = ~Q(rules__epds_visit="") & Q(Exists(second))
    return is_due & ~Q(Exists(done)) & ~Q(Exists(_told(DeviationKind.EPDS)))


def _lacks_early_visit(morning: datetime) -> Q:
    left = Discharge.objects.filter(birth=OuterRef("birth"), kind=DischargeKind.ULTRA_EARLY, at__lt=morning)
    coming = _coming(VisitKind.ULTRA_EARLY, morning)
    is_due = Q(Exists(left), rules__ultra_early_minutes__gt=0)
    is_due &= ~made_elsewhere(VisitKind.ULTRA_EARLY)
    return is_due & ~Q(Exists(coming)) & ~Q(Exists(_told(DeviationKind.EARLY_VISIT)))


def _coming(kind: str, morning: datetime) -> QuerySet[Visit]:
    visits = Visit.objects.running().filter(pathway=OuterRef("pk"), kind=kind)
    ahead = ~Q(state=VisitState.PLANNED) | Q(planned_at__gte=morning)
    return visits.filter(ahead)  # type: ignore[no-any-return]


def _told(kind: str) -> QuerySet[Deviation]:
    """Rows after which nothing is left to write: one that stands, or one that a stop forgave."""
    final = Q(lifted_at=None) | Q(lifted_why=Lifted.STOP)
    return Deviation.objects.filter(final, pathway=OuterRef("pk"), kind=kind)  # type: ignore[no-any-return]


def missed_of(pathway: Pathway, at: datetime) -> dict[str, Found]:
    """What this pathway lacks and no visit tells, by kind of deviation; `pathway` carries rules, birth, territory."""
    return _missed(pathway, at)[0]


def _missed(pathway: Pathway, at: datetime) -> tuple[dict[str, Found], Visit | None, Found | None]:
    """What no visit tells, then the visit made without the questionnaire it should have held and what it lacks."""
    today = clock.local_date(at, pathway.territory.time_zone)
    visits = _Visits(pathway)
    missed = visits.missed(today)
    holder, epds = visits.missing_epds(today, at)
    if holder is None and epds is not None:
        missed[DeviationKind.EPDS] = epds
    return missed, holder, epds


# ---- One pathway ------------------------------------------------------------------------------------------------
@transaction.atomic
def look_for_missed(*, pk: int, at: datetime, why: Lifted = Lifted.PLANNED) -> None:
    """Write what this pathway lacks, lift what it no longer does (`why`); a second time changes nothing."""
    pathway = _held(pk)
    if pathway.state != PathwayState.ACTIVE or pathway.birth.is_silent:
        return
    missed, holder, epds = _missed(pathway, at)
    if holder is not None and epds is not None:
        found = {str(DeviationKind.EPDS): epds}
        settle(pathway=pathway, visit=holder, looked_at=list(found), found=found, at=at)
    settle(pathway=pathway, visit=None, looked_at=_OF_PATHWAYS, found=missed, at=at, why=why)


def forgive_missed(*, pathway_id: int, at: datetime) -> None:
    """A stop is over and the days went by meanwhile: what it made impossible is written as such, and asks nothing.

    What stood before the stop stays.
    """
    pathway = _held(pathway_id)
    missed = missed_of(pathway, at)
    rows = Deviation.objects.filter(pathway=pathway, visit=None, kind__in=missed)
    rows.filter(lifted_at__isnull=False).update(lifted_why=Lifted.STOP)
    known = set(rows.order_by("pk").values_list("kind", flat=True))
    for kind in missed.keys() - known:
        own = {"pathway": pathway, "family_id": pathway.family_id, "kind": kind, "detected_at": at}
        Deviation.objects.create(**own, **missed[kind].facts, lifted_at=at, lifted_why=Lifted.STOP)


def _held(pk: int) -> Pathway:
    found: Pathway = (
        Pathway.objects.select_for_update(of=("self",)).select_related("rules", "birth", "territory").get(pk=pk)
    )
    return found


class _Visits:
    """The visits of one pathway beside what its version promises. One query, three more for the questionnaire."""

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.zone = pathway.territory.time_zone
        rows = Visit.objects.filter(pathway=pathway).select_related("territory")
        self.rows = list(rows.order_by("planned_at", "pk"))
        self.running = {row.kind: row for row in self.rows if row.state in VISIT_RUNNING}

    def missed(self, today: date) -> dict[str, Found]:
        """Visits whose days went by, by kind of deviation."""
        found: dict[str, Found] = {}
        for kind, window in self._promised().items():
            rows = [row for row in self.rows if row.kind == kind]
            states = [(row.state, clock.local_date(row.planned_at, self.zone)) for row in rows]
            if rules.is_visit_missed(window, states=states, today=today):
                reason = self._reason(window, rows)
                found[MISSED_KINDS[kind]] = Found(
                    on=window.last,
                    first_day=window.first,
                    last_day=window.last,
                    reason=reason,
                    source=CodingSource.PLAN if reason else "",
                )
        return found

    def _promised(self) -> Mapping[str, Window]:
        """The visits everybody is promised, and the ultra-early one after such a discharge, with their days."""
        own = Window(self.pathway.window_from, self.pathway.window_to)
        version, elsewhere = self.pathway.rules, self.pathway.kinds_elsewhere
        promised = dict.fromkeys(rules.promised_kinds(version.planned_visits, elsewhere), own)
        promised |= {step.kind: step.window for step in plan_of(self.pathway) if step.kind == StepKind.ULTRA_EARLY}
        return {kind: window for kind, window in promised.items() if kind in MISSED_KINDS}

    def _reason(self, window: Window, rows: list[Any]) -> str:
        """What was already said: the inclusion came after its days, or why the last appointment fell through."""
        if clock.local_date(self.pathway.included_at, self.zone) > window.last:
            return str(MissedReason.LATE_INCLUSION)
        return rules.reason_of_missed([row.not_done_reason for row in rows if row.not_done_reason])

    def missing_epds(self, today: date, at: datetime) -> tuple[Visit | None, Found | None]:
        """The visit that should have held the questionnaire (None when it was never made), and what is missing.

        Where the second visit was to hold it and was not made, that deviation tells both.
        """
        kind = self._holder()
        if kind is None or today <= self.pathway.window_to:
            return None, None
        visit = self.running.get(kind)
        if visit is None or visit.state != VisitState.ENDED:
            is_to_come = visit is not None and clock.local_date(visit.planned_at, self.zone) >= today
            if kind == VisitKind.V2 or is_to_come or not self._is_late(self.pathway.window_to):
                return None, None
            return None, self._epds(self.pathway.window_to)
        # Her report says it herself, and why, while it may still come in time.
        is_told_soon = visit.report_due_at is None or (visit.report_delivered_at is None and at <= visit.report_due_at)
        until = max(clock.local_date(visit.started_at or visit.planned_at, self.zone), self.pathway.window_to)
        is_told = Deviation.objects.filter(visit=visit, kind=DeviationKind.EPDS, lifted_at=None).exists()
        if is_told or is_told_soon or not self._is_late(until):
            return None, None
        return visit, self._epds(until)

    def _holder(self) -> str | None:
        """Which visit holds the questionnaire (A09, R058)."""
        version = self.pathway.rules
        before = rules.was_third_before_second(self.running.get(VisitKind.V2), self.running.get(VisitKind.V3))
        for kind in (VisitKind.V2, VisitKind.V3):
            moment = epds_moment(
                kind, version.epds_visit, moves_to_third=version.epds_moves_to_third, third_decided_before_v2=before
            )
            if moment == EpdsMoment.DUE:
                return str(kind)
        return None

    def _is_late(self, until: date) -> bool:
        done = EpdsScreening.objects.filled_by_mother().filter(pathway=self.pathway).order_by("at", "pk").first()
        done_on = clock.local_date(done.at, self.zone) if done else None
        return rules.is_epds_late(until=until, done_on=done_on)

    def _epds(self, on: date) -> Found:
        return Found(on=on, first_day=self.pathway.window_from, last_day=self.pathway.window_to)

"""The pathways under way with what decides about them, for the worklist.

A territory follows a few hundred families at a time (R115: at most 10 000 births a year, 21 days each), whatever its
past. So the set is read whole, by partial indexes, and judged here: an EXISTS per pathway would make PostgreSQL hash
every visit ever made.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from copa.kernel import clock
from copa.kernel.prepared import Prepared
from pathways.enums import PathwayState
from pathways.models import Pathway
from pathways.rules import kinds_of
from visits import rules
from visits.enums import VisitState
from visits.models import Visit
from visits.reads.thread import VisitLike


@dataclass(frozen=True, slots=True)
class UnderWay:
    """One active pathway. `visits` are those that count (planned, started, ended), in order of their plan.

    `promised` are the visits that its version of the programme offers to everybody, and the third once it is decided.
    """

    pk: int
    public_id: UUID
    family_id: int
    ap_id: int | None
    window_to: date
    visits: tuple[VisitLike, ...]
    promised: tuple[str, ...]
    missing: tuple[str, ...]
    has_alert: bool
    late_kind: str
    is_of_week: bool
    is_over: bool
    # Made in another territory before, as {"kind", "on"}.
    elsewhere: Sequence[Mapping[str, str]] = ()

    @property
    def is_todo(self) -> bool:
        """Whether somebody has to decide something."""
        return bool(self.ap_id is None or self.missing or self.has_alert or self.late_kind or self.is_over)


def missing_kinds(kinds: Collection[str], promised: Sequence[str]) -> tuple[str, ...]:
    """The promised visits that have neither a date nor taken place, among the kinds of those that count."""
    return tuple(kind for kind in promised if kind not in kinds)


def under_way(*, with_alert: Collection[int], at: datetime, zone: str) -> list[UnderWay]:
    """Every active pathway of the territory, the nearest end of window first; two queries.

    `with_alert` are the keys of the pathways where a sign waits for an answer.
    """
    visits = _by_pathway(_visits())
    moment = _Moment(at, clock.local_date(at, zone), _week(at, zone))
    return [_judged(row, visits.get(row.pk, ()), with_alert, moment) for row in _pathways()]


@Prepared
def _pathways() -> Any:
    # A family that another territory follows has left from its answer on, before its pathway is ended here.
    active = Pathway.objects.active().filter(family__moved_at=None).order_by("window_to", "pk")
    columns = ("pk", "public_id", "family_id", "ap_id", "window_to", "elsewhere", "is_third_decided")
    return active.values_list(*columns, "rules__planned_visits")


@Prepared
def _visits() -> Any:
    """The visits that count of every pathway under way, in order of their plan."""
    # The join on active pathways drives the query: the visits of closed ones are never touched.
    rows = Visit.objects.running().filter(pathway__state=PathwayState.ACTIVE).order_by("planned_at", "pk")
    columns = ("pathway_id", "kind", "state", "planned_at", "started_at", "report_due_at", "report_delivered_at")
    return rows.values_list(*columns)


def _by_pathway(visits: Iterable[Any]) -> Mapping[int, tuple[VisitLike, ...]]:
    found: dict[int, list[Any]] = {}
    for visit in visits:
        found.setdefault(visit.pathway_id, []).append(visit)
    return {pathway_id: tuple(visits) for pathway_id, visits in found.items()}


def _week(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """First instant of this week's local Monday and of the next one's."""
    today = clock.local_date(at, zone)
    monday = today - timedelta(days=today.weekday())
    return clock.day_bounds(monday, zone)[0], clock.day_bounds(monday + timedelta(days=7), zone)[0]


@dataclass(frozen=True, slots=True)
class _Moment:
    """What a pathway is judged against."""

    at: datetime
    today: date
    week: tuple[datetime, datetime]


def _judged(row: Any, visits: tuple[Any, ...], with_alert: Collection[int], moment: _Moment) -> UnderWay:
    has_alert = row.pk in with_alert
    promised = rules.kinds_to_make(
        row.rules__planned_visits, kinds_of(row.elsewhere), is_third_decided=row.is_third_decided
    )
    return UnderWay(
        pk=row.pk,
        public_id=row.public_id,
        family_id=row.family_id,
        ap_id=row.ap_id,
        window_to=row.window_to,
        visits=visits,
        promised=promised,
        missing=missing_kinds([visit.kind for visit in visits], promised),
        has_alert=has_alert,
        late_kind=_late_kind(visits, moment.at),
        is_of_week=any(moment.week[0] <= visit.planned_at < moment.week[1] for visit in visits),
        is_over=not has_alert and only_closing_left(visits, promised, row.window_to, moment.today),
        elsewhere=row.elsewhere,
    )


def _late_kind(visits: Iterable[Any], at: datetime) -> str:
    """The visit whose report is late; "" when none is."""
    late = rules.ClockState.LATE
    owed = (visit for visit in visits if visit.report_due_at and not visit.report_delivered_at)
    return next((visit.kind for visit in owed if rules.report_clock(visit.report_due_at, None, at).state == late), "")


def only_closing_left(visits: Iterable[Any], promised: Sequence[str], window_to: date, today: date) -> bool:
    """Whether only closing is left: all visits delivered, none to come, those promised done or the days passed.

    A family nobody has visited yet, included late, is never only to be closed (A12).
    """
    if any(visit.state != VisitState.ENDED or visit.report_delivered_at is None for visit in visits):
        return False
    done = {visit.kind for visit in visits}
    return done.issuperset(promised) or (bool(done) and window_to < today)

"""The indicators counted in SQL: one quarter of the territory in scope, a few aggregates, no row leaves the database.

Each query counts the parts that `rules.indicators` defines for one case; a test compares the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from copa.kernel import clock
from copa.kernel.quarters import Quarter
from pathways.enums import ClosingReason, NeedSource, PathwayState, ProposalAnswer
from pathways.models import Need, Orientation, Pathway, Proposal
from pathways.rules.orientations import CLASSES, SEALED_HEALTH, Loop
from reporting.rules.indicators import (
    ADHESION,
    LOOP_OF,
    LOST,
    OUTCOME_DELAY,
    REPORT_IN_TIME,
    STOPPED,
    TWO_VISITS,
    WITHOUT_OUTCOME,
    Counts,
)
from territories.catalogue import TYPES, NeedCategory
from visits.enums import COUNTED_KINDS, STANDARD_KINDS, VisitKind, VisitState
from visits.models import Visit
from visits.reads.plan import made_elsewhere


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter where the families live, seen at one instant: later facts are not there yet."""

    quarter: Quarter
    zone: str
    at: datetime

    @property
    def today(self) -> date:
        """The local date of the instant."""
        return clock.local_date(self.at, self.zone)


def adhesion(period: Period) -> Counts:
    """P02 over the proposals of the quarter."""
    made = Proposal.objects.filter(proposed_on__gte=period.quarter.first, proposed_on__lte=period.quarter.last)
    found = made.aggregate(
        yes=Count("pk", filter=Q(answer=ProposalAnswer.YES)),
        no=Count("pk", filter=Q(answer=ProposalAnswer.NO)),
        all=Count("pk"),
    )
    known = found["yes"] + found["no"]
    return Counts(found["yes"], known, found["all"] - known)


def report_in_time(period: Period) -> Counts:
    """P09 over the visits that ended in the quarter, and those that nobody ended."""
    start, end = period.quarter.bounds(period.zone)
    ended = Visit.objects.filter(state=VisitState.ENDED, ended_at__gte=start, ended_at__lt=end)
    found = ended.filter(report_due_at__lt=period.at).aggregate(
        yes=Count("pk", filter=Q(report_delivered_at__lte=F("report_due_at"))), all=Count("pk")
    )
    reference = Coalesce("started_at", "planned_at", output_field=DateTimeField())
    unknown = Visit.objects.filter(state__in=WITHOUT_OUTCOME).annotate(reference=reference)
    unknown = unknown.filter(reference__gte=start, reference__lt=min(end, period.at - OUTCOME_DELAY))
    return Counts(found["yes"], found["all"], unknown.count())


def two_visits(period: Period) -> Counts:
    """P04 over the pathways whose last day lies in the quarter and has passed."""
    last = min(period.quarter.last, period.today - timedelta(days=1))
    reached = Pathway.objects.filter(window_to__gte=period.quarter.first, window_to__lte=last)
    # What another territory made counts there: a pathway that began elsewhere is no two visits of this one.
    reached = reached.filter(elsewhere=[]).exclude(state=PathwayState.BEREAVED)
    zone = ZoneInfo(period.zone)
    done = _every_kind(lambda kind: _inside(kind, "ended_at", [VisitState.ENDED], zone))
    possible = _every_kind(
        lambda kind: (
            _inside(kind, "ended_at", [VisitState.ENDED], zone) | _inside(kind, "planned_at", WITHOUT_OUTCOME, zone)
        )
    )
    found = _flagged(reached, done, possible).aggregate(
        yes=Count("pk", filter=Q(is_done=True)),
        missing=Count("pk", filter=Q(is_done=False) & (Q(is_possible=True) | Q(state__in=STOPPED))),
        all=Count("pk"),
    )
    return Counts(found["yes"], found["all"] - found["missing"], found["missing"])


def _flagged(pathways: QuerySet[Pathway], done: Q, possible: Q) -> QuerySet[Pathway]:
    return pathways.annotate(is_done=done, is_possible=possible)


def _every_kind(condition: Callable[[str], Q]) -> Q:
    """The condition of every visit that the version of a pathway promises: V1 and V2, and under v1 the third."""
    whole = Q()
    for rank, kind in enumerate(COUNTED_KINDS, start=1):
        is_promised = condition(kind)
        whole &= is_promised if kind in STANDARD_KINDS else Q(rules__planned_visits__lt=rank) | is_promised
    return whole


def _inside(kind: str, column: str, states: list[str] | tuple[str, ...], zone: ZoneInfo) -> Q:
    """Whether a visit of this kind and state lies inside the window, by the local day of `column`."""
    visits = Visit.objects.filter(pathway=OuterRef("pk"), kind=kind, state__in=states)
    visits = visits.annotate(day=TruncDate(column, tzinfo=zone))
    return Q(Exists(visits.filter(day__gte=OuterRef("window_from"), day__lte=OuterRef("window_to"))))


def loop_closed(period: Period, loop: Loop) -> Counts:
    """I9 over the needs spotted in the quarter, whose pathway has passed its last day."""
    start, end = period.quarter.bounds(period.zone)
    spotted = Need.objects.filter(spotted_at__gte=start, spotted_at__lt=end, pathway__window_to__lt=period.today)
    sent = Orientation.objects.filter(need=OuterRef("pk"), sent_at__isnull=False, first_contact_on__isnull=False)
    counted = [code for code, kind in TYPES.items() if kind.entry_class in CLASSES[loop]]
    # A need that came along with a family was counted where it was spotted.
    spotted = spotted.exclude(source=NeedSource.MOVED)
    rows = spotted.filter(_is_spotted_in(loop)).exclude(pathway__state=PathwayState.BEREAVED)
    rows = rows.annotate(is_followed=Exists(sent.filter(target_type__in=counted)))
    found = rows.aggregate(yes=Count("pk", filter=Q(is_followed=True)), all=Count("pk"))
    return Counts(found["yes"], found["all"])


def _is_spotted_in(loop: Loop) -> Q:
    """`rules.orientations.is_spotted_in` as a condition."""
    if loop == Loop.SOCIAL:
        return Q(category=NeedCategory.SOCIAL)
    return Q(category=NeedCategory.HEALTH) | Q(code__in=sorted(SEALED_HEALTH))


def lost(period: Period) -> Counts:
    """P23 over the adhesions of the quarter whose last day has passed."""
    start, end = period.quarter.bounds(period.zone)
    joined = Pathway.objects.filter(included_at__gte=start, included_at__lt=end, window_to__lt=period.today)
    second = Visit.objects.filter(pathway=OuterRef("pk"), kind=VisitKind.V2, state=VisitState.ENDED)
    has_second = Q(Exists(second)) | made_elsewhere(VisitKind.V2)
    rows = joined.exclude(state=PathwayState.BEREAVED).annotate(has_second=has_second)
    is_lost = Q(state=PathwayState.NO_NEWS) | Q(closing_reason=ClosingReason.UNREACHABLE)
    is_open = Q(state__in=[PathwayState.ACTIVE, PathwayState.SUSPENDED])
    found = rows.aggregate(
        yes=Count("pk", filter=Q(is_lost, has_second=False)),
        missing=Count("pk", filter=Q(is_open, has_second=False)),
        all=Count("pk"),
    )
    return Counts(found["yes"], found["all"] - found["missing"], found["missing"])


COUNTERS: dict[str, Callable[[Period], Counts]] = {
    REPORT_IN_TIME.code: report_in_time,
    ADHESION.code: adhesion,
    TWO_VISITS.code: two_visits,
    **{code: partial(loop_closed, loop=loop) for code, loop in LOOP_OF.items()},
    LOST.code: lost,
}

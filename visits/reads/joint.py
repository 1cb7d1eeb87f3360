"""What the PMI is asked to come to, and its first page: relays that wait, joint visits, families not met yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, Subquery

from copa.kernel.french import inner
from pathways.perms import SEE_RELAYS
from pathways.reads.facts import HomeFacts, LastBirth, homes, last_births
from pathways.reads.relays import RelayRow, rows_of
from territories.models import Member
from visits import perms
from visits.enums import VISIT_RUNNING, PartnerReason, PartnerState, VisitState
from visits.models import Report, Visit
from visits.reads.thread import short_kind

SHOWN = 25
# What the first page shows of each list; the list itself has the rest.
FIRST = 8
# A relay due longer ago is one to look for, no longer one of the week (R164: answered within seven days).
FRESH = timedelta(days=30)
# What she made or came to stays on her page that long.
PAST_DELAY = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointVisit:
    """A visit the PMI is asked to, or makes itself. `partner` is "" before a yes; `is_partner`: hers.

    `refused_by` and `refusal`: who said that the PMI does not come, and why; "" otherwise. `has_changed`: somebody of
    the family died and a child is followed, its team is spoken to first.
    """

    public_id: UUID
    kind: str
    at: datetime
    length: timedelta
    ap: str
    partner: str
    partner_state: str
    state: str
    is_own: bool
    is_partner: bool
    refused_by: str
    refusal: str
    home: HomeFacts
    has_changed: bool


@dataclass(frozen=True)
class PmiPage:
    """The first page of the PMI, each list the most urgent first, FIRST lines at most; `to_accept` counts them all.

    Relays that wait since longer than FRESH come after the others, however late: `stale` counts them.
    """

    to_accept: int
    stale: int
    waiting: list[RelayRow]
    joint: list[JointVisit]
    silent: list[RelayRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVisit(JointVisit):
    """A visit she makes or comes to, and where its report is: `report_id` None before it is signed, or not hers."""

    ended_at: datetime | None
    report_due_at: datetime | None
    report_delivered_at: datetime | None
    report_id: UUID | None

    @property
    def owes_report(self) -> bool:
        """Whether she has its report to write."""
        return self.is_own and self.report_due_at is not None and self.report_id is None

    @property
    def may_alert(self) -> bool:
        """Whether the red button stands on it (R077): of a visit of hers that was neither missed nor cancelled."""
        return self.is_own and self.state in VISIT_RUNNING


@dataclass(frozen=True)
class OwnVisits:
    """Her page: reports to write, visits to come or begun, those that are over; SHOWN lines at most in each."""

    owed: list[OwnVisit]
    coming: list[OwnVisit]
    past: list[OwnVisit]

    @property
    def is_empty(self) -> bool:
        return not (self.owed or self.coming or self.past)


def own_visits(member: Member, at: datetime) -> OwnVisits:
    """The visits she makes for the PMI, and those she said she comes to; the same queries for one and for many."""
    comes = Q(ap=member) | Q(partner=member, partner_state=PartnerState.CONFIRMED)
    # What she said no to stays before her while she may take it back.
    refused = Q(partner=member, partner_state=PartnerState.CANCELLED, state=VisitState.PLANNED)
    mine = _with_report(perms.SEE_JOINT.rows(member).filter(comes | refused))
    to_come = Q(state__in=[VisitState.PLANNED, VisitState.STARTED])
    unwritten = Q(ap=member, report_due_at__isnull=False, signed_report=None)
    coming = list(mine.filter(to_come).order_by("planned_at", "pk")[:SHOWN])
    owed = list(mine.filter(unwritten).exclude(to_come).order_by("report_due_at", "pk")[:SHOWN])
    over = mine.exclude(to_come | unwritten).filter(planned_at__gte=at - PAST_DELAY)
    past = list(over.order_by("-planned_at", "-pk")[:SHOWN])
    around = _around((*coming, *owed, *past))
    return OwnVisits(*([_own(visit, around, member) for visit in visits] for visits in (owed, coming, past)))


def pmi_page(member: Member, today: date) -> PmiPage:
    """The same number of queries for one line and for many."""
    relays: Any = SEE_RELAYS.rows(member)
    asked, is_stale = relays.waiting(), Q(due_on__lt=today - FRESH)
    waiting, silent = _first(asked, ExpressionWrapper(is_stale, BooleanField())), _first(relays.without_contact())
    rows = rows_of(waiting + silent, today)
    visits = list(_visits(perms.SEE_JOINT.rows(member)))
    around = _around(visits)
    return PmiPage(
        **asked.aggregate(to_accept=Count("pk"), stale=Count("pk", filter=is_stale)),
        waiting=rows[: len(waiting)],
        joint=[_joint(visit, around, member) for visit in visits],
        silent=rows[len(waiting) :],
    )


def joint_visit(visit: Visit, member: Member) -> OwnVisit:
    """One visit for whoever makes it or comes: when, where, how to reach the family, and nothing of what is written."""
    found = _with_report(Visit.objects.filter(pk=visit.pk)).get()
    return _own(found, _around([found]), member)


@dataclass(frozen=True)
class _Around:
    """The families of some visits, by key."""

    homes: dict[int, HomeFacts]
    births: dict[int, LastBirth]


def _around(visits: Iterable[Visit]) -> _Around:
    families = {visit.family_id for visit in visits}
    return _Around(homes(families), last_births(families))


def _first(relays: Any, *order: Any) -> list[int]:
    return list(relays.order_by(*order, "due_on", "pk").values_list("pk", flat=True)[:FIRST])


def _visits(visits: Any) -> Any:
    coming = visits.filter(state__in=[VisitState.PLANNED, VisitState.STARTED])
    coming = coming.exclude(partner_state=PartnerState.CANCELLED)
    return _with_people(coming).order_by("planned_at", "pk")[:FIRST]


def _with_report(visits: Any) -> Any:
    signed = Report.objects.signed().filter(visit=OuterRef("pk")).values("public_id")[:1]
    return _with_people(visits.annotate(signed_report=Subquery(signed)))


def _with_people(visits: Any) -> Any:
    return visits.select_related("ap__user", "partner__user")


def _joint(visit: Visit, around: _Around, member: Member) -> JointVisit:
    return JointVisit(**_facts(visit, around, member))


def _own(visit: Any, around: _Around, member: Member) -> OwnVisit:
    """`visit` carries `signed_report`."""
    is_own = visit.ap_id == member.pk
    return OwnVisit(
        **_facts(visit, around, member),
        ended_at=visit.ended_at,
        report_due_at=visit.report_due_at if is_own else None,
        report_delivered_at=visit.report_delivered_at,
        report_id=visit.signed_report if is_own else None,
    )


def _facts(visit: Visit, around: _Around, member: Member) -> dict[str, Any]:
    is_coming = visit.partner is not None and visit.partner_state == PartnerState.CONFIRMED
    is_refused = visit.partner is not None and visit.partner_state == PartnerState.CANCELLED
    return {
        "public_id": visit.public_id,
        "kind": short_kind(visit.kind),
        "at": visit.planned_at,
        "length": timedelta(minutes=visit.planned_minutes),
        "ap": visit.ap.user.get_full_name(),
        "partner": visit.partner.user.get_full_name() if is_coming and visit.partner else "",
        "partner_state": visit.partner_state,
        "state": visit.state,
        "is_own": visit.ap_id == member.pk,
        "is_partner": is_coming and visit.partner_id == member.pk,
        "refused_by": visit.partner.user.get_full_name() if is_refused and visit.partner else "",
        "refusal": inner(PartnerReason(visit.partner_reason).label) if visit.partner_reason else "",
        "home": around.homes[visit.family_id],
        "has_changed": around.births[visit.family_id].has_changed,
    }

"""What the PMI is asked to come to, and its first page: relays that wait, joint visits, families not met yet."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pathways import rules
from pathways.models import PmiRelay
from pathways.perms import SEE_RELAYS
from pathways.reads.facts import HomeFacts, homes
from territories.models import Member
from visits import perms
from visits.enums import PartnerState, VisitState
from visits.models import Visit
from visits.reads.thread import short_kind

SHOWN = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class JointVisit:
    """A visit the PMI is asked to, or makes itself. `partner` is "" while nobody has said yes."""

    public_id: UUID
    kind: str
    at: datetime
    length: timedelta
    ap: str
    partner: str
    partner_state: str
    state: str
    is_own: bool
    home: HomeFacts


@dataclass(frozen=True, slots=True)
class RelayLine:
    """A relay of her service in a few words."""

    public_id: UUID
    family: str
    due_on: date
    is_late: bool
    is_handed: bool
    next_contact_on: date | None


@dataclass(frozen=True)
class PmiPage:
    """The first page of the PMI, each list the most urgent first, SHOWN lines at most."""

    waiting: list[RelayLine]
    joint: list[JointVisit]
    silent: list[RelayLine]


def pmi_page(member: Member, at: datetime, today: date) -> PmiPage:
    """The same number of queries for one line and for many."""
    relays: Any = SEE_RELAYS.rows(member)
    waiting = list(_relays(relays.waiting()))
    silent = list(_relays(relays.without_contact()))
    visits = list(_visits(perms.SEE_JOINT.rows(member)))
    around = homes({row.family_id for row in (*waiting, *silent, *visits)})
    return PmiPage(
        waiting=[_line(relay, around, today) for relay in waiting],
        joint=[_joint(visit, around, member) for visit in visits],
        silent=[_line(relay, around, today) for relay in silent],
    )


def joint_visit(visit: Visit, member: Member) -> JointVisit:
    """One visit for the partner: when, where, how to reach the family, and nothing of what is written."""
    found = _with_people(Visit.objects).get(pk=visit.pk)
    return _joint(found, homes({found.family_id}), member)


def _relays(relays: Any) -> Any:
    return relays.order_by("due_on", "pk")[:SHOWN]


def _visits(visits: Any) -> Any:
    coming = visits.filter(state__in=[VisitState.PLANNED, VisitState.STARTED])
    return _with_people(coming).order_by("planned_at", "pk")[:SHOWN]


def _with_people(visits: Any) -> Any:
    return visits.select_related("ap__user", "partner__user")


def _line(relay: PmiRelay, around: dict[int, HomeFacts], today: date) -> RelayLine:
    return RelayLine(
        public_id=relay.public_id,
        family=around[relay.family_id].name,
        due_on=relay.due_on,
        is_late=rules.is_relay_late(relay.due_on, today),
        is_handed=relay.handed_at is not None,
        next_contact_on=relay.next_contact_on,
    )


def _joint(visit: Visit, around: dict[int, HomeFacts], member: Member) -> JointVisit:
    is_coming = visit.partner is not None and visit.partner_state == PartnerState.CONFIRMED
    return JointVisit(
        public_id=visit.public_id,
        kind=short_kind(visit.kind),
        at=visit.planned_at,
        length=timedelta(minutes=visit.planned_minutes),
        ap=visit.ap.user.get_full_name(),
        partner=visit.partner.user.get_full_name() if is_coming and visit.partner else "",
        partner_state=visit.partner_state,
        state=visit.state,
        is_own=visit.ap_id == member.pk,
        home=around[visit.family_id],
    )

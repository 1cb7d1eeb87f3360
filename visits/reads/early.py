"""Ultra-early discharges: who was called, who confirmed, what is still wanted (R054)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Value, When

from copa.kernel import clock
from pathways import perms
from pathways.models import EarlyCall, EarlyCallPerson, FamilyGrant
from pathways.reads.facts import HomeFacts, homes
from pathways.reads.facts.names import Directory
from pathways.reads.names import children_of
from pathways.rules import ultra_early_advice
from territories.enums import Role
from territories.models import Member
from visits.enums import VisitState
from visits.models import Visit

PAGE = 25
PERIOD = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One call. `called` are the names of those who were called, `waits_for` None once it is answered or over.

    `may_confirm`: it is this member's to answer. `is_missed`: its days went by without a visit. `length` of the
    visit (R054). `answered_by` took the call, `confirmed_by` makes the visit: another one, once it was handed over.
    `reopened_at` when the visit that `fallen_by` had confirmed for `fallen_at` fell, None where none did, and
    `reopened_why` a Reopened, or "". `advised` between which instants it is best made (A06), None where the version
    advises nothing.
    """

    public_id: UUID
    pathway_id: UUID
    family_id: UUID
    home: HomeFacts
    children: str
    carrier: str
    first_day: date
    last_day: date
    called_at: datetime
    called: tuple[str, ...]
    confirmed_by: str
    confirmed_at: datetime | None
    answered_by: str
    escalated_at: datetime | None
    ended_at: datetime | None
    reopened_at: datetime | None
    reopened_why: str
    fallen_at: datetime | None
    fallen_by: str
    waits_for: timedelta | None
    is_missed: bool
    may_confirm: bool
    length: timedelta
    advised: tuple[datetime, datetime] | None

    @property
    def answered_in(self) -> timedelta | None:
        """How long the answer took, None while there is none."""
        return self.confirmed_at - self.called_at if self.confirmed_at else None


def call_rows(member: Member, page: str, *, at: datetime, today: date) -> "Page[CallRow]":
    """Calls of the last PERIOD this member may see: those that wait first, then the latest."""
    calls = _recent(member, at)
    waits = Case(When(pk__in=calls.waiting().values("pk"), then=Value(0)), default=Value(1))
    ordered = calls.order_by(waits, "-called_at", "-pk")
    found: Page[Any] = Paginator(ordered.values_list("pk", flat=True), PAGE).get_page(page)
    found.object_list = rows_of(list(found), member, at=at, today=today)
    return found


def waiting_count(member: Member, at: datetime) -> int:
    """How many of these calls nobody has answered, on every page."""
    return int(_recent(member, at).waiting().count())


def _recent(member: Member, at: datetime) -> Any:
    return perms.SEE_EARLY_CALLS.rows(member).filter(called_at__gte=at - PERIOD)


def waiting_for(member: Member, *, at: datetime, today: date) -> list[CallRow]:
    """Calls that this auxiliary may answer now, the oldest first."""
    keys = perms.CONFIRM_EARLY_CALL.rows(member).filter(last_day__gte=today).order_by("called_at", "pk")
    return rows_of(list(keys.values_list("pk", flat=True)), member, at=at, today=today)


def rows_of(keys: list[int], member: Member, *, at: datetime, today: date) -> list[CallRow]:
    """These calls in their order; the same number of queries for one and for fifty."""
    if not keys:
        return []
    calls = EarlyCall.objects.filter(pk__in=keys).select_related("pathway__rules", "family", "birth").order_by("pk")
    found = {call.pk: call for call in calls}
    mine = set(perms.CONFIRM_EARLY_CALL.rows(member).filter(pk__in=keys).order_by().values_list("pk", flat=True))
    people: dict[int, list[int]] = {}
    for call, person in EarlyCallPerson.objects.filter(call__in=keys).order_by("pk").values_list("call", "member"):
        people.setdefault(call, []).append(person)
    directory = Directory()
    for call in found.values():
        directory.expect(
            people=[call.confirmed_by_id, call.answered_by_id, call.fallen_by_id, *people.get(call.pk, ())],
            places=[call.pathway.carrier_id],
        )
    seen = _Seen(directory, homes({call.family_id for call in found.values()}), people, mine, at, today)
    children = children_of(call.birth_id for call in found.values())
    return [_row(found[key], children[found[key].birth_id].words, seen) for key in keys]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a page knows about its calls, and the moment it is drawn."""

    directory: Directory
    homes: dict[int, HomeFacts]
    people: dict[int, list[int]]
    mine: set[int]
    at: datetime
    today: date


def _row(call: EarlyCall, children: str, seen: _Seen) -> CallRow:
    is_open = call.confirmed_at is None and call.ended_at is None
    version = call.pathway.rules
    return CallRow(
        public_id=call.public_id,
        pathway_id=call.pathway.public_id,
        family_id=call.family.public_id,
        home=seen.homes[call.family_id],
        children=children,
        carrier=seen.directory.place(call.pathway.carrier_id).name,
        first_day=call.first_day,
        last_day=call.last_day,
        called_at=call.called_at,
        called=tuple(seen.directory.name(key) for key in seen.people.get(call.pk, ())),
        confirmed_by=seen.directory.name(call.confirmed_by_id),
        confirmed_at=call.confirmed_at,
        answered_by=seen.directory.name(call.answered_by_id or call.confirmed_by_id),
        escalated_at=call.escalated_at,
        ended_at=call.ended_at,
        reopened_at=call.reopened_at,
        reopened_why=call.reopened_why,
        fallen_at=call.fallen_at,
        fallen_by=seen.directory.name(call.fallen_by_id),
        waits_for=seen.at - call.called_at if is_open else None,
        is_missed=is_open and seen.today > call.last_day,
        may_confirm=call.pk in seen.mine,
        length=timedelta(minutes=version.ultra_early_minutes),
        advised=ultra_early_advice(call.birth.at, version.ultra_early_from_hours, version.ultra_early_to_hours),
    )


def follower_of(call: EarlyCall, member: Member) -> str:
    """The auxiliary whom the family keeps when this one makes the early visit; "" when it has no other."""
    planned = Visit.objects.filter(pathway=call.pathway_id, state=VisitState.PLANNED).exclude(ap=member)
    hers = planned.order_by("planned_at").values_list("ap_id", flat=True).first()
    key = call.pathway.ap_id or hers
    if key is None or key == member.pk:
        return ""
    return str(Member.objects.select_related("user").get(pk=key).user.get_full_name())


def visits_near(call: EarlyCall, member: Member) -> list[tuple[datetime, timedelta]]:
    """When this auxiliary is elsewhere on the days of the call, and how long: said before she chooses an hour."""
    zone = call.territory.time_zone
    starts_at, ends_at = clock.day_bounds(call.first_day, zone)[0], clock.day_bounds(call.last_day, zone)[1]
    running = Visit.objects.filter(ap=member, state__in=[VisitState.PLANNED, VisitState.STARTED])
    rows = running.filter(planned_at__gte=starts_at, planned_at__lt=ends_at).order_by("planned_at", "pk")
    return [(at, timedelta(minutes=minutes)) for at, minutes in rows.values_list("planned_at", "planned_minutes")]


def midwives_of(call: EarlyCall, at: datetime) -> list[tuple[str, str]]:
    """Liberal midwives who follow the mother, with their phone: the visit is arranged with them (R054)."""
    grants = FamilyGrant.objects.running(at).to_midwives().of_followers().filter(content_object=call.family_id)
    midwives = Member.objects.with_role(Role.LIBERAL_MIDWIFE).filter(user__in=grants.values("user"))
    rows = midwives.select_related("user").order_by("user__last_name", "pk")
    return [(row.user.get_full_name(), row.user.phone) for row in rows]

"""The duty roster: who is on duty at an instant, the week of a structure, and its gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from copa.kernel import clock
from copa.kernel.access import permission
from territories.enums import ANYWHERE, ROLES_OF_PLACE, DutyPlace
from territories.models import DutyShift, Member, Structure, Territory

# Places that somebody holds at every hour: silent hours do not exist for alerts (alerts.md 7).
ALWAYS_HELD = (DutyPlace.FIRST, DutyPlace.SECOND, DutyPlace.DOCTOR)


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One shift as the week shows it; `starts_before` and `ends_after` say that it goes beyond this day."""

    public_id: UUID
    name: str
    phone: str
    starts_at: datetime
    ends_at: datetime
    is_running: bool
    is_over: bool
    starts_before: bool
    ends_after: bool


@dataclass(frozen=True, slots=True)
class DayHead:
    """One column."""

    on: date
    is_today: bool


@dataclass(frozen=True, slots=True)
class DayCell:
    """The shifts of one place that touch one day."""

    head: DayHead
    shifts: tuple[ShiftLine, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """From one instant to another, in this week and to come, nobody holds a place."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place of the roster over the week; `now` are the names on duty at this instant."""

    label: str
    cells: tuple[DayCell, ...]
    gaps: tuple[Gap, ...]
    now: ShiftLine | None
    is_always_held: bool


@dataclass(frozen=True, slots=True)
class DutyWeek:
    """The roster of a structure over one local week."""

    structure: str
    structure_id: UUID
    structure_phone: str
    monday: date
    sunday: date
    before: date
    after: date
    days: tuple[DayHead, ...]
    rows: tuple[PlaceRow, ...]
    has_shifts: bool
    may_plan: bool

    @property
    def first_on_duty(self) -> ShiftLine | None:
        """Who is called first at this instant."""
        return self.rows[0].now

    @property
    def gaps(self) -> int:
        """How many stretches of this week nobody holds."""
        return sum(len(row.gaps) for row in self.rows)


def on_duty(structure_id: int, place: int, at: datetime) -> list[Member]:
    """Who holds this place of the structure's roster at this instant; those whose rights have ended do not."""
    shifts = DutyShift.objects.running(at).filter(structure=structure_id, place=place)
    found = shifts.select_related("member__user", "member__territory", "member__structure").order_by("pk")
    return [shift.member for shift in found if _has_rights(shift.member, at)]


def planned_structures(member: Member) -> list[tuple[str, str]]:
    """The structures whose roster she may see, hers first: (public id, name)."""
    rows = list(permission("territories.plan_duty").rows(member).order_by("name", "pk"))
    rows.sort(key=lambda one: one.pk != member.structure_id)
    return [(str(one.public_id), one.name) for one in rows]


def candidates(structure: Structure, day: date) -> list[tuple[str, str]]:
    """Who may be put on the roster of this structure from this local day on: (public id, name and role)."""
    roles = frozenset[str]().union(*ROLES_OF_PLACE.values())
    people = Member.objects.with_role(*roles).filter(Q(structure=structure) | Q(role__in=ANYWHERE))
    current = people.filter(Q(ends_on=None) | Q(ends_on__gte=day), user__is_active=True)
    found = current.select_related("user").order_by("user__last_name", "user__first_name", "pk")
    return [(str(one.public_id), f"{one.user.get_full_name()}, {one.get_role_display()}") for one in found]


def duty_week(reader: Member, structure: Structure, monday: date, at: datetime) -> DutyWeek:
    """The roster of this structure for the week that begins on this local Monday. Two queries."""
    zone = reader.territory.time_zone
    today = clock.local_date(at, zone)
    heads = tuple(DayHead(day, day == today) for day in (monday + timedelta(days=n) for n in range(7)))
    bounds = [clock.day_bounds(head.on, zone) for head in heads]
    span = Q(starts_at__lt=bounds[-1][1], ends_at__gt=bounds[0][0]) | Q(starts_at__lte=at, ends_at__gt=at)
    rows = DutyShift.objects.filter(span, structure=structure).select_related("member__user")
    shifts = list(rows.order_by("starts_at", "pk"))
    return DutyWeek(
        structure=structure.name,
        structure_id=structure.public_id,
        structure_phone=structure.phone,
        monday=monday,
        sunday=heads[-1].on,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        days=heads,
        rows=tuple(_row(place, heads, bounds, shifts, at) for place in DutyPlace),
        has_shifts=any(_touches(shift, bounds[0][0], bounds[-1][1]) for shift in shifts),
        may_plan=permission("territories.plan_duty").allows(reader, structure),
    )


def monday_of(day: date) -> date:
    """The Monday of this day's week."""
    return day - timedelta(days=day.weekday())


def gaps_between(taken: Iterable[tuple[datetime, datetime]], first: datetime, last: datetime) -> list[Gap]:
    """The stretches of [first, last) that none of these spans covers; `taken` in order of their beginning."""
    found, free_from = [], first
    for starts_at, ends_at in taken:
        if starts_at > free_from:
            found.append(Gap(free_from, min(starts_at, last)))
        free_from = max(free_from, ends_at)
        if free_from >= last:
            return found
    if free_from < last:
        found.append(Gap(free_from, last))
    return found


def _row(
    place: DutyPlace,
    heads: Sequence[DayHead],
    bounds: Sequence[tuple[datetime, datetime]],
    shifts: Sequence[DutyShift],
    at: datetime,
) -> PlaceRow:
    mine = [shift for shift in shifts if shift.place == place]
    cells = tuple(
        DayCell(head, tuple(_line(shift, at, first, last) for shift in mine if _touches(shift, first, last)))
        for head, (first, last) in zip(heads, bounds, strict=True)
    )
    running = next((shift for shift in mine if shift.starts_at <= at < shift.ends_at), None)
    # What is past can be mended no more: only the gaps to come are told.
    first, last = max(bounds[0][0], at), bounds[-1][1]
    is_always_held = place in ALWAYS_HELD
    spans = [(shift.starts_at, shift.ends_at) for shift in mine if shift.starts_at < last]
    gaps = gaps_between(spans, first, last) if is_always_held and first < last else []
    now = None if running is None else _line(running, at, running.starts_at, running.ends_at)
    return PlaceRow(str(place.label), cells, tuple(gaps), now, is_always_held)


def _line(shift: DutyShift, at: datetime, first: datetime, last: datetime) -> ShiftLine:
    user = shift.member.user
    return ShiftLine(
        public_id=shift.public_id,
        name=user.get_full_name(),
        phone=user.phone,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        is_running=shift.starts_at <= at < shift.ends_at,
        is_over=shift.ends_at <= at,
        starts_before=shift.starts_at < first,
        ends_after=shift.ends_at > last,
    )


def _touches(shift: DutyShift, first: datetime, last: datetime) -> bool:
    return shift.starts_at < last and shift.ends_at > first


def _has_rights(member: Member, at: datetime) -> bool:
    territory: Territory = member.territory
    return member.is_current_on(clock.local_date(at, territory.time_zone))

"""The register of team meetings, and which teams have not met for too long (R049)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, Min, OuterRef, Subquery

from pathways import perms
from pathways.models import TeamMeeting, TeamMeetingAttendee, TeamMeetingPace
from pathways.reads.facts.names import Directory
from pathways.rules.team_meetings import PROGRAMME_DAYS, meeting_due_on
from territories.enums import Role
from territories.models import Member, Structure

PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """A structure with auxiliaries. `last_on` None while no meeting is noted; `due_on` the last day of the next."""

    pk: int
    public_id: UUID
    name: str
    auxiliaries: int
    last_on: date | None
    due_on: date
    is_late: bool
    may_note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """One meeting of the register. `cancelled_by` "" while it counts."""

    public_id: UUID
    team: str
    held_on: date
    topics: str
    people: tuple[str, ...]
    noted_by: str
    cancelled_by: str
    may_cancel: bool


def pace() -> int:
    """How many days at most between two meetings in the territory in scope."""
    return last_change()[0]


def teams(structures: Any, today: date, *, every: int, noted_by: Iterable[int] = ()) -> list[TeamLine]:
    """Those of these structures that have an auxiliary today, the most overdue first. One query.

    `every` is the pace in days; `noted_by` are keys of the structures for which the reader may note a meeting.
    """
    current = Member.objects.current(today).with_role(Role.AP).filter(structure=OuterRef("pk")).order_by()
    held = TeamMeeting.objects.held().filter(structure=OuterRef("pk")).order_by()
    counted = current.values("structure")
    rows = structures.annotate(
        auxiliaries=Subquery(counted.annotate(number=Count("pk")).values("number")),
        since=Subquery(counted.annotate(first=Min("starts_on")).values("first")),
        last_on=Subquery(held.values("structure").annotate(last=Max("held_on")).values("last")),
    ).filter(auxiliaries__gt=0)
    keys = set(noted_by)
    found = [_line(row, every, today, may_note=row.pk in keys) for row in rows.order_by("name", "pk")]
    return sorted(found, key=lambda one: one.due_on)


def _line(row: Any, every: int, today: date, *, may_note: bool) -> TeamLine:
    due = meeting_due_on(row.last_on, row.since, every)
    return TeamLine(
        pk=row.pk,
        public_id=row.public_id,
        name=row.name,
        auxiliaries=row.auxiliaries,
        last_on=row.last_on,
        due_on=due,
        is_late=due < today,
        may_note=may_note,
    )


def late_teams(today: date) -> list[TeamLine]:
    """Every team of the territory in scope whose meeting is overdue."""
    return [one for one in teams(Structure.objects.all(), today, every=pace()) if one.is_late]


def teams_of(member: Member, today: date, *, every: int) -> list[TeamLine]:
    """Teams whose register she reads, with what she may note; `every` is the pace in days."""
    kept = list(perms.KEEP_TEAM_MEETINGS.rows(member).order_by("pk").values_list("pk", flat=True))
    own = [*kept, *([member.structure_id] if member.structure_id else [])]
    return teams(Structure.objects.filter(pk__in=own), today, every=every, noted_by=kept)


def register(member: Member, page: str) -> "Page[MeetingLine]":
    """The meetings she may read, the latest first; four queries for one page, however many lines it has."""
    cancelled = perms.CANCEL_TEAM_MEETING.rows(member).filter(pk=OuterRef("pk"))
    rows = perms.SEE_TEAM_MEETINGS.rows(member).select_related("structure").annotate(may_cancel=Exists(cancelled))
    found: Page[Any] = Paginator(rows.order_by("-held_on", "-pk"), PAGE).get_page(page)
    shown = list(found.object_list)
    keys = [one.pk for one in shown]
    there: dict[int, list[int]] = {}
    for meeting, person in (
        TeamMeetingAttendee.objects.filter(meeting__in=keys).order_by("pk").values_list("meeting", "member")
    ):
        there.setdefault(meeting, []).append(person)
    directory = Directory()
    directory.expect(people=[one.noted_by_id for one in shown] + [one.cancelled_by_id for one in shown])
    directory.expect(people=[person for people in there.values() for person in people])
    found.object_list = [_meeting(one, there.get(one.pk, []), directory) for one in shown]
    return found


def _meeting(row: Any, people: list[int], directory: Directory) -> MeetingLine:
    return MeetingLine(
        public_id=row.public_id,
        team=row.structure.name,
        held_on=row.held_on,
        topics=row.topics,
        people=tuple(sorted(directory.name(key) for key in people)),
        noted_by=directory.name(row.noted_by_id),
        cancelled_by=directory.name(row.cancelled_by_id),
        may_cancel=row.may_cancel and row.cancelled_at is None,
    )


def people_of(structure: Structure, at_day: date) -> list[tuple[str, str]]:
    """Auxiliaries and medical team of this structure, and the coordination: (public id, name and role)."""
    team = Member.objects.current(at_day).filter(structure=structure, role__in=[Role.AP, Role.REFERRING_TEAM])
    others = Member.objects.current(at_day).with_role(Role.COORDINATOR, Role.PMI_DOCTOR)
    found = (team | others).select_related("user").order_by("user__last_name", "user__first_name", "pk")
    return [(str(one.public_id), f"{one.user.get_full_name()}, {one.get_role_display()}") for one in found]


def members_of(keys: Iterable[str]) -> list[Member]:
    """The members of these choices."""
    return list(Member.objects.filter(public_id__in=list(keys)).order_by("pk"))


def last_change() -> tuple[int, datetime | None]:
    """The pace in force and since when; None while it is the programme's."""
    row = TeamMeetingPace.objects.order_by("-valid_from", "-pk").first()
    return (row.every_days, row.valid_from) if row else (PROGRAMME_DAYS, None)

"""Decisions of meetings as tasks: those of one professional, the most urgent first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from pathways import perms
from pathways.enums import DecisionKind, DecisionState
from pathways.models import Decision, DecisionHandover
from pathways.reads.facts import last_births
from pathways.reads.facts.names import Directory
from pathways.reads.meetings import PAGE, DecisionRow, decision_people, decision_row, decisions_for
from pathways.reads.names import mothers_of
from pathways.reads.team_lines import Number, numbers_now
from territories.models import Member


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A decision as a task, with its family; `has_changed`: one of them died, its team is spoken to first."""

    decision: DecisionRow
    family_id: UUID
    family: str
    reference: str
    held_on: datetime
    is_mine: bool
    has_changed: bool


def task_rows(member: Member, today: date, page: str, *, is_mine: bool, is_done: bool) -> "Page[TaskRow]":
    """Decisions to carry out, the most urgent first; or those settled, the latest first."""
    decisions = perms.SETTLE_DECISION.rows(member)
    if is_mine:
        decisions = decisions.filter(owner=member)
    if is_done:
        decisions = decisions.exclude(state=DecisionState.OPEN).filter(owner__isnull=False)
        decisions = decisions.order_by("-settled_at", "-pk")
    else:
        decisions = decisions.owed().order_by("due_on", "pk")
    found: Page[Any] = Paginator(decisions.values_list("pk", flat=True), PAGE).get_page(page)
    found.object_list = _tasks(list(found), member, today)
    return found


def _tasks(keys: list[int], member: Member, today: date) -> list[TaskRow]:
    rows = Decision.objects.filter(pk__in=keys).select_related("family", "item__meeting")
    decisions = {one.pk: one for one in decisions_for(rows, member)}
    directory = Directory()
    for one in decisions.values():
        directory.expect(people=decision_people(one))
    mothers = mothers_of(one.family_id for one in decisions.values())
    births = last_births(one.family_id for one in decisions.values())
    return [
        TaskRow(
            decision=decision_row(one, today, directory),
            family_id=one.family.public_id,
            family=mothers[one.family_id].name,
            reference=one.family.reference,
            held_on=one.item.meeting.planned_at,
            is_mine=one.owner_id == member.pk,
            has_changed=births[one.family_id].has_changed,
        )
        for one in (decisions[key] for key in keys)
    ]


@dataclass(frozen=True, slots=True)
class Handed:
    """One time a decision went from one to another, and why."""

    from_whom: str
    to_whom: str
    reason: str
    by: str
    at: datetime


def handovers_of(decision: Decision) -> tuple[Handed, ...]:
    """How this decision went from one to another, the first time first."""
    rows = DecisionHandover.objects.filter(decision=decision).order_by("at", "pk")
    people = ("from_member__user", "to_member__user", "by__user")
    return tuple(
        Handed(
            one.from_member.user.get_full_name(),
            one.to_member.user.get_full_name(),
            one.reason,
            one.by.user.get_full_name(),
            one.at,
        )
        for one in rows.select_related(*people)
    )


def number_for_call(decision: Decision, member: Member, at: datetime) -> Number | None:
    """The line of the referring team, for whoever is to call a mother whose number is not in the file she reads.

    None when her file shows it, or when nobody is to be called.
    """
    if decision.kind != DecisionKind.CALL or perms.reads_home(member):
        return None
    pathway = decision.item.pathway
    team = pathway.carrier if pathway else decision.family.maternity
    return numbers_now([team], at, decision.territory)[team.pk]


def task_count(member: Member) -> int:
    """How many decisions wait for this member; served by a partial index."""
    return int(Decision.objects.owed().filter(owner=member).count())

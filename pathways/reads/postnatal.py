"""Mothers whose early postnatal interview nobody has noted (K08, R015): who is to ask them, and until when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from pathways import perms, rules
from pathways.enums import CalendarStatus
from pathways.models import CalendarItem, CalendarRule, Pathway
from territories.models import Member

INTERVIEW = "K08"
# How long after its last day it is still asked about. Ours to choose.
ASKED_AFTER = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A mother of whom nothing is known; `due_on` is the last day of her interview."""

    family_id: int
    public_id: UUID
    due_on: date


def without_interview(member: Member, today: date) -> list[Unknown]:
    """Mothers she follows, from the first day shown (D+28, never before), the longest wait first.

    Nothing in mourning, after a stop, or for a midwife the mother does not agree to. A query, and one per rule.
    """
    if not perms.REMIND_POSTNATAL.is_held_by(member):
        return []
    rows = CalendarRule.objects.filter(code=INTERVIEW, start__isnull=False).order_by("position", "pk")
    found = [one for rule in rows for one in _of_rule(rule, member, today)]
    return sorted(found, key=lambda one: (one.due_on, one.family_id))


def _of_rule(rule: CalendarRule, member: Member, today: date) -> list[Unknown]:
    assert rule.start is not None, "a window is asked for"
    assert rule.end is not None, "a window has an end"
    length = timedelta(days=rule.end)
    births = perms.REMIND_POSTNATAL.rows(member).filter(
        _period(rule),
        Exists(Pathway.objects.filter(birth=OuterRef("pk")).exclude(state__in=rules.STOPPED)),
        ~Exists(_known(today)),
        day__gte=today - length - ASKED_AFTER,
        day__lte=today - timedelta(days=rule.start),
        is_silent=False,
        family__moved_at=None,
    )
    columns = births.order_by("day", "pk").values_list("family_id", "family__public_id", "day")
    return [Unknown(family, public_id, day + length) for family, public_id, day in columns]


def _period(rule: CalendarRule) -> Q:
    """The births this rule is written for."""
    since = Q(day__gte=rule.births_from) if rule.births_from else Q()
    return since & (Q(day__lte=rule.births_to) if rule.births_to else Q())


def _known(today: date) -> Any:
    """Done, refused, or planned for a day that has not passed."""
    planned = Q(status=CalendarStatus.PLANNED) & (Q(on=None) | Q(on__gte=today))
    told = Q(status__in=[CalendarStatus.DONE, CalendarStatus.REFUSED]) | planned
    return CalendarItem.objects.filter(told, birth=OuterRef("pk"), child=None, code=INTERVIEW)

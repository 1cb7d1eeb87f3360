"""Suggestions and corrections to decide, scales to propose again. Nothing says what was answered."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from copa.kernel import clock
from copa.kernel.french import NBSP, inner
from pathways import perms
from pathways.enums import EPDS_CAUSES, SuggestionCause, SuggestionKind
from pathways.reads.epds import due_again
from pathways.reads.facts.words import words
from pathways.reads.postnatal import without_interview
from pathways.reads.suggestions import still_waiting
from territories.models import Member
from visits.reads.todo.base import Now, Subject, Waiting

_COLUMNS = ("public_id", "family_id", "kind", "cause", "is_same_day", "suggested_at", "pathway__window_to")


def suggestions(member: Member, now: Now) -> Iterator[Waiting]:
    """A third visit or a talk of the team, undecided; in mourning only the call of the same day (A38)."""
    rows = still_waiting(perms.DECIDE_SUGGESTION.rows(member), now.at)
    rows = rows.filter(Q(pathway__birth__is_silent=False) | Q(is_same_day=True), family__moved_at=None)
    for one in rows.order_by("suggested_at", "pk").values_list(*_COLUMNS, named=True):
        yield Waiting(
            subject=Subject.SCREENING,
            family_id=one.family_id,
            words=f"Décider{NBSP}: {inner(words(SuggestionKind, one.kind))}",
            detail=words(SuggestionCause, one.cause),
            due=_due(one, now),
            page="pathways:decide_suggestion",
            public_id=one.public_id,
            is_pressing=_is_of_the_day(one),
        )


def _is_of_the_day(suggestion: Any) -> bool:
    """alerts.md 3: what an EPDS suggests stands on top of the list, and is answered the same day."""
    return bool(suggestion.is_same_day or suggestion.cause in EPDS_CAUSES)


def _due(suggestion: Any, now: Now) -> date:
    """The same day, or for a third visit the last day of the visits."""
    if _is_of_the_day(suggestion):
        return clock.local_date(suggestion.suggested_at, now.zone)
    due: date = suggestion.pathway__window_to
    return due


def scales(member: Member, now: Now) -> Iterator[Waiting]:
    """Mothers to whom the scale is due again, for those who may record one outside a visit."""
    if not perms.RECORD_EPDS.is_held_by(member):
        return
    rows = due_again(member, now.today).filter(family__moved_at=None)
    for family_id, public_id, repeat_on in rows.values_list("family_id", "family__public_id", "repeat_on"):
        yield Waiting(
            subject=Subject.SCREENING,
            family_id=family_id,
            words="Reproposer l’EPDS",
            due=repeat_on,
            page="pathways:epds_new",
            public_id=public_id,
        )


def interviews(member: Member, now: Now) -> Iterator[Waiting]:
    """Mothers whose early postnatal interview nobody has noted (K08)."""
    for one in without_interview(member, now.today):
        yield Waiting(
            subject=Subject.POSTNATAL,
            family_id=one.family_id,
            words="Demander si l’entretien postnatal est pris",
            due=one.due_on,
            page="pathways:calendar",
            public_id=one.public_id,
        )


def corrections(member: Member, now: Now) -> Iterator[Waiting]:
    """Corrections of a scale that the team accepts or not."""
    rows = perms.DECIDE_CORRECTION.rows(member).filter(family__moved_at=None).order_by("asked_at", "pk")
    for public_id, family_id, asked_at in rows.values_list("screening__public_id", "family_id", "asked_at"):
        yield Waiting(
            subject=Subject.SCREENING,
            family_id=family_id,
            words="Accepter ou non une correction d’EPDS",
            due=clock.local_date(asked_at, now.zone),
            page="pathways:epds_values",
            public_id=public_id,
        )

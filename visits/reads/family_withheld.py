"""What of a family's file this member may not read, beside its reports: needs, minutes, coordination, observations."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from copa.kernel.access import Perm
from copa.kernel.french import plural
from pathways.models import CoordinationEntry, MeetingItem, Need, readable_needs
from pathways.perms import EDIT_FAMILY, READ_COORDINATION, READ_MINUTES, SEE_COORDINATION, SEE_NEEDS, is_of_team
from territories.models import Member


def withheld(family: int, member: Member) -> Iterator[str]:
    """Each in a sentence; the same counts as the pages of those parts. Three queries at most, none for the team."""
    # Whoever corrects the file is of its team: nothing is withheld from her but what is sealed.
    if EDIT_FAMILY.is_held_by(member):
        return
    if needs := _needs(family, member):
        told = plural(needs, "besoin en cours et ses orientations,besoins en cours et leurs orientations")
        yield f"{told}\u00a0: il faut l’accord de la mère, tant que l’accompagnement continue."
    if not SEE_COORDINATION.is_held_by(member):
        yield "Ce qui est noté des réunions et des temps de coordination."
    else:
        yield from _coordination(family, member)
    if not is_of_team(member):
        # The same sentence whether or not there is one: that somebody wrote something would already tell.
        yield "Les observations écrites pour d’autres professionnels que vous."


def _closed(rows: Any, perm: Perm, member: Member) -> int:
    """How many of these rows she may not read."""
    return int(rows.filter(~Exists(perm.rows(member).filter(pk=OuterRef("pk")))).count())


def _needs(family: int, member: Member) -> int:
    return _closed(readable_needs(Need.objects.running().filter(family=family), member), SEE_NEEDS, member)


def _coordination(family: int, member: Member) -> Iterator[str]:
    held = MeetingItem.objects.filter(family=family, meeting__closed_at__isnull=False)
    if minutes := _closed(held, READ_MINUTES, member):
        yield f"Le compte rendu de {plural(minutes, 'réunion')}."
    if entries := _closed(CoordinationEntry.objects.filter(family=family), READ_COORDINATION, member):
        yield f"Ce qui est noté de {plural(entries, 'temps de coordination,temps de coordination')}."

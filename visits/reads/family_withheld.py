"""What of a family's file this member may not read, beside its reports: needs, minutes, coordination, observations."""

from collections.abc import Iterator

from copa.kernel.french import plural
from pathways.models import CoordinationEntry, MeetingItem, Need, readable_needs
from pathways.perms import EDIT_FAMILY, READ_COORDINATION, READ_MINUTES, SEE_COORDINATION, SEE_NEEDS, is_of_team
from territories.models import Member


def withheld(family: int, member: Member) -> Iterator[str]:
    """Each in a sentence; the same counts as the pages of those parts. Six queries at most, none for the team."""
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


def _needs(family: int, member: Member) -> int:
    hers = readable_needs(Need.objects.running().filter(family=family), member).count()
    return int(hers - SEE_NEEDS.rows(member).running().filter(family=family).count())


def _coordination(family: int, member: Member) -> Iterator[str]:
    held = MeetingItem.objects.filter(family=family, meeting__closed_at__isnull=False).count()
    if minutes := held - READ_MINUTES.rows(member).filter(family=family).count():
        yield f"Le compte rendu de {plural(minutes, 'réunion')}."
    noted = CoordinationEntry.objects.filter(family=family).count()
    if entries := noted - READ_COORDINATION.rows(member).filter(family=family).count():
        yield f"Ce qui est noté de {plural(entries, 'temps de coordination,temps de coordination')}."

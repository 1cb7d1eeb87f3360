"""What opens the discussion of a family at a meeting, in the words each reader may read (documents.md 3, block 2)."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef

from pathways import perms
from pathways.enums import MeetingCause
from pathways.models import MeetingItem
from pathways.reads.routing import mood_agreements
from territories.models import Member

NEUTRAL = "Point d’équipe"
# A family comes to a meeting by its EPDS for a result at the threshold or above: the cause tells the result. The
# team's own causes read the same, so that the neutral words tell nothing.
_NEUTRAL_FOR_OTHERS = frozenset({MeetingCause.EPDS, MeetingCause.TEAM})


def cause_labels(items: Collection[Any], member: Member) -> dict[int, str]:
    """The cause of each of these items as this member reads it, by key; one query outside the team, none inside."""
    told = _told_of_mood(items, member)
    return {item.pk: _label(item.cause, is_told=told is None or item.pk in told) for item in items}


def _label(cause: str, *, is_told: bool) -> str:
    return NEUTRAL if cause in _NEUTRAL_FOR_OTHERS and not is_told else str(MeetingCause(cause).label)


def _told_of_mood(items: Collection[Any], member: Member) -> set[int] | None:
    """Those of whose mother she may read the result of the questionnaire now, as in a report; None for all of them."""
    if perms.is_of_team(member):
        return None
    hers = perms.readable_outside(
        MeetingItem.objects.filter(pk__in=[item.pk for item in items]), member, pathway="pathway"
    )
    told = hers.filter(Exists(mood_agreements(OuterRef("family"))), ~perms.reads_for_child(member))
    return set(told.order_by().values_list("pk", flat=True))

"""To whom a meeting may give something to do, and to whom it is handed once she cannot, or is not the one to."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from pathways import perms
from pathways.models import Decision, MeetingItem, MeetingParticipant, Pathway, PmiRelay
from territories.models import Member


def known_families(member: Member, among: Collection[int]) -> set[int]:
    """Those of these families whose file she may open; one query a person, a dozen people at a meeting."""
    return set(perms.SEE_FAMILY.rows(member).filter(pk__in=among).order_by().values_list("pk", flat=True))


def owners_for(item: MeetingItem) -> list[Member]:
    """Who may carry something out: those invited who may open the family's file, and her auxiliary; by name."""
    return _knowing(Member.objects.filter(_at_table(item)), item)


def heirs_of(decision: Decision, today: date) -> list[Member]:
    """To whom this decision may be handed: those whom the meeting could have given it, and those who came since.

    Her team, and the PMI that has her relay now; whose rights run today, who may open her file; by name.
    """
    item = decision.item
    relays = PmiRelay.objects.shown().filter(family=item.family_id)
    came_since = Q(structure=item.meeting.structure_id) | Q(structure__in=relays.values("sector__structure"))
    people = Member.objects.current(today).filter(_at_table(item) | came_since).exclude(pk=decision.owner_id)
    return [one for one in _knowing(people, item) if perms.SETTLE_DECISION.is_held_by(one)]


def _at_table(item: MeetingItem) -> Q:
    """Those invited to the meeting of the item, and the auxiliary of the family."""
    invited = MeetingParticipant.objects.filter(meeting=item.meeting_id)
    auxiliary = Pathway.objects.filter(family=item.family_id, ap__isnull=False)
    return Q(pk__in=invited.values("member")) | Q(pk__in=auxiliary.values("ap"))


def _knowing(members: "QuerySet[Member]", item: MeetingItem) -> list[Member]:
    rows = members.select_related("user", "structure").order_by("user__last_name", "user__first_name", "pk")
    return [person for person in rows if known_families(person, [item.family_id])]

"""Time given by the team to sharing about one family (R099)."""

from datetime import date, datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways import rules
from pathways.actions.shared import local_day
from pathways.models import CoordinationEntry, Family, Pathway
from territories.models import Member


@transaction.atomic
def note_coordination(
    *, family: Family, on: date, minutes: int, participants: str, note: str, by: Member, at: datetime
) -> CoordinationEntry:
    """Note that the team spoke about this family. Raises `not_included`, `day_to_come`, `day_before`, `minutes`."""
    pathway = Pathway.objects.filter(family=family).select_related("birth").order_by("-included_at", "-pk").first()
    if pathway is None:
        raise BusinessError("not_included", "Cette famille n’est pas encore incluse.")
    if on > local_day(at):
        raise BusinessError("day_to_come", "Cette date est à venir.", field="on")
    if on < pathway.birth.day:
        raise BusinessError("day_before", "Cette date précède la naissance.", field="on")
    if minutes not in rules.COORDINATION_MINUTES:
        raise BusinessError("minutes", "De 1 à 480 minutes.", field="minutes")
    with refusals_of(CoordinationEntry):
        entry: CoordinationEntry = CoordinationEntry.objects.create(
            family=family,
            pathway=pathway,
            on=on,
            minutes=minutes,
            participants=participants,
            note=note,
            noted_by=by,
            noted_at=at,
        )
    return entry

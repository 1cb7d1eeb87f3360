"""CoPa was not proposed, and why; births that have no file are only counted."""

from datetime import date, datetime, timedelta

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways import rules
from pathways.actions.proposals import check_not_silent
from pathways.actions.shared import local_day
from pathways.models import Birth, NotProposed, Proposal, UnnamedBirths
from territories.models import Member, Structure


@transaction.atomic
def note_not_proposed(*, birth: Birth, reason: str, by: Member, at: datetime) -> None:
    """Say why CoPa was not proposed; said again, the last reason stands. A later proposal takes its place.

    Raises `birth_in_silence` (A38) and `already_proposed`.
    """
    held = Birth.objects.select_for_update(of=("self",)).get(pk=birth.pk)
    check_not_silent(held)
    if Proposal.objects.filter(birth=birth).exists():
        raise BusinessError("already_proposed", "CoPa a déjà été proposé pour cette naissance.")
    values = {"reason": reason, "noted_by": by, "noted_at": at}
    NotProposed.objects.update_or_create(
        birth=birth, defaults=values, create_defaults=values | {"family_id": birth.family_id}
    )


@transaction.atomic
def count_unnamed(*, maternity: Structure, day: date, reason: str, number: int, by: Member, at: datetime) -> None:
    """How many births of this day and maternity have no file, for this reason: the number of the day, not one more.

    Sent twice it changes nothing; a mistake is corrected by sending the right number. Raises `day_in_future`,
    `day_long_past`, `unnamed_births_plausible`.
    """
    if day > local_day(at):
        raise BusinessError("day_in_future", "Ce jour n’est pas encore passé.", field="day")
    if day < local_day(at) - timedelta(days=rules.WARD_DAYS):
        message = f"Ce jour date de plus de {rules.WARD_DAYS} jours."
        raise BusinessError("day_long_past", message, field="day")
    with refusals_of(UnnamedBirths):
        UnnamedBirths.objects.update_or_create(
            maternity=maternity, day=day, reason=reason, defaults={"number": number, "noted_by": by, "noted_at": at}
        )

"""The register of follow-up committees (R091, R092): one is noted, or taken back."""

from datetime import date, datetime, timedelta

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from territories.enums import CommitteeKind
from territories.models import Committee, Region, User

# As far back as somebody may note a committee that nobody wrote down.
OLDEST = timedelta(days=366)


@transaction.atomic
def note_committee(
    *, region: Region | None, held_on: date, participants: str, minutes: str, by: User, today: date, at: datetime
) -> Committee:
    """A committee that took place: national without a region. Raises `day_ahead`, `too_old`, `committee_once_a_day`."""
    if held_on > today:
        raise BusinessError("day_ahead", "Ce jour n’est pas encore venu : notez-le une fois tenu.", field="held_on")
    if held_on < today - OLDEST:
        raise BusinessError("too_old", "Cette date a plus d’un an : vérifiez-la.", field="held_on")
    with refusals_of(Committee, beside="held_on"):
        made: Committee = Committee.objects.create(
            kind=CommitteeKind.TERRITORIAL if region else CommitteeKind.NATIONAL,
            region=region,
            held_on=held_on,
            participants=participants.strip(),
            minutes=minutes.strip(),
            noted_by=by,
            noted_at=at,
        )
    return made


@transaction.atomic
def cancel_committee(*, committee: Committee, by: User, at: datetime) -> None:
    """It was noted by mistake: it stays in the register, and counts no more. Raises `cancelled`."""
    if not Committee.objects.held().filter(pk=committee.pk).update(cancelled_at=at, cancelled_by=by):
        raise BusinessError("cancelled", "Ce comité est déjà annulé.")

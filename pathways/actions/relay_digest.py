"""The daily digest of relays that nobody has accepted for more than seven days: once a local day, counts and a link.

The key of the mail holds the local day and the reader: run again, by two workers or after a kill, the second one finds
it written. It leaves from eight in the morning where the territory lives, whatever the clocks do.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F

from copa.kernel import clock
from pathways import relay_notices as notices
from pathways.actions.shared import local_zone
from pathways.models import PmiRelay
from territories.enums import Role
from territories.models import Member, OutgoingMessage

# When people who can act on it arrive; local hours.
DIGEST_FROM = time(8)


@dataclass(frozen=True, slots=True)
class Digest:
    """One mail: to whom, under which name of the reader, how many relays wait."""

    to: str
    reader: str
    number: int


def digests_due(*, at: datetime) -> list[Digest]:
    """The digests of this local day that are not written yet, in the territory in scope; none before eight."""
    zone = local_zone()
    if at.astimezone(ZoneInfo(zone)).time() < DIGEST_FROM:
        return []
    day = clock.local_date(at, zone)
    wanted = {notices.digest_key(day, one.reader): one for one in (*_services(day), *_coordinators(day)) if one.to}
    written = OutgoingMessage.objects.filter(dedup_key__in=wanted).order_by("pk").values_list("dedup_key", flat=True)
    return [wanted[key] for key in sorted(set(wanted) - set(written))]


@transaction.atomic
def send_digest(*, digest: Digest, at: datetime) -> bool:
    """Write one digest; False when another worker has just done so."""
    return notices.late_relays(
        to=digest.to, reader=digest.reader, day=clock.local_date(at, local_zone()), number=digest.number, at=at
    )


def _services(day: date) -> list[Digest]:
    """Each PMI service with what it has not accepted."""
    waiting = PmiRelay.objects.shown().late(day).filter(sector__isnull=False).order_by()
    service = F("sector__structure__public_id")
    counted = waiting.values_list("sector__structure__mailbox", service).annotate(number=Count("pk"))
    return [Digest(mailbox, str(reader), number) for mailbox, reader, number in counted]


def _coordinators(day: date) -> list[Digest]:
    """The coordinators with those of the whole territory, and what a PMI gave back."""
    number = PmiRelay.objects.late(day).count()
    if not number:
        return []
    coordinators = Member.objects.current(day).with_role(Role.COORDINATOR).order_by("pk")
    found = coordinators.values_list("user__email", "public_id")
    return [Digest(to, str(reader), number) for to, reader in found]

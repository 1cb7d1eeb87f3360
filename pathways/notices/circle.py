"""What the circle writes to people: a neutral mail that says something waits, and where to sign in (L13)."""

from datetime import datetime

from copa.kernel import clock
from copa.kernel.french import NBSP
from pathways.models import Family, FamilyGrant, Pathway
from territories.enums import Role
from territories.models import Member, Territory
from territories.notices import queue_notice

FILE_OPENED = f"CoPa{NBSP}: un dossier a été ouvert en urgence"


def file_opened(*, grant: FamilyGrant, at: datetime) -> None:
    """To the coordinators and the team that answers for the family, at once: somebody opened a file by herself."""
    key = f"file-opened:{grant.pk}:{at:%Y%m%d%H%M%S}"
    readers = _answering(grant.content_object, at)
    queue_notice(subject=FILE_OPENED, template="file_opened", readers=readers, key=key, at=at)


def _answering(family: Family, at: datetime) -> set[str]:
    """Addresses of those who answer for a family: the coordinators, and the mailbox of its team or maternity."""
    zone = Territory.objects.values_list("time_zone", flat=True).get(pk=family.territory_id)
    day = clock.local_date(at, zone)
    coordinators = Member.objects.current(day).with_role(Role.COORDINATOR).order_by("pk")
    last = Pathway.objects.filter(family=family).select_related("carrier").order_by("-included_at", "-pk").first()
    mailbox = last.carrier.mailbox if last else family.maternity.mailbox
    return {*coordinators.values_list("user__email", flat=True), mailbox}

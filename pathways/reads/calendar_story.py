"""What the calendar tells the story of a family: what was done or refused, of those who are followed."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from copa.kernel.french import NBSP
from pathways.calendar_table import LINES
from pathways.enums import CalendarStatus
from pathways.models import CalendarItem, Death, Family
from pathways.perms import SEE_CALENDAR
from pathways.reads.told import Told
from territories.models import Member

_TOLD = (CalendarStatus.DONE, CalendarStatus.REFUSED)
_LABELS = {line["code"]: line["label"] for line in LINES}


def calendar_events(family: Family, member: Member) -> Iterator[Told]:
    """Each line done or refused, when it was noted; one query. Nothing of somebody who died (A38)."""
    if not SEE_CALENDAR.is_held_by(member):
        return
    mourned = Death.objects.standing().filter(birth=OuterRef("birth"), child=None)
    rows = CalendarItem.objects.filter(family=family, status__in=_TOLD, birth__is_silent=False, child__closed_at=None)
    followed = rows.filter(Q(child__isnull=False) | ~Exists(mourned)).select_related("child", "noted_by__user")
    for row in followed.order_by("noted_at", "pk"):
        who = f", {row.child.shown_name}" if row.child else ""
        is_done = row.status == CalendarStatus.DONE
        yield Told(
            at=row.noted_at,
            icon="check" if is_done else "x",
            state="ok" if is_done else "",
            title=f"{_LABELS.get(row.code, row.code)}{who}{NBSP}: {'fait' if is_done else 'refusé'}",
            text=f"Noté par {row.noted_by.user.get_full_name()}.",
            page="pathways:calendar",
            public_id=family.public_id,
        )

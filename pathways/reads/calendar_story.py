"""What the calendar tells the story of a family: what was done or refused, of those who are followed."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q

from copa.kernel.french import NBSP
from copa.kernel.prepared import Prepared
from pathways.calendar_table import LINES
from pathways.enums import CalendarStatus
from pathways.models import CalendarItem, Death, Family
from pathways.perms import SEE_CALENDAR
from pathways.reads.facts.names import name_columns, name_of
from pathways.reads.told import KeptSource, Told
from pathways.rules import shown_name
from territories.models import Member

_TOLD = (CalendarStatus.DONE, CalendarStatus.REFUSED)
_LABELS = {line["code"]: line["label"] for line in LINES}


def _told(family: Family, _: Member, rows: list[Any]) -> Iterator[Told]:
    for row in rows:
        who = f", {shown_name(row.child__first_name)}" if row.child_id else ""
        is_done = row.status == CalendarStatus.DONE
        yield Told(
            at=row.noted_at,
            icon="check" if is_done else "x",
            state="ok" if is_done else "",
            title=f"{_LABELS.get(row.code, row.code)}{who}{NBSP}: {'fait' if is_done else 'refusé'}",
            text=f"Noté par {name_of(row, 'noted_by')}.",
            page="pathways:calendar",
            public_id=family.public_id,
        )


@Prepared
def _lines(family: Any) -> Any:
    mourned = Death.objects.of_mothers().filter(birth=OuterRef("birth"))
    rows = CalendarItem.objects.filter(family=family, status__in=_TOLD, birth__is_silent=False, child__closed_at=None)
    followed = rows.filter(Q(child__isnull=False) | ~Exists(mourned)).order_by("noted_at", "pk")
    return followed.values_list(
        "noted_at", "status", "code", "child_id", "child__first_name", *name_columns("noted_by")
    )


# Each line done or refused, when it was noted. Nothing of somebody who died (A38).
CALENDAR = KeptSource(SEE_CALENDAR, (_lines,), _told)

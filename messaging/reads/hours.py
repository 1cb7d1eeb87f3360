"""The auxiliaries and when they read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from copa.kernel import clock
from messaging.perms import SET_HOURS
from messaging.reads.standing import weeks_of
from messaging.reads.words import week_words
from territories.models import Member


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One auxiliary and her week, in words."""

    public_id: UUID
    name: str
    structure: str
    week: str


def hours_rows(member: Member, at: datetime) -> list[HoursRow]:
    """Those whose hours this member may set, by name. Two queries."""
    today = clock.local_date(at, member.territory.time_zone)
    rows = SET_HOURS.rows(member).current(today).select_related("user", "structure")
    people = sorted(rows.order_by("pk"), key=lambda one: one.user.get_full_name())
    weeks = weeks_of(one.pk for one in people)
    return [
        HoursRow(one.public_id, one.user.get_full_name(), one.structure.name, week_words(weeks[one.pk]))
        for one in people
    ]

"""What a person does by voice after a death: the same day, until each step is noted (alerts.md 6.1)."""

from collections.abc import Iterator

from copa.kernel import clock
from copa.kernel.french import plural
from pathways.enums import AlertKind
from pathways.reads.aftercare import unfinished
from territories.models import Member
from visits.reads.todo.base import Now, Subject, Waiting


def aftercare(member: Member, now: Now) -> Iterator[Waiting]:
    """One line for each birth, under its first step; nothing of who died nor of the children (A38)."""
    for one in unfinished(member):
        left = plural(len(one.left), "chose à faire,choses à faire")
        yield Waiting(
            subject=Subject.AFTERCARE,
            family_id=one.family_id,
            words=str(one.left[0].label),
            detail=f"{AlertKind.DEATH.label}, {left}",
            due=clock.local_date(one.since, now.zone),
            page="pathways:aftercare",
            public_id=one.birth,
            is_pressing=True,
            is_bare=True,
        )

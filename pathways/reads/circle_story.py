"""Who joined the circle of a family and who left it, as her story tells it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from copa.kernel.prepared import Prepared
from pathways.enums import CircleEnd, CircleRole
from pathways.models import CareCircleMember, Family
from pathways.perms import SEE_CIRCLE
from pathways.reads.facts.names import name_columns, name_of
from pathways.reads.facts.words import words
from pathways.reads.told import KeptSource, Told
from territories.models import Member

_COLUMNS = ("name", "role", "added_at", "ended_at", "end_reason", *name_columns("member"))


@Prepared
def _people(family: Any) -> Any:
    return CareCircleMember.objects.filter(family=family).order_by("added_at", "pk").values_list(*_COLUMNS)


def _tell(family: Family, member: Member, people: list[Any]) -> Iterator[Told]:
    """Each arrival, and each departure with its reason."""
    for row in people:
        name = row.name or name_of(row, "member")
        yield _event(family, row.added_at, f"{name} rejoint le cercle", words(CircleRole, row.role))
        if row.ended_at is not None:
            yield _event(family, row.ended_at, f"{name} quitte le cercle", words(CircleEnd, row.end_reason))


def _event(family: Family, at: datetime, title: str, text: str) -> Told:
    return Told(at=at, icon="family", title=title, text=f"{text}.", page="pathways:circle", public_id=family.public_id)


CIRCLE = KeptSource(SEE_CIRCLE, (_people,), _tell)

"""Who came and cared herself, as the story of the family tells it (R111)."""

from collections.abc import Iterator
from typing import Any

from copa.kernel.french import NBSP, moment
from copa.kernel.prepared import Prepared
from pathways.models import Family, InHand
from pathways.perms import SEE_IN_HAND
from pathways.reads.facts.names import name_columns, name_of
from pathways.reads.facts.words import words
from pathways.reads.told import KeptSource, Told
from territories.enums import Role
from territories.models import Member


@Prepared
def _rows(family: Any) -> Any:
    columns = ("since", "why", "by__role", *name_columns("by"))
    return InHand.objects.filter(family=family).order_by("since", "pk").values_list(*columns)


def _tell(family: Family, member: Member, rows: list[Any]) -> Iterator[Told]:
    """Each with who, what she is, and why."""
    for row in rows:
        yield Told(
            at=row.since,
            icon="hand",
            state="info",
            title=f"Prise en main{NBSP}: {name_of(row, 'by')}",
            text=f"{words(Role, row.by__role)}, {moment(row.since)}. {row.why}",
        )


IN_HAND = KeptSource(SEE_IN_HAND, (_rows,), _tell)

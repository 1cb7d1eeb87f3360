"""A midwife whom an alert could not reach, as the story of the family tells it (R075)."""

from collections.abc import Iterator
from typing import Any

from copa.kernel.prepared import Prepared
from pathways.enums import ToldBy
from pathways.models import AlertNotice, Family
from pathways.perms import SEE_PAUSES
from pathways.reads.facts.names import name_columns, name_of
from pathways.reads.told import KeptSource, Told
from territories.models import Member

_TAKER, _MIDWIFE = "step__alert__acknowledged_by", "person__member"


@Prepared
def _rows(family: Any) -> Any:
    """Of a sealed alert not a word stands in a story."""
    rows = AlertNotice.objects.filter(family=family, channel=ToldBy.NONE, step__alert__is_sealed=False)
    columns = ("step__reached_at", "person__name", *name_columns(_TAKER, _MIDWIFE))
    return rows.order_by("step__reached_at", "pk").values_list(*columns)


def _tell(family: Family, member: Member, rows: list[Any]) -> Iterator[Told]:
    """Who it was, and who is to call her."""
    for row in rows:
        taker = name_of(row, _TAKER) or "qui prend l’alerte"
        midwife = row.person__name or name_of(row, _MIDWIFE)
        yield Told(
            at=row.step__reached_at,
            icon="phone",
            state="warn",
            title="Sage-femme non prévenue d’une alerte",
            text=f"{midwife} n’avait ni compte ni numéro ici. À joindre par {taker}.",
        )


UNTOLD = KeptSource(SEE_PAUSES, (_rows,), _tell)

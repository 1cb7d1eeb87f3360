"""What was written to people outside about a family, without its content, as her story tells it (R076)."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, Subquery

from copa.kernel.french import NBSP, inner, listed
from copa.kernel.prepared import Prepared
from pathways.enums import Document, SendingWay
from pathways.models import Family, Sending
from pathways.perms import SEE_AGREEMENTS
from pathways.reads.agreements import MESSAGE_WORDS, how_it_left
from pathways.reads.facts.words import words
from pathways.reads.told import KeptSource, Told
from territories.models import Member, OutgoingMessage

_MESSAGE = "Message à"
_TITLES = {SendingWay.LETTER: "Lettre à", SendingWay.PHONE: "Appel à"}


@Prepared
def _rows(family: Any) -> Any:
    """Those of an orientation are told by it, with the answer; a sealed one leaves no sending at all."""
    state = OutgoingMessage.objects.filter(public_id=OuterRef("message")).order_by("pk").values("state")[:1]
    rows = Sending.objects.filter(family=family, orientation=None).annotate(state=Subquery(state))
    return rows.order_by("at", "pk").values_list("at", "document", "how", "to", "stopped_at", "stopped_reason", "state")


def _same(row: Any) -> Any:
    """One letter to several people at one instant is one event, as long as it fared alike."""
    return row.at, row.document, row.how, how_it_left(row.state, is_stopped=row.stopped_at is not None)


def _tell(family: Family, member: Member, rows: list[Any]) -> Iterator[Told]:
    """To whom, what and by which way; why it was held back when it was."""
    for (at, document, how, left), alike in groupby(rows, key=_same):
        several = list(alike)
        state, label = MESSAGE_WORDS[left]
        why = next((row.stopped_reason for row in several if row.stopped_reason), "")
        said = f"{label}{NBSP}: {inner(why)}" if why else label
        people = listed(list(dict.fromkeys(row.to for row in several)))
        yield Told(
            at=at,
            icon="phone" if how == SendingWay.PHONE else "mail",
            state="" if state == "ok" else state,
            title=f"{_TITLES.get(how, _MESSAGE)} {people}",
            text=f"{words(Document, document)}, {inner(words(SendingWay, how))}. {said.rstrip('.')}.",
            page="pathways:recipients",
            public_id=family.public_id,
        )


SENDINGS = KeptSource(SEE_AGREEMENTS, (_rows,), _tell)

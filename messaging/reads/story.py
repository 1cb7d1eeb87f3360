"""Messages in the story of a family: that somebody wrote, never what, for those who may read them."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from copa.kernel import clock
from copa.kernel.french import capitalised, of, plural
from messaging.models import Message
from messaging.perms import READ_CONVERSATION
from pathways.models import Family
from pathways.reads.facts.names import name_columns, name_of
from pathways.reads.told import Told
from territories.models import Member


def told(family: Family, member: Member) -> Iterator[Told]:
    """One line per local day and author; one query."""
    if not READ_CONVERSATION.is_held_by(member):
        return
    hers = READ_CONVERSATION.rows(member).filter(family=family.pk)
    rows = Message.objects.filter(family=family.pk, conversation__in=hers.values("pk")).order_by("sent_at", "pk")
    columns = ("sent_at", "by_id", "conversation__coparent_id", "conversation__public_id", *name_columns("by"))
    zone = member.territory.time_zone

    def line(row: Any) -> tuple[Any, ...]:
        return clock.local_date(row.sent_at, zone), row.conversation__public_id, row.by_id or 0

    for _, group in groupby(sorted(rows.values_list(*columns, named=True), key=line), key=line):
        found = list(group)
        last = found[-1]
        yield Told(
            at=last.sent_at,
            icon="message",
            title=_title(last, len(found)),
            page="messaging:conversation",
            public_id=last.conversation__public_id,
        )


def _title(row: Any, count: int) -> str:
    if row.by_id is not None:
        words = "Réponse" if count == 1 else plural(count, "réponse")
        return f"{words} {of(name_of(row, 'by'))}"
    words = "Message" if count == 1 else plural(count, "message")
    return capitalised(f"{words} {'du co-parent' if row.conversation__coparent_id else 'de la mère'}")

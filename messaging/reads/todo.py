"""Messages that wait to be read: her auxiliary's first, the team's once two working days have passed (R072)."""

from collections.abc import Iterator

from copa.kernel.french import moment
from messaging.perms import READ_CONVERSATION, reads_first
from territories.models import Member
from visits.reads.todo.base import Now, Subject, Waiting


def unread(member: Member, now: Now) -> Iterator[Waiting]:
    """One line per conversation; one query."""
    if not READ_CONVERSATION.is_held_by(member):
        return
    rows = READ_CONVERSATION.rows(member)
    waiting = rows.told_unread() if reads_first(member) else rows.unread().filter(team_due_at__lte=now.at)
    columns = ("public_id", "family_id", "coparent_id", "unread_since", "team_due_at")
    for row in waiting.order_by("unread_since", "pk").values_list(*columns, named=True):
        yield Waiting(
            subject=Subject.MESSAGES,
            family_id=row.family_id,
            words=f"Lire un message {'du co-parent' if row.coparent_id else 'de la mère'}",
            detail=f"écrit {moment(row.unread_since)}",
            due=row.team_due_at,
            page="messaging:conversation",
            public_id=row.public_id,
        )

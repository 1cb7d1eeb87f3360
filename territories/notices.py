"""Mails that leave the platform: a row in the same transaction as the fact, sent after commit (design.md 3.7)."""

from datetime import datetime

from copa.kernel.jobs import after_commit
from territories.models import OutgoingMessage


def queue_mail(*, to: str, subject: str, body: str, dedup_key: str, at: datetime) -> bool:
    """Write one mail to be sent after commit; False when this very mail was written before, or nobody reads `to`.

    Subject and body hold no name of a family and no health content (L13): the templates are tested for it.
    """
    if not to:
        return False
    row = OutgoingMessage(to=to, subject=subject, body=body, dedup_key=dedup_key, next_attempt_at=at, created_at=at)
    # The unique key decides, not a look before the insert: two workers may say the same thing at once.
    OutgoingMessage.objects.bulk_create([row], ignore_conflicts=True)
    is_new: bool = OutgoingMessage.objects.filter(public_id=row.public_id).exists()
    if is_new:
        after_commit("territories.send_outgoing")
    return is_new

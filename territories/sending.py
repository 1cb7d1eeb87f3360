"""Sending what waits in the outbox. Each function is one short transaction of its caller."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from copa.kernel import one_time, outbox
from territories.models import OutgoingMessage
from territories.signals import message_leaving

TOO_LATE = "not sent: it had no object any more"


@dataclass(frozen=True)
class Mail:
    """A claimed mail or SMS, read before the transaction of its claim ends.

    `key` comes from the territory and the dedup key: the same over all attempts, whatever becomes of the row.
    """

    pk: int
    channel: str
    to: str
    subject: str
    body: str
    key: UUID
    attempt: int


def waiting_mails(*, at: datetime) -> list[int]:
    """Keys of the mails whose turn has come, and of those whose worker has been silent for longer than the lease."""
    return outbox.ready_ids(OutgoingMessage.objects.all(), at)


def claim_mail(*, pk: int, at: datetime) -> Mail | None:
    """Take one mail for this worker; None when another one was faster, it has left, or it may not leave any more.

    Whoever wrote it is asked before its row is locked: a changed answer locks the family first too, then the row.
    """
    refusal = _refusal(OutgoingMessage.objects.get(pk=pk), at)
    attempt = outbox.claim(OutgoingMessage.objects.all(), pk, at)
    if not attempt:
        return None
    row = OutgoingMessage.objects.get(pk=pk)
    if row.useless_from is not None and row.useless_from <= at:
        outbox.give_up(OutgoingMessage.objects.all(), pk, TOO_LATE)
        return None
    key = uuid5(row.territory_id, row.dedup_key)
    if refusal:
        outbox.withhold(OutgoingMessage.objects.filter(pk=pk), refusal)
        return None
    body = one_time.filled(row.body)
    return Mail(pk=row.pk, channel=row.channel, to=row.to, subject=row.subject, body=body, key=key, attempt=attempt)


def _refusal(row: OutgoingMessage, at: datetime) -> str:
    """Why whoever wrote it would not write it now; "" when nobody objects."""
    answers = message_leaving.send(OutgoingMessage, message=row, at=at)
    return next((answer for _, answer in answers if answer), "")


def close_mail(*, mail: Mail, at: datetime, problem: str = "", is_final: bool = False) -> None:
    """After the attempt: sent, or with the server's words put back for later (failed for good after eight).

    `is_final`: trying again would change nothing.
    """
    rows = OutgoingMessage.objects.all()
    if problem and is_final:
        outbox.give_up(rows, mail.pk, problem)
    elif problem:
        outbox.put_back(rows, mail.pk, at, problem, attempt=mail.attempt)
    else:
        outbox.mark_sent(rows, mail.pk, at)

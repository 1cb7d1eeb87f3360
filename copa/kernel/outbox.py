"""A row that has to leave: written with the fact it announces, claimed once, sent after commit, answered for.

States: queued → claimed → sent, or back to queued with a later date after a failure, or failed for good. A claim is a
lease: when its worker dies the row is free again after LEASE, so nothing acknowledged is lost.
"""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q, QuerySet

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8


class OutboxState(models.TextChoices):
    """Where a row stands on its way out."""

    QUEUED = "queued", "En attente"
    CLAIMED = "claimed", "En cours d’envoi"
    SENT = "sent", "Envoyé"
    FAILED = "failed", "Échec"


class OutboxRow(models.Model):
    """What every outgoing row carries. `dedup_key` is unique with the territory: the same fact leaves once."""

    state = models.CharField(max_length=10, choices=OutboxState.choices, default=OutboxState.QUEUED)
    dedup_key = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


def ready(rows: QuerySet[OutboxRow], at: datetime) -> QuerySet[OutboxRow]:
    """Rows whose turn has come, and claimed rows whose worker has been silent for longer than the lease."""
    waiting = Q(state=OutboxState.QUEUED, next_attempt_at__lte=at)
    abandoned = Q(state=OutboxState.CLAIMED, claimed_at__lte=at - LEASE)
    return rows.filter(waiting | abandoned)


def claim(rows: QuerySet[OutboxRow], pk: int, at: datetime) -> bool:
    """Take one row for this worker; False when another was faster or it already left."""
    taken = ready(rows, at).filter(pk=pk).update(state=OutboxState.CLAIMED, claimed_at=at, attempts=F("attempts") + 1)
    return taken == 1


def mark_sent(rows: QuerySet[OutboxRow], pk: int, at: datetime, answer: str = "") -> bool:
    """Close a claimed row as sent; False when it was no longer ours."""
    closed = rows.filter(pk=pk, state=OutboxState.CLAIMED).update(
        state=OutboxState.SENT, sent_at=at, answer=answer[:300]
    )
    return closed == 1


def put_back(rows: QuerySet[OutboxRow], pk: int, at: datetime, answer: str) -> None:
    """After a failure: later (1, 2, 4… minutes), or failed for good after MAX_ATTEMPTS, with the provider's words."""
    for row in rows.filter(pk=pk, state=OutboxState.CLAIMED):
        final = row.attempts >= MAX_ATTEMPTS
        rows.filter(pk=pk, state=OutboxState.CLAIMED).update(
            state=OutboxState.FAILED if final else OutboxState.QUEUED,
            next_attempt_at=at + timedelta(minutes=2 ** min(row.attempts, 6) / 2),
            answer=answer[:300],
        )


def ready_ids(rows: QuerySet[OutboxRow], at: datetime, limit: int = 200) -> list[int]:
    """Keys of the rows to try now, oldest first, at most `limit`."""
    return list(ready(rows, at).order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])

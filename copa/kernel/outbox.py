"""A row that has to leave: written with the fact it announces, claimed once, sent after commit, answered for.

States: queued → claimed → sent, or back to queued with a later date after a failure, or failed for good, or withheld
once what allowed it is gone. A claim is a lease, committed before the sending begins: when its worker dies the row is
free again later, so nothing acknowledged is lost, and the attempt stays counted, so a row that kills whoever sends it
does not do so for ever. What failed for good is an error in the log, is listed by `manage.py outbox` and starts anew
with its `--retry`; what was withheld never does.
"""

import logging
from datetime import datetime, timedelta

from django.db import models
from django.db.models import QuerySet

logger = logging.getLogger("copa.outbox")

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
SILENCED = "no answer: the worker stopped during each attempt"


class OutboxState(models.TextChoices):
    """Where a row stands on its way out."""

    QUEUED = "queued", "En attente"
    CLAIMED = "claimed", "En cours d’envoi"
    SENT = "sent", "Envoyé"
    FAILED = "failed", "Échec"
    WITHHELD = "withheld", "Retenu"


class OutboxRow(models.Model):
    """What every outgoing row carries. `dedup_key` is unique with the territory: the same fact leaves once.

    `next_attempt_at` is when a queued row may be tried, and when the claim of a silent worker lapses.
    """

    state = models.CharField(max_length=10, choices=OutboxState.choices, default=OutboxState.QUEUED)
    dedup_key = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


def wait(attempts: int) -> timedelta:
    """How long to leave a row alone after so many attempts: 1, 2, 4… and at most 32 minutes."""
    return timedelta(minutes=2 ** min(attempts, 6) / 2)


def ready(rows: QuerySet[OutboxRow], at: datetime) -> QuerySet[OutboxRow]:
    """Rows whose turn has come, and claimed rows whose worker has been silent for longer than its lease."""
    return rows.filter(state__in=[OutboxState.QUEUED, OutboxState.CLAIMED], next_attempt_at__lte=at)


def claim(rows: QuerySet[OutboxRow], pk: int, at: datetime, *, lease: timedelta = LEASE) -> int:
    """Take one row for this worker: the number of its attempt, from 1, which `put_back` asks for.

    0 when another was faster, the row already left, or it has just been given up.

    The transaction of the caller ends before the sending begins. `lease` is longer than one sending takes, and grows
    with the attempts. A row that silenced MAX_ATTEMPTS workers fails for good.
    """
    attempts = ready(rows, at).filter(pk=pk).values_list("attempts", flat=True).first()
    if attempts is None:
        return 0
    # The number of attempts tells apart two workers that both found the row free.
    mine = ready(rows, at).filter(pk=pk, attempts=attempts)
    if attempts >= MAX_ATTEMPTS:
        if mine.update(state=OutboxState.FAILED, answer=SILENCED):
            _tell_given_up(rows, pk)
        return 0
    until = at + max(lease, wait(attempts + 1))
    taken = mine.update(state=OutboxState.CLAIMED, claimed_at=at, attempts=attempts + 1, next_attempt_at=until)
    return attempts + 1 if taken else 0


def mark_sent(rows: QuerySet[OutboxRow], pk: int, at: datetime, answer: str = "") -> bool:
    """Close a row as sent; False when somebody else has.

    Whoever sent it says so, even after her lease: what has left must not leave again.
    """
    open_rows = rows.filter(pk=pk, state__in=[OutboxState.QUEUED, OutboxState.CLAIMED])
    return open_rows.update(state=OutboxState.SENT, sent_at=at, answer=answer[:300]) == 1


def put_back(rows: QuerySet[OutboxRow], pk: int, at: datetime, answer: str, *, attempt: int) -> None:
    """After the failure of this attempt: later, or failed for good after MAX_ATTEMPTS, with the provider's words.

    An attempt that outlived its lease says nothing: another worker may be sending at this moment.
    """
    is_final = attempt >= MAX_ATTEMPTS
    put = rows.filter(pk=pk, state=OutboxState.CLAIMED, attempts=attempt).update(
        state=OutboxState.FAILED if is_final else OutboxState.QUEUED,
        next_attempt_at=at + wait(attempt),
        answer=answer[:300],
    )
    if put and is_final:
        _tell_given_up(rows, pk)


def give_up(rows: QuerySet[OutboxRow], pk: int, answer: str) -> None:
    """Fail a claimed row for good: trying again would change nothing. `answer` says why."""
    if rows.filter(pk=pk, state=OutboxState.CLAIMED).update(state=OutboxState.FAILED, answer=answer[:300]):
        logger.error("%s %s was given up: %s", rows.model._meta.label, pk, answer)


def withhold(rows: QuerySet[OutboxRow], answer: str) -> int:
    """Keep these rows from leaving, ever; `answer` says why. How many were still waiting.

    A row that another worker holds may be leaving at this moment: leave it out, or be that worker.
    """
    waiting = rows.filter(state__in=[OutboxState.QUEUED, OutboxState.CLAIMED])
    return waiting.update(state=OutboxState.WITHHELD, answer=answer[:300])


def failed(rows: QuerySet[OutboxRow]) -> QuerySet[OutboxRow]:
    """Rows that nothing tries any more."""
    return rows.filter(state=OutboxState.FAILED)


def retry(rows: QuerySet[OutboxRow], at: datetime) -> int:
    """Start the failed rows anew, once their cause is mended; how many."""
    return failed(rows).update(state=OutboxState.QUEUED, attempts=0, next_attempt_at=at)


def _tell_given_up(rows: QuerySet[OutboxRow], pk: int) -> None:
    logger.error("%s %s was given up after %s attempts", rows.model._meta.label, pk, MAX_ATTEMPTS)


def ready_ids(rows: QuerySet[OutboxRow], at: datetime, limit: int = 200) -> list[int]:
    """Keys of the rows to try now, oldest first, at most `limit`."""
    return list(ready(rows, at).order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])

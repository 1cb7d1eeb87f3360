"""Every month each service with an address is asked whether it takes new families; it answers by a one-time link."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from copa.kernel import clock, one_time
from copa.kernel.errors import BusinessError
from territories.catalogue import TYPES
from territories.enums import CAPACITY_ANSWERS
from territories.models import CapacityCheck, DirectoryEntry, Territory
from territories.notices import capacity_question

# A link lives until the next month's takes its place; whoever has not answered is asked once more, then no more.
LINK_LIFE = timedelta(days=31)
REMINDED_AFTER = timedelta(days=10)
BATCH = 200


def entries_to_ask(*, territory: Territory, at: datetime) -> list[int]:
    """Keys of the services to be asked this local month.

    Those open today that families may be sent to, with an address, whose places nobody has told this month.
    """
    return list(_to_ask(*_days(territory, at)).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _to_ask(today: date, month: date) -> Any:
    asked = CapacityCheck.objects.filter(entry=OuterRef("pk"), month=month)
    types = [one.code for one in TYPES.values() if one.receives_parents]
    rows = DirectoryEntry.objects.valid_on(today).filter(type__in=types).exclude(email="")
    return rows.filter(Q(capacity_on=None) | Q(capacity_on__lt=month), ~Exists(asked))


@transaction.atomic
def ask_capacity(*, pk: int, territory: Territory, at: datetime) -> None:
    """Make the link of the month and write its mail, once: whoever comes second finds the entry locked, then asked."""
    today, month = _days(territory, at)
    entry = DirectoryEntry.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if entry is None or not _to_ask(today, month).filter(pk=pk).exists():
        return
    key = uuid4()
    CapacityCheck.objects.create(
        public_id=key,
        entry=entry,
        month=month,
        token_hash=one_time.print_of(one_time.token_of(key)),
        asked_at=at,
        expires_at=at + LINK_LIFE,
    )
    capacity_question(entry=entry, territory=territory, key=key, is_again=False, at=at)


def checks_to_remind(*, territory: Territory, at: datetime) -> list[int]:
    """Keys of the questions without an answer for ten days."""
    return list(_to_remind(*_days(territory, at), at).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _to_remind(today: date, month: date, at: datetime) -> Any:
    """An entry that has ended, or whose places somebody has told meanwhile, is asked no more."""
    waiting = CapacityCheck.objects.filter(month=month, used_at=None, reminded_at=None, expires_at__gt=at)
    silent = Q(entry__capacity_on=None) | Q(entry__capacity_on__lt=month)
    open_today = DirectoryEntry.objects.valid_on(today).exclude(email="").values("pk")
    return waiting.filter(silent, entry__in=open_today, asked_at__lte=at - REMINDED_AFTER)


@transaction.atomic
def remind_capacity(*, pk: int, territory: Territory, at: datetime) -> None:
    """Ask once more; claimed by an update, so that two workers write one mail."""
    if not _to_remind(*_days(territory, at), at).filter(pk=pk).update(reminded_at=at):
        return
    check = CapacityCheck.objects.select_related("entry").get(pk=pk)
    capacity_question(entry=check.entry, territory=territory, key=check.public_id, is_again=True, at=at)


@dataclass(frozen=True, slots=True)
class Question:
    """What an address opens: the question, or only that it has been answered."""

    check: CapacityCheck
    is_answered: bool


def question_of(*, token: str, today: date, at: datetime) -> Question | None:
    """What this token opens now; None for anything else: unknown, expired, another month's, an entry that has ended."""
    found = CapacityCheck.objects.select_related("entry").filter(
        token_hash=one_time.print_of(token), expires_at__gt=at, entry__in=DirectoryEntry.objects.valid_on(today)
    )
    check = found.first()
    if check is None or CapacityCheck.objects.filter(entry=check.entry_id, month__gt=check.month).exists():
        return None
    return Question(check, is_answered=check.used_at is not None)


@transaction.atomic
def answer_capacity(*, check: CapacityCheck, answer: str, today: date, at: datetime) -> None:
    """Take the one answer of a link: it is kept with its date and stands in the directory.

    Raises `not_an_answer` (field "answer"), and `answered` for a link that has been used.
    """
    if answer not in CAPACITY_ANSWERS:
        raise BusinessError("not_an_answer", "Choisissez une des trois réponses.", field="answer")
    if not CapacityCheck.objects.filter(pk=check.pk, used_at=None, expires_at__gt=at).update(used_at=at, answer=answer):
        raise BusinessError("answered", "Vous avez déjà répondu.")
    DirectoryEntry.objects.filter(pk=check.entry_id).update(capacity_now=answer, capacity_on=today)


def _days(territory: Territory, at: datetime) -> tuple[date, date]:
    """The local day, and the first day of its month."""
    today = clock.local_date(at, territory.time_zone)
    return today, today.replace(day=1)

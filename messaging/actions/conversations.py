"""What is written between a parent and those who follow the family, who has read it, and who is told when (R072)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, Min, OuterRef

from copa.kernel.errors import BusinessError
from messaging import notices
from messaging.actions.signing_in import Entrant
from messaging.enums import SpaceState
from messaging.models import Conversation, Message, MessageReading, ParentAccount
from messaging.notices import Told
from messaging.perms import reads_first
from messaging.reads.standing import Reader, Standing, reader_now, reads_at, standing_of
from messaging.rules import MESSAGE_MAX, team_due_at
from pathways.actions.shared import hold_family
from pathways.perms import TEAM
from territories.models import Member

_CLOSED = "Cet espace est fermé\u00a0: ce message ne serait pas lu. Appelez cette personne."


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that is stored, and how whoever it is for learns of it."""

    message: Message
    told: Told


@transaction.atomic
def write_from_space(*, entrant: Entrant, text: str, submission: UUID, at: datetime) -> Message:
    """Store what a parent wrote in her own conversation, once for each `submission`; its reader is told in her hours.

    Raises `space_shut` when the space has closed meanwhile, `empty`, `too_long`.
    """
    account = entrant.account
    hold_family(family_id=account.family_id)
    conversation = _held(Conversation.objects.of_adult(account.family_id, account.coparent_id))
    standing = standing_of(family_id=account.family_id, coparent=account.coparent_id, at=at)
    is_open = ParentAccount.objects.open().filter(pk=account.pk).exists()
    if not is_open or standing.state == SpaceState.SHUT:
        raise BusinessError("space_shut", "Votre espace est fermé.")
    key = uuid5(conversation.public_id, f"{account.public_id} {submission}")
    message, is_new = _store(conversation, text, key=key, at=at, account=account)
    if is_new:
        _wait_to_be_read(conversation, standing, at)
    return message


@transaction.atomic
def answer(*, conversation: Conversation, text: str, submission: UUID, by: Member, at: datetime) -> Sent:
    """Store what a professional wrote, once for each `submission`; the parent is told under the rules of her contact.

    Whatever its author had opened is answered; what came in since her page was made still waits for its reader.

    Raises `space_shut` without an open space, `empty`, `too_long`.
    """
    hold_family(family_id=conversation.family_id)
    held = _held(Conversation.objects.filter(pk=conversation.pk))
    standing = standing_of(family_id=held.family_id, coparent=held.coparent_id, at=at)
    account = ParentAccount.objects.open().of_adult(held.family_id, held.coparent_id).first()
    if account is None or standing.state == SpaceState.SHUT:
        raise BusinessError("space_shut", _CLOSED)
    key = uuid5(held.public_id, f"{by.public_id} {submission}")
    message, is_new = _store(held, text, key=key, at=at, by=by)
    if not is_new:
        return Sent(message, Told())
    Conversation.objects.filter(pk=held.pk).update(last_at=at)
    _settle(held, MessageReading.objects.filter(by=by))
    unread = _unopened(held, by=None).order_by("sent_at", "pk").first()
    assert unread is not None, "the message just written is unread"
    told = notices.message_waits(account=account, standing=standing, first_unread=unread.public_id, at=at)
    return Sent(message, told)


def _store(conversation: Conversation, text: str, *, key: UUID, at: datetime, **author: Any) -> tuple[Message, bool]:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise BusinessError("empty", "Écrivez votre message.", field="text")
    if len(words) > MESSAGE_MAX:
        message = "Votre message est trop long\u00a0: 2\u202f000 caractères au plus. Coupez-le en deux."
        raise BusinessError("too_long", message, field="text")
    values = {"conversation": conversation, "family_id": conversation.family_id, "text": words, "sent_at": at}
    stored, is_new = Message.objects.get_or_create(public_id=key, defaults={**values, **author})
    return stored, is_new


def _held(rows: Any) -> Conversation:
    """The conversation, locked: two people write and read one after the other."""
    conversation: Conversation = rows.select_for_update(of=("self",)).get()
    return conversation


def _unopened(conversation: Conversation, *, by: Member | None) -> Any:
    """What was written to this reader, a professional or the parent (None), and she has never opened."""
    readings = MessageReading.objects.filter(message=OuterRef("pk"), by=by)
    # A professional reads what the parent wrote, who has no member in `by`; and the parent the other way round.
    return Message.objects.filter(~Exists(readings), conversation=conversation, by__isnull=by is not None)


def _settle(held: Conversation, readings: Any) -> None:
    """What these readings leave still waits since then; without any of it, nobody has to read it any more."""
    if held.unread_since is None:
        return
    waiting = Message.objects.filter(conversation=held, by=None, sent_at__gte=held.unread_since)
    left = waiting.filter(~Exists(readings.filter(message=OuterRef("pk")))).aggregate(first=Min("sent_at"))["first"]
    if left is None:
        Conversation.objects.filter(pk=held.pk).update(unread_since=None, notice_due_at=None, team_due_at=None)
    elif left != held.unread_since:
        Conversation.objects.filter(pk=held.pk).update(unread_since=left)


def _wait_to_be_read(conversation: Conversation, standing: Standing, at: datetime) -> None:
    """Nobody is told twice of what is unread: one notice, in the hours of whoever reads."""
    Conversation.objects.filter(pk=conversation.pk).update(last_at=at)
    if conversation.unread_since is not None:
        return
    reader = reader_now(standing)
    reads = reads_at(reader, standing)
    waiting = {"unread_since": at, "notice_due_at": reads, "team_due_at": _team_due_at(standing, reader, reads)}
    Conversation.objects.filter(pk=conversation.pk).update(**waiting)
    if reads <= at:
        _tell(conversation.pk, reader, at)


def _team_due_at(standing: Standing, reader: Reader, reads: datetime) -> datetime:
    """When it is the team's task: at once in mourning, from its next opening where it reads alone, else after hers."""
    if standing.is_mourned:
        return standing.at
    place = standing.territory
    return reads if reader.is_team else team_due_at(reads, zone=place.time_zone, region=place.region_id)


def _tell(pk: int, reader: Reader, at: datetime) -> None:
    Conversation.objects.filter(pk=pk).update(notice_due_at=None)
    notices.parent_wrote(conversation=Conversation.objects.get(pk=pk), reader=reader, at=at)


def readers_to_tell(*, at: datetime) -> list[int]:
    """Conversations whose reader is to be told now, at most 200 at a time, the oldest first."""
    due = Conversation.objects.filter(notice_due_at__lte=at).order_by("notice_due_at", "pk")
    return list(due.values_list("pk", flat=True)[:200])


@transaction.atomic
def tell_reader(*, pk: int, at: datetime, is_anew: bool = False) -> None:
    """Tell whoever reads now, once: the mark goes with the mail, in one transaction. Out of her hours, at the next.

    The family may have another auxiliary since, other hours, or have gone: it is asked at this moment. The team's turn
    comes no later for that, unless the wait begins `is_anew`.
    """
    due = Conversation.objects.filter(pk=pk, notice_due_at__lte=at)
    conversation = due.select_for_update(of=("self",)).first()
    if conversation is None:
        return
    standing = standing_of(family_id=conversation.family_id, coparent=conversation.coparent_id, at=at)
    if not standing.is_followed:
        Conversation.objects.filter(pk=pk).update(notice_due_at=None)
        return
    reader = reader_now(standing)
    reads = reads_at(reader, standing)
    turn = _team_due_at(standing, reader, reads)
    assert conversation.team_due_at is not None, "nothing is told of what is read"
    team_due = turn if is_anew else min(conversation.team_due_at, turn)
    Conversation.objects.filter(pk=pk).update(team_due_at=team_due)
    if reads > at:
        Conversation.objects.filter(pk=pk).update(notice_due_at=reads)
    else:
        _tell(pk, reader, at)


@transaction.atomic
def note_read(*, conversation: Conversation, shown: Collection[int], by: Member | None, at: datetime) -> None:
    """The receipt of each message that was shown: to `by`, a professional, or to the parent (None).

    What came in since the page was made is still unread; and so is what somebody else than its reader opened.
    """
    held = _held(Conversation.objects.filter(pk=conversation.pk))
    keys = list(_unopened(held, by=by).filter(pk__in=shown).order_by("pk").values_list("pk", flat=True))
    readings = [MessageReading(message_id=key, by=by, at=at) for key in keys]
    MessageReading.objects.bulk_create(readings, ignore_conflicts=True)
    if by is None or held.unread_since is None:
        return
    standing = standing_of(family_id=held.family_id, coparent=held.coparent_id, at=at)
    is_teams = held.team_due_at is not None and held.team_due_at <= at
    if not standing.is_followed or reader_now(standing).is_read_by(by, is_teams=is_teams):
        hers = MessageReading.objects.filter(by=by)
        _settle(held, hers if reads_first(by) else MessageReading.objects.filter(by__role__in=TEAM))


def tell_new_reader(*, family_id: int, at: datetime, is_anew: bool = False) -> None:
    """Somebody else reads for this family from now on: what is unread is hers, and she is told in her hours."""
    unread = Conversation.objects.unread().filter(family=family_id)
    unread.update(notice_due_at=at)
    for key in unread.order_by("pk").values_list("pk", flat=True):
        tell_reader(pk=key, at=at, is_anew=is_anew)

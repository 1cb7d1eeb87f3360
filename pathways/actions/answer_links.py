"""One-time links: made, opened with a code, used up by one answer or one reading, dead at once when the agreement is
withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from copa.kernel import one_time
from pathways.enums import LinkStep
from pathways.models import AnswerLink, Family, LinkEvent, Orientation
from pathways.reads.routing import may_be_answered
from pathways.rules.orientations import LINK_LIFE, WRONG_CODES
from territories.models import Member


def make_link(*, orientation: Orientation, by: Member, at: datetime) -> AnswerLink:
    """A new link of an orientation that has none alive; inside the caller's transaction."""
    return _make(by, at, family_id=orientation.family_id, orientation=orientation)


def make_reading_link(*, family_id: int, copy_id: UUID, by: Member, at: datetime) -> AnswerLink:
    """A new link to one copy of a report that has none alive; inside the caller's transaction."""
    return _make(by, at, family_id=family_id, copy_id=copy_id)


def _make(by: Member, at: datetime, **about: Any) -> AnswerLink:
    key = uuid4()
    link: AnswerLink = AnswerLink.objects.create(
        **about,
        public_id=key,
        token_hash=one_time.print_of(one_time.token_of(key)),
        created_at=at,
        created_by=by,
        expires_at=at + LINK_LIFE,
    )
    return link


def kill_links(*, orientation_id: int, at: datetime) -> int:
    """Shut every unanswered link of an orientation; how many were open."""
    return _kill(at, orientation=orientation_id)


def kill_reading_links(*, copy_id: UUID, at: datetime) -> int:
    """The same for the copy of a report."""
    return _kill(at, copy_id=copy_id)


def kill_links_of_family(*, family_id: int, at: datetime) -> int:
    """The same for everything about a family that is followed elsewhere from now on."""
    return _kill(at, family=family_id)


def _kill(at: datetime, **about: Any) -> int:
    alive = AnswerLink.objects.filter(**about, used_at=None, killed_at=None)
    return int(alive.update(killed_at=at))


def alive_link(*, orientation_id: int, at: datetime) -> AnswerLink | None:
    """The link that still waits for an answer; None without one."""
    link: AnswerLink | None = still_open(at).filter(orientation=orientation_id).order_by("pk").first()
    return link


def still_open(at: datetime) -> Any:
    """The links that open something now: not used, of a family still here (A38), not replaced, not expired, not guessed
    at too often."""
    return _alive(at).filter(used_at=None)


def _alive(at: datetime) -> Any:
    # Not a join: `use_up` takes a link by the columns of its own row, or two readings at once would both get it.
    is_here = Exists(Family.objects.filter(pk=OuterRef("family"), moved_at=None))
    return AnswerLink.objects.filter(is_here, killed_at=None, expires_at__gt=at, wrong_codes__lt=WRONG_CODES)


def link_of(*, token: str, at: datetime) -> AnswerLink | None:
    """The link of this token, used up or not; None for an unknown, expired or replaced one, or too many wrong codes, or
    once the family has moved."""
    rows = _alive(at).select_related("orientation__need", "orientation__entry", "orientation__pathway__carrier")
    found: AnswerLink | None = rows.filter(token_hash=one_time.print_of(token)).first()
    return found


@dataclass(frozen=True, slots=True)
class Opening:
    """What an address opens: the orientation, or only that it has been answered."""

    link: AnswerLink
    orientation: Orientation
    is_answered: bool


def opening(*, token: str, at: datetime) -> Opening | None:
    """What this token opens now; None for anything else, whatever the reason: unknown, expired, too many wrong codes,
    agreement withdrawn, pathway stopped, family in mourning."""
    link = link_of(token=token, at=at)
    orientation = link.orientation if link else None
    if link is None or orientation is None or not Orientation.objects.running().filter(pk=orientation.pk).exists():
        return None
    if link.used_at is not None:
        return Opening(link, orientation, is_answered=True)
    # Opening is reading: the rule of routing is asked as when it was sent.
    return Opening(link, orientation, is_answered=False) if may_be_answered(orientation) else None


def note_step(*, link: AnswerLink, step: str, at: datetime) -> None:
    """One line of the log of a link."""
    LinkEvent.objects.create(link=link, step=step, at=at)


@transaction.atomic
def try_code(*, link: AnswerLink, typed: str, at: datetime) -> bool:
    """Whether this is the code given apart. A wrong one is counted; the fifth kills the link.

    Under the lock of the link: a thousand guesses sent together are counted one by one.
    """
    locked = AnswerLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if locked.wrong_codes >= WRONG_CODES or locked.used_at or locked.killed_at:
        return False
    is_right = one_time.is_code(locked.public_id, typed)
    note_step(link=locked, step=LinkStep.RIGHT_CODE if is_right else LinkStep.WRONG_CODE, at=at)
    if not is_right:
        AnswerLink.objects.filter(pk=locked.pk).update(wrong_codes=F("wrong_codes") + 1)
    return is_right


def use_up(*, link: AnswerLink, at: datetime, step: LinkStep = LinkStep.ANSWERED) -> bool:
    """Take the one answer, or reading, of a link; False when it has been taken or the link was shut meanwhile."""
    if not still_open(at).filter(pk=link.pk).update(used_at=at):
        return False
    note_step(link=link, step=step, at=at)
    return True

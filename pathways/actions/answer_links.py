"""One-time links: made, opened with a code, used up by one answer, dead at once when the agreement is withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from copa.kernel import one_time
from pathways.enums import LinkStep, OrientationState
from pathways.models import AnswerLink, LinkEvent, Orientation
from pathways.reads.routing import orientation_routing
from pathways.rules.orientations import LINK_LIFE, WRONG_CODES
from territories.models import Member


def make_link(*, orientation: Orientation, by: Member, at: datetime) -> AnswerLink:
    """A new link of an orientation that has none alive; inside the caller's transaction."""
    key = uuid4()
    link: AnswerLink = AnswerLink.objects.create(
        public_id=key,
        family_id=orientation.family_id,
        orientation=orientation,
        token_hash=one_time.print_of(one_time.token_of(key)),
        created_at=at,
        created_by=by,
        expires_at=at + LINK_LIFE,
    )
    return link


def kill_links(*, orientation_id: int, at: datetime) -> int:
    """Shut every unanswered link of an orientation; how many were open."""
    alive = AnswerLink.objects.filter(orientation=orientation_id, used_at=None, killed_at=None)
    return int(alive.update(killed_at=at))


def alive_link(*, orientation_id: int, at: datetime) -> AnswerLink | None:
    """The link that still waits for an answer; None without one."""
    alive = AnswerLink.objects.filter(
        orientation=orientation_id, used_at=None, killed_at=None, expires_at__gt=at, wrong_codes__lt=WRONG_CODES
    )
    link: AnswerLink | None = alive.order_by("pk").first()
    return link


@dataclass(frozen=True, slots=True)
class Opening:
    """What an address opens: the orientation, or only that it has been answered."""

    link: AnswerLink
    is_answered: bool


def opening(*, token: str, at: datetime) -> Opening | None:
    """What this token opens now; None for anything else, whatever the reason: unknown, expired, too many wrong codes,
    agreement withdrawn, pathway stopped, family in mourning."""
    rows = AnswerLink.objects.select_related("orientation__need", "orientation__entry", "orientation__pathway__carrier")
    link = rows.filter(
        token_hash=one_time.print_of(token), killed_at=None, expires_at__gt=at, wrong_codes__lt=WRONG_CODES
    ).first()
    if link is None or not Orientation.objects.running().filter(pk=link.orientation_id).exists():
        return None
    if link.used_at is not None:
        return Opening(link, is_answered=True)
    orientation = link.orientation
    # Opening is reading: the rule of routing is asked as when it was sent.
    is_waiting = orientation.state == OrientationState.SENT and orientation_routing(orientation).allowed
    return Opening(link, is_answered=False) if is_waiting else None


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


def use_up(*, link: AnswerLink, at: datetime) -> bool:
    """Take the one answer of a link; False when it has been taken or the link was shut meanwhile."""
    alive = AnswerLink.objects.filter(
        pk=link.pk, used_at=None, killed_at=None, expires_at__gt=at, wrong_codes__lt=WRONG_CODES
    )
    if not alive.update(used_at=at):
        return False
    note_step(link=link, step=LinkStep.ANSWERED, at=at)
    return True

"""What is said to whoever holds a one-time link that opens nothing any more."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from copa.kernel import one_time
from pathways.models import AnswerLink, Pathway
from pathways.rules.orientations import WRONG_CODES


class Dead(StrEnum):
    """Why a link opens nothing. CLOSED says no more: an agreement withdrawn, a stop, a death, a move look the same."""

    USED = "used"
    REPLACED = "replaced"
    TRIED = "tried"
    EXPIRED = "expired"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DeadLink:
    """Nothing of the family. `team` and `phone` (E.164 or "") are those of the structure that sent it, nobody's own."""

    why: Dead
    expires_at: datetime
    team: str
    phone: str


def dead_link_of(*, token: str, is_reading: bool, at: datetime) -> DeadLink | None:
    """Why this link opens nothing; None for a token that was never given, which must learn nothing.

    Only whoever was sent the link holds its 256 bits: what is told here cannot be had by guessing.
    """
    links = AnswerLink.objects.filter(token_hash=one_time.print_of(token), copy_id__isnull=not is_reading)
    link = links.first()
    if link is None:
        return None
    pathway = Pathway.objects.filter(family=link.family_id).select_related("carrier").order_by("-included_at").first()
    team, phone = (pathway.carrier.name, pathway.carrier.phone) if pathway else ("", "")
    return DeadLink(_why(link, at), link.expires_at, team, phone)


def _why(link: Any, at: datetime) -> Dead:
    if link.used_at is not None:
        return Dead.USED
    if link.wrong_codes >= WRONG_CODES:
        return Dead.TRIED
    about = {"orientation": link.orientation_id} if link.orientation_id else {"copy_id": link.copy_id}
    later = AnswerLink.objects.filter(**about, killed_at=None, used_at=None, created_at__gt=link.created_at)
    if link.killed_at is not None and later.filter(expires_at__gt=at).exists():
        return Dead.REPLACED
    return Dead.EXPIRED if link.expires_at <= at else Dead.CLOSED

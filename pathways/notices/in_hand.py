"""Somebody cares for a family herself: its auxiliary and its team are told that the file has news (R111, L13)."""

from datetime import datetime

from copa.kernel.french import NBSP
from pathways.models import InHand
from territories.notices import queue_notice

IN_HAND = f"CoPa{NBSP}: une prise en main vous attend"


def in_hand_noted(*, noted: InHand, at: datetime) -> None:
    """To the AP of the family and the mailbox of its team, never to whoever wrote it; nothing of why, nor of whom."""
    pathway = noted.pathway
    own = noted.by.user.email
    readers = {pathway.ap.user.email if pathway.ap else "", pathway.carrier.mailbox} - {own}
    queue_notice(subject=IN_HAND, template="in_hand", readers=readers, key=f"in-hand:{noted.public_id}", at=at)

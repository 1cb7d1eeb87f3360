"""What the PMI is told after a refusal: that something waits (L13)."""

from datetime import datetime

from copa.kernel.french import NBSP
from pathways.models import PmiTransmission
from territories.notices import queue_notice

TRANSMISSION = f"CoPa{NBSP}: une transmission vous attend"


def transmission_made(*, transmission: PmiTransmission, at: datetime) -> None:
    """To the mailbox of the PMI: something waits to be taken. A concern is read by its doctor, not by the mailbox."""
    if transmission.concern_id is None:
        key = f"transmission:{transmission.public_id}"
        readers = {transmission.structure.mailbox}
        queue_notice(subject=TRANSMISSION, template="transmission_made", readers=readers, key=key, at=at)

"""What is mailed about relays: that something waits, how much of it, and where to sign in; never a name (L13)."""

from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string

from copa.kernel.french import NBSP
from pathways.models import RelayStep
from territories.notices import queue_mail

WAITS = f"CoPa{NBSP}: un relais vous attend"
DECLINED = f"CoPa{NBSP}: un relais est revenu vers votre équipe"
LATE = f"CoPa{NBSP}: des relais attendent depuis plus de 7 jours"


def relay_waits(*, step: RelayStep, mailbox: str, at: datetime) -> None:
    """To the PMI service: a relay was presented to it, once per step."""
    _write(mailbox, WAITS, "relay_waits", f"relay-waits:{step.public_id}", at)


def relay_declined(*, step: RelayStep, at: datetime) -> None:
    """To the referring team: the PMI gave a relay back."""
    mailbox = step.relay.pathway.carrier.mailbox
    _write(mailbox, DECLINED, "relay_declined", f"relay-declined:{step.public_id}", at)


def late_relays(*, to: str, reader: str, day: date, number: int, at: datetime) -> bool:
    """The daily digest: how many relays wait too long. `reader` names the mailbox in the key: one mail a local day."""
    words = {"number": number}
    return _write(to, LATE, "relay_digest", f"relay-digest:{day.isoformat()}:{reader}", at, **words)


def _write(to: str, subject: str, template: str, key: str, at: datetime, **words: int) -> bool:
    sign_in = f"{settings.SITE_ADDRESS.rstrip('/')}/"
    body = render_to_string(f"emails/{template}.txt", {"sign_in": sign_in, **words})
    return queue_mail(to=to, subject=subject, body=body, dedup_key=key, at=at)

"""What is written about orientations: that something waits, never for whom nor why (L13, alerts.md 8)."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from copa.kernel import one_time, scope
from copa.kernel.french import NBSP, moment
from pathways.enums import Recipient
from pathways.models import AnswerLink, Orientation
from pathways.notices.outside import Letter, tell_outside
from pathways.reads.addressees import around
from territories.notices import message_with, queue_mail

WAITS = f"CoPa{NBSP}: une demande vous attend"
STILL_WAITS = f"CoPa{NBSP}: une demande attend votre réponse"
UNANSWERED = f"CoPa{NBSP}: une demande est sans réponse"
TURNED_DOWN = f"CoPa{NBSP}: une réponse attend une nouvelle décision"
TOLD = f"CoPa{NBSP}: du nouveau vous attend"


def orientation_waits(*, link: AnswerLink, to: str, at: datetime) -> UUID:
    """To the outside professional: a link, whose code comes apart. The message it leaves with."""
    body = _request(link)
    key = f"orientation-waits:{link.public_id}"
    queue_mail(to=to, subject=WAITS, body=body, dedup_key=key, at=at)
    return message_with(key)


def orientation_still_waits(*, link: AnswerLink, to: str, number: int, at: datetime) -> UUID:
    """To the outside professional, once: the same link again. The message it leaves with."""
    body = _request(link)
    key = f"orientation-still-waits:{link.public_id}:{number}"
    queue_mail(to=to, subject=STILL_WAITS, body=body, dedup_key=key, at=at)
    return message_with(key)


def orientation_unanswered(*, orientation: Orientation, number: int, at: datetime) -> None:
    """To the mailbox of the referring team: somebody has not answered, and one must call."""
    body = render_to_string("emails/orientation_unanswered.txt", {"sign_in": _sign_in()})
    key = f"orientation-unanswered:{orientation.public_id}:{number}"
    queue_mail(to=orientation.pathway.carrier.mailbox, subject=UNANSWERED, body=body, dedup_key=key, at=at)


def orientation_turned_down(*, orientation: Orientation, at: datetime) -> None:
    """To the mailbox of the referring team: the service has answered, and somebody must decide again."""
    body = render_to_string("emails/orientation_turned_down.txt", {"sign_in": _sign_in()})
    key = f"orientation-turned-down:{orientation.public_id}"
    queue_mail(to=orientation.pathway.carrier.mailbox, subject=TURNED_DOWN, body=body, dedup_key=key, at=at)


def midwife_told(*, orientation: Orientation, at: datetime) -> None:
    """R053: the liberal midwife to whom the family is open learns that there is something new, if the mother agrees."""
    if orientation.need.about == "COPARENT":
        return
    letter = Letter(subject=TOLD, template="orientation_told", key=f"orientation-told:{orientation.public_id}")
    readers = around(orientation.pathway, (Recipient.LIBERAL_MIDWIFE,), at)
    tell_outside(pathway=orientation.pathway, letter=letter, readers=readers, at=at)


def _request(link: AnswerLink) -> str:
    """The words around a link, with the moment until which it opens: a reminder comes days after it was made."""
    with timezone.override(link.territory.time_zone):
        told = {"link": _place(link), "until": moment(link.expires_at)}
    return render_to_string("emails/orientation_waits.txt", told)


def _place(link: AnswerLink) -> str:
    return one_time.place(f"reponse/{scope.current().slug}", link.public_id)


def _sign_in() -> str:
    return f"{settings.SITE_ADDRESS.rstrip('/')}/"

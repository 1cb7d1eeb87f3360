"""What is written about orientations: that something waits, never for whom nor why (L13, alerts.md 8)."""

from datetime import datetime
from hashlib import blake2s

from django.conf import settings
from django.template.loader import render_to_string

from copa.kernel import one_time, scope
from copa.kernel.french import NBSP
from pathways.enums import Agreement, GrantReason, Recipient
from pathways.models import AnswerLink, FamilyGrant, Orientation, RecipientConsent
from territories.notices import queue_mail

WAITS = f"CoPa{NBSP}: une demande vous attend"
STILL_WAITS = f"CoPa{NBSP}: une demande attend votre réponse"
UNANSWERED = f"CoPa{NBSP}: une demande est sans réponse"
TOLD = f"CoPa{NBSP}: du nouveau vous attend"


def orientation_waits(*, link: AnswerLink, to: str, at: datetime) -> None:
    """To the outside professional: a link, whose code comes apart."""
    body = render_to_string("emails/orientation_waits.txt", {"link": _place(link)})
    queue_mail(to=to, subject=WAITS, body=body, dedup_key=f"orientation-waits:{link.public_id}", at=at)


def orientation_still_waits(*, link: AnswerLink, to: str, number: int, at: datetime) -> None:
    """To the outside professional, once: the same link again."""
    body = render_to_string("emails/orientation_waits.txt", {"link": _place(link)})
    key = f"orientation-still-waits:{link.public_id}:{number}"
    queue_mail(to=to, subject=STILL_WAITS, body=body, dedup_key=key, at=at)


def orientation_unanswered(*, orientation: Orientation, number: int, at: datetime) -> None:
    """To the mailbox of the referring team: somebody has not answered, and one must call."""
    body = render_to_string("emails/orientation_unanswered.txt", {"sign_in": _sign_in()})
    key = f"orientation-unanswered:{orientation.public_id}:{number}"
    queue_mail(to=orientation.pathway.carrier.mailbox, subject=UNANSWERED, body=body, dedup_key=key, at=at)


def midwife_told(*, orientation: Orientation, at: datetime) -> None:
    """R053: the liberal midwife to whom the family is open learns that there is something new, if the mother agrees."""
    agreed = RecipientConsent.objects.filter(
        family=orientation.family_id, recipient=Recipient.LIBERAL_MIDWIFE, answer=Agreement.YES
    )
    if orientation.need.about == "COPARENT" or not agreed.exists():
        return
    grants = FamilyGrant.objects.filter(
        content_object=orientation.family_id,
        reason=GrantReason.LIBERAL_MIDWIFE,
        revoked_at=None,
        expires_at__gt=at,
    )
    body = render_to_string("emails/orientation_told.txt", {"sign_in": _sign_in()})
    for address in sorted(set(grants.order_by("pk").values_list("user__email", flat=True))):
        print_of_address = blake2s(address.encode(), digest_size=8).hexdigest()
        key = f"orientation-told:{orientation.public_id}:{print_of_address}"
        queue_mail(to=address, subject=TOLD, body=body, dedup_key=key, at=at)


def _place(link: AnswerLink) -> str:
    return one_time.place(f"reponse/{scope.current().slug or link.territory.slug}", link.public_id)


def _sign_in() -> str:
    return f"{settings.SITE_ADDRESS.rstrip('/')}/"

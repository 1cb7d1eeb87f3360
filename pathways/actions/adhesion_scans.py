"""An adhesion signed on paper is kept as it was scanned (inclusion.md, cons_mode PAPER)."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.enums import ConsentMode
from pathways.models import AdhesionScan, Consent
from territories.actions.files import PDF, Sent, bytes_of, check_size
from territories.models import Member

# What a scanner gives is a PDF, what the camera of a tablet gives a JPEG.
_JPEG = b"\xff\xd8\xff"
NOT_ON_PAPER = "Cette adhésion n’a pas été signée sur papier\u00a0: il n’y a pas de feuille à garder."


@transaction.atomic
def keep_scan(*, consent: Consent, sent: Sent, by: Member, at: datetime) -> AdhesionScan:
    """Keep one file beside the adhesion it shows, the last one; also after a withdrawal, which keeps the record.

    Raises `not_on_paper`, `adhesion_since`, `file_too_big`, `not_a_scan`, `adhesion_scan_once`.
    """
    _check_adhesion(consent)
    check_size(sent, "file")
    is_photo = sent.content.startswith(_JPEG)
    if not is_photo and not sent.content.startswith(PDF):
        raise BusinessError("not_a_scan", "Ce fichier n’est ni un PDF ni une photo JPEG.", field="file")
    with refusals_of(AdhesionScan, beside="file"):
        kept: AdhesionScan = AdhesionScan.objects.create(
            family_id=consent.family_id,
            consent=consent,
            is_photo=is_photo,
            **bytes_of(sent),
            stored_by=by,
            stored_at=at,
        )
    return kept


def _check_adhesion(consent: Consent) -> None:
    """A scan is never changed: it must not land beside an adhesion that it does not show."""
    if Consent.objects.filter(family=consent.family_id).order_by("-at", "-pk").first() != consent:
        message = (
            "Une autre adhésion a été notée depuis : rien n’est gardé. Vérifiez, puis choisissez de nouveau le fichier."
        )
        raise BusinessError("adhesion_since", message, field="file")
    if consent.mode != ConsentMode.PAPER:
        raise BusinessError("not_on_paper", NOT_ON_PAPER, field="file")

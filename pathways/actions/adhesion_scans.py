"""An adhesion signed on paper is kept as it was scanned (inclusion.md, cons_mode PAPER)."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.models import AdhesionScan, Consent
from territories.actions.files import PDF, Sent, bytes_of, check_size
from territories.models import Member

# What a scanner gives is a PDF, what the camera of a tablet gives a JPEG.
_JPEG = b"\xff\xd8\xff"


@transaction.atomic
def keep_scan(*, consent: Consent, sent: Sent, by: Member, at: datetime) -> AdhesionScan:
    """Keep one file beside the adhesion it shows; also after a withdrawal, which keeps the record.

    Raises `file_too_big`, `not_a_scan`, `adhesion_scan_once`.
    """
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

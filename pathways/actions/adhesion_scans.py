"""An adhesion signed on paper is kept as it was scanned (inclusion.md, cons_mode PAPER)."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.models import AdhesionScan, Consent
from territories.actions.files import Sent, check_size
from territories.models import Member

# What a scanner and the camera of a tablet give; its first bytes say what a file is, not its name.
_PDF, _JPEG = b"%PDF-", b"\xff\xd8\xff"


@transaction.atomic
def keep_scan(*, consent: Consent, sent: Sent, by: Member, at: datetime) -> AdhesionScan:
    """Keep one file beside the adhesion it shows; also after a withdrawal, which keeps the record.

    Raises `file_too_big`, `not_a_scan`, `adhesion_scan_once`.
    """
    check_size(sent, "file")
    is_photo = sent.content.startswith(_JPEG)
    if not is_photo and not sent.content.startswith(_PDF):
        raise BusinessError("not_a_scan", "Ce fichier n’est ni un PDF ni une photo JPEG.", field="file")
    with refusals_of(AdhesionScan, beside="file"):
        kept: AdhesionScan = AdhesionScan.objects.create(
            family_id=consent.family_id,
            consent=consent,
            content=sent.content,
            is_photo=is_photo,
            size=len(sent.content),
            digest=sha256(sent.content).hexdigest(),
            stored_by=by,
            stored_at=at,
        )
    return kept

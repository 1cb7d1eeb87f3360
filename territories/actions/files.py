"""A document is stored beside a register."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from copa.kernel.errors import BusinessError
from territories.models import Member, StoredFile

# A signed convention that was scanned weighs one to three megabytes.
MAX_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent."""

    name: str
    content: bytes


# Its first bytes say what a file is, not its name.
PDF = b"%PDF-"


def bytes_of(sent: Sent) -> dict[str, Any]:
    """The columns in which the bytes of a file are kept; `digest` is their SHA-256."""
    return {"content": sent.content, "size": len(sent.content), "digest": sha256(sent.content).hexdigest()}


def check_size(sent: Sent, field: str) -> None:
    """Raises `file_too_big`."""
    if len(sent.content) > MAX_BYTES:
        message = "Ce fichier dépasse 5 Mo\u00a0: numérisez-le en noir et blanc."
        raise BusinessError("file_too_big", message, field=field)


def store_pdf(*, sent: Sent | None, by: Member, at: datetime, field: str = "document") -> StoredFile | None:
    """The document that was sent, in the caller's transaction; None when none was.

    Raises `file_too_big`, `not_a_pdf`.
    """
    if sent is None:
        return None
    check_size(sent, field)
    if not sent.content.startswith(PDF):
        raise BusinessError("not_a_pdf", "Ce fichier n’est pas un PDF.", field=field)
    stored: StoredFile = StoredFile.objects.create(
        name=sent.name[-120:],
        **bytes_of(sent),
        stored_by=by,
        stored_at=at,
    )
    return stored

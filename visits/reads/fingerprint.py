"""The SHA-256 of a signed report or of its addendum: what was handed over can be compared with what stands today."""

from copa.kernel.digest import digest_of
from visits.models import Addendum, Report


def fingerprint_of(report: Report) -> str:
    """Over everything the printed copies are drawn from, sealed answers left out.

    The words around the answers belong to the form version, which never changes; the drawing itself may be improved
    without making yesterday's proof look forged.
    """
    return digest_of(
        {
            "report": str(report.public_id),
            "form": report.form_id,
            "author": report.author_id,
            "signed_at": report.signed_at.isoformat() if report.signed_at else "",
            "answers": report.answers,
            "context": report.context,
        }
    )


def fingerprint_of_addendum(addendum: Addendum) -> str:
    """Over everything that is shown of it."""
    return digest_of(
        {
            "addendum": str(addendum.public_id),
            "report": str(addendum.report.public_id),
            "author": addendum.author_id,
            "at": addendum.at.isoformat(),
            "reason": addendum.reason,
            "text": addendum.text,
        }
    )

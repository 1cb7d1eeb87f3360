"""Why a protocol was not kept: one code, in one tap; corrected or taken back, the trigger keeps what stood before."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError
from territories.models import Member
from visits import rules
from visits.enums import CodingSource
from visits.models import Deviation


@transaction.atomic
def code_deviation(*, deviation: Deviation, reason: str, note: str, seen: str, by: Member, at: datetime) -> Deviation:
    """Note the reason, or another one. `seen` is the reason that stood on the page, "" for none; `note` explains OTHER.

    Raises `lifted`, `unknown_reason`, `note_missing`, `note_too_long`, and `coded_meanwhile` when somebody else has
    said something else since the page was drawn.
    """
    row = _held(deviation)
    reasons = rules.DEVIATION_REASONS[row.kind]
    if reason not in reasons.values:
        raise BusinessError("unknown_reason", "Choisissez un motif de la liste.", field="reason")
    words = note.strip() if reason == rules.OTHER_REASON else ""
    if reason == rules.OTHER_REASON and len(words) < rules.OTHER_LETTERS:
        raise BusinessError("note_missing", "Autre motif : dites lequel, en quelques mots.", field="note")
    if len(words) > rules.DEVIATION_NOTE_LETTERS:
        raise BusinessError("note_too_long", f"{rules.DEVIATION_NOTE_LETTERS} caractères au plus.", field="note")
    if (row.reason, row.note) == (reason, words):
        return row
    _refuse_if_changed(row, seen)
    row.reason, row.note, row.source = reason, words, CodingSource.TAP
    row.coded_by, row.coded_at = by, at
    row.save(update_fields=["reason", "note", "source", "coded_by", "coded_at"])
    return row


@transaction.atomic
def take_back_coding(*, deviation: Deviation, seen: str) -> Deviation:
    """The reason was a slip: it waits again. Raises `lifted` and `coded_meanwhile` as `code_deviation`."""
    row = _held(deviation)
    if not row.reason:
        return row
    _refuse_if_changed(row, seen)
    row.reason = row.note = row.source = ""
    row.coded_by = row.coded_at = None
    row.save(update_fields=["reason", "note", "source", "coded_by", "coded_at"])
    return row


def _held(deviation: Deviation) -> Deviation:
    row: Deviation = Deviation.objects.select_for_update(of=("self",)).get(pk=deviation.pk)
    if row.lifted_at is not None:
        raise BusinessError("lifted", "Cet écart ne s’applique plus : il n’y a rien à noter.")
    return row


def _refuse_if_changed(row: Deviation, seen: str) -> None:
    if row.reason != seen:
        label = rules.DEVIATION_REASONS[row.kind](row.reason).label if row.reason else "à coder"
        message = f"Quelqu’un l’a changé entre-temps ({label}). Regardez, puis choisissez à nouveau."
        raise BusinessError("coded_meanwhile", message)

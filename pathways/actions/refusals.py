"""A mother refuses any follow-up after « Ne pas laisser seule »: her words, then the doctor decides (alerts.md 5.5).

Nothing is sent to anybody else: the liberal midwife is not told who took it, no request leaves by itself.
"""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways.actions.ladder import tell_doctor
from pathways.enums import AlertDecision
from pathways.models import Alert
from territories.models import Member


@transaction.atomic
def note_refusal(*, alert: Alert, refusal_words: str, due_at: datetime | None, at: datetime) -> None:
    """She refuses after the alert was taken: it takes the place of what was decided, which stays in the history.

    `due_at` is by when the doctor decides. Raises `words_missing`, `due_missing`, `not_asked`, `alert_closed`.
    """
    if not refusal_words.strip():
        raise BusinessError("words_missing", "Écrivez ce qu’elle a dit, avec ses mots.", field="refusal_words")
    if due_at is None or due_at <= at:
        raise BusinessError("due_missing", "Dites avant quelle heure, à venir, le médecin décide.", field="due_at")
    if not alert.asks_decision:
        raise BusinessError("not_asked", "Cette alerte ne demande pas de décision : écrivez ce qui a été fait.")
    noted = (
        Alert.objects.to_close()
        .filter(pk=alert.pk, doctor_decided_at=None)
        .update(decision=AlertDecision.REFUSES, decision_due_at=due_at, refusal_words=refusal_words.strip()[:300])
    )
    if not noted:
        raise BusinessError("alert_closed", "Cette alerte n’attend plus de décision : relisez ce qui a été écrit.")
    tell_doctor(alert=alert, at=at)


@transaction.atomic
def decide_refusal(*, alert: Alert, by: Member, doctor_decision: str, at: datetime) -> None:
    """What the doctor of the team decides, once. Raises `decision_missing`, `already_decided`."""
    if not doctor_decision.strip():
        raise BusinessError("decision_missing", "Écrivez ce que vous décidez.", field="doctor_decision")
    decided = (
        Alert.objects.refused()
        .filter(pk=alert.pk)
        .update(doctor_decision=doctor_decision.strip()[:300], doctor_decided_by=by, doctor_decided_at=at)
    )
    if not decided:
        raise BusinessError("already_decided", "Cette décision est déjà écrite : relisez-la.")

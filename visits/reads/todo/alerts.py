"""Alerts to take, and signs somebody took that are to be closed."""

from collections.abc import Iterator

from copa.kernel import clock
from pathways import perms
from pathways.enums import SIGN_KINDS, AlertKind
from pathways.models.alerts import IS_OPEN, IS_TO_CLOSE
from pathways.rules.ladder import RETURN_WITHIN
from territories.models import Member
from visits.reads.alert_words import alert_label
from visits.reads.todo.base import Now, Subject, Waiting

_COLUMNS = (
    "public_id",
    "family_id",
    "kind",
    "is_sealed",
    "raised_at",
    "answer_due_at",
    "acknowledged_at",
    "decision_due_at",
)


def alerts(member: Member, now: Now) -> Iterator[Waiting]:
    """Those she may take or close; what is sealed tells nothing here."""
    rows = perms.TAKE_ALERT.rows(member).filter(IS_OPEN | IS_TO_CLOSE).order_by("raised_at", "pk")
    for alert in rows.values_list(*_COLUMNS, named=True):
        is_open = alert.acknowledged_at is None
        closing = alert.decision_due_at or (alert.acknowledged_at and alert.acknowledged_at + RETURN_WITHIN)
        yield Waiting(
            subject=Subject.ALERTS,
            family_id=alert.family_id,
            words="Alerte à prendre" if is_open else "Alerte prise, à clore",
            detail=alert_label(alert),
            due=(alert.answer_due_at or clock.local_date(alert.raised_at, now.zone)) if is_open else closing,
            page="pathways:take_alert" if is_open else "pathways:close_alert",
            public_id=alert.public_id,
            is_danger=is_open and alert.kind in SIGN_KINDS,
            is_bare=alert.kind == AlertKind.DEATH,
        )
    yield from _refusals(member)


def _refusals(member: Member) -> Iterator[Waiting]:
    """What the doctor of a team has to decide, after a refusal of any follow-up (alerts.md 5.5)."""
    rows = perms.DECIDE_REFUSAL.rows(member).refused().order_by("decision_due_at", "pk")
    for alert in rows.values_list("public_id", "family_id", "decision_due_at", named=True):
        yield Waiting(
            subject=Subject.ALERTS,
            family_id=alert.family_id,
            words="Décision du médecin à écrire",
            detail=str(AlertKind.PROTECTED.label),
            due=alert.decision_due_at,
            page="pathways:alert_doctor",
            public_id=alert.public_id,
            is_danger=True,
        )

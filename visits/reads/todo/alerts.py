"""Alerts to take, instructions to write, and signs somebody took that are to be closed."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from copa.kernel import clock
from pathways import perms
from pathways.enums import SIGN_KINDS, AlertKind
from pathways.models.alerts import IS_ENDED_TAKEN, IS_OPEN, IS_TO_CLOSE
from pathways.rules.ladder import RETURN_WITHIN, instruction_due_at
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
    "ended_at",
    "instructed_at",
    "decision_due_at",
    "may_instruct",
)


class _Move(NamedTuple):
    """What an alert waits for, by when, and where it is done."""

    words: str
    due: date | datetime
    page: str
    is_danger: bool
    is_promised: bool = False
    is_pressing: bool = False


def alerts(member: Member, now: Now) -> Iterator[Waiting]:
    """Those she may take, answer or close; what is sealed tells nothing here."""
    # She had taken it, and whoever it was about has died: she reads it here for a day.
    hers = IS_ENDED_TAKEN & Q(acknowledged_by=member, ended_at__gte=now.at - RETURN_WITHIN)
    rows = perms.TAKE_ALERT.rows(member).filter(IS_OPEN | IS_TO_CLOSE | hers).order_by("raised_at", "pk")
    rows = rows.annotate(may_instruct=Exists(perms.INSTRUCT_ALERT.rows(member).filter(pk=OuterRef("pk"))))
    for alert in rows.values_list(*_COLUMNS, named=True):
        move = _move(alert, now)
        yield Waiting(
            subject=Subject.ALERTS,
            family_id=alert.family_id,
            words=move.words,
            detail=alert_label(alert),
            due=move.due,
            page=move.page,
            public_id=alert.public_id,
            is_danger=move.is_danger,
            is_promised=move.is_promised,
            is_pressing=move.is_pressing,
            is_bare=alert.kind == AlertKind.DEATH or alert.ended_at is not None,
        )
    yield from _refusals(member)


def _move(alert: Any, now: Now) -> _Move:
    if alert.ended_at is not None:
        day = clock.local_date(alert.ended_at + RETURN_WITHIN, now.zone)
        return _Move(
            "Alerte finie, vous l’aviez prise : rien n’est plus attendu", day, "pathways:alert", is_danger=False
        )
    if alert.acknowledged_at is None:
        due = alert.answer_due_at or clock.local_date(alert.raised_at, now.zone)
        is_death = alert.kind == AlertKind.DEATH
        is_danger = alert.kind in SIGN_KINDS
        return _Move("Alerte à prendre", due, "pathways:take_alert", is_danger=is_danger, is_pressing=is_death)
    if alert.instructed_at is None:
        due = instruction_due_at(alert.acknowledged_at, alert.raised_at, alert.answer_due_at)
        # What is sealed for her is answered by its readers: she sees that it waits.
        page = "pathways:instruct_alert" if alert.may_instruct else "pathways:alert"
        return _Move("Alerte prise, consigne à écrire", due, page, is_danger=True)
    due = alert.decision_due_at or alert.acknowledged_at + RETURN_WITHIN
    # What somebody promised about a danger stays in sight until it is done (alerts.md 5.5).
    return _Move("Alerte prise, à clore", due, "pathways:close_alert", is_danger=False, is_promised=True)


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

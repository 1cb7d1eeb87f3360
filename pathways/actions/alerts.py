"""Alerts: raised once, taken once by name, ended when their cause is gone."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from copa.kernel import french
from copa.kernel.errors import BusinessError
from pathways.enums import SIGN_KINDS, TOLD_IN_MOURNING, PathwayState
from pathways.models import Alert, Pathway
from territories.models import Member


def raise_alert(
    *,
    pathway: Pathway,
    kind: str,
    subject_id: UUID,
    code: str,
    facts: str,
    is_sealed: bool,
    raised_by: Member | None,
    answer_due_at: datetime | None,
    at: datetime,
) -> bool:
    """Raise an alert once per (kind, subject, code); True when it is new.

    `raised_by` is None for alerts of the clock, `answer_due_at` None when nobody has to answer by a given instant.
    In mourning only the death and what was seen at home are raised: reminders stay silent (A38), the answer is False.
    """
    is_reminder = kind not in TOLD_IN_MOURNING
    if is_reminder and Pathway.objects.filter(pk=pathway.pk, state=PathwayState.BEREAVED).exists():
        return False
    _, is_new = Alert.objects.get_or_create(
        kind=kind,
        subject_id=subject_id,
        code=code,
        defaults={
            "family_id": pathway.family_id,
            "pathway": pathway,
            "facts": facts[:400],
            "is_sealed": is_sealed,
            "raised_at": at,
            "raised_by": raised_by,
            "answer_due_at": answer_due_at,
        },
    )
    return bool(is_new)


def end_alerts(*, kinds: Iterable[str], subject_id: UUID, at: datetime) -> int:
    """Say that the cause of these alerts is gone; returns how many were still waiting."""
    open_ones = Alert.objects.filter(kind__in=list(kinds), subject_id=subject_id, ended_at=None)
    return int(open_ones.update(ended_at=at))


@transaction.atomic
def take_alert(*, alert: Alert, by: Member, instruction: str, at: datetime) -> None:
    """Take an open alert by name, with the instruction given to the auxiliary ("" for a reminder).

    Raises `alert_taken` or `alert_ended` when another was faster or the cause is gone, `instruction_missing` for a
    sign seen at home.
    """
    if alert.kind in SIGN_KINDS and not instruction.strip():
        raise BusinessError("instruction_missing", "Dites ce que l’auxiliaire doit faire.", field="instruction")
    taken = Alert.objects.open().filter(pk=alert.pk)
    if not taken.update(acknowledged_at=at, acknowledged_by=by, instruction=instruction.strip()[:300]):
        raise _too_late(Alert.objects.select_related("acknowledged_by__user").get(pk=alert.pk))


def _too_late(alert: Alert) -> BusinessError:
    if alert.acknowledged_by is None:
        return BusinessError("alert_ended", "Cette alerte s’est terminée d’elle-même : sa cause a disparu.")
    name = alert.acknowledged_by.user.get_full_name()
    moment = french.moment(timezone.localtime(alert.acknowledged_at))
    return BusinessError("alert_taken", f"{name} a déjà pris cette alerte, {moment}.")

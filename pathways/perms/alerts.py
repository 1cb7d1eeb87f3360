"""Who hears an alert, takes it, and reads what is sealed in it."""

from typing import Any

from django.db.models import QuerySet

from copa.kernel.access import Perm
from pathways.enums import AlertKind
from pathways.perms.base import TEAM
from territories.enums import PILOTS, Role
from territories.models import Member


def _alerts_of_team(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    if member.role in PILOTS:
        return alerts
    return alerts.filter(pathway__carrier=member.structure_id)


def _own_alerts(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    if member.role == Role.AP:
        # A sealed alert is listed without its sign and its facts: see READ_SEALED_ALERT. A death is told to the team.
        return alerts.filter(pathway__ap=member).exclude(kind=AlertKind.DEATH)
    return _alerts_of_team(alerts, member)


SEE_ALERTS = Perm(
    code="pathways.see_alerts",
    label="Voir les alertes",
    model="pathways.Alert",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.AP},
    where=_own_alerts,
)
TAKE_ALERT = Perm(
    code="pathways.take_alert",
    label="Prendre une alerte",
    model="pathways.Alert",
    roles=TEAM | {Role.PMI_DOCTOR},
    where=_alerts_of_team,
)
READ_SEALED_ALERT = Perm(
    code="pathways.read_sealed_alert",
    label="Lire une alerte protégée",
    model="pathways.Alert",
    # alerts.md 1: the referring team on duty, the coordinating midwife and the PMI doctor of the binôme.
    roles=TEAM | {Role.PMI_DOCTOR},
    where=_alerts_of_team,
)

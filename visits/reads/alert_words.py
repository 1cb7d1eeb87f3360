"""What a list may say of an alert: a protected one shows neither its sign nor its facts (design.md 3.12)."""

from django.db.models import Q

from pathways.enums import SIGN_KINDS, AlertKind
from pathways.models import Alert
from pathways.reads.alert_rows import OTHER_DANGER
from visits.questionnaire.alerts import alert_book

# Families the team answers within this many minutes are those where a life is in danger (alerts.md 1).
VITAL_DELAY_MIN = 5


def alert_label(alert: Alert) -> str:
    """Its kind in French, without the sign when it is protected."""
    if alert.kind == AlertKind.PROTECTED and not alert.is_sealed:
        return OTHER_DANGER
    return str(AlertKind.PROTECTED.label if alert.is_sealed else AlertKind(alert.kind).label)


def alert_facts(alert: Alert) -> str:
    """The facts noted, "" for a protected alert: its own page shows them to their named readers."""
    return "" if alert.is_sealed else alert.facts


def is_vital() -> Q:
    """Alerts of the families where a life is in danger."""
    wanted = Q()
    for family in alert_book().families.values():
        if family.team_delay_min <= VITAL_DELAY_MIN:
            wanted |= Q(code__startswith=f"{family.code}:")
    return wanted & Q(kind__in=SIGN_KINDS)

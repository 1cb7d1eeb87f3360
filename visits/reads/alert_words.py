"""What a list may say of an alert: a protected one shows neither its sign nor its facts (design.md 3.12)."""

from pathways.enums import AlertKind
from pathways.models import Alert


def alert_label(alert: Alert) -> str:
    """Its kind in French, without the sign when it is protected."""
    return str(AlertKind.PROTECTED.label if alert.is_sealed else AlertKind(alert.kind).label)


def alert_facts(alert: Alert) -> str:
    """The facts noted, "" for a protected alert: its own page shows them to their named readers."""
    return "" if alert.is_sealed else alert.facts

"""The cut-offs of the EPDS that a territory reads its results with."""

from datetime import datetime

from pathways.models import EpdsThresholds
from pathways.rules.screening import Thresholds


def current_thresholds(at: datetime) -> Thresholds:
    """The cut-offs of the territory in scope at this instant; those of the programme before any were validated."""
    row = EpdsThresholds.objects.filter(valid_from__lte=at).order_by("-valid_from", "-pk").first()
    if row is None:
        return Thresholds()
    return Thresholds(version=row.version, watch=row.watch, alert=row.alert, high=row.high)


def offers_coparent() -> bool:
    """Whether the pilots chose to propose the scale to the co-parent too; off by default (A37)."""
    row = EpdsThresholds.objects.order_by("-valid_from", "-pk").first()
    return row is not None and row.offers_coparent

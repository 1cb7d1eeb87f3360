"""The cut-offs of the EPDS that a territory reads its results with, the mother's and the co-parent's apart (A37)."""

from datetime import datetime

from pathways.enums import ScreenedPerson
from pathways.models import Death, EpdsThresholds
from pathways.rules.screening import Thresholds


def current_thresholds(at: datetime) -> Thresholds:
    """The mother's cut-offs in the territory in scope at this instant; the programme's before any were validated."""
    row = _row(at)
    if row is None:
        return Thresholds()
    return Thresholds(version=row.version, watch=row.watch, alert=row.alert, high=row.high)


def coparent_thresholds(at: datetime) -> Thresholds | None:
    """The co-parent's own at this instant; None while the territory has set none: the programme gives no number."""
    row = _row(at)
    if row is None or row.coparent_watch is None or row.coparent_alert is None or row.coparent_high is None:
        return None
    return Thresholds(version=row.version, watch=row.coparent_watch, alert=row.coparent_alert, high=row.coparent_high)


def thresholds_of(person: str, at: datetime) -> Thresholds | None:
    """What a sheet of this person is read with; None: its total is kept and nothing reads it."""
    return coparent_thresholds(at) if person == ScreenedPerson.COPARENT else current_thresholds(at)


def _row(at: datetime) -> EpdsThresholds | None:
    found: EpdsThresholds | None = (
        EpdsThresholds.objects.filter(valid_from__lte=at).order_by("-valid_from", "-pk").first()
    )
    return found


def people_asked(family_id: int) -> list[ScreenedPerson]:
    """Who may answer the scale outside a visit: the mother while she lives (A38), the co-parent where it is offered."""
    mother = [] if Death.objects.of_mothers().filter(family=family_id).exists() else [ScreenedPerson.MOTHER]
    return [*mother, ScreenedPerson.COPARENT] if offers_coparent() else mother


def offers_coparent() -> bool:
    """Whether the pilots chose to propose the scale to the co-parent too; off by default (A37)."""
    row = EpdsThresholds.objects.order_by("-valid_from", "-pk").first()
    return row is not None and row.offers_coparent

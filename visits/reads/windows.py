"""The local days within which a visit is promised."""

from copa.kernel import clock
from pathways.enums import DischargeKind
from pathways.models import Discharge, Pathway
from pathways.rules import Window
from visits import rules
from visits.enums import VisitKind


def window_of(pathway: Pathway, kind: str) -> Window | None:
    """The local days of this visit, both inclusive; None when it is not offered (no ultra-early discharge)."""
    if kind != VisitKind.ULTRA_EARLY:
        return Window(pathway.window_from, pathway.window_to)
    discharge = Discharge.objects.filter(birth=pathway.birth_id, kind=DischargeKind.ULTRA_EARLY).first()
    if discharge is None:
        return None
    return rules.ultra_early_window(clock.local_date(discharge.at, pathway.territory.time_zone))

"""What the visits know of a delivery that is being corrected."""

from copa.kernel import clock
from pathways.models import Child, Pathway
from pathways.rules import Window
from visits.enums import VisitKind, VisitState
from visits.models import Report, Visit


def planned_outside(*, pathway: Pathway, window: Window) -> int:
    """How many planned visits lie outside these days; the ultra-early one has its own."""
    planned = Visit.objects.filter(pathway=pathway, state=VisitState.PLANNED).exclude(kind=VisitKind.ULTRA_EARLY)
    moments = planned.order_by("pk").values_list("planned_at", "territory__time_zone")
    return sum(not window.holds(clock.local_date(at, zone)) for at, zone in moments)


def is_told_of(child: Child) -> bool:
    """Whether a report of its birth, signed or begun, speaks of this child."""
    row = {"child.ref": str(child.public_id)}
    reports = Report.objects.filter(visit__pathway__birth=child.birth_id, answers__child__contains=[row])
    return bool(reports.exists())

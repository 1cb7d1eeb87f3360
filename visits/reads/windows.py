"""The local days within which a visit is promised, and what may explain a date outside them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from copa.kernel import clock
from pathways.enums import DischargeKind, Patient
from pathways.models import Discharge, HospitalStay, Pathway
from pathways.rules import Window, early_visit_holds, ultra_early_window
from visits.enums import VisitKind, WindowReason
from visits.models import Visit
from visits.questionnaire import Deviations, deviations
from visits.reads.plan import plan_of


def window_of(pathway: Pathway, kind: str) -> Window | None:
    """The local days of this visit, both inclusive; None when it is not offered (no ultra-early discharge)."""
    if kind != VisitKind.ULTRA_EARLY:
        return Window(pathway.window_from, pathway.window_to)
    return next((step.window for step in plan_of(pathway) if step.kind == kind), None)


def early_left_at(pathway: Pathway) -> datetime | None:
    """When the family went home by an ultra-early discharge, or is to; None without one."""
    early = Discharge.objects.filter(birth=pathway.birth_id, kind=DischargeKind.ULTRA_EARLY).order_by("pk")
    found: datetime | None = early.values_list("at", flat=True).first()
    return found


def early_visit_stands(pathway: Pathway, planned_at: datetime) -> bool:
    """Whether an early visit planned then is one the discharge of today asks for (R054)."""
    left_at, window = early_left_at(pathway), window_of(pathway, VisitKind.ULTRA_EARLY)
    if left_at is None or window is None:
        return False
    return early_visit_holds(planned_at, left_at, window, pathway.territory.time_zone)


def stay_reason(pathway: Pathway) -> str:
    """The reason that a hospital stay since the birth gives (A12): the mother's first, "" without any.

    It stands in the list of what cancels a visit and in that of dates outside the window alike; offered, never stored
    without somebody's yes. A child still on the ward since its birth counts.
    """
    stays = HospitalStay.objects.filter(birth=pathway.birth_id, child__closed_at=None).order_by("pk")
    people = set(stays.values_list("person", flat=True))
    if Patient.MOTHER in people:
        return str(WindowReason.MOTHER_HOSPITAL)
    return str(WindowReason.CHILD_HOSPITAL) if people else ""


def window_kept(visit: Visit) -> Window:
    """The local days a visit is judged by: D+2…D+21 as frozen at inclusion, or the day of discharge and the day after.

    Unlike `window_of`, an ultra-early visit keeps days of its own when the discharge was corrected into another kind.
    """
    pathway = visit.pathway
    if visit.kind != VisitKind.ULTRA_EARLY:
        return Window(pathway.window_from, pathway.window_to)
    left_on = Discharge.objects.filter(birth=pathway.birth_id).order_by("pk").values_list("at", flat=True).first()
    left_day = clock.local_date(left_on, visit.territory.time_zone) if left_on else pathway.birth.day
    return ultra_early_window(left_day, pathway.rules.ultra_early_days_after)


def clock_deviations(visit: Visit) -> Deviations:
    """What the hours of a visit alone say: too short or too long, outside its days (P04, P05, P08)."""
    zone = visit.territory.time_zone
    window = window_kept(visit)
    return deviations(
        kind=visit.kind,
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        window=(window.first, window.last),
        planned_on=clock.local_date(visit.planned_at, zone),
        zone=ZoneInfo(zone),
    )

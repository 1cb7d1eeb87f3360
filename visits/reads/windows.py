"""The local days within which a visit is promised, and what may explain a date outside them."""

from pathways.enums import Patient
from pathways.models import HospitalStay, Pathway
from pathways.rules import Window
from visits.enums import VisitKind, WindowReason
from visits.reads.plan import plan_of


def window_of(pathway: Pathway, kind: str) -> Window | None:
    """The local days of this visit, both inclusive; None when it is not offered (no ultra-early discharge)."""
    if kind != VisitKind.ULTRA_EARLY:
        return Window(pathway.window_from, pathway.window_to)
    return next((step.window for step in plan_of(pathway) if step.kind == kind), None)


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

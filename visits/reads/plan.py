"""The plan of a pathway, from its rows: which steps its version promises, within which days."""

from django.db.models import Q

from pathways.enums import DischargeKind
from pathways.models import Discharge, Pathway
from pathways.rules import PlannedStep, WayHome, expected_plan


def plan_of(pathway: Pathway) -> list[PlannedStep]:
    """The steps of this pathway, in order; the ultra-early one only after such a discharge, and none made elsewhere.

    `pathway` carries its rules, birth and territory: one query.
    """
    left = Discharge.objects.filter(birth=pathway.birth_id, kind=DischargeKind.ULTRA_EARLY).first()
    way_home = WayHome(left.kind, left.at) if left else None
    steps = expected_plan(pathway.rules.facts, pathway.birth.day, way_home, pathway.territory.time_zone)
    return [step for step in steps if step.kind not in pathway.kinds_elsewhere]


def made_elsewhere(kind: str) -> Q:
    """Pathways of which another territory made this visit before."""
    return Q(elsewhere__contains=[{"kind": kind}])

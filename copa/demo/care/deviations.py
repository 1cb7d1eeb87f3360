"""Deviations that no visit tells: what the morning's task would have found, some of them explained since."""

from copa.demo.care.base import Office
from pathways.models import Pathway
from territories.enums import Role
from visits.actions.missed import missed_of, pathways_to_look_at
from visits.enums import CodingSource
from visits.models import Deviation

# One in so many was explained by the coordinator.
CODED = 3
REASONS = ("REFUSED_DOOR", "NO_AP", "ABSENT")


def write_deviations(office: Office) -> None:
    """Visits that never came among the families under way, as of yesterday noon."""
    at = office.moment(-1, 12)
    coordinator = office.member(Role.COORDINATOR)
    keys = pathways_to_look_at(at=at)
    rows = Pathway.objects.filter(pk__in=keys).select_related("rules", "birth", "territory")
    rank = 0
    for pathway in rows.order_by("family__reference"):
        for kind, found in missed_of(pathway, at).items():
            coding = {"reason": found.reason, "source": found.source, "coded_at": at} if found.reason else {}
            if not found.reason and kind != "EPDS" and rank % CODED == 1:
                reason = REASONS[rank % len(REASONS)]
                coding = {"reason": reason, "source": CodingSource.TAP, "coded_at": at}
                coding |= {"coded_by_id": coordinator.pk}
            office.put(
                Deviation,
                family_id=pathway.family_id,
                pathway=pathway,
                kind=kind,
                detected_at=at,
                **found.facts,
                **coding,
            )
            rank += 1

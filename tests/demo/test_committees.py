"""The committees of the demonstration: above territories, so written once for those of a region."""

from copa.demo.committees import write_committees
from copa.demo.loader import Plan
from territories.enums import CommitteeKind
from territories.models import Committee, Territory


def test_a_region_has_one_committee_however_many_territories(plan: Plan) -> None:
    """Territories are written by several processes at once: none of them writes what belongs to its region."""
    assert not Committee.objects.exists()

    write_committees(plan)

    regions = Territory.objects.filter(slug__in=[place.slug for place, _ in plan.shares()]).values("region").distinct()
    held = Committee.objects.filter(kind=CommitteeKind.TERRITORIAL)
    assert (held.count(), held.values("region").distinct().count()) == (regions.count(), regions.count())
    assert Committee.objects.filter(kind=CommitteeKind.NATIONAL).count() == 2

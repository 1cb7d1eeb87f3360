"""Families who move between two territories of the demonstration: something on both pages, on both sides."""

from copa.demo.loader import Plan
from copa.demo.moves import write_moves
from copa.kernel import scope
from pathways.enums import PathwayState, TransferState
from pathways.models import CalendarItem, Family, FamilyTransfer, Need, Pathway, ReceivedFile
from tests.demo.conftest import AT, inside, load

FIRST, SECOND = "vallees-de-l-est", "plaine-et-coteaux"


def test_one_family_is_taken_over_and_one_waits_each_way(db: None) -> None:
    plan = Plan(at=AT, births=200, territories=2, seed=4)
    load(plan)

    assert write_moves(plan) == 3

    with scope.opened(inside(SECOND)):
        states = sorted(FamilyTransfer.objects.values_list("state", flat=True).order_by("pk"))
        assert states == [TransferState.ACCEPTED, TransferState.WAITING]
        assert Family.objects.filter(moved_at__isnull=False).count() == 1
        assert Pathway.objects.filter(state=PathwayState.MOVED, family__moved_at__isnull=False).exists()
    with scope.opened(inside(FIRST)):
        assert FamilyTransfer.incoming.count() == 1
        assert FamilyTransfer.objects.waiting().count() == 1
        arrived = ReceivedFile.objects.get()
        pathway = Pathway.objects.get(birth=arrived.birth)
        assert pathway.kinds_elsewhere == {"V1"}
        assert pathway.included_at < AT
        assert arrived.circle[-1]["name"] == "Dr Solène Aubry"
        assert CalendarItem.objects.filter(birth=arrived.birth, code="K01").exists()
        assert Need.objects.filter(pathway=pathway).exists() == bool(arrived.need_codes)

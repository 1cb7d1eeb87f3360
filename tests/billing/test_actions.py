"""Lines are made once, at the price of the closing day, whatever is run twice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from billing import actions, reads, tasks
from billing.models import ChargeableLine, Tariff
from billing.reference import load
from copa.kernel import scope
from pathways.models import Pathway, ProgrammeRules
from territories.models import Member
from tests import factories
from tests.cast import LAGON, VALLEES, inside

AT = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)


def closed_pathway(*kinds: str, closed_at: datetime = AT, **fields: object) -> Pathway:
    """A closed pathway with these visits done."""
    birth = factories.make_birth(at=closed_at - timedelta(days=20))
    ap = Member.objects.with_role("ap").order_by("pk").first()
    pathway = factories.make_pathway(birth, ap=ap, state="closed", closed_at=closed_at, **fields)
    for rank, kind in enumerate(kinds):
        factories.make_visit(pathway, kind, "ended", ended_at=closed_at - timedelta(days=10 - rank))
    return pathway


def make_due_lines() -> None:
    """A line for each closed pathway that has none, as the job makes them."""
    for pk in reads.due_pathway_ids():
        actions.make_line(pathway_id=pk, at=AT)


@pytest.mark.parametrize(
    ("kinds", "kind", "amount"),
    [
        (("V1", "V2"), "P2", Decimal("200.77")),
        (("V1", "V2", "V3"), "P3", Decimal("293.78")),
        (("ULTRA_EARLY", "V1", "V2"), "P2", Decimal("200.77")),
    ],
)
def test_closed_pathway_makes_one_line(vallees, kinds: tuple[str, ...], kind: str, amount: Decimal) -> None:
    pathway = closed_pathway(*kinds)

    line = actions.make_line(pathway_id=pathway.pk, at=AT)

    assert (line.kind, line.amount, line.visits_done) == (kind, amount, int(kind[1]))
    assert (line.family_id, line.closed_on, line.created_at) == (pathway.family_id, date(2026, 10, 2), AT)


def test_same_visits_have_a_price_under_v2_and_none_under_v1(vallees) -> None:
    old = closed_pathway("V1", "V2", "V3", rules=ProgrammeRules.objects.get(code="v1"))
    new = closed_pathway("V1", "V2", "V3")

    make_due_lines()

    assert list(ChargeableLine.objects.order_by("pk").values_list("pathway", flat=True)) == [new.pk]
    assert actions.make_line(pathway_id=old.pk, at=AT) is None
    assert [row.why for row in reads.unpriced(None, None, factories.who("elise"))] == [
        "CoPa v1 (2021-2025)\u00a0: aucun tarif valable le 2\u00a0oct.\u00a02026."
    ]


@pytest.mark.parametrize("kinds", [(), ("V1",), ("ULTRA_EARLY", "V1")])
def test_fewer_than_two_visits_have_no_price(vallees, kinds: tuple[str, ...]) -> None:
    pathway = closed_pathway(*kinds)

    assert actions.make_line(pathway_id=pathway.pk, at=AT) is None
    assert not ChargeableLine.objects.exists()


def test_visit_that_did_not_take_place_does_not_count(vallees) -> None:
    pathway = closed_pathway("V1", "V2")
    factories.make_visit(pathway, "V3", "not_done")
    factories.make_visit(pathway, "V3", "cancelled")

    assert actions.make_line(pathway_id=pathway.pk, at=AT).kind == "P2"


def test_line_is_made_once_whatever_runs_twice(vallees) -> None:
    pathway = closed_pathway("V1", "V2")

    first = actions.make_line(pathway_id=pathway.pk, at=AT)
    second = actions.make_line(pathway_id=pathway.pk, at=AT + timedelta(hours=1))
    tasks.make_lines(str(scope.current_territory_id()))

    assert first.pk == second.pk
    assert ChargeableLine.objects.count() == 1


def test_database_refuses_a_second_line(vallees) -> None:
    line = actions.make_line(pathway_id=closed_pathway("V1", "V2").pk, at=AT)
    line.pk, line.public_id = None, "00000000-0000-4000-8000-000000000000"

    with pytest.raises(DatabaseError, match="line_once_per_pathway"), transaction.atomic():
        line.save(force_insert=True)


def test_open_pathway_is_not_priced(vallees) -> None:
    pathway = factories.make_pathway()

    with pytest.raises(Pathway.DoesNotExist):
        actions.make_line(pathway_id=pathway.pk, at=AT)


@pytest.mark.parametrize(
    ("closed_at", "amount"),
    [
        # Paris is one hour ahead of UTC in winter: 23:30 UTC on 31 December is already the new year there.
        (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), Decimal("200.77")),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), Decimal("210.00")),
    ],
)
def test_price_is_the_one_of_the_local_closing_day(vallees, closed_at: datetime, amount: Decimal) -> None:
    Tariff.objects.filter(kind="P2").update(valid_to=date(2026, 12, 31))
    Tariff.objects.create(kind="P2", amount="210.00", valid_from=date(2027, 1, 1), source="test")

    line = actions.make_line(pathway_id=closed_pathway("V1", "V2", closed_at=closed_at).pk, at=AT)

    assert line.amount == amount


def test_line_keeps_its_price_when_the_tariff_changes(vallees) -> None:
    line = actions.make_line(pathway_id=closed_pathway("V1", "V2").pk, at=AT)

    Tariff.objects.filter(kind="P2").update(amount="999.00")

    line.refresh_from_db()
    assert line.amount == Decimal("200.77")


def test_pathway_closed_before_the_programme_is_not_due(vallees) -> None:
    pathway = closed_pathway("V1", "V2", closed_at=datetime(2025, 11, 30, 12, tzinfo=UTC))

    assert reads.due_pathway_ids() == []
    assert actions.make_line(pathway_id=pathway.pk, at=AT) is None


def test_pathways_without_a_price_do_not_fill_the_batch(vallees) -> None:
    for _ in range(3):
        closed_pathway("V1", closed_at=AT - timedelta(days=9))
    due = closed_pathway("V1", "V2")

    assert reads.due_pathway_ids(limit=1) == [due.pk]


def test_due_lines_come_oldest_first_and_at_most_so_many(vallees) -> None:
    later = closed_pathway("V1", "V2")
    earlier = closed_pathway("V1", "V2", closed_at=AT - timedelta(days=1))

    first = reads.due_pathway_ids(limit=1)
    actions.make_line(pathway_id=earlier.pk, at=AT)

    assert first == [earlier.pk]
    assert reads.due_pathway_ids() == [later.pk]


def test_job_makes_the_lines_of_its_territory_alone(vallees) -> None:
    closed_pathway("V1", "V2")
    with scope.opened(inside(LAGON)):
        closed_pathway("V1", "V2")

    tasks.make_lines(str(inside(VALLEES).territory_id))

    assert ChargeableLine.objects.count() == 1
    with scope.opened(inside(LAGON)):
        assert ChargeableLine.objects.count() == 0


def test_item_that_fails_does_not_stop_the_others(vallees, monkeypatch) -> None:
    bad, good = closed_pathway("V1", "V2"), closed_pathway("V1", "V2")
    original = actions.make_line

    def make_line(*, pathway_id: int, at: datetime) -> ChargeableLine | None:
        line = original(pathway_id=pathway_id, at=at)
        assert pathway_id != bad.pk
        return line

    monkeypatch.setattr(actions, "make_line", make_line)

    tasks.make_lines(str(scope.current_territory_id()))

    assert list(ChargeableLine.objects.order_by("pk").values_list("pathway", flat=True)) == [good.pk]


def test_everywhere_reaches_every_active_territory(vallees) -> None:
    with scope.opened(inside(LAGON)):
        closed_pathway("V1", "V2")

    tasks.make_lines_everywhere()

    with scope.opened(inside(LAGON)):
        assert ChargeableLine.objects.count() == 1


def test_reference_amounts_load_once(vallees) -> None:
    Tariff.objects.filter(kind="P2").update(amount="201.00")

    assert load() == 0
    assert Tariff.objects.count() == 2
    assert Tariff.objects.get(kind="P2").amount == Decimal("201.00")

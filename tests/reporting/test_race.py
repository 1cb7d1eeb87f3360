"""Two workers at the same moment, on connections of their own: one line, and nobody fails."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connections

from billing import actions, reads
from billing.models import ChargeableLine
from copa.kernel import scope
from copa.kernel.quarters import Quarter
from reporting import actions as reporting
from reporting.models import Figure
from reporting.rules.indicators import INDICATORS
from tests import factories
from tests.billing.test_actions import AT, closed_pathway
from tests.cast import VALLEES, inside

pytestmark = pytest.mark.usefixtures("committed")


def both(work: Callable[[], object]) -> list[object]:
    """What two workers get who do this at once in the territory."""

    def one() -> object:
        try:
            with scope.opened(inside(VALLEES)):
                return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return [future.result(timeout=30) for future in [pool.submit(one), pool.submit(one)]]


def test_two_workers_make_one_line(monkeypatch) -> None:
    with scope.opened(inside(VALLEES)):
        pathway = closed_pathway("V1", "V2")
    barrier, count = Barrier(2), reads.visits_done

    def visits_done(pathway_id: int) -> int:
        barrier.wait(timeout=20)
        return count(pathway_id)

    monkeypatch.setattr(reads, "visits_done", visits_done)

    found = both(lambda: actions.make_line(pathway_id=pathway.pk, at=AT).pk)

    assert found[0] == found[1]
    with scope.opened(inside(VALLEES)):
        assert ChargeableLine.objects.count() == 1


@pytest.mark.parametrize("is_first", [True, False])
def test_two_workers_compute_one_figure(monkeypatch, is_first: bool) -> None:
    at = datetime(2026, 10, 20, 8, tzinfo=UTC)
    with scope.opened(inside(VALLEES)):
        if not is_first:
            reporting.compute_figures(quarter=Quarter(2026, 3), at=at)
        factories.make_proposal(factories.make_birth(), proposed_on=date(2026, 8, 1))
    barrier, write = Barrier(2), reporting._write_figure

    def write_figure(territory, definition, period, counts) -> bool:
        if definition.code == "P09":
            barrier.wait(timeout=20)
        return write(territory, definition, period, counts)

    monkeypatch.setattr(reporting, "_write_figure", write_figure)

    both(lambda: reporting.compute_figures(quarter=Quarter(2026, 3), at=at))

    with scope.opened(inside(VALLEES)):
        latest = Figure.objects.current()
        assert latest.count() == len(INDICATORS)
        assert latest.get(indicator="P02").numerator == 1
        assert Figure.objects.filter(indicator="P02").count() == (1 if is_first else 2)

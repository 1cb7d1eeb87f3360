"""How far the programme is from the births it aims at (R039), and the aims its indicators refer to (R014)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from copa.kernel import scope
from copa.kernel.quarters import Quarter
from reporting.enums import Objective
from reporting.reads.volumes import national_volumes
from reporting.rules.indicators import INDICATORS
from reporting.rules.volumes import by_step, volumes
from territories.models import Territory
from tests.cast import LAGON, VALLEES, Person
from tests.reporting.ars.figures import write

AT = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def test_counters_stand_beside_their_aims() -> None:
    year, whole = volumes(declared=10_000, proposed=30_099)

    assert (year.count, year.aim, year.share) == (10_000, 20_000, Decimal("0.5"))
    assert (whole.count, whole.aim, whole.share) == (30_000, 60_000, Decimal("0.5"))


@pytest.mark.parametrize(("count", "told"), [(0, 0), (99, 0), (100, 100), (104, 100), (199, 100)])
def test_small_counts_are_never_told(count: int, told: int) -> None:
    assert by_step(count) == told


def test_answered_or_not_proposals_of_every_region_since_the_beginning(cast: dict[str, Person]) -> None:
    write(VALLEES, P02=(300, 400, 50))
    write(VALLEES, Quarter(2026, 2), P02=(200, 300, 0))
    write(LAGON, P02=(100, 200, 60))
    # Before the second programme.
    write(LAGON, Quarter(2025, 3), P02=(900, 900, 0))
    Territory.objects.filter(slug=LAGON).update(status="closed")

    with scope.opened(scope.Scope(actor="test", region_code="*")):
        year, whole = national_volumes(cast["karim"].mandate)

    # Those whom a closed territory reached count all the same (1010 in all); its births a year no longer do.
    assert (year.count, whole.count) == (1800, 1000)
    assert national_volumes(cast["hugo"].mandate) == ()


def test_counters_are_on_the_national_page_alone(client, cast: dict[str, Person]) -> None:
    write(VALLEES, P02=(300, 400, 50))
    shown = {}
    for name in ("karim", "lina", "hugo"):
        client.force_login(cast[name].user)
        shown[name] = "Naissances visées par le programme" in client.get("/ars/").content.decode()

    assert shown == {"karim": True, "lina": True, "hugo": False}


def test_every_indicator_refers_to_an_aim_of_the_programme() -> None:
    assert Objective.values == ["O1", "O2", "O3", "O4"]
    assert all(isinstance(one.objective, Objective) for one in INDICATORS)

"""The day, and a region with its figures."""

from datetime import date

import pytest
import time_machine

from territories.enums import TerritoryStatus, Typology
from territories.models import Territory
from tests.cast import LAGON, VALLEES, Person
from tests.reporting.ars.figures import AT, NEIGHBOURS, T3, write


@pytest.fixture(autouse=True)
def _at():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def region(cast: dict[str, Person]) -> None:
    """Grand Est with four territories, La Réunion with one; the last quarter that ended, and the one before."""
    for slug, name, counts in NEIGHBOURS:
        Territory.objects.create(
            slug=slug,
            name=name,
            region_id="44",
            typology=Typology.MIXED,
            annual_births=900,
            status=TerritoryStatus.ACTIVE,
            starts_on=date(2025, 12, 1),
        )
        write(slug, P09=counts, P02=(60, 80, 0), P04=(30, 40, 6))
    write(VALLEES, P09=(128, 142, 0), P02=(138, 201, 12), P04=(3, 50, 0))
    write(VALLEES, T3.previous, P09=(80, 100, 0))
    write(LAGON, P09=(71, 77, 0), P02=(4, 30, 0))

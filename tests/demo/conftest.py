"""A small demonstration beside the cast: two territories, loaded once per test that asks for it."""

from datetime import UTC, datetime

import pytest

from copa.demo import loader
from copa.demo.loader import Plan

AT = datetime(2026, 11, 3, 13, 0, tzinfo=UTC)


def load(plan: Plan) -> None:
    """Everything of a plan, as the command does."""
    loader.prepare(plan)
    for place, _ in plan.shares():
        loader.load_territory(plan, place.slug)


@pytest.fixture
def plan(db: None) -> Plan:
    """Two territories of 110 births in all, staged families included in the first, already loaded."""
    small = Plan(at=AT, births=110, territories=2, seed=3)
    load(small)
    return small

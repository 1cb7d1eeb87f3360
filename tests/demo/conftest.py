"""A small demonstration beside the cast: two territories, loaded once for all the tests of a file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from copa.demo import loader
from copa.demo.loader import Plan
from copa.kernel import scope
from territories.models import Territory

AT = datetime(2026, 11, 3, 13, 0, tzinfo=UTC)


def load(plan: Plan) -> None:
    """Everything of a plan, as the command does."""
    loader.prepare(plan)
    for place, _ in plan.shares():
        loader.load_territory(plan, place.slug)


def inside(slug: str) -> scope.Scope:
    """The scope of one territory of the demonstration."""
    return scope.Scope(actor="test", territory_id=Territory.objects.get(slug=slug).pk, slug=slug)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Plan]:
    """Two territories of 110 births in all, staged families included in the first."""
    small = Plan(at=AT, births=110, territories=2, seed=3)
    with django_db_blocker.unblock(), transaction.atomic():
        load(small)
        yield small
        transaction.set_rollback(True)


@pytest.fixture
def plan(loaded: Plan, db: None) -> Plan:
    """The same; what a test changes is undone after it."""
    return loaded

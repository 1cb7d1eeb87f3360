"""A worker killed while it looks for missing visits: every pathway is told, once."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from copa.celery import app
from copa.kernel import clock, scope
from pathways.models import Pathway
from territories.models import Territory
from tests import cast as cast_module
from tests import factories, workers
from tests.killing import until
from visits.models import Deviation
from visits.rules import MISSED_FROM_HOUR

pytestmark = pytest.mark.kill


@pytest.fixture
def queues(committed: None) -> Iterator[str]:
    with workers.real_queue() as prefix:
        yield prefix


def inside() -> scope.Scope:
    return cast_module.inside(cast_module.VALLEES)


def where_the_night_is_over() -> str:
    """A zone of the Republic where it is day now."""
    zones = ("Europe/Paris", "America/Cayenne", "Pacific/Noumea")
    return next(zone for zone in zones if clock.now().astimezone(ZoneInfo(zone)).hour >= MISSED_FROM_HOUR)


def two_pathways() -> list[Pathway]:
    """Two families whose days are over, of whom nobody was visited."""
    Territory.objects.filter(slug=cast_module.VALLEES).update(time_zone=where_the_night_is_over())
    with scope.opened(inside()):
        return [factories.make_pathway(ap=factories.who("amal"), days_ago=30) for _ in range(2)]


def told() -> list[tuple[int, str]]:
    with scope.opened(inside()):
        return list(Deviation.objects.order_by("pathway", "kind").values_list("pathway", "kind"))


def test_a_worker_killed_between_two_pathways_loses_none_and_doubles_none(queues: str) -> None:
    first, second = two_pathways()
    whole = [(one.pk, kind) for one in (first, second) for kind in ("FIRST_VISIT", "SECOND_VISIT")]

    with workers.held("pathways_pathway", second.pk, inside().territory_id) as holder:
        app.send_task("visits.look_for_missed_everywhere")
        with workers.worker(queues) as victim:
            until(lambda: workers.somebody_waits(holder), "the first worker waits for the second family")
            workers.kill(victim)
    assert told() == whole[:2]

    app.send_task("visits.look_for_missed_everywhere")
    app.send_task("visits.look_for_missed_everywhere")
    with workers.worker(queues):
        until(lambda: len(told()) == 4, "the second worker tells the rest")

    assert told() == whole

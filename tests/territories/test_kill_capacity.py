"""A worker killed between two services: who was asked is not asked again, who was not is asked."""

from collections.abc import Iterator

import pytest

from copa.celery import app
from copa.kernel import scope
from territories.models import CapacityCheck, OutgoingMessage
from tests import factories, workers
from tests.cast import VALLEES, inside
from tests.killing import until

pytestmark = pytest.mark.kill


@pytest.fixture
def queues(committed: None) -> Iterator[str]:
    with workers.real_queue() as prefix:
        yield prefix


def asked() -> tuple[int, int]:
    """Questions, and mails that carry one."""
    with scope.opened(inside(VALLEES)):
        mails = OutgoingMessage.objects.filter(dedup_key__startswith="capacity:")
        return CapacityCheck.objects.count(), mails.count()


def test_a_worker_killed_between_two_services_asks_nobody_twice(queues: str) -> None:
    with scope.opened(inside(VALLEES)) as place:
        territory = place.territory_id
        rows = [factories.make_entry("PSYCHOLOGIST") for _ in range(3)]

    with workers.held("territories_directoryentry", rows[1].pk, territory) as holder:
        app.send_task("territories.ask_capacities", [str(territory)])
        with workers.worker(queues) as victim:
            until(lambda: workers.somebody_waits(holder), "the worker waits for the second service")
            workers.kill(victim)
    assert asked() == (1, 1)

    workers._sweep(queues)
    app.send_task("territories.ask_capacities", [str(territory)])
    app.send_task("territories.ask_capacities", [str(territory)])
    with workers.worker(queues):
        until(lambda: asked() == (3, 3), "the second worker asks the others")

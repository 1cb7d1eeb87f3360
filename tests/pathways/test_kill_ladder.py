"""A worker killed between two steps of the ladder, a queue that was emptied: every step is done, once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from copa.celery import app
from copa.kernel import clock, scope
from pathways.actions.alerts import raise_alert
from pathways.enums import AlertKind
from pathways.models import Alert, AlertStep, Pathway
from territories.models import OutgoingMessage
from tests import cast as cast_module
from tests import factories, workers
from tests.killing import until

pytestmark = pytest.mark.kill

DELAY = timedelta(minutes=10)


@pytest.fixture
def queues(committed: None) -> Iterator[str]:
    with workers.real_queue() as prefix:
        yield prefix


def inside() -> scope.Scope:
    return cast_module.inside(cast_module.VALLEES)


def tick() -> None:
    """What beat does every half minute."""
    app.send_task("pathways.climb_ladders_everywhere")


def two_alerts() -> list[Alert]:
    """Two signs of two families, received so long ago that two steps of each have come."""
    at = clock.now() - timedelta(minutes=25)
    with scope.opened(inside()):
        for minutes in (0, 1):
            raise_one(factories.make_pathway(ap=factories.who("amal")), at + timedelta(minutes=minutes))
        return list(Alert.objects.order_by("pk"))


def raise_one(pathway: Pathway, at: object) -> None:
    raise_alert(
        pathway=pathway,
        kind=AlertKind.CHILD_SIGN,
        subject_id=pathway.public_id,
        code="CHILD_URGENT:CHILD_FEVER",
        facts="",
        is_sealed=False,
        raised_by=factories.who("amal"),
        answer_due_at=at + DELAY,
        at=at,
    )


def reached(alert: Alert) -> list[str]:
    with scope.opened(inside()):
        return list(AlertStep.objects.filter(alert=alert).order_by("pk").values_list("step", flat=True))


def test_a_worker_killed_between_two_steps_loses_none_and_doubles_none(queues: str) -> None:
    first, second = two_alerts()

    with workers.held("pathways_alert", second.pk, inside().territory_id) as holder:
        tick()
        with workers.worker(queues) as one:
            # The first alert has climbed; the worker waits for the second, which this test holds.
            until(lambda: workers.somebody_waits(holder), "the worker waits for the second alert")
            workers.kill(one)
    assert reached(first) == ["raised", "second"]
    assert reached(second) == ["raised"]

    workers._sweep(queues)
    tick()
    tick()
    with workers.worker(queues):
        until(lambda: reached(second)[-1] == "doctor", "the ladder goes on")

    assert reached(first) == reached(second) == ["raised", "second", "doctor"]
    with scope.opened(inside()):
        keys = list(OutgoingMessage.objects.filter(dedup_key__startswith="alert:").values_list("dedup_key", flat=True))
    assert len(keys) == len(set(keys)) > 0

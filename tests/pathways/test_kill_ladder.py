"""A worker killed between two steps of the ladder, or a day after: every step is done and everybody told, once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen

import pytest
from django.core.cache import cache

from copa.celery import app
from copa.kernel import clock, health, scope
from copa.kernel.outbox import OutboxState
from pathways.actions.alerts import Taking, raise_alert, take_alert
from pathways.enums import AlertKind, CircleRole, LadderStep
from pathways.models import Alert, AlertNotice, AlertStep, Pathway
from pathways.rules.ladder import LADDER
from territories.models import OutgoingMessage, User
from tests import cast as cast_module
from tests import factories, workers
from tests.killing import until

pytestmark = pytest.mark.kill

DELAY = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
# Neither today nor a day to come: what a worker did by its own clock would be seen.
RECEIVED_AT = datetime(2026, 3, 3, 14, 5, tzinfo=UTC)


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


@pytest.fixture
def moment(tmp_path: Path) -> Iterator[workers.Moment]:
    with workers.standing_at(RECEIVED_AT, tmp_path) as standing:
        yield standing


def two_signs_at_once() -> list[Alert]:
    """Two signs of two families, received at this instant, in a territory where everybody has a number."""
    with scope.opened(inside()):
        for number, name in enumerate(["amal", "farid", "elise", "nora", "olga"]):
            User.objects.filter(email=f"{name}@copa.example").update(phone=f"+3319900310{number}")
        for _ in range(2):
            raise_one(factories.make_pathway(ap=factories.who("amal")), RECEIVED_AT)
        return list(Alert.objects.order_by("pk"))


@contextmanager
def ready_worker(queues: str, moment: workers.Moment) -> Iterator[Popen[bytes]]:
    """A worker of this moment that has given its first sign of life."""
    cache.delete(health.QUEUE_KEY)
    with workers.worker(queues, moment) as process:
        until(lambda: cache.get(health.QUEUE_KEY), "the worker is ready", patience=120)
        yield process


def look() -> None:
    """Beat's tick for this territory, twice as after a stop; returns once the worker has done both, at this instant."""
    cache.delete(health.QUEUE_KEY)
    for _ in range(2):
        app.send_task("pathways.climb_ladders", [str(inside().territory_id)])
    app.send_task("copa.heartbeat")
    until(lambda: cache.get(health.QUEUE_KEY) == clock.now().isoformat(), "the worker has looked")


def reached_at(alert: Alert) -> list[tuple[str, timedelta]]:
    """Each step, and how long after the alert was received."""
    with scope.opened(inside()):
        rows = AlertStep.objects.filter(alert=alert).order_by("pk").values_list("step", "reached_at")
        return [(step, at - RECEIVED_AT) for step, at in rows]


def test_each_step_comes_once_at_its_hour_though_the_worker_is_killed_in_every_one(
    queues: str, moment: workers.Moment
) -> None:
    first, second = two_signs_at_once()
    expected = [("raised", timedelta(0))]

    for step, times in LADDER:
        with ready_worker(queues, moment) as one:
            # The step in which the last worker died is finished for the second sign, and not done again for the first.
            look()
            assert reached_at(first) == reached_at(second) == expected
            moment.move_to(RECEIVED_AT + times * DELAY - SECOND)
            look()
            assert reached_at(first) == reached_at(second) == expected
            moment.move_to(RECEIVED_AT + times * DELAY)
            with workers.held("pathways_alert", second.pk, inside().territory_id) as holder:
                tick()
                until(lambda: workers.somebody_waits(holder), "the worker waits for the second sign")
                workers.kill(one)
        assert reached_at(second) == expected
        expected.append((step, times * DELAY))
        assert reached_at(first) == expected
        workers._sweep(queues)

    with ready_worker(queues, moment):
        look()
        moment.move_to(RECEIVED_AT + timedelta(days=2))
        look()
    assert [step for step, _ in expected] == ["raised", "second", "doctor", "ap", "pilots"]
    assert reached_at(first) == reached_at(second) == expected
    assert told_twice() == []


def told_twice() -> list[str]:
    """Who was told the same step of an alert twice by one way, and the keys of messages written twice."""
    with scope.opened(inside()):
        told = AlertNotice.objects.order_by("pk").values_list("step", "member", "person", "structure", "channel")
        keys = OutgoingMessage.objects.filter(dedup_key__startswith="alert:").values_list("dedup_key", flat=True)
        assert told.exists()
        assert keys.exists()
        seen = Counter(map(str, [*told, *keys.order_by("pk")]))
        return [one for one, times in seen.items() if times > 1]


def taken_yesterday() -> list[Alert]:
    """Two signs that Farid took a little more than a day ago; nobody has written what was done."""
    alerts = two_alerts()
    at = clock.now() - timedelta(hours=24, minutes=5)
    with scope.opened(inside()):
        for alert in alerts:
            take_alert(alert=alert, by=factories.who("farid"), taking=Taking(instruction="J’arrive."), at=at)
    return alerts


def reminders() -> list[str]:
    """Who was written to, a day after."""
    with scope.opened(inside()):
        messages = OutgoingMessage.objects.filter(dedup_key__contains=f":{LadderStep.RETURN}:")
        return sorted(messages.values_list("to", flat=True))


def test_a_worker_killed_in_the_return_of_a_day_reminds_everybody_once(queues: str) -> None:
    first, second = taken_yesterday()

    with workers.held("pathways_alert", second.pk, inside().territory_id) as holder:
        tick()
        with workers.worker(queues) as one:
            until(lambda: workers.somebody_waits(holder), "the worker waits for the second alert")
            workers.kill(one)
    assert reached(first)[-1] == LadderStep.RETURN
    assert LadderStep.RETURN not in reached(second)

    workers._sweep(queues)
    tick()
    tick()
    with workers.worker(queues):
        until(lambda: LadderStep.RETURN in reached(second), "the second alert comes back")
        until(lambda: not waiting_keys(), "nothing is left to remind")

    assert [reached(one).count(LadderStep.RETURN) for one in (first, second)] == [1, 1]
    assert reminders() == ["elise@copa.example"] * 2 + ["farid@copa.example"] * 2


def waiting_keys() -> list[int]:
    with scope.opened(inside()):
        return list(Alert.objects.climbing(clock.now()).order_by("pk").values_list("pk", flat=True))


def message_to(number: str) -> OutgoingMessage:
    with scope.opened(inside()):
        return OutgoingMessage.objects.get(to=number)


def test_a_worker_killed_before_the_midwife_without_an_account_is_rung_rings_her_once(queues: str) -> None:
    number = "+33199003150"
    with scope.opened(inside()):
        pathway = factories.make_pathway(ap=factories.who("amal"))
        role = CircleRole.LIBERAL_MIDWIFE
        factories.make_circle_member(pathway.family, name="Mme Roy", phone=number, role=role)
        raise_one(pathway, clock.now())
    waiting = message_to(number)

    held = workers.held("territories_outgoingmessage", waiting.pk, inside().territory_id)
    with held as holder, workers.worker(queues) as one:
        until(lambda: workers.somebody_waits(holder), "the worker waits for her message")
        workers.kill(one)
    assert message_to(number).state == OutboxState.QUEUED

    workers._sweep(queues)
    for _ in range(2):
        app.send_task("territories.send_outgoing_everywhere")
    with workers.worker(queues):
        until(lambda: message_to(number).state == OutboxState.SENT, "she is rung")

    assert message_to(number).attempts == 1
    with scope.opened(inside()):
        assert AlertNotice.objects.filter(person__isnull=False).count() == 1

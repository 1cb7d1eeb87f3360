"""A worker killed between two notices: who was told is not told again, who was not is told, once."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest

from copa.celery import app
from copa.kernel import clock, scope
from copa.kernel.holidays import holidays
from messaging.actions.hours import set_hours
from messaging.models import Conversation
from messaging.rules import Span
from territories.models import Territory
from tests import factories, workers
from tests.cast import VALLEES, inside
from tests.killing import until
from tests.messaging import spaces

pytestmark = pytest.mark.kill


@pytest.fixture
def queues(committed: None) -> Iterator[str]:
    with workers.real_queue() as prefix:
        yield prefix


def told() -> tuple[int, int]:
    """Conversations that nobody has to be told of any more, and mails that told."""
    with scope.opened(inside(VALLEES)):
        return Conversation.objects.told_unread().count(), len(spaces.notices())


def live_on_a_working_day(territory: object, at: datetime) -> int:
    """The worker reads the real clock: the territory moves to where today is no holiday. Its ISO weekday."""
    zones = ("Europe/Paris", "Pacific/Kiritimati", "Etc/GMT+12")
    days = {zone: clock.local_date(at, zone) for zone in zones}
    zone = next(zone for zone, day in days.items() if day not in holidays(day.year, "44"))
    Territory.objects.filter(pk=territory).update(time_zone=zone)
    return days[zone].isoweekday()


def test_a_worker_killed_between_two_notices_tells_nobody_twice(queues: str) -> None:
    at, whole = clock.now(), Span(time(0), time(23, 59, 59))
    with scope.opened(inside(VALLEES)) as place:
        territory = place.territory_id
        today, amal = live_on_a_working_day(territory, at), factories.who("amal")
        off_today = {day: whole for day in range(1, 8) if day != today}
        set_hours(member=amal, week=off_today, by=amal, at=at - timedelta(minutes=2))
        keys = []
        for name in ("Benali", "Costa", "Durand"):
            account = spaces.opened(spaces.followed(name=name).family)
            spaces.write(account, at=at)
            keys.append(spaces.conversation_of(account).pk)
        set_hours(member=amal, week=dict.fromkeys(range(1, 8), whole), by=amal, at=at)
    assert told() == (0, 0)

    with workers.held("messaging_conversation", keys[1], territory) as holder:
        app.send_task("messaging.tell_readers", [str(territory)])
        with workers.worker(queues) as victim:
            until(lambda: workers.somebody_waits(holder), "the worker waits for the second conversation")
            workers.kill(victim)
    assert told() == (1, 1)

    workers._sweep(queues)
    for _ in range(2):
        app.send_task("messaging.tell_readers", [str(territory)])
    with workers.worker(queues):
        until(lambda: told() == (3, 3), "the second worker tells of the others")

"""What /healthz says of worker and beat, from the signs of life they left."""

import logging
from datetime import datetime, timedelta

import pytest
from celery.signals import after_task_publish, beat_init, heartbeat_sent, worker_ready
from django.core.cache import cache
from django.test import Client, RequestFactory

from copa.kernel import clock, health
from copa.kernel.logs import WithoutHealth
from copa.pages.tasks import heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    """A moment at which everything has just given its sign."""
    at = clock.now()
    for key in health.SILENT_AFTER:
        health.mark(key, at)
    return at


def after(now: datetime, **delay: float) -> dict[str, str]:
    return health.state(now + timedelta(**delay))


def test_nothing_was_heard_yet() -> None:
    state = health.state(clock.now())

    assert (state["status"], state["worker"], state["beat"]) == ("starting", "starting", "starting")


def test_worker_is_silent_once_ten_seconds_passed(now: datetime) -> None:
    assert after(now, seconds=10)["worker"] == "ok"
    assert after(now, seconds=10.001)["worker"] == "silent"
    assert after(now, seconds=10.001)["status"] == "degraded"


def test_worker_that_lives_without_being_given_tasks_is_silent(now: datetime) -> None:
    later = now + timedelta(seconds=121)

    health.mark(health.WORKER_KEY, later)

    assert health.state(later)["worker"] == "silent"


def test_beat_is_silent_after_five_heartbeats(now: datetime) -> None:
    assert after(now, seconds=25)["beat"] == "ok"
    assert after(now, seconds=25.001)["beat"] == "silent"


def test_beat_is_not_blamed_for_an_absent_worker(now: datetime) -> None:
    later = now + timedelta(minutes=5)

    health.mark(health.BEAT_KEY, later)

    state = health.state(later)
    assert (state["worker"], state["beat"]) == ("silent", "ok")


def test_the_signals_of_celery_are_the_signs() -> None:
    worker_ready.send(sender=None)
    beat_init.send(sender=None)
    assert health.state(clock.now())["status"] == "ok"

    later = clock.now() + timedelta(seconds=30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: later)
        assert health.state(later)["worker"] == "silent"
        heartbeat_sent.send(sender=None)
        after_task_publish.send(sender=heartbeat.name)

    assert health.state(later)["status"] == "ok"


def test_sign_of_yesterday_still_says_silent(now: datetime) -> None:
    client = cache._cache.get_client(write=False)  # type: ignore[attr-defined]

    assert after(now, days=1)["worker"] == "silent"
    assert [client.ttl(cache.make_key(key)) for key in health.SILENT_AFTER] == [-1, -1, -1]


def test_other_tasks_say_nothing_about_beat() -> None:
    after_task_publish.send(sender="visits.deliver_report")

    assert health.state(clock.now())["beat"] == "starting"


def test_unwell_answer_leaves_no_line_in_the_log(client: Client) -> None:
    request = logging.getLogger("django.request")
    lines: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = lines.append  # type: ignore[method-assign]
    request.addHandler(handler)

    try:
        assert client.get("/healthz").status_code == 503
        assert lines == []
    finally:
        request.removeHandler(handler)


def test_unwell_page_does_leave_its_line() -> None:
    record = logging.makeLogRecord({"status_code": 503, "request": RequestFactory().get("/t/vallees/")})

    assert WithoutHealth().filter(record)

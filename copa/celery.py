"""The Celery application: workers and beat read the same settings as the site; the schedule is `copa.schedule`."""

import os
from typing import Any

from celery import Celery
from celery.signals import after_task_publish, beat_init, heartbeat_sent, worker_ready

from copa.kernel import clock, health
from copa.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copa.settings.dev")
app = Celery("copa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = BEAT_SCHEDULE
app.autodiscover_tasks()
app.autodiscover_tasks(["copa.pages"])


@worker_ready.connect
def _worker_begins(**kwargs: Any) -> None:
    """The queue is proved by the first heartbeat that runs: /healthz does not wait for it."""
    at = clock.now()
    health.mark(health.WORKER_KEY, at)
    health.mark(health.QUEUE_KEY, at)


@heartbeat_sent.connect
def _worker_lives(**kwargs: Any) -> None:
    """From the parent of the worker's processes, busy or not, every 2 seconds."""
    health.mark(health.WORKER_KEY, clock.now())


@beat_init.connect
def _beat_begins(**kwargs: Any) -> None:
    """Beat sends its first heartbeat a moment after its start: /healthz does not wait for it."""
    health.mark(health.BEAT_KEY, clock.now())


@after_task_publish.connect(sender="copa.heartbeat")
def _beat_lives(**kwargs: Any) -> None:
    """Beat alone sends this task. Marked by its sender: a worker that is away must not make beat look silent."""
    health.mark(health.BEAT_KEY, clock.now())

"""The Celery application: workers and beat read the same settings as the site; the schedule is `copa.schedule`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_ready

from copa.kernel import clock, health
from copa.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copa.settings.dev")
app = Celery("copa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = BEAT_SCHEDULE
app.autodiscover_tasks()
app.autodiscover_tasks(["copa.pages"])


@worker_ready.connect
def _worker_lives(**kwargs: Any) -> None:
    """The first sign of life; the heartbeat task renews it."""
    health.mark(health.WORKER_KEY, clock.now())


@beat_init.connect
def _beat_lives(**kwargs: Any) -> None:
    """Beat sends its first heartbeat half a minute after its start: /healthz does not wait for it."""
    health.mark(health.BEAT_KEY, clock.now())

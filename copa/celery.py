"""The Celery application: workers and beat read the same settings as the site; the schedule is `copa.schedule`."""

import os

from celery import Celery

from copa.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copa.settings.dev")
app = Celery("copa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = BEAT_SCHEDULE
app.autodiscover_tasks()
app.autodiscover_tasks(["copa.pages"])

"""The project package. Naming the Celery application here gives web, commands and tests the queue of the workers."""

from copa.celery import app as celery_app

__all__ = ["celery_app"]

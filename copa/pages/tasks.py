"""The sign of life of beat and worker, read by /healthz."""

from celery import shared_task

from copa.kernel import clock, health


@shared_task(name="copa.heartbeat", ignore_result=True, expires=60)
def heartbeat() -> None:
    """Sent by beat, run by a worker: one mark proves both."""
    at = clock.now()
    health.mark(health.BEAT_KEY, at)
    health.mark(health.WORKER_KEY, at)

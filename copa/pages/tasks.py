"""The heartbeat, which /healthz reads."""

from celery import shared_task

from copa.kernel import clock, health


@shared_task(name="copa.heartbeat", ignore_result=True, expires=60)
def heartbeat() -> None:
    """Sent by beat; that a worker runs it proves the queue between them."""
    health.mark(health.QUEUE_KEY, clock.now())

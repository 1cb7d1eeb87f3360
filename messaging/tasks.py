"""Celery doors of this app: those who read are told in their hours."""

from celery import shared_task

from copa.kernel import clock
from copa.kernel.jobs import SteppedTask, each_territory
from messaging.actions import conversations


@shared_task(bind=True, base=SteppedTask, name="messaging.tell_readers")
def tell_readers(self: SteppedTask, territory_id: str) -> int:
    """Tell whoever reads what came in out of her hours, each conversation in its own transaction."""
    at = clock.now()
    with self.step(territory_id):
        keys = conversations.readers_to_tell(at=at)
    return self.one_by_one(territory_id, keys, lambda pk: conversations.tell_reader(pk=pk, at=at))


@shared_task(name="messaging.tell_readers_everywhere", ignore_result=True)
def tell_readers_everywhere() -> int:
    """Every minute, for each territory."""
    return each_territory(tell_readers)

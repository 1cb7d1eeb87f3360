"""Celery doors of billing."""

from celery import shared_task

from billing import actions, reads
from copa.kernel import clock, jobs
from copa.kernel.jobs import SteppedTask


@shared_task(base=SteppedTask, bind=True, name="billing.make_lines")
def make_lines(self: SteppedTask, territory_id: str) -> None:
    """Make the due lines of a territory, each in its own transaction."""
    at = clock.now()
    with self.step(territory_id):
        keys = reads.due_pathway_ids()
    self.one_by_one(territory_id, keys, lambda pk: actions.make_line(pathway_id=pk, at=at))


@shared_task(name="billing.make_lines_everywhere")
def make_lines_everywhere() -> None:
    """Every five minutes, for each territory."""
    jobs.each_territory(make_lines)

"""Celery doors of this app: deliveries and the 24-hour clock."""

from celery import shared_task

from copa.kernel import clock
from copa.kernel.jobs import SteppedTask, TerritoryTask, each_territory
from visits.actions import deadlines, delivery


@shared_task(base=TerritoryTask, name="visits.deliver_report")
def deliver_report(territory_id: str, pk: int) -> bool:
    """Deliver one report, right after it was signed."""
    return delivery.deliver_report(pk=pk, at=clock.now())


@shared_task(bind=True, base=SteppedTask, name="visits.deliver_waiting")
def deliver_waiting(self: SteppedTask, territory_id: str) -> int:
    """Deliver what a lost message or a dead worker left behind, each report in its own transaction."""
    at = clock.now()
    with self.step(territory_id):
        keys = delivery.waiting_deliveries(at=at)
    return self.one_by_one(territory_id, keys, lambda pk: delivery.deliver_report(pk=pk, at=at))


@shared_task(name="visits.deliver_waiting_everywhere", ignore_result=True)
def deliver_waiting_everywhere() -> int:
    """Every minute, for each territory."""
    return each_territory(deliver_waiting)


@shared_task(bind=True, base=SteppedTask, name="visits.watch_report_deadlines")
def watch_report_deadlines(self: SteppedTask, territory_id: str) -> int:
    """Raise the alerts of the 24-hour clock in one territory, each visit in its own transaction."""
    at = clock.now()
    with self.step(territory_id):
        found = deadlines.waiting(at=at)
    told = self.one_by_one(territory_id, found.overdue, lambda pk: deadlines.tell_overdue(pk=pk, at=at))
    return told + self.one_by_one(territory_id, found.due_soon, lambda pk: deadlines.warn_due_soon(pk=pk, at=at))


@shared_task(name="visits.watch_report_deadlines_everywhere", ignore_result=True)
def watch_report_deadlines_everywhere() -> int:
    """Every minute, for each territory."""
    return each_territory(watch_report_deadlines)

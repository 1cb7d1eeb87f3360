"""Celery doors of this app: deliveries, the 24-hour clock, visits that never came."""

from celery import shared_task

from copa.kernel import clock
from copa.kernel.jobs import SteppedTask, each_territory
from visits.actions import deadlines, delivery, missed


@shared_task(bind=True, base=SteppedTask, name="visits.deliver_report")
def deliver_report(self: SteppedTask, territory_id: str, pk: int) -> bool:
    """Deliver one report, right after it was signed."""
    return _deliver_one(self, territory_id, pk)


@shared_task(bind=True, base=SteppedTask, name="visits.deliver_waiting")
def deliver_waiting(self: SteppedTask, territory_id: str) -> int:
    """Deliver what a lost message or a dead worker left behind, each report in its own transactions."""
    with self.step(territory_id):
        keys = delivery.waiting_deliveries(at=clock.now())
    # Claimed one by one: a report that kills its worker must not cost an attempt to the ones behind it.
    return sum(_deliver_one(self, territory_id, pk) for pk in keys)


def _deliver_one(task: SteppedTask, territory_id: str, pk: int) -> bool:
    with task.step(territory_id):
        attempt = delivery.claim_delivery(pk=pk, at=clock.now())
    if not attempt:
        return False
    with task.step(territory_id):
        return delivery.deliver_report(pk=pk, attempt=attempt, at=clock.now())


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


@shared_task(bind=True, base=SteppedTask, name="visits.look_for_missed")
def look_for_missed(self: SteppedTask, territory_id: str) -> int:
    """Write the visits and questionnaires that never came, each pathway in its own transaction."""
    at = clock.now()
    with self.step(territory_id):
        keys = missed.pathways_to_look_at(at=at)
    return self.one_by_one(territory_id, keys, lambda pk: missed.look_for_missed(pk=pk, at=at))


@shared_task(name="visits.look_for_missed_everywhere", ignore_result=True)
def look_for_missed_everywhere() -> int:
    """Every hour, for each territory: the morning is not the same instant everywhere."""
    return each_territory(look_for_missed)

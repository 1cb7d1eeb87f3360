"""A worker killed in the middle of a delivery, a queue that was emptied: every report arrives, once."""

from collections.abc import Iterator

import pytest

from copa.celery import app
from copa.kernel import clock, scope
from copa.kernel.outbox import MAX_ATTEMPTS, OutboxState
from territories.models import HistoryEvent, OutgoingMessage
from tests import cast as cast_module
from tests import workers
from tests.killing import until
from tests.visits import reports
from visits.models import Delivery, Report, ReportCopy, Visit

pytestmark = pytest.mark.kill


@pytest.fixture
def queues(committed: None) -> Iterator[str]:
    with workers.real_queue() as prefix:
        yield prefix


def inside() -> scope.Scope:
    return cast_module.inside(cast_module.VALLEES)


def signed() -> Report:
    """A report signed for good; its task is in the queue."""
    with scope.opened(inside()):
        return reports.sign(reports.ended_visit())


def delivery_of(report: Report) -> Delivery:
    with scope.opened(inside()):
        return Delivery.objects.get(report=report)


def sweep() -> None:
    """What beat does every minute."""
    app.send_task("visits.deliver_waiting_everywhere")


def let_the_claim_lapse(report: Report, **changed: int) -> None:
    with scope.opened(inside()):
        Delivery.objects.filter(report=report).update(next_attempt_at=clock.now(), **changed)


def has_been_told() -> bool:
    with scope.opened(inside()):
        return OutgoingMessage.objects.filter(state=OutboxState.SENT, dedup_key__startswith="report-arrived:").exists()


def arrived_once(report: Report) -> None:
    delivery = delivery_of(report)
    with scope.opened(inside()):
        visit = Visit.objects.get(pk=report.visit_id)
        mail = OutgoingMessage.objects.get(dedup_key__startswith="report-arrived:")
        events = HistoryEvent.objects.filter(table_name="visits_delivery", row_id=delivery.pk, operation="update")
        closings = [event for event in events.order_by("pk") if event.after.get("state") == "sent"]
        # The PMI the mother agreed to has its copy, and was told of it once.
        copy = ReportCopy.objects.get(report=report)
        announced = OutgoingMessage.objects.get(dedup_key__startswith="copy:")
    assert delivery.state == OutboxState.SENT
    assert visit.report_delivered_at == delivery.delivered_at
    assert len(closings) == 1
    assert (mail.state, mail.attempts) == (OutboxState.SENT, 1)
    assert (copy.sent_at, copy.message) == (delivery.delivered_at, announced.public_id)


def test_a_worker_killed_while_it_holds_the_claim_loses_nothing_and_doubles_nothing(queues: str) -> None:
    report = signed()

    with workers.held("visits_visit", report.visit_id, inside().territory_id) as holder:
        with workers.worker(queues) as first:
            # It has claimed the delivery and waits for the visit, which this test holds.
            until(lambda: workers.somebody_waits(holder), "the first worker waits for the visit")
            workers.kill(first)
        interrupted = delivery_of(report)
    assert (interrupted.state, interrupted.attempts, interrupted.delivered_at) == (OutboxState.CLAIMED, 1, None)

    let_the_claim_lapse(report)
    sweep()
    with workers.worker(queues):
        until(lambda: delivery_of(report).delivered_at is not None, "the second worker delivers")
        until(has_been_told, "the team is told")

    arrived_once(report)


def test_a_report_that_kills_its_workers_is_given_up_and_stays_owed(queues: str) -> None:
    poison = signed()
    let_the_claim_lapse(poison, attempts=MAX_ATTEMPTS - 1)
    held = workers.held("visits_visit", poison.visit_id, inside().territory_id)
    with held as holder, workers.worker(queues) as victim:
        until(lambda: workers.somebody_waits(holder), "the last attempt waits for the visit")
        workers.kill(victim)
    let_the_claim_lapse(poison)
    behind = signed()

    sweep()
    with workers.worker(queues):
        until(lambda: delivery_of(behind).delivered_at is not None, "the one behind it is delivered")
        until(lambda: delivery_of(poison).state == OutboxState.FAILED, "the one that kills is given up")

    given_up = delivery_of(poison)
    assert (given_up.attempts, given_up.delivered_at) == (MAX_ATTEMPTS, None)
    with scope.opened(inside()):
        assert list(Visit.objects.report_missing()) == [Visit.objects.get(pk=poison.visit_id)]


def test_a_queue_that_was_emptied_loses_no_report(queues: str) -> None:
    report = signed()
    assert app.control.purge() >= 1

    sweep()
    with workers.worker(queues):
        until(lambda: delivery_of(report).delivered_at is not None, "the sweeper delivers")
        until(has_been_told, "the team is told")

    arrived_once(report)

"""The 24-hour clock: two alerts, once each, one second before, at and after, and on the nights the clocks change."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from copa.kernel import scope
from pathways.enums import AlertKind
from pathways.models import Alert, Child
from territories.models import OutgoingMessage
from tests import cast as cast_module
from tests import factories
from visits import tasks
from visits.actions import deadlines
from visits.models import Visit

PARIS = ZoneInfo("Europe/Paris")
END = datetime(2026, 11, 3, 15, 22, tzinfo=PARIS)
SECOND = timedelta(seconds=1)
SOON, DUE = AlertKind.REPORT_DUE_SOON, AlertKind.REPORT_OVERDUE


@pytest.fixture
def travel(vallees: scope.Scope) -> Iterator[Any]:
    with time_machine.travel(END, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit(travel: Any) -> Visit:
    return ended(END)


def ended(at: datetime, **pathway: Any) -> Visit:
    held = factories.make_pathway(ap=factories.who("amal"), days_ago=6, **pathway)
    return factories.make_visit(held, state="ended", ended_at=at)


def watch() -> int:
    return int(tasks.watch_report_deadlines(str(scope.current_territory_id())))


def raised() -> list[str]:
    return list(Alert.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        (timedelta(hours=18) - SECOND, []),
        (timedelta(hours=18), [SOON]),
        (timedelta(hours=24) - SECOND, [SOON]),
        (timedelta(hours=24), [SOON]),  # 24 h 00 min 00 s is still in time
        (timedelta(hours=24) + SECOND, [DUE]),
    ],
)
def test_alerts_one_second_before_at_and_after(visit: Visit, travel: Any, after: timedelta, kinds: list[str]) -> None:
    travel.move_to(END + after)

    watch()

    assert raised() == kinds


@pytest.mark.parametrize(
    ("end", "due"),
    [
        # Clocks go back on 25 October 2026: 24 elapsed hours end an hour earlier on the wall.
        (datetime(2026, 10, 24, 15, 0, tzinfo=PARIS), datetime(2026, 10, 25, 14, 0, tzinfo=PARIS)),
        # They go forward on 28 March 2027: an hour later.
        (datetime(2027, 3, 27, 15, 0, tzinfo=PARIS), datetime(2027, 3, 28, 16, 0, tzinfo=PARIS)),
    ],
)
def test_both_nights_the_clocks_change(vallees: scope.Scope, end: datetime, due: datetime) -> None:
    with time_machine.travel(end, tick=False) as traveller:
        ended(end)
        traveller.move_to(due)
        watch()
        at_the_end = raised()
        traveller.move_to(due + SECOND)
        watch()

    assert at_the_end == [SOON]
    assert raised() == [SOON, DUE]


def test_running_twice_raises_once_and_writes_one_mail_each(visit: Visit, travel: Any) -> None:
    for moment in (timedelta(hours=19), timedelta(hours=19, minutes=1), timedelta(hours=25), timedelta(hours=26)):
        travel.move_to(END + moment)
        watch()
        watch()

    assert raised() == [SOON, DUE]
    keys = OutgoingMessage.objects.order_by("dedup_key").values_list("dedup_key", flat=True)
    told = ["amal@copa.example", "elise@copa.example", visit.pathway.carrier.mailbox]
    expected = [f"{what}:{visit.public_id}:{who}" for what in ("report-due-soon", "report-overdue") for who in told]
    assert sorted(keys) == sorted(expected)


def test_two_workers_at_once_the_claim_decides(visit: Visit, travel: Any) -> None:
    late = END + timedelta(hours=24) + SECOND

    assert deadlines.tell_overdue(pk=visit.pk, at=late)
    assert not deadlines.tell_overdue(pk=visit.pk, at=late)


def test_a_report_that_arrived_meanwhile_raises_nothing(visit: Visit, travel: Any) -> None:
    Visit.objects.filter(pk=visit.pk).update(report_delivered_at=END + timedelta(hours=2))

    assert not deadlines.tell_overdue(pk=visit.pk, at=END + timedelta(hours=25))
    travel.move_to(END + timedelta(hours=25))
    assert watch() == 0


def test_late_ends_the_warning_that_came_before(visit: Visit, travel: Any) -> None:
    for hours in (19, 25):
        travel.move_to(END + timedelta(hours=hours))
        watch()

    assert Alert.objects.get(kind=SOON).ended_at is not None
    assert Alert.objects.get(kind=DUE).ended_at is None


def test_in_mourning_the_clock_is_silent_and_no_report_is_owed(visit: Visit, travel: Any) -> None:
    """A38: no reminder around a death, and nobody waits for a report."""
    factories.make_death(visit.pathway.birth, Child.objects.get())
    travel.move_to(END + timedelta(hours=25))

    watch()

    assert raised() == []
    # What those outside the team are told of the stop itself is not a reminder.
    assert not OutgoingMessage.objects.filter(dedup_key__startswith="report-").exists()
    assert not Visit.objects.report_missing().exists()


def test_one_visit_that_fails_does_not_hold_up_the_next(
    visit: Visit, travel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ended(END)
    original = deadlines.raise_alert

    def fail_for_the_first(**given: Any) -> bool:
        if given["subject_id"] == visit.public_id:
            raise RuntimeError("broken")
        return original(**given)

    monkeypatch.setattr(deadlines, "raise_alert", fail_for_the_first)
    travel.move_to(END + timedelta(hours=25))
    watch()

    assert list(Alert.objects.values_list("subject_id", flat=True)) == [other.public_id]
    assert Visit.objects.get(pk=visit.pk).overdue_alerted_at is None


def test_every_territory_is_watched(vallees: scope.Scope, travel: Any, visit: Visit) -> None:
    travel.move_to(END + timedelta(hours=25))

    tasks.watch_report_deadlines_everywhere()

    assert raised() == [DUE]


@pytest.mark.parametrize("hours", [17, 18, 24, 25])
@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_scan_finds_what_the_claims_accept(visit: Visit, hours: int, seconds: int) -> None:
    """The prepared statements and the two querysets are one rule."""
    told, arrived = ended(END), ended(END - timedelta(hours=7))
    Visit.objects.filter(pk=told.pk).update(due_soon_alerted_at=END, overdue_alerted_at=END)
    Visit.objects.filter(pk=arrived.pk).update(report_delivered_at=END)
    ended(END - timedelta(hours=6)), ended(END + timedelta(hours=3))
    at = END + timedelta(hours=hours, seconds=seconds)

    found = deadlines.waiting(at=at)

    assert found.overdue == list(deadlines.overdue(at).order_by("report_due_at", "pk").values_list("pk", flat=True))
    assert found.due_soon == list(deadlines.due_soon(at).order_by("report_due_at", "pk").values_list("pk", flat=True))
    assert found.overdue or found.due_soon


def test_scan_stays_in_its_territory(visit: Visit) -> None:
    at = END + timedelta(hours=25)

    with scope.opened(cast_module.inside(cast_module.LAGON)):
        elsewhere = deadlines.waiting(at=at)

    assert elsewhere == deadlines.Waiting(overdue=[], due_soon=[])


def test_scan_uses_the_index_of_what_is_owed(vallees: scope.Scope) -> None:
    """Under row-level security too: its cost follows what is owed, not what was ever visited."""
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    plan = "\n".join(
        rows.order_by("report_due_at").explain() for rows in (deadlines.overdue(now), deadlines.due_soon(now))
    )
    assert plan.count("visit_report_owed") == 2, plan

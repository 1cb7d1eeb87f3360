"""The morning digest of relays: once a local day, from eight, across clock changes, oceans and restarts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from copa.kernel import clock, scope
from pathways import tasks
from pathways.actions.relay_digest import digests_due
from pathways.models import PmiRelay
from territories.models import OutgoingMessage, Structure, Territory
from tests import factories

DAY = date(2026, 11, 20)


@pytest.fixture
def late(vallees: scope.Scope) -> Iterator[PmiRelay]:
    """A relay that Ligny has not accepted, due 8 days before DAY."""
    with time_machine.travel(datetime(2026, 11, 20, 5, 0, tzinfo=UTC), tick=False):
        yield factories.make_relay(due_on=DAY - timedelta(days=8))


def run() -> list[str]:
    tasks.send_relay_digests(str(scope.current_territory_id()))
    return list(OutgoingMessage.objects.order_by("to").values_list("to", flat=True))


def at_local(hour: int, minute: int = 0, day: date = DAY, zone: str = "Europe/Paris") -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))


def test_nothing_leaves_before_eight_and_once_from_then(late: PmiRelay) -> None:
    with time_machine.travel(at_local(7, 59), tick=False):
        assert run() == []
    for hour in (8, 8, 11, 23):
        with time_machine.travel(at_local(hour), tick=False):
            assert run() == ["elise@copa.example", "pmi-ligny@copa.example"]


def test_next_morning_tells_again(late: PmiRelay) -> None:
    for day in (DAY, DAY + timedelta(days=1)):
        with time_machine.travel(at_local(8, day=day), tick=False):
            run()

    assert OutgoingMessage.objects.count() == 4


def test_mail_holds_counts_and_a_link_and_no_name(late: PmiRelay) -> None:
    with time_machine.travel(at_local(8), tick=False):
        run()

    body = OutgoingMessage.objects.get(to="pmi-ligny@copa.example").body
    assert "1\u00a0relais attend" in body
    assert "/t/vallees/relays/?etat=plus-de-7-jours" in body
    assert not any(word in body for word in ("Haddad", "Samira", "Noé", "tanneurs"))


@pytest.mark.parametrize(("days", "told"), [(7, False), (8, True), (60, True)])
def test_only_more_than_seven_days_is_told(late: PmiRelay, days: int, told: bool) -> None:
    PmiRelay.objects.update(due_on=DAY - timedelta(days=days))

    with time_machine.travel(at_local(8), tick=False):
        assert bool(run()) is told


def test_day_is_the_territorys_not_utc(late: PmiRelay) -> None:
    # A quarter past midnight in Paris is still the day before in UTC.
    PmiRelay.objects.update(due_on=DAY - timedelta(days=7))

    with time_machine.travel(at_local(9, day=DAY + timedelta(days=1)), tick=False):
        assert run()


@pytest.mark.parametrize(
    "values",
    [
        {"is_agreed": False},
        {
            "state": "accepted",
            "answered_at": datetime(2026, 11, 1, tzinfo=UTC),
            "answered_by": "gaelle",
        },
        {"state": "not_needed"},
    ],
)
def test_what_does_not_wait_is_not_told(late: PmiRelay, values: dict[str, Any]) -> None:
    if "answered_by" in values:
        values = values | {"answered_by": factories.who("gaelle")}
    PmiRelay.objects.update(**values)

    with time_machine.travel(at_local(8), tick=False):
        assert run() == []


def test_declined_relay_is_told_to_the_coordinator_alone(late: PmiRelay) -> None:
    PmiRelay.objects.update(state="declined")

    with time_machine.travel(at_local(8), tick=False):
        assert run() == ["elise@copa.example"]


def test_service_without_mailbox_does_not_stop_the_others(late: PmiRelay) -> None:
    Structure.objects.filter(name="PMI de Ligny").update(mailbox="")

    with time_machine.travel(at_local(8), tick=False):
        assert run() == ["elise@copa.example"]


@pytest.mark.parametrize(
    ("zone", "first_utc"),
    [("Europe/Paris", "07:00"), ("Indian/Reunion", "04:00"), ("America/Cayenne", "11:00")],
)
def test_eight_is_local_over_the_oceans(late: PmiRelay, zone: str, first_utc: str) -> None:
    Territory.objects.filter(pk=scope.current_territory_id()).update(time_zone=zone)
    eight = datetime.fromisoformat(f"2026-11-20T{first_utc}+00:00")

    with time_machine.travel(eight - timedelta(seconds=1), tick=False):
        assert run() == []
    with time_machine.travel(eight, tick=False):
        assert run()


@pytest.mark.parametrize("changing", [date(2026, 10, 25), date(2027, 3, 28)])
def test_one_digest_on_the_days_the_clocks_change(vallees: scope.Scope, changing: date) -> None:
    start, end = clock.day_bounds(changing, "Europe/Paris")
    with time_machine.travel(start - timedelta(days=1), tick=False):
        factories.make_relay(due_on=changing - timedelta(days=20))

    at = start
    while at < end:
        with time_machine.travel(at, tick=False):
            run()
        at += timedelta(minutes=30)

    assert OutgoingMessage.objects.filter(to="pmi-ligny@copa.example").count() == 1


def test_digests_cost_the_same_for_one_and_fifty(late: PmiRelay, django_assert_num_queries: Any) -> None:

    with time_machine.travel(at_local(8), tick=False):
        with django_assert_num_queries(5):
            digests_due(at=clock.now())
        for _ in range(10):
            factories.make_relay(due_on=DAY - timedelta(days=9))
        with django_assert_num_queries(5):
            found = digests_due(at=clock.now())

    assert {one.number for one in found} == {11}

"""From signature to inbox: once, with proof of each step, whatever becomes of the pathway, the queue or a worker."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import TestCase

from copa.kernel import clock, scope
from copa.kernel.outbox import OutboxState
from pathways.enums import AlertKind, PathwayState
from pathways.models import Alert, Pathway
from territories.models import OutgoingMessage
from tests import factories
from tests.cast import Person
from tests.guards import GuardedClient
from tests.visits import reports
from visits import tasks
from visits.actions import deadlines, delivery
from visits.actions.report import add_addendum
from visits.models import Delivery, Report, Visit
from visits.rules import ClockState, report_clock


@pytest.fixture
def visit(vallees: scope.Scope) -> Visit:
    return reports.ended_visit()


def opened(report: Report) -> str:
    return f"/t/vallees/reports/{report.public_id}/opened/"


def sweep() -> int:
    return int(tasks.deliver_waiting(str(scope.current_territory_id())))


def test_delivery_stops_the_clock_at_the_first_arrival(visit: Visit) -> None:
    report = reports.sign(visit)
    at = clock.now()

    arrived = reports.deliver(report, at=at)

    assert (arrived.state, arrived.delivered_at, len(arrived.fingerprint)) == (OutboxState.SENT, at, 64)
    assert Visit.objects.get(pk=visit.pk).report_delivered_at == at


def test_delivering_twice_changes_nothing(visit: Visit) -> None:
    report = reports.sign(visit)
    first = reports.deliver(report)

    again = delivery.deliver_report(pk=first.pk, attempt=1, at=clock.now() + timedelta(hours=1))

    assert again is False
    assert Visit.objects.get(pk=visit.pk).report_delivered_at == first.delivered_at
    assert OutgoingMessage.objects.filter(dedup_key__startswith="report-arrived:").count() == 1


def test_team_is_told_by_a_mail_that_says_nothing(visit: Visit) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        reports.sign(visit)

    mother = factories.Mother.objects.get(family=visit.family_id)
    message = mail.outbox[0]
    text = f"{message.subject} {message.body}".lower()
    assert message.to == [visit.pathway.carrier.mailbox]
    hidden = [
        mother.name,
        mother.first_names,
        visit.family.reference,
        "noé",
        "v1",
        "visite",
        "bébé",
        "santé",
        "/t/",
        "/reports/",
    ]
    assert [word for word in hidden if word.lower() in text] == []


def test_delivery_ends_the_alerts_of_the_clock(vallees: scope.Scope) -> None:
    visit = reports.ended_visit(hours_ago=20)
    deadlines.warn_due_soon(pk=visit.pk, at=clock.now())

    reports.deliver(reports.sign(visit))

    assert Alert.objects.get(kind=AlertKind.REPORT_DUE_SOON).ended_at is not None


@pytest.mark.parametrize("state", [PathwayState.WITHDRAWN, PathwayState.BEREAVED, PathwayState.SUSPENDED])
def test_report_of_a_visit_already_done_is_delivered_whatever_stopped_since(visit: Visit, state: str) -> None:
    signed = reports.sign(visit)
    Pathway.objects.filter(pk=visit.pathway_id).update(state=state)

    arrived = reports.deliver(signed)

    assert arrived.delivered_at is not None


def test_written_in_time_and_delivered_late_are_two_facts(vallees: scope.Scope) -> None:
    visit = reports.ended_visit(hours_ago=23.9)
    report = reports.sign(visit)
    late = visit.report_due_at + timedelta(seconds=1)

    reports.deliver(report, at=late)

    seen = Visit.objects.get(pk=visit.pk)
    assert report.signed_at < seen.report_due_at
    assert report_clock(seen.report_due_at, seen.report_delivered_at, late).state == ClockState.DELIVERED_LATE


# ---- Nothing is lost --------------------------------------------------------------------------------------
def test_lost_message_the_sweeper_delivers(visit: Visit) -> None:
    """Redis emptied: the task of the signature never runs."""
    report = reports.sign(visit)

    assert sweep() == 1
    assert Delivery.objects.get(report=report).delivered_at is not None


def test_a_report_that_cannot_be_drawn_is_put_back_and_does_not_hold_up_the_next(
    vallees: scope.Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = reports.sign(reports.ended_visit()), reports.sign(reports.ended_visit())
    original = delivery.blocks_for

    def draw(report: Report, letter: str) -> Any:
        if report.pk == broken.pk:
            raise ValueError("unreadable")
        return original(report, letter)

    monkeypatch.setattr(delivery, "blocks_for", draw)
    sweep()

    waiting = Delivery.objects.get(report=broken)
    assert (waiting.state, waiting.answer, waiting.delivered_at) == ("queued", "ValueError: unreadable", None)
    assert waiting.next_attempt_at > clock.now()
    assert Delivery.objects.get(report=fine).delivered_at is not None
    assert Visit.objects.get(pk=broken.visit_id).report_delivered_at is None


def test_every_territory_delivers_its_own(visit: Visit) -> None:
    report = reports.sign(visit)

    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.deliver_waiting_everywhere()

    assert Delivery.objects.get(report=report).delivered_at is not None


# ---- Opened -----------------------------------------------------------------------------------------------
def test_reading_the_page_claims_nothing_and_the_button_does(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    report = reports.sign(visit)
    reports.deliver(report)
    client.force_login(cast["farid"].user)

    before = client.get(f"/t/vallees/reports/{report.public_id}/").content.decode()
    assert Delivery.objects.get().opened_at is None
    response = client.post(opened(report))
    after = client.get(f"/t/vallees/reports/{report.public_id}/").content.decode()

    assert response.status_code == 302
    assert "J’ai lu" in before
    assert "J’ai lu" not in after
    assert "Ouvert par Farid Martin" in after


def test_the_script_of_the_page_gets_no_page_back(client: GuardedClient, cast: dict[str, Person], visit: Visit) -> None:
    report = reports.sign(visit)
    reports.deliver(report)
    client.force_login(cast["farid"].user)

    assert client.post(opened(report), headers={"Accept": "application/json"}).status_code == 204
    assert Delivery.objects.get().opened_by == cast["farid"].member


def test_the_first_reader_stays(visit: Visit) -> None:
    report = reports.sign(visit)
    arrived = reports.deliver(report)
    farid, elise = factories.who("farid"), factories.who("elise")

    assert delivery.open_report(report=report, by=farid, at=arrived.delivered_at)
    assert not delivery.open_report(report=report, by=elise, at=clock.now())
    assert Delivery.objects.get().opened_by == farid


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("farid", 302),
        ("elise", 403),  # coordinates: reads, but is not the team
        ("amal", 403),
        ("bea", 403),
        ("gaelle", 403),
        ("fanny", 404),  # team of another maternity
        ("chloe", 404),
        ("dora", 404),
    ],
)
def test_opening_answers_each_person(
    client: GuardedClient, cast: dict[str, Person], visit: Visit, who: str, status: int
) -> None:
    report = reports.sign(visit)
    reports.deliver(report)
    client.force_login(cast[who].user)

    assert client.post(opened(report)).status_code == status


def test_a_report_on_its_way_cannot_be_opened(client: GuardedClient, cast: dict[str, Person], visit: Visit) -> None:
    report = reports.sign(visit)
    client.force_login(cast["farid"].user)

    assert client.post(opened(report)).status_code == 403


def test_an_addendum_is_opened_on_its_own_and_the_first_proof_stays(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    report = reports.sign(visit)
    first = reports.deliver(report)
    farid, read_at = cast["farid"].member, clock.now()
    delivery.open_report(report=report, by=farid, at=read_at)
    later = read_at + timedelta(minutes=1)
    add_addendum(report=report, author=report.author, reason="Oubli", text="Vu le carnet.", at=later)
    client.force_login(cast["farid"].user)

    page = client.get(f"/t/vallees/reports/{report.public_id}/").content.decode()
    assert "Complément\xa0: pas encore ouvert" in page
    assert "J’ai lu" in page
    delivery.open_report(report=report, by=farid, at=later + timedelta(hours=1))

    second = Delivery.objects.get(addendum__isnull=False)
    first.refresh_from_db()
    assert (first.opened_at, second.opened_at) == (read_at, later + timedelta(hours=1))
    assert (second.delivered_at, second.structure) == (later, first.structure)
    assert second.fingerprint not in {"", first.fingerprint}


def test_an_addendum_to_a_report_on_its_way_comes_with_it(visit: Visit) -> None:
    report = reports.sign(visit)
    add_addendum(report=report, author=report.author, reason="Oubli", text="…", at=clock.now())

    reports.deliver(report)

    assert Delivery.objects.get().addendum is None

"""The inbox answers: which reports arrived, which were read, which are owed and late."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from copa.kernel import clock, scope
from tests import factories
from tests.cast import Person
from tests.guards import GuardedClient
from tests.visits import reports
from visits.actions.delivery import open_report
from visits.actions.report import add_addendum
from visits.models import Delivery, Visit
from visits.reads import inbox

URL = "/t/vallees/reports/"


def received(hours_ago: float = 2, *, is_read: bool = False, kind: str = "V1") -> Any:
    """A report in the inbox of Saint-Rémi."""
    at = clock.now() - timedelta(hours=hours_ago)
    visit = reports.ended_visit(kind, hours_ago=hours_ago + 1)
    return factories.make_report(visit, delivered_at=at, opened_at=clock.now() if is_read else None)


@pytest.fixture
def farid(client: GuardedClient, cast: dict[str, Person], vallees: scope.Scope) -> GuardedClient:
    client.force_login(cast["farid"].user)
    return client


def rows(view: str, who: str = "farid", kind: str = "") -> inbox.Inbox:
    return inbox.inbox(factories.who(who), inbox.Filters(view, kind), clock.now())


def test_to_read_shows_the_one_that_waits_longest_first(vallees: scope.Scope) -> None:
    late, early = received(2), received(9)
    received(1, is_read=True)

    shown = rows(inbox.UNREAD)

    assert [row.report_id for row in shown.received] == [early.public_id, late.public_id]
    assert shown.counts.unread == 2


def test_a_vital_sign_comes_first_and_is_marked(vallees: scope.Scope) -> None:
    plain, answered, waiting = received(9), received(5), received(1)
    for report, taken in ((answered, True), (waiting, False)):
        factories.make_alert(
            report.visit.pathway,
            code="CHILD_VITAL:CHILD_FLOPPY",
            subject_id=report.visit.public_id,
            **({"acknowledged_at": clock.now(), "acknowledged_by": factories.who("farid")} if taken else {}),
        )
    factories.make_alert(plain.visit.pathway, code="MOTHER_URGENT:MOTHER_LEG", subject_id=plain.visit.public_id)

    shown = rows(inbox.UNREAD).received

    assert [(row.report_id, row.sign) for row in shown] == [
        (waiting.public_id, inbox.Sign.OPEN),
        (answered.public_id, inbox.Sign.RECENT),
        (plain.public_id, None),
    ]


def test_read_shows_who_read_it(vallees: scope.Scope) -> None:
    received(1)
    read = received(2, is_read=True)

    (row,) = rows(inbox.READ).received

    assert (row.report_id, row.opened_by) == (read.public_id, "Farid Martin")


def test_a_report_completed_after_it_was_read_is_found_again(vallees: scope.Scope) -> None:
    received(1)
    read = received(2, is_read=True)
    later = clock.now() + timedelta(minutes=1)
    add_addendum(report=read, author=read.author, reason="Oubli", text="…", at=later)

    (row,) = rows(inbox.COMPLETED).received

    assert (row.report_id, row.completed_at, row.is_completed_since) == (read.public_id, later, True)


def test_an_addendum_to_a_report_that_was_read_waits_to_be_read(vallees: scope.Scope) -> None:
    read = received(2, is_read=True)
    later = clock.now() + timedelta(minutes=1)
    add_addendum(report=read, author=read.author, reason="Oubli", text="…", at=later)

    shown = rows(inbox.UNREAD)

    (row,) = shown.received
    assert (row.report_id, row.is_addendum, row.delivered_at) == (read.public_id, True, later)
    assert row.first_delivered_at == Visit.objects.get(pk=read.visit_id).report_delivered_at
    assert shown.counts.unread == 1
    assert [row.report_id for row in rows(inbox.READ).received] == [read.public_id]


def test_addenda_are_read_with_the_report_that_still_waits(vallees: scope.Scope) -> None:
    report = received(2)
    for _ in range(2):
        add_addendum(report=report, author=report.author, reason="Oubli", text="…", at=clock.now())

    (row,) = rows(inbox.UNREAD).received

    assert not row.is_addendum
    open_report(report=report, by=factories.who("farid"), at=clock.now())
    assert rows(inbox.UNREAD).received == ()


def test_owed_shows_the_auxiliary_the_time_left_and_whether_a_draft_is_begun(vallees: scope.Scope) -> None:
    begun, untouched = reports.ended_visit(hours_ago=20), reports.ended_visit(hours_ago=3)
    reports.save(begun, {"who.present": ["MOTHER"]})

    first, second = rows(inbox.OWED).owed

    assert (first.visit_id, first.ap, first.draft_saved_at is not None) == (begun.public_id, "Amal Martin", True)
    assert (second.visit_id, second.draft_saved_at) == (untouched.public_id, None)
    assert first.clock.left // timedelta(minutes=1) == 239


def test_owed_and_signed_says_that_the_auxiliary_did_her_part(farid: GuardedClient) -> None:
    report = reports.sign(reports.ended_visit())
    url = "/t/vallees/reports/?vue=attendus"

    on_its_way = farid.get(url).content.decode()
    Delivery.objects.filter(report=report).update(state="failed", attempts=8)
    stuck = farid.get(url).content.decode()

    assert "remise en cours" in on_its_way
    assert "pas commencé" not in on_its_way
    assert "remise impossible" in stuck
    assert "prévenez l’assistance" in stuck


def test_late_begins_one_second_after_24_hours(vallees: scope.Scope) -> None:
    visit = reports.ended_visit(hours_ago=3)
    due = visit.report_due_at
    farid = factories.who("farid")

    at_the_end = inbox.inbox(farid, inbox.Filters(inbox.LATE), due)
    after = inbox.inbox(farid, inbox.Filters(inbox.LATE), due + timedelta(seconds=1))

    assert at_the_end.is_empty
    assert [row.visit_id for row in after.owed] == [visit.public_id]


def test_a_delivered_report_is_no_longer_owed(vallees: scope.Scope) -> None:
    visit = reports.ended_visit()
    reports.deliver(reports.sign(visit))

    assert rows(inbox.OWED).is_empty


def test_team_sees_its_own_families_and_the_coordinator_every_one(vallees: scope.Scope) -> None:
    mine = received()
    held = factories.make_pathway(ap=factories.who("chloe"), days_ago=6)
    theirs = factories.make_report(
        factories.make_visit(held, state="ended", ended_at=clock.now()), delivered_at=clock.now()
    )
    factories.make_visit(held, "V2", "ended", ended_at=clock.now())

    assert [row.report_id for row in rows(inbox.UNREAD).received] == [mine.public_id]
    assert rows(inbox.OWED).is_empty
    assert {row.report_id for row in rows(inbox.UNREAD, "elise").received} == {mine.public_id, theirs.public_id}
    assert len(rows(inbox.OWED, "elise").owed) == 1


def test_filter_by_visit(vallees: scope.Scope) -> None:
    received()
    second = received(kind="V2")

    assert [row.report_id for row in rows(inbox.UNREAD, kind="V2").received] == [second.public_id]


def test_filters_live_in_the_address_and_a_forged_one_filters_nothing(farid: GuardedClient) -> None:
    received()

    page = farid.get(URL, {"vue": "x", "visite": "V9", "page": "-3"})

    assert page.status_code == 200
    assert "1\u00a0compte rendu à lire" in page.content.decode()


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (inbox.UNREAD, "Un compte rendu arrive ici dès que l’auxiliaire le remet"),
        (inbox.READ, "Ceux que votre équipe ouvre se retrouvent ici"),
        (inbox.COMPLETED, "Un compte rendu que l’auxiliaire complète"),
        (inbox.OWED, "Une visite apparaît ici dès que l’auxiliaire la termine"),
        (inbox.LATE, "Un compte rendu apparaît ici une seconde après ses 24 heures"),
    ],
)
def test_an_empty_list_says_what_will_appear(farid: GuardedClient, view: str, words: str) -> None:
    assert words in farid.get(URL, {"vue": view}).content.decode()


def test_a_page_holds_25_rows_and_says_the_total(farid: GuardedClient) -> None:
    held = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
    visit = factories.make_visit(held, state="ended", ended_at=clock.now())
    report = factories.make_report(visit)
    for number in range(27):
        factories.make_delivery(report, delivered_at=clock.now(), dedup_key=f"test:{number}")

    text = farid.get(URL).content.decode()

    assert text.count("<tr>") == 26
    assert "25 sur 27\u00a0comptes rendus" in text


@pytest.mark.parametrize("view", inbox.VIEWS)
def test_the_list_costs_the_same_queries_for_one_row_and_for_ten(farid: GuardedClient, view: str) -> None:
    def one_more() -> None:
        report = received(is_read=view == inbox.READ)
        add_addendum(report=report, author=report.author, reason="Oubli", text="…", at=clock.now())
        reports.save(reports.ended_visit(hours_ago=30), {"who.present": ["MOTHER"]})

    one_more()
    farid.get(URL, {"vue": view})
    with CaptureQueriesContext(connection) as few:
        farid.get(URL, {"vue": view})
    for _ in range(9):
        one_more()

    with CaptureQueriesContext(connection) as many:
        farid.get(URL, {"vue": view})

    assert len(few) == len(many)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("farid", 200),
        ("fanny", 200),
        ("elise", 200),
        ("nora", 200),
        ("olga", 200),
        ("amal", 403),
        ("gaelle", 403),
        ("ines", 403),
        ("jeanne", 403),
        ("dora", 404),
        ("hugo", 404),
    ],
)
def test_inbox_answers_each_person(client: GuardedClient, cast: dict[str, Person], who: str, status: int) -> None:
    client.force_login(cast[who].user)

    assert client.get(URL).status_code == status


def test_owed_list_reads_the_partial_index(vallees: scope.Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    plan = Visit.objects.report_missing().order_by("report_due_at", "pk")[:25].explain()

    assert "visit_report_owed" in plan


@pytest.mark.parametrize(
    "query, title",
    [
        ({}, "2\u00a0comptes rendus à lire"),
        ({"visite": "V2"}, "1\u00a0compte rendu à lire"),
        ({"vue": "lus"}, "1\u00a0compte rendu lu"),
        ({"vue": "completes"}, "Aucun compte rendu complété"),
        ({"vue": "attendus"}, "Aucun compte rendu attendu"),
    ],
)
def test_title_and_numbers_follow_the_filters(query: dict[str, str], title: str, farid: GuardedClient) -> None:
    received(1)
    received(2, kind="V2")
    received(3, is_read=True)

    page = farid.get(URL, query)

    assert f"<h1>{title}" in page.content.decode()
    assert [chip.count for chip in page.context["chips"]] == [1 if "visite" in query else 2, 0, 0]
    assert [chip.count for chip in page.context["read_chips"]] == [None, None]

"""What an auxiliary has still to finish of a visit made before another territory took the family over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import access, clock, scope
from pathways.enums import PathwayState, RelayState
from pathways.models import FamilyTransfer, Pathway, PmiRelay
from territories.models import OutgoingMessage
from tests import factories
from tests.cast import VALLEES, Person, inside
from tests.pathways.actions.test_moved_signs import moved
from tests.visits.reports import deliver, sign
from visits.models import Deviation, Report, SealedAnswers, Visit
from visits.reads.deviations import uncoded
from visits.reads.todo.base import Now, Subject
from visits.reads.todo.page import waiting_for

ZONE = "Europe/Paris"


@pytest.fixture
def offered(cast: dict[str, Person]) -> FamilyTransfer:
    """A family of the valleys offered to the lagoon: Amal has made V1, whose report she owes; V2 is planned at noon."""
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=6)
        factories.make_grant(pathway.family, to=factories.who("ines"))
        visit = factories.make_visit(pathway, "V1", "ended", ended_at=clock.now() - timedelta(hours=1))
        factories.make_visit(pathway, "V2", planned_at=clock.now() + timedelta(days=1))
        factories.make_deviation(visit)
        return factories.make_transfer(pathway)


# ---- The report ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_settled", [True, False])
def test_report_signed_after_the_move_is_read_by_its_author_and_by_the_team_that_receives_it(
    offered: FamilyTransfer, as_: Callable[[str], Any], is_settled: bool
) -> None:
    with moved(offered, is_settled=is_settled) as visit:
        report = sign(visit)
        place = f"/t/{VALLEES}/reports/{report.public_id}/"
    assert as_("amal").get(place).status_code == 200

    with scope.opened(inside(VALLEES)):
        deliver(report)
        told = OutgoingMessage.objects.get(dedup_key__startswith="report-arrived:")
        assert told.to == report.visit.pathway.carrier.mailbox

    assert str(report.public_id) in as_("farid").get(f"/t/{VALLEES}/reports/").content.decode()
    assert as_("farid").get(place).status_code == 200
    assert as_("farid").get(f"{place}pdf/").status_code == 200
    for name in ("bea", "chloe", "fanny", "gaelle", "ines", "marc", "olga", "jeanne"):
        assert as_(name).get(place).status_code in {403, 404}, name


def test_report_handed_over_after_the_move_is_gone_a_day_after_it_was_read(
    offered: FamilyTransfer, as_: Callable[[str], Any]
) -> None:
    with moved(offered) as visit:
        report = sign(visit)
        deliver(report)
    place = f"/t/{VALLEES}/reports/{report.public_id}/"
    with time_machine.travel(clock.now() + timedelta(days=9), tick=False):
        assert as_("farid").get(place).status_code == 200
        read = as_("farid").post(f"{place}opened/")
        assert as_("farid").get(read.url).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=10, minutes=1), tick=False):
        for name in ("farid", "amal"):
            assert as_(name).get(place).status_code in {403, 404}, name
        assert str(report.public_id) not in as_("farid").get(f"/t/{VALLEES}/reports/").content.decode()
        assert as_("elise").get(place).status_code == 200


def test_report_that_had_arrived_before_the_move_stays_behind(offered: FamilyTransfer) -> None:
    with scope.opened(inside(VALLEES)):
        deliver(sign(Visit.objects.select_related("pathway__birth", "ap__user").get(kind="V1")))

    with moved(offered):
        report = Report.objects.get()
        for name in ("amal", "farid"):
            assert not access.permission("visits.read_report").allows(factories.who(name), report), name
            assert not Report.objects.visible_to(factories.who(name)).exists(), name


def test_nothing_but_reading_comes_with_a_report_handed_over_after_the_move(offered: FamilyTransfer) -> None:
    with moved(offered) as visit:
        report = sign(visit)
        deliver(report)

        for code in ("send_copies", "complete_report", "see_visits", "read_kept"):
            perm = access.permission(f"visits.{code}")
            subject = report if perm.model == "visits.Report" else visit
            assert not perm.allows(factories.who("farid"), subject), code
        assert not access.permission("pathways.see_family").allows(factories.who("farid"), offered.family)


def handed_to_pmi(visit: Visit) -> None:
    """The pathway is closed, the PMI has taken the relay, the overlap of the two teams is over since an hour."""
    at = clock.now()
    ends_at = at - timedelta(hours=1)
    closed = {"closed_at": ends_at, "closing_reason": "COMPLETE", "team_ends_at": ends_at}
    Pathway.objects.filter(pk=visit.pathway_id).update(state=PathwayState.CLOSED, **closed)
    taken = {"answered_at": ends_at, "answered_by": factories.who("gaelle"), "next_contact_on": at.date()}
    PmiRelay.objects.filter(pathway=visit.pathway_id).update(state=RelayState.ACCEPTED, **taken)


def test_report_signed_once_the_pmi_alone_follows_is_finished_and_read(
    vallees: scope.Scope, as_: Callable[[str], Any]
) -> None:
    visit = factories.make_visit(factories.make_pathway(ap=factories.who("amal"), days_ago=6), "V1", "ended")
    handed_to_pmi(visit)
    assert as_("amal").get(f"/t/{VALLEES}/visits/{visit.public_id}/report/").status_code == 200

    report = sign(Visit.objects.select_related("pathway__birth", "ap__user").get())
    place = f"/t/{VALLEES}/reports/{report.public_id}/"
    assert as_("amal").get(place).status_code == 200
    deliver(report)

    assert str(report.public_id) in as_("farid").get(f"/t/{VALLEES}/reports/").content.decode()
    assert as_("farid").get(place).status_code == 200
    assert as_("bea").get(place).status_code in {403, 404}
    assert not access.permission("pathways.see_family").allows(factories.who("farid"), visit.family)
    assert as_("farid").post(f"{place}opened/").status_code == 302
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=False):
        for name in ("farid", "amal"):
            assert as_(name).get(place).status_code in {403, 404}, name


def test_report_that_had_arrived_before_the_pmi_alone_follows_is_read_no_more(vallees: scope.Scope) -> None:
    visit = factories.make_visit(factories.make_pathway(ap=factories.who("amal"), days_ago=6), "V1", "ended")
    report = factories.make_report(visit, delivered_at=clock.now() - timedelta(hours=2))

    handed_to_pmi(visit)

    for name in ("farid", "amal"):
        assert not access.permission("visits.read_report").allows(factories.who(name), report), name


def test_page_says_to_whom_the_protected_answers_went_after_the_move(
    offered: FamilyTransfer, as_: Callable[[str], Any]
) -> None:
    with moved(offered) as visit:
        report = sign(visit)
        SealedAnswers.objects.update_or_create(
            report=report, defaults={"family": report.family, "answers": {"grid.s3_signal": True}}
        )
        deliver(report)
    place = f"/t/{VALLEES}/reports/{report.public_id}/"

    for name in ("amal", "farid"):
        page = as_(name).get(place).content.decode()
        assert "allé à la sage-femme coordinatrice et au médecin de PMI" in page, name
        assert "À qui demander" not in page, name
    assert "Ouvrir le compartiment" in as_("elise").get(place).content.decode()


# ---- The deviation -------------------------------------------------------------------------------------------
def test_auxiliary_still_says_why_about_the_visit_she_made(offered: FamilyTransfer, as_: Callable[[str], Any]) -> None:
    with moved(offered):
        deviation = Deviation.objects.get()
        assert [one.pk for one in uncoded(factories.who("amal"))] == [deviation.pk]
        at = clock.now()
        now = Now(at, clock.local_date(at, ZONE), ZONE)
        mine = [one.public_id for one in waiting_for(factories.who("amal"), now) if one.subject == Subject.DEVIATIONS]
        assert mine == [deviation.public_id]
        assert not list(uncoded(factories.who("bea")))
        assert not access.permission("visits.see_deviation").allows(factories.who("farid"), deviation)
        family = deviation.family.public_id
    place = f"/t/{VALLEES}/deviations/{deviation.public_id}/"
    # The list of the coordination says what waits.
    assert (
        "Tous les écarts au protocole sont codés" not in as_("elise").get(f"/t/{VALLEES}/deviations/").content.decode()
    )

    page = as_("amal").get(place)

    assert page.status_code == 200
    assert f"/families/{family}/" not in page.content.decode()
    assert as_("bea").get(place).status_code == 404
    reason = page.context["deviation"].choices[0][0]
    assert as_("amal").post(place, {"reason": reason}).status_code == 302
    with scope.opened(inside(VALLEES)):
        assert Deviation.objects.get().coded_by == factories.who("amal")
    assert as_("amal").get(place).status_code == 404


def test_nothing_is_asked_about_a_visit_that_was_never_made_before_the_move(offered: FamilyTransfer) -> None:
    with scope.opened(inside(VALLEES)):
        Deviation.objects.all().delete()
        factories.make_deviation(kind="SECOND_VISIT", pathway=offered.pathway)

    with moved(offered):
        assert not list(uncoded(factories.who("amal")))


# ---- Her day -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_settled", [True, False])
def test_day_says_the_hour_of_the_visit_that_fell_with_the_move_and_no_name(
    offered: FamilyTransfer, as_: Callable[[str], Any], is_settled: bool
) -> None:
    with scope.opened(inside(VALLEES)):
        deliver(sign(Visit.objects.select_related("pathway__birth", "ap__user").get(kind="V1")))
    with moved(offered, is_settled=is_settled):
        fallen = Visit.objects.get(kind="V2")
        day = clock.local_date(fallen.planned_at, ZONE)
        mother = "Haddad"

    page = as_("amal").get(f"/t/{VALLEES}/day/?date={day.isoformat()}").content.decode()

    assert "n’y allez pas, cette visite est annulée" in page
    assert mother not in page
    assert "n’y allez pas, cette visite" not in as_("bea").get(f"/t/{VALLEES}/day/?date={day}").content.decode()


def test_visit_cancelled_before_the_move_is_no_news(offered: FamilyTransfer, as_: Callable[[str], Any]) -> None:
    with scope.opened(inside(VALLEES)):
        fallen = Visit.objects.get(kind="V2")
        day = clock.local_date(fallen.planned_at, ZONE)
        before = clock.now() - timedelta(hours=1)
        Visit.objects.filter(pk=fallen.pk).update(state="cancelled", not_done_reason="FAMILY_CANCELLED", fell_at=before)
    with moved(offered):
        pass

    assert "cette visite est annulée" not in as_("amal").get(f"/t/{VALLEES}/day/?date={day}").content.decode()

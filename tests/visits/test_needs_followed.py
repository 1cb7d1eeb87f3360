"""What a report says of the needs already noted: the first contact, what is settled, and what it never tells."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from copa.kernel import clock
from pathways.actions.needs import land_state
from pathways.actions.orientations import Reply, record_reply
from pathways.enums import NeedState
from pathways.models import Birth, Child, Need, Orientation
from tests import factories
from tests.visits.reports import answers, ended_visit, save, sign
from visits.actions.report import IncompleteReport, sign_report
from visits.models import Report, ReportForm, Visit
from visits.questionnaire import packaged_definitions
from visits.reads.context import facts_of, form_for
from visits.reads.report import context_of

pytestmark = pytest.mark.usefixtures("vallees")
FORMER = "2026.1-provisoire"


@pytest.fixture
def visit(vallees: Any) -> Visit:
    return ended_visit()


def sent(visit: Visit, state: str = "SENT", **need: Any) -> Orientation:
    """A need of ten days ago, and its orientation gone the same day."""
    ago = clock.now() - timedelta(days=10)
    noted = factories.make_need(visit.pathway, spotted_at=ago, state="ORIENTED", **need)
    return factories.make_orientation(noted, state=state, proposed_at=ago)


def said(need: Need, state: str = "SAME", **more: Any) -> dict[str, Any]:
    row = {"ref": str(need.public_id), "state": state} | more
    return {f"need.prev.{name}": value for name, value in row.items()}


def signed(visit: Visit, *rows: dict[str, Any]) -> Report:
    return sign(visit, answers(visit, **{"need.prev": list(rows)}))


def asked(visit: Visit) -> list[str]:
    found = facts_of(visit.pk, form_for(clock.now()).pk, clock.now()).context.needs
    return [need.ref for need in found]


def test_need_turned_down_since_is_not_settled_by_the_report(visit: Visit) -> None:
    need = factories.make_need(visit.pathway)
    seen = Need.objects.get(pk=need.pk)
    Need.objects.filter(pk=need.pk).update(state=NeedState.DECLINED)

    land_state(need=seen, is_met=True, at=clock.now())

    assert Need.objects.get(pk=need.pk).state == NeedState.DECLINED


def test_contact_the_parents_tell_of_is_confirmed_by_them_on_its_day(visit: Visit) -> None:
    row = sent(visit)
    on = clock.local_date(clock.now(), "Europe/Paris") - timedelta(days=3)

    signed(visit, said(row.need, contact="YES", contact_on=on.isoformat()))

    row.refresh_from_db()
    assert (row.state, row.first_contact_on, row.confirmed_by) == ("SEEN", on, "PARENT")
    assert Need.objects.get().state == "FOLLOWED"


def test_contact_without_its_day_is_dated_from_the_visit(visit: Visit) -> None:
    row = sent(visit)

    signed(visit, said(row.need, contact="YES"))

    row.refresh_from_db()
    assert row.first_contact_on == clock.local_date(visit.started_at, "Europe/Paris")


@pytest.mark.parametrize("contact", ["BOOKED", "NO", "UNKNOWN"])
def test_anything_but_a_yes_leaves_the_orientation_as_it_is(visit: Visit, contact: str) -> None:
    row = sent(visit)

    report = signed(visit, said(row.need, contact=contact))

    row.refresh_from_db()
    assert (row.state, row.first_contact_on, row.need.state) == ("SENT", None, "ORIENTED")
    assert report.answers["need.prev"][0]["need.prev.contact"] == contact


STATES = [("SOLVED", "MET"), ("BETTER", "OPEN"), ("SAME", "OPEN"), ("UNKNOWN", "OPEN")]


@pytest.mark.parametrize(("state", "kept"), STATES)
def test_only_what_is_settled_ends_the_need(visit: Visit, state: str, kept: str) -> None:
    need = factories.make_need(visit.pathway)

    signed(visit, said(need, state))

    need.refresh_from_db()
    assert need.state == kept


def test_contact_and_settled_at_once_keeps_both(visit: Visit) -> None:
    row = sent(visit)

    signed(visit, said(row.need, "SOLVED", contact="YES"))

    row = Orientation.objects.select_related("need").get()
    assert (row.state, row.need.state) == ("SEEN", "MET")


@pytest.mark.parametrize("state", ["PROPOSED", "ACCEPTED", "SEEN", "CANNOT_TAKE", "REFUSED"])
def test_contact_is_not_asked_where_none_is_awaited(visit: Visit, state: str) -> None:
    words = {"decision_words": "Non."} if state == "REFUSED" else {}
    row = factories.make_orientation(factories.make_need(visit.pathway), state=state, **words)

    report = signed(visit, said(row.need, contact="YES"))

    row.refresh_from_db()
    assert row.state == state
    assert "need.prev.contact" not in report.answers["need.prev"][0]


def test_professional_who_answered_meanwhile_is_not_written_over(visit: Visit) -> None:
    row = sent(visit)
    save(visit, answers(visit, **{"need.prev": [said(row.need, contact="YES")]}))
    day = clock.local_date(clock.now(), "Europe/Paris") - timedelta(days=2)
    record_reply(orientation=row, reply=Reply(answer="SEEN", day=day, words="Vue."), at=clock.now())

    sign_report(visit=visit, author=visit.ap, at=clock.now())

    row.refresh_from_db()
    assert (row.confirmed_by, row.first_contact_on) == ("PROFESSIONAL", day)


def test_day_the_orientation_cannot_have_stays_in_the_report_and_refuses_nothing(visit: Visit) -> None:
    row = sent(visit)
    before = (clock.now() - timedelta(days=40)).date().isoformat()

    report = signed(visit, said(row.need, contact="YES", contact_on=before))

    row.refresh_from_db()
    assert (row.state, report.state) == ("SENT", "signed")
    assert report.answers["need.prev"][0]["need.prev.contact_on"] == before


def test_every_need_in_hand_is_asked_before_signing(visit: Visit) -> None:
    need = factories.make_need(visit.pathway)
    save(visit, answers(visit))

    with pytest.raises(IncompleteReport) as refusal:
        sign_report(visit=visit, author=visit.ap, at=clock.now())

    assert [gap.path for gap in refusal.value.gaps] == [f"need.prev/{need.public_id}/need.prev.state"]


# ---- What is never asked -------------------------------------------------------------------------------------
def silent_need(visit: Visit, way: str) -> Need:
    """A need nobody is asked about at this visit."""
    pathway = visit.pathway
    if way == "sealed":
        return factories.make_need(pathway, "VIOLENCE_SEALED", words="Secret scellé")
    if way == "over":
        return factories.make_need(pathway, "HOUSING", about="FAMILY", state="CLOSED", closing_words="Fait.")
    if way == "another family":
        return factories.make_need(factories.make_pathway(ap=factories.who("bea")))
    if way == "dead child":
        child = Child.objects.get(birth=pathway.birth_id)
        found = factories.make_need(pathway, "WEIGHT_FOLLOW", about="CHILD", child=child)
        Child.objects.filter(pk=child.pk).update(closed_at=clock.now() - timedelta(hours=5))
        return found
    Birth.objects.update(is_silent=True)
    return factories.make_need(pathway)


@pytest.mark.parametrize("way", ["sealed", "over", "another family", "dead child", "mourning"])
def test_need_that_must_stay_silent_is_not_asked(visit: Visit, way: str) -> None:
    silent_need(visit, way)

    assert asked(visit) == []


@pytest.mark.parametrize("way", ["sealed", "over", "another family"])
def test_need_that_must_stay_silent_is_not_touched_by_what_is_sent(visit: Visit, way: str) -> None:
    need = silent_need(visit, way)
    before = need.state

    report = signed(visit, said(need, "SOLVED", contact="YES"))

    need.refresh_from_db()
    assert need.state == before
    assert "need.prev" not in report.answers


def test_sealed_need_is_named_nowhere_in_the_page_nor_in_the_report(as_: Any, visit: Visit) -> None:
    need = silent_need(visit, "sealed")

    page = as_("amal").get(f"/t/vallees/visits/{visit.public_id}/report/").content.decode()
    report = signed(visit)

    for shown in (page, str(report.answers), str(report.context)):
        assert str(need.public_id) not in shown
        assert "scellé" not in shown


def test_ten_needs_cost_the_queries_of_one(visit: Visit) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            facts_of(visit.pk, form_for(clock.now()).pk, clock.now())
        return len(queries)

    factories.make_orientation(factories.make_need(visit.pathway, "HOUSING", about="FAMILY"), state="SENT")
    one = cost()
    for code in ("MONEY", "FOOD", "RIGHTS", "MULTIPLES", "HOUSEHOLD", "ISOLATION", "EXHAUSTION", "MOOD", "TOBACCO"):
        factories.make_need(visit.pathway, code)

    assert cost() == one


# ---- Versions ------------------------------------------------------------------------------------------------
def test_new_report_takes_the_last_version(visit: Visit) -> None:
    assert sign(visit).form.version == packaged_definitions()[-1]["version"] != FORMER


def test_report_begun_under_the_version_of_before_ends_under_it(visit: Visit) -> None:
    row = sent(visit)
    given = answers(visit, **{"need.prev": [said(row.need, "SOLVED", contact="YES")]})
    save(visit, given, version=FORMER)

    report = sign_report(visit=visit, author=visit.ap, at=clock.now())

    row.refresh_from_db()
    assert report.form.version == FORMER
    # That version asked nothing of it: nothing of it is kept, nor acted upon.
    assert "need.prev" not in report.answers
    assert row.state == "SENT"


def test_signed_report_keeps_the_needs_as_they_were_asked(visit: Visit) -> None:
    need = factories.make_need(visit.pathway, "HOUSING", about="FAMILY")
    report = signed(visit, said(need, "SOLVED"))

    kept = context_of(Report.objects.get(pk=report.pk)).needs

    assert [(one.ref, one.about) for one in kept] == [(str(need.public_id), "FAMILY")]
    assert asked(visit) == []


def test_both_versions_are_stored(visit: Visit) -> None:
    versions = {document["version"] for document in packaged_definitions()}

    assert set(ReportForm.objects.filter(code="copa-visit-report").values_list("version", flat=True)) == versions

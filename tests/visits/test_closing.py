"""Closing a pathway: what must be done or said first; and what a stop does to planned visits."""

from datetime import timedelta

import pytest

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from pathways.actions import stops
from pathways.actions.alerts import Taking, close_alert, take_alert
from pathways.enums import AlertKind, PathwayState
from pathways.models import Pathway
from territories.models import HistoryEvent
from tests.factories import make_alert, make_pathway, make_report, make_visit, who
from tests.pathways.screening import HIGH, LOW, decide_third, fill_epds
from visits.actions.closing import close_pathway
from visits.enums import VisitState
from visits.models import Visit


@pytest.fixture
def pathway(vallees) -> Pathway:
    return make_pathway(ap=who("amal"), days_ago=15)


def done(pathway: Pathway, kind: str, *, delivered: bool = True) -> Visit:
    ended_at = clock.now() - timedelta(days=3)
    visit = make_visit(pathway, kind, VisitState.ENDED, ended_at=ended_at)
    if delivered:
        make_report(visit, delivered_at=ended_at + timedelta(hours=3))
    return visit


def close(pathway: Pathway, reason: str = "COMPLETE", **options) -> Pathway:
    return close_pathway(pathway=pathway, reason=reason, at=clock.now(), **options)


def refused(pathway: Pathway, reason: str = "COMPLETE", **options) -> str:
    with pytest.raises(BusinessError) as refusal:
        close(pathway, reason, **options)
    pathway.refresh_from_db()
    assert (pathway.state, pathway.closed_at) == ("active", None)
    return refusal.value.code


def test_two_visits_done_and_delivered_close_the_pathway(pathway) -> None:
    done(pathway, "V1")
    done(pathway, "V2")

    close(pathway)

    pathway.refresh_from_db()
    assert (pathway.state, pathway.closing_reason) == ("closed", "COMPLETE")
    assert pathway.closed_at is not None


def test_third_visit_that_was_decided_is_not_forgotten_by_closing(as_, pathway) -> None:
    done(pathway, "V1")
    done(pathway, "V2")
    decide_third(pathway)
    page = f"/t/vallees/pathways/{pathway.public_id}/close/"

    assert refused(pathway) == "third_left"
    shown = as_("farid").get(page).content.decode()
    answer = as_("farid").post(page, {"reason": "COMPLETE", "leaves_third": "on"})

    assert "L’équipe a décidé une troisième visite" in shown
    pathway.refresh_from_db()
    assert (answer.status_code, pathway.state) == (302, "closed")


def test_third_visit_that_was_made_asks_nothing_more(pathway) -> None:
    for kind in ("V1", "V2", "V3"):
        done(pathway, kind)
    decide_third(pathway)

    close(pathway)

    pathway.refresh_from_db()
    assert pathway.state == "closed"


def test_closing_leaves_an_event_in_the_history(pathway) -> None:
    close(pathway, "UNREACHABLE")

    event = HistoryEvent.objects.filter(table_name="pathways_pathway", row_id=pathway.pk).order_by("id").last()
    assert (event.after["state"], event.after["closing_reason"]) == ("closed", "UNREACHABLE")


def test_complete_needs_both_visits(pathway) -> None:
    done(pathway, "V1")

    assert refused(pathway) == "not_complete"


def test_other_reasons_need_a_missing_visit(pathway) -> None:
    done(pathway, "V1")
    done(pathway, "V2")

    assert refused(pathway, "MOVED") == "is_complete"


def test_third_visit_counts_for_nothing_here(pathway) -> None:
    done(pathway, "V1")
    done(pathway, "V3")

    assert refused(pathway) == "not_complete"


def test_owed_report_keeps_the_pathway_open(pathway) -> None:
    done(pathway, "V1")
    done(pathway, "V2", delivered=False)

    assert refused(pathway) == "report_owed"


def test_planned_visit_keeps_it_open_unless_cancelled_with_it(pathway) -> None:
    visit = make_visit(pathway, "V1")

    assert refused(pathway, "FAMILY_WISH") == "visit_planned"
    close(pathway, "FAMILY_WISH", cancels_planned=True)

    visit.refresh_from_db()
    assert (visit.state, visit.not_done_reason) == ("cancelled", "SERVICE_CANCELLED")


def test_visit_under_way_keeps_it_open(pathway) -> None:
    make_visit(pathway, "V1", VisitState.STARTED)

    assert refused(pathway, "FAMILY_WISH", cancels_planned=True) == "visit_under_way"


def test_unanswered_sign_keeps_it_open_and_a_reminder_does_not(pathway) -> None:
    alert = make_alert(pathway)
    make_alert(pathway, AlertKind.REPORT_OVERDUE)

    assert refused(pathway, "MOVED") == "alert_open"
    alert.ended_at = clock.now()
    alert.save(update_fields=["ended_at"])

    assert close(pathway, "MOVED").state == "closed"


def test_a_sign_taken_keeps_it_open_until_its_outcome_is_written(pathway) -> None:
    alert = make_alert(pathway, code="CHILD_URGENT:CHILD_FEVER")
    take_alert(alert=alert, by=who("farid"), taking=Taking(instruction="Restez."), at=clock.now())
    assert refused(pathway, "MOVED") == "alert_to_close"

    close_alert(alert=alert, by=who("farid"), outcome="Vue.", is_false_alarm=False, at=clock.now())
    assert close(pathway, "MOVED").state == "closed"


@pytest.mark.parametrize("reason", ["", "BECAUSE"])
def test_unknown_reason_is_refused(pathway, reason: str) -> None:
    assert refused(pathway, reason) == "unknown_reason"


@pytest.mark.parametrize("state", [PathwayState.SUSPENDED, PathwayState.WITHDRAWN, PathwayState.CLOSED])
def test_only_an_active_pathway_is_closed(vallees, state: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        close(make_pathway(state=state), "MOVED")

    assert refusal.value.code == "pathway_not_active"


# ---- A stop is a stop ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (stops.withdraw_pathway, "FAMILY_CANCELLED"),
        (stops.lose_pathway, "SERVICE_CANCELLED"),
        (stops.end_by_move, "FAMILY_CANCELLED"),
    ],
)
def test_stop_cancels_planned_visits_in_the_same_transaction(pathway, stop, reason: str) -> None:
    planned = make_visit(pathway, "V2")
    kept = done(pathway, "V1")

    stop(pathway=pathway, by=who("elise"), at=clock.now())

    planned.refresh_from_db()
    kept.refresh_from_db()
    assert (planned.state, planned.not_done_reason) == ("cancelled", reason)
    assert kept.state == "ended"


def test_mourning_cancels_planned_visits_and_says_why(pathway) -> None:
    planned = make_visit(pathway, "V2")

    stops.silence_pathway(birth=pathway.birth, by=who("elise"), at=clock.now())

    planned.refresh_from_db()
    assert (planned.state, planned.not_done_reason) == ("cancelled", "BEREAVEMENT")


def test_visit_under_way_is_left_to_the_ap(pathway) -> None:
    started = make_visit(pathway, "V1", VisitState.STARTED)

    stops.withdraw_pathway(pathway=pathway, by=who("elise"), at=clock.now())

    started.refresh_from_db()
    assert started.state == "started"


def test_planned_visits_follow_the_pathway_to_its_new_ap(pathway) -> None:
    planned, kept = make_visit(pathway, "V2"), done(pathway, "V1")

    stops.assign_ap(pathway=pathway, ap=who("bea"), by=who("elise"), at=clock.now())

    planned.refresh_from_db()
    kept.refresh_from_db()
    assert (planned.ap, kept.ap) == (who("bea"), who("amal"))


# ---- Page ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("elise", 200), ("farid", 200), ("amal", 403), ("bea", 403), ("nora", 403), ("olga", 403), ("jeanne", 403),
        ("gaelle", 403), ("fanny", 404), ("chloe", 404), ("iris", 404), ("emma", 404),
    ],
)  # fmt: skip
def test_closing_page_answers_each_person(pathway, client, cast, name: str, status: int) -> None:
    client.force_login(cast[name].user)

    assert client.get(f"/t/vallees/pathways/{pathway.public_id}/close/").status_code == status


def test_closing_by_the_form(pathway, client, cast) -> None:
    make_visit(pathway, "V1")
    url = f"/t/vallees/pathways/{pathway.public_id}/close/"
    client.force_login(cast["elise"].user)

    refusal = client.post(url, {"reason": "UNREACHABLE"})
    accepted = client.post(url, {"reason": "UNREACHABLE", "cancels_planned": "on"})

    assert refusal.status_code == 422
    assert "Une visite est encore prévue" in refusal.content.decode()
    assert accepted.status_code == 302
    assert Pathway.objects.get(pk=pathway.pk).state == "closed"


def test_complete_is_not_offered_before_both_visits(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(f"/t/vallees/pathways/{pathway.public_id}/close/", {"reason": "COMPLETE"})

    assert response.status_code == 422
    assert "Ce motif ne va pas avec les visites faites." in response.content.decode()


def test_page_says_what_is_still_missing(pathway, client, cast) -> None:
    done(pathway, "V1", delivered=False)
    client.force_login(cast["elise"].user)

    text = client.get(f"/t/vallees/pathways/{pathway.public_id}/close/").content.decode()

    assert "Compte rendu à remettre\u00a0: V1." in text


def test_page_says_that_an_alert_taken_is_not_closed(pathway, client, cast) -> None:
    alert = make_alert(pathway, code="CHILD_URGENT:CHILD_FEVER")
    take_alert(alert=alert, by=who("farid"), taking=Taking(instruction="Restez."), at=clock.now())
    client.force_login(cast["elise"].user)

    text = client.get(f"/t/vallees/pathways/{pathway.public_id}/close/").content.decode()

    assert "Une alerte est prise mais pas close" in text


@pytest.mark.parametrize(("values", "is_told"), [(HIGH, True), (LOW, False)])
def test_page_warns_of_a_scale_to_propose_again(pathway, client, cast, values, *, is_told: bool) -> None:
    fill_epds(pathway, *values)
    client.force_login(cast["elise"].user)

    text = client.get(f"/t/vallees/pathways/{pathway.public_id}/close/").content.decode()

    assert ("Un EPDS est à reproposer" in text) is is_told

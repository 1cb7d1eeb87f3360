"""« Tâches », subject by subject: births, alerts, screening, orientations, decisions."""

from datetime import timedelta

import pytest

from pathways.enums import ProposalAnswer
from pathways.models import (
    NotProposed,
)
from tests.factories import (
    make_alert,
    make_birth,
    make_decision,
    make_meeting,
    make_meeting_item,
    make_need,
    make_orientation,
    make_proposal,
    who,
)
from tests.visits.todo.lines import AT, TODAY, planned, scale, suggest, whens, words


# ---- Subject by subject ----------------------------------------------------------------------------------
def test_births_wait_until_their_21st_day_unless_somebody_said_why(at) -> None:
    make_birth(days_ago=21)
    make_birth(days_ago=22)
    told = make_birth()
    NotProposed.objects.create(
        birth=told, family_id=told.family_id, reason="TRANSFERRED", noted_by=who("elise"), noted_at=AT
    )

    assert words() == ["Présenter CoPa"]
    assert whens() == ["aujourd’hui"]


def test_yes_and_the_day_to_speak_of_it_again_wait(at) -> None:
    make_proposal(make_birth())
    make_proposal(make_birth(), answer=ProposalAnswer.PENDING, ask_again_on=TODAY)
    make_proposal(make_birth(), answer=ProposalAnswer.PENDING, ask_again_on=TODAY + timedelta(days=1))
    make_proposal(make_birth(), answer=ProposalAnswer.NO)

    assert words() == ["Reparler de CoPa", "Recueillir l’adhésion"]


def test_alert_is_taken_then_closed_and_a_sign_stands_first(at) -> None:
    make_proposal(make_birth(days_ago=20), answer=ProposalAnswer.PENDING, ask_again_on=TODAY - timedelta(days=9))
    taken = {"acknowledged_at": AT - timedelta(hours=25), "acknowledged_by": who("farid")}
    make_alert(planned(), **taken)
    make_alert(planned(), answer_due_at=AT + timedelta(minutes=5))
    make_alert(planned(), **taken, closed_at=AT, closed_by=who("farid"))

    assert words() == ["Alerte à prendre", "Alerte prise, à clore", "Reparler de CoPa"]
    assert whens() == ["avant 9 h 05", "en retard de 1 h", "en retard de 9 j"]


def test_what_is_answered_the_same_day_stands_before_what_is_late_by_weeks(at) -> None:
    """Forty lines of paperwork never push a mother to call onto the second page."""
    for days in range(30):
        make_proposal(make_birth(days_ago=20), answer=ProposalAnswer.PENDING, ask_again_on=TODAY - timedelta(days=days))
    taken = {"acknowledged_at": AT, "acknowledged_by": who("farid"), "instructed_at": AT}
    promised = {"decision": "call_mother", "decision_due_at": AT + timedelta(hours=2)}
    make_alert(planned(), code="MIND_VITAL:EPDS_ITEM10", instructed_by=who("farid"), **taken, **promised)
    make_orientation(make_need(planned()), urgency="TODAY", proposed_at=AT)
    suggest(planned(), kind="team_review", cause="epds", suggested_at=AT)
    make_alert(planned(), "death", answer_due_at=AT + timedelta(hours=2))

    found = words("elise")

    assert found[0] == "Alerte prise, à clore"
    assert set(found[1:4]) == {"Décider une orientation", "Décider\u00a0: faire le point en équipe", "Alerte à prendre"}
    assert set(found[4:]) == {"Reparler de CoPa"}
    assert words("farid")[0] == "Alerte prise, à clore"


def test_what_an_epds_suggests_is_due_the_same_day_a_third_visit_before_the_window_ends(at) -> None:
    suggest(planned(), cause="epds")
    suggest(planned(days_ago=3))
    suggest(planned(), decided_at=AT, decided_by=who("farid"), is_accepted=True)

    assert whens() == ["en retard de 1 j", "avant le sam. 21 nov."]


def test_scale_waits_from_its_day_until_the_next_one(at) -> None:
    scale(planned(), TODAY)
    scale(planned(), TODAY + timedelta(days=1))
    again = planned()
    scale(again, TODAY)
    scale(again, TODAY + timedelta(days=20), at=AT - timedelta(days=1))

    assert (words(), words("amal")) == (["Reproposer l’EPDS"], [])


@pytest.mark.parametrize(("days", "expected"), [(6, []), (7, ["Orientation sans réponse"])])
def test_orientation_sent_waits_from_the_first_reminder(at, days: int, expected: list[str]) -> None:
    make_orientation(make_need(planned()), state="SENT", proposed_at=AT - timedelta(days=days))

    assert words("amal") == words("farid") == expected
    assert words("fanny") == []


@pytest.mark.parametrize(
    ("state", "expected"), [("NOT_COME", "Pas venue au rendez-vous"), ("CANNOT_TAKE", "Orientation à refaire")]
)
def test_orientation_turned_down_waits_for_another_decision(at, state: str, expected: str) -> None:
    one = make_orientation(
        make_need(planned()), state=state, proposed_at=AT - timedelta(days=9), answered_at=AT - timedelta(days=3)
    )

    assert words("amal") == words("farid") == [expected]
    assert whens("farid") == ["en retard de 1 j"]
    assert words("fanny") == words("bea") == []
    make_orientation(one.need, state="PROPOSED", target_type="NURSE", proposed_at=AT - timedelta(days=1))
    assert words("farid") == ["Décider une orientation"]


@pytest.mark.parametrize(("urgency", "when"), [("TODAY", "aujourd’hui"), ("THIS_WEEK", "avant le jeu. 5 nov.")])
def test_orientation_asked_for_today_is_due_today(at, urgency: str, when: str) -> None:
    make_orientation(make_need(planned()), urgency=urgency, proposed_at=AT)

    assert whens("farid") == [when]


def test_orientation_accepted_waits_to_be_sent(at) -> None:
    make_orientation(make_need(planned()), state="ACCEPTED")

    assert words() == ["Envoyer une orientation"]


def test_own_decision_waits_at_once_and_that_of_a_colleague_once_overdue(at) -> None:
    meeting = make_meeting(is_validated=True)
    make_decision(make_meeting_item(meeting, planned().family), owner=who("farid"), days=0)
    make_decision(make_meeting_item(meeting, planned().family), owner=who("amal"), days=-1)
    make_decision(make_meeting_item(make_meeting(), planned().family), owner=who("elise"), days=-1)

    assert (whens("elise"), whens("amal")) == (["en retard de 1 j"], ["en retard de 1 j"])
    assert whens("farid") == ["en retard de 1 j", "aujourd’hui"]

"""At the door: « J'entre », « Je sors », « Visite non faite », and the 24 hours that start there."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from pathways.models import Alert
from tests.factories import (
    make_alert,
    make_discharge,
    make_pathway,
    make_report,
    make_visit,
    who,
)
from tests.visits import reports
from visits.actions import conduct
from visits.enums import VisitState
from visits.models import SealedAnswers, Visit

AT = datetime(2026, 11, 3, 13, 22, tzinfo=UTC)  # 14 h 22 in Paris


@pytest.fixture
def now(vallees):
    with time_machine.travel(AT, tick=False):
        yield AT


# ---- J'entre ---------------------------------------------------------------------------------------------
def test_entering_records_the_server_clock(now) -> None:
    visit = make_visit(planned_at=AT)

    conduct.start_visit(visit=visit, at=AT)

    visit.refresh_from_db()
    assert (visit.state, visit.started_at) == ("started", AT)


def test_hour_of_arrival_may_be_corrected(now) -> None:
    visit = conduct.start_visit(visit=make_visit(planned_at=AT), at=AT)

    corrected = conduct.start_visit(visit=visit, at=AT, started_at=AT - timedelta(minutes=20))

    assert corrected.started_at == AT - timedelta(minutes=20)


def test_early_visit_is_not_entered_by_one_tap_before_the_discharge(now) -> None:
    """One slip of the finger while mother and child are still in the ward opens neither the visit nor its 24 hours."""
    pathway = make_pathway(ap=who("amal"))
    make_discharge(pathway.birth, at=AT + timedelta(hours=2), kind="ULTRA_EARLY", has_medical_agreement=True)
    visit = make_visit(pathway, "ULTRA_EARLY", planned_at=AT + timedelta(hours=4))

    with pytest.raises(BusinessError) as refusal:
        conduct.start_visit(visit=visit, at=AT)

    assert (refusal.value.code, refusal.value.field) == ("before_discharge", "moment")
    assert conduct.start_visit(visit=visit, at=AT, started_at=AT).state == "started"


def test_early_visit_is_entered_by_one_tap_once_they_are_home(now) -> None:
    pathway = make_pathway(ap=who("amal"))
    make_discharge(pathway.birth, at=AT, kind="ULTRA_EARLY", has_medical_agreement=True)

    assert conduct.start_visit(visit=make_visit(pathway, "ULTRA_EARLY", planned_at=AT), at=AT).state == "started"


def test_same_button_sent_twice_changes_nothing(now) -> None:
    visit = conduct.start_visit(visit=make_visit(planned_at=AT), at=AT)

    again = conduct.start_visit(visit=visit, at=AT + timedelta(minutes=5))

    assert again.started_at == AT


@pytest.mark.parametrize(
    ("started_at", "code"),
    [(AT + timedelta(seconds=1), "future"), (AT - timedelta(days=2), "other_day")],
)
def test_impossible_arrival_is_refused(now, started_at: datetime, code: str) -> None:
    visit = make_visit(planned_at=AT)

    with pytest.raises(BusinessError) as refusal:
        conduct.start_visit(visit=visit, at=AT, started_at=started_at)

    assert refusal.value.code == code


def test_nobody_enters_two_homes_at_once(now) -> None:
    first = make_visit(make_pathway(ap=who("amal")), planned_at=AT - timedelta(hours=1))
    second = make_visit(make_pathway(ap=who("amal")), planned_at=AT)
    neighbour = make_visit(make_pathway(ap=who("bea")), planned_at=AT)
    conduct.start_visit(visit=first, at=AT - timedelta(hours=1))

    with pytest.raises(BusinessError, match="Je sors") as refusal:
        conduct.start_visit(visit=second, at=AT)

    assert refusal.value.code == "elsewhere"
    assert conduct.start_visit(visit=neighbour, at=AT).started_at == AT
    conduct.end_visit(visit=first, at=AT, ended_at=AT - timedelta(minutes=5))
    assert conduct.start_visit(visit=second, at=AT).started_at == AT


@pytest.mark.parametrize(("entered", "code"), [(-21, "elsewhere"), (-59, "elsewhere"), (-20, ""), (-10, "")])
def test_a_home_is_not_entered_at_an_hour_before_the_other_was_left(now, entered: int, code: str) -> None:
    minute = timedelta(minutes=1)
    first = make_visit(make_pathway(ap=who("amal")), planned_at=AT - 60 * minute)
    conduct.start_visit(visit=first, at=AT, started_at=AT - 60 * minute)
    conduct.end_visit(visit=first, at=AT, ended_at=AT - 20 * minute)
    second = make_visit(make_pathway(ap=who("amal")), planned_at=AT)
    neighbour = make_visit(make_pathway(ap=who("bea")), planned_at=AT)
    conduct.start_visit(visit=neighbour, at=AT, started_at=AT + entered * minute)

    if code:
        with pytest.raises(conduct.ElsewhereError, match="vous étiez chez") as refusal:
            conduct.start_visit(visit=second, at=AT, started_at=AT + entered * minute)
        assert (refusal.value.code, refusal.value.field) == (code, "moment")
        assert refusal.value.visit_id == first.public_id
        assert Visit.objects.get(pk=second.pk).state == VisitState.PLANNED
    else:
        conduct.start_visit(visit=second, at=AT, started_at=AT + entered * minute)


def test_a_home_is_not_left_after_the_next_was_entered(now) -> None:
    minute = timedelta(minutes=1)
    next_one = make_visit(
        make_pathway(ap=who("amal")),
        state=VisitState.ENDED,
        planned_at=AT,
        started_at=AT - 40 * minute,
        ended_at=AT - 10 * minute,
    )
    forgotten = make_visit(
        make_pathway(ap=who("amal")), state=VisitState.STARTED, planned_at=AT, started_at=AT - 90 * minute
    )

    with pytest.raises(conduct.ElsewhereError) as refusal:
        conduct.end_visit(visit=forgotten, at=AT)

    assert refusal.value.visit_id == next_one.public_id
    assert Visit.objects.get(pk=forgotten.pk).ended_at is None
    conduct.end_visit(visit=forgotten, at=AT, ended_at=AT - 40 * minute)


def test_the_refusal_leads_to_the_departure_of_the_other_visit(vallees, client, cast) -> None:
    at = clock.now()
    other = make_visit(make_pathway(ap=who("amal")), state=VisitState.STARTED, started_at=at - timedelta(hours=1))
    visit = make_visit(make_pathway(ap=who("amal")), planned_at=at)
    client.force_login(cast["amal"].user)

    for sent in ({}, {"moment": timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")}):
        answer = client.post(f"/t/vallees/visits/{visit.public_id}/enter/", sent)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["moment"]
        assert "n’est pas finie" in text
        assert f'href="/t/vallees/visits/{other.public_id}/leave/"' in text


@pytest.mark.parametrize("state", [VisitState.CANCELLED, VisitState.NOT_DONE, VisitState.ENDED])
def test_visit_that_is_over_is_not_entered(now, state: str) -> None:
    visit = make_visit(state=state, planned_at=AT)

    with pytest.raises(BusinessError):
        conduct.start_visit(visit=visit, at=AT)


# ---- Je sors ---------------------------------------------------------------------------------------------
def started(at: datetime = AT, minutes: int = 75) -> Visit:
    return make_visit(state=VisitState.STARTED, planned_at=at, started_at=at - timedelta(minutes=minutes))


def test_leaving_starts_the_24_hours(now) -> None:
    visit = conduct.end_visit(visit=started(), at=AT)

    assert (visit.state, visit.ended_at) == ("ended", AT)
    assert visit.report_due_at == datetime(2026, 11, 4, 13, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "due"),
    [
        # The night of 25 October 2026 has 25 hours, that of 28 March 2027 has 23: the delay is elapsed time.
        (datetime(2026, 10, 24, 15, 0, tzinfo=UTC), "2026-10-25 16:00"),
        (datetime(2027, 3, 27, 16, 0, tzinfo=UTC), "2027-03-28 18:00"),
    ],
)
def test_24_hours_are_elapsed_time_when_the_clocks_change(vallees, left: datetime, due: str) -> None:
    with time_machine.travel(left, tick=False):
        visit = conduct.end_visit(visit=started(left), at=left)

    assert timezone.localtime(visit.report_due_at).strftime("%Y-%m-%d %H:%M") == due


@pytest.mark.parametrize(
    ("ended_at", "code"),
    [
        (AT + timedelta(seconds=1), "future"),
        (AT - timedelta(minutes=75), "end_before_start"),
        (AT - timedelta(minutes=90), "end_before_start"),
    ],
)
def test_impossible_departure_is_refused_and_stores_nothing(now, ended_at: datetime, code: str) -> None:
    visit = started()

    with pytest.raises(BusinessError) as refusal:
        conduct.end_visit(visit=visit, at=AT, ended_at=ended_at)

    visit.refresh_from_db()
    assert refusal.value.code == code
    assert (visit.state, visit.ended_at, visit.report_due_at) == ("started", None, None)


def test_visit_of_six_hours_is_the_longest(now) -> None:
    assert conduct.end_visit(visit=started(minutes=360), at=AT).ended_at == AT
    with pytest.raises(BusinessError) as refusal:
        conduct.end_visit(visit=started(minutes=361), at=AT)
    assert refusal.value.code == "too_long"


def test_departure_forgotten_for_a_day_is_dated_back(now) -> None:
    visit = make_visit(state=VisitState.STARTED, planned_at=AT - timedelta(days=1), started_at=AT - timedelta(days=1))

    ended = conduct.end_visit(visit=visit, at=AT, ended_at=AT - timedelta(hours=23))

    assert ended.report_due_at == AT + timedelta(hours=1)


def test_second_departure_does_not_move_the_deadline(now) -> None:
    visit = conduct.end_visit(visit=started(), at=AT)

    again = conduct.end_visit(visit=visit, at=AT + timedelta(hours=1))

    assert again.report_due_at == AT + timedelta(hours=24)


def test_visit_not_entered_is_not_left(now) -> None:
    with pytest.raises(BusinessError) as refusal:
        conduct.end_visit(visit=make_visit(planned_at=AT), at=AT)

    assert refusal.value.code == "not_started"


# ---- The danger sign that keeps the AP at the family's ---------------------------------------------------
def vital(visit: Visit, code: str = "MIND_VITAL:MOTHER_DEATH_TALK", **fields) -> Alert:
    return make_alert(visit.pathway, "mother_sign", subject_id=visit.public_id, code=code, **fields)


def test_unanswered_vital_sign_forbids_leaving(now) -> None:
    visit = started()
    vital(visit)

    with pytest.raises(BusinessError) as refusal:
        conduct.end_visit(visit=visit, at=AT)

    assert refusal.value.code == "alert_unanswered"


def test_acknowledged_sign_lets_her_leave(now) -> None:
    visit = started()
    vital(visit, acknowledged_at=AT, acknowledged_by=who("farid"))

    assert conduct.end_visit(visit=visit, at=AT).state == "ended"


def test_call_noted_in_the_report_lets_her_leave(now) -> None:
    visit = started()
    vital(visit)
    report = make_report(visit, signed=False)
    rows = [{"alert.family": "MIND_VITAL", "alert.called_15": True}]
    SealedAnswers.objects.create(report=report, family_id=visit.family_id, answers={"alert": rows})

    assert conduct.end_visit(visit=visit, at=AT).state == "ended"


@pytest.mark.parametrize("code", ["PROTECTED:PROTECTED_SIGNAL", "DANGER_NOW:HOME_VIOLENCE_NOW"])
def test_in_danger_the_ap_leaves_first(now, code: str) -> None:
    visit = started()
    vital(visit, code)

    assert conduct.end_visit(visit=visit, at=AT).state == "ended"


def test_sign_of_another_visit_does_not_keep_her(now) -> None:
    visit = started()
    make_alert(visit.pathway, "mother_sign", code="MIND_VITAL:MOTHER_DEATH_TALK")

    assert conduct.end_visit(visit=visit, at=AT).state == "ended"


# ---- Visite non faite ------------------------------------------------------------------------------------
def test_missed_visit_keeps_its_reason(now) -> None:
    visit = conduct.mark_not_done(visit=make_visit(planned_at=AT), reason="ABSENT", at=AT)

    assert (visit.state, visit.not_done_reason) == ("not_done", "ABSENT")


def test_visit_of_tomorrow_is_not_missed_yet(now) -> None:
    with pytest.raises(BusinessError) as refusal:
        conduct.mark_not_done(visit=make_visit(planned_at=AT + timedelta(days=1)), reason="ABSENT", at=AT)

    assert refusal.value.code == "not_yet"


def test_missed_visit_needs_a_known_reason(now) -> None:
    with pytest.raises(BusinessError) as refusal:
        conduct.mark_not_done(visit=make_visit(planned_at=AT), reason="", at=AT)

    assert refusal.value.field == "reason"


# ---- Pages -----------------------------------------------------------------------------------------------
PEOPLE = [("amal", 200), ("bea", 403), ("elise", 403), ("farid", 403), ("gaelle", 403), ("chloe", 404), ("dora", 404)]


@pytest.mark.parametrize(("name", "status"), PEOPLE)
@pytest.mark.parametrize("page", ["enter", "leave", "not-done"])
def test_pages_of_a_visit_answer_each_person(vallees, client, cast, page: str, name: str, status: int) -> None:
    visit = make_visit(make_pathway(ap=who("amal")))
    client.force_login(cast[name].user)

    assert client.get(f"/t/vallees/visits/{visit.public_id}/{page}/").status_code == status


def test_whole_visit_by_the_buttons(vallees, client, cast) -> None:
    visit = make_visit(make_pathway(ap=who("amal")), planned_at=clock.now())
    client.force_login(cast["amal"].user)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        entered = client.post(f"/t/vallees/visits/{visit.public_id}/enter/")
        traveller.shift(timedelta(minutes=75))
        left = client.post(f"/t/vallees/visits/{visit.public_id}/leave/")

    visit.refresh_from_db()
    assert (entered.status_code, left.status_code) == (302, 302)
    assert left.url == f"/t/vallees/visits/{visit.public_id}/report/"
    assert visit.ended_at - visit.started_at == timedelta(minutes=75)


def test_refused_hour_keeps_what_was_typed(vallees, client, cast) -> None:
    visit = make_visit(make_pathway(ap=who("amal")), state=VisitState.STARTED)
    client.force_login(cast["amal"].user)

    response = client.post(f"/t/vallees/visits/{visit.public_id}/leave/", {"moment": "2020-01-01T10:00"})

    assert response.status_code == 422
    assert "La sortie vient après l’arrivée." in response.content.decode()
    assert "2020-01-01T10:00" in response.content.decode()


@pytest.mark.parametrize("when", ["0001-01-01T00:30", "9999-12-31T23:30"])
def test_hour_of_an_impossible_year_is_refused(vallees, client, cast, when) -> None:
    entered = make_visit(make_pathway(ap=who("amal")), planned_at=clock.now())
    left = make_visit(make_pathway(ap=who("amal")), state=VisitState.STARTED)
    client.force_login(cast["amal"].user)

    enter = client.post(f"/t/vallees/visits/{entered.public_id}/enter/", {"moment": when})
    leave = client.post(f"/t/vallees/visits/{left.public_id}/leave/", {"moment": when})

    assert (enter.status_code, leave.status_code) == (422, 422)
    assert "Vérifiez l’année" in leave.content.decode()


def test_another_departure_than_the_noted_one_is_refused(vallees, client, cast) -> None:
    visit = make_visit(make_pathway(ap=who("amal")), state=VisitState.ENDED, ended_at=clock.now() - timedelta(hours=1))
    client.force_login(cast["amal"].user)

    response = client.post(f"/t/vallees/visits/{visit.public_id}/leave/", {"moment": "2020-01-01T10:00"})

    assert response.status_code == 422
    assert "Votre sortie est déjà notée à" in response.content.decode()
    assert Visit.objects.get(pk=visit.pk).ended_at == visit.ended_at


def test_after_the_signature_the_departure_points_to_the_addendum(vallees, client, cast) -> None:
    visit = reports.ended_visit()
    signed = reports.sign(visit)
    client.force_login(cast["amal"].user)

    for sent in ({"moment": "2020-01-01T10:00"}, {}):
        response = client.post(f"/t/vallees/visits/{visit.public_id}/leave/", sent)

        text = response.content.decode()
        assert response.status_code == 422
        assert "l’heure de sortie ne change plus" in text
        assert f"/t/vallees/reports/{signed.public_id}/addendum/" in text
        assert "Sortie notée" not in text


@pytest.mark.parametrize("page", ["enter", "leave", "not-done"])
def test_visit_that_is_over_shows_no_form_of_the_door(vallees, client, cast, page: str) -> None:
    visit = reports.ended_visit()
    reports.sign(visit)
    client.force_login(cast["amal"].user)

    text = client.get(f"/t/vallees/visits/{visit.public_id}/{page}/").content.decode()

    assert 'method="post"' not in text.partition("<main")[2]
    assert "Cette visite est finie" in text


def test_refusal_of_an_hour_stands_beside_its_field(vallees, client, cast) -> None:
    visit = make_visit(make_pathway(ap=who("amal")), planned_at=clock.now())
    client.force_login(cast["amal"].user)

    response = client.post(f"/t/vallees/visits/{visit.public_id}/enter/", {"moment": "2090-01-01T10:00"})

    assert list(response.context["form"].errors) == ["moment"]


def test_unreadable_hour_is_refused(vallees, client, cast) -> None:
    visit = make_visit(make_pathway(ap=who("amal")), planned_at=clock.now())
    client.force_login(cast["amal"].user)

    response = client.post(f"/t/vallees/visits/{visit.public_id}/enter/", {"moment": "hier"})

    assert response.status_code == 422
    assert Visit.objects.get(pk=visit.pk).state == "planned"


def test_report_under_way_leads_to_the_hour_of_departure(vallees, client, cast) -> None:
    visit = make_visit(make_pathway(ap=who("amal")), state=VisitState.STARTED)
    client.force_login(cast["amal"].user)

    text = client.get(f"/t/vallees/visits/{visit.public_id}/report/").content.decode()

    assert f'href="/t/vallees/visits/{visit.public_id}/leave/"' in text


def test_bea_cannot_enter_for_amal(vallees, client, cast) -> None:
    visit = make_visit(make_pathway(ap=who("amal")), planned_at=clock.now())
    client.force_login(cast["bea"].user)

    response = client.post(f"/t/vallees/visits/{visit.public_id}/enter/")

    assert response.status_code == 403
    assert Visit.objects.get(pk=visit.pk).state == "planned"

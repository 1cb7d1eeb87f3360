"""Once a sign is raised: who answers, what her pages and the procedure say of it, and when she may leave the home."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions.alerts import Taking, close_alert, note_call, take_alert
from pathways.enums import AlertKind, Called
from pathways.models import Alert, AlertNote, Child, Pathway
from pathways.reads.facts import family_facts
from territories.models import AccessLog
from tests.cast import VALLEES
from tests.factories import make_alert, make_death, make_pathway, make_shift, make_visit, who
from tests.visits import reports
from tests.visits.red_button import child_of, page, press
from visits.actions import conduct
from visits.enums import VisitState
from visits.models import Visit
from visits.questionnaire.alerts import call_frees
from visits.reads import leaving
from visits.reads.red_button import procedure_page


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return make_pathway(ap=who("amal"), days_ago=6)


def take_it(alert: Alert) -> None:
    due_at = clock.now() + timedelta(minutes=30)
    taking = Taking(instruction="Restez près d’elle.", decision="call_mother", due_at=due_at)
    take_alert(alert=alert, by=who("farid"), taking=taking, at=clock.now())


def test_once_taken_her_report_and_the_emergency_page_say_who_and_what_to_do(as_: Any, vallees: scope.Scope) -> None:
    make_shift(who("farid"), starts_in=-timedelta(hours=3))
    visit = reports.ended_visit("V2", days=12)
    reports.save(visit, {"who.present": ["MOTHER"], "epds.status": "DONE", "epds.i10": 1})
    client = as_("amal")
    urls = [page("report_edit", visit.public_id), page("report_answered", visit.public_id), page("emergency")]
    before = [client.get(url).content.decode() for url in urls]
    take_it(Alert.objects.get())

    for url, was in zip(urls, before, strict=True):
        shown = client.get(url).content.decode()
        assert "Farid Martin, équipe médicale de référence, a pris le relais" in shown
        assert "Consigne\u00a0: Restez près d’elle." in shown
        assert "Farid Martin, équipe" not in was


def test_what_the_team_answers_about_the_home_she_is_in_stands_above_her_tour(as_: Any, vallees: scope.Scope) -> None:
    """On a tablet nothing below six visits is read in time."""
    make_shift(who("farid"), starts_in=-timedelta(hours=3))
    here, elsewhere = make_pathway(ap=who("amal"), days_ago=9), make_pathway(ap=who("amal"), days_ago=9)
    make_visit(here, "V2", VisitState.STARTED)
    make_visit(elsewhere, "V2", planned_at=clock.now() + timedelta(hours=1))
    for pathway in (here, elsewhere):
        take_it(make_alert(pathway, kind=AlertKind.MOTHER_SIGN, raised_by=who("amal")))

    html = as_("amal").get(page("day")).content.decode()

    first, tour, rest = (html.index(mark) for mark in ('id="h-answeredhere"', 'class="tour"', 'id="h-answered"'))
    assert first < tour < rest
    named = f"Famille {family_facts(here.family_id, clock.now()).name}"
    assert named in html[first:tour]
    assert named not in html[rest:]


def test_while_she_is_with_a_family_the_others_wait_below(as_: Any, vallees: scope.Scope) -> None:
    here, elsewhere = make_pathway(ap=who("amal"), days_ago=9), make_pathway(ap=who("amal"), days_ago=9)
    make_visit(here, "V2", planned_at=clock.now())
    for pathway in (here, elsewhere):
        make_alert(pathway, kind=AlertKind.MOTHER_SIGN, raised_by=who("amal"))
    before = as_("amal").get(page("day")).content.decode()
    Visit.objects.update(state=VisitState.STARTED, started_at=clock.now())

    html = as_("amal").get(page("day")).content.decode()

    first, tour, rest = (html.index(mark) for mark in ('id="signs-here"', 'class="tour"', 'id="signs"'))
    assert first < tour < rest
    named = f"Famille {family_facts(here.family_id, clock.now()).name}"
    assert named in html[first:tour]
    assert named not in html[rest:]
    # At nobody's home, what waits for an answer comes before the tour.
    assert before.index('id="signs"') < before.index('class="tour"')


def test_a_report_left_open_keeps_no_session_awake_and_asks_nobody_to_sign_in_in_its_middle(
    as_: Any, vallees: scope.Scope, settings: Any
) -> None:
    visit = reports.ended_visit("V2", days=12)
    asked, polled = page("report_answered", visit.public_id), {"HX-Request": "true"}
    client, start = as_("amal"), clock.now()
    client.get(page("report_edit", visit.public_id))
    read = AccessLog.objects.count()
    with time_machine.travel(start, tick=False) as now:
        for minutes in (5, settings.SESSION_IDLE_MINUTES - 1):
            now.move_to(start + timedelta(minutes=minutes))
            assert client.get(asked, headers=polled).status_code == 200
        assert AccessLog.objects.count() == read
        now.move_to(start + timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1))

        over = client.get(asked, headers=polled)

    assert (over.status_code, over.content) == (204, b"")


def mark_in(html: str) -> str:
    """What the strip says of itself, and its page sends back."""
    found = re.search(r'name="vu" value="(\w+)"', html)
    assert found is not None
    return found[1]


def test_the_strip_answers_only_when_it_says_something_else(as_: Any, vallees: scope.Scope) -> None:
    visit = reports.ended_visit("V2", days=12)
    reports.save(visit, {"who.present": ["MOTHER"], "epds.status": "DONE", "epds.i10": 1})
    client, asked = as_("amal"), page("report_answered", visit.public_id)
    empty = mark_in(client.get(page("report_edit", visit.public_id)).content.decode())

    before = client.get(asked, {"vu": empty})
    take_it(Alert.objects.get())
    taken = client.get(asked, {"vu": empty})
    again = client.get(asked, {"vu": mark_in(taken.content.decode())})
    opened = client.get(page("report_edit", visit.public_id)).content.decode()

    assert (before.status_code, before.content) == (204, b"")
    assert "a pris le relais" in taken.content.decode()
    assert (again.status_code, again.content) == (204, b"")
    # The page opened anew shows the same strip: it is not read aloud half a minute later.
    assert mark_in(opened) == mark_in(taken.content.decode())


def test_another_family_s_answer_is_not_on_the_report(as_: Any, pathway: Pathway) -> None:
    visit = reports.ended_visit("V2", days=12)
    take_it(make_alert(pathway))

    shown = as_("amal").get(page("report_edit", visit.public_id)).content.decode()

    assert "Restez près d’elle." not in shown


# ---- The call, and the way out ------------------------------------------------------------------------------
def call(called: str = Called.TEAM, **changes: Any) -> dict[str, Any]:
    return {"called": called, "happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"), "words": "Restez."} | changes


def test_a_call_noted_on_the_procedure_stands_in_the_register_of_each_sign(as_: Any, pathway: Pathway) -> None:
    press(pathway, "mother", "MOTHER_FEVER", "MOTHER_LEG")
    alert = Alert.objects.order_by("pk")[0]
    url = page("procedure", alert.public_id)

    empty = as_("amal").post(url, {})
    assert empty.status_code == 422
    sent = as_("amal").post(url, call(happened_at="2026-01-02T10:00"))

    assert sent.status_code == 302
    assert AlertNote.objects.filter(called=Called.TEAM, noted_by=who("amal")).count() == 2
    assert "Restez." in as_("farid").get(reverse("pathways:alert", args=[VALLEES, alert.public_id])).content.decode()


@pytest.mark.parametrize(
    ("family", "answered", "unanswered"),
    [
        ("CHILD_VITAL", {Called.TEAM, Called.SAMU}, {Called.SAMU}),
        ("MOTHER_VITAL", {Called.TEAM, Called.SAMU}, {Called.SAMU}),
        ("MIND_VITAL", {Called.TEAM, Called.SAMU}, {Called.SAMU}),
        ("CHILD_URGENT", {*Called}, {Called.SAMU}),
        ("MOTHER_URGENT", {*Called}, {Called.SAMU}),
        ("MIND_SOON", {*Called}, {Called.SAMU}),
        ("DANGER_NOW", {*Called}, {*Called}),
        ("PROTECTED", {*Called}, {*Called}),
        ("HOME_TONIGHT", {*Called}, {*Called}),
    ],
)
def test_whose_answer_frees_her_depends_on_the_family(family: str, answered: set[str], unanswered: set[str]) -> None:
    assert {one for one in Called if call_frees(family, one, is_answered=True)} == answered
    assert {one for one in Called if call_frees(family, one, is_answered=False)} == unanswered


def at_the_door(pathway: Pathway, code: str, kind: str = AlertKind.PROTECTED) -> tuple[Visit, Alert]:
    """A visit under way with one sign."""
    visit = make_visit(pathway, state=VisitState.STARTED, started_at=clock.now() - timedelta(hours=1))
    return visit, make_alert(pathway, kind, code=code, subject_id=visit.public_id)


@pytest.mark.parametrize("called", Called)
@pytest.mark.parametrize("is_answered", [True, False])
def test_a_noted_call_lets_her_leave(pathway: Pathway, called: Called, is_answered: bool) -> None:
    at = clock.now()
    visit, alert = at_the_door(pathway, "MIND_VITAL:MOTHER_DEATH_TALK")
    with pytest.raises(BusinessError, match="J’ai appelé"):
        conduct.end_visit(visit=visit, at=at)

    note_call(alert=alert, by=who("amal"), happened_at=at, words="", at=at, called=called, is_answered=is_answered)

    if called == Called.SAMU or (called == Called.TEAM and is_answered):
        assert conduct.end_visit(visit=visit, at=at).state == VisitState.ENDED
    else:
        with pytest.raises(BusinessError):
            conduct.end_visit(visit=visit, at=at)


@pytest.mark.parametrize(
    ("code", "frees"),
    [
        ("MIND_VITAL:MOTHER_DEATH_TALK", True),
        ("CHILD_URGENT:CHILD_FEVER", True),
        ("CHILD_VITAL:CHILD_FLOPPY", False),
        ("MOTHER_VITAL:MOTHER_FIT", False),
    ],
)
def test_an_alert_taken_lets_her_leave_unless_a_call_is_wanted(pathway: Pathway, code: str, frees: bool) -> None:
    at = clock.now()
    visit, alert = at_the_door(pathway, code, AlertKind.CHILD_SIGN)
    taking = Taking(instruction="J’arrive.", decision="call_mother", due_at=at + timedelta(hours=1))
    take_alert(alert=alert, by=who("farid"), taking=taking, at=at)

    assert (leaving.blocking_families(visit) == []) is frees

    note_call(alert=alert, by=who("amal"), called=Called.SAMU, happened_at=at, is_answered=True, words="", at=at)
    assert leaving.blocking_families(visit) == []


def test_a_new_sign_after_the_call_holds_her_again(pathway: Pathway) -> None:
    at = clock.now()
    visit = make_visit(pathway, state=VisitState.STARTED, started_at=at - timedelta(hours=1))
    first = make_alert(pathway, code="CHILD_VITAL:CHILD_FLOPPY", subject_id=visit.public_id)
    note_call(alert=first, by=who("amal"), called=Called.SAMU, happened_at=at, is_answered=True, words="", at=at)
    make_alert(pathway, code="CHILD_VITAL:CHILD_JERKS", subject_id=visit.public_id)

    assert leaving.blocking_families(visit) == ["CHILD_VITAL"]


def test_an_alert_of_before_the_visit_does_not_hold_her(pathway: Pathway) -> None:
    at = clock.now()
    make_alert(pathway, code="MOTHER_VITAL:MOTHER_FIT", raised_at=at - timedelta(hours=5))
    visit = make_visit(pathway, state=VisitState.STARTED, started_at=at - timedelta(hours=1))

    assert leaving.blocking_families(visit) == []


def test_after_a_death_nothing_holds_her_in_the_home(pathway: Pathway) -> None:
    visit, _ = at_the_door(pathway, "MOTHER_VITAL:MOTHER_FIT", AlertKind.MOTHER_SIGN)
    before = leaving.missing_to_leave(visit)

    make_death(pathway.birth, Child.objects.get(birth=pathway.birth))

    assert Alert.objects.get(code="MOTHER_VITAL:MOTHER_FIT").closed_at is None
    assert before
    assert leaving.missing_to_leave(visit) == ""
    assert leaving.blocking_families(visit) == []


# ---- Who answers ------------------------------------------------------------------------------------------
def test_her_day_and_the_file_say_who_answers_and_when_it_is_over(as_: Any, pathway: Pathway) -> None:
    press(pathway, "mother", "MOTHER_FEVER")
    alert, at = Alert.objects.get(), clock.now()
    pages = [page("day"), page("family", pathway.family.public_id)]
    take_alert(alert=alert, by=who("farid"), taking=Taking(instruction="Restez, je rappelle."), at=at)

    for url in pages:
        shown = as_("amal").get(url).content.decode()
        assert "Farid Martin, équipe médicale de référence, a pris le relais" in shown
        assert "Consigne\u00a0: Restez, je rappelle." in shown
        assert "À clore" in shown

    close_alert(alert=alert, by=who("farid"), outcome="Vue à la maternité.", is_false_alarm=False, at=at)
    for url in pages:
        assert "L’alerte est close" in as_("amal").get(url).content.decode()


def test_taken_and_not_closed_for_a_day_comes_back_on_top(as_: Any, pathway: Pathway) -> None:
    taken_at = clock.now() - timedelta(hours=23, minutes=59)
    taken = make_alert(pathway, raised_at=taken_at, acknowledged_at=taken_at, acknowledged_by=who("farid"))
    url = reverse("pathways:alerts", args=[VALLEES])
    assert not as_("farid").get(url).context["page"].object_list

    Alert.objects.filter(pk=taken.pk).update(acknowledged_at=clock.now() - timedelta(hours=24, seconds=1))

    assert [row.public_id for row in as_("farid").get(url).context["page"].object_list] == [taken.public_id]


def answer(alert: Alert) -> None:
    """Farid takes it and says what she does."""
    at, farid = clock.now(), who("farid")
    said = {"instructed_at": at, "instructed_by": farid, "instruction": "Restez."}
    Alert.objects.filter(pk=alert.pk).update(acknowledged_at=at, acknowledged_by=farid, **said)


def test_a_name_alone_leaves_the_procedure_where_it_is(as_: Any, pathway: Pathway) -> None:
    press(pathway, "mother", "MOTHER_FEVER")
    alert = Alert.objects.get()
    take_alert(alert=alert, by=who("farid"), at=clock.now())

    shown = as_("amal").get(page("procedure", alert.public_id)).content.decode()

    assert "L’équipe s’en occupe\u00a0: sa consigne arrive" in shown
    assert "Sa consigne n’est pas encore écrite" in shown
    assert "Farid Martin, équipe médicale de référence, a pris le relais" in shown
    assert "Faire redire" in shown or "faites-la redire" in shown


def test_the_procedure_keeps_apart_what_the_team_has_answered(as_: Any, pathway: Pathway) -> None:
    press(pathway, child_of(pathway), "CHILD_BLUE_GREY", "CHILD_FLOPPY")
    first, second = Alert.objects.order_by("pk")
    answer(first)

    shown = as_("amal").get(page("procedure", second.public_id)).content.decode()

    unanswered = shown[shown.index("L’équipe n’a pas encore répondu") : shown.index("L’équipe a déjà répondu pour")]
    assert "Farid Martin" not in unanswered
    assert "Farid Martin, équipe médicale de référence, a pris le relais" in shown


def test_the_procedure_is_that_of_its_own_sign_and_what_is_taken_is_only_recalled(as_: Any, pathway: Pathway) -> None:
    press(pathway, child_of(pathway), "CHILD_BLUE_GREY", "CHILD_FEW_NAPPIES")
    first, second = Alert.objects.order_by("pk")
    at = clock.now()

    both = procedure_page(second, who("amal"), at=at, zone="Europe/Paris")
    answer(first)
    own = procedure_page(second, who("amal"), at=at, zone="Europe/Paris")
    taken = procedure_page(first, who("amal"), at=at, zone="Europe/Paris")
    answer(second)
    ended = procedure_page(second, who("amal"), at=at, zone="Europe/Paris")

    assert both.families == (second.family_code, first.family_code)
    assert own.families == (second.family_code,)
    assert own.opening != both.opening
    assert [row.public_id for row in own.answered_rows] == [first.public_id]
    # What nobody has answered comes before the page's own sign, which somebody has.
    assert taken.families == (second.family_code,)
    assert ended.families == (second.family_code,)

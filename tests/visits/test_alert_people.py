"""Whose sign an alert is, and what a death ends: what asks to call the mother, nothing of the others."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import alerts, epds, ladder
from pathways.actions.deaths import undo_death
from pathways.enums import AlertKind, AlertPerson, LadderStep, Presence, ScreenedPerson
from pathways.models import Alert, AlertNotice, Child, Pathway
from pathways.rules.alert_people import decision_words, person_of_sign
from pathways.rules.screening import Thresholds
from territories.models import User
from tests.cast import VALLEES
from tests.factories import make_death, make_pathway, make_shift, who
from tests.pathways.screening import fill_epds

SIGNS = [
    ("MIND_VITAL:EPDS_ITEM10", AlertKind.PROTECTED, "mother"),
    ("MIND_VITAL:MOTHER_DEATH_TALK", AlertKind.PROTECTED, "mother"),
    ("MOTHER_URGENT:MOTHER_FEVER", AlertKind.MOTHER_SIGN, "mother"),
    ("MIND_VITAL:HOME_COPARENT_MIND", AlertKind.PROTECTED, "coparent"),
    ("PROTECTED:HOME_VIOLENCE_TOLD", AlertKind.PROTECTED, "home"),
    ("PROTECTED:PROTECTED_SIGNAL", AlertKind.PROTECTED, "home"),
    ("HOME_TONIGHT:HOME_BASIC", AlertKind.PROTECTED, "home"),
    ("CHILD_URGENT:CHILD_FEVER:2", AlertKind.CHILD_SIGN, "child"),
    ("CHILD_VITAL:CHILD_INJURY", AlertKind.PROTECTED, "child"),
]


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    make_shift(who("farid"))
    return make_pathway(ap=who("amal"), days_ago=14)


def sign(pathway: Pathway, code: str, kind: str, **changes: Any) -> Alert:
    """Raised through the action, sealed where its kind is."""
    subject = uuid4()
    values = {"facts": "", "is_sealed": kind == AlertKind.PROTECTED, "raised_by": who("amal"), "at": clock.now()}
    alerts.raise_alert(
        pathway=pathway, kind=kind, subject_id=subject, code=code, answer_due_at=None, **(values | changes)
    )
    return Alert.objects.get(subject_id=subject)


def waiting() -> set[str]:
    return set(Alert.objects.open().exclude(kind=AlertKind.DEATH).order_by("pk").values_list("code", flat=True))


@pytest.mark.parametrize(("code", "kind", "about"), SIGNS)
def test_every_sign_names_its_person(pathway: Pathway, code: str, kind: str, about: str) -> None:
    assert person_of_sign(code) == about
    assert sign(pathway, code, kind).about == about


def test_a_reminder_is_about_nobody(pathway: Pathway) -> None:
    assert sign(pathway, "", AlertKind.REPORT_OVERDUE).about == ""


def test_death_of_the_mother_ends_what_asks_to_call_her_and_nothing_else(pathway: Pathway) -> None:
    for code, kind, _ in SIGNS:
        sign(pathway, code, kind)

    death = make_death(pathway.birth)
    left = waiting()
    undo_death(death=death, reason="Erreur de dossier.", by=who("farid"), at=clock.now())

    assert left == {code for code, _, about in SIGNS if about != "mother"}
    assert waiting() == {code for code, _, _ in SIGNS}


def test_death_of_the_mother_ends_what_was_taken_too_and_tells_who_took_it(as_: Any, pathway: Pathway) -> None:
    rows = {code: sign(pathway, code, kind) for code, kind, _ in SIGNS}
    for alert in rows.values():
        alerts.take_alert(alert=alert, by=who("farid"), at=clock.now())
    tenth = rows["MIND_VITAL:EPDS_ITEM10"]
    decided = alerts.Taking(instruction="Restez.", decision="call_mother", due_at=clock.now() + timedelta(hours=1))
    tenth.refresh_from_db()
    alerts.instruct_alert(alert=tenth, by=who("farid"), taking=decided, at=clock.now())

    death = make_death(pathway.birth, by=who("elise"))

    hers = {code for code, _, about in SIGNS if about == "mother"}
    ended = Alert.objects.exclude(ended_at=None).order_by("pk")
    assert set(ended.values_list("code", flat=True)) == hers
    assert set(Alert.objects.to_close().order_by("pk").values_list("code", flat=True)) == set(rows) - hers
    assert all(one.acknowledged_by == who("farid") for one in ended)
    told = AlertNotice.objects.filter(step__step=LadderStep.ENDED).order_by("pk")
    assert [(one.member, one.channel, one.message) for one in told] == [(who("farid"), "app", None)] * len(hers)
    tenth.refresh_from_db()
    page = as_("farid").get(reverse("pathways:alert", args=[VALLEES, tenth.public_id])).content.decode()
    assert "Alerte finie" in page
    assert "Restez." in page
    assert "Dire ce qui a été fait" not in page
    assert "Alerte finie, vous l’aviez prise" in as_("farid").get("/t/vallees/todo/").content.decode()
    assert "Alerte finie, vous l’aviez prise" not in as_("elise").get("/t/vallees/todo/").content.decode()
    with pytest.raises(BusinessError) as refusal:
        alerts.close_alert(alert=tenth, by=who("farid"), outcome="Vue.", is_false_alarm=False, at=clock.now())
    assert refusal.value.code == "alert_ended"

    undo_death(death=death, reason="Erreur de dossier.", by=who("farid"), at=clock.now())
    assert set(Alert.objects.to_close().order_by("pk").values_list("code", flat=True)) == set(rows)
    make_death(pathway.birth, by=who("elise"))
    assert AlertNotice.objects.filter(step__step=LadderStep.ENDED).count() == len(hers)


def test_the_ladder_says_nothing_more_of_what_a_death_ended(pathway: Pathway) -> None:
    alert = sign(pathway, "MOTHER_URGENT:MOTHER_FEVER", AlertKind.MOTHER_SIGN)
    alerts.take_alert(alert=alert, by=who("farid"), at=clock.now())
    make_death(pathway.birth)
    late = clock.now() + timedelta(days=2)

    assert not Alert.objects.climbing(late).filter(pk=alert.pk).exists()
    assert ladder.climb(pk=alert.pk, at=late) is False


def test_what_was_closed_before_the_death_stays_closed(pathway: Pathway) -> None:
    alert = sign(pathway, "MOTHER_URGENT:MOTHER_FEVER", AlertKind.MOTHER_SIGN)
    taking = alerts.Taking(instruction="J’arrive.")
    alerts.take_alert(alert=alert, by=who("farid"), taking=taking, at=clock.now())
    alerts.close_alert(alert=alert, by=who("farid"), outcome="Vue.", is_false_alarm=False, at=clock.now())

    make_death(pathway.birth)

    alert.refresh_from_db()
    assert (alert.ended_at, alert.outcome) == (None, "Vue.")


def test_death_of_a_child_ends_nothing_about_the_parents(pathway: Pathway) -> None:
    for code, kind, _ in SIGNS:
        sign(pathway, code, kind)
    child = Child.objects.filter(birth=pathway.birth).order_by("rank").first()

    make_death(pathway.birth, child)

    assert {code for code, _, about in SIGNS if about != "child"} <= waiting()


def test_the_co_parents_tenth_answer_is_his_and_outlives_the_mother(as_: Any, pathway: Pathway) -> None:
    epds.validate_thresholds(
        thresholds=Thresholds(version="avec lui"), is_offered_to_coparent=True, by=who("nora"), at=clock.now()
    )
    fill_epds(pathway, *([0] * 9), 1, person=ScreenedPerson.COPARENT, presence=Presence.ALONE)
    alert = Alert.objects.get(about=AlertPerson.COPARENT)

    page = as_("farid").get(reverse("pathways:take_alert", args=[VALLEES, alert.public_id])).content.decode()
    assert "concerne\u00a0: l’autre parent" in page
    assert "Je rappelle l’autre parent" in page
    assert "Je rappelle la mère" not in page
    assert "l’autre parent" not in as_("amal").get(reverse("pathways:alerts", args=[VALLEES])).content.decode()
    make_death(pathway.birth)
    alert.refresh_from_db()
    assert alert.ended_at is None


@pytest.mark.parametrize(
    ("decision", "about", "words"),
    [
        ("call_mother", "mother", "Je rappelle la mère"),
        ("call_mother", "coparent", "Je rappelle l’autre parent"),
        ("refuses", "coparent", "L’autre parent refuse tout suivi"),
        ("samu_sent", "coparent", "15 envoyé"),
        ("", "coparent", ""),
    ],
)
def test_a_decision_names_the_right_person(decision: str, about: str, words: str) -> None:
    assert decision_words(decision, about) == words


def test_team_is_told_that_whoever_saw_it_has_no_number(pathway: Pathway, as_: Any) -> None:
    alert = sign(pathway, "CHILD_URGENT:CHILD_FEVER:2", AlertKind.CHILD_SIGN)
    said = f"Aucun numéro noté pour {who('amal').user.get_full_name()}"
    pages = [reverse("pathways:alert", args=[VALLEES, alert.public_id]), reverse("pathways:alerts", args=[VALLEES])]
    User.objects.filter(pk=who("amal").user_id).update(phone="+33199000000")
    before = [said in as_("farid").get(page).content.decode() for page in pages]

    User.objects.filter(pk=who("amal").user_id).update(phone="")

    assert before == [False, False]
    assert [said in as_("farid").get(page).content.decode() for page in pages] == [True, True]

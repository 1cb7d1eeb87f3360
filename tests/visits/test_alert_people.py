"""Whose sign an alert is, and what a death ends: what asks to call the mother, nothing of the others."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from copa.kernel import clock, scope
from pathways.actions import alerts, epds
from pathways.actions.deaths import undo_death
from pathways.enums import AlertKind, AlertPerson, Presence, ScreenedPerson
from pathways.models import Alert, Child, Pathway
from pathways.rules.alert_people import decision_words, person_of_sign
from pathways.rules.screening import Thresholds
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

"""The red button: whose it is, what stays sealed, in mourning, and whom to call."""

import html
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from copa.kernel import clock, scope
from pathways.enums import AlertKind, EmergencyUse, PathwayState
from pathways.models import Alert, Child, EmergencyNumber, Pathway
from territories.enums import DutyPlace
from territories.models import Commune, OutgoingMessage
from tests import queries
from tests.cast import VALLEES
from tests.factories import make_birth, make_death, make_family, make_pathway, make_shift, make_visit, who
from tests.visits.red_button import KEY, child_of, page, press
from visits.reads.red_button import people_around, red_families, signs_about


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return make_pathway(ap=who("amal"), days_ago=6)


# ---- Whose it is, and what is sealed ------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "status"), [("bea", 403), ("farid", 403), ("elise", 403), ("chloe", 404)])
def test_only_her_own_auxiliary_presses_it(as_: Any, pathway: Pathway, name: str, status: int) -> None:
    client, url = as_(name), page("red_button", pathway.public_id)

    assert client.get(url).status_code == status
    assert client.post(url, {"key": KEY, "who": "mother", "signs": ["MOTHER_FEVER"]}).status_code == status
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("person", "sign"),
    [
        ("mother", "MOTHER_DEATH_TALK"),
        ("home", "HOME_VIOLENCE_NOW"),
        ("home", "HOME_VIOLENCE_TOLD"),
        ("home", "HOME_COPARENT_MIND"),
        ("child", "CHILD_INJURY"),
    ],
)
def test_a_sealed_sign_stays_sealed_everywhere(as_: Any, pathway: Pathway, person: str, sign: str) -> None:
    press(pathway, child_of(pathway) if person == "child" else person, sign)
    alert = Alert.objects.get()
    label = {option: str(words) for option, words in _labels()}[sign]

    assert (alert.kind, alert.is_sealed, alert.facts) == (AlertKind.PROTECTED, True, "")
    family, register = (
        page("family", pathway.family.public_id),
        reverse("pathways:alert", args=[VALLEES, alert.public_id]),
    )
    for name in ("amal", "olga"):
        for url in (register, family, reverse("pathways:alerts", args=[VALLEES])):
            shown = as_(name).get(url).content.decode()
            assert label not in shown
            assert "Alerte protégée" in shown
    for url in (page("day"), page("emergency")):
        assert label not in as_("amal").get(url).content.decode()
    assert all(label not in f"{one.subject} {one.body}" for one in OutgoingMessage.objects.order_by("pk"))
    for name in ("take_alert", "alert"):
        shown = as_("elise").get(reverse(f"pathways:{name}", args=[VALLEES, alert.public_id])).content.decode()
        assert label in unescape(shown)


def _labels() -> list[Any]:
    return [one for person in ("mother", "home", "child") for one in signs_about(person)]


def test_violence_is_never_spelled_out_on_the_procedure(as_: Any, pathway: Pathway) -> None:
    press(pathway, "home", "HOME_VIOLENCE_TOLD")

    shown = as_("amal").get(page("procedure", Alert.objects.get().public_id)).content.decode()

    assert "On me dit subir des violences" not in shown
    assert "une situation protégée, je vous la raconte" in shown
    for number in ("tel:3919", "tel:119"):
        assert number in shown


def test_the_procedure_is_read_by_who_raised_it(as_: Any, pathway: Pathway) -> None:
    press(pathway, "mother", "MOTHER_CONFUSED")
    url = page("procedure", Alert.objects.get().public_id)

    assert as_("amal").get(url).status_code == 200
    assert [as_(name).get(url).status_code for name in ("bea", "farid", "elise", "chloe")] == [403, 403, 403, 404]


# ---- In mourning ------------------------------------------------------------------------------------------
def test_after_a_death_the_signs_of_the_others_stay(as_: Any, pathway: Pathway) -> None:
    child = Child.objects.get(birth=pathway.birth)
    make_death(pathway.birth, child)
    client, url = as_("amal"), page("red_button", pathway.public_id)

    refused = client.post(url, {"key": KEY, "who": str(child.public_id), "signs": ["CHILD_FEVER"]})
    assert refused.status_code == 422
    assert "appelez l’équipe" in refused.content.decode()
    assert str(child.public_id) not in [one.code for one in people_around(pathway.birth)]
    assert not Alert.objects.filter(code__contains="CHILD_FEVER").exists()

    sent = client.post(url, {"key": KEY, "who": "mother", "signs": ["MOTHER_DEATH_TALK"]})
    assert sent.status_code == 302
    assert "L’enfant a" not in client.get(sent["Location"]).content.decode()


def test_of_twins_the_sign_names_the_right_one(vallees: scope.Scope) -> None:
    pathway = make_pathway(make_birth(children=2), ap=who("amal"))
    first, second = Child.objects.filter(birth=pathway.birth).order_by("rank")
    make_death(pathway.birth, first)

    press(pathway, str(second.public_id), "CHILD_FEVER")

    assert Alert.objects.filter(kind=AlertKind.CHILD_SIGN).get().code == "CHILD_URGENT:CHILD_FEVER:2"


def test_a_stopped_pathway_does_not_silence_a_danger(vallees: scope.Scope) -> None:
    press(make_pathway(ap=who("amal"), state=PathwayState.SUSPENDED), "mother", "MOTHER_FEVER")

    assert Alert.objects.exists()


# ---- Whom to call -----------------------------------------------------------------------------------------
def test_numbers_are_those_of_the_territory(as_: Any, pathway: Pathway) -> None:
    EmergencyNumber.objects.create(use=EmergencyUse.SAMU, number="01 99 00 00 15", valid_from=clock.now())
    EmergencyNumber.objects.create(use=EmergencyUse.POISON, number="01 99 00 00 44", valid_from=clock.now())
    press(pathway, "mother", "MOTHER_BLEEDING")

    shown = as_("amal").get(page("emergency")).content.decode()
    assert 'href="tel:0199000015"' in shown
    assert "Centre antipoison" in shown
    assert 'href="sms:114"' in shown
    procedure = as_("amal").get(page("procedure", Alert.objects.get().public_id)).content.decode()
    assert 'href="tel:0199000015"' in procedure


def test_the_second_on_duty_is_the_second_number(as_: Any, pathway: Pathway) -> None:
    member = who("farid")
    member.user.phone = "+33199000077"
    member.user.save()
    make_shift(member, place=DutyPlace.SECOND, starts_in=-timedelta(hours=1))
    press(pathway, "mother", "MOTHER_DEATH_TALK")

    shown = as_("amal").get(page("procedure", Alert.objects.get().public_id)).content.decode()

    assert "tel:+33199000077" in shown
    assert "tel:3114" in shown


def test_families_of_today_come_first(pathway: Pathway) -> None:
    today = make_pathway(ap=who("amal"))
    make_visit(today, planned_at=clock.now())
    make_pathway(ap=who("bea"))

    found = red_families(who("amal"), at=clock.now(), zone="Europe/Paris")

    assert [one.pathway_id for one in found.today] == [today.public_id]
    assert [one.pathway_id for one in found.others] == [pathway.public_id]


def test_two_families_of_one_name_are_told_apart_by_their_children_and_commune(as_: Any, pathway: Pathway) -> None:
    first, second = Commune.objects.order_by("code")[:2]
    for child, place in (("Aaron", first), ("Zoé", second)):
        family = make_family(name="Janaubel", commune=place)
        birth = make_birth(family)
        Child.objects.filter(birth=birth).update(first_name=child)
        make_visit(make_pathway(birth, ap=who("amal")), planned_at=clock.now())

    shown = html.unescape(as_("amal").get(page("emergency")).content.decode())

    assert f"Janaubel, Aaron, {first.postal_code} {first.name}" in shown or f"Janaubel, Aaron, {first.name}" in shown
    assert f"Janaubel, Zoé, {second.postal_code} {second.name}" in shown or f"Janaubel, Zoé, {second.name}" in shown


def test_a_family_in_mourning_is_told_without_a_first_name(as_: Any, pathway: Pathway) -> None:
    child = Child.objects.get(birth=pathway.birth)
    Child.objects.filter(pk=child.pk).update(first_name="Aaron")
    make_death(pathway.birth, child)

    found = red_families(who("amal"), at=clock.now(), zone="Europe/Paris")

    assert [one.children for one in (*found.today, *found.others)] == [""]
    assert "Aaron" not in as_("amal").get(page("emergency")).content.decode()


def test_emergency_page_costs_the_same_for_ten_families(as_: Any, pathway: Pathway) -> None:
    client = as_("amal")
    one = queries.count(client, page("emergency"))
    for _ in range(9):
        make_pathway(ap=who("amal"))

    assert queries.count(client, page("emergency")) == one

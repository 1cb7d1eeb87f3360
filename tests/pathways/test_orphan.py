"""A mother's death silences what is hers; what is asked for her child who lives goes on (A38)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from copa.kernel import clock, one_time, scope
from copa.kernel.errors import BusinessError
from copa.kernel.outbox import OutboxState
from pathways.actions import needs, orientations, stops
from pathways.enums import Document, OrientationState, PathwayState, Recipient
from pathways.models import AnswerLink, Child, Need, Orientation, Pathway, Sending
from pathways.models.orientations import Target
from pathways.rules import Wishes, routing
from territories.models import OutgoingMessage
from tests import factories
from tests.cast import VALLEES
from tests.pathways.addresses import address
from visits.reads.todo.base import Now
from visits.reads.todo.followup import unanswered

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LINE = "Le suivi de cette famille a changé"
TO_CHILD = "docteur@enfants.example"
TO_MOTHER = "cabinet@kine.example"


@pytest.fixture
def moment(vallees: scope.Scope) -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pathway(moment: Any) -> Pathway:
    birth = factories.make_birth(factories.make_family(name="Benali"), days_ago=12)
    return factories.make_pathway(birth, ap=factories.who("amal"))


def sent(pathway: Pathway, about: str = "CHILD") -> Orientation:
    """By a one-time link, for this week: to the child's doctor, or to her physiotherapist."""
    code, kind, mail = {
        "CHILD": ("WEIGHT_FOLLOW", "PAEDIATRICIAN", TO_CHILD),
        "MOTHER": ("PERINEUM", "REHAB", TO_MOTHER),
    }[about]
    need = factories.make_need(pathway, code, about=about)
    entry = factories.make_entry(kind, name=f"Cabinet {about}", email=mail)
    one = factories.make_orientation(need, entry=entry, target_type=kind, state="ACCEPTED", urgency="THIS_WEEK")
    orientations.send_orientation(orientation=one, how="LINK", by=factories.who("farid"), at=clock.now())
    return one


def link(one: Orientation) -> AnswerLink:
    found: AnswerLink = AnswerLink.objects.get(orientation=one)
    return found


def opened(client: Client, one: Orientation) -> int:
    return int(client.get(f"/reponse/{VALLEES}/{one_time.token_of(link(one).public_id)}/").status_code)


def listed(as_: Any, name: str = "farid") -> str:
    return str(as_(name).get("/t/vallees/orientations/?etat=sans-reponse").content.decode())


def test_link_of_the_child_opens_and_takes_its_answer_and_hers_is_dead(client: Client, pathway: Pathway) -> None:
    childs, hers = sent(pathway), sent(pathway, "MOTHER")
    factories.make_death(pathway.birth)

    assert (opened(client, childs), opened(client, hers)) == (200, 404)
    code = one_time.code_of(link(childs).public_id)
    told = {"code": code, "answer": "SEEN", "day": AT.date().isoformat(), "words": ""}
    client.post(f"/reponse/{VALLEES}/{one_time.token_of(link(childs).public_id)}/", told)

    childs.refresh_from_db()
    assert childs.state == OrientationState.SEEN


def test_list_keeps_the_child_alone_and_says_to_speak_to_the_team_first(as_: Any, pathway: Pathway) -> None:
    sent(pathway), sent(pathway, "MOTHER")
    assert LINE not in listed(as_)

    factories.make_death(pathway.birth)
    page = listed(as_)

    assert "Cabinet CHILD" in page
    assert "Cabinet MOTHER" not in page
    assert LINE in page


def test_mail_of_the_child_still_leaves_and_hers_is_withheld(pathway: Pathway) -> None:
    sent(pathway), sent(pathway, "MOTHER")

    factories.make_death(pathway.birth)

    keys = Sending.objects.filter(orientation__isnull=False).order_by("pk").values("message")
    states = dict(OutgoingMessage.objects.filter(public_id__in=keys).order_by("pk").values_list("to", "state"))
    assert states[TO_CHILD] == OutboxState.QUEUED
    assert states[TO_MOTHER] != OutboxState.QUEUED


def test_childs_doctor_is_reminded_and_the_team_finds_it(moment: Any, pathway: Pathway) -> None:
    childs, _ = sent(pathway), sent(pathway, "MOTHER")
    factories.make_death(pathway.birth)
    moment.shift(8 * DAY)
    at = clock.now()

    assert orientations.waiting(at=at) == [childs.pk]
    assert orientations.remind(pk=childs.pk, at=at)
    still = OutgoingMessage.objects.filter(dedup_key__startswith="orientation-still-waits")
    assert still.values_list("to", flat=True).get() == TO_CHILD
    rows = list(unanswered(factories.who("farid"), Now(at, at.date(), "Europe/Paris")))
    assert [row.public_id for row in rows] == [childs.public_id]


def test_team_still_decides_and_asks_for_the_child(pathway: Pathway) -> None:
    """For her child only; what was asked for her is refused."""
    farid = factories.who("farid")
    target = Target(type="PAEDIATRICIAN", entry=factories.make_entry("PAEDIATRICIAN", email=TO_CHILD))
    childs = factories.make_need(pathway, "WEIGHT_FOLLOW", about="CHILD")
    hers = factories.make_need(pathway)
    asked = factories.make_orientation(childs, target_type="PAEDIATRICIAN")
    of_her = factories.make_orientation(hers)
    yes = orientations.Decision(is_yes=True, target=target, words="", letter_words="")
    factories.make_death(pathway.birth)
    at = clock.now()

    orientations.decide_orientation(orientation=asked, decision=yes, by=farid, at=at)
    orientations.send_orientation(orientation=asked, how="LINK", by=farid, at=at)
    other = Target(type="GP", entry=None)
    orientations.propose_orientation(need=childs, target=other, reason="", agreement="YES", by=farid, at=at)

    asked.refresh_from_db()
    assert asked.state == OrientationState.SENT
    with pytest.raises(BusinessError) as refusal:
        orientations.decide_orientation(orientation=of_her, decision=yes, by=farid, at=at)
    assert refusal.value.code == "stopped"
    with pytest.raises(BusinessError) as refusal:
        orientations.propose_orientation(need=hers, target=other, reason="", agreement="YES", by=farid, at=at)
    assert refusal.value.code == "stopped"


def test_pages_offer_it_for_the_child_alone(as_: Any, pathway: Pathway) -> None:
    childs = factories.make_need(pathway, "WEIGHT_FOLLOW", about="CHILD")
    hers = factories.make_need(pathway)
    asked, of_her = factories.make_orientation(childs), factories.make_orientation(hers)
    factories.make_death(pathway.birth)

    needs = as_("farid").get(address("needs", pathway.family.public_id)).content.decode()

    assert address("orientation_new", childs.public_id) in needs
    assert address("orientation_new", hers.public_id) not in needs
    assert "sauf pour l’enfant, ses frères et sœurs et le coparent" in needs
    decide = "<h2>Décider</h2>"
    assert decide in as_("farid").get(address("orientation", asked.public_id)).content.decode()
    assert decide not in as_("farid").get(address("orientation", of_her.public_id)).content.decode()


def test_page_after_a_death_names_what_is_asked_for_the_child(as_: Any, pathway: Pathway) -> None:
    childs, hers = sent(pathway), sent(pathway, "MOTHER")
    url = address("aftercare", pathway.birth.public_id)

    factories.make_death(pathway.birth)
    page = as_("farid").get(url).content.decode()

    assert address("orientation", childs.public_id) in page
    assert "Cabinet CHILD" in page
    assert "Envoyée, sans réponse · Cette semaine" in page
    assert address("orientation", hers.public_id) not in page


# ---- Those who are left ----------------------------------------------------------------------------------
@pytest.mark.parametrize("about", ["SIBLING", "COPARENT", "MOTHER", "FAMILY"])
def test_what_is_asked_for_those_left_goes_on_as_the_childs(moment: Any, pathway: Pathway, about: str) -> None:
    need = factories.make_need(pathway, about=about)
    entry = factories.make_entry("GP", email=TO_CHILD)
    one = factories.make_orientation(need, entry=entry, target_type="GP", state="ACCEPTED")
    factories.make_agreement(pathway.family, Recipient.GENERAL_PRACTITIONER)
    orientations.send_orientation(orientation=one, how="LINK", by=factories.who("farid"), at=clock.now())
    factories.make_death(pathway.birth)
    goes_on = about in {"SIBLING", "COPARENT"}

    assert Orientation.objects.running().exists() == goes_on
    state = OutgoingMessage.objects.values_list("state", flat=True).get(to=TO_CHILD)
    assert (state == OutboxState.QUEUED) == goes_on
    moment.shift(8 * DAY)
    assert orientations.remind(pk=one.pk, at=clock.now()) == goes_on

    factories.make_death(pathway.birth, Child.objects.get())
    assert not Orientation.objects.running().exists()


def spot(pathway: Pathway, code: str, about: str) -> None:
    spotted = needs.Spotted(code=code, about=about)
    needs.spot_need(family=pathway.family, spotted=spotted, by=factories.who("farid"), at=clock.now())


def test_need_is_noted_for_those_left_alone(as_: Any, pathway: Pathway) -> None:
    factories.make_death(pathway.birth)
    url = address("need_new", pathway.family.public_id)

    assert url in as_("farid").get(address("needs", pathway.family.public_id)).content.decode()
    page = as_("farid").get(url).content.decode()
    assert 'value="CHILD"' in page
    assert 'value="SIBLING"' in page
    assert 'value="MOTHER"' not in page
    made = as_("farid").post(url, {"code": "WEIGHT_FOLLOW", "about": "CHILD", "words": ""})
    assert made.status_code == 302
    assert Need.objects.get().about == "CHILD"
    with pytest.raises(BusinessError) as refusal:
        spot(pathway, "PERINEUM", "MOTHER")
    assert refusal.value.code == "stopped"

    factories.make_death(pathway.birth, Child.objects.get())
    assert url not in as_("farid").get(address("needs", pathway.family.public_id)).content.decode()
    with pytest.raises(BusinessError) as refusal:
        spot(pathway, "WEIGHT_FOLLOW", "CHILD")
    assert refusal.value.code == "stopped"


def test_household_of_the_parent_who_is_left_is_helped(as_: Any, pathway: Pathway) -> None:
    factories.make_death(pathway.birth)
    url = address("need_new", pathway.family.public_id)

    page = as_("farid").get(url).content.decode()
    made = as_("farid").post(url, {"code": "HOUSEHOLD", "about": "COPARENT", "words": ""})

    assert "Aide à la maison" in page
    assert "Périnée" not in page
    assert made.status_code == 302
    assert Need.objects.get().about == "COPARENT"


def test_household_is_the_familys_while_the_mother_lives(pathway: Pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        spot(pathway, "HOUSEHOLD", "COPARENT")

    assert refusal.value.code == "not_hers"


def test_nothing_goes_on_once_the_child_died_too(as_: Any, client: Client, pathway: Pathway) -> None:
    childs = sent(pathway)
    factories.make_death(pathway.birth)
    factories.make_death(pathway.birth, Child.objects.get())

    assert opened(client, childs) == 404
    assert "Cabinet CHILD" not in listed(as_)
    url = address("aftercare", pathway.birth.public_id)
    assert "Cabinet CHILD" not in as_("farid").get(url).content.decode()


def test_stop_of_hers_before_her_death_goes_on_stopping_everything(client: Client, pathway: Pathway) -> None:
    childs = sent(pathway)
    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())
    factories.make_death(pathway.birth)

    assert opened(client, childs) == 404
    assert not Orientation.objects.running().exists()


@pytest.mark.parametrize("document", Document.values)
def test_only_what_is_asked_for_the_child_leaves(document: str) -> None:
    wishes = Wishes(answer="YES", mood_answer="YES", state=PathwayState.BEREAVED, is_silent=True, has_living_child=True)
    lonely = Wishes(answer="YES", mood_answer="YES", state=PathwayState.BEREAVED, is_silent=True)

    allowed = routing(document, Recipient.PAEDIATRICIAN, wishes).allowed

    is_last_word = routing(document, Recipient.PAEDIATRICIAN, lonely).allowed
    assert allowed == (is_last_word or document == Document.CHILD_ORIENTATION)

"""Adhesion, the file of a family, stops, alerts and relays in the browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from copa.kernel import clock, scope
from pathways.enums import AlertKind, PathwayState, Recipient
from pathways.models import (
    Alert,
    Birth,
    Child,
    Consent,
    Family,
    FamilyGrant,
    Mother,
    Pathway,
    PmiRelay,
    RecipientConsent,
)
from territories.models import AccessLog, Member
from tests import factories
from tests.cast import VALLEES, Person
from tests.guards import GuardedClient
from tests.queries import count


def address(name: str, *args: Any) -> str:
    return reverse(f"pathways:{name}", args=[VALLEES, *args])


@pytest.fixture
def as_(client: GuardedClient, cast: dict[str, Person]) -> Any:
    """`as_("farid")` is the client of Farid."""

    def sign_in(name: str) -> GuardedClient:
        client.force_login(cast[name].user)
        return client

    return sign_in


def adhesion(**changes: Any) -> dict[str, Any]:
    """What is typed for an ordinary adhesion."""
    values = {
        "notice_version": "notice-2026.1-fr",
        "is_alone": "on",
        "accepts": "on",
        "place": "ROOM",
        "mode": "SCREEN",
        "evaluation": "INFORMED",
        "hours": "MORNING",
        "may_sms": "on",
        "is_pmi_presented": "on",
        "carrier": str(factories.structure().public_id),
        "ap": str(factories.who("amal").public_id),
    }
    answers = {f"recipient_{recipient}": "YES" for recipient in Recipient}
    return values | answers | changes


def accepted_birth(**values: Any) -> Birth:
    birth = factories.make_birth(**values)
    factories.make_proposal(birth)
    return birth


# ---- Adhesion -----------------------------------------------------------------------------------------------
def test_family_is_included_by_the_auxiliary_at_the_bed(as_: Any, vallees: scope.Scope) -> None:
    birth = accepted_birth()

    page = as_("amal").get(address("inclusion", birth.public_id))
    response = as_("amal").post(address("inclusion", birth.public_id), adhesion(evaluation="OPPOSED"))

    assert "sous la responsabilité de l’équipe Maternité Saint-Rémi" in page.content.decode()
    assert "adhesion-2026.1-fr" in page.content.decode()
    assert response.status_code == 302
    consent = Consent.objects.get()
    assert (consent.collector_role, consent.text_version) == ("ap", "adhesion-2026.1-fr")
    assert consent.is_evaluation_opposed
    pathway = Pathway.objects.get()
    assert pathway.ap == factories.who("amal")
    assert pathway.is_pmi_presented


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"notice_version": ""}, "notice_version"),
        ({"accepts": ""}, "accepts"),
        ({"is_alone": ""}, "is_alone"),
        ({"recipient_PMI": ""}, "recipient_PMI"),
        ({"evaluation": ""}, "evaluation"),
        ({"may_email": "on"}, "may_email"),
        ({"carrier": "x"}, "carrier"),
    ],
)
def test_bad_adhesion_is_refused_beside_its_field(
    as_: Any, vallees: scope.Scope, changes: dict[str, Any], field: str
) -> None:
    birth = accepted_birth()

    response = as_("elise").post(address("inclusion", birth.public_id), adhesion(**changes))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Consent.objects.exists()
    assert not Pathway.objects.exists()
    assert not RecipientConsent.objects.exists()


def test_auxiliary_of_another_structure_is_refused(as_: Any, vallees: scope.Scope) -> None:
    birth = accepted_birth()

    typed = adhesion(ap=str(factories.who("chloe").public_id))
    response = as_("elise").post(address("inclusion", birth.public_id), typed)

    assert "ap" in response.context["form"].errors
    assert not Pathway.objects.exists()


def test_second_inclusion_is_refused_in_words(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()

    response = as_("elise").post(address("inclusion", pathway.birth.public_id), adhesion())

    assert response.status_code == 422
    assert "Un parcours existe déjà pour cette naissance." in response.content.decode()
    assert Pathway.objects.count() == 1


def test_inclusion_without_address_or_proposal_says_where_to_go(as_: Any, vallees: scope.Scope) -> None:
    birth = factories.make_birth(factories.make_family(commune=None))

    page = as_("elise").get(address("inclusion", birth.public_id)).content.decode()

    assert "La proposition d’abord" in page
    assert "Son adresse manque" in page


def test_late_inclusion_shows_its_tick(as_: Any, vallees: scope.Scope) -> None:
    birth = accepted_birth(days_ago=25)

    asked = as_("elise").post(address("inclusion", birth.public_id), adhesion())
    stored = as_("elise").post(address("inclusion", birth.public_id), adhesion(accepts_late="on"))

    assert "accepts_late" in asked.context["form"].errors
    assert stored.status_code == 302


# ---- Coordinates --------------------------------------------------------------------------------------------
def coordinates(client: Any, family: Family, **changes: Any) -> dict[str, Any]:
    """The form as the page shows it, with some changes."""
    page = client.get(address("family_edit", family.public_id))
    form = page.context["form"]
    typed = {bound.name: bound.value() for bound in form if bound.value() not in {None, False}}
    typed |= {name: "on" for name, value in typed.items() if value is True}
    return typed | {"token": page.context["token"]} | changes


def test_coordinates_are_corrected(as_: Any, vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    typed = coordinates(as_("elise"), birth.family, phone="01 99 00 31 99", commune="55002")
    typed[f"name_1_{birth.pk}"] = "Inès"

    response = as_("elise").post(address("family_edit", birth.family.public_id), typed)

    assert response.status_code == 302
    assert Mother.objects.get().phone == "+33199003199"
    assert Family.objects.get().commune == factories.commune("Brécourt")
    assert Child.objects.get().first_name == "Inès"


def test_stale_form_is_refused_with_both_versions(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()
    mine = coordinates(as_("elise"), family, address="1 rue Neuve")
    theirs = coordinates(as_("elise"), family, address="2 rue Vieille")
    as_("elise").post(address("family_edit", family.public_id), theirs)

    refused = as_("elise").post(address("family_edit", family.public_id), mine)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "entre-temps" in page
    assert "1 rue Neuve" in page
    assert "2 rue Vieille" in page
    assert Family.objects.get().address == "2 rue Vieille"
    again = as_("elise").post(address("family_edit", family.public_id), mine | {"token": refused.context["token"]})
    assert again.status_code == 302
    assert Family.objects.get().address == "1 rue Neuve"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "0692 00 12 34"}, "phone"),
        ({"commune": "Lyon"}, "commune"),
        ({"commune": ""}, "commune"),
        ({"email": "pas une adresse"}, "email"),
        ({"may_email": "on"}, "may_email"),
    ],
)
def test_bad_coordinates_are_refused_beside_their_field(
    as_: Any, vallees: scope.Scope, changes: dict[str, Any], field: str
) -> None:
    family = factories.make_family()
    typed = coordinates(as_("elise"), family, access_hint="Portail bleu", **changes)

    response = as_("elise").post(address("family_edit", family.public_id), typed)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert 'value="Portail bleu"' in response.content.decode()
    assert Family.objects.get().access_hint == ""


# ---- Recipients, openings, log ------------------------------------------------------------------------------
def test_pmi_loses_and_gets_back_the_relay_with_the_agreement(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    answers = {f"recipient_{recipient}": "NO" for recipient in Recipient}
    url = address("recipients", pathway.family.public_id)
    assert as_("gaelle").get(address("relays")).context["waiting"] == 1

    as_("amal").post(url, answers)
    assert as_("gaelle").get(address("relays")).context["waiting"] == 0
    assert as_("gaelle").get(address("relay", PmiRelay.objects.get().public_id)).status_code == 404
    as_("amal").post(url, answers | {"recipient_PMI": "YES"})

    assert as_("gaelle").get(address("relays")).context["waiting"] == 1


def test_family_is_opened_to_a_midwife_then_closed(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    ines = factories.who("ines")
    url = address("open_family", pathway.family.public_id)
    until = (timezone.localdate() + timedelta(days=20)).isoformat()

    typed = {"to": str(ines.public_id), "reason": "LIBERAL_MIDWIFE", "until": until}
    opened = as_("farid").post(url, typed)

    assert opened.status_code == 302
    assert Family.objects.visible_to(ines).exists()
    assert "Ines Martin" in as_("farid").get(url).content.decode()
    as_("farid").post(url, {"revoke": str(ines.public_id)})
    assert not Family.objects.visible_to(ines).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": "2020-01-01"}, "until"),
        ({"until": "2099-01-01"}, "until"),
        ({"to": ""}, "to"),
        ({"reason": "EMERGENCY"}, "reason"),
    ],
)
def test_bad_opening_is_refused_beside_its_field(
    as_: Any, vallees: scope.Scope, changes: dict[str, Any], field: str
) -> None:
    family = factories.make_family()
    until = timezone.localdate().isoformat()
    typed = {"to": str(factories.who("ines").public_id), "reason": "ORIENTATION", "until": until} | changes

    response = as_("elise").post(address("open_family", family.public_id), typed)

    assert field in response.context["form"].errors
    assert not FamilyGrant.objects.exists()


def test_family_is_not_opened_to_a_colleague_of_the_team(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()
    until = timezone.localdate().isoformat()
    typed = {"to": str(factories.who("bea").public_id), "reason": "ORIENTATION", "until": until}

    response = as_("elise").post(address("open_family", family.public_id), typed)

    assert "to" in response.context["form"].errors


def test_log_shows_readings_and_refusals_by_name(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    url = address("recipients", pathway.family.public_id)
    as_("amal").get(url)
    as_("bea").get(url)

    lines = as_("elise").get(address("reads", pathway.family.public_id)).context["page"].object_list

    assert [(line.name, line.what, line.is_refused) for line in lines] == [
        ("Bea Martin", "Noter qui peut recevoir les comptes rendus", True),
        ("Amal Martin", "Noter qui peut recevoir les comptes rendus", False),
    ]


def test_log_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()

    def more(name: str) -> None:
        user = factories.who(name).user
        AccessLog.objects.create(user=user, family_id=family.pk, what="pathways.see_family", route="", at=clock.now())

    more("amal")
    client = as_("elise")
    one = count(client, address("reads", family.public_id))
    for name in ["bea", "farid", "fanny", "gaelle", "gina", "ines", "iris", "nora", "olga"]:
        more(name)

    assert count(client, address("reads", family.public_id)) == one


# ---- Stops and the auxiliary --------------------------------------------------------------------------------
def test_family_stops_and_sees_nothing_more(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    url = address("withdraw", pathway.public_id)

    assert as_("amal").get(url).status_code == 200
    assert as_("amal").post(url).status_code == 302

    assert Pathway.objects.get().state == PathwayState.WITHDRAWN
    # The neighbour's refusal, for the one who followed her too: the pathway is no longer running.
    assert as_("amal").get(url).status_code == 403
    assert as_("gaelle").get(address("relays")).context["waiting"] == 0


@pytest.mark.parametrize("state", [PathwayState.SUSPENDED, PathwayState.MOVED, PathwayState.BEREAVED])
def test_team_stops_a_pathway(as_: Any, vallees: scope.Scope, state: str) -> None:
    pathway = factories.make_pathway()

    response = as_("farid").post(address("stop", pathway.public_id), {"state": state})

    assert response.status_code == 302
    assert Pathway.objects.get().state == state
    assert Birth.objects.get().is_silent is (state == PathwayState.BEREAVED)


def test_team_resumes_a_suspended_pathway_and_nothing_else(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(state=PathwayState.SUSPENDED)
    url = address("stop", pathway.public_id)

    assert as_("farid").post(url, {"state": "closed"}).status_code == 422
    assert as_("farid").post(url, {"state": "active"}).status_code == 302
    assert Pathway.objects.get().state == PathwayState.ACTIVE
    assert as_("farid").post(url, {"state": "active"}).status_code == 422


def test_auxiliary_is_named_among_those_of_the_team(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    url = address("assign", pathway.public_id)
    shown = as_("elise").get(url).context["form"].auxiliaries

    refused = as_("elise").post(url, {"ap": str(factories.who("chloe").public_id)})
    named = as_("elise").post(url, {"ap": str(factories.who("bea").public_id)})

    assert {member.user.first_name for member in shown.values()} == {"Amal", "Bea"}
    assert refused.status_code == 422
    assert named.status_code == 302
    assert Pathway.objects.get().ap == factories.who("bea")


def test_former_auxiliary_is_not_offered(as_: Any, vallees: scope.Scope) -> None:
    Member.objects.filter(pk=factories.who("bea").pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    pathway = factories.make_pathway()

    shown = as_("elise").get(address("assign", pathway.public_id)).context["form"].auxiliaries

    assert {member.user.first_name for member in shown.values()} == {"Amal"}


# ---- Alerts -------------------------------------------------------------------------------------------------
def test_open_alerts_come_by_urgency_then_age(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    at = clock.now()
    hour = timedelta(hours=1)
    factories.make_alert(pathway, AlertKind.REPORT_DUE_SOON, raised_at=at - 9 * hour, raised_by=None)
    factories.make_alert(pathway, AlertKind.REPORT_OVERDUE, raised_at=at - 2 * hour, raised_by=None)
    factories.make_alert(pathway, AlertKind.CHILD_SIGN, facts="récente", raised_at=at, answer_due_at=at + hour)
    factories.make_alert(pathway, AlertKind.MOTHER_SIGN, facts="pressante", raised_at=at, answer_due_at=at - hour)
    factories.make_alert(pathway, AlertKind.CHILD_SIGN, acknowledged_at=at, acknowledged_by=factories.who("farid"))

    page = as_("elise").get(address("alerts")).context["page"]

    assert [row.facts or row.title for row in page.object_list] == [
        "pressante",
        "récente",
        "Pâleur vue au domicile.",
        "Pâleur vue au domicile.",
    ]
    assert [row.is_late for row in page.object_list] == [True, False, False, False]


@pytest.mark.parametrize(
    ("who", "is_hidden"), [("elise", False), ("farid", False), ("nora", False), ("olga", True), ("amal", True)]
)
def test_sealed_alert_says_only_whom_to_call(as_: Any, vallees: scope.Scope, who: str, is_hidden: bool) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_alert(pathway, AlertKind.MOTHER_SIGN, is_sealed=True, facts="Faits protégés", code="SECRET")

    page = as_(who).get(address("alerts")).content.decode()

    assert ("Faits protégés" not in page) is is_hidden
    assert ("appelez l’équipe" in page) is is_hidden
    assert ("Signe d’alerte chez la mère" not in page) is is_hidden


def test_alert_is_taken_by_name(as_: Any, vallees: scope.Scope) -> None:
    alert = factories.make_alert()
    url = address("take_alert", alert.public_id)

    empty = as_("farid").post(url, {"instruction": ""})
    taken = as_("farid").post(url, {"instruction": "Faites le 15, je rappelle."})
    late = as_("elise").post(url, {"instruction": "Je viens."})

    assert "instruction" in empty.context["form"].errors
    assert taken.status_code == 302
    assert late.status_code == 422
    assert "Farid Martin a déjà pris cette alerte" in late.content.decode()
    assert "Faites le 15, je rappelle." in as_("amal").get(address("alerts"), {"etat": "prises"}).content.decode()
    assert Alert.objects.get().acknowledged_by == factories.who("farid")


def test_alert_of_a_neighbour_is_not_listed(as_: Any, vallees: scope.Scope) -> None:
    factories.make_alert(factories.make_pathway(ap=factories.who("bea")))

    assert not as_("amal").get(address("alerts")).context["page"].object_list
    assert as_("farid").get(address("alerts")).context["page"].object_list
    assert not as_("fanny").get(address("alerts")).context["page"].object_list


def test_empty_alert_list_says_what_will_appear(as_: Any, vallees: scope.Scope) -> None:
    for shelf in ("ouvertes", "prises", "finies", "toutes"):
        assert b'class="card empty"' in as_("amal").get(address("alerts"), {"etat": shelf}).content


def test_alert_list_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    factories.make_alert()
    client = as_("elise")
    one = count(client, address("alerts"))
    for _ in range(9):
        factories.make_alert(factories.make_pathway(ap=factories.who("bea")))

    assert count(client, address("alerts")) == one


# ---- Relays -------------------------------------------------------------------------------------------------
def test_pmi_sees_the_relays_of_its_own_sector_alone(as_: Any, vallees: scope.Scope) -> None:
    factories.make_pathway()

    assert as_("gaelle").get(address("relays")).context["waiting"] == 1
    assert as_("gina").get(address("relays")).context["waiting"] == 0
    assert as_("gina").get(address("relay", PmiRelay.objects.get().public_id)).status_code == 404


def test_relay_goes_through_a_question_to_its_acceptance(as_: Any, vallees: scope.Scope) -> None:
    relay = factories.make_relay(factories.make_pathway(ap=factories.who("amal")))
    url = address("relay", relay.public_id)

    as_("gaelle").post(url, {"question": "Qui suit l’enfant ?"})
    asked = as_("farid").get(address("relay_reply", relay.public_id))
    as_("farid").post(address("relay_reply", relay.public_id), {"reply": "Dr Marchand."})
    shown = as_("gaelle").get(url)
    accepted = as_("gaelle").post(url, {"next_contact_on": timezone.localdate().isoformat()})

    assert "Qui suit l’enfant ?" in asked.content.decode()
    assert "Dr Marchand." in shown.content.decode()
    assert accepted.status_code == 302
    assert PmiRelay.objects.get().state == "accepted"


@pytest.mark.parametrize("who", ["elise", "farid", "nora"])
def test_relay_is_not_accepted_by_those_who_only_watch(as_: Any, vallees: scope.Scope, who: str) -> None:
    relay = factories.make_relay()

    response = as_(who).post(address("relay", relay.public_id), {"next_contact_on": "2099-01-01"})

    assert response.status_code == 403
    assert PmiRelay.objects.get().state == "waiting"


def test_bad_relay_answer_is_refused_beside_its_field(as_: Any, vallees: scope.Scope) -> None:
    relay = factories.make_relay()

    past = as_("gaelle").post(address("relay", relay.public_id), {"next_contact_on": "2020-01-01"})
    empty = as_("gaelle").post(address("relay", relay.public_id), {"question": ""})

    assert "next_contact_on" in past.context["accept"].errors
    assert past.status_code == 422
    assert "question" in empty.context["question"].errors
    assert PmiRelay.objects.get().state == "waiting"


def test_relays_without_agreement_are_for_those_who_may_ask(as_: Any, vallees: scope.Scope) -> None:
    factories.make_pathway(agreed_pmi=False)

    elise = as_("elise").get(address("relays"), {"etat": "sans-accord"})
    assert len(elise.context["page"].object_list) == 1
    gaelle = as_("gaelle").get(address("relays"), {"etat": "sans-accord"})
    assert gaelle.context["shelf"] == "a-accepter"


def test_relay_forgotten_for_three_months_stands_on_its_own_shelf(as_: Any, vallees: scope.Scope) -> None:
    factories.make_pathway(days_ago=200)

    assert as_("gaelle").get(address("relays")).context["waiting"] == 0
    old = as_("gaelle").get(address("relays"), {"etat": "anciens"})
    assert len(old.context["page"].object_list) == 1
    assert as_("gina").get(address("relays"), {"etat": "anciens"}).context["page"].object_list == []


def test_relay_list_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    factories.make_pathway()
    client = as_("gaelle")
    one = count(client, address("relays"))
    for _ in range(9):
        factories.make_pathway()

    assert count(client, address("relays")) == one

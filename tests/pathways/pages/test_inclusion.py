"""The adhesion at the bed, in the browser."""

import re
from typing import Any

import pytest
from django.urls import reverse

from copa.kernel import clock, scope
from pathways.actions import stops
from pathways.enums import ASKED_RECIPIENTS, AgreedContent
from pathways.models import (
    Consent,
    Family,
    Mother,
    Pathway,
    RecipientConsent,
)
from tests import factories
from tests.cast import VALLEES
from tests.pathways.actions.steps import accepted_birth
from tests.pathways.addresses import address

# The three people asked about, of whom she may have none yet.
KNOWN = ("known_LIBERAL_MIDWIFE", "known_GENERAL_PRACTITIONER", "known_PAEDIATRICIAN")


def adhesion(**changes: Any) -> dict[str, Any]:
    """What is typed for an ordinary adhesion."""
    values = {
        "notice_version": "notice-2026.1-fr",
        "notice_form": "READ",
        "is_alone": "on",
        "accepts": "on",
        "place": "ROOM",
        "mode": "SCREEN",
        "evaluation": "INFORMED",
        "channels": ["SMS", "CALL"],
        "language": "fr",
        "access_needs": ["NONE"],
        "birth_place": "STRUCTURE",
        "vulnerability": "NO",
        "knows_pmi": "NO",
        "interview": "NO",
        "wish": "NO",
        "hours": ["MORNING", "EVENING"],
        "is_pmi_presented": "on",
        "prado": "0",
        **dict.fromkeys(KNOWN, "none"),
        "carrier": str(factories.structure().public_id),
        "ap": str(factories.who("amal").public_id),
    }
    answers = {f"recipient_{recipient}": "YES" for recipient in (*ASKED_RECIPIENTS, *AgreedContent)}
    return values | answers | changes


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


def test_who_comes_second_is_told_which_of_her_answers_are_not_those_stored(as_: Any, vallees: scope.Scope) -> None:
    """A « Non » to the PMI typed in the other tab must not be lost without a word."""
    birth = accepted_birth()
    url, said = address("inclusion", birth.public_id), "Mme Durand, orthophoniste"
    as_("amal").post(url, adhesion())

    same = as_("amal").post(url, adhesion())
    other = as_("elise").post(url, adhesion(recipient_PMI="NO", other_named=said))

    assert same.context["left_out"] == []
    left = [(one.typed, one.stored) for one in other.context["left_out"]]
    assert left == [("Non", "Oui"), ("Oui", "")]
    assert said in other.content.decode()
    assert RecipientConsent.objects.get(recipient="PMI").answer == "YES"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"notice_version": ""}, "notice_version"),
        ({"accepts": ""}, "accepts"),
        ({"is_alone": ""}, "is_alone"),
        ({"recipient_PMI": ""}, "recipient_PMI"),
        ({"evaluation": ""}, "evaluation"),
        ({"channels": []}, "channels"),
        ({"channels": ["EMAIL"]}, "channels"),
        ({"channels": ["NONE", "SMS"]}, "channels"),
        ({"hours": []}, "hours"),
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

    page = response.content.decode()
    assert response.status_code == 422
    assert "Un parcours existe déjà pour cette naissance." in page
    assert f'href="{reverse("visits:family", args=[VALLEES, pathway.family.public_id])}"' in page
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


def test_included_birth_shows_no_second_form(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()

    page = as_("elise").get(address("inclusion", pathway.birth.public_id)).content.decode()

    assert "Un parcours existe déjà" in page
    assert 'name="notice_version"' not in page


def test_after_a_stop_the_page_says_what_it_does_and_what_may_be_undone(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    page = as_("elise").get(address("inclusion", pathway.birth.public_id)).content.decode()

    assert "Cette famille avait arrêté. Elle revient ?" in page
    assert f"/families/{pathway.family.public_id}/" in page
    # Élise noted it today: the slip of her hand is one tap away, and nobody else's.
    assert f"/pathways/{pathway.public_id}/withdraw/undo/" in page
    assert "/withdraw/undo/" not in as_("amal").get(address("inclusion", pathway.birth.public_id)).content.decode()


def test_file_of_a_family_that_stopped_leads_to_a_new_adhesion_where_she_asks_for_it(
    as_: Any, vallees: scope.Scope
) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    way = f"/births/{pathway.birth.public_id}/inclusion/"
    running = as_("amal").get(reverse("visits:family", args=[VALLEES, pathway.family.public_id])).content.decode()
    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    stopped = as_("amal").get(reverse("visits:family", args=[VALLEES, pathway.family.public_id])).content.decode()

    assert way not in running
    assert way in stopped


def test_no_wish_of_contact_is_answered_beforehand(as_: Any, vallees: scope.Scope) -> None:
    birth = accepted_birth()

    form = as_("amal").get(address("inclusion", birth.public_id)).context["form"]

    assert (form["channels"].value(), form["hours"].value()) == (None, None)


@pytest.mark.parametrize(
    ("channels", "stored"),
    [
        (["SMS", "CALL"], (True, False, True, False, False)),
        (["EMAIL", "SPACE"], (False, True, False, True, False)),
        (["NONE"], (False, False, False, False, True)),
    ],
)
def test_wishes_of_contact_are_kept_as_she_said_them(
    as_: Any, vallees: scope.Scope, channels: list[str], stored: tuple[bool, ...]
) -> None:
    birth = accepted_birth()
    Mother.objects.filter(family=birth.family_id).update(email="samira@familles.example")

    as_("amal").post(address("inclusion", birth.public_id), adhesion(channels=channels))

    wishes = ("may_sms", "may_email", "may_call", "may_space", "is_contact_refused")
    assert Family.objects.values_list(*wishes).get() == stored
    assert Family.objects.get().contact_hours == ["MORNING", "EVENING"]


def test_what_is_to_be_corrected_is_listed_in_the_order_of_the_page(as_: Any, vallees: scope.Scope) -> None:
    included, asked = accepted_birth(), factories.make_birth()

    for name, birth in (("inclusion", included), ("proposal", asked)):
        page = as_("elise").post(address(name, birth.public_id), {}).content.decode()
        summary = page[page.index('id="form-problems"') : page.index("</ul>", page.index('id="form-problems"'))]
        wanted = re.findall(r'href="#([^"]+)"', summary)
        places = [page.index(f'id="{one}"') for one in wanted]
        assert len(wanted) > 3
        assert places == sorted(places), name

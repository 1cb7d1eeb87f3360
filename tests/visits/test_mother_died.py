"""Once a mother’s death is noted, nobody is sent to her number any more; a mistake taken back brings it all back."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine

from copa.kernel.errors import BusinessError
from pathways.actions.deaths import undo_death
from pathways.actions.families import change_recipients
from pathways.actions.information import change_evaluation
from pathways.models import Consent, CoParent, Death, Family, Mother, Pathway, RecipientConsent
from pathways.reads.facts import homes
from tests.factories import make_birth, make_death, make_family, make_pathway, who

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def pathway(vallees):
    with time_machine.travel(AT, tick=False):
        yield make_pathway(make_birth(make_family(name="Lemoine"), at=AT - timedelta(days=9)), ap=who("amal"))


MOTHER, FATHER = "+33199009911", "+33199009922"


@pytest.fixture
def widowed(pathway: Pathway) -> Pathway:
    """Her number and her wishes are in the file, with those of the other parent; her death is noted."""
    Mother.objects.filter(family=pathway.family).update(phone=MOTHER, email="elle@parents.example")
    CoParent.objects.create(family=pathway.family, first_names="Hugo", name="Lemoine", phone=FATHER)
    Family.objects.filter(pk=pathway.family_id).update(may_call=True, contact_hours=["EVENING"])
    make_death(pathway.birth)
    return pathway


@pytest.mark.parametrize("name", ["elise", "farid", "amal"])
def test_nobody_is_sent_to_the_phone_of_a_mother_whose_death_is_noted(as_: Any, widowed: Pathway, name: str) -> None:
    html = as_(name).get(f"/t/vallees/families/{widowed.family.public_id}/").content.decode()

    for word in (MOTHER, "01 99 00 99 11".replace(" ", "\u00a0"), "Préfère", "soir seulement", ", mère</dt>"):
        assert word not in html
    assert "Hugo Lemoine, co-parent" in html
    assert f"tel:{FATHER}" in html
    assert "Voyez d’abord l’équipe de référence." in html


def test_her_number_and_wishes_come_back_when_the_death_was_a_mistake(as_: Any, widowed: Pathway) -> None:
    undo_death(death=Death.objects.get(), reason="Erreur de dossier.", by=who("farid"), at=AT)

    html = as_("farid").get(f"/t/vallees/families/{widowed.family.public_id}/").content.decode()

    assert html.index(f"tel:{MOTHER}") < html.index(f"tel:{FATHER}")
    assert "soir seulement" in html


def test_correcting_the_coordinates_after_her_death_keeps_what_the_file_says_of_her(as_: Any, widowed: Pathway) -> None:
    form = as_("farid").get(f"/t/vallees/families/{widowed.family.public_id}/edit/").context["form"]

    assert (form.initial["phone"], form.initial["email"]) == (MOTHER, "elle@parents.example")


def test_other_pages_and_the_api_give_no_number_of_hers(as_: Any, widowed: Pathway) -> None:
    home = homes([widowed.family_id])[widowed.family_id]
    assert (home.mother.phone, home.mother.email, home.contact.ways_words) == ("", "", "")
    assert as_("farid").get(f"/api/v1/t/vallees/families/{widowed.family.public_id}/").json()["mother"]["phone"] == ""


def test_nothing_is_asked_of_her_nor_noted_of_her(as_: Any, widowed: Pathway) -> None:
    family = f"/t/vallees/families/{widowed.family.public_id}"
    change = {"recipient": "PSYCHOLOGIST", "answer": "YES", "named": ""}

    agreements = as_("farid").get(f"{family}/recipients/").content.decode()
    screening = as_("farid").get(f"{family}/screening/").content.decode()
    epds = as_("farid").get(f"{family}/screening/epds/")

    for offered in ("Tout redemander", "recipients/change/", ">Changer<"):
        assert offered not in agreements
    assert "Noter un EPDS" not in screening
    assert epds.status_code == 403
    assert as_("farid").post(f"{family}/recipients/change/", change).status_code == 403
    assert not RecipientConsent.objects.filter(recipient="PSYCHOLOGIST", answer="YES").exists()


@pytest.mark.parametrize("name", ["farid", "amal"])
@pytest.mark.parametrize("page", ["recipients/ask/", "evaluation/"])
def test_page_that_asks_her_is_closed_once_her_death_is_noted(as_: Any, widowed: Pathway, page: str, name: str) -> None:
    url = f"/t/vallees/families/{widowed.family.public_id}/{page}"

    answers = [as_(name).get(url), as_(name).post(url, {"is_opposed": "yes", "mode": "ORAL"})]

    for answer in answers:
        assert answer.status_code == 403
        assert "décès" not in answer.content.decode().lower()
    assert not Consent.objects.get().is_evaluation_opposed
    assert as_(name).get(f"/t/vallees/families/{widowed.family.public_id}/recipients/").status_code == 200


def test_answer_that_meets_her_death_is_refused_without_a_word_of_it(widowed: Pathway) -> None:
    said = {"family": widowed.family, "by": who("amal"), "at": AT}

    for note in (
        partial(change_recipients, agreements={"PSYCHOLOGIST": "YES"}),
        partial(change_evaluation, is_opposed=True, mode="ORAL"),
    ):
        with pytest.raises(BusinessError) as refusal:
            note(**said)
        assert refusal.value.code == "mourning"
        assert "décès" not in refusal.value.message
        assert "en deuil" in refusal.value.message


def test_she_is_asked_again_when_her_death_was_a_mistake(as_: Any, widowed: Pathway) -> None:
    undo_death(death=Death.objects.get(), reason="Erreur de dossier.", by=who("farid"), at=AT)

    assert as_("amal").get(f"/t/vallees/families/{widowed.family.public_id}/recipients/ask/").status_code == 200

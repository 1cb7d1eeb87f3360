"""The pages of a transfer, on both sides of the wall."""

from typing import Any

from django.utils import timezone

from copa.kernel import clock, scope
from pathways.models import Family, FamilyTransfer, TransferAnswer
from tests import factories
from tests.cast import LAGON, Person, inside
from tests.pathways.addresses import address


def test_team_offers_a_family_and_takes_it_back(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    url = address("transfer", pathway.public_id)
    sent = {"to": "lagon", "covers": ["VISITS"], "mode": "ORAL", "agreed_on": timezone.localdate().isoformat()}

    without_agreement = as_("farid").post(url, sent)
    done = as_("farid").post(url, {**sent, "is_agreed": "on"})

    assert without_agreement.status_code == 422
    assert "Sans son accord, rien ne part." in without_agreement.content.decode()
    assert done.status_code == 302
    transfer = FamilyTransfer.objects.get()
    assert "attend la réponse" in as_("farid").get(url).content.decode()
    assert pathway.family.reference in as_("elise").get(address("pauses")).content.decode()
    assert as_("farid").post(address("cancel_transfer", transfer.public_id)).status_code == 302
    assert FamilyTransfer.objects.get().payload == {}


def test_needs_typed_without_their_tick_are_not_dropped_in_silence(as_: Any, vallees: scope.Scope) -> None:
    url = address("transfer", factories.make_pathway().public_id)
    sent = {"to": "lagon", "mode": "ORAL", "agreed_on": timezone.localdate().isoformat(), "is_agreed": "on"}

    refused = as_("farid").post(url, sent | {"needs": "Un relais pour le sommeil"})
    done = as_("farid").post(url, sent | {"needs": "Un relais pour le sommeil", "covers": ["NEEDS"]})

    assert "needs" in refused.context["form"].errors
    assert done.status_code == 302
    assert FamilyTransfer.objects.get().payload["needs"] == "Un relais pour le sommeil"


def test_other_parent_is_asked_for_himself_and_the_receiver_reads_what_he_said(
    as_: Any, cast: dict[str, Person], vallees: scope.Scope
) -> None:
    family = factories.make_family(coparents=2)
    url = address("transfer", factories.make_pathway(factories.make_birth(family)).public_id)
    sent = {"to": "lagon", "mode": "ORAL", "agreed_on": timezone.localdate().isoformat(), "is_agreed": "on"}

    page = as_("farid").get(url).content.decode()
    refused = as_("farid").post(url, sent | {"coparent_0": "SURE"})
    done = as_("farid").post(url, sent | {"coparent_0": "YES"})

    assert page.count("sa propre réponse") == 2
    assert "Demandez d’abord à la mère, seule" in page
    assert refused.status_code == 422
    assert done.status_code == 302
    shown = as_("farid").get(url).content.decode()
    assert "oui, ses données partent aussi" in shown
    assert "pas demandé" in shown
    key = FamilyTransfer.objects.get().public_id
    received = as_("emma").get(f"/t/lagon/transfers/{key}/").content.decode()
    assert received.count("Julien") == 1
    assert "Un autre co-parent" in received


def test_family_without_another_parent_is_asked_nothing_of_one(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family(coparents=0)
    url = address("transfer", factories.make_pathway(factories.make_birth(family)).public_id)

    page = as_("farid").get(url).content.decode()

    assert "autre parent" not in page


def test_coordinator_of_the_other_territory_answers(as_: Any, cast: dict[str, Person], vallees: scope.Scope) -> None:
    transfer = factories.make_transfer(factories.make_pathway())
    url = f"/t/lagon/transfers/{transfer.public_id}/"
    sent = {"act": "accept", "commune": "97401", "address": "2 chemin des Filaos"}

    assert as_("dora").get(url).status_code == 404
    assert as_("elise").get(f"/t/vallees/transfers/{transfer.public_id}/").status_code == 404
    assert "Vallées de l’Est" in as_("emma").get("/t/lagon/pauses/").content.decode()
    page = as_("emma").get(url)
    assert "Samira" in page.content.decode()
    assert as_("emma").post(url, sent).status_code == 422
    with scope.opened(inside(LAGON)):
        maternity = factories.structure("Maternité du Lagon").public_id
    done = as_("emma").post(url, {**sent, "maternity": maternity}, follow=True)

    assert "Dossier reçu de Vallées de l’Est" in done.content.decode()
    with scope.opened(inside(LAGON)):
        assert Family.objects.count() == 1
        assert TransferAnswer.objects.get().is_accepted


def test_refusal_is_explained(as_: Any, vallees: scope.Scope) -> None:
    transfer = factories.make_transfer(factories.make_pathway())
    url = f"/t/lagon/transfers/{transfer.public_id}/"

    assert as_("emma").post(url, {"act": "decline", "reason": ""}).status_code == 422
    assert as_("emma").post(url, {"act": "decline", "reason": "Pas d’auxiliaire."}).status_code == 302
    assert as_("emma").get(url).status_code == 200
    again = as_("emma").post(url, {"act": "decline", "reason": "Encore."})
    assert "déjà sa réponse" in again.content.decode()


def test_closed_record_says_so_and_marks_its_readings(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    Family.objects.update(moved_at=clock.now())
    page = f"/t/vallees/families/{pathway.family.public_id}/"

    assert "Dossier clos" in as_("elise").get(page).content.decode()
    assert as_("farid").get(page).status_code == 404
    assert "dossier clos" in as_("nora").get(address("reads", pathway.family.public_id)).content.decode()

"""What the PMI was told after a refusal, once the mother has said yes; and which service her yes to the PMI names."""

from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions.families import store_agreements
from pathways.actions.relays import reassign_relay
from pathways.actions.transmissions import take_transmission
from pathways.enums import Agreement, PmiBasis, Recipient
from pathways.models import Family, PmiTransmission, Proposal
from pathways.reads.agreements import agreements_page
from pathways.reads.facts import family_facts
from territories.models import PmiSector
from tests import factories


@pytest.mark.parametrize(("answer", "is_told"), [("NO", False), ("YES", True)])
def test_pmi_reads_that_the_mother_has_said_yes_since(
    vallees: scope.Scope, as_: Any, answer: str, *, is_told: bool
) -> None:
    birth = factories.make_birth()
    factories.make_proposal(birth, answer="NO")
    made = factories.make_transmission(birth)
    Proposal.objects.update(answer=answer)
    client = as_("gaelle")

    listed = client.get("/t/vallees/transmissions/").content.decode()
    page = client.get(f"/t/vallees/transmissions/{made.public_id}/").content.decode()

    assert ("a depuis dit oui" in listed) is is_told
    assert ("a depuis dit oui" in page) is is_told
    assert ("n’a pas souhaité CoPa" in page) is not is_told


def test_yes_to_the_pmi_names_the_service_that_has_the_relay(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    to = PmiSector.objects.exclude(pk=relay.sector_id).order_by("pk").get()

    reassign_relay(relay=relay, sector=to, reason="Elle y habite.", by=factories.who("elise"), at=clock.now())

    at = clock.now()
    page = agreements_page(relay.family_id, family_facts(relay.family_id, at), at, "Europe/Paris")
    line = next(one for one in page.lines if one.recipient == Recipient.PMI)
    assert to.structure.name in line.people


@pytest.fixture
def handed(vallees: scope.Scope) -> PmiTransmission:
    """Handed to the PMI of Ligny with the agreement of a mother of whom all is known."""
    birth = factories.make_birth()
    factories.make_proposal(birth, answer="NO")
    return factories.make_transmission(birth, facts="Deux nuits sans chauffage.")


def refuse_pmi(made: PmiTransmission, answer: str = Agreement.NO) -> None:
    store_agreements(
        family_id=made.family_id, agreements={Recipient.PMI: answer}, by=factories.who("elise"), at=clock.now()
    )


def test_no_to_the_pmi_leaves_it_nothing_to_read_nor_to_take(as_: Any, handed: PmiTransmission) -> None:
    family = handed.family
    Family.objects.filter(pk=family.pk).update(address="4 rue du Lavoir")
    url = f"/t/vallees/transmissions/{handed.public_id}/"
    before = as_("gaelle").get(url).content.decode()
    refuse_pmi(handed)

    page = as_("gaelle").get(url).content.decode()
    listed = as_("gaelle").get("/t/vallees/transmissions/").content.decode()
    as_("gaelle").post(url)

    hidden = ("4 rue du Lavoir", "chauffage", "Je prends", "Avant d’appeler")
    assert [word in before for word in hidden] == [True] * 4
    assert [word for word in hidden if word in page] == []
    assert "La mère a dit non à la PMI" in page
    assert ("la mère a dit non à la PMI" in listed, "à prendre" in listed) == (True, False)
    handed.refresh_from_db()
    assert handed.taken_at is None


def test_no_to_the_pmi_is_told_to_the_team(as_: Any, handed: PmiTransmission) -> None:
    refuse_pmi(handed)

    page = as_("farid").get(f"/t/vallees/transmissions/{handed.public_id}/").content.decode()
    made = as_("farid").get(f"/t/vallees/births/{handed.birth.public_id}/pmi-transmission/").content.decode()

    assert "Elle a depuis dit non à la PMI" in page
    assert "chauffage" in page
    assert "terminée, la mère a depuis dit non à la PMI" in made


def test_no_to_the_pmi_ends_the_task_and_the_taking(as_: Any, handed: PmiTransmission) -> None:
    before = "Prendre la transmission" in as_("gaelle").get("/t/vallees/todo/").content.decode()
    refuse_pmi(handed)

    after = "Prendre la transmission" in as_("gaelle").get("/t/vallees/todo/").content.decode()

    assert (before, after) == (True, False)
    with pytest.raises(BusinessError) as refusal:
        take_transmission(transmission=handed, by=factories.who("gaelle"), at=clock.now())
    assert refusal.value.code == "agreement_ended"


@pytest.mark.parametrize("is_before", [True, False])
def test_no_ends_neither_another_basis_nor_an_agreement_given_after_it(
    vallees: scope.Scope, *, is_before: bool
) -> None:
    birth = factories.make_birth()
    if is_before:
        factories.make_agreement(birth.family, Recipient.PMI, Agreement.NO)
    basis = PmiBasis.MOTHER_AGREES if is_before else PmiBasis.CARE_TEAM
    made = factories.make_transmission(birth, basis=basis, facts="Sans chauffage.")
    refuse_pmi(made)

    assert PmiTransmission.objects.standing().filter(pk=made.pk).exists()

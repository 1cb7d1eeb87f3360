"""A file that opens to nobody any more: another territory follows the family, or the follow-up has stopped."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import families, transfers
from pathways.enums import Agreement, CircleRole, PathwayState, Recipient
from pathways.models import Birth, Family, FamilyGrant, FamilyTransfer, Pathway
from pathways.tasks import settle_transfers
from tests import factories
from tests.cast import LAGON, VALLEES, Person, inside
from tests.pathways.addresses import address

ELSEWHERE = "suivie dans un autre territoire"


@pytest.fixture
def moved(cast: dict[str, Person]) -> FamilyTransfer:
    """A family of Amal open to Inès, V2 planned; the lagoon has said yes, the job has not come round yet."""
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
        factories.make_grant(pathway.family, to=factories.who("ines"))
        factories.make_visit(pathway, "V2")
        offer = factories.make_transfer(pathway)
    with scope.opened(inside(LAGON)):
        transfers.accept_transfer(
            transfer=offer, maternity=factories.structure("Maternité du Lagon"), is_other_family=False,
            commune=factories.commune("Saint-Éloi-du-Lagon"), address="", by=factories.who("emma"), at=clock.now(),
        )  # fmt: skip
    return offer


def opening(family: Family, to: str = "iris") -> dict[str, Any]:
    until = clock.local_date(clock.now(), "Europe/Paris") + timedelta(days=10)
    people = {"to": factories.who(to), "by": factories.who("elise")}
    return {"family": family, "reason": "LIBERAL_MIDWIFE", "until": until, "at": clock.now(), **people}


def refused(family: Family) -> str:
    with pytest.raises(BusinessError) as refusal:
        families.open_family_to(**opening(family))
    assert not FamilyGrant.objects.filter(user=factories.who("iris").user).exists()
    return refusal.value.code


def test_file_of_a_family_followed_elsewhere_opens_to_nobody(moved: FamilyTransfer) -> None:
    with scope.opened(inside(VALLEES)):
        family = Family.objects.get(pk=moved.family_id)
        before = refused(family)
        settle_transfers(str(moved.territory_id))

        assert (before, refused(family)) == ("followed_elsewhere", "followed_elsewhere")


@pytest.mark.parametrize("state", [PathwayState.WITHDRAWN, PathwayState.BEREAVED, PathwayState.MOVED])
def test_file_of_a_follow_up_that_stopped_opens_to_nobody(vallees: scope.Scope, state: str) -> None:
    pathway = factories.make_pathway()
    Pathway.objects.update(state=state)

    assert refused(pathway.family) == "stopped"


def test_file_of_a_silent_birth_opens_to_nobody(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    Birth.objects.update(is_silent=True)

    assert refused(pathway.family) == "stopped"


def test_file_of_a_pathway_that_ended_well_still_opens(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(state=PathwayState.CLOSED)

    families.open_family_to(**opening(pathway.family))

    assert FamilyGrant.objects.exists()


def test_answers_noted_after_the_stop_open_nothing_and_are_kept(moved: FamilyTransfer) -> None:
    with scope.opened(inside(VALLEES)):
        family = Family.objects.get(pk=moved.family_id)
        person = {"member": factories.who("iris"), "role": CircleRole.LIBERAL_MIDWIFE}
        factories.make_circle_member(family, **person)

        families.change_recipients(
            family=family, agreements={Recipient.LIBERAL_MIDWIFE: Agreement.YES}, by=factories.who("elise"),
            at=clock.now(),
        )  # fmt: skip

        assert not FamilyGrant.objects.filter(user=factories.who("iris").user).exists()


@pytest.mark.parametrize("is_settled", [False, True])
def test_page_offers_nothing_and_lists_no_opening(as_: Any, moved: FamilyTransfer, *, is_settled: bool) -> None:
    with scope.opened(inside(VALLEES)):
        if is_settled:
            settle_transfers(str(moved.territory_id))
        family = Family.objects.get(pk=moved.family_id)

        page = as_("elise").get(address("open_family", family.public_id)).content.decode()
        circle = as_("elise").get(address("circle", family.public_id)).content.decode()

    assert ELSEWHERE in page
    assert "Dossier ouvert à personne" in page
    assert [word for word in ("Ines", "Ouvert maintenant", "Ouvrir à un professionnel") if word in page] == []
    assert "Ouvrir le dossier" not in circle


def test_page_of_a_follow_up_that_stopped_closes_what_is_open_and_opens_nothing(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    factories.make_grant(pathway.family, to=factories.who("ines"))
    Pathway.objects.update(state=PathwayState.WITHDRAWN)

    page = as_("elise").get(address("open_family", pathway.family.public_id)).content.decode()

    assert "L’accompagnement est arrêté" in page
    assert "Refermer" in page
    assert "Ouvrir à un professionnel" not in page


@pytest.mark.parametrize("is_settled", [False, True])
def test_old_side_reads_the_yes_and_what_ended_with_it(as_: Any, moved: FamilyTransfer, *, is_settled: bool) -> None:
    with scope.opened(inside(VALLEES)):
        if is_settled:
            settle_transfers(str(moved.territory_id))
        family = Family.objects.get(pk=moved.family_id)

        page = as_("elise").get(f"/t/{VALLEES}/families/{family.public_id}/")
        told = [event.title for day in page.context["story"] for event in day.events]

    assert "Transfert accepté par Lagon" in told
    assert "Dossier refermé pour Ines Martin" in told
    assert "Visite V2 annulée" in told
    assert told.count("Transfert accepté par Lagon") == 1

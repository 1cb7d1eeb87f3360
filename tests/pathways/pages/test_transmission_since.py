"""What the PMI was told after a refusal, once the mother has said yes; and which service her yes to the PMI names."""

from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions.relays import reassign_relay
from pathways.enums import Recipient
from pathways.models import Proposal
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

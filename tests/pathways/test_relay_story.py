"""What the story tells of a relay: the words, the reasons, and to whom."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions import relays
from pathways.models import Pathway, PmiRelay
from pathways.reads.story import told
from pathways.reads.told import Told
from territories.models import PmiSector
from tests import factories


def made() -> PmiRelay:
    """A relay declined by Ligny, given to Brécourt, which has not answered."""
    relay = PmiRelay.objects.get(pathway=factories.make_pathway(ap=factories.who("amal")))
    at = clock.now()
    relays.decline_relay(relay=relay, reason="Sans puéricultrice", by=factories.who("gaelle"), at=at)
    sector = PmiSector.objects.get(structure__name="PMI de Brécourt")
    relays.reassign_relay(relay=relay, sector=sector, reason="Elle déménage", by=factories.who("farid"), at=at)
    return PmiRelay.objects.get()


def of_relay(relay: PmiRelay, name: str) -> list[Told]:
    return [event for event in told(relay.family, factories.who(name)) if event.icon == "swap"]


def words(relay: PmiRelay, name: str) -> str:
    return "\n".join(f"{event.title} {event.text}" for event in of_relay(relay, name))


@pytest.mark.parametrize("name", ["elise", "nora", "farid", "amal", "gina"])
def test_team_and_the_pmi_that_holds_it_read_each_decision_with_its_reason(vallees: scope.Scope, name: str) -> None:
    found = words(made(), name)

    assert "Relais décliné par la PMI Sans puéricultrice. Par Gaelle Martin." in found
    assert "Relais confié à un autre secteur, PMI de Brécourt Elle déménage. Par Farid Martin." in found


@pytest.mark.parametrize("name", ["ines", "gaelle"])
def test_others_read_that_there_is_a_relay_and_no_reason(vallees: scope.Scope, name: str) -> None:
    relay = made()
    factories.make_grant(relay.family, to=factories.who(name))

    found = words(relay, name)

    assert "Relais PMI préparé" in found
    assert "décliné" not in found
    assert "déménage" not in found


@pytest.mark.parametrize(("name", "page"), [("farid", "pathways:relay"), ("amal", ""), ("ines", "")])
def test_page_of_the_relay_is_offered_to_those_who_may_open_it(vallees: scope.Scope, name: str, page: str) -> None:
    assert {event.page for event in of_relay(made(), name)} == {page}


def test_end_of_the_overlap_is_told(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), state="closed")
    ends_at: Any = clock.now() - timedelta(days=1)
    Pathway.objects.update(team_ends_at=ends_at)

    found = {event.title: event.at for event in of_relay(PmiRelay.objects.get(pathway=pathway), "elise")}

    assert found["L’équipe de référence laisse la famille à la PMI"] == ends_at

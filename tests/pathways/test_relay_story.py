"""What the story tells of a relay: the words, the reasons, and to whom."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.french import full_day
from pathways.actions import relays
from pathways.actions.relay_followup import set_outcome
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


def ended(outcome: str = "moved") -> PmiRelay:
    relay, at = factories.make_relay(), clock.now()
    day, gaelle = clock.local_date(at, "Europe/Paris"), factories.who("gaelle")
    relays.accept_relay(relay=relay, next_contact_on=day, by=gaelle, at=at)
    set_outcome(relay=relay, outcome=outcome, on=day, words="Chez sa sœur", by=gaelle, at=at)
    return PmiRelay.objects.get()


@pytest.mark.parametrize("name", ["elise", "farid", "gaelle"])
def test_outcome_is_told_with_its_day_and_its_words(vallees: scope.Scope, name: str) -> None:
    relay = ended()
    found = {event.title: (event.at, event.text) for event in of_relay(relay, name)}

    assert relay.outcome_on is not None
    since = f"La famille a déménagé, depuis le {full_day(relay.outcome_on)}. Chez sa sœur."
    assert found["Issue du relais"] == (relay.outcome_at, since)
    assert found["La PMI n’a plus accès au dossier"] == (relay.ends_at, "Il reste à l’équipe de référence.")


def test_words_of_the_outcome_are_not_for_the_midwife(vallees: scope.Scope) -> None:
    relay = ended()
    factories.make_grant(relay.family, to=factories.who("ines"))

    assert "sœur" not in words(relay, "ines")
    assert "déménagé" not in words(relay, "ines")


def test_outcome_that_goes_on_ends_nothing(vallees: scope.Scope) -> None:
    assert "n’a plus accès" not in words(ended("followed"), "elise")


def test_end_of_the_overlap_is_told(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), state="closed")
    ends_at: Any = clock.now() - timedelta(days=1)
    Pathway.objects.update(team_ends_at=ends_at)

    found = {event.title: event.at for event in of_relay(PmiRelay.objects.get(pathway=pathway), "elise")}

    assert found["L’équipe de référence passe la main à la PMI"] == ends_at

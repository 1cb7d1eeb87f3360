"""The PMI ends its follow-up of a family nobody there has met: the team is told that nobody follows the child."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions import relay_followup, relays
from pathways.actions.shared import local_day
from pathways.enums import RelayOutcome
from pathways.models import PmiRelay
from tests import factories
from visits.reads.todo.base import Now
from visits.reads.todo.page import waiting_for

TASK = "Relais terminé sans contact, à reprendre"


@pytest.fixture
def relay(vallees: scope.Scope) -> PmiRelay:
    """Ligny has accepted, with its next contact in two days."""
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=20)
    at = clock.now()
    contact = local_day(at) + timedelta(days=2)
    found = PmiRelay.objects.get(pathway=pathway)
    relays.accept_relay(relay=found, next_contact_on=contact, by=factories.who("gaelle"), at=at)
    return PmiRelay.objects.get()


def note(relay: PmiRelay, outcome: str = RelayOutcome.ENDED) -> None:
    at = clock.now()
    relay_followup.set_outcome(relay=relay, outcome=outcome, on=local_day(at), by=factories.who("gaelle"), at=at)


def meet(relay: PmiRelay, *, has_met: bool = True) -> None:
    at = clock.now()
    relay_followup.note_contact(
        relay=relay,
        on=local_day(at),
        kind="visit",
        has_met=has_met,
        next_contact_on=None,
        by=factories.who("gaelle"),
        at=at,
    )


def tasks(name: str) -> list[str]:
    at = clock.now()
    now = Now(at, clock.local_date(at, "Europe/Paris"), "Europe/Paris")
    return [one.words for one in waiting_for(factories.who(name), now)]


@pytest.mark.parametrize("who", ["farid", "elise"])
def test_page_and_lists_say_ended_without_a_contact(relay: PmiRelay, as_: Callable[[str], Any], who: str) -> None:
    note(relay)

    assert PmiRelay.objects.get().next_contact_on is None
    page = as_(who).get(f"/t/vallees/relays/{relay.public_id}/").content.decode()
    assert "relais terminé sans contact" in page
    assert "relais accepté" not in page.lower()
    assert "Prochain contact" not in page
    listed = as_(who).get("/t/vallees/relays/?etat=acceptes").content.decode()
    assert "Terminé sans contact" in listed
    assert "contact {" not in listed


def test_team_has_a_task_until_it_has_spoken_with_the_pmi(relay: PmiRelay) -> None:
    note(relay)

    assert TASK in tasks("farid")
    assert TASK not in tasks("gaelle")
    relays.note_spoken(
        relay=relay,
        on=local_day(clock.now()),
        who="Farid",
        with_whom="Gaëlle",
        by=factories.who("farid"),
        at=clock.now(),
    )
    assert TASK not in tasks("farid")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (RelayOutcome.FAMILY_DECLINES, "la famille ne souhaite pas de suite"),
        (RelayOutcome.MOVED, "la famille a déménagé"),
    ],
)
def test_reason_given_by_a_pmi_that_met_nobody_is_a_task_too(
    relay: PmiRelay, as_: Callable[[str], Any], outcome: str, said: str
) -> None:
    note(relay, outcome)

    assert TASK in tasks("farid")
    assert said in as_("farid").get("/t/vallees/todo/").content.decode()
    page = as_("farid").get(f"/t/vallees/relays/{relay.public_id}/").content.decode()
    assert f"«\u00a0{said}\u00a0» sans avoir rencontré la famille" in page
    meet(relay)
    assert TASK not in tasks("farid")


def test_met_family_or_another_outcome_is_no_task(relay: PmiRelay, as_: Callable[[str], Any]) -> None:
    note(relay, RelayOutcome.FOLLOWED)
    assert TASK not in tasks("farid")
    assert PmiRelay.objects.get().next_contact_on

    meet(relay, has_met=False)
    note(relay)
    assert TASK in tasks("farid")

    meet(relay)
    assert TASK not in tasks("farid")
    page = as_("farid").get(f"/t/vallees/relays/{relay.public_id}/").content.decode()
    assert "sans contact" not in page

"""A decision confided to the PMI comes back to the team once its owner has lost the family."""

from collections.abc import Callable
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions import families, relays
from pathways.actions.shared import local_day
from pathways.enums import Agreement, DecisionState, Recipient
from pathways.models import Decision, PmiRelay
from territories.models import PmiSector
from tests import factories
from visits.reads.todo.base import Now
from visits.reads.todo.page import waiting_for

TASK = "Décision de réunion à confier de nouveau"
BADGE = "À confier de nouveau"


@pytest.fixture
def decision(vallees: scope.Scope) -> Decision:
    """Gaëlle of the PMI of Ligny, which waits to accept the relay, is to do it within a week."""
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=20)
    held = factories.make_meeting(is_validated=True)
    return factories.make_decision(factories.make_meeting_item(held, pathway.family), owner=factories.who("gaelle"))


def tasks(name: str) -> list[str]:
    at = clock.now()
    now = Now(at, clock.local_date(at, "Europe/Paris"), "Europe/Paris")
    return [one.words for one in waiting_for(factories.who(name), now)]


def reassign() -> None:
    PmiRelay.objects.update(sector=PmiSector.objects.get(structure__name="PMI de Brécourt"))


def refuse(decision: Decision) -> None:
    relay, at = PmiRelay.objects.get(), clock.now()
    relays.accept_relay(relay=relay, next_contact_on=local_day(at), by=factories.who("gaelle"), at=at)
    families.change_recipients(
        family=decision.family, agreements={Recipient.PMI: Agreement.NO}, by=factories.who("amal"), at=at
    )


@pytest.mark.parametrize("how", ["reassigned", "refused"])
def test_team_is_to_confide_it_again(decision: Decision, as_: Callable[[str], Any], how: str) -> None:
    assert TASK not in tasks("farid")
    assert BADGE not in as_("elise").get("/t/vallees/decisions/?etat=equipe").content.decode()

    if how == "refused":
        refuse(decision)
    else:
        reassign()

    assert TASK in tasks("farid")
    assert TASK not in tasks("gaelle")
    assert BADGE in as_("elise").get("/t/vallees/decisions/?etat=equipe").content.decode()


def test_decision_settled_or_of_the_team_is_not(decision: Decision) -> None:
    Decision.objects.update(owner=factories.who("amal"))
    reassign()
    assert TASK not in tasks("farid")

    Decision.objects.update(
        owner=factories.who("gaelle"),
        state=DecisionState.DONE,
        settled_by=factories.who("gaelle"),
        settled_at=clock.now(),
    )
    assert TASK not in tasks("farid")


def test_page_no_longer_promises_the_sixth_birthday_after_her_no(decision: Decision, as_: Callable[[str], Any]) -> None:
    page = f"/t/vallees/relays/{PmiRelay.objects.get().public_id}/"
    relay, at = PmiRelay.objects.get(), clock.now()
    relays.accept_relay(relay=relay, next_contact_on=local_day(at), by=factories.who("gaelle"), at=at)
    assert "sixième anniversaire" in as_("elise").get(page).content.decode()

    families.change_recipients(
        family=decision.family, agreements={Recipient.PMI: Agreement.NO}, by=factories.who("amal"), at=at
    )

    assert "sixième anniversaire" not in as_("elise").get(page).content.decode()

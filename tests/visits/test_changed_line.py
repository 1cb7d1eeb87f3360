"""After a twin's death, whoever is about to call speaks to the team first: no name, no cause (alerts.md 6.1)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.models import Child, Decision, Orientation, Pathway
from tests import queries
from tests.factories import (
    make_birth,
    make_death,
    make_decision,
    make_meeting,
    make_meeting_item,
    make_need,
    make_orientation,
    make_pathway,
    make_relay,
    who,
)

LINE = "Le suivi de cette famille a changé"


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    """Twins followed by Amal, a decision of a meeting confided to her, an orientation to decide, a relay."""
    pathway = make_pathway(make_birth(days_ago=20, children=2), ap=who("amal"))
    decide(pathway)
    make_orientation(make_need(pathway))
    make_relay(pathway, due_on=clock.now().date() - timedelta(days=1))
    return pathway


def decide(pathway: Pathway) -> Decision:
    return make_decision(make_meeting_item(make_meeting(is_validated=True), pathway.family), owner=who("amal"), days=0)


def loses(pathway: Pathway, rank: int = 1) -> Child:
    child: Child = Child.objects.get(birth=pathway.birth, rank=rank)
    make_death(pathway.birth, child)
    return child


PAGES: dict[str, tuple[str, Callable[[Pathway], str]]] = {
    "tasks": ("amal", lambda pathway: "todo/"),
    "decisions": ("amal", lambda pathway: "decisions/"),
    "decision": ("amal", lambda pathway: f"decisions/{Decision.objects.get().public_id}/"),
    "orientation": ("farid", lambda pathway: f"orientations/{Orientation.objects.get().public_id}/"),
    "relay": ("gaelle", lambda pathway: f"relays/{make_relay(pathway).public_id}/"),
}


@pytest.mark.parametrize("page", PAGES)
def test_page_says_to_speak_to_the_team_first(as_: Any, pathway: Pathway, page: str) -> None:
    name, path = PAGES[page]
    address = f"/t/vallees/{path(pathway)}"
    before = as_(name).get(address)
    assert before.status_code == 200
    assert LINE not in before.content.decode()

    dead = loses(pathway)
    after = as_(name).get(address).content.decode()

    assert LINE in after
    assert "parlez d’abord à l’équipe de référence" in after
    for word in (dead.first_name, "décès"):
        assert word not in after


@pytest.mark.parametrize("page", ["tasks", "decisions"])
def test_line_costs_no_more_for_ten_families(as_: Any, pathway: Pathway, page: str) -> None:
    loses(pathway)
    name, path = PAGES[page]
    address = f"/t/vallees/{path(pathway)}"
    client = as_(name)
    client.get(address)
    one = queries.count(client, address)
    for _ in range(9):
        other = make_pathway(make_birth(days_ago=20, children=2), ap=who("amal"))
        decide(other)
        loses(other)

    assert queries.count(client, address) == one


def test_mourning_says_its_own_words(as_: Any, pathway: Pathway) -> None:
    loses(pathway)
    loses(pathway, 2)

    page = as_("amal").get(f"/t/vallees/decisions/{Decision.objects.get().public_id}/").content.decode()

    assert LINE not in page

"""After a twin's death, whoever is about to call speaks to the team first: no name, no cause (alerts.md 6.1)."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from copa.kernel import clock, scope
from pathways.models import Child, Decision, Orientation, Pathway, PmiRelay, StaffMeeting
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
    make_visit,
    who,
)
from visits.models import Visit

LINE = "Le suivi de cette famille a changé"


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    """Twins followed by Amal, a decision of a meeting confided to her, an orientation to decide, a relay.

    Another meeting is to come; Gaëlle of the PMI makes the third visit.
    """
    pathway = make_pathway(make_birth(days_ago=20, children=2), ap=who("amal"))
    decide(pathway)
    make_orientation(make_need(pathway))
    make_relay(pathway, due_on=clock.now().date() - timedelta(days=1))
    make_meeting_item(make_meeting(present=(who("gaelle"),)), pathway.family)
    make_visit(pathway, "V3", ap=who("gaelle"), not_joint_reason="AP_FROM_PMI")
    return pathway


def coming() -> StaffMeeting:
    found: StaffMeeting = StaffMeeting.objects.get(closed_at=None)
    return found


def relay_of(pathway: Pathway) -> str:
    return f"relays/{PmiRelay.objects.get(pathway=pathway).public_id}/"


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
    "relay": ("gaelle", relay_of),
    "relay file": ("gaelle", lambda pathway: f"{relay_of(pathway)}file/"),
    "orientations": ("farid", lambda pathway: "orientations/"),
    "relays": ("gaelle", lambda pathway: "relays/"),
    "first page of the PMI": ("gaelle", lambda pathway: "pmi/"),
    "visits of the PMI": ("gaelle", lambda pathway: "pmi/visits/"),
    "visit of the PMI": ("gaelle", lambda pathway: f"visits/{Visit.objects.get().public_id}/joint/"),
    "agenda": ("gaelle", lambda pathway: f"meetings/{coming().public_id}/"),
    "minutes": ("farid", lambda pathway: f"meeting-items/{Decision.objects.get().item.public_id}/minutes/"),
    "families": ("gaelle", lambda pathway: "families/"),
}
PAPERS: dict[str, tuple[str, Callable[[Pathway], str]]] = {
    "relay file": ("gaelle", lambda pathway: f"{relay_of(pathway)}file/pdf/"),
    "agenda": ("gaelle", lambda pathway: f"meetings/{coming().public_id}/pdf/"),
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
    assert "parlez d’abord à l’équipe de référence" in after.lower()
    assert dead.first_name not in after
    # The way to tell a death stands on the visits one makes, whatever happened.
    assert after.count("décès") == before.content.decode().count("décès")


def text_of(answer: Any) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("paper", PAPERS)
def test_paper_says_it_too(as_: Any, pathway: Pathway, paper: str) -> None:
    name, path = PAPERS[paper]
    address = f"/t/vallees/{path(pathway)}"
    assert LINE not in text_of(as_(name).get(address))

    dead = loses(pathway)
    after = text_of(as_(name).get(address))

    assert LINE in after
    assert dead.first_name not in after


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

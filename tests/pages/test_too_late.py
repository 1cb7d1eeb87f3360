"""A second click, the "back" button, a faster colleague: the page says what has already happened."""

from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.access import registry
from pathways.enums import PathwayState
from pathways.models import Pathway
from territories.models import AccessLog
from tests import factories
from tests.cast import VALLEES, Person, inside
from tests.guards import GuardedClient
from visits.enums import VisitKind, VisitState
from visits.models import Visit


@pytest.fixture
def visit(cast: dict[str, Person]) -> Any:
    """A planned visit of Amal's family."""
    with scope.opened(inside(VALLEES)):
        return factories.make_visit(factories.make_pathway(ap=cast["amal"].member), VisitKind.V1)


def told(client: GuardedClient, url: str, *, method: str = "get") -> tuple[list[tuple[str, int]], str]:
    """Where the answer leads, and the page one arrives on."""
    response = getattr(client, method)(url, follow=True)
    return response.redirect_chain, response.content.decode()


def refusals() -> int:
    with scope.opened(inside(VALLEES)):
        return AccessLog.objects.filter(is_refused=True).count()


@pytest.mark.parametrize("method", ["get", "post"])
def test_visit_already_cancelled_is_told_on_the_family_page(
    client: GuardedClient, cast: dict[str, Person], visit: Any, method: str
) -> None:
    with scope.opened(inside(VALLEES)):
        Visit.objects.filter(pk=visit.pk).update(state=VisitState.CANCELLED)
        family = visit.family.public_id
    client.force_login(cast["elise"].user)

    way, page = told(client, reverse("visits:change", args=[VALLEES, visit.public_id]), method=method)

    assert way == [(reverse("visits:family", args=[VALLEES, family]), 302)]
    assert "Cette visite est déjà annulée." in page
    assert refusals() == 0


@pytest.mark.parametrize("address", ["withdraw", "stop", "assign"])
def test_pathway_already_stopped_is_told(
    client: GuardedClient, cast: dict[str, Person], visit: Any, address: str
) -> None:
    with scope.opened(inside(VALLEES)):
        Pathway.objects.filter(pk=visit.pathway_id).update(state=PathwayState.WITHDRAWN)
        pathway = visit.pathway.public_id
    client.force_login(cast["elise"].user)

    _, page = told(client, reverse(f"pathways:{address}", args=[VALLEES, pathway]))

    assert "Ce parcours est déjà arrêté, à la demande de la famille." in page
    assert refusals() == 0


@pytest.mark.parametrize("name", ["meeting_validate", "meeting_presence", "agenda_add"])
def test_meeting_already_validated_is_told_on_its_page(
    client: GuardedClient, cast: dict[str, Person], visit: Any, name: str
) -> None:
    with scope.opened(inside(VALLEES)):
        held = factories.make_meeting(present=(cast["elise"].member, cast["farid"].member), is_validated=True)
    client.force_login(cast["elise"].user)

    way, page = told(client, reverse(f"pathways:{name}", args=[VALLEES, held.public_id]), method="post")

    assert way == [(reverse("pathways:meeting", args=[VALLEES, held.public_id]), 302)]
    assert "Le compte rendu de cette réunion est validé" in page
    assert refusals() == 0


def test_whatever_may_be_past_has_a_way_back() -> None:
    models = {perm.model for perm in registry.values() if perm.moment}

    without = {model for model in models if not hasattr(apps.get_model(model), "traced_family_id")}

    assert without == {"pathways.StaffMeeting", "territories.Post"}


def test_somebody_elses_visit_is_refused_whatever_its_state(
    client: GuardedClient, cast: dict[str, Person], visit: Any
) -> None:
    with scope.opened(inside(VALLEES)):
        Visit.objects.filter(pk=visit.pk).update(state=VisitState.CANCELLED)
    client.force_login(cast["bea"].user)

    assert client.get(reverse("visits:change", args=[VALLEES, visit.public_id])).status_code == 403
    assert refusals() == 1


def test_api_answers_a_conflict(client: GuardedClient, cast: dict[str, Person], visit: Any) -> None:
    with scope.opened(inside(VALLEES)):
        Pathway.objects.filter(pk=visit.pathway_id).update(state=PathwayState.MOVED)
        pathway = visit.pathway.public_id
    client.force_login(cast["elise"].user)

    asked = {
        "pathway": str(pathway),
        "kind": "V2",
        "ap": str(cast["amal"].member.public_id),
        "planned_at": "2026-12-01T09:00:00Z",
    }
    response = client.post(f"/api/v1/t/{VALLEES}/visits/", asked, content_type="application/json")

    assert response.status_code == 409
    assert response.json()["message"] == "Ce parcours est déjà arrêté, après un déménagement."

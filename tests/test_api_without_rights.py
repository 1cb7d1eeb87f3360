"""Somebody with an account and no place in a territory (a parent, one day) finds nothing of the API behind its door."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from copa.kernel import scope
from copa.pages.api import router
from territories.models import Member, User
from tests import factories
from tests.cast import VALLEES, Person, inside
from tests.guards import GuardedClient

METHODS = ("get", "post", "put", "patch", "delete")
# From the router itself: a route that is added is asked too.
ROUTES = sorted({(pattern.name, tuple(pattern.pattern.regex.groupindex)) for pattern in router.urls})


@pytest.fixture
def keys(cast: dict[str, Person]) -> list[str]:
    """What her own family is known by, and a key nobody has."""
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=factories.who("amal"))
        visit = factories.make_visit(pathway)
        return [str(pathway.family.public_id), str(pathway.public_id), str(visit.public_id), str(uuid4())]


def answers(client: GuardedClient, name: str, names: tuple[str, ...], key: str) -> set[int]:
    """The status of every method on this address."""
    about = {one: VALLEES if one == "slug" else key for one in names}
    url = reverse(f"api:{name}", kwargs={"slug": VALLEES} | about)
    return {getattr(client, method)(url, content_type="application/json").status_code for method in METHODS}


def test_the_router_has_routes_to_ask() -> None:
    assert {"family-list", "family-detail", "visit-detail", "report-list"} <= {name for name, _ in ROUTES}


@pytest.mark.parametrize("is_signed_in", [True, False])
@pytest.mark.parametrize(("name", "names"), ROUTES)
def test_no_route_answers_somebody_without_a_membership(
    keys: list[str], name: str, names: tuple[str, ...], is_signed_in: Any
) -> None:
    client = GuardedClient()
    if is_signed_in:
        parent = User.objects.create_user(email="parent@famille.example", password="Une phrase assez longue 9")
        assert not Member.unscoped.filter(user=parent).exists()
        client.force_login(parent)

    found = set().union(*(answers(client, name, names, key) for key in keys))

    assert found <= {401, 404}

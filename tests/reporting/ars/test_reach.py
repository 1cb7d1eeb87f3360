"""Above territories no family is within reach by any address."""

import logging
import re
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from copa.kernel import scope
from territories.models import AccessLog
from tests import factories, world
from tests.cast import VALLEES, Person, inside

# ---- No family is within reach ---------------------------------------------------------------------------------
LIBRARIES = ("accounts/", "admin/")


def routes(patterns: list[Any], prefix: str = "") -> list[str]:
    """Every address of the product, as written in the URLconf."""
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            found += routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found.append(route)
    return found


def filled(route: str, public_id: str) -> str:
    """An address with real values: a territory that exists, an object that exists there."""
    for pattern, value in (
        (r"\(\?P<slug>[^)]*\)|<slug:slug>", VALLEES),
        (r"\(\?P<format>[^)]*\)", "json"),
        (r"\(\?P<\w+>[^)]*\)|<uuid:\w+>|<drf_\w+:\w+>", public_id),
        (r"<int:\w+>", "1"),
        (r"<(\w+:)?\w+>", "csv"),
        (r"\\Z|\$|\?$", ""),
        (r"\\\.", "."),
    ):
        route = re.sub(pattern, value, route)
    return f"/{route}"


def addresses(*, in_territory: bool) -> list[str]:
    """The product's own addresses, inside territories or outside them.

    Not the one-time links: they ask nobody to sign in, a token opens them (tests/pathways/pages/test_answer_links.py,
    tests/visits/test_copy_links.py, tests/territories/test_capacity.py), nor the spaces of parents, which know no
    member (tests/messaging/test_space_pages.py).
    """
    outside = (*LIBRARIES, "reponse/", "lecture/", "places/", "entree/", "espace/")
    ours = [route for route in routes(get_resolver().url_patterns) if not route.startswith(outside)]
    return sorted({route for route in ours if ("slug" in route) == in_territory})


@pytest.mark.parametrize("who", ["hugo", "karim", "lina"])
def test_officer_reaches_no_family_by_any_address(client, cast: dict[str, Person], caplog, who: str) -> None:
    with scope.opened(inside(VALLEES)):
        family = world.build(cast)["family"]
    client.force_login(cast[who].user)
    wrong = {}

    for route in addresses(in_territory=True):
        caplog.clear()
        with caplog.at_level(logging.WARNING, logger="copa.access"):
            response = client.get(filled(route, str(family)))
        refused = [record for record in caplog.records if record.name == "copa.access"]
        if response.status_code not in {403, 404} or len(refused) != 1 or b"Haddad" in response.content:
            wrong[route] = (response.status_code, len(refused))

    assert wrong == {}
    assert any(route.startswith("api/v1/") for route in addresses(in_territory=True))
    with scope.opened(inside(VALLEES)):
        lines = AccessLog.objects.filter(is_refused=True, user=cast[who].user)
        assert lines.count() == len(addresses(in_territory=True)) > 30


def test_pages_outside_territories_name_no_family(client, cast: dict[str, Person], region) -> None:
    with scope.opened(inside(VALLEES)):
        family = factories.make_family(name="Zarquevin")
    client.force_login(cast["hugo"].user)

    for route in addresses(in_territory=False):
        response = client.get(filled(route, ""))
        content = b"" if response.streaming else response.content
        assert b"Zarquevin" not in content, route
        assert family.reference.encode() not in content, route

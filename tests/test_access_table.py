"""Every address, every person: the table is complete, and true."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from copa.kernel import scope
from tests import world as world_module
from tests.access_table import ABOVE, INSIDERS, OPEN, OUTSIDERS, ROWS, Row
from tests.cast import VALLEES, Person, inside

# Addresses of libraries: signing in (allauth), support (Django's admin).
LIBRARIES = ("account_", "mfa_", "usersessions_", "admin:", "reauthenticate", "socialaccount_")


def addresses(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """The name of each address of the product."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}"


def test_table_covers_every_address() -> None:
    ours = {name for name in addresses(get_resolver().url_patterns) if not name.startswith(LIBRARIES)}
    known = {row.name for row in ROWS} | OPEN | ABOVE

    assert sorted(ours - known) == []
    assert sorted(known - ours) == []


@pytest.fixture
def world(cast: dict[str, Person]) -> dict[str, Any]:
    """One family of Saint-Rémi followed by Amal, handed to the PMI of Ligny, opened to Inès; public ids by name."""
    with scope.opened(inside(VALLEES)):
        return world_module.build(cast)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.name}")
def test_each_person_gets_the_answer_of_the_table(
    client, cast: dict[str, Person], world: dict[str, Any], row: Row
) -> None:
    about = [world[row.about]] if row.about else []
    url = reverse(row.name, args=[VALLEES, *about, *row.extra])

    found = {}
    for who in sorted(INSIDERS | OUTSIDERS):
        client.force_login(cast[who].user)
        status = getattr(client, row.method)(url, content_type="application/json").status_code
        found[who] = str(status) if status in {401, 403, 404} or status >= 500 else "answer"

    assert found == {who: row.expected(who) for who in sorted(INSIDERS | OUTSIDERS)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_nobody_enters_without_signing_in(client, world: dict[str, Any], row: Row) -> None:
    about = [world[row.about]] if row.about else []
    url = reverse(row.name, args=[VALLEES, *about, *row.extra])

    response = getattr(client, row.method)(url)

    assert response.status_code == (401 if url.startswith("/api/") else 302)

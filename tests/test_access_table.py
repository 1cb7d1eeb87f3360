"""Every address, every person: the table is complete, and true."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from copa.kernel import scope
from tests import world as world_module
from tests.access import ROWS
from tests.access.row import ABOVE, INSIDERS, OPEN, OUTSIDERS, Row
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


def ask(client: Any, row: Row, world: dict[str, Any]) -> str:
    """What this address answers: "answer", or the status of a refusal or of a fault."""
    about = [world[row.about]] if row.about else []
    url = reverse(row.name, args=[VALLEES, *about, *row.extra])
    response = getattr(client, row.method)(url, content_type="application/json")
    if response.streaming:
        # Read to its end: that closes the file. `close()` would close the test's own connection too.
        response.getvalue()
    status = response.status_code
    return str(status) if status in {401, 403, 404} or status >= 500 else "answer"


@pytest.mark.parametrize("who", sorted(INSIDERS | OUTSIDERS))
def test_person_gets_the_answers_of_the_table(client, cast: dict[str, Person], world: dict[str, Any], who: str) -> None:
    client.force_login(cast[who].user)

    found = {f"{row.method} {row.name}": ask(client, row, world) for row in ROWS}

    assert found == {f"{row.method} {row.name}": row.expected(who) for row in ROWS}


def test_nobody_enters_without_signing_in(client, world: dict[str, Any]) -> None:
    for row in ROWS:
        about = [world[row.about]] if row.about else []
        url = reverse(row.name, args=[VALLEES, *about, *row.extra])

        response = getattr(client, row.method)(url)

        assert response.status_code == (401 if url.startswith("/api/") else 302), row.name

"""Who stands before the pages of this app."""

from typing import Any

import pytest

from tests.cast import Person
from tests.guards import GuardedClient


@pytest.fixture
def as_(client: GuardedClient, cast: dict[str, Person]) -> Any:
    """`as_("farid")` is the client of Farid."""

    def sign_in(name: str) -> GuardedClient:
        client.force_login(cast[name].user)
        return client

    return sign_in

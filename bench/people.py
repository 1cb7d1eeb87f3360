"""Who asks: a signed-in client per role, and the territories from the fullest to the smallest."""

import os
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from copa.demo.places import SHAPES
from copa.kernel import scope
from territories.models import Territory, User


class Person:
    """A client with the session of one account; every answer must be a page."""

    def __init__(self, email: str) -> None:
        self.client = Client()
        self.client.force_login(User.objects.get(email=email))

    def get(self, url: str, expected: int = 200) -> Any:
        answer = self.client.get(url)
        assert answer.status_code == expected, f"{url}: {answer.status_code}"
        return answer

    def queries(self, url: str) -> int:
        """How many statements one more request of this address runs."""
        self.get(url)
        with CaptureQueriesContext(connection) as found:
            self.get(url)
            count = len(found)
        return count


@dataclass(frozen=True)
class Place:
    """A territory of the bench; `key` is the end of its accounts' addresses."""

    slug: str
    key: str

    def person(self, mailbox: str) -> Person:
        return Person(f"{mailbox}@{self.key}.copa.example")

    def scope(self) -> scope.Scope:
        territory = Territory.objects.get(slug=self.slug)
        return scope.Scope(actor="bench", territory_id=territory.pk, slug=self.slug)


def _chosen() -> Place:
    """The first territory, or the one of BENCH_TERRITORY: the larger ones of a large database are the others."""
    slug = os.environ.get("BENCH_TERRITORY", SHAPES[0].slug)
    return next(Place(shape.slug, shape.key) for shape in SHAPES if shape.slug == slug)


FULL = _chosen()

"""The same page on a small and on a large database, in turn: what the number of families does to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

from bench.measure import Timing, compared, in_turn
from bench.pages import addresses
from bench.people import FULL, Person
from copa.kernel import scope
from pathways.models import Family

ROUNDS = 40
AIM = "≤ 1.2×"
API = ("families", "pathways", "visits", "reports")


class Side:
    """One database with its own connection, clients and addresses."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._connection = connections["default"].copy()
        self._connection.settings_dict = {**self._connection.settings_dict, "NAME": name}
        self._people: dict[str, Person] = {}
        with self.chosen(), scope.opened(FULL.scope()):
            self.families = Family.objects.count()
        with self.chosen():
            self.addresses = addresses()

    @contextmanager
    def chosen(self) -> Iterator[None]:
        """The block's queries run on this database."""
        former = connections["default"]
        connections["default"] = self._connection
        try:
            yield
        finally:
            connections["default"] = former

    def get(self, mailbox: str, url: str) -> Any:
        """Ask as the account of this mailbox in the territory of the bench."""
        with self.chosen():
            if mailbox not in self._people:
                self._people[mailbox] = FULL.person(mailbox)
            return self._people[mailbox].get(url)

    def close(self) -> None:
        self._connection.close()


def growth(small: str, large: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every page of a territory and every list of the API, on the large database against the small one."""
    one, other = Side(small), Side(large)
    try:
        for name, mailbox, url in one.addresses:
            there = next(place for title, _, place in other.addresses if title == name)
            yield f"growth, {name}", _grown(one, other, mailbox, url, there)
        for name in API:
            url = f"/api/v1/t/{FULL.slug}/{name}/?limit=50"
            yield f"growth, API: {name}", _grown(one, other, "coordination", url, url)
    finally:
        one.close()
        other.close()


def _grown(one: Side, other: Side, mailbox: str, url: str, there: str) -> dict[str, Any]:
    floor: Timing
    figure, floor = in_turn(lambda: other.get(mailbox, there), lambda: one.get(mailbox, url), rounds=ROUNDS)
    return compared(figure, floor, AIM, families=other.families, floor_families=one.families)

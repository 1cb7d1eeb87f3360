"""The territory in scope: the first wall between territories, and the door to the second one.

A scope is opened in two places, the middleware and the task base class, and nowhere else in application code.
It does three things together: it opens one database transaction, it tells PostgreSQL who acts and where (the
row-level security policies of `walls` read those settings), and it gives the managers their filter.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction


class NoTerritory(RuntimeError):
    """A territory table was asked outside any territory: forgetting the scope is an error, not a leak."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Who acts, where and why. `territory_id` is None for pages outside a territory (sign-in, ARS)."""

    actor: str
    territory_id: UUID | None = None
    slug: str = ""
    user_id: int | None = None
    region_code: str = ""
    reason: str = ""

    def settings(self) -> dict[str, str]:
        """The PostgreSQL settings read by policies and history triggers; '' means absent."""
        return {
            "copa.territory": str(self.territory_id or ""),
            "copa.user": str(self.user_id or ""),
            "copa.region": self.region_code,
            "copa.actor": self.actor,
            "copa.reason": self.reason,
        }


NOBODY = Scope(actor="")
_scope: ContextVar[Scope] = ContextVar("scope", default=NOBODY)


def current() -> Scope:
    """The open scope, or NOBODY."""
    return _scope.get()


def current_territory_id() -> UUID:
    """The territory in scope; raises NoTerritory outside one. Also the default of every territory column."""
    territory_id = _scope.get().territory_id
    if territory_id is None:
        raise NoTerritory("no territory in scope")
    return territory_id


def _tell_database(scope: Scope) -> None:
    # Outside a transaction the settings would be gone with this very statement, and the walls would show nothing.
    assert connection.in_atomic_block, "a scope lives in a transaction"
    values = scope.settings()
    calls = ", ".join("set_config(%s, %s, true)" for _ in values)
    with connection.cursor() as cursor:
        # One round trip. Only local settings: a session setting would follow the connection to its next user.
        cursor.execute(f"select {calls}", [part for pair in values.items() for part in pair])


@contextmanager
def opened(scope: Scope) -> Iterator[Scope]:
    """Run the block as `scope`, in one transaction; the former scope comes back whatever happens."""
    former, is_inner = _scope.get(), connection.in_atomic_block
    with transaction.atomic():
        with entered(scope):
            yield scope
        # Local settings end with their own transaction; inside an outer one they would outlive the block. Reached only
        # when it went well: after an exception the rollback undoes them, and a broken transaction could not run this.
        if is_inner and not connection.needs_rollback:
            _tell_database(former)


@contextmanager
def entered(scope: Scope) -> Iterator[Scope]:
    """Run what is left of the transaction as `scope`: one statement, where `opened` asks a savepoint and the way back.

    For whoever opened a scope only to find out this one: the database keeps these settings until that scope ends.
    """
    _tell_database(scope)
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)


class ScopedManager(models.Manager[Any]):
    """The default manager of territory tables: raises without a territory, filters on it otherwise.

    The filter is also the query plan: row-level security alone would lose the order of the index.
    """

    def get_queryset(self) -> models.QuerySet[Any]:
        territory_id = _scope.get().territory_id
        if territory_id is None:
            raise NoTerritory(f"{self.model.__name__}: no territory in scope")
        return super().get_queryset().filter(territory_id=territory_id)

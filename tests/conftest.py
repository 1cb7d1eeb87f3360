"""Fixtures of every test. The database is a clone of the migrated template; the cast is already in it."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import connections
from pytest_django import DjangoDbBlocker

from copa.kernel import scope
from tests import cast as cast_module
from tests import database, guards
from tests.cast import Person
from tests.chromium import browser as browser  # the fixture


@pytest.fixture(scope="session")
def worker_database() -> str:
    """The name of this worker's database."""
    return f"copa_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker, worker_database: str) -> Iterator[None]:
    """One clone per worker; dropped at the end."""
    with django_db_blocker.unblock():
        database.clone(database.ensure_template(), worker_database)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        with database.owner_connection() as server:
            database.drop(server, worker_database)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker, worker_database: str) -> Iterator[None]:
    """A database whose commits are real, for tests that start processes or servers; cloned anew afterwards."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            database.clone(database.ensure_template(), worker_database)


@pytest.fixture(autouse=True)
def _guard_rails(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    guards.shuffle_unordered(monkeypatch)
    guards.stay_home(monkeypatch)
    yield
    assert scope.current() is scope.NOBODY, "a scope was left open"


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """Rate limits of another test must not decide this one."""
    cache.clear()


@pytest.fixture
def client() -> guards.GuardedClient:
    """Django's client under the guard-rails."""
    return guards.GuardedClient()


@pytest.fixture
def cast(db: None) -> dict[str, Person]:
    """The people, by first name."""
    return cast_module.load()


@pytest.fixture
def as_(client: guards.GuardedClient, cast: dict[str, Person]) -> Callable[[str], guards.GuardedClient]:
    """`as_("farid")` is the client of Farid."""

    def sign_in(name: str) -> guards.GuardedClient:
        client.force_login(cast[name].user)
        return client

    return sign_in


@pytest.fixture
def vallees(db: None) -> Iterator[scope.Scope]:
    """The test itself stands in the territory of Amal."""
    with scope.opened(cast_module.inside(cast_module.VALLEES)) as opened:
        yield opened

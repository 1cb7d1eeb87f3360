"""Two people at the same instant, in an order that is forced: one acts while the other has not committed."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import psycopg
from django.db import connections

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from tests.cast import VALLEES, inside
from tests.workers import database_url, somebody_waits


def behind(
    first: Callable[[], object],
    second: Callable[[], object],
    *,
    then: Callable[[], object] = lambda: None,
    places: tuple[str, str] = (VALLEES, VALLEES),
) -> list[str]:
    """`second` begins on its own connection once `first` has acted, and before `first` commits.

    It waits for `first`, or has passed it by; `then` is what the first one does meanwhile. What each gets: "done", or
    the code of its refusal. `places` are the territories of both.
    """
    with ThreadPoolExecutor(1) as pool:
        with scope.opened(inside(places[0])):
            mine = _answer(first)
            other = pool.submit(_alone, second, places[1])
            _let_go(other)
            then()
        return [mine, other.result(timeout=60)]


def _alone(work: Callable[[], object], place: str) -> str:
    try:
        with scope.opened(inside(place)):
            return _answer(work)
    finally:
        connections.close_all()


def _answer(work: Callable[[], object]) -> str:
    try:
        work()
    except BusinessError as refusal:
        return refusal.code
    return "done"


def _let_go(other: Future[str]) -> None:
    """Until the other waits for a lock of ours, or has gone by."""
    with psycopg.connect(database_url("default"), autocommit=True) as watch:
        for _ in range(400):
            if wait([other], timeout=0.05).done or somebody_waits(watch):
                return
    raise AssertionError("the other one neither waited nor went by")

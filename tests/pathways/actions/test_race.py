"""Two people at the same instant, on connections of their own: one of them is told, nothing is stored twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import births
from pathways.models import Birth, Child, Consent, Family, FamilyWord, Mother, Pathway, PmiRelay
from tests.cast import VALLEES, inside
from tests.pathways.actions.steps import accepted_birth, include, new_birth, new_mother, register

pytestmark = pytest.mark.usefixtures("committed")


def at_once(*works: Callable[[], object]) -> list[str]:
    """What people get who do this at once in the valleys: "done", or the sentence of the refusal; sorted.

    Each has begun her own transaction and read something in it before any of them acts.
    """
    barrier = Barrier(len(works))

    def one(work: Callable[[], object]) -> str:
        try:
            with scope.opened(inside(VALLEES)):
                assert Birth.objects.count() is not None
                barrier.wait(timeout=20)
                work()
            return "done"
        except BusinessError as refusal:
            return refusal.message
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(future.result(timeout=30) for future in [pool.submit(one, work) for work in works])


def counts(*models: Any) -> list[int]:
    with scope.opened(inside(VALLEES)):
        return [model.objects.count() for model in models]


def test_two_people_include_one_birth_once() -> None:
    with scope.opened(inside(VALLEES)):
        birth = accepted_birth()

    found = at_once(lambda: include(birth, by="elise"), lambda: include(birth, by="amal"))

    assert found == ["Un parcours existe déjà pour cette naissance.", "done"]
    assert counts(Pathway, Consent, PmiRelay) == [1, 1, 1]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"birth_on": date(1994, 5, 18), "phone": ""},
        {"birth_on": date(1994, 5, 18), "used_name": "Autre", "birth_name": "Autre"},
    ],
    ids=["the same", "birth date mistyped, no phone", "other name, same phone"],
)
def test_two_people_register_one_birth_once(changes: dict[str, Any]) -> None:
    at = clock.now() - timedelta(hours=10)

    found = at_once(
        lambda: register(birth=new_birth(at=at)),
        lambda: register(birth=new_birth(at=at + timedelta(minutes=5)), mother=new_mother(**changes)),
    )

    assert found == ["Cette famille existe peut-être déjà. Comparez, puis cochez la case.", "done"]
    assert counts(Family, Mother, Birth, Child) == [1, 1, 1, 1]


def test_two_people_add_one_birth_to_a_known_family_once() -> None:
    with scope.opened(inside(VALLEES)):
        family = register(birth=new_birth(at=clock.now() - timedelta(days=400))).family

    found = at_once(*[lambda: births.add_birth(family=family, birth=new_birth(), at=clock.now())] * 2)

    assert found == ["Cette naissance est déjà inscrite dans le dossier de la famille.", "done"]
    assert counts(Birth, Child, FamilyWord) == [2, 2, 4]

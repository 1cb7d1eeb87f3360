"""Whose file a ward may hold: until a pathway names its people, and for WARD_DAYS at most."""

from datetime import timedelta

import pytest
import time_machine

from copa.kernel import clock, scope
from pathways import perms
from pathways.enums import PathwayState
from pathways.models import Family
from tests.factories import make_birth, make_family, make_pathway, structure, who

SECOND = timedelta(seconds=1)
WARD = timedelta(days=90)


def holds(name: str, family: Family) -> bool:
    """Whether the page of the family, and its births, are open to this person; both must say the same."""
    member = who(name)
    is_open = perms.SEE_FAMILY.allows(member, family)
    assert perms.SEE_BIRTHS.rows(member).filter(family=family).exists() is is_open
    return is_open


@pytest.mark.parametrize(
    ("name", "is_ward"), [("amal", True), ("farid", True), ("chloe", False), ("fanny", False), ("elise", True)]
)
def test_birth_of_the_ward_is_open_to_its_ward(vallees: scope.Scope, name: str, is_ward: bool) -> None:
    assert holds(name, make_birth().family) is is_ward


@pytest.mark.parametrize("name", ["amal", "farid"])
def test_birth_never_included_is_closed_to_the_ward_after_ninety_days(vallees: scope.Scope, name: str) -> None:
    birth = make_birth()

    for elapsed, is_open in ((WARD - SECOND, True), (WARD, True), (WARD + SECOND, False)):
        with time_machine.travel(birth.at + elapsed, tick=False):
            assert holds(name, birth.family) is is_open
            assert holds("elise", birth.family)


def test_pathway_without_auxiliary_is_closed_to_the_ward_after_ninety_days_and_stays_with_its_team(
    vallees: scope.Scope,
) -> None:
    pathway = make_pathway(ap=None)
    assert holds("amal", pathway.family)

    with time_machine.travel(pathway.birth.at + WARD + SECOND, tick=False):
        assert not holds("amal", pathway.family)
        assert holds("farid", pathway.family)


@pytest.mark.parametrize("state", [PathwayState.ACTIVE, PathwayState.CLOSED, PathwayState.WITHDRAWN])
def test_pathway_stays_with_those_who_followed_it(vallees: scope.Scope, state: str) -> None:
    pathway = make_pathway(ap=who("amal"), state=state)
    assert not holds("bea", pathway.family)

    with time_machine.travel(pathway.birth.at + 4 * WARD, tick=False):
        assert holds("amal", pathway.family)
        assert holds("farid", pathway.family)
        assert not holds("bea", pathway.family)


def test_next_birth_of_a_family_is_met_by_the_whole_ward_again(vallees: scope.Scope) -> None:
    """The AP of the first pathway has nothing to do with the second delivery."""
    first = make_pathway(make_birth(days_ago=500), ap=who("amal"), state=PathwayState.CLOSED)
    assert not holds("bea", first.family)

    make_birth(first.family)

    assert holds("bea", first.family)


def test_birth_of_another_maternity_is_closed_to_the_ward(vallees: scope.Scope) -> None:
    elsewhere = make_birth(make_family(maternity=structure("Maternité Montreval")), at=clock.now() - timedelta(hours=9))

    assert not holds("amal", elsewhere.family)
    assert not holds("farid", elsewhere.family)
    assert holds("chloe", elsewhere.family)

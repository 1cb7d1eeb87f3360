"""Prepared reads: written once, filled in at each call, and never across the wall."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Exists, F, OuterRef

from copa.kernel import clock, scope
from copa.kernel.access import held
from copa.kernel.prepared import Existing, Prepared, among, together
from pathways import perms
from pathways.models import Birth, Family, Proposal
from tests import factories
from tests.cast import LAGON, inside

CALLS: list[str] = []


@Prepared
def births(keys: Any, since: Any) -> Any:
    CALLS.append("written")
    born = Birth.objects.filter(among("family", keys), at__gte=since).order_by("at", "pk")
    return born.values_list("pk", "family__reference", "at")


@Prepared
def explained(family: Any) -> Any:
    return Proposal.objects.filter(family=family).order_by("pk").values_list("covered", flat=False)


def test_rows_are_those_of_the_queryset_for_each_value(vallees: scope.Scope) -> None:
    first, second = factories.make_birth(days_ago=9), factories.make_birth(days_ago=3)
    keys = [first.family_id, second.family_id]
    now = clock.now()

    every = births(keys=keys, since=now - timedelta(days=20))
    late = births(keys=keys, since=now - timedelta(days=5))

    assert [(row.pk, row.family__reference, row.at) for row in every] == [
        (first.pk, first.family.reference, first.at),
        (second.pk, second.family.reference, second.at),
    ]
    assert [row.pk for row in late] == [second.pk]
    assert births(keys=[], since=now) == []


def test_sql_is_written_once(vallees: scope.Scope) -> None:
    births(keys=[1], since=clock.now())
    CALLS.clear()

    births(keys=[2, 3], since=clock.now())

    assert CALLS == []


def test_values_of_the_database_are_read_as_the_model_reads_them(vallees: scope.Scope) -> None:
    proposal = factories.make_proposal(covered=["VISITS"])

    assert [row.covered for row in explained(family=proposal.family_id)] == [["VISITS"]]


def test_another_territory_has_its_own_rows(vallees: scope.Scope) -> None:
    here = factories.make_birth()
    since = clock.now() - timedelta(days=20)
    assert len(births(keys=[here.family_id], since=since)) == 1

    with scope.opened(inside(LAGON)):
        there = factories.make_birth()
        found = births(keys=[here.family_id, there.family_id], since=since)

    assert [row.pk for row in found] == [there.pk]


def test_several_reads_are_one_exchange(vallees: scope.Scope, django_assert_num_queries: Any) -> None:
    proposal = factories.make_proposal(covered=["VISITS"])
    key = proposal.family_id
    since = clock.now() - timedelta(days=20)

    with django_assert_num_queries(1):
        born, told, again = together(births, explained, births, keys=[key], since=since, family=key)

    assert [row.pk for row in born] == [proposal.birth_id]
    assert [row.covered for row in told] == [["VISITS"]]
    assert again == born


def test_outside_a_territory_nothing_is_read(db: None) -> None:
    with pytest.raises(scope.NoTerritory):
        births(keys=[1], since=clock.now())


def test_missing_value_is_an_error(vallees: scope.Scope) -> None:
    with pytest.raises(KeyError):
        births(keys=[1])


def test_parameter_that_python_asks_is_refused(vallees: scope.Scope) -> None:
    @Prepared
    def loud(is_silent: Any) -> Any:
        rows = Birth.objects.filter(is_silent=True) if is_silent else Birth.objects.all()
        return rows.order_by("pk").values_list("pk")

    with pytest.raises(AssertionError, match="loud"):
        loud(is_silent=False)


# ---- Several permissions at once -------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["elise", "amal", "bea", "ines"])
def test_held_answers_like_each_permission(vallees: scope.Scope, name: str) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    member = factories.who(name)
    on_family = (perms.EDIT_FAMILY, perms.OPEN_FAMILY_TO, perms.SEE_READS)
    on_pathway = (perms.ASSIGN_AP, perms.STOP_PATHWAY, perms.WITHDRAW)
    asked = [(perm, pathway.family_id) for perm in on_family] + [(perm, pathway.pk) for perm in on_pathway]

    known = (perms.SEE_READS, 0)
    found = held(asked, member, known=known, beside=Family.objects.filter(pk=pathway.family_id))

    expected = {perm.code for perm in on_family if perm.allows(member, pathway.family)}
    assert found == expected | {perm.code for perm in on_pathway if perm.allows(member, pathway)}


def test_held_does_not_ask_again_what_opened_the_page(vallees: scope.Scope, django_assert_num_queries: Any) -> None:
    family = factories.make_birth().family
    member = factories.who("elise")

    with django_assert_num_queries(0):
        found = held(
            [(perms.OPEN_FAMILY_TO, family.pk)],
            member,
            known=(perms.EDIT_FAMILY, family.pk),
            beside=Family.objects.all(),
        )

    assert found == {"pathways.open_family_to"}


@Prepared
def later(family: Any, at: Any) -> Any:
    older = Birth.objects.filter(family=OuterRef("family"), at__lt=OuterRef("at"))
    return Birth.objects.filter(Exists(older), family=family, at__gt=at).values_list("pk")


def test_prepared_read_is_a_condition_on_each_row_wherever_the_rows_are_asked(vallees: scope.Scope) -> None:
    alone, first = factories.make_birth(days_ago=9), factories.make_birth(days_ago=400)
    second = factories.make_birth(family=first.family, days_ago=3)
    ours = Birth.objects.filter(pk__in=[alone.pk, first.pk, second.pk])
    since = clock.now() - timedelta(days=20)

    def kept(at: Any) -> list[list[int]]:
        direct = ours.filter(Existing(later, family=F("family"), at=at))
        families = Family.objects.filter(Existing(later, family=F("pk"), at=at))
        nested = ours.filter(Exists(families.filter(pk=OuterRef("family"))))
        others = ours.filter(~Existing(later, family=F("family"), at=at))
        return [[birth.pk for birth in rows.order_by("pk")] for rows in (direct, nested, others)]

    both = sorted([first.pk, second.pk])
    assert kept(since) == [both, both, [alone.pk]]
    assert kept(clock.now()) == [[], [], sorted([alone.pk, *both])]

"""The search of a whole list finds what the search of one birth does, in as many queries for thousands."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from copa.kernel import clock, scope
from pathways.models import CoParent
from pathways.reads.duplicates import Typed, duplicate_reasons
from pathways.reads.import_matches import Match, matches
from pathways.reads.imports import listed, look
from pathways.rules.import_columns import KNOWN_HEADINGS, proposed_columns
from pathways.rules.import_file import read_table
from pathways.rules.import_listed import ListedBirth
from tests import factories
from tests.births_lists import csv_list, line, many

pytestmark = pytest.mark.usefixtures("vallees")


def births_of(*lines: str) -> Sequence[ListedBirth]:
    table = read_table(csv_list(*lines), KNOWN_HEADINGS)
    found = listed(table, proposed_columns(table.headings, {}), factories.structure(), clock.now())
    assert found.refused == ()
    return found.births


def match_of(**changes: str) -> Match | None:
    [birth] = births_of(line(**changes))
    found = matches([birth]).get(birth.line, [])
    assert len(found) <= 1
    return found[0] if found else None


def known(days_ago: int = 1, **mother: str) -> int:
    about = {"birth_name": "Garnier", "first_names": "Élodie", "birth_on": "1993-03-12", "phone": "+33199003155"}
    family = factories.make_family(mother=about | mother, coparents=0)
    factories.make_birth(family, days_ago=days_ago)
    return family.pk


def test_same_mother_and_delivery_is_known(vallees: scope.Scope) -> None:
    known()

    found = match_of()

    assert found
    assert (found.is_known, found.has_delivery) == (True, True)


def test_same_mother_of_an_older_birth_is_to_decide(vallees: scope.Scope) -> None:
    known(days_ago=500)

    found = match_of()

    assert found
    assert (found.is_known, found.has_delivery) == (False, False)
    assert found.reasons == ("même nom", "même téléphone", "même date de naissance de la mère")


@pytest.mark.parametrize(
    ("mother", "reasons"),
    [
        ({"birth_on": "1993-03-21"}, ("même nom", "même téléphone")),
        ({"birth_name": "Roux", "first_names": "Lina", "birth_on": "1990-01-01"}, ("même téléphone",)),
        ({"birth_name": "Roux", "phone": ""}, ("même date de naissance de la mère",)),
        ({"birth_name": "Roux", "used_name": "GARNIER", "birth_on": "1990-01-01", "phone": ""}, ("même nom",)),
    ],
)
def test_what_looks_the_same_is_to_decide(vallees: scope.Scope, mother: dict[str, str], reasons: tuple[str]) -> None:
    known(**mother)

    found = match_of()

    assert found
    assert found.reasons == reasons
    assert not found.is_known


def test_shared_number_is_told_with_whose_it_is(vallees: scope.Scope) -> None:
    family = factories.make_family(mother={"phone": "+33199006405", "birth_name": "Roux", "first_names": "Lina"})
    CoParent.objects.filter(family=family).update(phone="+33199003155")

    found = match_of()

    assert found
    assert (found.phone, found.in_list, found.in_file) == ("+33199003155", "de la mère", "du co-parent")


def test_birth_date_alone_says_nothing(vallees: scope.Scope) -> None:
    known(birth_name="Roux", first_names="Lina", phone="")

    assert match_of() is None


def test_every_match_is_one_of_the_search_for_one_birth(vallees: scope.Scope) -> None:
    known()
    known(birth_on="1993-03-21", phone="")
    known(birth_name="Roux", first_names="Lina", birth_on="1990-01-01")
    [birth] = births_of(line())

    found = {match.family: match.reasons for match in matches([birth])[birth.line]}

    typed = Typed(
        birth_name=birth.birth_name,
        used_name=birth.used_name,
        first_names=birth.first_names,
        birth_on=birth.birth_on,
        phones=(birth.phone,),
        born_at=birth.born_at,
    )
    assert set(found) == set(duplicate_reasons(typed))


def test_two_spellings_in_one_list_are_to_decide(vallees: scope.Scope) -> None:
    first, second = births_of(line(), line(birth_on="13/03/1993"))

    found = matches([first, second])

    assert first.line not in found
    [match] = found[second.line]
    assert (match.line, match.family) == (first.line, 0)


def test_as_many_queries_for_a_thousand_lines_as_for_one(vallees: scope.Scope) -> None:
    known()
    few, lots = births_of(line()), births_of(line(), *many(1000))

    counts = []
    for births in (few, lots):
        with CaptureQueriesContext(connection) as captured:
            matches(births)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 8


def test_list_is_sorted_into_its_kinds(vallees: scope.Scope) -> None:
    known()
    known(days_ago=500, birth_name="Roux", first_names="Lina", birth_on="1990-01-01", phone="")
    table = read_table(
        csv_list(
            line(),
            line(birth_name="Roux", first_names="Lina", birth_on="01/01/1990", phone=""),
            line(birth_name="Petit", first_names="Eva", birth_on="02/02/1991", phone=""),
            line(birth_name="Petit", birth_on="demain"),
        ),
        KNOWN_HEADINGS,
    )

    seen = look(listed(table, proposed_columns(table.headings, {}), factories.structure(), clock.now()))

    assert [birth.line for birth, _ in seen.known] == [2]
    assert [birth.line for birth, _ in seen.probable] == [3]
    assert [birth.line for birth in seen.new] == [4]
    assert [one.line for one in seen.refused] == [5]
    assert clock.now() - seen.new[0].born_at < timedelta(days=3)

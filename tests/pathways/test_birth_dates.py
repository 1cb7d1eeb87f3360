"""A mother's birth date known in part: written as it is known, and never a way around the search for duplicates."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copa.kernel.errors import BusinessError
from pathways import rules
from pathways.models import Birth, Mother
from pathways.reads.lookup import family_known_as
from pathways.rules.import_values import Unreadable, birth_date
from tests import factories
from tests.pathways.actions.steps import new_mother, register
from tests.pathways.addresses import address

YOUNGEST = date(2014, 12, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17/05/1994", (date(1994, 5, 17), "DAY")),
        ("1994-05-17", (date(1994, 5, 17), "DAY")),
        ("05/1994", (date(1994, 5, 1), "MONTH")),
        ("1994-05", (date(1994, 5, 1), "MONTH")),
        ("00/05/1994", (date(1994, 5, 1), "MONTH")),
        ("1994", (date(1994, 1, 1), "YEAR")),
        ("00/00/1994", (date(1994, 1, 1), "YEAR")),
        ("31/02/1994", None),
        ("13/1994", None),
        ("94", None),
        ("hier", None),
    ],
)
def test_birth_date_is_read_as_it_is_known(text: str, expected: Any) -> None:
    assert rules.read_birth_date(text) == expected


@pytest.mark.parametrize(
    ("precision", "words"), [("DAY", "le 17 mai 1994"), ("MONTH", "en mai 1994"), ("YEAR", "en 1994")]
)
def test_words_say_no_day_that_nobody_knows(precision: str, words: str) -> None:
    assert rules.born_words(date(1994, 5, 17), precision).replace("\u00a0", " ") == words


@given(on=st.dates(date(1960, 1, 1), date(2012, 12, 31)), precision=st.sampled_from(["DAY", "MONTH", "YEAR"]))
def test_partial_date_agrees_with_each_day_it_holds(on: date, precision: str) -> None:
    first, last = rules.birth_span(on, precision)

    assert first <= on <= last
    assert rules.may_be_born_on(first, precision, on)
    assert rules.age_on(on, date(2026, 11, 3)) in rules.ages_on(on, precision, date(2026, 11, 3))


def test_somebody_who_may_be_a_minor_is_asked_as_one() -> None:
    assert rules.is_minor(date(2008, 1, 1), date(2026, 11, 3), "YEAR")
    assert not rules.is_minor(date(2007, 1, 1), date(2026, 11, 3), "YEAR")


@pytest.mark.parametrize(("cell", "expected"), [(1994, "YEAR"), ("05/1994", "MONTH"), ("17/05/1994", "DAY")])
def test_list_of_the_maternity_may_hold_a_part(cell: Any, expected: str) -> None:
    assert birth_date(cell, born_before=YOUNGEST)[1] == expected


def test_list_still_refuses_what_is_no_date() -> None:
    with pytest.raises(Unreadable):
        birth_date("demain", born_before=YOUNGEST)


@pytest.mark.usefixtures("vallees")
@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ((date(1994, 5, 17), "DAY"), (date(1994, 1, 1), "YEAR")),
        ((date(1994, 1, 1), "YEAR"), (date(1994, 5, 17), "DAY")),
        ((date(1994, 5, 1), "MONTH"), (date(1994, 5, 17), "DAY")),
        ((date(1994, 5, 1), "MONTH"), (date(1994, 1, 1), "YEAR")),
    ],
)
def test_same_mother_is_found_by_a_part_of_her_birth_date(known: Any, typed: Any) -> None:
    family = factories.make_birth(
        factories.make_family(
            name="Autre", mother={"birth_on": known[0], "birth_precision": known[1], "phone": ""}, coparents=0
        )
    ).family
    mother = new_mother(birth_on=typed[0], birth_precision=typed[1], phone="")

    with pytest.raises(BusinessError) as refusal:
        register(mother=mother)

    assert refusal.value.code == "possible_duplicate"
    assert Mother.objects.get().family == family


@pytest.mark.usefixtures("vallees")
def test_a_year_alone_does_not_resemble_everybody_of_that_year() -> None:
    factories.make_birth(factories.make_family(name="Autre", first_names="Zoé", mother={"phone": ""}, coparents=0))

    birth = register(mother=new_mother(birth_on=date(1994, 1, 1), birth_precision="YEAR", phone=""))

    assert Birth.objects.count() == 2
    assert Mother.objects.get(family=birth.family_id).birth_precision == "YEAR"


@pytest.mark.usefixtures("vallees")
def test_whoever_knows_her_name_finds_her_by_a_day_of_the_year() -> None:
    family = factories.make_family(name="Unique", mother={"birth_on": "1994-01-01", "birth_precision": "YEAR"})

    assert family_known_as(reference="", birth_name="unique", birth_on=date(1994, 5, 17)) == family
    assert family_known_as(reference="", birth_name="unique", birth_on=date(1995, 5, 17)) is None


@pytest.mark.usefixtures("vallees")
def test_year_alone_is_typed_shown_and_corrected(as_: Any) -> None:
    birth = register(mother=new_mother(birth_on=date(1994, 1, 1), birth_precision="YEAR"))

    page = as_("elise").get(address("identity", birth.family.public_id))

    assert page.context["form"]["birth_on"].value() == "1994"
    assert 'value="1994"' in page.content.decode()

"""The list of families: who sees which, search by any name, filters, pages."""

from datetime import timedelta

import pytest
from django.db import connection

from copa.kernel import clock
from pathways.actions.shared import store_words
from pathways.enums import PathwayState
from pathways.models import Child, CoParent, Family, FamilyWord, Mother
from tests import queries
from tests.factories import make_birth, make_family, make_grant, make_pathway, make_visit, structure, who
from visits.reads import families as reads
from visits.reads.families import Filters

ZONE = "Europe/Paris"
URL = "/t/vallees/families/"


def found(name: str = "elise", **filters) -> list[str]:
    page = reads.family_page(who(name), Filters(**filters), at=clock.now(), zone=ZONE)
    return [row.household.name for row in page.rows]


def family_of(name: str, *, child: str = "", days_ago: int = 3, **fields) -> Family:
    """A family of this name with a birth; the child's first name when given."""
    birth = make_birth(make_family(name=name, **fields), days_ago=days_ago)
    Child.objects.filter(birth=birth).update(first_name=child)
    store_words(family_id=birth.family_id)
    return birth.family


# ---- Search ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words",
    [
        "lem",
        "Lemoine",
        "LEMOINE-HADDAD",
        "lemoine haddad",
        "haddad lemoine",
        "samira",
        "Samira Lemoine",
        "inès",
        "INES",
    ],
)
def test_family_is_found_by_any_of_its_names(vallees, words: str) -> None:
    family_of("Lemoine-Haddad", child="Inès")
    family_of("Thiébaut", first_names="Claire", child="Sacha")

    assert found(words=words) == ["Lemoine-Haddad"]


def test_birth_name_is_searched_too(vallees) -> None:
    family_of("Marchetti", mother={"birth_name": "Dupré", "used_name": "Marchetti"})

    assert found(words="dupre") == ["Marchetti"]


@pytest.mark.parametrize("words", ["moine", "addad", "emoine lem", "lemoine zoé", "%", "_", "'"])
def test_other_words_find_nothing(vallees, words: str) -> None:
    family_of("Lemoine-Haddad", child="Inès")

    assert found(words=words) in ([], ["Lemoine-Haddad"] if words in {"%", "_", "'"} else [])


@pytest.mark.parametrize("words", ["perrin", "dupre", "DUPRÉ Claire", "tom", "julien", "tom perrin", "mar jul"])
def test_old_family_is_found_by_any_name_too(vallees, words: str) -> None:
    """Mother under both names, co-parent, child: the age of the birth does not count."""
    names = {"birth_name": "Dupré", "used_name": "Perrin", "first_names": "Claire-Marie"}
    family_of("Perrin", child="Tom", days_ago=900, mother=names)
    family_of("Thiébaut", child="Sacha", coparents=0, days_ago=900)

    assert found(words=words) == ["Perrin"]


def test_search_reads_no_further_than_the_families_of_the_person(vallees, monkeypatch) -> None:
    """A common beginning fills the list with the families she follows, not with what is left of everybody's."""
    monkeypatch.setattr(reads, "COUNTED", 2)
    make_pathway(make_birth(make_family(name="Martin Ancienne")), ap=who("amal"))
    for number in range(4):
        make_pathway(make_birth(make_family(name=f"Martin {number}")), ap=who("bea"))

    assert found("amal", words="mart") == ["Martin Ancienne"]


def test_search_is_answered_by_its_index(vallees) -> None:
    # Of an empty table any index is as good, and the plan would follow the last autovacuum.
    family = make_family()
    FamilyWord.objects.bulk_create(FamilyWord(family=family, word=f"mot{number}") for number in range(500))
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    plan = FamilyWord.objects.beginning("lem").explain()

    assert "family_word_search" in plan
    assert "word ~>=~ 'lem'" in plan


# ---- Filters ---------------------------------------------------------------------------------------------
def test_filters_by_ap_state_and_maternity(vallees) -> None:
    mine = make_pathway(make_birth(make_family(name="Avec")), ap=who("amal"))
    make_pathway(make_birth(make_family(name="Close")), ap=who("bea"), state=PathwayState.CLOSED)
    elsewhere = make_birth(make_family(name="Ailleurs", maternity=structure("Maternité Montreval")))

    assert found(ap=who("amal").public_id) == ["Avec"]
    assert found(state="closed") == ["Close"]
    assert found(state=reads.NO_PATHWAY) == ["Ailleurs"]
    assert found(maternity=elsewhere.maternity.public_id) == ["Ailleurs"]
    assert found(sector=mine.family.commune.sector.public_id) == ["Ailleurs", "Close", "Avec"]


def test_mourning_shows_no_day_and_no_thread(vallees) -> None:
    make_pathway(make_birth(make_family(name="Silence")), state=PathwayState.BEREAVED)

    (row,) = reads.family_page(who("elise"), Filters(), at=clock.now(), zone=ZONE).rows

    assert (row.day, row.thread, row.born_at) == (None, None, None)


# ---- Who sees which --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("elise", ["Suivie", "Voisine"]),
        ("amal", ["Suivie"]),
        ("bea", ["Voisine"]),
        ("chloe", []),
        ("farid", ["Suivie", "Voisine"]),
        ("fanny", []),
        ("ines", ["Suivie"]),
        ("iris", []),
        ("gaelle", ["Suivie", "Voisine"]),
        ("gina", []),
    ],
)
def test_each_person_lists_the_families_she_may_open(vallees, name: str, names: list[str]) -> None:
    followed = make_pathway(make_birth(make_family(name="Suivie")), ap=who("amal"))
    make_pathway(make_birth(make_family(name="Voisine")), ap=who("bea"))
    make_grant(followed.family, to=who("ines"))

    assert sorted(found(name)) == names


def test_an_auxiliary_reads_her_own_families_first_and_the_others_when_she_asks(vallees, client, cast) -> None:
    make_pathway(make_birth(make_family(name="Sienne")), ap=who("amal"))
    # Born in her maternity, not included yet: any auxiliary of the ward may meet the mother (R068).
    store_words(family_id=make_birth(make_family(name="Voisine"), days_ago=1).family_id)
    client.force_login(cast["amal"].user)

    def names(**asked: str) -> list[str]:
        return sorted(row.household.name for row in client.get(URL, asked).context["page"].rows)

    assert names() == ["Sienne"]
    assert names(qui="toutes") == ["Sienne", "Voisine"]
    assert names(q="voisine") == ["Voisine"]
    client.force_login(cast["elise"].user)
    assert names() == ["Sienne", "Voisine"]
    assert "Mes familles" not in client.get(URL).content.decode().partition("<main")[2]


@pytest.mark.parametrize(("name", "status"), [("jeanne", 403), ("emma", 404), ("dora", 404), ("amal", 200)])
def test_list_answers_each_person(client, cast, name: str, status: int) -> None:
    client.force_login(cast[name].user)

    assert client.get(URL).status_code == status


# ---- Pages -----------------------------------------------------------------------------------------------
def test_pages_follow_each_other_without_hole_or_repeat(vallees, client, cast) -> None:
    for number in range(reads.PAGE + 3):
        make_family(name=f"Nom{number}")
    client.force_login(cast["elise"].user)

    first = client.get(URL).context["page"]
    second = client.get(URL, {"apres": first.after}).context["page"]
    back = client.get(URL, {"avant": second.before}).context["page"]

    assert (first.total, len(first.rows), len(second.rows)) == (28, 25, 3)
    assert second.after is None
    assert back.rows == first.rows


def test_number_beyond_a_thousand_is_not_counted(vallees, monkeypatch) -> None:
    monkeypatch.setattr(reads, "COUNTED", 2)
    for _ in range(3):
        make_family()

    assert reads.family_page(who("elise"), Filters(), at=clock.now(), zone=ZONE).total is None


@pytest.mark.parametrize("query", ["?ap=1", "?etat=x", "?apres=-1", "?avant=9999999999999999999", "?q=%00%27"])
def test_forged_address_shows_a_list(client, cast, query: str) -> None:
    client.force_login(cast["elise"].user)

    assert client.get(f"{URL}{query}").status_code == 200


def test_empty_list_says_what_to_do(client, cast) -> None:
    client.force_login(cast["elise"].user)

    assert "Aucune famille de ce nom" in client.get(f"{URL}?q=zzz").content.decode()


def test_ten_families_cost_the_queries_of_one(vallees, client, cast) -> None:
    def one_more() -> None:
        pathway = make_pathway(ap=who("amal"))
        make_visit(pathway, planned_at=clock.now() + timedelta(days=1))

    one_more()
    client.force_login(cast["elise"].user)
    one = queries.count(client, URL)
    for _ in range(9):
        one_more()

    assert queries.count(client, URL) == one
    assert queries.count(client, URL, q="had") <= one + 2


# ---- Signs and numbers -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("signs", ["%", "'", "😀", "\u200b"])
def test_signs_alone_find_nobody(vallees, client, cast, signs: str) -> None:
    family_of("Lemoine")
    client.force_login(cast["elise"].user)

    assert client.get(URL, {"q": signs}).context["page"].rows == []


@pytest.mark.parametrize("typed", ["01 99 00 31 77", "0199003177", "+33 1 99 00 31 77", "01.99.00.31.77"])
@pytest.mark.parametrize("whose", ["mother", "co-parent"])
def test_family_is_found_by_a_phone_typed_in_any_way(vallees, client, cast, typed: str, whose: str) -> None:
    family = family_of("Lemoine")
    family_of("Thiébaut")
    people = Mother if whose == "mother" else CoParent
    people.objects.filter(family=family).update(phone="+33199003177")
    client.force_login(cast["elise"].user)

    rows = client.get(URL, {"q": typed}).context["page"].rows

    assert [row.household.name for row in rows] == ["Lemoine"]

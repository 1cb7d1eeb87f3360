"""The page of lines: who sees it, what it says, how it is filtered."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from billing.models import ChargeableLine
from copa.kernel import scope
from tests import queries
from tests.billing.test_actions import AT, closed_pathway, make_due_lines
from tests.cast import VALLEES, Person, inside

PAGE = "/t/vallees/billing/"
MAKE = "/t/vallees/billing/make/"
MAY_SEE = {"elise", "nora", "olga", "jeanne"}


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def two_lines(vallees) -> None:
    """A line of 2 visits, a line of 3, and a closed pathway without a price; all in the 4th quarter of 2026."""
    closed_pathway("V1", "V2")
    closed_pathway("V1", "V2", "V3")
    closed_pathway("V1")
    make_due_lines()


@pytest.mark.parametrize(("who", "status"), [(name, 200) for name in sorted(MAY_SEE)] + [("amal", 403), ("farid", 403)])
def test_page_is_for_pilots_and_administrator(client, cast: dict[str, Person], who: str, status: int) -> None:
    client.force_login(cast[who].user)

    assert client.get(PAGE).status_code == status
    assert client.post(MAKE).status_code == (302 if status == 200 else 403)


@pytest.mark.parametrize("who", ["emma", "hugo", "karim"])
def test_nobody_from_outside_sees_the_money(client, cast: dict[str, Person], who: str) -> None:
    client.force_login(cast[who].user)

    assert client.get(PAGE).status_code == 404


def test_page_says_how_many_and_how_much(client, cast: dict[str, Person], two_lines) -> None:
    client.force_login(cast["elise"].user)

    page = text(client.get(PAGE))

    assert "2 parcours financés, 494,55 €" in page
    assert "200,77 €" in page
    assert "293,78 €" in page
    assert "1 parcours clos sans prix" in page


def test_page_shows_references_and_no_name(client, cast: dict[str, Person], two_lines) -> None:
    client.force_login(cast["elise"].user)

    page = text(client.get(PAGE)) + text(client.get(PAGE, {"forfait": "sans"}))

    assert "T-" in page
    assert "Haddad" not in page


def test_filters_narrow_lines_and_total(client, cast: dict[str, Person], two_lines, vallees) -> None:
    closed_pathway("V1", "V2", closed_at=AT - timedelta(days=40))
    make_due_lines()
    client.force_login(cast["elise"].user)

    last, ever = text(client.get(PAGE)), text(client.get(PAGE, {"trimestre": "tous"}))
    quarter = text(client.get(PAGE, {"trimestre": "2026-T3"}))
    kind = text(client.get(PAGE, {"forfait": "P3"}))
    nothing = text(client.get(PAGE, {"trimestre": "2026-T1"}))

    assert "2 parcours financés, 494,55 €" in last
    assert "3 parcours financés, 695,32 €" in ever
    assert "1 parcours financé, 200,77 €" in quarter
    assert "293,78 €" not in quarter
    assert kind.count('data-label="Visites faites"') == 1
    assert "Aucun parcours financé au 1ᵉʳ trimestre 2026" in nothing


def test_a_quarter_costs_no_query_however_many_came_before(client, cast: dict[str, Person], two_lines, vallees) -> None:
    client.force_login(cast["elise"].user)
    few = queries.count(client, PAGE)
    for years in range(1, 4):
        closed_pathway("V1", "V2", closed_at=AT - timedelta(days=365 * years))

    assert queries.count(client, PAGE) == few


def test_pathways_without_a_price_say_why(client, cast: dict[str, Person], two_lines) -> None:
    client.force_login(cast["elise"].user)

    page = text(client.get(PAGE, {"forfait": "sans", "trimestre": "2026-T4"}))

    assert "1 visite faite : le programme n’a pas de prix pour ce nombre." in page


@pytest.mark.parametrize("query", [{"trimestre": "hier"}, {"trimestre": "2026-T5"}, {"forfait": "P9"}])
def test_unknown_filter_is_not_found(client, cast: dict[str, Person], query: dict[str, str]) -> None:
    client.force_login(cast["elise"].user)

    assert client.get(PAGE, query).status_code == 404


def test_button_makes_the_lines_before_it_answers(client, cast: dict[str, Person], vallees) -> None:
    closed_pathway("V1", "V2")
    client.force_login(cast["elise"].user)

    first, second = text(client.post(MAKE, follow=True)), text(client.post(MAKE, follow=True))

    assert "1 ligne établie." in first
    assert "200,77 €" in first
    assert "Tous les parcours clos ont déjà leur ligne." in second
    assert ChargeableLine.objects.count() == 1


def test_more_than_a_page_can_make_is_left_to_the_job(client, cast: dict[str, Person], vallees, monkeypatch) -> None:
    monkeypatch.setattr("billing.views.AT_ONCE", 1)
    closed_pathway("V1", "V2")
    closed_pathway("V1", "V2")
    client.force_login(cast["elise"].user)

    page = text(client.post(MAKE, follow=True))

    assert "1 ligne établie. Les autres suivent dans les minutes qui viennent." in page
    assert ChargeableLine.objects.count() == 2


def test_empty_page_says_what_will_come(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)

    page = text(client.get(PAGE))

    assert "Aucun parcours financé pour l’instant" in page
    assert "dans les cinq minutes" in page


@pytest.mark.parametrize("query", [{}, {"forfait": "sans"}])
def test_page_costs_the_same_for_one_line_and_for_ten(client, cast: dict[str, Person], query: dict[str, str]) -> None:
    client.force_login(cast["elise"].user)
    counts = []

    for more in (1, 9):
        with scope.opened(inside(VALLEES)):
            for _ in range(more):
                closed_pathway("V1", "V2")
                closed_pathway("V1")
            make_due_lines()
        counts.append(queries.count(client, PAGE, **query))

    assert counts[0] == counts[1]


def test_long_list_is_cut_into_pages(client, cast: dict[str, Person], vallees) -> None:
    for day in range(26):
        closed_pathway("V1", "V2", closed_at=datetime(2026, 10, 2, 9, tzinfo=UTC) - timedelta(hours=day))
    make_due_lines()
    client.force_login(cast["elise"].user)

    page = client.get(PAGE)

    assert len(page.context["page"].object_list) == 25
    assert "25 sur 26 parcours" in text(page)


@pytest.mark.parametrize(("who", "links"), [("elise", 3), ("jeanne", 0)])
def test_reference_leads_to_the_family_for_those_who_may_open_it(
    client, cast: dict[str, Person], two_lines, who: str, links: int
) -> None:
    client.force_login(cast[who].user)

    pages = client.get(PAGE).content.decode() + client.get(PAGE, {"forfait": "sans"}).content.decode()

    assert len(set(re.findall(r"/t/vallees/families/[0-9a-f-]{36}/", pages))) == links

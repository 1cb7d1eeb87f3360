"""Above territories: the figures of one's region, masked; and no family by any address."""

import csv
import io
import logging
import re
from datetime import UTC, date, datetime
from typing import Any

import pypdf
import pytest
import time_machine
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from copa.kernel import scope
from copa.kernel.quarters import Quarter
from reporting.models import Figure
from reporting.reads.cards import curve
from reporting.rules.indicators import REPORT_IN_TIME
from reporting.rules.masking import Mask, Shown
from territories.enums import TerritoryStatus, Typology
from territories.models import AccessLog, Territory
from tests import factories, queries, world
from tests.cast import LAGON, VALLEES, Person, inside

AT = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
T3 = Quarter(2026, 3)
PAGE, PDF, CSV = "/ars/", "/ars/report.pdf", "/ars/figures.csv"
# (slug, name, counts of P09) as in the reference page.
NEIGHBOURS = [
    ("sainte-croix", "Agglomération de Sainte-Croix", (155, 168, 2)),
    ("haute-marche", "Haute-Marche", (33, 40, 0)),
    ("plaine", "Plaine et Coteaux", (96, 118, 7)),
]
EMPTY = (0, 0, 0)


@pytest.fixture(autouse=True)
def _at():
    with time_machine.travel(AT, tick=False):
        yield


def text(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


MAIN, FURTHER = ("P02", "P04", "P09"), ("I9", "I9E", "I9S", "P23")


def write(slug: str, quarter: Quarter = T3, codes: tuple[str, ...] = MAIN, **figures: tuple[int, int, int]) -> None:
    """Figures of a territory, one for each of `codes`: P09=(numerator, denominator, missing)…"""
    with scope.opened(inside(slug)):
        territory = Territory.objects.get(slug=slug)
        for code in codes:
            numerator, denominator, missing = figures.get(code, EMPTY)
            Figure.objects.create(
                region_code=territory.region_id,
                indicator=code,
                definition_version="1",
                quarter_on=quarter.first,
                numerator=numerator,
                denominator=denominator,
                missing=missing,
                computed_at=AT,
            )


@pytest.fixture
def region(cast: dict[str, Person]) -> None:
    """Grand Est with four territories, La Réunion with one; the last quarter that ended, and the one before."""
    for slug, name, counts in NEIGHBOURS:
        Territory.objects.create(
            slug=slug,
            name=name,
            region_id="44",
            typology=Typology.MIXED,
            annual_births=900,
            status=TerritoryStatus.ACTIVE,
            starts_on=date(2025, 12, 1),
        )
        write(slug, P09=counts, P02=(60, 80, 0), P04=(30, 40, 6))
    write(VALLEES, P09=(128, 142, 0), P02=(138, 201, 12), P04=(3, 50, 0))
    write(VALLEES, T3.previous, P09=(80, 100, 0))
    write(LAGON, P09=(71, 77, 0), P02=(4, 30, 0))


# ---- Who -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("url", [PAGE, PDF, CSV])
def test_only_mandates_enter(client, cast: dict[str, Person], region, url: str) -> None:
    found = {}

    for name, person in cast.items():
        client.force_login(person.user)
        found[name] = client.get(url).status_code

    assert found == {name: 200 if person.mandate else 404 for name, person in cast.items()}


def test_nobody_enters_without_signing_in(client, db) -> None:
    assert [client.get(url).status_code for url in (PAGE, PDF, CSV)] == [302, 302, 302]


def test_mandate_that_ended_no_longer_enters(client, cast: dict[str, Person], region) -> None:
    mandate = cast["hugo"].mandate
    mandate.ends_on = date(2026, 10, 19)
    mandate.save(update_fields=["ends_on"])
    client.force_login(cast["hugo"].user)

    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize(
    ("who", "seen", "hidden"),
    [
        ("hugo", "Haute-Marche", "Lagon"),
        ("hana", "Lagon", "Haute-Marche"),
        ("karim", "Lagon", ""),
        ("lina", "Lagon", ""),
    ],
)
def test_officer_sees_the_territories_of_her_region(
    client, cast: dict[str, Person], region, who: str, seen: str, hidden: str
) -> None:
    client.force_login(cast[who].user)

    page = text(client.get(PAGE)) + text(client.get(CSV))

    assert seen in page
    if hidden:
        assert hidden not in page


def test_database_itself_gives_a_region_its_figures_and_nothing_else(cast: dict[str, Person], region) -> None:
    with scope.opened(inside(VALLEES)):
        world.build(cast)
    officer = scope.Scope(actor="test", user_id=cast["hugo"].user.pk, region_code="44")

    with scope.opened(officer), connection.cursor() as cursor:
        cursor.execute("select distinct region_code from reporting_figure")
        regions = cursor.fetchall()
        counts = {}
        for table in ("pathways_family", "pathways_mother", "visits_visit", "visits_report", "reporting_exportrun"):
            cursor.execute(f"select count(*) from {table}")
            counts[table] = cursor.fetchone()[0]

    assert regions == [("44",)]
    assert set(counts.values()) == {0}


# ---- What the page says ------------------------------------------------------------------------------------------
def test_title_is_the_answer_and_names_who_needs_help(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hugo"].user)

    page = text(client.get(PAGE))

    # 155 + 33 + 96 + 128 = 412 of 468: 88,0 %.
    assert "<h1>88 % des comptes rendus remis en 24 h, deux territoires à aider</h1>" in page
    assert "Haute-Marche et Plaine et Coteaux restent sous les 90 % visés." in page
    assert "Agglomération de Sainte-Croix et Vallées de l’Est tiennent les 24 h" in page
    assert "4 territoires, 468 visites connues" in page


def test_table_shows_numerators_denominators_and_masks(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hugo"].user)

    page = client.get(PAGE)
    rows = {row.slug: row for row in page.context["view"].rows}

    assert rows["sainte-croix"].pair_cell.text == "155 / 168"
    assert rows["sainte-croix"].rate_cell.text.replace("\u00a0", " ") == "92,3 %"
    # 2 missing cases: masked, and the 7 of the plain with them, or the total would tell.
    assert rows["sainte-croix"].missing_cell.text == "moins de 5"
    assert rows["plaine"].missing_cell.text == "masqué *"
    assert rows["haute-marche"].missing_cell.text == "0"
    # 3 of 50 pathways with two visits: masked, and a second territory with it.
    assert rows[VALLEES].figures["P04"].numerator is None
    assert sum(bool(row.figures["P04"].mask) for row in rows.values()) == 2
    assert "3 / 50" not in text(page)
    assert "moins de 5 / 50" in text(page)


def test_masked_count_of_a_single_territory_is_masked_everywhere(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hana"].user)

    page, file = client.get(PAGE), client.get(CSV)

    assert page.context["view"].total.figures["P02"].numerator is None
    lines = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    shown = {(line["territoire"], line["indicateur"]): line["numerateur"] for line in lines}
    assert shown["Lagon", "P02"] == shown["TOTAL", "P02"] == "moins de 5"
    assert shown["Lagon", "P09"] == "71"


def test_needs_and_lost_families_stand_in_their_own_table_and_in_the_file(
    client, cast: dict[str, Person], region
) -> None:
    for slug in (VALLEES, *(slug for slug, _, _ in NEIGHBOURS)):
        write(slug, T3, FURTHER, I9=(30, 60, 0), I9E=(40, 60, 0), I9S=(3, 40, 0), P23=(6, 90, 7))
    client.force_login(cast["hugo"].user)

    page, file = text(client.get(PAGE)), client.get(CSV).content.decode()

    assert "Besoins suivis, familles perdues de vue" in page
    assert 'id="def-I9E"' in page
    assert ";TOTAL;I9;" in file
    assert ";120;240;0;50,0" in file
    [social] = [line for line in file.splitlines() if ";Vallées de l’Est;I9S;" in line]
    assert "moins de 5" in social


def test_extended_count_never_tells_how_few_a_psychologist_follows(client, cast: dict[str, Person], region) -> None:
    for slug in (VALLEES, *(slug for slug, _, _ in NEIGHBOURS)):
        write(slug, T3, FURTHER, I9=(30, 60, 0), I9E=(32 if slug == VALLEES else 40, 60, 0))
    client.force_login(cast["hugo"].user)

    view = client.get(PAGE).context["view"]

    rows = {row.slug: row.figures for row in view.rows}
    assert rows[VALLEES]["I9"].numerator == 30
    assert rows[VALLEES]["I9E"].numerator is None
    # Nor can it be found as the total less the others.
    hidden = [slug for slug, figures in rows.items() if figures["I9E"].numerator is None]
    assert len(hidden) > 1 or view.total.figures["I9E"].numerator is None


def test_national_total_hides_the_masked_region(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["karim"].user)

    view = client.get(PAGE).context["view"]

    assert view.is_national
    assert view.total.figures["P02"].numerator is None
    assert view.total.figures["P09"].numerator == 412 + 71


def test_cards_say_how_much_it_moved(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hugo"].user)

    page = text(client.get(PAGE))

    assert "objectif 90 %, il manque 2,0 points, +8,0 points en un trimestre" in page


def test_curve_has_its_table(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hugo"].user)

    page = text(client.get(PAGE))

    assert "Comptes rendus remis en 24 h : de 80,0 % à 88,0 %" in page
    assert "T2 2026" in page
    assert "Les chiffres de la courbe" in page


def test_hidden_quarter_neither_says_which_part_is_small_nor_takes_the_rate_of_another() -> None:
    known = {T3.previous: Shown(277, 300, 0), T3: Shown(None, 300, 0, Mask.REST)}
    history = {quarter: {REPORT_IN_TIME.code: shown} for quarter, shown in known.items()}
    two_before = {T3.previous.previous: {REPORT_IN_TIME.code: Shown(270, 300, 0)}}

    chart = curve(REPORT_IN_TIME, list(known), history, "Visites")
    longer = curve(REPORT_IN_TIME, [T3.previous.previous, *known], two_before | history, "Visites")

    assert chart.rows[1] == ("T3 2026", ["masqué", "300", "–"])
    assert longer.title.replace("\u00a0", " ") == "Comptes rendus remis en 24 h : de 90,0 % à 92,3 % au T2 2026"


def test_page_goes_from_quarter_to_quarter(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hugo"].user)

    before = text(client.get(PAGE, {"quarter": "2026-T2"}))
    coming = text(client.get(PAGE, {"quarter": "2026-T4"}))

    assert "80 % des comptes rendus remis en 24 h, un territoire à aider" in before
    assert "?quarter=2026-T3" in before
    assert "Pas encore de chiffres pour le 4ᵉ trimestre 2026" in coming


def test_territory_without_figures_is_not_hidden(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hugo"].user)

    page = text(client.get(PAGE, {"quarter": "2026-T2"}))

    assert "Haute-Marche" in page
    assert "pas encore calculé" in page


@pytest.mark.parametrize(
    ("order", "first"),
    [("", "sainte-croix"), ("taux", "plaine"), ("nom", "sainte-croix"), ("-nom", VALLEES), ("?", "sainte-croix")],
)
def test_table_is_sorted(client, cast: dict[str, Person], region, order: str, first: str) -> None:
    client.force_login(cast["hugo"].user)

    assert client.get(PAGE, {"tri": order}).context["view"].rows[0].slug == first


def test_former_computation_is_not_shown(client, cast: dict[str, Person], region) -> None:
    with scope.opened(inside(VALLEES)):
        Figure.objects.filter(indicator="P09").update(is_latest=False)
    client.force_login(cast["hugo"].user)

    page = text(client.get(PAGE))

    assert "128 / 142" not in page


@pytest.mark.parametrize("code", ["hier", "2026-T5"])
def test_unknown_quarter_is_not_found(client, cast: dict[str, Person], code: str) -> None:
    client.force_login(cast["hugo"].user)

    assert [client.get(url, {"quarter": code}).status_code for url in (PAGE, PDF, CSV)] == [404, 404, 404]


def test_empty_region_says_what_will_come(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["hugo"].user)

    page = client.get(PAGE)

    assert "Pas encore de chiffres" in text(page)
    assert "report.pdf" not in text(page)
    assert client.get(PDF).status_code == 404


def test_page_costs_the_same_for_one_territory_and_for_four(client, cast: dict[str, Person]) -> None:
    write(VALLEES, P09=(128, 142, 0))
    client.force_login(cast["hugo"].user)
    one = queries.count(client, PAGE)

    for slug, name, counts in NEIGHBOURS:
        common = {"typology": "rural", "annual_births": 900, "status": "active", "starts_on": date(2025, 12, 1)}
        Territory.objects.create(slug=slug, name=name, region_id="44", **common)
        write(slug, P09=counts)

    assert queries.count(client, PAGE) == one


# ---- Files -----------------------------------------------------------------------------------------------------
def read_pdf(content: bytes) -> tuple[int, str]:
    document = pypdf.PdfReader(io.BytesIO(content))
    words = "\n".join(page.extract_text() for page in document.pages)
    return len(document.pages), words.replace("\u00a0", " ").replace("\u202f", " ")


def test_report_of_the_region_is_one_page_with_masks_definitions_and_hash(
    client, cast: dict[str, Person], region
) -> None:
    client.force_login(cast["hugo"].user)
    digest = client.get(PAGE).context["view"].digest

    response = client.get(PDF, {"quarter": "2026-T3"})
    pages, words = read_pdf(response.content)

    assert response["Content-Type"] == "application/pdf"
    assert pages == 1
    for expected in ("Grand Est", "88,0 %", "155 / 168", "masqué", "Manquants", "version 1", "20 oct. 2026", digest):
        assert expected in words, expected
    assert "Lagon" not in words


@pytest.mark.parametrize("more", [1, 6])
def test_report_stays_on_one_page_with_more_territories(client, cast: dict[str, Person], region, more: int) -> None:
    for number in range(more):
        name = f"Pays des Hautes Rives {number}"
        common = {"typology": "rural", "annual_births": 900, "status": "active", "starts_on": date(2025, 12, 1)}
        Territory.objects.create(slug=f"rives-{number}", name=name, region_id="44", **common)
        write(f"rives-{number}", P09=(90, 100, 9), P02=(3, 30, 6), P04=(30, 40, 0))
    client.force_login(cast["hugo"].user)

    assert read_pdf(client.get(PDF).content)[0] == 1


def test_report_of_one_territory_shows_that_one_and_the_same_masks(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hugo"].user)

    pages, words = read_pdf(client.get(PDF, {"quarter": "2026-T3", "territory": VALLEES}).content)

    assert pages == 1
    assert "Vallées de l’Est" in words
    assert "128" in words
    assert "masqué" in words
    assert "Haute-Marche" not in words


def test_report_of_a_territory_of_another_region_is_not_found_and_noted(
    client, cast: dict[str, Person], region, caplog
) -> None:
    client.force_login(cast["hugo"].user)

    with caplog.at_level(logging.WARNING, logger="copa.access"):
        response = client.get(PDF, {"quarter": "2026-T3", "territory": LAGON})

    assert response.status_code == 404
    assert "refused report of 'lagon'" in caplog.text


def test_report_printed_twice_says_the_same(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hugo"].user)

    first = client.get(PDF).content
    second = client.get(PDF).content

    assert read_pdf(first)[1] == read_pdf(second)[1]


def test_file_of_figures_has_the_masked_table(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hugo"].user)

    response = client.get(CSV, {"quarter": "2026-T3"})

    assert response["Content-Disposition"] == 'attachment; filename="copa-chiffres-2026-T3.csv"'
    content = response.content.decode()
    assert content.startswith(
        "\ufefftrimestre;region;territoire;indicateur;libelle;version;numerateur;denominateur;manquants;taux_pourcent\n"
    )
    lines = content.splitlines()
    assert len(lines) == 1 + 5 * 3
    assert any(line.endswith(";155;168;moins de 5;92,3") for line in lines)
    assert any(line.startswith("2026-T3;Grand Est;TOTAL;P09;") and ";412;468;9;88,0" in line for line in lines)


def test_same_figures_have_the_same_hash_whatever_the_order(client, cast: dict[str, Person], region) -> None:
    client.force_login(cast["hugo"].user)

    first = client.get(PAGE, {"tri": "nom"}).context["view"].digest
    second = client.get(PAGE, {"tri": "taux"}).context["view"].digest
    with scope.opened(inside(VALLEES)):
        Figure.objects.filter(indicator="P09", quarter_on=T3.first).update(numerator=129)

    assert first == second
    assert client.get(PAGE).context["view"].digest != first


# ---- No family is within reach ---------------------------------------------------------------------------------
LIBRARIES = ("accounts/", "admin/")


def routes(patterns: list[Any], prefix: str = "") -> list[str]:
    """Every address of the product, as written in the URLconf."""
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            found += routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found.append(route)
    return found


def filled(route: str, public_id: str) -> str:
    """An address with real values: a territory that exists, an object that exists there."""
    for pattern, value in (
        (r"\(\?P<slug>[^)]*\)|<slug:slug>", VALLEES),
        (r"\(\?P<format>[^)]*\)", "json"),
        (r"\(\?P<\w+>[^)]*\)|<uuid:\w+>|<drf_\w+:\w+>", public_id),
        (r"<int:\w+>", "1"),
        (r"<(\w+:)?\w+>", "csv"),
        (r"\\Z|\$|\?$", ""),
        (r"\\\.", "."),
    ):
        route = re.sub(pattern, value, route)
    return f"/{route}"


def addresses(*, in_territory: bool) -> list[str]:
    """The product's own addresses, inside territories or outside them.

    Not the one-time links: they ask nobody to sign in, a token opens them (tests/pathways/pages/test_answer_links.py,
    tests/visits/test_copy_links.py, tests/territories/test_capacity.py).
    """
    outside = (*LIBRARIES, "reponse/", "lecture/", "places/")
    ours = [route for route in routes(get_resolver().url_patterns) if not route.startswith(outside)]
    return sorted({route for route in ours if ("slug" in route) == in_territory})


@pytest.mark.parametrize("who", ["hugo", "karim", "lina"])
def test_officer_reaches_no_family_by_any_address(client, cast: dict[str, Person], caplog, who: str) -> None:
    with scope.opened(inside(VALLEES)):
        family = world.build(cast)["family"]
    client.force_login(cast[who].user)
    wrong = {}

    for route in addresses(in_territory=True):
        caplog.clear()
        with caplog.at_level(logging.WARNING, logger="copa.access"):
            response = client.get(filled(route, str(family)))
        refused = [record for record in caplog.records if record.name == "copa.access"]
        if response.status_code not in {403, 404} or len(refused) != 1 or b"Haddad" in response.content:
            wrong[route] = (response.status_code, len(refused))

    assert wrong == {}
    assert any(route.startswith("api/v1/") for route in addresses(in_territory=True))
    with scope.opened(inside(VALLEES)):
        lines = AccessLog.objects.filter(is_refused=True, user=cast[who].user)
        assert lines.count() == len(addresses(in_territory=True)) > 30


def test_pages_outside_territories_name_no_family(client, cast: dict[str, Person], region) -> None:
    with scope.opened(inside(VALLEES)):
        family = factories.make_family(name="Zarquevin")
    client.force_login(cast["hugo"].user)

    for route in addresses(in_territory=False):
        response = client.get(filled(route, ""))
        content = b"" if response.streaming else response.content
        assert b"Zarquevin" not in content, route
        assert family.reference.encode() not in content, route

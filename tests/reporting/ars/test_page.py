"""Above territories: who enters, and the figures of her region, masked."""

import csv
import io
from datetime import date

import pytest
from django.db import connection

from copa.kernel import scope
from reporting.models import Figure
from reporting.reads.cards import curve
from reporting.rules.indicators import REPORT_IN_TIME
from reporting.rules.masking import Mask, Shown
from territories.models import Territory
from tests import queries, world
from tests.cast import VALLEES, Person, inside
from tests.reporting.ars.figures import CSV, FURTHER, NEIGHBOURS, PAGE, PDF, T3, text, write


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

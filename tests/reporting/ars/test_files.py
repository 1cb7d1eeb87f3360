"""The files of a region or of a territory: one page, the same masks, a hash."""

import io
import logging
from datetime import date

import pypdf
import pytest

from copa.kernel import scope
from reporting.models import Figure
from territories.models import Territory
from tests.cast import LAGON, VALLEES, Person, inside
from tests.reporting.ars.figures import CSV, PAGE, PDF, T3, write


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

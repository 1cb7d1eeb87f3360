"""The quarter of a territory: who sees it, what it says, its exports and their files."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine

from copa.kernel import scope
from copa.kernel.quarters import Quarter
from reporting import actions, tasks
from reporting.models import ExportRun, Figure
from territories.models import AccessLog
from tests import queries
from tests.cast import LAGON, VALLEES, Person, inside
from tests.reporting.test_counts import noon, proposed, reported

AT = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
T3 = Quarter(2026, 3)
PAGE = "/t/vallees/figures/"
COMPUTE = "/t/vallees/figures/compute/"
EXPORT = "/t/vallees/figures/export/"
INSIDERS = """amal bea chloe elise farid fanny gaelle gina ines iris jeanne marc nora olga""".split()  # noqa: SIM905
OUTSIDERS = ["dora", "emma", "hugo", "hana", "karim", "lina"]
SEES = {"elise", "nora", "olga", "jeanne"}
COMPUTES = {"elise", "nora", "olga"}
EXPORTS = {"elise", "nora"}


@pytest.fixture(autouse=True)
def _here(settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(AT, tick=False):
        yield


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def figures(vallees) -> None:
    """3ᵉ trimestre 2026: 7 of 8 reports in time, 3 of 4 proposals accepted and one without an answer."""
    for day in range(1, 8):
        reported(noon(9, day), timedelta(hours=3))
    reported(noon(9, 8), None)
    for answer in ("YES", "YES", "YES", "NO", "PENDING"):
        proposed(date(2026, 12, 1), answer)
    Figure.objects.all().delete()
    actions.compute_figures(quarter=T3, at=AT)


def run_of(state: str = "done") -> ExportRun:
    with scope.opened(inside(VALLEES)):
        run = actions.request_export(quarter=T3, requested_by=None, at=AT)
        if state == "done":
            tasks.run_export(str(run.territory_id), run.pk)
        else:
            ExportRun.objects.filter(pk=run.pk).update(
                state=state, failure="Le disque est plein." * (state == "failed")
            )
        return ExportRun.objects.get(pk=run.pk)


# ---- Who -----------------------------------------------------------------------------------------------------
def expected(who: str, allowed: set[str], answer: int) -> int:
    if who in OUTSIDERS:
        return 404
    return answer if who in allowed else 403


def test_each_person_gets_her_answer(client, cast: dict[str, Person]) -> None:
    run = run_of()
    asked = [
        ("get", PAGE, SEES, 200),
        ("post", COMPUTE, COMPUTES, 302),
        ("post", EXPORT, EXPORTS, 302),
        ("get", f"/t/vallees/exports/{run.public_id}/", SEES, 200),
        ("get", f"/t/vallees/exports/{run.public_id}/csv/", EXPORTS, 200),
        ("get", f"/t/vallees/exports/{run.public_id}/xlsx/", EXPORTS, 200),
    ]
    found, wanted = {}, {}

    for who in INSIDERS + OUTSIDERS:
        client.force_login(cast[who].user)
        for method, url, allowed, answer in asked:
            response = getattr(client, method)(url, {"quarter": "2026-T3"})
            b"".join(response.streaming_content if response.streaming else ())  # reads and closes a file
            found[who, url] = response.status_code
            wanted[who, url] = expected(who, allowed, answer)

    assert found == wanted


def test_export_of_another_territory_is_not_found(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(LAGON)):
        other = actions.request_export(quarter=T3, requested_by=None, at=AT)
    client.force_login(cast["elise"].user)

    for url in (f"exports/{other.public_id}/", f"exports/{other.public_id}/csv/", f"exports/{uuid4()}/"):
        assert client.get(f"/t/vallees/{url}").status_code == 404


# ---- What it says --------------------------------------------------------------------------------------------
def test_page_shows_each_figure_with_its_counts_missing_and_definition(
    client, cast: dict[str, Person], figures
) -> None:
    client.force_login(cast["elise"].user)

    page = text(client.get(PAGE))

    [title] = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert title.strip() == "88 % des comptes rendus remis en 24&nbsp;h"
    assert "87,5 %" in page
    assert "7 sur 8 connus." in page
    assert "Définition, version 1" in page
    assert 'id="def-P09"' in page
    assert "une seconde de plus est en retard" in page


def test_page_shows_small_counts_inside_the_territory(client, cast: dict[str, Person], vallees) -> None:
    for answer in ("YES", "YES", "YES", "NO", "PENDING"):
        proposed(date(2026, 8, 1), answer)
    actions.compute_figures(quarter=T3, at=AT)
    client.force_login(cast["elise"].user)

    page = text(client.get(PAGE))

    assert "3 sur 4 connus." in page
    assert "masqué" not in page.split('id="definitions"')[0].replace("ne sont pas masqués", "")


def test_page_goes_from_quarter_to_quarter(client, cast: dict[str, Person], figures, vallees) -> None:
    actions.compute_figures(quarter=T3.previous, at=AT)
    client.force_login(cast["elise"].user)

    now = text(client.get(PAGE))
    before = text(client.get(PAGE, {"quarter": "2026-T2"}))

    assert "3ᵉ trimestre 2026" in now
    assert "?quarter=2026-T2" in now
    assert "?quarter=2026-T4" in now
    assert "Aucun compte rendu attendu au 2ᵉ trimestre 2026" in before


def test_running_quarter_is_said_to_be_provisional(client, cast: dict[str, Person], vallees) -> None:
    actions.compute_figures(quarter=T3.next, at=AT)
    client.force_login(cast["elise"].user)

    page = text(client.get(PAGE))

    assert "4ᵉ trimestre 2026" in page
    assert "en cours, chiffres provisoires" in page


def test_empty_page_says_what_will_come(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)

    page = text(client.get(PAGE))

    assert "Pas encore de chiffres pour le 3ᵉ trimestre 2026" in page
    assert "Calculer maintenant" not in page
    assert "Demander l’export" not in page


@pytest.mark.parametrize("code", ["hier", "2026-T5", "0000-T1"])
def test_unknown_quarter_is_not_found(client, cast: dict[str, Person], code: str) -> None:
    client.force_login(cast["elise"].user)

    assert client.get(PAGE, {"quarter": code}).status_code == 404


def test_page_costs_the_same_for_one_quarter_and_for_six(client, cast: dict[str, Person], vallees) -> None:
    client.force_login(cast["elise"].user)
    actions.compute_figures(quarter=T3, at=AT)
    run_of()
    one = queries.count(client, PAGE)

    for quarter in actions.followed_quarters(at=AT):
        actions.compute_figures(quarter=quarter, at=AT)
    for _ in range(4):
        run_of()

    assert queries.count(client, PAGE) == one


# ---- Buttons ---------------------------------------------------------------------------------------------------
def test_button_computes_the_quarter(client, cast: dict[str, Person], vallees) -> None:
    proposed(date(2026, 8, 1), "YES")
    client.force_login(cast["elise"].user)

    page = client.post(COMPUTE, {"quarter": "2026-T3"}, follow=True)

    assert "sont recalculés" in text(page)
    assert Figure.objects.current().get(indicator="P02").numerator == 1


def test_button_makes_an_export_that_can_be_taken(client, cast: dict[str, Person], figures) -> None:
    client.force_login(cast["elise"].user)

    page = client.post(EXPORT, {"quarter": "2026-T3"}, follow=True)

    run = ExportRun.objects.get()
    assert (run.state, run.rows_done, run.requested_by) == ("done", 8, cast["elise"].member)
    assert run.csv_sha256 in text(page)
    assert f"/t/vallees/exports/{run.public_id}/xlsx/" in text(page)


@pytest.mark.parametrize("quarter", ["", "hier", "2026-T9"])
def test_bad_quarter_is_refused_with_a_sentence_and_stores_nothing(
    client, cast: dict[str, Person], quarter: str
) -> None:
    client.force_login(cast["elise"].user)

    for url in (EXPORT, COMPUTE):
        response = client.post(url, {"quarter": quarter})
        assert response.status_code == 422
        assert "trimestre" in text(response)
    assert AccessLog.unscoped.count() == 0
    with scope.opened(inside(VALLEES)):
        assert not ExportRun.objects.exists()


def test_second_export_while_one_runs_is_refused(client, cast: dict[str, Person]) -> None:
    run_of("running")
    client.force_login(cast["elise"].user)

    response = client.post(EXPORT, {"quarter": "2026-T3"})

    assert response.status_code == 422
    assert "Un export de ce trimestre est déjà en cours." in text(response)


def test_export_of_a_quarter_to_come_is_refused(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(EXPORT, {"quarter": "2027-T1"})

    assert response.status_code == 422
    assert "Ce trimestre n’a pas commencé." in text(response)


# ---- Progress and files ----------------------------------------------------------------------------------------
def test_running_export_is_asked_again_until_it_ends(client, cast: dict[str, Person]) -> None:
    run = run_of("running")
    with scope.opened(inside(VALLEES)):
        ExportRun.objects.filter(pk=run.pk).update(rows_done=120, rows_total=480, claimed_at=AT)
    client.force_login(cast["elise"].user)
    url = f"/t/vallees/exports/{run.public_id}/"

    during = text(client.get(url))
    with scope.opened(inside(VALLEES)):
        ExportRun.objects.filter(pk=run.pk).update(state="failed", failure="Le disque est plein.")
    after = text(client.get(url))

    assert f'hx-get="{url}"' in during
    assert "120 sur 480" in during
    assert "hx-get" not in after
    assert "Le disque est plein." in after


def test_failed_export_may_be_started_again_from_the_page(client, cast: dict[str, Person]) -> None:
    run_of("failed")
    client.force_login(cast["elise"].user)

    page = text(client.get(PAGE))

    assert "Le disque est plein." in page
    assert "Relancer" in page


def test_file_is_taken_whole_and_who_took_it_is_noted(client, cast: dict[str, Person], figures, tmp_path: Path) -> None:
    run = run_of()
    client.force_login(cast["nora"].user)

    response = client.get(f"/t/vallees/exports/{run.public_id}/csv/")

    assert b"".join(response.streaming_content) == (tmp_path / run.csv_file).read_bytes()
    assert response["Content-Disposition"] == 'attachment; filename="copa-vallees-2026-T3.csv"'
    with scope.opened(inside(VALLEES)):
        [line] = AccessLog.objects.all()
    assert (line.what, line.user_id, line.is_refused) == (
        "reporting.download_export",
        cast["nora"].user.pk,
        False,
    )


def test_file_of_a_run_that_is_not_done_is_refused(client, cast: dict[str, Person]) -> None:
    run = run_of("running")
    client.force_login(cast["elise"].user)

    assert client.get(f"/t/vallees/exports/{run.public_id}/csv/").status_code == 403


@pytest.mark.parametrize("kind", ["pdf", "..", "csv.1"])
def test_other_kinds_of_file_are_not_found(client, cast: dict[str, Person], kind: str) -> None:
    run = run_of()
    client.force_login(cast["elise"].user)

    assert client.get(f"/t/vallees/exports/{run.public_id}/{kind}/").status_code == 404


def test_file_that_left_the_disk_is_not_found(client, cast: dict[str, Person], tmp_path: Path) -> None:
    run = run_of()
    (tmp_path / run.xlsx_file).unlink()
    client.force_login(cast["elise"].user)

    assert client.get(f"/t/vallees/exports/{run.public_id}/xlsx/").status_code == 404
    assert client.get(PAGE).status_code == 200

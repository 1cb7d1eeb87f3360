"""The export: what the files say, and what they never say; asked once, carried out whatever is killed."""

import csv
import hashlib
import hmac
import random
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.db import DatabaseError, transaction

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from copa.kernel.outbox import LEASE
from copa.kernel.quarters import Quarter
from pathways.actions.information import change_evaluation
from pathways.models import Pathway
from reporting import actions, exports, runs, tasks
from reporting.actions import Claim
from reporting.counts import Period, report_in_time
from reporting.exports import COLUMNS, Source
from reporting.models import ExportRun
from territories.models import Member
from tests import factories
from tests.cast import LAGON, VALLEES, inside
from tests.reporting.test_counts import any_pathway

PARIS = "Europe/Paris"
T3 = Quarter(2026, 3)
AT = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
HEADER = (
    "territoire;trimestre;parcours;visite;issue;jour_prevu;jour_fait;minutes;dans_les_dates;delai_compte_rendu_h;"
    "compte_rendu_a_temps;parite;zone_isolee"
)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _at():
    with time_machine.travel(AT, tick=False):
        yield


def ap() -> Member:
    return Member.objects.with_role("ap").order_by("pk").first()


def make_rows() -> Pathway:
    """A birth of 20 August: V1 on D+4 reported after 20 h, V2 on D+22 reported a second late, V3 missed."""
    birth = factories.make_birth(at=datetime(2026, 8, 20, 10, tzinfo=UTC), parity="ALREADY")
    pathway = factories.make_pathway(birth, ap=ap())
    first = datetime(2026, 8, 24, 14, tzinfo=UTC)
    second = datetime(2026, 9, 11, 14, tzinfo=UTC)
    day = timedelta(hours=24)
    factories.make_visit(pathway, "V1", "ended", ended_at=first, report_delivered_at=first + timedelta(hours=20))
    factories.make_visit(
        pathway, "V2", "ended", ended_at=second, report_delivered_at=second + day + timedelta(seconds=1)
    )
    factories.make_visit(pathway, "V3", "not_done", planned_at=datetime(2026, 9, 14, 9, tzinfo=UTC))
    return pathway


def ask(quarter: Quarter = T3, at: datetime = AT) -> ExportRun:
    return actions.request_export(quarter=quarter, requested_by=None, at=at)


def step():
    return scope.opened(inside(VALLEES))


def carry_out(run: ExportRun) -> ExportRun:
    tasks.run_export(str(run.territory_id), run.pk)
    return ExportRun.objects.get(pk=run.pk)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, delimiter=";"))


# ---- What the files say --------------------------------------------------------------------------------------
def test_header_is_the_agreed_one() -> None:
    assert ";".join(column.name for column in COLUMNS) == HEADER


def test_csv_has_one_row_per_visit_with_days_instead_of_dates(vallees, tmp_path: Path) -> None:
    make_rows()

    run = carry_out(ask())

    content = (tmp_path / run.csv_file).read_bytes()
    assert content.startswith(b"\xef\xbb\xbfterritoire;trimestre;")
    rows = {row.pop("visite"): row for row in rows_of(tmp_path / run.csv_file)}
    assert {row.pop("parcours") for row in rows.values()} != {""}
    common = {"territoire": "vallees", "trimestre": "2026-T3", "parite": "ALREADY", "zone_isolee": ""}
    assert rows == {
        "V1": common
        | {"issue": "ended", "jour_prevu": "4", "jour_fait": "4", "minutes": "75", "dans_les_dates": "1"}
        | {"delai_compte_rendu_h": "20,00", "compte_rendu_a_temps": "1"},
        "V2": common
        | {"issue": "ended", "jour_prevu": "22", "jour_fait": "22", "minutes": "75", "dans_les_dates": "0"}
        | {"delai_compte_rendu_h": "24,00", "compte_rendu_a_temps": "0"},
        "V3": common
        | {"issue": "not_done", "jour_prevu": "25", "jour_fait": "", "minutes": "", "dans_les_dates": ""}
        | {"delai_compte_rendu_h": "", "compte_rendu_a_temps": ""},
    }


def test_mother_opposed_to_the_evaluation_is_in_no_row(vallees, tmp_path: Path) -> None:
    opposed, informed = make_rows(), make_rows()
    assert informed.consent_id != opposed.consent_id
    said = {"family": opposed.family, "mode": "ORAL", "by": factories.who("elise"), "at": clock.now()}

    change_evaluation(is_opposed=True, **said)
    run = carry_out(ask())
    assert len(rows_of(tmp_path / run.csv_file)) == run.rows_total == 3

    # She changes her mind: the next export has her again.
    change_evaluation(is_opposed=False, **said)
    assert carry_out(ask()).rows_total == 6


def test_xlsx_has_the_same_rows_with_real_numbers(vallees, tmp_path: Path) -> None:
    make_rows()

    run = carry_out(ask())

    book = openpyxl.load_workbook(tmp_path / run.xlsx_file, read_only=True)
    rows = list(book["visites"].iter_rows(values_only=True))
    assert list(rows[0]) == HEADER.split(";")
    numbers = {"jour_prevu", "jour_fait", "minutes", "dans_les_dates", "delai_compte_rendu_h", "compte_rendu_a_temps"}
    assert [list(row) for row in rows[1:]] == [
        [None if not text else float(text.replace(",", ".")) if name in numbers else text for name, text in row.items()]
        for row in rows_of(tmp_path / run.csv_file)
    ]
    assert {type(row[9]) for row in rows[1:]} <= {float, int, type(None)}
    assert [row[0] for row in book["colonnes"].iter_rows(min_row=2, values_only=True)] == HEADER.split(";")
    book.close()


def test_files_name_nobody(vallees, tmp_path: Path) -> None:
    pathway = make_rows()

    run = carry_out(ask())

    content = (tmp_path / run.csv_file).read_text()
    sheets = openpyxl.load_workbook(tmp_path / run.xlsx_file)
    content += str([list(sheet.values) for sheet in sheets])
    family = pathway.family
    for secret in ("Haddad", "Samira", "Julien", "Noé", "Ligny", "Tanneurs", "amal", "Saint-Rémi", "0199", "33199"):
        assert secret.lower() not in content.lower()
    assert family.reference not in content
    assert str(pathway.public_id) not in content
    assert not re.search(r"20\d\d-\d\d-\d\d", content)


def test_pseudonym_is_a_keyed_hash_and_changes_with_each_export(vallees, tmp_path: Path) -> None:
    pathway = make_rows()

    first = {row["parcours"] for row in rows_of(tmp_path / carry_out(ask()).csv_file)}
    second = {row["parcours"] for row in rows_of(tmp_path / carry_out(ask()).csv_file)}

    assert len(first) == len(second) == 1
    assert first != second
    source = Source(quarter=T3, slug="vallees", zone=PARIS, at=AT)
    with (tmp_path / "one.csv").open("wb") as file:
        assert exports.copy_batch(source, 0, 1, file) == 3
    written = (tmp_path / "one.csv").read_text().split(";")[2]
    assert written == hmac.new(source.key, str(pathway.pk).encode(), "sha256").hexdigest()[:32]


def test_key_is_nowhere_but_in_memory(vallees) -> None:
    source = Source(quarter=T3, slug="vallees", zone=PARIS, at=AT)

    assert source.key.hex() not in repr(source)
    assert repr(source.key) not in repr(source)
    assert not [f.name for f in ExportRun._meta.get_fields() if re.search("salt|key|secret", f.name)]


def test_batches_hold_every_row_once_and_one_pathway_together(vallees, tmp_path: Path, monkeypatch) -> None:
    for _ in range(5):
        make_rows()
    source = Source(quarter=T3, slug="vallees", zone=PARIS, at=AT)

    whole = (tmp_path / "whole.csv").open("wb+")
    assert exports.copy_batch(source, 0, 1, whole) == 15
    parts = (tmp_path / "parts.csv").open("wb+")
    counts = [exports.copy_batch(source, number, 3, parts) for number in range(3)]

    assert sum(counts) == 15
    assert all(count % 3 == 0 for count in counts)
    for file in (whole, parts):
        file.seek(0)
    assert sorted(whole.readlines()) == sorted(parts.readlines())
    whole.close()
    parts.close()


@pytest.mark.parametrize(
    ("ended_at", "is_in"),
    [
        (datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 30, 22, tzinfo=UTC), True),
        (datetime(2026, 9, 30, 21, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 9, 30, 22, tzinfo=UTC), False),
    ],
)
def test_rows_are_those_of_the_local_quarter(vallees, ended_at: datetime, is_in: bool) -> None:
    pathway = factories.make_pathway(factories.make_birth(at=ended_at - timedelta(days=5)), ap=ap())
    factories.make_visit(pathway, "V1", "ended", ended_at=ended_at)

    assert exports.count_rows(Source(quarter=T3, slug="vallees", zone=PARIS, at=AT)) == is_in


def test_other_territory_is_not_exported(vallees, tmp_path: Path) -> None:
    with scope.opened(inside(LAGON)):
        make_rows()

    run = carry_out(ask())

    assert (run.state, run.rows_done) == ("done", 0)
    assert (tmp_path / run.csv_file).read_text(encoding="utf-8-sig") == f"{HEADER}\n"
    head = next(openpyxl.load_workbook(tmp_path / run.xlsx_file)["visites"].values)
    assert list(head) == HEADER.split(";")


def test_file_gives_the_same_figures_as_the_page(vallees, tmp_path: Path) -> None:
    dice = random.Random(7)
    for _ in range(30):
        any_pathway(dice)

    rows = rows_of(tmp_path / carry_out(ask()).csv_file)

    period = Period(T3, PARIS, AT)
    in_time = [row["compte_rendu_a_temps"] for row in rows]
    found = report_in_time(period)
    assert (in_time.count("1"), in_time.count("1") + in_time.count("0")) == (found.numerator, found.denominator)
    assert found.numerator


# ---- Life of a run -------------------------------------------------------------------------------------------
def test_run_ends_with_checksums_of_its_files(vallees, tmp_path: Path) -> None:
    make_rows()

    run = carry_out(ask())

    assert (run.state, run.rows_done, run.rows_total, run.attempts, run.finished_at) == ("done", 3, 3, 1, AT)
    assert run.csv_file == f"exports/vallees/{run.public_id}.csv"
    assert run.csv_sha256 == hashlib.sha256((tmp_path / run.csv_file).read_bytes()).hexdigest()
    assert run.xlsx_sha256 == hashlib.sha256((tmp_path / run.xlsx_file).read_bytes()).hexdigest()
    assert sorted(path.name for path in (tmp_path / "exports/vallees").iterdir()) == [
        f"{run.public_id}.csv",
        f"{run.public_id}.xlsx",
    ]


def test_one_run_of_a_quarter_at_a_time(vallees) -> None:
    ask()

    with pytest.raises(BusinessError) as refused:
        ask()

    assert refused.value.code == "export_running_once"
    assert refused.value.message == "Un export de ce trimestre est déjà en cours."
    assert ask(T3.previous).quarter_on == date(2026, 4, 1)


def test_quarter_to_come_is_refused(vallees) -> None:
    with pytest.raises(BusinessError, match="n’a pas commencé"):
        ask(Quarter(2027, 1))

    assert not ExportRun.objects.exists()


def test_run_carried_out_twice_is_done_once(vallees, tmp_path: Path) -> None:
    make_rows()
    run = carry_out(ask())

    again = carry_out(run)

    assert (again.attempts, again.csv_sha256) == (1, run.csv_sha256)


def test_run_of_another_worker_is_left_alone_until_its_lease_runs_out(vallees) -> None:
    run = ask()

    first = actions.claim_export(run_id=run.pk, at=AT)
    early = actions.claim_export(run_id=run.pk, at=AT + LEASE - timedelta(seconds=1))
    late = actions.claim_export(run_id=run.pk, at=AT + LEASE)

    assert first.attempt == 1
    assert early is None
    assert late.attempt == 2


def test_worker_thought_dead_can_no_longer_write(vallees) -> None:
    run = ask()
    old = actions.claim_export(run_id=run.pk, at=AT)
    actions.claim_export(run_id=run.pk, at=AT + LEASE)
    files = actions.Files("a", "b", "c", "d", 1)

    assert not actions.note_progress(claim=old, rows_done=1, rows_total=1, at=AT)
    assert not actions.finish_export(claim=old, files=files, at=AT)
    assert not actions.fail_export(claim=old, why="x", at=AT)
    assert ExportRun.objects.get(pk=run.pk).state == "running"


def test_worker_that_lost_its_run_leaves_the_files_of_the_next_one(vallees, tmp_path: Path, monkeypatch) -> None:
    make_rows()
    run = ask()
    original = exports.copy_batch

    def copy_batch(*args: object) -> int:
        # The clock jumps past the lease, and another worker does the whole run meanwhile.
        monkeypatch.setattr(exports, "copy_batch", original)
        ExportRun.objects.filter(pk=run.pk).update(claimed_at=AT - LEASE)
        tasks.run_export(str(run.territory_id), run.pk)
        return original(*args)

    monkeypatch.setattr(exports, "copy_batch", copy_batch)

    run = carry_out(run)

    assert (run.state, run.attempts) == ("done", 2)
    assert run.csv_sha256 == hashlib.sha256((tmp_path / run.csv_file).read_bytes()).hexdigest()
    assert len(list((tmp_path / "exports/vallees").iterdir())) == 2


def test_error_in_the_middle_fails_the_run_and_says_why(vallees, tmp_path: Path, monkeypatch) -> None:
    make_rows()

    def full(*args: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "copy_batch", full)

    run = carry_out(ask())

    assert (run.state, run.csv_file) == ("failed", "")
    assert run.failure.replace("\u00a0", " ") == "Le disque refuse le fichier : No space left on device."
    assert list((tmp_path / "exports/vallees").iterdir()) == []


def test_failed_run_may_be_asked_again(vallees, monkeypatch) -> None:
    make_rows()
    monkeypatch.setattr(exports, "digest", lambda path: 1 / 0)
    failed = carry_out(ask())
    monkeypatch.undo()

    done = carry_out(ask())

    assert failed.failure == "Une erreur imprévue a arrêté l’export. Elle est notée dans le journal technique."
    assert (done.state, done.rows_done) == ("done", 3)


def test_killed_worker_is_followed_by_another_from_the_first_row(vallees, tmp_path: Path, monkeypatch) -> None:
    make_rows()
    run = ask()

    class Killed(BaseException):
        """What no `except Exception` catches, as a kill would be."""

    def die(*args: object) -> None:
        raise Killed

    monkeypatch.setattr(exports, "write_xlsx", die)
    with pytest.raises(Killed):
        tasks.run_export(str(run.territory_id), run.pk)
    assert ExportRun.objects.get(pk=run.pk).state == "running"
    monkeypatch.undo()

    with time_machine.travel(AT + LEASE, tick=False):
        tasks.resume_exports(str(run.territory_id))

    run.refresh_from_db()
    assert run.state == "running"  # queued after commit: the test's transaction has none
    with time_machine.travel(AT + LEASE, tick=False):
        run = carry_out(run)
    assert (run.state, run.attempts, run.rows_done) == ("done", 2, 3)
    assert run.csv_sha256 == hashlib.sha256((tmp_path / run.csv_file).read_bytes()).hexdigest()


def test_run_that_kills_its_workers_fails_in_the_end(vallees) -> None:
    run = ask()
    for number in range(3):
        assert actions.claim_export(run_id=run.pk, at=AT + number * LEASE).attempt == number + 1

    assert actions.claim_export(run_id=run.pk, at=AT + 3 * LEASE) is None

    run.refresh_from_db()
    assert (run.state, run.failure) == ("failed", "Le travail s’est arrêté 3 fois avant la fin.")


def test_lost_message_is_found_by_the_schedule(vallees, django_capture_on_commit_callbacks) -> None:
    make_rows()
    run = ask()

    with django_capture_on_commit_callbacks(execute=True):
        tasks.resume_exports_everywhere()

    run.refresh_from_db()
    assert run.state == "done"


def test_progress_is_written_after_each_batch(vallees, monkeypatch) -> None:
    for _ in range(4):
        make_rows()
    monkeypatch.setattr(exports, "BATCH_ROWS", 3)
    seen: list[tuple[int, int]] = []
    original = actions.note_progress

    def note_progress(*, claim: Claim, rows_done: int, rows_total: int, at: datetime) -> bool:
        seen.append((rows_done, rows_total))
        return original(claim=claim, rows_done=rows_done, rows_total=rows_total, at=at)

    monkeypatch.setattr(actions, "note_progress", note_progress)

    runs.carry_out(ask().pk, step)

    assert seen[0] == (0, 12)
    assert seen[-1] == (12, 12)
    assert len(seen) == 5
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_database_refuses_a_done_run_without_files(vallees) -> None:
    run = ask()

    with pytest.raises(DatabaseError, match="export_done_has_files"), transaction.atomic():
        ExportRun.objects.filter(pk=run.pk).update(state="done")


# ---- The schedule --------------------------------------------------------------------------------------------
def test_ended_quarter_is_exported_once(vallees) -> None:
    first = actions.request_due_export(at=AT)
    second = actions.request_due_export(at=AT + timedelta(days=1))

    assert (first.quarter_on, first.requested_by) == (date(2026, 7, 1), None)
    assert second is None


def test_ended_quarter_is_exported_again_after_a_failure(vallees) -> None:
    ExportRun.objects.filter(pk=actions.request_due_export(at=AT).pk).update(state="failed")

    assert actions.request_due_export(at=AT + timedelta(days=1)) is not None


def test_export_made_before_the_end_of_the_quarter_is_not_the_one(vallees) -> None:
    early = ask(T3, at=datetime(2026, 9, 1, tzinfo=UTC))
    ExportRun.objects.filter(pk=early.pk).update(state="failed")

    assert actions.request_due_export(at=AT) is not None


def test_territory_that_had_not_begun_has_nothing_to_export(vallees) -> None:
    assert actions.request_due_export(at=datetime(2025, 12, 15, tzinfo=UTC)) is None

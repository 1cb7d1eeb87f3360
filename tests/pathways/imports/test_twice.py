"""A list that is cut short, or confirmed by two people at once: each birth once, whatever happens."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from copa.kernel import clock, scope
from pathways import runs
from pathways.actions import imports as actions
from pathways.models import Birth, Child, Family, ImportedBirth, ImportFile, ImportRun
from pathways.reads.imports import listed, table_of
from pathways.rules import IMPORT_LEASE
from territories.actions.communes import outside_commune, stored_commune
from territories.models import Commune, Structure
from tests import factories
from tests.births_lists import csv_list, line, many, receive
from tests.cast import VALLEES, inside
from tests.pathways.actions.test_race import at_once, counts

pytestmark = pytest.mark.usefixtures("committed")
FINESS = "010780195"


class Killed(BaseException):
    """What a kill looks like from inside: nothing of the step that runs is kept, nothing after it happens."""


def step() -> Any:
    return scope.opened(inside(VALLEES))


def confirmed(*lines: str) -> int:
    with step():
        run = receive(*lines)
        ImportRun.objects.filter(pk=run.pk).update(state="confirmed")
        return run.pk


def killed_at(number: int) -> Any:
    """A step that is killed when so many transactions have been opened."""
    opened = iter(range(1, 10_000))

    def one() -> Any:
        if next(opened) == number:
            raise Killed
        return step()

    return one


@pytest.mark.parametrize("number", [2, 5, 9, 12])
def test_killed_worker_is_taken_over_and_each_birth_stands_once(number: int) -> None:
    run = confirmed(*many(10))
    with pytest.raises(Killed):
        runs.carry_out(run, killed_at(number))
    with step():
        ImportRun.objects.filter(pk=run).update(claimed_at=clock.now() - IMPORT_LEASE)

    runs.carry_out(run, step)

    assert counts(Family, Birth, Child, ImportedBirth, ImportFile) == [10, 10, 10, 10, 0]
    with step():
        assert ImportRun.objects.get(pk=run).state == "done"


def test_worker_under_way_is_left_alone() -> None:
    run = confirmed(*many(3))
    with pytest.raises(Killed):
        runs.carry_out(run, killed_at(2))

    runs.carry_out(run, step)

    assert counts(Birth) == [0]


def test_two_people_import_the_same_birth_at_the_same_second() -> None:
    with step():
        first, second = receive(line(), by="elise"), receive(line(), by="farid")
        table = table_of(csv_list(line()), first.structure)
        [birth] = listed(table, first.columns, first.structure, clock.now()).births

    found = at_once(
        lambda: actions.write_listed(run=first, birth=birth, choice="", at=clock.now()),
        lambda: actions.write_listed(run=second, birth=birth, choice="other", at=clock.now()),
    )

    assert found == ["done", "done"]
    assert counts(Family, Birth, Child, ImportedBirth) == [1, 1, 1, 1]


def test_two_people_confirm_the_same_commune_outside_at_the_same_second() -> None:
    away = line(commune="Metz", postal_code="57000")
    with step():
        first, second = receive(away, by="elise"), receive(away, by="farid")
        table = table_of(csv_list(away), first.structure)
        [birth] = listed(table, first.columns, first.structure, clock.now()).births
        neighbour = factories.make_family(mother={"birth_name": "Voisine"})

    def written(run: ImportRun) -> Any:
        said = {"choice": "other", "about_commune": "confirmed"}
        return lambda: actions.write_listed(run=run, birth=birth, at=clock.now(), **said)

    def moved() -> None:
        # Somebody who corrects another file at that moment takes no lock of theirs.
        Family.objects.filter(pk=neighbour.pk).update(commune=stored_commune(outside_commune("57000 METZ")))

    found = at_once(written(first), written(second), moved)

    assert found == ["done", "done", "done"]
    assert counts(Family, Birth, ImportedBirth) == [2, 1, 1]
    with step():
        outside = Commune.objects.get(is_outside=True)
        assert Family.objects.filter(commune=outside).count() == 2


def test_birth_registered_by_hand_meanwhile_is_not_written_again() -> None:
    run = confirmed(line())
    with step():
        about = {"birth_name": "Garnier", "first_names": "Élodie", "birth_on": "1993-03-12"}
        factories.make_birth(factories.make_family(mother=about), days_ago=1)

    runs.carry_out(run, step)

    assert counts(Family, Birth, ImportedBirth) == [1, 1, 0]


# ---- The command ---------------------------------------------------------------------------------------
@pytest.fixture
def maternity(committed: None) -> None:
    with step():
        Structure.objects.filter(pk=factories.structure().pk).update(finess=FINESS)


def run_command(capsys: Any, path: Path, *options: str, structure: str = FINESS) -> dict[str, Any]:
    call_command("import_births", str(path), "--territory", VALLEES, "--structure", structure, *options)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


@pytest.mark.usefixtures("maternity")
def test_command_prints_the_preview_and_writes_nothing(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_list(line(), line(child="Lina"), line(birth_name="Roux", phone="12"), line(birth_name="")))

    told = run_command(capsys, path)

    assert set(told) == {"new", "known", "probable_duplicates", "warnings", "refused"}
    assert told["new"] == [{"line": 2, "reason": "2 enfants (lignes 2, 3)"}, {"line": 4, "reason": "1 enfant"}]
    assert [one["line"] for one in told["warnings"]] == [4]
    assert told["refused"] == [{"line": 5, "reason": "Il manque\u00a0: nom de naissance de la mère."}]
    assert "Garnier" not in json.dumps(told)
    assert counts(Family, ImportRun, ImportFile) == [0, 0, 0]


@pytest.mark.usefixtures("maternity")
def test_command_applies_what_is_new_once_and_never_a_duplicate(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_list(line(), line(birth_name="Roux", first_names="Eva", birth_on="01/01/1990")))

    first = run_command(capsys, path, "--apply")
    second = run_command(capsys, path, "--apply", structure="10780195")

    assert [one["line"] for one in first["added"]] == [2]
    assert [one["line"] for one in first["probable_duplicates"]] == [3]
    assert (second["new"], second["added"], [one["line"] for one in second["known"]]) == ([], [], [2])
    assert counts(Family, Birth) == [1, 1]


@pytest.mark.usefixtures("maternity")
def test_command_leaves_a_commune_outside_until_its_line_is_confirmed(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_list(line(commune="Metz", postal_code="57000")))

    seen = run_command(capsys, path)
    first = run_command(capsys, path, "--apply", "--outside-confirmed", "3")
    before = counts(Family)
    second = run_command(capsys, path, "--apply", "--outside-confirmed", "2")

    assert [one["line"] for one in seen["warnings"]] == [2]
    assert ([one["line"] for one in first["waiting"]], first["added"], before) == ([2], [], [0])
    assert ([one["line"] for one in second["added"]], second["waiting"]) == ([2], [])
    with step():
        assert Family.objects.get().commune.postal_code == "57000"


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (None, {}),
        (b"PK\x03\x04rien", {}),
        (b"a;b\n1;2\n", {}),
        (b"", {}),
        (csv_list("x;y"), {"structure": "999999999"}),
        (csv_list("x;y"), {"territory": "nulle-part"}),
    ],
)
@pytest.mark.usefixtures("maternity")
def test_command_fails_with_a_sentence(tmp_path: Path, content: bytes | None, options: dict[str, str]) -> None:
    path = tmp_path / "liste.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError):
        call_command("import_births", str(path), **({"territory": VALLEES, "structure": FINESS} | options))

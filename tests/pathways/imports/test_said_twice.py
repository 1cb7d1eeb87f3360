"""A child said by two lines of a list: once and told, or asked; never a twin that nobody has seen."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from copa.kernel import scope
from pathways.enums import Sex
from pathways.models import Child, Family, ImportedBirth, ImportRun
from pathways.reads import imports as reads
from pathways.rules.import_twins import NO_HOUR
from territories.models import Structure
from tests import factories
from tests.births_lists import csv_list, line
from tests.cast import VALLEES, inside
from tests.pathways.imports.test_pages import As, counts, only_run, page_of, send, text
from tests.pathways.imports.test_rules import changed, read

HALF_PAST_EIGHT = datetime(2026, 11, 19, 7, 30, tzinfo=UTC)
AWAY = {"commune": "Metz", "postal_code": "57000", "phone": ""}


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({"child": "Noé"}, {"child": "Noe"}, ("Noé", 3250)),
        ({"child": "NOE"}, {"child": "Noé"}, ("Noé", 3250)),
        ({"child": "Noé", "weight": "2850"}, {"child": "Noé", "weight": "2580"}, ("Noé", 2580)),
        ({"child": "Noé"}, {"child": "Noé", "hour": ""}, ("Noé", 3250)),
        ({"child": "Noé", "hour": ""}, {"child": "Noé"}, ("Noé", 3250)),
        ({"child": "Noé", "weight": ""}, {"child": "Noé", "sex": ""}, ("Noé", 3250)),
        ({"child": ""}, {"child": "Noé"}, ("Noé", 3250)),
        ({"child": "Bébé"}, {"child": "Noé"}, ("Noé", 3250)),
    ],
)
def test_child_said_twice_is_one_child_and_both_lines_are_told(
    first: dict[str, str], second: dict[str, str], kept: tuple[str, int]
) -> None:
    found = read(changed(**first), changed(**second))

    [birth] = found.births
    [child] = birth.children
    assert (child.line, child.first_name, child.weight_g, child.sex) == (2, *kept, Sex.MALE)
    assert birth.born_at == HALF_PAST_EIGHT
    assert birth.doubts == ()
    assert [one.line for one in found.warned if "la ligne 2" in one.reason and "fois" in one.reason] == [3]


def test_what_is_corrected_is_named_with_what_both_lines_say() -> None:
    first = changed(child="Noé", weight="2850", phone="01 99 00 31 55")
    found = read(first, changed(child="Noe", weight="2580", hour="", phone="01 99 00 31 56"))

    [birth] = found.births
    told = re.sub(r"\s", " ", " ".join(one.reason for one in found.warned if one.line == 3))
    assert birth.phone.endswith("56")
    assert "poids 2 850 g puis 2 580 g" in told
    assert "prénom écrit autrement" in told
    assert "téléphone différent" in told
    assert "Heure de naissance absente : celle de la ligne 2 est notée" in told
    assert "Noé" not in told


def test_twins_of_whom_one_is_typed_again_stay_two() -> None:
    found = read(
        changed(child="Chloé", sex="F", weight="2300"),
        changed(child="Noé", weight="2400", hour="08:40"),
        changed(child="Noe", weight="2400", hour=""),
    )

    [birth] = found.births
    assert [(child.line, child.first_name) for child in birth.children] == [(2, "Chloé"), (3, "Noé")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"child": "Noé"}, {"child": "Éléa"}),
        ({"child": "", "sex": "F"}, {"child": "", "sex": "M"}),
        ({"child": "", "weight": "2300"}, {"child": "", "weight": "2400"}),
        ({"child": "", "hour": "08:20"}, {"child": "", "hour": "08:30"}),
        ({"child": "Bébé", "weight": "2300"}, {"child": "Bébé", "weight": "2400"}),
        ({"child": "Jumeau A"}, {"child": "Jumeau B"}),
        ({"child": "Noé"}, {"child": "Éléa", "hour": ""}),
    ],
)
def test_real_twins_stay_twins(first: dict[str, str], second: dict[str, str]) -> None:
    found = read(changed(**first), changed(**second))

    [birth] = found.births
    assert len(birth.children) == 2
    assert birth.born_at.hour == 7


def test_twin_without_an_hour_never_moves_the_birth_to_midnight() -> None:
    found = read(changed(child="Noé", hour=""), changed(child="Éléa", born_on="20/11/2026", hour="00:40"))

    [birth] = found.births
    assert birth.born_at == datetime(2026, 11, 19, 23, 40, tzinfo=UTC)
    assert NO_HOUR not in [one.reason for one in found.warned]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"child": "Noé", "weight": "2850"}, {"child": "Noé", "weight": "2580", "hour": "08:50"}),
        ({"child": "Noé"}, {"child": "Noé", "sex": "F"}),
        ({"child": "Noé"}, {"child": "Noé Paul"}),
        ({"child": "Noé"}, {"child": "", "weight": ""}),
        ({"child": ""}, {"child": "", "hour": ""}),
    ],
)
def test_doubt_is_asked(first: dict[str, str], second: dict[str, str]) -> None:
    found = read(changed(**first), changed(**second))

    [birth] = found.births
    assert [child.line for child in birth.children] == [2]
    assert [(doubt.line, doubt.like) for doubt in birth.doubts] == [(3, 2)]
    assert [one.line for one in found.warned if one.is_asked] == [3]


# ---- The page -----------------------------------------------------------------------------------------
def doubtful() -> bytes:
    return csv_list(
        line(child="Noé", weight="2850"),
        line(child="Noé", weight="2580", hour="08:50"),
        line(birth_name="Roux", first_names="Eva", phone="", birth_on="01/01/1990"),
    )


@pytest.mark.parametrize(("answer", "children"), [("same", [2580]), ("twin", [2850, 2580])])
def test_birth_waits_until_somebody_has_said_whether_it_is_a_twin(as_: As, answer: str, children: list[int]) -> None:
    client = as_("farid")
    sent = send(client, doubtful())
    shown = text(client.get(sent.url))
    client.post(sent.url, {"act": "confirm"})
    before = counts(Family, Child)
    waiting = text(client.get(sent.url))

    last = client.post(sent.url, {"act": "confirm", "twin3": answer})

    assert "Lignes 2 et 3 : Élodie Garnier" in shown
    assert "1 jumeau à confirmer" in shown
    assert "Inscrire 1 naissance" in shown
    assert (before, "1 jumeau à confirmer" in waiting) == ([1, 1], True)
    assert "2 naissances inscrites" in text(client.get(last.url))
    with scope.opened(inside(VALLEES)):
        birth = ImportedBirth.objects.get(line=2).birth
        rows = Child.objects.filter(birth=birth).order_by("pk").values_list("birth_weight_g", flat=True)
        assert list(rows) == children
    assert only_run().state == "done"


def test_answer_that_is_not_offered_leaves_the_birth_waiting(as_: As) -> None:
    client = as_("farid")
    sent = send(client, doubtful())

    client.post(sent.url, {"act": "confirm", "twin3": "oui", "twin4": "twin"})

    assert only_run().choices == {}
    assert counts(Family) == [1]


def test_list_sent_again_with_a_doubt_says_it_of_the_known_birth(as_: As) -> None:
    client = as_("farid")
    client.post(send(client, csv_list(line(child="Noé", weight="2850"))).url, {"act": "confirm"})

    shown = text(client.get(send(client, doubtful()).url))

    assert "La ligne 3 dit peut-être un jumeau, que le dossier n’a pas" in shown
    assert "attend une réponse" not in shown.replace("sauf celles qui attendent une réponse", "")
    assert counts(Child) == [1]


@pytest.mark.usefixtures("committed")
def test_command_leaves_a_doubt_until_its_line_is_said(as_: As, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(doubtful())
    with scope.opened(inside(VALLEES)):
        Structure.objects.filter(pk=factories.structure().pk).update(finess="010780195")

    def applied(*more: str) -> Any:
        options = ("--territory", VALLEES, "--structure", "010780195", "--apply")
        call_command("import_births", str(path), *options, *more)
        return json.loads(capsys.readouterr().out)

    first, second, last = applied(), applied(), applied("--twin", "3")

    assert [one["line"] for one in first["waiting"]] == [2]
    assert [one["line"] for one in first["added"]] == [4]
    assert second["added"] == []
    assert (last["waiting"], [one["line"] for one in last["added"]]) == ([], [2])
    assert applied("--twin", "3")["added"] == []
    assert counts(Family, Child) == [2, 3]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("--same-child", "3", "--twin", "3"), "ligne 3\u00a0: à la fois le même enfant"),
        (("--same-child", "3", "99"), "ligne 99\u00a0: aucune réponse n’est demandée (attendent une réponse\u00a0: 3)"),
        (("--twin", "2", "4"), "lignes 2, 4\u00a0: aucune réponse n’est demandée"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--apply",)])
@pytest.mark.usefixtures("committed")
def test_command_refuses_answers_that_contradict_or_that_nothing_asked(
    as_: As, tmp_path: Path, said: tuple[str, ...], why: str, more: tuple[str, ...]
) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(doubtful())
    with scope.opened(inside(VALLEES)):
        Structure.objects.filter(pk=factories.structure().pk).update(finess="010780195")

    with pytest.raises(CommandError, match=re.escape(why)):
        call_command("import_births", str(path), "--territory", VALLEES, "--structure", "010780195", *more, *said)

    assert counts(Family, Child) == [0, 0]


# ---- What is left after a first confirmation ------------------------------------------------------------
def test_what_was_answered_is_no_longer_counted(as_: As) -> None:
    with scope.opened(inside(VALLEES)):
        for name, phone in (("Garnier", "01 99 00 31 55"), ("Roux", "01 99 00 31 56")):
            about = {"birth_name": name, "first_names": "Élodie", "birth_on": "1993-03-12", "phone": phone}
            factories.make_birth(factories.make_family(mother=about), days_ago=500)
    client = as_("elise")
    rows = [line(), line(birth_name="Roux"), line(birth_name="Loin", first_names="Ana", birth_on="02/02/1990", **AWAY)]
    sent = send(client, csv_list(*rows))
    first = text(client.get(sent.url))

    client.post(sent.url, {"act": "confirm", "line2": "nothing", "outside4": "confirmed"})
    again = text(client.get(sent.url))

    assert "2 à décider" in first
    assert "attend que quelqu’un la confirme" in first
    assert "1 ligne à décider" in again
    assert "1 à décider" in again
    assert "les suivantes viennent après" not in again
    assert "attend que quelqu’un la confirme" not in again


def test_choice_that_could_not_be_written_is_asked_again(as_: As) -> None:
    with scope.opened(inside(VALLEES)):
        about = {"birth_name": "Garnier", "first_names": "Élodie", "birth_on": "1993-03-12"}
        family = factories.make_family(mother=about)
        factories.make_birth(family, days_ago=500)
    client = as_("elise")
    send(client, csv_list(line()))
    choices = {"2": f"add:{family.public_id}"}
    ImportRun.unscoped.filter(pk=only_run().pk).update(choices=choices)

    again = text(client.get(page_of(only_run())))

    assert "1 ligne à décider" in again


def test_progress_counts_what_was_written_before(as_: As) -> None:
    client = as_("farid")
    sent = send(client, doubtful())
    client.post(sent.url, {"act": "confirm"})

    client.post(sent.url, {"act": "confirm", "twin3": "twin"})

    run = only_run()
    with scope.opened(inside(VALLEES)):
        assert (run.total, reads.added(run)) == (2, 2)
    # What this very list wrote before is not « déjà connue ».
    assert run.summary["known"] == 0

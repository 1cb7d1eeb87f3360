"""A twin whose brother was registered alone comes with the next list: never counted as known without a word."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from copa.kernel import scope
from pathways.enums import Sex
from pathways.rules.import_listed import ListedChild
from pathways.rules.import_twins import may_be_same_child
from territories.models import Structure
from tests import factories
from tests.births_lists import csv_list, line
from tests.cast import VALLEES, inside
from tests.pathways.imports.test_pages import As, send, text

SAME, TWIN = "1 déjà connue", "n’est pas celui du dossier"


def second_list(as_: As, **changes: str) -> str:
    """What the page shows of a list that comes after the one of Léo, a boy of 3 250 g."""
    client = as_("farid")
    client.post(send(client, csv_list(line())).url, {"act": "confirm"})
    return text(client.get(send(client, csv_list(line(**changes))).url))


@pytest.mark.parametrize(
    "changes",
    [
        {"child": "Lina", "sex": "F", "weight": "3000", "hour": "08:40"},
        {"child": "", "sex": "F", "weight": ""},
        {"child": "", "weight": "3000"},
    ],
)
def test_other_child_of_a_known_delivery_is_told(as_: As, changes: dict[str, str]) -> None:
    shown = second_list(as_, **changes)

    assert SAME in shown
    assert TWIN in shown


@pytest.mark.parametrize("changes", [{}, {"child": ""}, {"weight": ""}, {"child": "LÉO", "hour": "08:31"}])
def test_same_child_said_otherwise_needs_nothing(as_: As, changes: dict[str, str]) -> None:
    assert TWIN not in second_list(as_, **changes)


@pytest.mark.usefixtures("committed")
def test_command_warns_of_it_with_its_line(as_: As, tmp_path: Path, capsys: Any) -> None:
    client = as_("farid")
    client.post(send(client, csv_list(line())).url, {"act": "confirm"})
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_list(line(child="Lina", sex="F", weight="3000", hour="08:40")))

    with scope.opened(inside(VALLEES)):
        maternity = factories.structure()
        Structure.objects.filter(pk=maternity.pk).update(finess="010780195")
    call_command("import_births", str(path), "--territory", VALLEES, "--structure", "010780195")

    told = json.loads(capsys.readouterr().out)
    assert [one["line"] for one in told["known"]] == [2]
    assert [one["line"] for one in told["warnings"]] == [2]
    assert TWIN in told["warnings"][0]["reason"]


@given(
    name=st.sampled_from(["", "Léo"]),
    sex=st.sampled_from([Sex.MALE, Sex.UNKNOWN]),
    weight=st.sampled_from([None, 3250]),
)
def test_what_one_of_them_does_not_know_contradicts_nothing(name: str, sex: str, weight: int | None) -> None:
    listed = ListedChild(line=2, first_name=name, sex=sex, weight_g=weight, is_hospitalised=False)

    assert may_be_same_child(listed, first_name="Léo", sex=Sex.MALE, weight_g=3250)
    assert may_be_same_child(listed, first_name="", sex=Sex.UNKNOWN, weight_g=None)

"""A child who died, told anywhere on a line of a list, stops it (A38); what is not read of a list is named."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from copa.kernel import scope
from pathways.rules import import_lines
from pathways.rules.import_columns import FIELDS, proposed_columns, unread_columns
from pathways.rules.import_file import Row
from pathways.rules.import_lines import read_list
from pathways.rules.import_losses import DEATH, FOR_A_PERSON, LOSS, death_columns, why_lost
from tests.births_lists import HEADINGS, csv_list, line
from tests.cast import VALLEES
from tests.pathways.imports.test_pages import As, send, text
from tests.pathways.imports.test_rules import LINE, around, changed, read, reasons

CERTAIN = ("mort-né", "Mort-née", "MORT NÉ", "mort nes", "mortné", "Décédé", "décédée", "DECEDE", "décès", "MFIU",
           "M.F.I.U.", "IMG", "MIU", "mort in utero", "Mort fœtale", "né mort", "enfant sans vie", "DCD", "morte",
           "stillborn", "bébé décédé")  # fmt: skip


@pytest.mark.parametrize("cell", CERTAIN)
@pytest.mark.parametrize("heading", ["Etat", "N° de chambre", "Issue"])
def test_death_stops_its_line_in_any_column(cell: str, heading: str) -> None:
    found = read(f"{LINE};{cell}", f"{changed(name='Roux')};vivant", headings=f"{HEADINGS};{heading}")

    assert reasons(found) == [(2, LOSS)]
    assert [birth.birth_name for birth in found.births] == ["Roux"]


@pytest.mark.parametrize("field", [field.key for field in FIELDS if field.key not in {"outcome", "secrecy"}])
@pytest.mark.parametrize("cell", ["mort-né", "Décédée", "MFIU"])
def test_death_stops_its_line_in_the_columns_that_are_read(field: str, cell: str) -> None:
    assert why_lost([cell], [field]) in {LOSS, FOR_A_PERSON}
    assert why_lost(["Vivant", cell], ["", field])


def test_cell_beyond_the_last_heading_is_looked_at() -> None:
    assert why_lost(["Garnier", "mort-né"], ["birth_name"]) == LOSS


@pytest.mark.parametrize(
    "cell", ["ATCD MFIU 2021", "père décédé en juin", "décès du premier jumeau", "IMG en 2019", "bébé mort à H2"]
)
def test_death_of_somebody_is_for_a_person_to_look_at(cell: str) -> None:
    assert reasons(read(f"{LINE};{cell}", headings=f"{HEADINGS};Observations")) == [(2, FOR_A_PERSON)]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Observations", "RAS"),
        ("Observations", "mortier, imgage, image, transfert in utero, Mortagne"),
        ("Issue", "vivant"),
        ("Décès", "non"),
        ("Décès", ""),
    ],
)
def test_ordinary_words_stop_nothing(heading: str, cell: str) -> None:
    assert reasons(read(f"{LINE};{cell}", headings=f"{HEADINGS};{heading}")) == []


@pytest.mark.parametrize(
    "changes", [{"name": "Mortné"}, {"name": "Miu"}, {"first": "Miu"}, {"address": "2 rue du Bois-Mort"}]
)
def test_names_and_streets_stop_nothing(changes: dict[str, str]) -> None:
    assert reasons(read(changed(**changes))) == []


@pytest.mark.parametrize("key", ["", "-", "outcome"])
def test_column_of_deaths_speaks_whatever_was_said_of_it(key: str) -> None:
    headings = [*HEADINGS.split(";"), "Décès"]
    columns = death_columns(headings, [*proposed_columns(headings[:-1], {}), key])

    found = read_list([Row(2, (*LINE.split(";"), "oui")), Row(3, (*LINE.split(";"), "non"))], columns, around())

    assert columns[-1] == DEATH
    assert (2, FOR_A_PERSON) in reasons(found)
    assert death_columns(["Vivant, mort-né", "Décès"], ["outcome", "born_at"]) == ["outcome", "born_at"]


def test_living_twin_is_held_back_whatever_column_tells_the_death() -> None:
    found = read(f"{LINE};mort-né", f"{changed(child='Lina', sex='F')};vivant", headings=f"{HEADINGS};Etat")

    assert found.births == ()
    assert "la ligne 2 dit un décès" in dict(reasons(found))[3]


def test_columns_that_are_not_read_are_named() -> None:
    headings = ["Nom", "Couleur", "", "Décès", "Chambre"]

    assert unread_columns(headings, ["birth_name", "", "-", DEATH, "-"]) == ["Couleur", "colonne 3", "Chambre"]


@pytest.mark.parametrize(("above", "number"), [([], 1), (["Maternité Saint-Rémi", ""], 3)])
def test_command_names_a_line_for_everything_it_says(
    vallees: scope.Scope, tmp_path: Path, above: list[str], number: int
) -> None:
    rows = [*above, f"{HEADINGS};Etat;Chambre", f"{line()};vivant;12", "seul"]
    (tmp_path / "list.csv").write_text("\r\n".join(rows))
    out = StringIO()

    call_command(
        "import_births", tmp_path / "list.csv", territory=VALLEES, structure="Maternité Saint-Rémi", stdout=out
    )

    told = json.loads(out.getvalue())
    unread = [one["line"] for one in told["warnings"] if one["reason"].startswith("colonne non lue")]
    assert unread == [number, number]
    assert [one for rows in told.values() for one in rows if type(one["line"]) is not int] == []


def test_command_and_preview_tell_what_is_not_read_and_stop_a_death(as_: As, tmp_path: Path) -> None:
    """The list of a ward that has a column of its own: nobody is proposed to a mother whose child died."""
    content = csv_list(f"{line()};mort-né", f"{line(birth_name='Roux')};vivant", headings=f"{HEADINGS};Etat")
    (tmp_path / "list.csv").write_bytes(content)
    out = StringIO()

    call_command(
        "import_births", tmp_path / "list.csv", territory=VALLEES, structure="Maternité Saint-Rémi", stdout=out
    )
    client = as_("farid")
    asked = send(client, content)
    page = asked.url.replace("columns/", "")
    shown = text(client.get(page))

    told = json.loads(out.getvalue())
    assert {"line": 1, "reason": "colonne non lue\u00a0: Etat"} in told["warnings"]
    assert told["refused"] == [{"line": 2, "reason": LOSS}]
    assert [one["line"] for one in told["new"]] == [3]
    assert "Des colonnes ne sont pas lues Etat." in shown
    assert "1 naissance à inscrire" in shown
    assert "Deuil" in shown


def test_each_commune_is_prepared_once_for_a_whole_list() -> None:
    """Five thousand lines over four hundred communes: two million comparisons, not two million preparations."""
    import_lines._as_compared.cache_clear()

    read(*[changed(commune="Ligny-le-Haut")] * 5)

    assert import_lines._as_compared.cache_info().misses == len(around().places)

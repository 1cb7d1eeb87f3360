"""What a maternity's list says, whatever wrote it: encodings, separators, dates, zeros, twins, formulas."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copa.kernel.errors import BusinessError
from pathways.rules import import_values as values
from pathways.rules.import_columns import (
    KNOWN_HEADINGS,
    is_understood,
    missing_fields,
    proposed_columns,
    remembered_columns,
)
from pathways.rules.import_file import MAX_LINES, Cell, Row, Table, read_table
from pathways.rules.import_kept import from_kept, to_kept
from pathways.rules.import_lines import Around, Listed, Place, read_list
from pathways.rules.import_secrecy import secrecy_columns
from pathways.rules.import_values import Unreadable
from tests.births_lists import HEADINGS

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PLACES = (Place(1, "Ligny-le-Haut", "55190"), Place(2, "Brécourt", "01200"), Place(3, "Nœux", "01200"))
LINE = "Garnier;;Élodie;12/03/1993;01 99 00 31 55;19/11/2026;08:30;Voie basse;1;39;Léo;M;3250;4 rue du Pont;55190;"


def around(**changes: object) -> Around:
    given = {"zone": ZoneInfo("Europe/Paris"), "region": "FR", "at": AT, "finess": "", "places": PLACES}
    return Around(**(given | changes))


def table(content: bytes) -> Table:
    return read_table(content, KNOWN_HEADINGS)


def read(*lines: str, encoding: str = "utf-8", headings: str = HEADINGS, **changes: object) -> Listed:
    found = table("\n".join([headings, *lines]).encode(encoding))
    return read_list(found.rows, proposed_columns(found.headings, {}), around(**changes))


def changed(**changes: str) -> str:
    cells = LINE.split(";")
    places = {"name": 0, "used": 1, "first": 2, "birth_on": 3, "phone": 4, "born_on": 5, "hour": 6, "mode": 7}
    places |= {"parity": 8, "term": 9, "child": 10, "sex": 11, "weight": 12, "address": 13, "postal": 14, "commune": 15}
    for name, value in changes.items():
        cells[places[name]] = value
    return ";".join(cells)


def reasons(found: Listed) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in found.refused]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_are_read_in_every_encoding(encoding: str) -> None:
    [birth] = read(LINE, encoding=encoding).births

    assert birth.first_names == "Élodie"
    assert birth.children[0].first_name == "Léo"


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separators(separator: str) -> None:
    [birth] = read(LINE.replace(";", separator), headings=HEADINGS.replace(";", separator)).births

    assert (birth.birth_name, birth.address) == ("Garnier", "4 rue du Pont")


def test_quoted_cells_keep_their_separators_and_line_breaks() -> None:
    found = read(changed(address='"4 rue du Pont ; bât. A\nétage 2"'), LINE.replace("Garnier", "Roux"))

    assert [(birth.line, birth.address) for birth in found.births] == [
        (2, "4 rue du Pont ; bât. A étage 2"),
        (4, "4 rue du Pont"),
    ]


def test_forgotten_quotation_mark_costs_its_own_line_only() -> None:
    found = read(changed(address='"4 rue'), *[LINE.replace("Garnier", f"Roux{letter * 3}") for letter in "abcdefghij"])

    assert reasons(found) == [(2, "Un guillemet n’est pas refermé.")]
    assert len(found.births) == 10


@pytest.mark.parametrize("broken", [b"\xff", b"\xc3\x28", b"\x81", b"\x00"])
@pytest.mark.parametrize("accent", ["é", "e"])
def test_broken_byte_costs_its_own_line_only(broken: bytes, accent: str) -> None:
    lines = [
        changed(name=f"Roux{accent}{chr(97 + n // 26)}{chr(97 + n % 26)}", first="Eva", child="").encode()
        for n in range(50)
    ]
    lines[24] = lines[24].replace(b"Roux", b"Ro" + broken + b"ux")
    content = b"\n".join([HEADINGS.replace("’", " ").replace("é", "e").encode(), *lines])

    found = read_list(table(content).rows, proposed_columns(table(content).headings, {}), around())

    assert reasons(found) == [(26, "Un caractère est illisible (fichier abîmé à cet endroit).")]
    assert len(found.births) == 49


def test_headings_are_found_below_a_title() -> None:
    content = f"Maternité Saint-Rémi\nListe du 20/11/2026;;\n\n{HEADINGS}\n{LINE}".encode()

    found = table(content)

    assert found.headings[0] == "Nom de naissance"
    assert [row.line for row in found.rows] == [5]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n", "empty_file"),
        (b"PK\x03\x04 and then nothing", "unreadable_file"),
        (b"un seul mot", "unreadable_file"),
        (b"a;b\n" * (MAX_LINES + 20), "too_many_lines"),
        (b";".join([b"a"] * 200), "too_many_columns"),
        (b"a" * 5_000_001, "file_too_big"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        table(content)

    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("12/03/1993", date(1993, 3, 12)),
        ("12-03-1993", date(1993, 3, 12)),
        ("12.3.93", date(1993, 3, 12)),
        ("1993-03-12", date(1993, 3, 12)),
        ("1993-03-12 00:00:00", date(1993, 3, 12)),
        (34040, date(1993, 3, 12)),
        (34040.0, date(1993, 3, 12)),
        ("34040", date(1993, 3, 12)),
        (datetime(1993, 3, 12, 9, 0), date(1993, 3, 12)),
        (date(1993, 3, 12), date(1993, 3, 12)),
        ("03/12/26", date(1926, 12, 3)),
    ],
)
def test_days_are_read_day_first(cell: object, day: date) -> None:
    assert values.day(cell, born_before=date(2015, 12, 31)) == day


@pytest.mark.parametrize("cell", ["31/02/1993", "12/13/1993", "hier", "1993", "12/03", 3, "999999"])
def test_what_is_no_day_is_refused(cell: object) -> None:
    with pytest.raises(Unreadable):
        values.day(cell)


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("08:30", time(8, 30)),
        ("8h30", time(8, 30)),
        ("8 h 30", time(8, 30)),
        ("8h", time(8, 0)),
        ("0830", time(8, 30)),
        ("830", time(8, 30)),
        ("08:30:00", time(8, 30)),
        ("19/11/2026 08:30", time(8, 30)),
        ("2026-11-19T08:30", time(8, 30)),
        ("19/11/2026", None),
        ("", None),
        (0.354166667, time(8, 30)),
        (46345.354166667, time(8, 30)),
        (time(8, 30), time(8, 30)),
        (timedelta(hours=8, minutes=30), time(8, 30)),
        (datetime(2026, 11, 19, 8, 30), time(8, 30)),
        (datetime(2026, 11, 19), None),
    ],
)
def test_hours(cell: object, hour: time | None) -> None:
    assert values.hour(cell) == hour


@pytest.mark.parametrize(
    ("cell", "region", "number"),
    [
        ("01 99 00 31 55", "FR", "+33199003155"),
        (199003155, "FR", "+33199003155"),
        (199003155.0, "FR", "+33199003155"),
        ("+33 1 99 00 31 55", "FR", "+33199003155"),
        (33199003155, "FR", "+33199003155"),
        (262001234, "RE", "+262262001234"),
        ('="0199003155"', "FR", "+33199003155"),
        ("'0199003155", "FR", "+33199003155"),
        ("12345", "FR", None),
        ("", "FR", ""),
    ],
)
def test_phone_gets_its_zero_back(cell: object, region: str, number: str | None) -> None:
    assert values.phone(cell, region) == number


@pytest.mark.parametrize(
    ("cell", "length", "code"),
    [(1200, 5, "01200"), (1200.0, 5, "01200"), ("1200", 5, "01200"), ("55190", 5, "55190"), (10780195, 9, "010780195"),
     ("2A0000012", 9, "2A0000012"), ("12", 5, "12")],
)  # fmt: skip
def test_codes_get_their_zeros_back(cell: object, length: int, code: str) -> None:
    assert values.padded(cell, length) == code


def test_eaten_zeros_lead_to_the_commune_and_the_phone() -> None:
    [birth] = read(changed(postal="1200", commune="Brécourt", phone="199003155")).births

    assert (birth.place, birth.phone) == (2, "+33199003155")


def test_code_shared_by_two_communes_is_left_to_be_chosen() -> None:
    found = read(changed(postal="1200", commune=""))

    assert found.births[0].place is None
    assert [one.line for one in found.warned] == [2]


def test_twins_on_two_lines_are_one_birth_of_two_children() -> None:
    found = read(
        changed(hour="23:55", born_on="18/11/2026", child="Léo", sex="M", weight="2400"),
        LINE.replace("Garnier", "Roux"),
        changed(
            name="GARNIER", first="Elodie", hour="00:05", child="Lina", sex="F", weight="2,3 kg", mode="césarienne"
        ),
    )

    twins, other = found.births
    assert [(one.line, one.first_name, one.weight_g) for one in twins.children] == [(2, "Léo", 2400), (4, "Lina", 2300)]
    assert twins.born_at == datetime(2026, 11, 18, 22, 55, tzinfo=UTC)
    assert twins.mode == "CAESAREAN"
    assert other.line == 3


def test_line_written_twice_counts_once_and_says_so() -> None:
    found = read(LINE, LINE)

    assert len(found.births[0].children) == 1
    assert [one.line for one in found.warned] == [3]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "=LIEN(A1)"}, "formule"),
        ({"name": "@SUM(A1)"}, "formule"),
        ({"name": "12345"}, "n’est pas un nom"),
        ({"name": ""}, "il manque"),
        ({"first": "X"}, "sous secret"),
        ({"name": "Accouchement sous X"}, "sous secret"),
        ({"birth_on": "31/02/1993"}, "calendrier"),
        ({"birth_on": "12/03/2020"}, "âge"),
        ({"born_on": "19/11/2027"}, "futur"),
        ({"born_on": "19/11/2020"}, "avant copa"),
        ({"born_on": "19/01/2026"}, "90 jours"),
        ({"mode": "eau"}, "mode de naissance"),
        ({"mode": ""}, "il manque"),
        ({"parity": "beaucoup"}, "parité"),
        ({"hour": "25:00"}, "heure"),
    ],
)
def test_lines_that_are_refused_say_why(changes: dict[str, str], said: str) -> None:
    [(line, reason)] = reasons(read(changed(**changes)))

    assert line == 2
    assert said in reason.lower()
    assert "Garnier" not in reason


def test_refused_line_says_everything_that_stands_against_it() -> None:
    [(_, reason)] = reasons(read(changed(mode="", parity="beaucoup", birth_on="31/02/1993", hour="25:00")))

    for said in ("Il manque\u00a0: mode de naissance", "parité", "calendrier", "heure"):
        assert said in reason


def test_bare_birth_date_beside_the_mothers_is_not_hers() -> None:
    headings = ["Date naissance", "Date de naissance mère", "Date accouchement"]

    assert proposed_columns(headings, {}) == ["", "birth_on", "born_on"]
    assert proposed_columns(headings[:2], {}) == ["born_on", "birth_on"]
    # Two of them: nobody can tell which is the child's, somebody says it.
    assert proposed_columns(["Date naissance", "DDN", "DDN mère"], {}) == ["", "", "birth_on"]
    assert proposed_columns(["Date de naissance", "Date accouchement"], {}) == ["birth_on", "born_on"]


def test_hour_that_does_not_exist_is_refused() -> None:
    at = datetime(2026, 4, 2, 12, tzinfo=UTC)

    assert "heure n’existe pas" in reasons(read(changed(born_on="29/03/2026", hour="02:30"), at=at))[0][1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"phone": "12"}, "Téléphone"),
        ({"term": "60"}, "Terme"),
        ({"weight": "32"}, "Poids"),
        ({"sex": "?"}, "Sexe"),
        ({"hour": ""}, "Heure"),
        ({"commune": "Ailleurs"}, "Commune"),
    ],
)
def test_what_may_wait_is_a_warning(changes: dict[str, str], said: str) -> None:
    found = read(changed(**changes))

    assert [one.line for one in found.births] == [2]
    assert found.warned[0].reason.startswith(said)


@pytest.mark.parametrize(
    ("commune", "code", "outside", "said"),
    [
        ("METZ", "57000", "Metz (57000)", "Commune hors du territoire"),
        ("Saint-Dié-des-Vosges", "88100", "Saint-Dié-des-Vosges (88100)", "Commune hors du territoire"),
        # A slip of the pen under a postal code of ours, a name alone, a postal code alone: nothing to confirm.
        ("Brecourd", "01200", "", "Commune inconnue"),
        ("Metz", "", "", "Commune inconnue"),
        ("", "57000", "", "Commune inconnue"),
        ("Metz 3", "57000", "", "Commune inconnue"),
    ],
)
def test_commune_outside_the_territory_is_to_be_confirmed(commune: str, code: str, outside: str, said: str) -> None:
    found = read(changed(commune=commune, postal=code))

    [birth] = found.births
    assert (birth.place, birth.outside) == (None, outside)
    assert [one.reason.startswith(said) for one in found.warned] == [True]
    assert "Metz" not in found.warned[0].reason


@pytest.mark.parametrize(
    ("code", "place", "outside", "said"),
    [
        ("55190", 1, "", None),
        ("", 1, "", None),
        # Another code of the department: the commune stands, and the difference is said.
        ("55940", 1, "", "Code postal 55940"),
        # A namesake elsewhere is not ours because it has our name.
        ("93200", None, "Ligny-le-Haut (93200)", "Commune hors du territoire"),
    ],
)
def test_name_of_a_commune_of_ours_under_another_code(
    code: str, place: int | None, outside: str, said: str | None
) -> None:
    found = read(changed(commune="Ligny-le-Haut", postal=code))

    [birth] = found.births
    assert (birth.place, birth.outside) == (place, outside)
    assert [one.reason.startswith(str(said)) for one in found.warned] == ([True] if said else [])


def test_departments_overseas_are_told_by_three_figures() -> None:
    """Saint-Pierre is in Martinique (97250) and in Réunion (97410)."""
    ours = (Place(1, "Saint-Pierre", "97410"),)

    found = read(changed(commune="Saint-Pierre", postal="97250"), places=ours)

    [birth] = found.births
    assert (birth.place, birth.outside) == (None, "Saint-Pierre (97250)")


def test_line_of_a_twin_that_knows_the_commune_leaves_nothing_to_confirm() -> None:
    away = changed(commune="Metz", postal="57000", child="Lina")

    [birth] = read(away, changed()).births

    assert (birth.place, birth.outside, len(birth.children)) == (1, "", 2)


def test_dangerous_signs_are_cleaned_from_texts() -> None:
    [birth] = read(changed(name="-Gar\u200bnier", address="=4 rue\x07 du Pont")).births

    assert (birth.birth_name, birth.address) == ("Garnier", "4 rue du Pont")


def test_stillbirth_is_never_imported() -> None:
    found = read(f"{LINE};mort-né", f"{changed(name='Roux')};vivant", headings=f"{HEADINGS};Issue")

    assert [line for line, _ in reasons(found)] == [2]
    assert "Deuil" in reasons(found)[0][1]
    assert [birth.birth_name for birth in found.births] == ["Roux"]


@pytest.mark.parametrize(
    "twin",
    [
        LINE,
        changed(name="GARNIER", first="Elodie", born_on="18/11/2026", hour="23:55"),
        changed(child="Lina", sex="F", hour=""),
    ],
)
@pytest.mark.parametrize("death", [LINE, changed(hour="", mode=""), changed(birth_on="", born_on="")])
@pytest.mark.parametrize("is_first", [True, False])
def test_living_twin_of_a_child_who_died_is_held_back(twin: str, death: str, *, is_first: bool) -> None:
    lines = [f"{death};mort-né", f"{twin};vivant"]
    place = 3 if is_first else 2

    found = read(*(lines if is_first else reversed(lines)), headings=f"{HEADINGS};Issue")

    told = dict(reasons(found))
    assert found.births == ()
    assert "à inscrire à la main" in told[place].lower()
    assert f"la ligne {5 - place} " in told[place]
    assert "Garnier" not in told[place]
    assert "Deuil" in told[5 - place]


def test_two_living_triplets_are_both_held_back() -> None:
    found = read(
        f"{LINE};vivant", f"{changed(child='')};décédé", f"{changed(child='Lina')};vivant", headings=f"{HEADINGS};Issue"
    )

    assert found.births == ()
    assert [line for line, _ in reasons(found)] == [2, 3, 4]


@pytest.mark.parametrize(
    "other",
    [changed(first="Sonia"), changed(birth_on="01/02/1990"), changed(born_on="10/11/2026"), changed(name="Roux")],
)
def test_death_holds_no_other_birth_back(other: str) -> None:
    found = read(f"{LINE};mort-né", f"{other};vivant", headings=f"{HEADINGS};Issue")

    assert [birth.line for birth in found.births] == [3]


SECRET = "Accouchement sous secret"


@pytest.mark.parametrize(
    "cells",
    ["née sous X", "sous-X", "Sous X.", "Accouchement sous le secret", "ACCT SOUS SECRET", "accouchement anonyme",
     "secret", "sous le sceau du secret", "sous l’anonymat", "sous anonymat", "Anonyme"],
)  # fmt: skip
@pytest.mark.parametrize("heading", ["Observations", "Remarque", "N° de chambre"])
def test_secret_is_found_in_any_column_mapped_or_not(cells: str, heading: str) -> None:
    [(line, reason)] = reasons(read(f"{LINE};{cells}", headings=f"{HEADINGS};{heading}"))

    assert line == 2
    assert "secret" in reason.lower()
    assert "Garnier" not in reason


@pytest.mark.parametrize(
    "changes",
    [{"name": "X"}, {"first": "XX"}, {"name": "Mme X"}, {"used": "anonyme"}, {"address": "sous X"}, {"child": "Sous X"},
     {"commune": "SOUS SECRET"}, {"phone": "secret"}],
)  # fmt: skip
def test_secret_is_found_in_the_columns_that_are_read(changes: dict[str, str]) -> None:
    [(_, reason)] = reasons(read(changed(**changes)))

    assert reason.startswith(SECRET)


@pytest.mark.parametrize("heading", ["Accouchement sous X", "Sous secret", "Anonymat"])
@pytest.mark.parametrize(("cell", "is_secret"), [("oui", True), ("x", True), ("1", True), ("?", True), ("non", False),
                                                 ("", False), ("0", False)])  # fmt: skip
def test_column_of_secrecy_refuses_all_but_a_no(heading: str, cell: str, *, is_secret: bool) -> None:
    found = read(f"{LINE};{cell}", headings=f"{HEADINGS};{heading}")

    assert [reason.startswith(SECRET) for _, reason in reasons(found)] == ([True] if is_secret else [])
    assert len(found.births) == (0 if is_secret else 1)


def test_column_of_secrecy_speaks_even_when_it_was_set_aside() -> None:
    headings = [*HEADINGS.split(";"), "Accouchement sous X"]

    assert secrecy_columns(headings, proposed_columns(headings, {"accouchement sous x": "-"}))[-1] == "secrecy"


@pytest.mark.parametrize("cells", ["4 rue du Secret", "agent secret", "société anonyme", "mission discrète et secrète"])
def test_word_that_may_mean_something_else_is_for_a_person_to_look_at(cells: str) -> None:
    [(_, reason)] = reasons(read(f"{LINE};{cells}", headings=f"{HEADINGS};Profession"))

    assert "inscrivez-la à la main" in reason


@pytest.mark.parametrize(
    "cells",
    ["secrétaire", "Secrétaire médicale", "secrétariat", "chambre X", "X", "rue Malcolm X", "anonymisation", "non"],
)
def test_ordinary_french_is_no_secret(cells: str) -> None:
    found = read(f"{LINE};{cells}", headings=f"{HEADINGS};Profession")

    assert (reasons(found), len(found.births)) == ([], 1)


@given(
    st.lists(
        st.one_of(
            st.text(max_size=20), st.floats(allow_nan=False), st.integers(), st.datetimes(), st.dates(), st.times(),
            st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2)), st.booleans(),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_what_is_kept_of_a_list_is_read_back_as_it_was(cells: list[Cell]) -> None:
    given = Table(("a", "b"), (Row(3, tuple(cells)), Row(4, (), "Un guillemet n’est pas refermé.")))

    assert from_kept(to_kept(given)) == given


def test_line_of_another_maternity_is_refused() -> None:
    found = read(f"{LINE};10780195", f"{LINE};10000016", headings=f"{HEADINGS};FINESS", finess="010780195")

    assert [line for line, _ in reasons(found)] == [3]


@pytest.mark.parametrize(
    ("said", "parity"),
    [("1", "FIRST"), ("G1P1", "FIRST"), ("G3P2", "ALREADY"), ("primipare", "FIRST"), ("Multipare", "ALREADY"),
     ("2", "ALREADY"), ("0", "FIRST"), ("Déjà parent", "ALREADY"), ("IIpare", "ALREADY")],
)  # fmt: skip
def test_parities(said: str, parity: str) -> None:
    found = read(changed(parity=said))

    assert [birth.parity for birth in found.births] == ([parity] if said != "IIpare" else [])


def test_surest_heading_has_the_field() -> None:
    columns = proposed_columns(["Nom", "Nom de naissance", "Prénom", "Prénom enfant", "Inconnue"], {})

    assert columns == ["", "birth_name", "first_names", "child_first_name", ""]
    assert "Parité" in missing_fields(columns)


def test_what_was_said_is_remembered() -> None:
    headings = ["Pat. NOM", "Couleur", "Prénoms"]
    said = remembered_columns(headings, ["birth_name", "-", "first_names"])

    again = proposed_columns(["PRENOMS", "couleur", "pat nom"], said)

    assert again == ["first_names", "-", "birth_name"]
    assert not is_understood(["a"], [""])


@given(st.binary(max_size=400))
def test_no_bytes_at_all_make_it_fall(content: bytes) -> None:
    try:
        found = table(HEADINGS.encode() + b"\n" + content)
    except BusinessError:
        return
    read_list(found.rows, proposed_columns(found.headings, {}), around())


@given(
    st.lists(
        st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.datetimes(), st.times(), st.booleans()),
        min_size=16,
        max_size=16,
    )
)
def test_no_cells_at_all_make_it_fall(cells: list[object]) -> None:
    columns = proposed_columns(HEADINGS.split(";"), {})
    found = read_list([Row(2, tuple(cells))], columns, around())

    assert len(found.births) + len(found.refused) == 1


def test_markup_is_no_name() -> None:
    found = read(changed(name="<b>Garnier</b>"), changed(child="<script>"), LINE)

    assert len(found.births) == 1
    assert [reason.endswith("ce n’est pas un nom.") for _, reason in reasons(found)] == [True, True]

"""Names that the maternity's software writes in capitals: as they are stored, and as they are compared."""

import pytest

from copa.kernel.french import normalised
from pathways.rules.people import out_of_capitals
from tests.pathways.imports.test_rules import changed, read


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("LEFÈVRE", "Lefèvre"),
        ("GUÉRIN-LE GOFF", "Guérin-Le Goff"),
        ("DE LA TOUR", "de la Tour"),
        ("DUPONT DU BOIS", "Dupont du Bois"),
        ("DE L’ISLE", "de l’Isle"),
        ("D'ALMEIDA", "d'Almeida"),
        ("N’DIAYE", "N’Diaye"),
        ("LA PORTE", "La Porte"),
        ("DELAUNAY", "Delaunay"),
        ("NGUYEN THI DU", "Nguyen Thi Du"),
        ("J.P. MARIE-ANGE", "J.P. Marie-Ange"),
        ("LEFE\u0300VRE", "Lefe\u0300vre"),
        # Initials or a short name: nobody knows which.
        ("ROY", "ROY"),
        ("JP", "JP"),
        # Somebody has chosen these letters.
        ("Lefèvre", "Lefèvre"),
        ("McDonald", "McDonald"),
        ("lefèvre", "lefèvre"),
        ("", ""),
    ],
)
def test_name_in_capitals_is_stored_as_it_is_written(typed: str, stored: str) -> None:
    assert out_of_capitals(typed) == stored
    assert normalised(stored) == normalised(typed)


def test_line_in_capitals_is_the_same_birth_in_letters_that_are_read() -> None:
    shouted = changed(name="GARNIER", used="DE LA TOUR", first="ÉLODIE", child="LÉONIE")

    [birth] = read(shouted).births
    twice = read(changed(child="Léonie"), shouted)

    assert (birth.birth_name, birth.used_name, birth.first_names) == ("Garnier", "de la Tour", "Élodie")
    assert birth.children[0].first_name == "Léonie"
    # Twins are two children: the same one in other letters is not a second one.
    assert [len(one.children) for one in twice.births] == [1]

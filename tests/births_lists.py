"""Lists of births for tests: lines of CSV, spreadsheets, and a run that waits for somebody."""

import io
from datetime import timedelta
from typing import Any

import rustpy_xlsxwriter
from django.utils import timezone

from copa.kernel import clock
from pathways.actions.imports import receive_list
from pathways.models import ImportRun
from tests import factories
from tests.cast import Person

HEADINGS = (
    "Nom de naissance;Nom utilisé;Prénoms;Date de naissance;Téléphone;Date d’accouchement;Heure;Mode d’accouchement;"
    "Parité;Terme;Prénom enfant;Sexe;Poids;Adresse;Code postal;Commune"
)
_LINE = {
    "birth_name": "Garnier",
    "used_name": "",
    "first_names": "Élodie",
    "birth_on": "12/03/1993",
    "phone": "01 99 00 31 55",
    "born_on": None,
    "hour": "08:30",
    "mode": "Voie basse",
    "parity": "1",
    "term": "39",
    "child": "Léo",
    "sex": "M",
    "weight": "3250",
    "address": "4 rue du Pont",
    "postal_code": "55190",
    "commune": "Ligny-le-Haut",
}


def yesterday() -> str:
    """The day before this one, as a ward writes it."""
    return f"{timezone.localdate() - timedelta(days=1):%d/%m/%Y}"


def line(**changes: str) -> str:
    """One child, as a line of CSV; born yesterday at half past eight unless told otherwise."""
    values = _LINE | {"born_on": yesterday()} | changes
    return ";".join(str(value) for value in values.values())


def many(number: int, first: int = 0) -> list[str]:
    """So many lines of different mothers."""
    return [
        line(
            birth_name=f"Famille{_letters(first + n)}",
            first_names=f"Prénom{_letters(n % 700)}",
            birth_on=f"{1 + n % 28:02d}/{1 + n % 12:02d}/{1985 + n % 15}",
            phone=f"01 99 00 {n // 100 % 100:02d} {n % 100:02d}" if n < 10_000 else "",
            child="",
        )
        for n in range(number)
    ]


def _letters(number: int) -> str:
    """A number in letters: names have no figures."""
    text = ""
    for _ in range(4):
        number, rest = divmod(number, 26)
        text += chr(97 + rest)
    return text


def csv_list(*lines: str, encoding: str = "utf-8", headings: str = HEADINGS) -> bytes:
    """A whole file."""
    return "\r\n".join([headings, *lines, ""]).encode(encoding)


def sheet(*rows: dict[str, Any]) -> bytes:
    """An XLSX file with these rows."""
    out = io.BytesIO()
    rustpy_xlsxwriter.write_worksheet(list(rows), out)
    return out.getvalue()


def receive(*lines: str, by: str | None = "elise", content: bytes | None = None, place: str = "") -> ImportRun:
    """A list of Saint-Rémi that waits for somebody."""
    run, _ = receive_list(
        structure=factories.structure(place),
        file_name="naissances.csv",
        content=content or csv_list(*lines),
        by=factories.who(by) if by else None,
        at=clock.now(),
    )
    return run


def world(rows: dict[str, Any], cast: dict[str, Person]) -> dict[str, Any]:
    """A list and a presentation that wait, for the table of who may ask what."""
    presented = factories.make_presentation(by=cast["ines"].member)
    return {"births_list": receive(line()), "presentation": presented}

"""A38: a child who died is never imported, nor its twin. Where a line says so, whatever column says it."""

import re
from collections.abc import Sequence

from copa.kernel.french import normalised
from pathways.rules.import_columns import IGNORED
from pathways.rules.import_file import Cell

LOSS = "Deuil : rien n’est importé (à compter dans « naissances sans dossier »)."
# An earlier child, a father, a street: only a person tells them from the child of this line.
FOR_A_PERSON = (
    "Un décès est peut-être dit sur cette ligne : rien n’est importé. Si l’enfant est vivant, inscrivez-le à la "
    "main ; sinon, comptez-le dans « naissances sans dossier »."
)
# No field of a list: a column whose heading says the death, so that its cells only say yes or no.
DEATH = "death"
_ASKED = {"outcome", DEATH}
_SURNAMES = {"birth_name", "used_name", "first_names", "coparent_name", "coparent_first_names"}
_PLACES = {"address", "commune", "email"}
_ALWAYS = (
    r"morts? nee?s?|morts? in utero|morts? f(?:oe|œ|e)tales?|morts? perinatales?|m ?f ?i ?u|decede[es]*|deces|dcd"
    r"|sans vie|interruptions? medicales?|stillborn|deceased"
)
# Names and streets hold these too: Miu, Mort, rue du Bois-Mort.
_ELSEWHERE = r"i ?m ?g|m ?i ?u|mortnee?s?|morte?s?|dead"
_SURE = re.compile(rf"\b(?:{_ALWAYS})\b")
_ANY = re.compile(rf"\b(?:{_ALWAYS}|{_ELSEWHERE})\b")
_ONLY = re.compile(rf"(?:enfant |bebe |nouveau nee? |nee? )?(?:{_ALWAYS}|{_ELSEWHERE})")
_NO = {"", "non", "n", "no", "0", "faux", "false", "aucun", "aucune", "vivant", "vivante", "v"}


def death_columns(headings: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The columns, where one headed « Décès » or « Mort-né » is DEATH: its yes is no outcome that can be read."""
    return [
        DEATH if key in {"", IGNORED, "outcome"} and _is_of_death(normalised(heading)) else key
        for heading, key in zip(headings, columns, strict=True)
    ]


def _is_of_death(heading: str) -> bool:
    return bool(_ANY.search(heading)) and "vivant" not in heading


def why_lost(cells: Sequence[Cell], columns: Sequence[str]) -> str:
    """The sentence that stops this line, "" for any other; every cell is looked at, also those of no column."""
    # One look at the whole line: of five thousand lines, hardly one goes on to its cells.
    whole = normalised(" ".join(map(str, cells)))
    pairs = zip(columns, cells, strict=False)
    if not _ANY.search(whole) and not any(key in _ASKED and _why(normalised(str(cell)), key) for key, cell in pairs):
        return ""
    keys = [*columns, *[""] * (len(cells) - len(columns))]
    said = [_why(normalised(str(cell)), key) for cell, key in zip(cells, keys, strict=False)]
    return LOSS if LOSS in said else next(filter(None, said), "")


def _why(words: str, key: str) -> str:
    if key == "outcome":
        return LOSS if words == "non" or _ANY.search(words) else ""
    if key == DEATH and words in _NO:
        return ""
    if key in _SURNAMES or key in _PLACES:
        return FOR_A_PERSON if _SURE.search(words) else ""
    if _ONLY.fullmatch(words):
        return LOSS
    return FOR_A_PERSON if key == DEATH or _ANY.search(words) else ""

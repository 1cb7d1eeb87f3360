"""A38: a birth under secrecy is never stored. Where a line of a list says so, whatever column says it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from copa.kernel.french import normalised
from pathways.rules.import_columns import BY_KEY, IGNORED
from pathways.rules.import_file import Cell, Row, Table

UNDER_SECRECY = "Accouchement sous secret : aucun dossier (à compter dans « naissances sans dossier »)."
# A street, a trade or a comment: only a person tells it from a secret, and nothing is kept while she looks.
FOR_A_PERSON = (
    "Le mot « secret » ou « anonyme » est écrit sur cette ligne : rien n’en est gardé. Si c’est une adresse ou un "
    "métier, inscrivez-la à la main ; sinon, comptez-la dans « naissances sans dossier »."
)
_NAMES = ("birth_name", "used_name", "first_names")
# What stands in place of a name.
_NO_NAME = re.compile(r"^((mme|madame|mlle|mademoiselle) )?(x+|secret|anonym\w*)$")
_SAID = re.compile(
    r"\bsous (le |la )?(sceau du )?(x+|secrets?|anonymat)\b|\b(accouch\w*|naissance|nee?) (x+|secret\w*|anonym\w*)\b"
)
_ONLY = re.compile(r"^(secret|anonyme|anonymat)$")
_HINT = re.compile(r"\b(secrets?|secretes?|anonymes?|anonymat)\b")
_NO = {"", "-", "non", "n", "no", "0", "faux", "false", "aucun", "aucune"}


def secrecy_columns(headings: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The columns, where one whose heading speaks of secrecy says so even if nobody, or somebody, set it aside."""
    of_secrecy = BY_KEY["secrecy"].headings
    return [
        "secrecy" if key in {"", IGNORED} and normalised(heading) in of_secrecy else key
        for heading, key in zip(headings, columns, strict=True)
    ]


def why_secret(cells: Sequence[Cell], columns: Sequence[str]) -> str:
    """The sentence that refuses this line, "" for any other; every cell is looked at, also those of no column."""
    said = [normalised(str(cell)) or str(cell).strip() for cell in cells]
    keys = [*columns, *[""] * (len(said) - len(columns))]
    if any(_is_said(words, key) for words, key in zip(said, keys, strict=False)):
        return UNDER_SECRECY
    return FOR_A_PERSON if any(_HINT.search(words) for words in said) else ""


def _is_said(words: str, key: str) -> bool:
    if key == "secrecy":
        # A question mark is not a no.
        return words not in _NO
    return bool(_SAID.search(words) or _ONLY.match(words) or (key in _NAMES and _NO_NAME.match(words)))


def without_secrets(table: Table, columns: Sequence[str]) -> Table:
    """The table as it may be kept: of a line under secrecy, its number and why it is refused, no cell of it."""
    columns = secrecy_columns(table.headings, columns)
    return replace(table, rows=tuple(_emptied(table.rows, columns)))


def _emptied(rows: Iterable[Row], columns: Sequence[str]) -> Iterable[Row]:
    for row in rows:
        reason = why_secret(row.cells, columns)
        yield Row(row.line, (), reason) if reason else row

"""Keys of the national identifiers: FINESS, RPPS, SIRET (domain.md 6). Pure: text in, yes or no out."""

import re

from stdnum import luhn
from stdnum.fr import siret

# What the reference of a family is made of. No vowel, no look-alike: it is read aloud on the phone.
REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"


def compact(typed: str) -> str:
    """An identifier as it is stored: no space, no dot, capital letters."""
    return re.sub(r"[\s.\-]", "", typed).upper()


def is_finess(text: str) -> bool:
    """Whether this is a FINESS number: nine characters, the last one the Luhn key.

    The key of a Corsican number (2A…, 2B…) follows a rule nobody has confirmed: its shape alone is asked.
    """
    if re.fullmatch(r"2[AB][0-9]{7}", text):
        return True
    return re.fullmatch(r"[0-9]{9}", text) is not None and luhn.is_valid(text)


def is_rpps(text: str) -> bool:
    """Whether this is an RPPS number: eleven digits, the last one the Luhn key."""
    return re.fullmatch(r"[0-9]{11}", text) is not None and luhn.is_valid(text)


def is_siret(text: str) -> bool:
    """Whether this is a SIRET number: fourteen digits and their key (La Poste has its own)."""
    return re.fullmatch(r"[0-9]{14}", text) is not None and bool(siret.is_valid(text))

"""Rules of people: names, references, ages."""

import unicodedata
from datetime import date

from copa.kernel.french import normalised

# What an invisible character is: controls, formats (zero width, direction of writing), private or unassigned places.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
# A word of a name is searched by this many letters at most; no field for a name is longer.
NAME_LETTERS = 80
MAJORITY = 18
# No vowel, no look-alike: a reference is read aloud on the phone.
_REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
_REFERENCE_LENGTH = 6
REFERENCES = len(_REFERENCE_LETTERS) ** _REFERENCE_LENGTH


def visible(text: str) -> str:
    """The text as it is seen: invisible characters out, runs of white space as one space."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE).split())


def is_name(text: str) -> bool:
    """Whether this may name somebody: one letter at least."""
    return any(c.isalpha() for c in text)


def family_reference(slug: str, number: int) -> str:
    """As "VA-7K3M9Q": two letters of the territory, then a number below REFERENCES."""
    prefix = "".join(letter for letter in slug if letter.isalpha())[:2].upper() or "CP"
    letters = []
    for _ in range(_REFERENCE_LENGTH):
        number, rest = divmod(number, len(_REFERENCE_LETTERS))
        letters.append(_REFERENCE_LETTERS[rest])
    return f"{prefix}-{''.join(letters)}"


def shown_name(first_name: str) -> str:
    """The first name of a child, « bébé » until it is chosen."""
    return first_name or "bébé"


def name_words(*names: str) -> frozenset[str]:
    """The words by which these names are searched, in any order; the first NAME_LETTERS letters of each."""
    return frozenset(word[:NAME_LETTERS] for word in normalised(*names).split())


def is_minor(birth_on: date, day: date) -> bool:
    """Whether somebody is under eighteen on this day (L16)."""
    return age_on(birth_on, day) < MAJORITY


def age_on(birth_on: date, day: date) -> int:
    """Whole years on this day; somebody born on 29 February is a year older on 1 March."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))

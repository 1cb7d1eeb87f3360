"""Rules of people: names, references, ages, phone numbers."""

import unicodedata
from datetime import date

import phonenumbers

from copa.kernel.french import normalised

# What an invisible character is: controls, formats (zero width, direction of writing), private or unassigned places.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
# A word of a name is searched by this many letters at most; no field for a name is longer.
NAME_LETTERS = 80
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


def age_on(birth_on: date, day: date) -> int:
    """Whole years on this day; somebody born on 29 February is a year older on 1 March."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def e164(text: str, region: str) -> str | None:
    """The number as +E.164, None when it is not one.

    A number without "+" must exist in the territory's own region: 0692… is a mobile in Réunion and nothing in
    mainland France. With its country code any number is taken: families live near borders.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    is_national = number.country_code == phonenumbers.country_code_for_region(region)
    typed_national = not text.strip().startswith(("+", "00"))
    if typed_national and not (is_national and phonenumbers.is_valid_number_for_region(number, region)):
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

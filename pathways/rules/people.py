"""Rules of people: names, references, ages."""

import re
import unicodedata
from calendar import monthrange
from datetime import date

from copa.kernel.french import NBSP, full_day, normalised
from copa.kernel.identifiers import REFERENCE_LETTERS
from pathways.enums import DayPrecision

# What an invisible character is: controls, formats (zero width, direction of writing), private or unassigned places.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
# A word of a name is searched by this many letters at most; no field for a name is longer.
NAME_LETTERS = 80
MAJORITY = 18
_FRENCH_DATE = re.compile(r"(?:(?:(?P<day>\d{1,2})[/.\- ])?(?P<month>\d{1,2})[/.\- ])?(?P<year>\d{4})")
_ISO_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?")
_INITIALS = 3
_NAME_WORD = re.compile(r"[^\s\-‐‑'’.]+")
# A particle has a word after it; « La » is one after « de » only (« La Porte » keeps its capital).
_PARTICLE = re.compile(r"\b(?:De\s+La\s+(?=\w)|De\s+L['’](?=\w)|(?:De|Du)\s+(?=\w)|D['’](?=\w))")
_REFERENCE_LENGTH = 6
REFERENCES = len(REFERENCE_LETTERS) ** _REFERENCE_LENGTH


def visible(text: str) -> str:
    """The text as it is seen: invisible characters out, runs of white space as one space."""
    if text.isprintable():
        # Nearly every cell of a long list: its only white space is the plain space, and nothing in it is invisible.
        return " ".join(text.split())
    spaced = "".join(" " if c.isspace() else c for c in text)
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE).split())


def is_name(text: str) -> bool:
    """Whether this may name somebody: one letter at least, and nothing of the markup of a page."""
    return any(c.isalpha() for c in text) and not any(c in "<>" for c in text)


def out_of_capitals(name: str) -> str:
    """A name that a maternity's software shouts, as it is written: "GUÉRIN DE LA TOUR" → "Guérin de la Tour".

    Left as it is when it holds a small letter, or three letters at most: they may be initials.
    """
    if not name.isupper() or sum(c.isalpha() for c in name) <= _INITIALS:
        return name
    return _PARTICLE.sub(lambda found: found[0].lower(), _NAME_WORD.sub(lambda found: found[0].capitalize(), name))


def family_reference(slug: str, number: int) -> str:
    """As "VA-7K3M9Q": two letters of the territory, then a number below REFERENCES."""
    prefix = "".join(letter for letter in slug if letter.isalpha())[:2].upper() or "CP"
    letters = []
    for _ in range(_REFERENCE_LENGTH):
        number, rest = divmod(number, len(REFERENCE_LETTERS))
        letters.append(REFERENCE_LETTERS[rest])
    return f"{prefix}-{''.join(letters)}"


def shown_name(first_name: str) -> str:
    """The first name of a child, « bébé » until it is chosen."""
    return first_name or "bébé"


def name_words(*names: str) -> frozenset[str]:
    """The words by which these names are searched, in any order; the first NAME_LETTERS letters of each."""
    return frozenset(word[:NAME_LETTERS] for word in normalised(*names).split())


def birth_span(birth_on: date, precision: str) -> tuple[date, date]:
    """The first and the last day on which somebody may be born; the same when the day is known."""
    if precision == DayPrecision.YEAR:
        return date(birth_on.year, 1, 1), date(birth_on.year, 12, 31)
    if precision == DayPrecision.MONTH:
        return birth_on.replace(day=1), birth_on.replace(day=monthrange(birth_on.year, birth_on.month)[1])
    return birth_on, birth_on


def may_be_born_on(birth_on: date, precision: str, other: date, other_precision: str = DayPrecision.DAY) -> bool:
    """Whether two birth dates may be the same one: partial dates agree with each day they hold."""
    first, last = birth_span(birth_on, precision)
    other_first, other_last = birth_span(other, other_precision)
    return first <= other_last and other_first <= last


def born_words(birth_on: date, precision: str) -> str:
    """As "le 17 mai 1994", "en mai 1994" or "en 1994": no day that nobody knows."""
    if precision == DayPrecision.YEAR:
        return f"en {birth_on.year}"
    words = full_day(birth_on)
    return f"en {words.partition(NBSP)[2]}" if precision == DayPrecision.MONTH else f"le {words}"


def read_birth_date(text: str) -> tuple[date, str] | None:
    """A birth date as somebody writes it, with its DayPrecision; None for what is none.

    As "17/05/1994", "1994-05-17", "05/1994", "1994"; registers write what they do not know as 00: "00/00/1994".
    """
    found = _FRENCH_DATE.fullmatch(text.strip()) or _ISO_DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(found[part] or 0) for part in ("year", "month", "day"))
    precision = DayPrecision.DAY if day else DayPrecision.MONTH if month else DayPrecision.YEAR
    try:
        return date(year, month or 1, day or 1), precision
    except ValueError:
        return None


def ages_on(birth_on: date, precision: str, day: date) -> range:
    """Every age she may have on this day; one when the day of her birth is known."""
    first, last = birth_span(birth_on, precision)
    return range(age_on(last, day), age_on(first, day) + 1)


def is_minor(birth_on: date, day: date, precision: str = DayPrecision.DAY) -> bool:
    """Whether somebody may be under eighteen on this day (L16): in doubt, she is asked who is beside her."""
    return age_on(birth_span(birth_on, precision)[1], day) < MAJORITY


def age_on(birth_on: date, day: date) -> int:
    """Whole years on this day; somebody born on 29 February is a year older on 1 March."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))

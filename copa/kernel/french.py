"""How the screens write days, hours, delays, phones and figures. Values in, French words out, None → "–"."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

import phonenumbers
from django.utils import timezone

NBSP = "\u00a0"
NOTHING = "–"

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKDAYS_SHORT = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTHS_SHORT = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
# Names whose h is said or whose y is a consonant keep « de »: Hamza, Houda, Yanis; Hélène, Hugo and Yves do not.
_KEEPS_DE = re.compile(r"(?!hadri)ha|hou|hic|hin|hoc|hus|y[aeiou]")
_TITLES = {"dr", "pr", "m.", "mme", "me"}
_NO_WORD = re.compile(r"[^a-z0-9]+")
_MINUTE = timedelta(minutes=1)
_DAYS_FROM = timedelta(hours=48)


def _local(value: date | datetime) -> date | datetime:
    """An aware instant becomes local to the active time zone; a date stays what it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day_number(value: date) -> str:
    return "1er" if value.day == 1 else str(value.day)


def month_short(value: date) -> str:
    """As "nov.": the month of a chart or a small date."""
    return _MONTHS_SHORT[value.month - 1]


def day(value: date | datetime | None) -> str:
    """As "mar. 3 nov."; of another year than today's "mar. 4 nov. 2025": nobody guesses which one is meant."""
    return NOTHING if value is None else _with_year(day_alone(value), _local(value))


def day_alone(value: date | datetime) -> str:
    """As "mar. 3 nov." whatever the year: where the year stands beside it, or a document says it once."""
    local = _local(value)
    return NBSP.join((_WEEKDAYS_SHORT[local.weekday()], _day_number(local), month_short(local)))


def _with_year(words: str, local: date | datetime) -> str:
    return words if local.year == timezone.localdate().year else f"{words}{NBSP}{local.year}"


def full_day(value: date | datetime | None) -> str:
    """As "3 nov. 2026": what is kept, or compared from one year to another."""
    if value is None:
        return NOTHING
    local = _local(value)
    return NBSP.join((_day_number(local), month_short(local), str(local.year)))


def long_day(value: date | datetime | None) -> str:
    """As "mardi 3 novembre", with the year when it is not today's."""
    if value is None:
        return NOTHING
    local = _local(value)
    words = NBSP.join((_WEEKDAYS[local.weekday()], _day_number(local), _MONTHS[local.month - 1]))
    return _with_year(words, local)


def hour(value: datetime | None) -> str:
    """As "14 h 05", "8 h 40"."""
    if value is None:
        return NOTHING
    local = _local(value)
    assert isinstance(local, datetime)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def moment(value: datetime | None) -> str:
    """As "mar. 3 nov. à 14 h 05", with the year when it is not today's."""
    return NOTHING if value is None else f"{day(value)} à{NBSP}{hour(value)}"


def moment_alone(value: datetime) -> str:
    """The same whatever the year: in a document, which reads the same for ever."""
    return f"{day_alone(value)} à{NBSP}{hour(value)}"


def full_moment(value: datetime) -> str:
    """As "mar. 3 nov. 2026 à 14 h 05": on a paper that is kept."""
    return f"{day_alone(value)}{NBSP}{_local(value).year} à{NBSP}{hour(value)}"


def delay(value: timedelta | None) -> str:
    """As "5 h 20", "18 min", and from two days on "2 j 3 h"; the sign is dropped, seconds are cut."""
    if value is None:
        return NOTHING
    value = abs(value)
    minutes = value // _MINUTE
    if minutes == 0:
        return f"moins d’1{NBSP}min"
    if value >= _DAYS_FROM:
        return _two_units(minutes // 1440, "j", minutes % 1440 // 60, "h")
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    rest = f"{minutes % 60:02d}" if minutes % 60 else ""
    return NBSP.join(filter(None, (str(minutes // 60), "h", rest)))


def _two_units(big: int, big_unit: str, small: int, small_unit: str) -> str:
    words = [str(big), big_unit] + ([str(small), small_unit] if small else [])
    return NBSP.join(words)


def left(value: timedelta | None) -> str:
    """Time before a deadline: "il reste 5 h 20", or once it has passed "retard de 2 h 10".

    At the deadline itself the report is still in time.
    """
    if value is None:
        return NOTHING
    return f"il reste {delay(value)}" if value >= timedelta(0) else f"retard de {delay(value)}"


def phone(value: str | None) -> str:
    """As "+33199003107" → "01 99 00 31 07"; overseas numbers keep their own trunk form ("0262 00 12 34").

    What is not a phone number comes back as it was typed: hiding it would be worse.
    """
    return _national(str(value)) if value else NOTHING


@lru_cache(maxsize=4096)
def _national(value: str) -> str:
    try:
        number = phonenumbers.parse(value, "FR")
    except phonenumbers.NumberParseException:
        return value
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return national.replace(" ", NBSP)


def tel(value: str | None) -> str:
    """Address of a call link: "tel:+33199003107"; short numbers ("15") are called as they are."""
    digits = re.sub(r"[^\d+]", "", value or "")
    if len(digits) <= 5:
        return f"tel:{digits}"
    try:
        number = phonenumbers.parse(digits, "FR")
    except phonenumbers.NumberParseException:
        return f"tel:{digits}"
    return f"tel:{phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}"


def decimal(value: Decimal | Fraction | float, places: int) -> str:
    """As "1 234,50": French separators, halves rounded away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else None
    rounded = (exact if exact is not None else Decimal(str(value))).quantize(
        Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP
    )
    return f"{rounded:,f}".replace(",", NBSP).replace(".", ",")


def number(value: int | Decimal | float | None) -> str:
    """As "1 234"; decimals are kept as given ("2,5")."""
    if value is None:
        return NOTHING
    text = str(Decimal(str(value)).normalize().as_tuple().exponent)
    return decimal(value, max(0, -int(text)))


def percent(value: Decimal | Fraction | float | None, places: int = 1) -> str:
    """A ratio as a percentage: 0.88 → "88,0 %"; None (no denominator) → "–"."""
    if value is None:
        return NOTHING
    scaled = value * 100 if isinstance(value, Decimal | Fraction) else Decimal(str(value)) * 100
    return f"{decimal(scaled, places)}{NBSP}%"


def euros(value: Decimal | int | float | None) -> str:
    """As "200,77 €"."""
    return NOTHING if value is None else f"{decimal(Decimal(str(value)), 2)}{NBSP}€"


def file_size(value: int | None) -> str:
    """Bytes as "14 Ko" or "1,2 Mo" (thousands, as file managers count them)."""
    if value is None:
        return NOTHING
    if value < 1000:
        return f"{value}{NBSP}o"
    if value < 1_000_000:
        return f"{decimal(value / 1000, 0)}{NBSP}Ko"
    return f"{decimal(value / 1_000_000, 1)}{NBSP}Mo"


def initials(name: str | None) -> str:
    """As "Claire Vasseur" → "CV", "Dr Paul Lefort" → "PL", "Inès" → "I"; letters only, "?" when there is none."""
    words = [word for word in (name or "").split() if word.lower() not in _TITLES]
    firsts = [letter for word in words if (letter := next(filter(str.isalpha, word), ""))]
    if not firsts:
        return "?"
    ends = firsts[:1] if len(firsts) == 1 else [firsts[0], firsts[-1]]
    return "".join(ends).upper()


_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def device(user_agent: str | None) -> str:
    """The browser and the machine of a session, as its owner knows them: "Firefox, Windows"."""
    words = [next((name for mark, name in known if mark in (user_agent or "")), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, words)) or "Appareil inconnu"


def agree(count: int | None, forms: str) -> str:
    """The word in agreement: "visite" or "visite,visites"; below 2, French takes the singular."""
    one, _, many = forms.partition(",")
    return (many or f"{one}s") if count is not None and abs(count) >= 2 else one


def listed(names: Collection[str]) -> str:
    """As "Noé", "Noé et Léo", "Noé, Léo et Mia"; "" for none."""
    *first, last = names or ("",)
    return f"{', '.join(first)} et{NBSP}{last}" if first else last


def series(items: Collection[str]) -> str:
    """Things side by side: commas between them, semicolons once one of them holds a comma itself."""
    return ("\u202f; " if any(", " in item for item in items) else ", ").join(items)


def of(name: str) -> str:
    """A name after « de »: "de Noé", "d’Aaron", "d’Hélène", "de Hamza", "de Yanis"."""
    first = unicodedata.normalize("NFKD", name[:6]).encode("ascii", "ignore").decode().lower()
    elides = name[:1] in "ŒÆœæ" or (first[:1] in "aeiouhy" and not _KEEPS_DE.match(first))
    return f"d’{name}" if name and elides else f"de {name}"


def inner(label: str) -> str:
    """A label inside a sentence: "Pilote CPP" → "pilote CPP"; one that begins with an acronym stays, "PMI"."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def capitalised(words: str) -> str:
    """The same words at the head of a sentence: "bébé a 2 jours" → "Bébé a 2 jours"."""
    return words[:1].upper() + words[1:]


def full_stop(text: str) -> str:
    """The end of a sentence: the point of an abbreviation is its full stop too ("mar. 1er déc.", "mar. 5 mai.")."""
    return text if text.endswith(".") else f"{text}."


def plural(count: int | None, forms: str) -> str:
    """As "3 familles", "1 famille", "0 famille"."""
    return f"{number(count)}{NBSP}{agree(count, forms)}"


def normalised(*names: str) -> str:
    """Names as searched: no accent, no case, one space; the same on every server (stack.md 11.10)."""
    joined = " ".join(name for name in names if name)
    if joined.isascii():
        # The same without looking at each letter: a list of five thousand lines asks for this a quarter million times.
        return _NO_WORD.sub(" ", joined.lower()).strip()
    text = unicodedata.normalize("NFKD", joined)
    letters = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())

"""Rules of inclusion and of the calendar: pure functions a midwife and a developer can read together."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import phonenumbers

from pathways.enums import BirthMode, DischargeKind, PathwayState, ProposalContext

# A08: ultra-early means less than 24 elapsed hours after birth; the doctor decides all the same.
ULTRA_EARLY_BEFORE = timedelta(hours=24)
# HAS March 2014 as quoted in domain.md 5: early under 72 h (vaginal) or 96 h (caesarean), standard up to 96 or 120 h.
EARLY_BEFORE = {False: timedelta(hours=72), True: timedelta(hours=96)}
STANDARD_UP_TO = {False: timedelta(hours=96), True: timedelta(hours=120)}
# A discharge may be noted before it happens, for the ward list; further ahead it is a typing error.
DISCHARGE_AHEAD = timedelta(days=60)
# R066, A12: CoPa is proposed as long as visits can still take place inside the window of the two versions.
PROPOSAL_HORIZON_DAYS = 21
# R064: CoPa may be presented during the pregnancy; nine calendar months are 276 days at most.
PROPOSAL_BEFORE_BIRTH = timedelta(days=276)
# R064: these occasions come before the birth.
ANTENATAL = frozenset({ProposalContext.EPP, ProposalContext.CONSULTATION, ProposalContext.BIRTH_PREP})
# L16 and plain typing errors: the age of a mother on the day of the birth, both inclusive.
MOTHER_AGES = range(11, 61)
# R066, R068: a birth that leads to no pathway is the ward's affair for these days; its lists look as far back.
WARD_DAYS = 90
# CoPa began with its first version (R168): an earlier birth is a typing error.
FIRST_BIRTH_DAY = date(2021, 1, 1)
# What an invisible character is: controls, formats (zero width, direction of writing), private or unassigned places.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
# The PMI is in touch within three months of taking a relay; further ahead it is a typing error.
CONTACT_AHEAD = timedelta(days=92)
# A word of a name is searched by this many letters at most; no field for a name is longer.
NAME_LETTERS = 80
# Two births of one family closer than this are one delivery typed twice.
SAME_DELIVERY_DAYS = 120
# Two mothers born on the same day who gave birth within these days may be one and the same.
CLOSE_BIRTH_DAYS = 7
# A family is opened to one professional by name for three months at most (design.md 3.2).
GRANT_MAX_DAYS = 92

# alerts.md 6.1: the referring team confirms a death noted by somebody else, or takes it back, within this time.
DEATH_CONFIRMED_WITHIN = timedelta(hours=2)

# Followed now, or about to be again: may still be stopped or change hands.
RUNNING = frozenset({PathwayState.ACTIVE, PathwayState.SUSPENDED})
# Stops for good: nothing is planned, sent or handed over any more (A38, L12).
STOPPED = frozenset({PathwayState.WITHDRAWN, PathwayState.MOVED, PathwayState.BEREAVED})
# What a pathway may become. CLOSED is reached from the visits; withdrawn families come back by a new inclusion.
PATHWAY_MOVES: dict[str, frozenset[str]] = {
    PathwayState.ACTIVE: STOPPED | {PathwayState.SUSPENDED, PathwayState.CLOSED},
    PathwayState.SUSPENDED: STOPPED | {PathwayState.ACTIVE, PathwayState.CLOSED},
    PathwayState.CLOSED: frozenset(),
    PathwayState.WITHDRAWN: frozenset(),
    PathwayState.MOVED: frozenset(),
    # Only to undo a typing error: a mourning noted on the wrong family.
    PathwayState.BEREAVED: frozenset({PathwayState.ACTIVE}),
}

# What is said to somebody who comes too late to do something on the pathway.
STATE_SENTENCES: dict[str, str] = {
    PathwayState.SUSPENDED: "Ce parcours est suspendu : reprenez-le d’abord.",
    PathwayState.CLOSED: "Ce parcours est déjà clos.",
    PathwayState.WITHDRAWN: "Ce parcours est déjà arrêté, à la demande de la famille.",
    PathwayState.MOVED: "Ce parcours est déjà arrêté, après un déménagement.",
    PathwayState.BEREAVED: "Ce parcours est déjà arrêté.",
}


def is_in_silence(*, children: int, dead_children: int, has_lost_mother: bool) -> bool:
    """Whether everything around a birth is silent (A38): the mother died, or no child of it is alive.

    The path of a twin goes on beside the silence around the other one.
    """
    return has_lost_mother or 0 < children <= dead_children


def is_in_mourning(*, is_silent: bool, state: str) -> bool:
    """Whether a birth, with the state of its pathway ("" without one), is in mourning: the one place that says so."""
    return is_silent or state == PathwayState.BEREAVED


def discharge_category(birth_at: datetime, discharge_at: datetime, mode: str) -> DischargeKind:
    """The category that the elapsed hours suggest (domain.md 5); shown beside the doctor's choice, never instead.

    Hours are elapsed time, not wall clock: two nights a year differ. Raises ValueError when discharge precedes birth.
    """
    # Subtracting two local times of one zone would count wall-clock hours.
    stay = discharge_at.astimezone(UTC) - birth_at.astimezone(UTC)
    if stay < timedelta(0):
        raise ValueError("discharge before birth")
    is_caesarean = mode == BirthMode.CAESAREAN
    if stay < ULTRA_EARLY_BEFORE:
        return DischargeKind.ULTRA_EARLY
    if stay < EARLY_BEFORE[is_caesarean]:
        return DischargeKind.EARLY
    if stay <= STANDARD_UP_TO[is_caesarean]:
        return DischargeKind.STANDARD
    return DischargeKind.LONG


@dataclass(frozen=True)
class Window:
    """Local dates within which something is due, both inclusive."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the local day lies inside."""
        return self.first <= day <= self.last


def visit_window(birth_day: date, from_day: int, to_day: int) -> Window:
    """The days of V1 and V2 (R045, A12): D+from to D+to after the local day of birth, both inclusive."""
    return Window(birth_day + timedelta(days=from_day), birth_day + timedelta(days=to_day))


def day_of(birth_day: date, day: date) -> int:
    """D+n: whole local days since the day of birth."""
    return (day - birth_day).days


def relay_due_on(birth_day: date, relay_day: int) -> date:
    """The local date of the PMI relay: D+21 under both versions (K17, R164)."""
    return birth_day + timedelta(days=relay_day)


def normalised(*names: str) -> str:
    """Names as searched: no accent, no case, one space; the same on every server (stack.md 11.10)."""
    text = unicodedata.normalize("NFKD", " ".join(name for name in names if name))
    letters = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def visible(text: str) -> str:
    """The text as it is seen: invisible characters out, runs of white space as one space."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE).split())


def is_name(text: str) -> bool:
    """Whether this may name somebody: one letter at least."""
    return any(c.isalpha() for c in text)


# No vowel, no look-alike: a reference is read aloud on the phone.
_REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
_REFERENCE_LENGTH = 6
REFERENCES = len(_REFERENCE_LETTERS) ** _REFERENCE_LENGTH


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


def elapsed(birth_at: datetime, at: datetime) -> timedelta:
    """Elapsed time since birth, in UTC: the wall clock would be an hour wrong two nights a year."""
    return at.astimezone(UTC) - birth_at.astimezone(UTC)


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

"""Rules of inclusion and of the calendar: pure functions a midwife and a developer can read together."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pathways.enums import BirthMode, DischargeKind

# A08: ultra-early means less than 24 elapsed hours after birth; the doctor decides all the same.
ULTRA_EARLY_BEFORE = timedelta(hours=24)
# HAS March 2014 as quoted in domain.md 5: early under 72 h (vaginal) or 96 h (caesarean), standard up to 96 or 120 h.
EARLY_BEFORE = {False: timedelta(hours=72), True: timedelta(hours=96)}
STANDARD_UP_TO = {False: timedelta(hours=96), True: timedelta(hours=120)}


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


def relay_due_on(birth_day: date, relay_day: int) -> date:
    """The local date of the PMI relay: D+21 under both versions (K17, R164)."""
    return birth_day + timedelta(days=relay_day)


def normalised(*names: str) -> str:
    """Names as searched: no accent, no case, one space; the same on every server (stack.md 11.10)."""
    text = unicodedata.normalize("NFKD", " ".join(name for name in names if name))
    letters = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def family_search(*, name: str, first_names: str) -> str:
    """What the list of families searches by its beginning: the name in use, then the first names; 200 characters."""
    return normalised(name, first_names)[:200]

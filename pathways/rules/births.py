"""Rules of a birth, the way home and the calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pathways.enums import BirthMode, DischargeKind, ProposalContext

# A08: ultra-early means less than so many elapsed hours after birth, where no version of the programme says it; the
# doctor decides all the same.
UP_MAX_HOURS = 24
# peers.md 5: the coordinator sees within an hour who has confirmed; after that she is told that nobody has (R054).
CONFIRMED_WITHIN = timedelta(hours=1)
# Whoever confirmed an early visit holds the file until its report is in: 24 hours after the last of its days.
EARLY_FILE_DAYS = 3
# HAS March 2014 as quoted in domain.md 5: early under 72 h (vaginal) or 96 h (caesarean), standard up to 96 or 120 h.
EARLY_BEFORE = {False: timedelta(hours=72), True: timedelta(hours=96)}
STANDARD_UP_TO = {False: timedelta(hours=96), True: timedelta(hours=120)}
# A discharge may be noted before it happens, for the ward list; further ahead it is a typing error.
DISCHARGE_AHEAD = timedelta(days=60)
# R066, A12: CoPa is proposed as long as visits can still take place inside the window of the two versions.
PROPOSAL_HORIZON_DAYS = 21
# R064: CoPa may be presented during the pregnancy; nine calendar months are 276 days at most.
PROPOSAL_BEFORE_BIRTH = timedelta(days=276)
# R064: past the expected date by more than this, a woman to whom CoPa was presented has given birth elsewhere.
PRESENTATION_KEPT = timedelta(weeks=6)
# A term is 41 weeks of amenorrhoea, the earliest birth is of 22 (domain.md 8, TR03); a pregnancy goes past it by days.
TERM_WEEKS = 41
EARLIEST_WEEKS = 22
PAST_TERM = timedelta(days=21)
# R064: these occasions come before the birth.
ANTENATAL = frozenset({ProposalContext.EPP, ProposalContext.CONSULTATION, ProposalContext.BIRTH_PREP})
# L16 and plain typing errors: the age of a mother on the day of the birth, both inclusive.
MOTHER_AGES = range(11, 61)
# R066, R068: a birth that leads to no pathway is the ward's affair for these days; its lists look as far back.
WARD_DAYS = 90
# CoPa began with its first version (R168): an earlier birth is a typing error.
FIRST_BIRTH_DAY = date(2021, 1, 1)
# Two births of one family closer than this are one delivery typed twice.
SAME_DELIVERY_DAYS = 120
# Two mothers born on the same day who gave birth within these days may be one and the same.
CLOSE_BIRTH_DAYS = 7


def discharge_category(
    birth_at: datetime, discharge_at: datetime, mode: str, *, up_max_hours: int = UP_MAX_HOURS
) -> DischargeKind:
    """The category that the elapsed hours suggest (domain.md 5); shown beside the doctor's choice, never instead.

    `up_max_hours` is what the version in force says of ultra-early (A08). Hours are elapsed time, not wall clock: two
    nights a year differ. Raises ValueError when discharge precedes birth.
    """
    # Subtracting two local times of one zone would count wall-clock hours.
    stay = discharge_at.astimezone(UTC) - birth_at.astimezone(UTC)
    if stay < timedelta(0):
        raise ValueError("discharge before birth")
    is_caesarean = mode == BirthMode.CAESAREAN
    if stay < timedelta(hours=up_max_hours):
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


def elapsed(birth_at: datetime, at: datetime) -> timedelta:
    """Elapsed time since birth, in UTC: the wall clock would be an hour wrong two nights a year."""
    return at.astimezone(UTC) - birth_at.astimezone(UTC)

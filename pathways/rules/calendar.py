"""The calendar of mother and child (K01–K20): windows counted from the birth, never stored per family."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from copa.kernel import clock
from pathways.enums import CalendarAnchor, CalendarStatus, CalendarUnit, HalfDay
from pathways.rules.births import Window

NOON = time(12)
# The early prenatal interview comes before the birth by nine months at most; the last examination in the third year.
FIRST_APPOINTMENT_BEFORE = timedelta(days=276)
LAST_APPOINTMENT_AFTER = timedelta(days=3 * 366)
# The line of the early prenatal interview, and the share of the women who should have had it (R223).
EARLY_INTERVIEW = "EPP"
EARLY_INTERVIEW_TARGET = 0.70


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFacts:
    """When a line of the calendar is due.

    `start` and `end` count in `unit` from `anchor`, both inclusive; None for a line without a window.
    `accepted_start` is the earliest moment at which it counts, `start` the one shown (K08). `tolerance_days` after the
    end it is overdue (0: the day after the end); None: it never is.
    """

    anchor: str
    unit: str
    start: int | None
    end: int | None
    accepted_start: int | None
    tolerance_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestones:
    """The local days, after the birth, from which a line may be counted; None while there is none.

    `last_on` is the day of the last visit once no other is to come; `exam_on` that of the last examination of the
    child that has a health certificate.
    """

    second_on: date | None = None
    last_on: date | None = None
    exam_on: date | None = None


NO_MILESTONE = Milestones()


@dataclass(frozen=True, slots=True)
class Due:
    """A window on the calendar of one family, local days, both inclusive.

    `accepted_from` is the first day on which it counts; `overdue_from` None when it never is overdue; `due_at` is an
    instant for what is due within elapsed hours (K13), else None.
    """

    window: Window
    accepted_from: date
    overdue_from: date | None
    due_at: datetime | None = None


class LineState(StrEnum):
    """Where a line stands on a local day. PASSED: its days are over, and nobody is to be reminded."""

    OVERDUE = "overdue"
    OPEN = "open"
    PLANNED = "planned"
    TO_COME = "to_come"
    PASSED = "passed"
    REFUSED = "refused"
    DONE = "done"


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last of the month where it has no such day (31 January + 1 is 28 or 29)."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def is_of_birth(birth_day: date, births_from: date | None, births_to: date | None) -> bool:
    """Whether a rule holds for this birth: a law is written for births from a day on (A14)."""
    return (births_from is None or births_from <= birth_day) and (births_to is None or birth_day <= births_to)


def due_of(
    rule: CalendarFacts,
    birth_day: date,
    left_at: datetime | None,
    zone: str,
    milestones: Milestones = NO_MILESTONE,
) -> Due | None:
    """When this line is due for one birth; None without a window, or while what it is counted from is not known.

    `birth_day` is D+0, a local date; `left_at` the discharge.
    """
    if rule.start is None or rule.end is None:
        return None
    origin = _origin(rule, birth_day, left_at, zone, milestones)
    if origin is None:
        return None
    due_at = None
    if rule.unit == CalendarUnit.HOURS:
        assert left_at is not None, "hours are counted from the discharge"
        # Elapsed hours: the wall clock would be an hour wrong two nights a year.
        due_at = left_at.astimezone(UTC) + timedelta(hours=rule.end)
        window = Window(origin, clock.local_date(due_at, zone))
    else:
        until = birth_day if rule.anchor == CalendarAnchor.SECOND_VISIT else origin
        window = Window(_counted(origin, rule.start, rule.unit), _counted(until, rule.end, rule.unit))
    if window.last < window.first:
        # A second visit on the last day leaves no day for a third.
        return None
    accepted = window.first if rule.accepted_start is None else _counted(origin, rule.accepted_start, rule.unit)
    late = None if rule.tolerance_days is None else window.last + timedelta(days=rule.tolerance_days + 1)
    return Due(window, accepted, late, due_at)


def _origin(
    rule: CalendarFacts, birth_day: date, left_at: datetime | None, zone: str, milestones: Milestones
) -> date | None:
    return {
        CalendarAnchor.BIRTH: birth_day,
        CalendarAnchor.DISCHARGE: clock.local_date(left_at, zone) if left_at else None,
        CalendarAnchor.EXAM: milestones.exam_on,
        CalendarAnchor.SECOND_VISIT: milestones.second_on,
        CalendarAnchor.LAST_VISIT: milestones.last_on,
        CalendarAnchor.NONE: None,
    }[CalendarAnchor(rule.anchor)]


def _counted(origin: date, number: int, unit: str) -> date:
    return add_months(origin, number) if unit == CalendarUnit.MONTHS else origin + timedelta(days=number)


def line_state(due: Due | None, status: str, today: date, *, is_quiet: bool = False) -> LineState:
    """Where a line stands: what is known of it (`status`, "" for nothing) before what its days say.

    In mourning (`is_quiet`) nothing is overdue (A38).
    """
    known = {
        CalendarStatus.DONE: LineState.DONE,
        CalendarStatus.REFUSED: LineState.REFUSED,
        CalendarStatus.MISSED: LineState.PASSED,
    }
    if status in known:
        return known[CalendarStatus(status)]
    if not is_quiet and due is not None and due.overdue_from is not None and today >= due.overdue_from:
        return LineState.OVERDUE
    if status == CalendarStatus.PLANNED:
        return LineState.PLANNED
    if due is None or today < due.window.first:
        return LineState.TO_COME
    return LineState.OPEN if today <= due.window.last else LineState.PASSED


def halves_of(start: datetime, minutes: int) -> set[HalfDay]:
    """The half-days a visit touches; `start` is in the time zone of the territory. At noon the afternoon begins."""
    end = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)
    touched = set()
    if start.time() < NOON:
        touched.add(HalfDay.MORNING)
    if start.time() >= NOON or end.time() > NOON or end.date() > start.date():
        touched.add(HalfDay.AFTERNOON)
    return touched

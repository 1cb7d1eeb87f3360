"""Rules of visits and of the 24-hour clock: the only place that knows these numbers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from visits.enums import VisitState

# R085, A13: from the recorded end of the visit to the first delivery into the referring team's inbox.
REPORT_DELAY = timedelta(hours=24)
# look/README.md 2: the clock turns amber under six hours; the first alert goes out at that moment.
REPORT_SOON_DELAY = timedelta(hours=6)
# visit-report.md 1: a visit lasts at most six hours.
VISIT_MAX_DELAY = timedelta(hours=6)

VISIT_MOVES: dict[str, frozenset[str]] = {
    VisitState.PLANNED: frozenset({VisitState.STARTED, VisitState.NOT_DONE, VisitState.CANCELLED}),
    VisitState.STARTED: frozenset({VisitState.ENDED, VisitState.NOT_DONE}),
    VisitState.ENDED: frozenset(),
    VisitState.NOT_DONE: frozenset(),
    VisitState.CANCELLED: frozenset(),
}


def report_due_at(ended_at: datetime) -> datetime:
    """When the report must have reached the referring team: 24 elapsed hours after the end, in UTC.

    Adding a day to a local time would count 23 or 25 real hours on the two nights the clocks change.
    """
    return ended_at.astimezone(UTC) + REPORT_DELAY


def report_soon_at(due_at: datetime) -> datetime:
    """When the first alert goes out and the clock turns amber."""
    return due_at - REPORT_SOON_DELAY


class ClockState(StrEnum):
    """What the 24-hour clock says."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    SOON = "soon"
    LATE = "late"
    ON_TIME = "on_time"
    DELIVERED_LATE = "delivered_late"


@dataclass(frozen=True)
class ReportClock:
    """The one result that column, badge, list, alert, export and invoice read.

    `left` is the time left (negative when late) while the report is owed, None before the end and after delivery.
    """

    state: ClockState
    due_at: datetime | None
    delivered_at: datetime | None
    left: timedelta | None


def report_clock(due_at: datetime | None, delivered_at: datetime | None, at: datetime) -> ReportClock:
    """Where the 24 hours stand at this instant. Exactly 24 h is on time, one second later is late (I8a)."""
    if due_at is None:
        return ReportClock(ClockState.NOT_STARTED, None, None, None)
    if delivered_at is not None:
        state = ClockState.ON_TIME if delivered_at <= due_at else ClockState.DELIVERED_LATE
        return ReportClock(state, due_at, delivered_at, None)
    left = due_at - at
    if left < timedelta(0):
        return ReportClock(ClockState.LATE, due_at, None, left)
    state = ClockState.SOON if left <= REPORT_SOON_DELAY else ClockState.RUNNING
    return ReportClock(state, due_at, None, left)

"""Rules of visits and of the 24-hour clock: the only place that knows these numbers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices

from pathways.enums import EpdsMoment, EpdsReason, PathwayState, Recipient
from pathways.rules import Window
from visits.enums import (
    DeviationKind,
    DurationReason,
    JointReason,
    LateReason,
    MissedReason,
    VisitKind,
    VisitState,
    WindowReason,
)

# R085, A13: from the recorded end of the visit to the first delivery into the referring team's inbox.
REPORT_DELAY = timedelta(hours=24)
# look/README.md 2: the clock turns amber under six hours; the first alert goes out at that moment.
REPORT_SOON_DELAY = timedelta(hours=6)
# visit-report.md 1: a visit lasts at most six hours.
VISIT_MAX_DELAY = timedelta(hours=6)
# visit-report.md 1: a visit starts on its planned day, the day before or the day after; otherwise it is moved first.
START_TOLERANCE_DAYS = 1
# A12 allows a date outside the window with a reason (a child long in hospital); beyond this it is a typing error.
PLANNING_HORIZON_DAYS = 180

# R076, R105, R110: who is kept informed after each visit, as the mother agreed.
KEPT_INFORMED = (
    Recipient.LIBERAL_MIDWIFE,
    Recipient.GENERAL_PRACTITIONER,
    Recipient.PAEDIATRICIAN,
    Recipient.PMI,
)

# A family is visited by day; earlier or later is asked about, for a typing error is likelier than a wish. Local hours.
USUAL_FROM, USUAL_TO = time(7), time(21)

# No reason takes it to another day (R054): the day of discharge or the day after, whoever asks. A12 is of the others.
KEEPS_ITS_DAYS = frozenset({VisitKind.ULTRA_EARLY})

# From where the visits close a pathway: under way, or without news (P23).
CLOSABLE = frozenset({PathwayState.ACTIVE, PathwayState.NO_NEWS})

# What is said to somebody who comes too late to move or cancel the visit.
STATE_SENTENCES: dict[str, str] = {
    VisitState.STARTED: "Cette visite est déjà commencée.",
    VisitState.ENDED: "Cette visite est déjà faite.",
    VisitState.NOT_DONE: "Cette visite est déjà notée comme non faite.",
    VisitState.CANCELLED: "Cette visite est déjà annulée.",
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


# ---- What waits, within how long ------------------------------------------------------------------------------
# The programme gives these steps no day: ours to choose, in local days. Change them here.
# A request of the AP decided and sent, a transmission taken by the PMI.
ANSWER_DAYS = 2
# R099: the team takes time for each family in the week after the pathway closed.
COORDINATION_DAYS = 7
# Somebody who does not answer is called again the next day.
CALL_AGAIN_DAYS = 1
# What is older than this has its own lists; nobody finds it among what is to be done today.
TODO_PERIOD = timedelta(days=90)


# Each visit comes after the ones before it here; the ultra-early one stands apart (R054).
KIND_ORDER: tuple[str, ...] = (VisitKind.V1, VisitKind.V2, VisitKind.V3)


def kinds_before(kind: str) -> frozenset[str]:
    """Visits that must precede this one: none for V1 and for the ultra-early visit."""
    return frozenset(KIND_ORDER[: KIND_ORDER.index(kind)]) if kind in KIND_ORDER else frozenset()


def kinds_after(kind: str) -> frozenset[str]:
    """Visits that must follow this one."""
    return frozenset(KIND_ORDER[KIND_ORDER.index(kind) + 1 :]) if kind in KIND_ORDER else frozenset()


def promised_kinds(planned_visits: int, elsewhere: Collection[str] = ()) -> tuple[str, ...]:
    """The visits a version promises to everybody: the first ones (R045, R162), but for those `elsewhere`, which another
    territory made before the family came."""
    return tuple(kind for kind in KIND_ORDER[:planned_visits] if kind not in elsewhere)


def kinds_to_make(
    planned_visits: int, elsewhere: Collection[str] = (), *, is_third_decided: bool = False
) -> tuple[str, ...]:
    """The visits that somebody has to plan: those promised, and the third once the team has decided it (R057)."""
    return promised_kinds(len(KIND_ORDER) if is_third_decided else planned_visits, elsewhere)


def is_third_left(kinds: Collection[str], elsewhere: Collection[str], *, is_third_decided: bool) -> bool:
    """Whether the third visit that the team decided is among neither the `kinds` that count nor those `elsewhere`."""
    return is_third_decided and VisitKind.V3 not in kinds and VisitKind.V3 not in elsewhere


# domain.md 3, A09: the questionnaire is not filled in again within two weeks.
EPDS_AGAIN_AFTER = timedelta(days=14)


def was_third_before_second(second: Any, third: Any) -> bool | None:
    """Whether the third visit was decided before the second took place; None while there is no third (A09).

    `second` (its `started_at`) and `third` (its `decided_at`) are visits that count, None without one. A third visit
    whose moment is unknown counts as decided later: the questionnaire then stays at the second.
    """
    if third is None:
        return None
    if second is None or second.started_at is None:
        return True
    return third.decided_at is not None and bool(third.decided_at < second.started_at)


def is_epds_due(moment: str, *, done_on: date | None, day: date) -> bool:
    """Whether the questionnaire is proposed on this local day, at a visit that holds it so (EpdsMoment).

    `done_on`: the last day it was filled in, None when never. A third visit made later catches up what is missing.
    """
    if moment == EpdsMoment.NONE:
        return False
    if done_on is None:
        return True
    return moment == EpdsMoment.REPEAT and day - done_on >= EPDS_AGAIN_AFTER


def is_usual_hour(start: datetime, minutes: int) -> bool:
    """Whether a visit lies between USUAL_FROM and USUAL_TO; `start` is in the time zone of the territory."""
    end = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)
    return start.date() == end.date() and start.time() >= USUAL_FROM and end.time() <= USUAL_TO


def overlaps(start: datetime, minutes: int, other_start: datetime, other_minutes: int) -> bool:
    """Whether two visits share an instant; one may start at the very minute the other ends."""
    end = start.astimezone(UTC) + timedelta(minutes=minutes)
    other_end = other_start.astimezone(UTC) + timedelta(minutes=other_minutes)
    return start < other_end and other_start < end


# ---- Deviations from the protocol -------------------------------------------------------------------------------
# Missing visits are looked for by day, once the night is over; « à valider p ».
MISSED_FROM_HOUR = 6
# « Autre » is explained, in a few words: a name of a drug or a story belongs in the report.
DEVIATION_NOTE_LETTERS = 160
OTHER_REASON = "OTHER"
OTHER_LETTERS = 5

# Which reasons explain which deviation; the first five lists are those of the report (visit-report.md, value sets).
DEVIATION_REASONS: dict[str, type[TextChoices]] = {
    DeviationKind.DURATION: DurationReason,
    DeviationKind.WINDOW: WindowReason,
    DeviationKind.EPDS: EpdsReason,
    DeviationKind.JOINT: JointReason,
    DeviationKind.LATE: LateReason,
    DeviationKind.FIRST_VISIT: MissedReason,
    DeviationKind.SECOND_VISIT: MissedReason,
    DeviationKind.EARLY_VISIT: MissedReason,
}
# The question of the report that asks about each.
DEVIATION_QUESTIONS: dict[str, str] = {
    DeviationKind.DURATION: "duration",
    DeviationKind.WINDOW: "window",
    DeviationKind.EPDS: "epds",
    DeviationKind.JOINT: "joint",
    DeviationKind.LATE: "late",
}
# A visit that was never made, by its kind (R045, R054).
MISSED_KINDS: dict[str, DeviationKind] = {
    VisitKind.V1: DeviationKind.FIRST_VISIT,
    VisitKind.V2: DeviationKind.SECOND_VISIT,
    VisitKind.ULTRA_EARLY: DeviationKind.EARLY_VISIT,
}
# Reasons that tell of somebody's health: they stay in the structure (documents.md 7, row 7), as every one of the EPDS.
HEALTH_REASONS: dict[str, frozenset[str]] = {
    DeviationKind.DURATION: frozenset({DurationReason.ALERT, DurationReason.BABY_CARE}),
    DeviationKind.EPDS: frozenset(EpdsReason.values),
    **dict.fromkeys(
        (DeviationKind.WINDOW, *MISSED_KINDS.values()),
        frozenset({WindowReason.MOTHER_HOSPITAL, WindowReason.CHILD_HOSPITAL, WindowReason.PRETERM}),
    ),
}


def is_visit_missed(window: Window, *, states: Collection[tuple[str, date]], today: date) -> bool:
    """Whether the days of a visit have passed without it; `states` are its rows, each with its planned local day.

    D+21 is still in time (A12). A visit under way, made, or planned for today or later is none that is missed: it will
    be outside its dates, with the reason the planning asked for.
    """
    if today <= window.last:
        return False
    coming = {VisitState.STARTED, VisitState.ENDED}
    return not any(state in coming or (state == VisitState.PLANNED and day >= today) for state, day in states)


def reason_of_missed(reasons: Sequence[str]) -> str:
    """What was said of the last appointment that fell through, when it also says why the visit was never made."""
    return reasons[-1] if reasons and reasons[-1] in MissedReason.values and reasons[-1] != MissedReason.OTHER else ""


def is_epds_late(*, until: date, done_on: date | None) -> bool:
    """Whether the questionnaire was not filled in by this local day (R058); `done_on` the first day it was."""
    return done_on is None or done_on > until

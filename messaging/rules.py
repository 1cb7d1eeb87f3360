"""When messages are read, how long a code lives, what a space still opens: values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copa.kernel.clock import local_date
from copa.kernel.holidays import holidays
from messaging.enums import SpaceState
from pathways.enums import PathwayState
from pathways.rules import STOPPED, has_kept_space, is_in_mourning

MESSAGE_MAX = 2000
# A code by SMS at each sign-in: its life, how many wrong tries kill it, how many are sent to one phone.
CODE_LIFE = timedelta(minutes=10)
WRONG_CODES = 5
CODES_AT_MOST, CODES_WITHIN = 5, timedelta(hours=1)
SESSION_IDLE = timedelta(minutes=30)
# A session that slept longer than this does not even offer a new code for what was typed in it.
SESSION_KEPT = timedelta(hours=12)
# Unread for so many working days, a message is the team's to read.
TEAM_AFTER_DAYS = 2
# Beyond this a pattern without a day to come is a mistake; a week of holidays is not.
_LOOK_AHEAD = 60


@dataclass(frozen=True, slots=True)
class Span:
    """From one local hour to another of the same day, the last one excluded."""

    opens: time
    closes: time


# The hours of each ISO day of the week; a day that is not in it is a day off.
Week = Mapping[int, Span]
# R072, until she sets her own.
DEFAULT_WEEK: Week = {day: Span(time(9), time(17)) for day in range(1, 6)}


def hours_of(week: Week, day: date, *, zone: str, region: str) -> tuple[datetime, datetime] | None:
    """When she reads on this local day, in UTC; None on a day off and on a public holiday."""
    span = week.get(day.isoweekday())
    if span is None or day in holidays(day.year, region):
        return None
    local = ZoneInfo(zone)
    opens, closes = (datetime.combine(day, at, local).astimezone(UTC) for at in (span.opens, span.closes))
    return opens, closes


def next_reading(week: Week, at: datetime, *, zone: str, region: str) -> datetime:
    """`at` itself within her hours, else the next instant at which they begin; `at` for a week without any."""
    day = local_date(at, zone)
    for ahead in range(_LOOK_AHEAD):
        hours = hours_of(week, day + timedelta(days=ahead), zone=zone, region=region)
        if hours is not None and at < hours[1]:
            return max(at, hours[0])
    return at


def team_due_at(opened_at: datetime, *, zone: str, region: str) -> datetime:
    """When what her auxiliary has not read since `opened_at` passes to the team: two working days later, same hour."""
    local = opened_at.astimezone(ZoneInfo(zone))
    day, left = local.date(), TEAM_AFTER_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.isoweekday() < 6 and day not in holidays(day.year, region)
    return datetime.combine(day, local.time(), ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceFacts:
    """What decides on a space. `is_mother`: hers; the other facts but `is_agreed` are the family's.

    `is_shared`: somebody else reads her phone. `is_wished`: she chose the space, and contact between the visits.
    `is_agreed`: the co-parent's own yes stands. `is_handed_over`: the PMI alone follows the family. `state` is that of
    the last pathway, "" without one.
    """

    is_mother: bool
    has_died: bool
    is_silent: bool
    state: str
    keeps_space: bool
    is_here: bool
    is_handed_over: bool
    is_shared: bool
    is_wished: bool
    is_agreed: bool


def space_state(facts: SpaceFacts) -> SpaceState:
    """Whether the space of this adult opens, and whether it is at calm."""
    if not facts.is_here or facts.is_handed_over or not facts.state:
        return SpaceState.SHUT
    if facts.is_mother and (facts.has_died or facts.is_shared or not facts.is_wished):
        return SpaceState.SHUT
    if not facts.is_mother and not facts.is_agreed:
        return SpaceState.SHUT
    has_stopped = facts.state in STOPPED - {PathwayState.BEREAVED}
    if has_stopped and not has_kept_space(state=facts.state, keeps_space=facts.keeps_space):
        return SpaceState.SHUT
    if is_in_mourning(is_silent=facts.is_silent, state=facts.state):
        return SpaceState.CALM
    return SpaceState.OPEN

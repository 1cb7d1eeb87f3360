"""How long a team has to answer a sign (alerts.md 1): the programme's delays, and what a territory may make of them."""

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from pathways.enums import AlertFamily

# alerts.md 1, column "EMR answers within", in minutes; the same as the book of the tablet (a test compares them).
PROGRAMME_MINUTES: Mapping[AlertFamily, int] = {
    AlertFamily.CHILD_VITAL: 5,
    AlertFamily.CHILD_URGENT: 10,
    AlertFamily.MOTHER_VITAL: 5,
    AlertFamily.MOTHER_URGENT: 15,
    AlertFamily.MIND_VITAL: 5,
    AlertFamily.MIND_SOON: 30,
    AlertFamily.DANGER_NOW: 5,
    AlertFamily.PROTECTED: 30,
    AlertFamily.HOME_TONIGHT: 60,
}
# Night of the local clock, the hours of a night shift; it may have a delay of its own, as the team answers from home.
NIGHT_FROM, NIGHT_TO = time(20), time(8)
# A territory shortens a delay as it likes and makes it three times as long at most [à valider c]: the ladder has four
# steps of it, and the last one must still be of use.
LONGEST_TIMES = 3


def longest_minutes(family: AlertFamily) -> int:
    """The longest delay a territory may give this family."""
    return LONGEST_TIMES * PROGRAMME_MINUTES[family]


def is_night(at: datetime, zone: str) -> bool:
    """Whether this instant is in the night of this zone: from 20 h to 8 h by the clock on the wall."""
    hour = at.astimezone(ZoneInfo(zone)).time()
    return hour >= NIGHT_FROM or hour < NIGHT_TO


def minutes_at(minutes: int, night_minutes: int | None, *, at: datetime, zone: str) -> int:
    """The delay of an alert raised at this instant; `night_minutes` None: the same by night as by day."""
    return night_minutes if night_minutes is not None and is_night(at, zone) else minutes

"""What a drawn questionnaire on mood says in the columns of its own table."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pathways.enums import EpdsReason, EpdsStatus, Presence
from pathways.rules import day_of
from pathways.rules.screening import Thresholds, epds_repeat_on

# In the order in which `mood_of` gives them, then when it was filled in and kept, by whom, from what.
MOOD_COLUMNS = (
    "status",
    "reason",
    "presence",
    "language",
    "day",
    "total",
    "thresholds_version",
    "watch",
    "alert",
    "high",
    "repeat_on",
)


def mood_of(values: tuple[int, ...] | None, at: datetime, born_on: date, zone: ZoneInfo) -> tuple[Any, ...]:
    """The scale of a visit that ended `at`; `values` None when the mother would not."""
    on = at.astimezone(zone).date()
    day, limits = day_of(born_on, on), Thresholds()
    kept = (limits.version, limits.watch, limits.alert, limits.high)
    if values is None:
        return EpdsStatus.REFUSED, EpdsReason.REFUSED, "", "", day, None, *kept, None
    total = sum(values)
    alone = Presence.ALONE
    repeat_on = epds_repeat_on(
        status=EpdsStatus.DONE, total=total, thresholds=limits, day=day, on=on, is_asked=False, presence=alone
    )
    return EpdsStatus.DONE, "", alone, "fr", day, total, *kept, repeat_on

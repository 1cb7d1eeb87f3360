"""When a line answers: local days and hours, holidays apart (alerts.md 1, rule A0; R074)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copa.kernel.clock import local_date
from copa.kernel.holidays import holidays
from pathways.enums import LineDay

MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class LineHours:
    """The days (LineDay) and local hours at which a line answers; `closes` of midnight is the end of the day."""

    days: frozenset[int]
    opens: time
    closes: time


# Until a territory says otherwise [à valider c]: a maternity answers day and night; a CPP and a PMI answer on working
# days and Saturdays during the usual hours of visits, and are closed on Sundays and holidays.
ALWAYS = LineHours(frozenset(LineDay.values), MIDNIGHT, MIDNIGHT)
WORKING = LineHours(frozenset(range(LineDay.MONDAY, LineDay.SUNDAY)), time(7), time(21))


def open_spans(
    hours: LineHours, first: datetime, last: datetime, *, zone: str, region: str
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches (UTC, end excluded) at which the line answers, of every local day that touches [first, last)."""
    local = ZoneInfo(zone)
    day = local_date(first, zone)
    while day <= local_date(last, zone):
        kind = LineDay.HOLIDAY if day in holidays(day.year, region) else day.isoweekday()
        if kind in hours.days:
            ends_on = day + timedelta(days=1) if hours.closes == MIDNIGHT else day
            opens = datetime.combine(day, hours.opens, local).astimezone(UTC)
            yield opens, datetime.combine(ends_on, hours.closes, local).astimezone(UTC)
        day += timedelta(days=1)

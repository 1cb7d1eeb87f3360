"""The server's clock. Instants are UTC; "the 21st day" and "the day after" are dates of the territory."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

# Arithmetic near the ends of the calendar overflows, and nobody means those years: a slip of the keyboard, a forged
# address. What is typed may be the birth of a mother; what an address asks for lies in the life of the programme.
YEARS = range(1900, 2101)
PROGRAMME_YEARS = range(2000, 2101)


def now() -> datetime:
    """This instant, in UTC. Read once per operation and passed on as `at`."""
    return timezone.now().astimezone(UTC)


def local_date(at: datetime, zone: str) -> date:
    """The calendar date of an instant where the family lives."""
    return at.astimezone(ZoneInfo(zone)).date()


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """First instant of the local day and of the next one, in UTC; 23 or 25 hours apart when the clocks change."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(zone))
    return start.astimezone(UTC), end.astimezone(UTC)


def last_instant(ends_at: datetime) -> datetime:
    """The last one of what ends at `ends_at`: what ends at the midnight after a day is told by that day."""
    return ends_at - timedelta(microseconds=1)

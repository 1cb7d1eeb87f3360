"""When a team meets its auxiliaries again (R049). Pure: days in, days out."""

from datetime import date, timedelta

# R049 says « regular » and gives no number: a month is ours, and each territory sets its own.
PROGRAMME_DAYS = 30
FEWEST_DAYS, MOST_DAYS = 7, 180


def meeting_due_on(last_on: date | None, since: date, every_days: int) -> date:
    """The last day of the next meeting: counted from the last one, from `since` when there was none."""
    return (last_on or since) + timedelta(days=every_days)

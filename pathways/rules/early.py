"""Rules of the visit after an ultra-early discharge (R054, K15)."""

from datetime import date, timedelta

from pathways.rules.births import Window

# peers.md 5: the coordinator sees within an hour who has confirmed; after that she is told that nobody has.
CONFIRMED_WITHIN = timedelta(hours=1)


def ultra_early_window(discharge_day: date) -> Window:
    """The local day of an ultra-early discharge and the day after (R054, K15)."""
    return Window(discharge_day, discharge_day + timedelta(days=1))

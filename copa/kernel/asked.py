"""What the addresses of lists hold, read without trusting it."""

from datetime import date
from uuid import UUID

from copa.kernel import clock


def as_uuid(text: str | None) -> UUID | None:
    """The id of a filter; a forged one filters nothing."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def as_key(text: str | None) -> int | None:
    """The key of a neighbouring page; None when it makes no sense."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None


def as_day(text: str | None) -> date | None:
    """The day of an address; None when it is not one, or lies in no life of this programme."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day.year in clock.PROGRAMME_YEARS else None

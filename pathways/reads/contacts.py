"""Attempts to reach a family, and whether she is without news."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from copa.kernel import clock
from pathways import rules
from pathways.enums import ContactResult
from pathways.models import ContactAttempt, Pathway


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as the page lists it."""

    at: datetime
    channel: str
    result: str
    by: str
    is_news: bool


@dataclass(frozen=True, slots=True)
class Silence:
    """The attempts, the latest first. `since_news` counts those since she last answered; `is_proposed`: enough."""

    attempts: tuple[Attempt, ...]
    since_news: int
    days: int
    is_proposed: bool


def silence_of(pathway: Pathway) -> Silence:
    """One query."""
    rows = list(ContactAttempt.objects.filter(pathway=pathway).select_related("by__user").order_by("-at", "-pk"))
    days = _days(((row.at, row.result) for row in rows), pathway.territory.time_zone)
    shown = tuple(
        Attempt(
            at=row.at,
            channel=row.get_channel_display(),
            result=row.get_result_display(),
            by=row.by.user.get_full_name(),
            is_news=row.result == ContactResult.REACHED,
        )
        for row in rows
    )
    return Silence(shown, len(days), len(set(days)), is_silent_enough(days))


def is_silent_enough(days: Collection[date]) -> bool:
    """Whether these attempts, one local day each, are enough to propose it to the team."""
    return rules.is_without_news(attempts=len(days), days=len(set(days)))


def silent_days(pathway: Pathway) -> list[date]:
    """The local day of each attempt since the last news, the latest first."""
    rows = ContactAttempt.objects.filter(pathway=pathway).order_by("-at", "-pk").values_list("at", "result")
    return _days(rows, pathway.territory.time_zone)


def _days(attempts: Iterable[tuple[datetime, str]], zone: str) -> list[date]:
    days = []
    for at, result in attempts:
        if result == ContactResult.REACHED:
            break
        days.append(clock.local_date(at, zone))
    return days

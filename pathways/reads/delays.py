"""The delays of a territory beside those of the programme, and who changed them when."""

from dataclasses import dataclass
from datetime import datetime

from pathways.enums import AlertFamily
from pathways.models import AlertDelay
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.rules.delays import PROGRAMME_MINUTES, longest_minutes

HISTORY = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayLine:
    """The delay of a family now, in minutes. `night` None: the same by night; `since` None: as the programme says."""

    family: str
    label: str
    programme: int
    longest: int
    day: int
    night: int | None
    since: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class DelayChange:
    """One delay that was set; `by` "" where nobody is known."""

    label: str
    day: int
    night: int | None
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class DelaysPage:
    """Every family in the order of the programme, and the last changes, the latest first."""

    lines: tuple[DelayLine, ...]
    changes: tuple[DelayChange, ...]


def delays_page(at: datetime) -> DelaysPage:
    """The delays in force at this instant in the territory in scope. Three queries."""
    latest = AlertDelay.objects.filter(valid_from__lte=at).order_by("family", "-valid_from", "-pk").distinct("family")
    current = {row.family: row for row in latest}
    changes = list(AlertDelay.objects.order_by("-valid_from", "-pk")[:HISTORY])
    directory = Directory()
    directory.expect(people=[row.set_by_id for row in (*current.values(), *changes)])
    return DelaysPage(
        lines=tuple(_line(family, current.get(family), directory) for family in AlertFamily),
        changes=tuple(_change(row, directory) for row in changes),
    )


def _line(family: AlertFamily, row: AlertDelay | None, directory: Directory) -> DelayLine:
    programme = PROGRAMME_MINUTES[family]
    return DelayLine(
        family=family.value,
        label=str(family.label),
        programme=programme,
        longest=longest_minutes(family),
        day=row.minutes if row else programme,
        night=row.night_minutes if row else None,
        since=row.valid_from if row else None,
        by=directory.name(row.set_by_id) if row else "",
    )


def _change(row: AlertDelay, directory: Directory) -> DelayChange:
    label = words(AlertFamily, row.family)
    return DelayChange(label, row.minutes, row.night_minutes, row.valid_from, directory.name(row.set_by_id))

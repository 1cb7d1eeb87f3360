"""What waits for somebody: one shape for every subject, its deadline, its place among the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from copa.kernel import clock
from territories.models import Member

_NEVER = datetime.max.replace(tzinfo=UTC)


class Subject(StrEnum):
    """What it is about; the value stands in the address."""

    ALERTS = "alertes"
    AFTERCARE = "deuil"
    EARLY = "sorties"
    REPORTS = "comptes-rendus"
    VISITS = "visites"
    BIRTHS = "naissances"
    SCREENING = "reperage"
    POSTNATAL = "postnatal"
    ORIENTATIONS = "orientations"
    MEETINGS = "reunions"
    RELAYS = "relais"
    HANDOVERS = "transmissions"
    CONTACTS = "nouvelles"
    COORDINATION = "coordination"
    MESSAGES = "messages"
    DEVIATIONS = "ecarts"


LABELS: dict[Subject, str] = {
    Subject.ALERTS: "Alertes",
    Subject.AFTERCARE: "Après un deuil",
    Subject.EARLY: "Sorties ultra-précoces",
    Subject.REPORTS: "Comptes rendus",
    Subject.VISITS: "Visites",
    Subject.BIRTHS: "Naissances",
    Subject.SCREENING: "Repérage",
    Subject.POSTNATAL: "Entretien postnatal",
    Subject.ORIENTATIONS: "Orientations",
    Subject.MEETINGS: "Réunions",
    Subject.RELAYS: "Relais PMI",
    Subject.HANDOVERS: "Transmissions et transferts",
    Subject.CONTACTS: "Sans réponse",
    Subject.COORDINATION: "Coordination",
    Subject.MESSAGES: "Messages des parents",
    Subject.DEVIATIONS: "Écarts au protocole",
}


@dataclass(frozen=True, slots=True)
class Now:
    """The moment at which it is asked; `today` is local to `zone`."""

    at: datetime
    today: date
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing to do. `due` is the last local day or the last instant, None when nothing presses.

    `family_id` None for what comes from behind the wall; `public_id` None for a page without an object. `is_danger`
    stands above everything else, `is_promised` (about a danger that somebody answers) comes next, then `is_pressing`:
    what is answered the same day. `is_bare` says nothing of the children.
    """

    subject: Subject
    family_id: int | None
    words: str
    page: str
    public_id: UUID | None
    detail: str = ""
    due: date | datetime | None = None
    is_danger: bool = False
    is_promised: bool = False
    is_pressing: bool = False
    is_bare: bool = False


# What one subject has for this member, from the rows on which she may act; a fixed number of queries.
Source = Callable[[Member, Now], Iterable[Waiting]]
# Subjects of the layers above: they register their source once the apps are ready.
_FROM_ABOVE: list[Source] = []


def register(source: Source) -> None:
    """Add a subject of a layer above to what waits; once, however often it is asked."""
    if source not in _FROM_ABOVE:
        _FROM_ABOVE.append(source)


def from_above() -> tuple[Source, ...]:
    """The sources that layers above have registered."""
    return tuple(_FROM_ABOVE)


def deadline(waiting: Waiting, zone: str) -> datetime:
    """The instant from which it is late; the end of time when nothing presses."""
    due = waiting.due
    if due is None:
        return _NEVER
    return due if isinstance(due, datetime) else clock.day_bounds(due, zone)[1]


def urgency(waiting: Waiting, zone: str) -> tuple[bool, bool, bool, datetime]:
    """Where it stands in the list, the smallest first."""
    return not waiting.is_danger, not waiting.is_promised, not waiting.is_pressing, deadline(waiting, zone)

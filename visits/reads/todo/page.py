"""« À faire » of one member: every subject together, the most urgent first."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from copa.kernel import clock
from copa.kernel.french import NBSP, delay, hour
from copa.kernel.french import day as short_day
from copa.kernel.links import here
from territories.models import Member
from visits.reads.households import Household, households
from visits.reads.todo import aftercare, alerts, births, care, followup, handover, screening
from visits.reads.todo.base import LABELS, Now, Source, Subject, Waiting, deadline, from_above, urgency

PAGE = 25
# What the first page of the coordinator shows already, each with its own card.
CARDS: tuple[Source, ...] = (alerts.alerts, care.reports, care.visits, births.to_propose, births.to_include)
OTHERS: tuple[Source, ...] = (
    aftercare.aftercare,
    care.early_calls,
    care.deviations,
    screening.suggestions,
    screening.scales,
    screening.corrections,
    screening.interviews,
    followup.orientations,
    followup.held_back,
    followup.turned_down,
    followup.unanswered,
    followup.decisions,
    followup.team_meetings,
    followup.coordination,
    handover.relays_of_pmi,
    handover.relays_of_team,
    handover.relays_to_propose,
    handover.transmissions,
    handover.transfers,
    handover.openings,
    handover.calls_of_before,
    handover.unreached,
    handover.without_news,
)


SOURCES: tuple[Source, ...] = (*CARDS, *OTHERS)


@dataclass(frozen=True, slots=True)
class Rest:
    """How much of one subject waits, and how much of it is late."""

    label: str
    url: str
    total: int
    late: int

    @property
    def late_words(self) -> str:
        return f"dont {self.late} en retard"


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoRow:
    """One line. `name` is "" for a family that is still behind the wall; `has_changed`: speak to its team first."""

    name: str
    place: str
    subject: str
    words: str
    detail: str
    url: str
    state: str
    when: str
    has_changed: bool


@dataclass(frozen=True, slots=True)
class TodoPage:
    """The lines of a page, how many each subject holds, and how many of all are late."""

    page: "Page[TodoRow]"
    counts: Mapping[Subject, int]
    late: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def rest_of(member: Member, *, at: datetime, zone: str) -> tuple[Rest, ...]:
    """What waits for her beside the cards of the first page, subject by subject."""
    now = Now(at, clock.local_date(at, zone), zone)
    found = [one for source in (*OTHERS, *from_above()) for one in source(member, now)]
    totals = Counter(one.subject for one in found)
    late = Counter(one.subject for one in found if deadline(one, zone) <= at)
    todo = here("visits:todo")
    return tuple(
        Rest(LABELS[one], f"{todo}?sujet={one.value}", totals[one], late[one]) for one in Subject if totals[one]
    )


def waiting_for(member: Member, now: Now) -> list[Waiting]:
    """All that waits for this member, the most urgent first; the same queries for one line and for fifty."""
    found = [one for source in (*SOURCES, *from_above()) for one in source(member, now)]
    return sorted(found, key=lambda one: urgency(one, now.zone))


def todo_page(member: Member, subject: Subject | None, page: str, *, at: datetime, zone: str) -> TodoPage:
    """One page of what waits, of one subject or of all."""
    now = Now(at, clock.local_date(at, zone), zone)
    everything = waiting_for(member, now)
    numbers = Counter(one.subject for one in everything)
    shown = [one for one in everything if subject in (None, one.subject)]
    found: Page[Any] = Paginator(shown, PAGE).get_page(page)
    homes = households(one.family_id for one in found.object_list if one.family_id is not None)
    found.object_list = [_row(one, homes, now) for one in found.object_list]
    late = sum(deadline(one, zone) <= at for one in everything)
    return TodoPage(found, {one: numbers[one] for one in Subject}, late)


def _row(waiting: Waiting, homes: Mapping[int, Household], now: Now) -> TodoRow:
    home = None if waiting.family_id is None else homes.get(waiting.family_id)
    state, when = _when(waiting, now)
    return TodoRow(
        name=home.name if home else "",
        place=home.place if home and not waiting.is_bare else "",
        subject=LABELS[waiting.subject],
        words=waiting.words,
        detail=waiting.detail,
        url=here(waiting.page, waiting.public_id) if waiting.public_id else here(waiting.page),
        state=state,
        when=when,
        has_changed=home is not None and home.has_changed,
    )


def _when(waiting: Waiting, now: Now) -> tuple[str, str]:
    """The state of a deadline and its words; ("", "") when nothing presses."""
    if waiting.due is None:
        return "", ""
    due_at = deadline(waiting, now.zone)
    if isinstance(waiting.due, datetime):
        if due_at < now.at:
            return "bad", f"en retard de {delay(now.at - due_at)}"
        is_today = clock.local_date(due_at, now.zone) == now.today
        return ("warn", f"avant {hour(due_at)}") if is_today else ("", f"avant le {short_day(due_at)}")
    days = (now.today - waiting.due).days
    if days > 0:
        return "bad", f"en retard de {days}{NBSP}j"
    return ("warn", "aujourd’hui") if days == 0 else ("", f"avant le {short_day(waiting.due)}")

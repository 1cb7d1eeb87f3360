"""What the page of the coordinator shows: cards, the sign that waits, the table and its filters."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Q

from copa.kernel.french import NBSP, plural
from copa.kernel.look import Thread
from visits.reads.households import Household

TOP = 3
PAGE = 25
TODO, WEEK, END, ALL = "a-traiter", "semaine", "fin", "toutes"
VIEWS = (TODO, WEEK, END, ALL)
# Sorting is by the last day of the window, the only order an index gives (pathway_active_window).
ORDERS = ("jour", "-jour")


@dataclass(frozen=True, slots=True)
class Task:
    """One row of a card: a family, a line about it, and its state; `due_at` set draws the 24-hour clock instead."""

    household: Household
    public_id: UUID
    text: str
    state: str = ""
    icon: str = "clock"
    words: str = ""
    due_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """How much of a card is one maternity's."""

    name: str
    public_id: UUID
    total: int


@dataclass(frozen=True, slots=True)
class Card:
    """A number, its three most urgent rows; `urgent` counts the part of it that cannot wait, `places` share it."""

    total: int
    rows: tuple[Task, ...] = ()
    urgent: int = 0
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class SignAlert:
    """The most vital danger sign, the oldest of them. `facts` is "" when the alert is protected.

    `total` counts it with all the others that wait.
    """

    public_id: UUID
    household: Household
    age: str
    kind: str
    facts: str
    raised_by: str
    raised_at: datetime
    answer_due_at: datetime | None
    phone: str
    is_late: bool
    total: int

    @property
    def title(self) -> str:
        """How many wait, in words."""
        if self.total == 1:
            return "Une alerte attend une réponse"
        return f"{plural(self.total, 'alerte')} attendent une réponse, voici la plus urgente"

    @property
    def words(self) -> str:
        """What was seen, as a sentence with its full stop."""
        told = f"{self.kind}{NBSP}: {self.facts}" if self.facts else self.kind
        return f"{told.rstrip('.')}."


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be decided about a family: words with their icon, and the page where those who hold `perm` do it."""

    state: str
    icon: str
    words: str
    page: str
    perm: str
    public_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PathwayRow:
    """One family under way."""

    household: Household
    day: int
    thread: Thread
    ap: str
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pathways each filter of the table holds."""

    todo: int
    week: int
    end: int
    every: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks of the table; None keeps everything."""

    view: str = TODO
    ap: UUID | None = None
    maternity: UUID | None = None
    sector: UUID | None = None
    order: str = "-jour"
    page: str = "1"

    @property
    def is_whole(self) -> bool:
        """Whether no AP, team or sector is asked for."""
        return not (self.ap or self.maternity or self.sector)

    def as_q(self) -> Q:
        """The filter on pathways, without the view."""
        asked = {"ap__public_id": self.ap, "carrier__public_id": self.maternity}
        wanted = Q(**{key: value for key, value in asked.items() if value})
        return wanted & Q(family__commune__sector__public_id=self.sector) if self.sector else wanted


@dataclass(frozen=True)
class Worklist:
    """The whole page."""

    waiting: int
    births: Card
    proposals: Card
    unplanned: Card
    reports: Card
    alerts: Card
    sign_alert: SignAlert | None
    counts: Counts
    last_birth_at: datetime | None
    page: Page[Any]
    rows: list[PathwayRow] = field(default_factory=list)

    @property
    def on_course(self) -> int:
        """Families under way about whom nothing is to be decided."""
        return self.counts.every - self.counts.todo

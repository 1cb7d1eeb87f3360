"""What the rows of one territory point at, and with what they are written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from copa.demo.people import Post
from copa.demo.register import Register
from copa.demo.reports import Scribe
from visits.questionnaire import Questionnaire


@dataclass(frozen=True)
class Known:
    """Keys of what the rows point at: structures, communes with their sector, versions of the rules, prices, form."""

    territory_id: UUID
    slug: str
    zone: ZoneInfo
    houses: dict[str, int]
    house_uids: dict[int, UUID]
    communes: dict[str, tuple[int, int | None]]
    rules: tuple[tuple[date, Any], ...]
    tariffs: tuple[tuple[str, date, int, Decimal], ...]
    form_id: int
    questionnaire: Questionnaire
    permission_id: int
    coordinator: Post
    pmi: dict[str, list[Post]]
    teams: dict[str, list[Post]]

    def rules_on(self, day: date) -> Any:
        """The version of the programme in force on a day; the first one before all of them."""
        return next((rules for start, rules in reversed(self.rules) if start <= day), self.rules[0][1])


@dataclass(frozen=True)
class Desk:
    """With what rows are written: `new_id` draws the next public id, `at` is where the demonstration stands."""

    known: Known
    register: Register
    scribe: Scribe
    at: datetime
    new_id: Callable[[], str]

    def is_past(self, moment: datetime | None) -> bool:
        """Whether it has happened; False for what never will."""
        return moment is not None and moment <= self.at

"""Civil quarters: the period of lines, figures and exports. Dates are those of the territory."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from copa.kernel import clock

_CODE = re.compile(r"([0-9]{4})-T([1-4])")
_RANKS = {1: "1ᵉʳ", 2: "2ᵉ", 3: "3ᵉ", 4: "4ᵉ"}


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A civil quarter; `number` is 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that holds this day."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def parse(cls, code: str) -> "Quarter":
        """The quarter of a code like "2026-T3"; ValueError for anything else, years outside the programme included."""
        found = _CODE.fullmatch(code)
        if found is None or int(found[1]) not in clock.PROGRAMME_YEARS:
            raise ValueError(f"not a quarter: {code!r}")
        return cls(int(found[1]), int(found[2]))

    @property
    def code(self) -> str:
        """As in addresses and files: "2026-T3"."""
        return f"{self.year}-T{self.number}"

    @property
    def label(self) -> str:
        """As on screen: "3ᵉ trimestre 2026"."""
        return f"{_RANKS[self.number]} trimestre {self.year}"

    @property
    def short(self) -> str:
        """As under a chart: "T3 2026"."""
        return f"T{self.number} {self.year}"

    @property
    def first(self) -> date:
        """Its first day; the key of figures and exports."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The one after."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """The one before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Its first instant and the first instant after it, in UTC, where the families live."""
        return clock.day_bounds(self.first, zone)[0], clock.day_bounds(self.next.first, zone)[0]

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return today > self.last


def back_from(quarter: Quarter, count: int) -> list[Quarter]:
    """`count` quarters that end with this one, oldest first."""
    found = [quarter]
    while len(found) < count:
        found.append(found[-1].previous)
    return found[::-1]

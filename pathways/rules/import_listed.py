"""What a line of a maternity's list becomes: a delivery with its children, a refusal, a warning."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from copa.kernel.french import normalised
from pathways.enums import DayPrecision

# Two children of one mother are of one delivery when they are born within this time.
ONE_DELIVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is left out, and why: a sentence without a name."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Warned:
    """What a line said that was mended or left out; `is_asked` while its birth waits for an answer about it."""

    line: int
    reason: str
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class ListedChild:
    """A child of a line; `first_name` "" and `weight_g` None when unknown, `born_at` None without an hour."""

    line: int
    first_name: str
    sex: str
    weight_g: int | None
    is_hospitalised: bool
    born_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that says either a child already said by the line `like`, or its twin: somebody is asked."""

    said: "ListedBirth"
    like: int

    @property
    def line(self) -> int:
        return self.said.line


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBirth:
    """A delivery of the list; `line` is that of its first child. `place` is the key of a commune or None.

    `outside`: the commune outside the territory that it names, as "Metz (57000)", to be confirmed; "" for none.
    `lines` are all that say it; `doubts`, those of which nobody knows whether they say another child: they do not stand
    in `children`.
    """

    line: int
    birth_name: str
    used_name: str
    first_names: str
    birth_on: date
    phone: str
    email: str
    born_at: datetime
    mode: str
    parity: str
    term_weeks: int | None
    coparent_name: str
    coparent_first_names: str
    coparent_phone: str
    address: str
    place: int | None
    children: tuple[ListedChild, ...]
    birth_precision: str = DayPrecision.DAY
    outside: str = ""
    lines: tuple[int, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def mother_key(self) -> tuple[str, str, date]:
        """Who she is, as lines of one list are compared."""
        return normalised(self.birth_name), normalised(self.first_names), self.birth_on

    @property
    def has_hour(self) -> bool:
        """Whether a line of it says the hour: `born_at` is midnight otherwise."""
        return any(child.born_at for child in self.children)

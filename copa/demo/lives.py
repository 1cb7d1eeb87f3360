"""A family's whole way through the programme, as drawn: pure values, no table, no clock.

A life is drawn to its end whatever the hour; `rows` writes only what has happened at a given instant. The same seed
therefore gives the same people, and the hour decides how far they have come.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from copa.demo.people import Post
from copa.demo.places import House, Village


@dataclass(slots=True)
class Baby:
    """A child of the birth."""

    first_name: str
    sex: str
    weight_g: int


@dataclass(slots=True)
class Adult:
    """The mother or the other parent; `used_name` is "" when she uses her birth name."""

    first_name: str
    birth_name: str
    used_name: str = ""
    phone: str = ""
    email: str = ""
    born_on: date | None = None

    @property
    def name(self) -> str:
        """The name in use."""
        return self.used_name or self.birth_name


@dataclass(slots=True)
class Agreed:
    """The adhesion and what came with it."""

    at: datetime
    by: Post
    place: str
    mode: str
    recipients: dict[str, str]
    opposed: bool
    withdrawn_at: datetime | None = None


@dataclass(slots=True)
class Sign:
    """A danger sign ticked at a visit. `taken_at` is when the referring team took it, None for an open alert."""

    family: str
    code: str
    minutes_in: int
    taken_at: datetime | None


@dataclass(slots=True)
class Call:
    """One visit. `started_at` None: it will be missed or is only planned.

    `signed_at` None: the report was forgotten; `found_at` is when somebody asked for it, once weeks have passed.
    """

    kind: str
    noted_at: datetime
    planned_at: datetime
    minutes: int
    window_reason: str = ""
    motive: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    missed_why: str = ""
    signed_at: datetime | None = None
    found_at: datetime | None = None
    opened_at: datetime | None = None
    has_draft: bool = True
    epds: tuple[int, ...] | None = None
    epds_refused: bool = False
    third: str = ""
    signs: list[Sign] = field(default_factory=list)


@dataclass(slots=True)
class Handover:
    """The PMI's answer: accepted or questioned, and when; None while she waits."""

    answered_at: datetime
    is_question: bool = False


@dataclass(slots=True)
class Life:
    """Everything about one birth. `coordinated`: the team noted a time of coordination before it closed (R099)."""

    number: int
    born_at: datetime
    day: date
    recorded_at: datetime
    maternity: House
    carrier: House
    village: Village
    address: str
    hint: str
    mother: Adult
    coparent: Adult | None
    babies: list[Baby]
    mode: str
    parity: str
    term_weeks: int
    is_vulnerable: bool
    wants_breast: bool
    left_at: datetime
    left_how: str
    contact: dict[str, object]
    is_silent: bool = False
    proposed_at: datetime | None = None
    proposed_when: str = ""
    proposed_by: Post | None = None
    answer: str = "PENDING"
    answered_at: datetime | None = None
    refusal: str = ""
    agreed: Agreed | None = None
    included_at: datetime | None = None
    ap: Post | None = None
    ap_since: datetime | None = None
    midwife: Post | None = None
    doctor: Post | None = None
    calls: list[Call] = field(default_factory=list)
    handover: Handover | None = None
    stopped_at: datetime | None = None
    stopped_how: str = ""
    closed_at: datetime | None = None
    closing: str = ""
    coordinated: bool = True
    theme: int = 0

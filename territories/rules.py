"""Pure rules of how a territory is led: which structures are eligible, what a convention has to cover.

Values in, values out: no table, no request. A midwife may read it (style.md 23).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt

from territories.enums import MANDATORY_MODULES, Known, Rhythm, StructureKind

# R035: the coordination sees what ends within so many days, today included.
ENDS_SOON_DAYS = 60
# R091, R092: the national committee, and that of each region, meet so many times a civil year.
COMMITTEES_A_YEAR = 2
# The second programme began in December 2025: its first whole year is the next.
FIRST_COMMITTEE_YEAR = 2026
# R042: a carrier that is no maternity needs a formal partnership with one.
NEEDS_CONVENTION = frozenset({StructureKind.CPP, StructureKind.PMI})


def ends_soon(ends_on: date | None, today: date) -> bool:
    """Whether a convention in force ends within ENDS_SOON_DAYS; one without an end never does."""
    return ends_on is not None and today <= ends_on <= today + timedelta(days=ENDS_SOON_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierFacts:
    """What is known of a structure today. `conventions` is how many with a maternity are in force."""

    kind: str
    is_authorised: str
    plans_auxiliaries: str
    auxiliaries: int
    conventions: int


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in words; `is_met` None while nobody has said."""

    words: str
    is_met: bool | None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`is_eligible` None while an answer is missing; `reason` says why it is not, "" when it is."""

    is_eligible: bool | None
    reason: str
    conditions: tuple[Condition, ...]


def eligibility(facts: CarrierFacts) -> Eligibility:
    """Whether a structure may carry CoPa (R040), and whether its convention stands (R042)."""
    conditions, reason = _CONDITIONS[StructureKind(facts.kind)](facts)
    met = _any_of([one.is_met for one in conditions])
    if facts.kind in NEEDS_CONVENTION:
        # Asked of every CPP and PMI that carries, whatever made it eligible: said apart, it refuses nobody.
        conditions = [*conditions, Condition("Convention en vigueur avec une maternité du territoire", _has(facts))]
    return Eligibility(met, "" if met else reason[met], tuple(dict.fromkeys(conditions)))


def _maternity(facts: CarrierFacts) -> tuple[list[Condition], dict[bool | None, str]]:
    words = "Autorisée en gynécologie-obstétrique"
    return [Condition(words, _said(facts.is_authorised))], {
        False: "Maternité sans autorisation de gynécologie-obstétrique : non éligible",
        None: "Dites si elle est autorisée en gynécologie-obstétrique",
    }


def _pmi(facts: CarrierFacts) -> tuple[list[Condition], dict[bool | None, str]]:
    planned = True if facts.auxiliaries else _said(facts.plans_auxiliaries)
    return [Condition("A des auxiliaires, ou prévoit d’en avoir", planned)], {
        False: "PMI sans auxiliaire ni projet d’en avoir : non éligible",
        None: "Dites si elle prévoit d’avoir des auxiliaires",
    }


def _cpp(facts: CarrierFacts) -> tuple[list[Condition], dict[bool | None, str]]:
    own = Condition("A des auxiliaires", facts.auxiliaries > 0)
    convention = Condition("Convention en vigueur avec une maternité du territoire", _has(facts))
    sentence = "CPP sans auxiliaire ni convention : non éligible"
    return [own, convention], {False: sentence, None: sentence}


_CONDITIONS = {StructureKind.MATERNITY: _maternity, StructureKind.PMI: _pmi, StructureKind.CPP: _cpp}


def _said(answer: str) -> bool | None:
    return None if answer == Known.UNKNOWN else answer == Known.YES


def _has(facts: CarrierFacts) -> bool:
    return facts.conventions > 0


def _any_of(answers: Sequence[bool | None]) -> bool | None:
    """One condition met is enough; an unknown one leaves the answer open."""
    if any(answers):
        return True
    return None if None in answers else False


def missing_of_auxiliary(*, modules: Collection[str], has_experience: bool, has_supervisor: bool) -> list[str]:
    """What an auxiliary still lacks before she visits, in words (R100, R101, R102); empty when nothing."""
    missing = [module.label.lower() for module in MANDATORY_MODULES if module not in modules]
    if not has_experience:
        missing.append("expérience des suites de naissance")
    if not has_supervisor:
        missing.append("responsable")
    return missing


def committee_years(today: date) -> list[int]:
    """The civil years whose committees are counted: this one, and the last since the programme has whole years."""
    return [year for year in (today.year, today.year - 1) if year >= FIRST_COMMITTEE_YEAR or year == today.year]


def too_few_committees(count: int, year: int) -> str:
    """The alert of a year with fewer committees than the programme asks for (R091, R092); "" when there are enough."""
    if count >= COMMITTEES_A_YEAR:
        return ""
    return f"une seule réunion en {year}" if count == 1 else f"aucune réunion en {year}"


# As far ahead as the dates of a group are written: a year, for every weekday of it.
DATES_AHEAD = timedelta(days=366)


def repeated_days(first: date, rhythm: str, until: date) -> list[date]:
    """The days of a rhythm from `first` to `until`, both included; `first` alone for a single date.

    A month keeps the rank of the weekday ("the second Tuesday"); the fifth of a month stands for its last.
    """
    if rhythm == Rhythm.ONCE:
        return [first]
    if rhythm == Rhythm.MONTHLY:
        return _monthly(first, until)
    step = timedelta(weeks=2 if rhythm == Rhythm.FORTNIGHTLY else 1)
    return [first + step * turn for turn in range((until - first) // step + 1)]


def _monthly(first: date, until: date) -> list[date]:
    days, month = [], first.replace(day=1)
    while (day := _same_rank(first, month)) <= until:
        days.append(day)
        month = (month + timedelta(days=31)).replace(day=1)
    return days


def _same_rank(first: date, month: date) -> date:
    """The day of this month with the weekday of `first` and its rank; `month` is the first day of one."""
    rank = (first.day - 1) // 7
    earliest = month + timedelta(days=(first.weekday() - month.weekday()) % 7)
    day = earliest + timedelta(weeks=rank)
    return day if day.month == month.month else day - timedelta(weeks=1)


# Eighteen years, in months: as far as the age of a child goes in the directory.
OLDEST_CHILD = 216
# The mean radius of the Earth: no commune of a territory is far enough for its flattening to matter.
EARTH_KM = 6371.0088
# As far as a service says that it goes.
LARGEST_RADIUS_KM = 200
# Degrees north and east.
Point = tuple[float, float]


def distance_km(one: Point, other: Point) -> float:
    """The great-circle distance between two points, in kilometres."""
    (lat, lon), (other_lat, other_lon) = ((radians(degrees) for degrees in point) for point in (one, other))
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def within(centre: Point, radius_km: float, communes: Mapping[str, Point | None]) -> list[str]:
    """Codes of the communes whose centre lies within the radius, its edge included.

    One whose place nobody knows (None) is not covered: a service promises nothing that nobody can check.
    """
    return sorted(code for code, point in communes.items() if point and distance_km(centre, point) <= radius_km)

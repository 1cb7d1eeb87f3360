"""Families that may be the one being typed: same name, same phone, or same birth date of the mother."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, islice

from django.db.models import Exists, OuterRef

from copa.kernel import trace
from pathways import perms, rules
from pathways.enums import DayPrecision
from pathways.models import Birth, CoParent, FamilyWord, Mother
from pathways.reads.birth_dates import born_like
from pathways.reads.facts import FamilyFacts, families_facts
from territories.models import Member

LIMIT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What is known of the mother and the birth while it is being typed; `phones` are E.164, the co-parents' too."""

    birth_name: str
    used_name: str
    first_names: str
    birth_on: date
    phones: tuple[str, ...]
    born_at: datetime
    birth_precision: str = DayPrecision.DAY


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family this member may see, and why it looks the same."""

    facts: FamilyFacts
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What was found; `hidden` counts families of other services, of which nothing more is said."""

    shown: tuple[Candidate, ...]
    hidden: int

    @property
    def are_found(self) -> bool:
        return bool(self.shown or self.hidden)


def duplicate_reasons(typed: Typed) -> dict[int, tuple[str, ...]]:
    """Why each family of the territory looks the same, by primary key; empty when none does."""
    reasons: dict[int, list[str]] = {}
    for reason, families in (("même nom", _same_name(typed)), ("même téléphone", _same_phone(typed))):
        for key in families:
            reasons.setdefault(key, []).append(reason)
    for key, is_close in _same_birth_date(typed):
        near = ", accouchement proche" if is_close else ""
        reasons.setdefault(key, []).append(f"même date de naissance de la mère{near}")
    return {key: tuple(found) for key, found in reasons.items()}


def duplicates(member: Member, typed: Typed, at: datetime) -> Duplicates:
    """The candidates to show side by side; each one shown is a reading of that family."""
    reasons = duplicate_reasons(typed)
    seen = list(perms.SEE_FAMILY.rows(member).filter(pk__in=reasons).order_by("-pk").values_list("pk", flat=True))
    facts = families_facts(seen[:LIMIT], at) if seen else {}
    for key in facts:
        trace.note(trace.Note(what="pathways.register_birth", family_id=key))
    shown = tuple(Candidate(facts[key], reasons[key]) for key in seen[:LIMIT])
    return Duplicates(shown, len(reasons) - len(seen))


def _same_name(typed: Typed) -> list[int]:
    """Families whose mother has these first names and one of these names, as her own name or as the one she uses."""
    wanted = _full_names(typed.birth_name, typed.used_name, typed.first_names)
    mothers = Mother.objects.none()
    for name in wanted:
        found = Mother.objects.all()
        for word in rules.name_words(name):
            found = found.filter(family__in=FamilyWord.objects.same(word))
        mothers = mothers | found
    names = mothers.order_by("-family").values_list("family", "birth_name", "used_name", "first_names")
    return [family for family, *known in names if wanted & _full_names(*known)][:LIMIT]


def _full_names(birth_name: str, used_name: str, first_names: str) -> set[str]:
    """How a mother may be called, as names are compared."""
    return {rules.normalised(name, first_names) for name in (birth_name, used_name) if name}


def _same_phone(typed: Typed) -> list[int]:
    """Families that somebody is reached in by one of these numbers: a household often has one phone for two."""
    if not typed.phones:
        return []
    found = (
        people.objects.filter(phone__in=typed.phones).order_by("-pk").values_list("family_id", flat=True)[:LIMIT]
        for people in (Mother, CoParent)
    )
    return list(dict.fromkeys(chain.from_iterable(found)))


def _same_birth_date(typed: Typed) -> list[tuple[int, bool]]:
    """Families whose mother is born that day, with whether they have had a birth around this one; these first.

    In a large territory a few mothers share any day, and many a year: an older family, or a date known in part, counts
    only when she has this first name.
    """
    born_on = Mother.objects.filter(born_like(typed.birth_on, typed.birth_precision))
    rows = born_on.annotate(
        is_close=_born_within(typed, rules.CLOSE_BIRTH_DAYS), is_of_now=_born_within(typed, rules.WARD_DAYS)
    )
    columns = ("family_id", "is_close", "is_of_now", "first_names", "birth_precision")
    found = rows.order_by("-is_close", "-pk").values_list(*columns)
    first, is_whole = _first_name(typed.first_names), typed.birth_precision == DayPrecision.DAY
    likely = (
        (key, close)
        for key, close, of_now, names, precision in found
        if _first_name(names) == first or (of_now and is_whole and precision == DayPrecision.DAY)
    )
    return list(islice(likely, LIMIT))


def _born_within(typed: Typed, days: int) -> Exists:
    span = timedelta(days=days)
    around = {"at__gte": typed.born_at - span, "at__lte": typed.born_at + span}
    return Exists(Birth.objects.filter(family=OuterRef("family"), **around))


def _first_name(first_names: str) -> str:
    """The first of them, as names are compared."""
    return rules.normalised(first_names).partition(" ")[0]

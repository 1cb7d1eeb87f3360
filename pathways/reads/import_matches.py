"""Families that births of a list may already have: the search of `duplicates`, for thousands of births at once.

One difference, because nobody can compare a ward's whole list by hand: the mother's birth date alone says nothing
here unless a word of the names is the same too. In a large territory a few mothers share any day.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from pathways import rules
from pathways.enums import DayPrecision
from pathways.models import Birth, CoParent, FamilyWord, Mother
from pathways.rules.import_listed import ListedBirth

MOTHERS, COPARENTS = "de la mère", "du co-parent"
SAME_NAME, SAME_PHONE, SAME_DAY = "même nom", "même téléphone", "même date de naissance de la mère"
_SPAN = timedelta(days=rules.SAME_DELIVERY_DAYS)


@dataclass(frozen=True, slots=True)
class Match:
    """A family that looks the same as a birth of the list, by key; 0 for a birth of the same list (`line`).

    `is_known`: it is this mother, and this very delivery. `has_delivery`: a birth of the family is too close to this
    one for both to exist. `phone` is the number they share, `in_list` and `in_file` say whose it is here and there.
    """

    family: int
    reasons: tuple[str, ...]
    is_known: bool
    has_delivery: bool
    line: int = 0
    phone: str = ""
    in_list: str = ""
    in_file: str = ""


@dataclass(slots=True)
class _Known:
    """A family as the search compares it."""

    full_names: set[str] = field(default_factory=set)
    words: frozenset[str] = frozenset()
    birth_on: date | None = None
    birth_precision: str = DayPrecision.DAY
    phones: dict[str, str] = field(default_factory=dict)
    births: list[datetime] = field(default_factory=list)


def matches(births: Sequence[ListedBirth]) -> dict[int, list[Match]]:
    """The families each birth may have, by its line; without an entry when none does. Six queries at most.

    Births of the list are compared among themselves too: the second one of a woman written in two ways is found.
    """
    families = _families(births)
    index = _Index(families)
    found: dict[int, list[Match]] = {}
    for birth in births:
        one = _signs_of(birth)
        rows = [_match(one, key, families[key]) for key in sorted(index.near(one), reverse=True)]
        if kept := [row for row in rows if row]:
            found[birth.line] = kept
    for line, match in _within(births):
        found.setdefault(line, []).append(match)
    return found


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a birth of the list is compared by, worked out once: near a common date stand many families."""

    birth: ListedBirth
    full_names: set[str]
    words: frozenset[str]
    phones: dict[str, str]


def _signs_of(birth: ListedBirth) -> _Signs:
    return _Signs(
        birth=birth,
        full_names=_full_names(birth.birth_name, birth.used_name, birth.first_names),
        words=rules.name_words(birth.birth_name, birth.used_name, birth.first_names),
        phones=_phones(birth),
    )


def _families(births: Sequence[ListedBirth]) -> dict[int, _Known]:
    """Every family that shares a birth date, a phone or the words of a surname with one of these births."""
    if not births:
        return {}
    phones = {number for birth in births for number in (birth.phone, birth.coparent_phone) if number}
    surnames = {word for birth in births for word in rules.name_words(birth.birth_name, birth.used_name)}
    keys = set(
        Mother.objects.filter(birth_on__in={birth.birth_on for birth in births}).values_list("family", flat=True)
    )
    keys |= set(FamilyWord.objects.filter(word__in=surnames).values_list("family", flat=True))
    for people in (Mother, CoParent):
        keys |= set(people.objects.filter(phone__in=phones).values_list("family", flat=True)) if phones else set()
    return _described(keys)


def _described(keys: Iterable[int]) -> dict[int, _Known]:
    known: dict[int, _Known] = defaultdict(_Known)
    wanted = list(keys)
    mothers = Mother.objects.filter(family__in=wanted).order_by("pk")
    for key, birth_name, used_name, first_names, birth_on, precision, phone in mothers.values_list(
        "family", "birth_name", "used_name", "first_names", "birth_on", "birth_precision", "phone"
    ):
        one = known[key]
        one.full_names = _full_names(birth_name, used_name, first_names)
        one.words, one.birth_on = rules.name_words(birth_name, used_name, first_names), birth_on
        one.birth_precision = precision
        if phone:
            one.phones[phone] = MOTHERS
    for key, phone in CoParent.objects.filter(family__in=wanted).order_by("pk").values_list("family", "phone"):
        if phone:
            known[key].phones.setdefault(phone, COPARENTS)
    for key, at in Birth.objects.filter(family__in=wanted).order_by("pk").values_list("family", "at"):
        known[key].births.append(at)
    return known


def _full_names(birth_name: str, used_name: str, first_names: str) -> set[str]:
    return {rules.normalised(name, first_names) for name in (birth_name, used_name) if name}


class _Index:
    """Families by what a birth may share with them."""

    def __init__(self, families: dict[int, _Known]) -> None:
        self._by: dict[Any, set[int]] = defaultdict(set)
        for key, one in families.items():
            for sign in (*one.full_names, *one.phones, one.birth_on):
                self._by[sign].add(key)

    def near(self, one: _Signs) -> set[int]:
        """Keys of the families that share a sign with it."""
        signs = (*one.full_names, *one.phones, one.birth.birth_on)
        return set().union(*(self._by.get(sign, set()) for sign in signs))


def _phones(birth: ListedBirth) -> dict[str, str]:
    """Each number of the line with whose it is, hers first, and hers where the two share one."""
    found = {birth.phone: MOTHERS}
    found.setdefault(birth.coparent_phone, COPARENTS)
    return {number: whose for number, whose in found.items() if number}


def _match(signs: _Signs, key: int, one: _Known) -> Match | None:
    birth = signs.birth
    is_named = bool(signs.full_names & one.full_names)
    is_born = one.birth_on is not None and rules.may_be_born_on(
        one.birth_on, one.birth_precision, birth.birth_on, birth.birth_precision
    )
    shared = next((number for number in signs.phones if number in one.phones), "")
    told = (
        (SAME_NAME, is_named),
        (SAME_PHONE, bool(shared)),
        (SAME_DAY, is_born and bool(signs.words & one.words)),
    )
    reasons = tuple(reason for reason, is_true in told if is_true)
    if not reasons:
        return None
    has_delivery = any(abs(at - birth.born_at) <= _SPAN for at in one.births)
    return Match(
        family=key,
        reasons=reasons,
        is_known=is_named and is_born and has_delivery,
        has_delivery=has_delivery,
        phone=shared,
        in_list=signs.phones.get(shared, ""),
        in_file=one.phones.get(shared, ""),
    )


def _within(births: Sequence[ListedBirth]) -> list[tuple[int, Match]]:
    """For each birth, the first one before it in the list that may be the same mother.

    A birth date with a surname: with a first name alone, a long list would resemble itself.
    """
    seen: dict[Any, ListedBirth] = {}
    found = []
    for birth in births:
        names = _full_names(birth.birth_name, birth.used_name, birth.first_names)
        signs: list[tuple[str, Any]] = [
            *((SAME_NAME, name) for name in sorted(names)),
            *((SAME_PHONE, number) for number in sorted(_phones(birth))),
            *(
                (SAME_DAY, (birth.birth_on, word))
                for word in sorted(rules.name_words(birth.birth_name, birth.used_name))
            ),
        ]
        alike = {reason: seen[sign] for reason, sign in signs if sign in seen}
        if alike:
            first = min(alike.values(), key=lambda one: one.line)
            found.append(
                (birth.line, Match(0, tuple(dict.fromkeys(alike)), is_known=False, has_delivery=True, line=first.line))
            )
        for _, sign in signs:
            seen.setdefault(sign, birth)
    return found

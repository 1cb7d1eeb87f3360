"""Lines of one mother to one delivery: the same child said twice, its twin, or a question (never a twin unasked)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from copa.kernel.french import hour, normalised, number
from pathways.enums import BirthMode, Sex
from pathways.rules.import_listed import ONE_DELIVERY, Doubt, ListedBirth, ListedChild, Warned

# What somebody may answer to a doubt.
SAME_CHILD, TWIN = "same", "twin"
NO_HOUR = "Heure de naissance absente\u00a0: minuit est noté, à corriger dans le dossier."
_ADD_BY_HAND = "Des jumeaux\u202f? Ajoutez l’autre enfant à la main."
# Written where a first name is expected, before the parents have chosen one: it tells nobody apart.
_NO_NAME = re.compile(
    r"bebe|enfant|nouveau nee?|garcon|fille|jumeau|jumelle|nn|x|inconnue?|sans prenom|non (?:connu|donne)"
)
_Mother = tuple[str, str, date]
ASKED = "Peut-être le même enfant que la ligne {}, peut-être son jumeau\u00a0: la naissance attend une réponse."
_FEMININE = {"email", "address", "parity"}
_SAID_TWICE = {
    "used_name": "nom utilisé",
    "phone": "téléphone",
    "email": "adresse e-mail",
    "address": "adresse",
    "mode": "mode de naissance",
    "parity": "parité",
    "term_weeks": "terme",
}


class Likeness(Enum):
    """What the second of two children of one delivery is to the first."""

    SAME, MAYBE, OTHER = "same", "maybe", "other"


def likeness(first: ListedChild, second: ListedChild) -> Likeness:
    """Whether two lines of one delivery say one child: a first name tells, else what they say of sex, weight and hour.

    One thing corrected under the same first name is a correction; two of them, or another sex, is asked.
    """
    names = _first_name(first), _first_name(second)
    differ = _differences(first, second)
    if all(names):
        if names[0] == names[1]:
            is_doubtful = "sex" in differ or len(differ) > 1
            return Likeness.MAYBE if is_doubtful else Likeness.SAME
        words = [set(name.split()) for name in names]
        is_longer = words[0] < words[1] or words[1] < words[0]
        return Likeness.MAYBE if is_longer and "sex" not in differ and len(differ) < 2 else Likeness.OTHER
    if differ:
        return Likeness.OTHER
    is_repeated = replace(second, line=first.line) == first
    return Likeness.SAME if is_repeated or (_is_full(first) and _is_full(second)) else Likeness.MAYBE


def may_be_same_child(listed: ListedChild, *, first_name: str, sex: str, weight_g: int | None) -> bool:
    """Whether a child of the file may be this child of a list; what one of them does not know contradicts nothing.

    A twin registered alone, whose brother comes with the next list, differs in one of the three; under the same first
    name a weight that differs is a corrected one.
    """
    there = ListedChild(listed.line, first_name, sex, weight_g, is_hospitalised=False)
    names = _first_name(listed), _first_name(there)
    differ = _differences(listed, there)
    if all(names):
        return names[0] == names[1] and "sex" not in differ
    return not differ


def _first_name(child: ListedChild) -> str:
    name = normalised(child.first_name)
    return "" if _NO_NAME.fullmatch(name) else name


def _differences(first: ListedChild, second: ListedChild) -> set[str]:
    """What both know and say otherwise, besides the first name."""
    pairs: Mapping[str, tuple[object, object]] = {
        "sex": (_sex(first), _sex(second)),
        "weight": (first.weight_g, second.weight_g),
        "hour": (first.born_at, second.born_at),
    }
    return {what for what, (mine, other) in pairs.items() if mine and other and mine != other}


def _sex(child: ListedChild) -> str:
    return "" if child.sex == Sex.UNKNOWN else child.sex


def _is_full(child: ListedChild) -> bool:
    return bool(_sex(child) and child.weight_g and child.born_at)


# ---- Lines to deliveries -------------------------------------------------------------------------------
class Deliveries:
    """The deliveries of a list, filled line by line, with what is to be said of its lines.

    Lines of one mother within ONE_DELIVERY are one delivery; a child said twice counts once.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._by_mother: dict[_Mother, list[ListedBirth]] = {}
        self._told: list[Warned] = []
        self._first_lines: dict[int, int] = {}
        self._hours: dict[tuple[int, datetime], int] = {}

    @property
    def births(self) -> tuple[ListedBirth, ...]:
        """In the order of the list."""
        rows = (birth for known in self._by_mother.values() for birth in known)
        return tuple(sorted(rows, key=lambda birth: birth.line))

    def add(self, said: ListedBirth) -> None:
        """One more line, which says one child."""
        known = self._by_mother.setdefault(said.mother_key, [])
        place = next((n for n, one in enumerate(known) if self._is_one_delivery(one, said)), len(known))
        if place == len(known):
            known.append(said)
        else:
            known[place] = self._with(known[place], said)
        first = self._first_lines[said.line] = known[place].line
        if said.has_hour:
            self._hours.setdefault((first, said.born_at), said.line)

    def _is_one_delivery(self, one: ListedBirth, said: ListedBirth) -> bool:
        if one.has_hour and said.has_hour:
            return abs(one.born_at - said.born_at) <= ONE_DELIVERY
        days = [birth.born_at.astimezone(self._zone).date() for birth in (one, said)]
        return abs(days[0] - days[1]) <= ONE_DELIVERY

    def _with(self, birth: ListedBirth, said: ListedBirth) -> ListedBirth:
        [child] = said.children
        asked = [doubt.said.children[0] for doubt in birth.doubts]
        found = [(likeness(one, child), one) for one in birth.children]
        found += [(Likeness.SAME, one) for one in asked if likeness(one, child) is Likeness.SAME]
        same = next((one for how, one in found if how is Likeness.SAME), None)
        if same:
            self._told.append(Warned(said.line, _repeated(birth, said, same)))
            if same in asked:
                return replace(birth, lines=(*birth.lines, said.line))
            return with_correction(birth, said, same.line)
        like = next((one for how, one in found if how is Likeness.MAYBE), None)
        if like is None:
            return with_child(birth, said)
        self._told.append(Warned(said.line, ASKED.format(like.line), is_asked=True))
        return replace(birth, lines=(*birth.lines, said.line), doubts=(*birth.doubts, Doubt(said, like.line)))

    def warnings(self, warned: Iterable[Warned]) -> list[Warned]:
        """All that is said of the lines; an hour that one lacks is the one of its delivery, when another says it."""
        hours = {birth.line: self._hours.get((birth.line, birth.born_at)) for birth in self.births}
        return [self._of_hour(one, hours) for one in warned] + self._told

    def _of_hour(self, one: Warned, hours: Mapping[int, int | None]) -> Warned:
        line = hours.get(self._first_lines.get(one.line, 0))
        if one.reason != NO_HOUR or line is None:
            return one
        return replace(one, reason=f"Heure de naissance absente\u00a0: celle de la ligne {line} est notée.")


def _repeated(birth: ListedBirth, said: ListedBirth, same: ListedChild) -> str:
    """The sentence about a line that says a child again: what it says otherwise, without a name."""
    [child] = said.children
    if differ := _said_otherwise(birth, said, same, child):
        what = f"Même enfant que la ligne {same.line} ({', '.join(differ)})\u00a0: compté une fois, "
        return f"{what}ce que dit la ligne {said.line} est gardé. {_ADD_BY_HAND}"
    return f"Même ligne que la ligne {same.line}\u00a0: comptée une fois. {_ADD_BY_HAND}"


def _said_otherwise(birth: ListedBirth, said: ListedBirth, same: ListedChild, child: ListedChild) -> list[str]:
    told = []
    if child.first_name and same.first_name and child.first_name != same.first_name:
        told.append("prénom écrit autrement")
    if child.weight_g and same.weight_g and child.weight_g != same.weight_g:
        told.append(f"poids {number(same.weight_g)} g puis {number(child.weight_g)} g")
    if child.born_at and same.born_at and child.born_at != same.born_at:
        told.append(f"heure {hour(same.born_at)} puis {hour(child.born_at)}")
    told += [
        f"{label} différent{'e' if part in _FEMININE else ''}"
        for part, label in _SAID_TWICE.items()
        if getattr(said, part) and getattr(birth, part) and getattr(said, part) != getattr(birth, part)
    ]
    return told


def with_child(first: ListedBirth, second: ListedBirth) -> ListedBirth:
    """The delivery with another child of it."""
    is_caesarean = BirthMode.CAESAREAN in {first.mode, second.mode}
    return _timed(
        replace(
            first,
            mode=BirthMode.CAESAREAN if is_caesarean else first.mode,
            children=(*first.children, *second.children),
            lines=(*first.lines, *second.lines),
            **_home(first, second),
            **{part: getattr(first, part) or getattr(second, part) for part in ("phone", "email", "address")},
        ),
        second,
    )


def with_correction(first: ListedBirth, second: ListedBirth, line: int) -> ListedBirth:
    """The delivery with what a later line says of its child of this line, and of the mother."""
    [child] = second.children
    children = tuple(_corrected(one, child) if one.line == line else one for one in first.children)
    coparent = second if second.coparent_name else first
    corrected = replace(
        first,
        children=children,
        lines=(*first.lines, *second.lines),
        **_home(second, first),
        **{part: getattr(second, part) or getattr(first, part) for part in _SAID_TWICE},
        **{part: getattr(coparent, part) for part in ("coparent_name", "coparent_first_names", "coparent_phone")},
    )
    return _timed(corrected, second)


def _corrected(first: ListedChild, second: ListedChild) -> ListedChild:
    """The later line where it says something; of two spellings of a first name, the one with its accents."""
    names = [name for name in (second.first_name, first.first_name) if name]
    if len(names) == 2 and normalised(names[0]) != normalised(names[1]):
        names = [name for name in names if not _NO_NAME.fullmatch(normalised(name))] or names
    return ListedChild(
        line=first.line,
        first_name=max(names, key=_accents, default=""),
        sex=_sex(second) or first.sex,
        weight_g=second.weight_g or first.weight_g,
        is_hospitalised=first.is_hospitalised or second.is_hospitalised,
        born_at=second.born_at or first.born_at,
    )


def _accents(name: str) -> int:
    return sum(not letter.isascii() for letter in name)


def _home(first: ListedBirth, second: ListedBirth) -> dict[str, Any]:
    """Where one line knows a commune of ours, there is nothing to confirm."""
    place = first.place or second.place
    return {"place": place, "outside": "" if place else first.outside or second.outside}


def _timed(birth: ListedBirth, other: ListedBirth) -> ListedBirth:
    """The delivery at its first hour; a line without an hour never moves it to its midnight."""
    hours = [child.born_at for child in birth.children if child.born_at]
    return replace(birth, born_at=min(hours, default=min(birth.born_at, other.born_at)))


# ---- What is asked -------------------------------------------------------------------------------------
def answered(birth: ListedBirth, answers: Mapping[int, str]) -> ListedBirth:
    """The delivery once its doubts have their answers, by line; a doubt without one stays."""
    for doubt in birth.doubts:
        if answers.get(doubt.line) == TWIN:
            birth = with_child(birth, doubt.said)
        elif answers.get(doubt.line) == SAME_CHILD:
            birth = with_correction(birth, doubt.said, doubt.like)
    left = tuple(doubt for doubt in birth.doubts if answers.get(doubt.line) not in {SAME_CHILD, TWIN})
    return replace(birth, doubts=left)

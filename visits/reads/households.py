"""Names and places of families for lists and cards: two queries at most whatever the number of families.

A household is that of one delivery: an older sibling is no newborn, and what is told of a former pathway names its own
children.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from copa.kernel.french import listed, plural
from copa.kernel.prepared import Prepared, among, together
from pathways.enums import ChildSituation
from pathways.models import Child, Mother
from pathways.reads.facts import ChildFacts, last_births
from pathways.rules import shown_name


@dataclass(frozen=True, slots=True)
class Household:
    """What a list shows of a family. `children` are first names (« bébé » until chosen) of one delivery, those
    followed only. `has_changed`: somebody died and a child is followed, told by `households` alone."""

    family_id: int
    public_id: UUID
    name: str
    mother: str
    children: tuple[str, ...]
    commune: str
    is_isolated: bool
    has_changed: bool = False

    @property
    def child_names(self) -> str:
        """As "Noé", "Noé et Léo"; "" once no child is followed any more (A38)."""
        return listed(self.children)

    @property
    def initial_of(self) -> str:
        """The name whose initial stands in the round: the child's, else the family's."""
        return self.children[0] if self.children else self.name

    @property
    def place(self) -> str:
        """Children and commune, as the second line of a list."""
        return ", ".join(part for part in (self.child_names, self.commune) if part)


_COLUMNS = (
    "family_id",
    "birth_name",
    "used_name",
    "first_names",
    "family__public_id",
    "family__is_isolated",
    "family__commune__name",
)


def households(family_ids: Iterable[int]) -> dict[int, Household]:
    """The households of these families as of their last delivery, by key; one without a mother row is absent."""
    keys = sorted(set(family_ids))
    births = last_births(keys)
    found = {}
    for row in _mothers(keys=keys):
        birth = births[row.family_id]
        followed = [child.name for child in birth.children if not child.is_closed]
        household = _household(row, followed)
        found[row.family_id] = replace(household, has_changed=birth.has_changed)
    return found


def households_of(births: Mapping[int, int]) -> dict[int, Household]:
    """The households as of these deliveries, by key of the birth; `births` maps each to its family."""
    followed, rows = together(_followed, _mothers, births=list(births), keys=sorted(set(births.values())))
    children = _names(followed)
    mothers = {row.family_id: row for row in rows}
    return {
        birth: _household(mothers[family], children.get(birth, []))
        for birth, family in births.items()
        if family in mothers
    }


def household_of(birth_id: int, family_id: int) -> Household:
    """The household of one family as of this delivery."""
    return households_of({birth_id: family_id})[birth_id]


def followed_children(births: Iterable[int], *, tells_situation: bool = False) -> dict[int, list[str]]:
    """The names of the children who are followed, by key of birth; no entry for a birth without any, or in silence.

    `tells_situation`: who rings at the door reads which child is not there, as "Noé (confié)", "Noé (à l’hôpital)";
    lists do not say.
    """
    return _names(_followed(births=list(births)), tells_situation=tells_situation)


def _names(rows: Iterable[Any], *, tells_situation: bool = False) -> dict[int, list[str]]:
    children: dict[int, list[str]] = {}
    for birth_id, first_name, situation, is_away in rows:
        said = _not_there(situation, is_away=is_away) if tells_situation else ""
        children.setdefault(birth_id, []).append(f"{shown_name(first_name)}{said}")
    return children


@Prepared
def _followed(births: Any) -> Any:
    followed = Child.objects.filter(among("birth", births), closed_at=None, birth__is_silent=False)
    return followed.order_by("birth_id", "rank").values_list("birth_id", "first_name", "situation", "is_hospitalised")


def _not_there(situation: str, *, is_away: bool) -> str:
    words = [ChildSituation(situation).label.lower()] if situation else []
    words += ["à l’hôpital"] if is_away else []
    return f" ({', '.join(words)})" if words else ""


@Prepared
def _mothers(keys: Any) -> Any:
    return Mother.objects.filter(among("family", keys)).order_by("pk").values_list(*_COLUMNS)


def _household(row: Any, children: list[str]) -> Household:
    name = row.used_name or row.birth_name
    return Household(
        family_id=row.family_id,
        public_id=row.family__public_id,
        name=name,
        mother=f"{row.first_names} {name}",
        children=tuple(children),
        commune=row.family__commune__name or "",
        is_isolated=bool(row.family__is_isolated),
    )


def followed_names(children: Iterable[ChildFacts], *, tells_hospital: bool = False) -> str:
    """First names of the children who are followed: a child in mourning is not named (A38).

    `tells_hospital`: for who comes home, or calls there, as "Élise et Lison (à l’hôpital)".
    """
    return listed(
        [
            f"{child.name}{_not_there('', is_away=tells_hospital and child.is_hospitalised)}"
            for child in children
            if not child.is_closed
        ]
    )


def child_age(birth_day: date, today: date) -> str:
    """As "9 jours", "1 jour", "naissance du jour"."""
    days = (today - birth_day).days
    if days <= 0:
        return "naissance du jour"
    return plural(days, "jour")

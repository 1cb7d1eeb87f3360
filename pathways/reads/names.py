"""Names that stand in the lists of this app: of mothers by family, of children by birth; one query each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from copa.kernel.french import listed
from copa.kernel.prepared import Prepared, among
from pathways.models import Child, Mother
from pathways.rules import shown_name


@dataclass(frozen=True, slots=True)
class MotherName:
    """The name a mother uses, and how she is called in full."""

    name: str
    full_name: str


@dataclass(frozen=True, slots=True)
class ChildNames:
    """The children of a birth who are followed (A38): their first names, « bébé » until chosen, and their number."""

    words: str = ""
    number: int = 0


def mothers_of(families: Iterable[int]) -> dict[int, MotherName]:
    """By key of family."""
    return {
        family_id: MotherName(used_name or birth_name, f"{first_names} {used_name or birth_name}")
        for family_id, birth_name, used_name, first_names in _mothers(keys=list(families))
    }


def children_of(births: Iterable[int]) -> dict[int, ChildNames]:
    """By key of birth, every one that was asked for."""
    keys = list(births)
    names: dict[int, list[str]] = {key: [] for key in keys}
    for birth_id, first_name in _children(keys=keys):
        names[birth_id].append(shown_name(first_name))
    return {key: ChildNames(listed(found), len(found)) for key, found in names.items()}


@Prepared
def _mothers(keys: Any) -> Any:
    mothers = Mother.objects.filter(among("family", keys)).order_by("pk")
    return mothers.values_list("family_id", "birth_name", "used_name", "first_names")


@Prepared
def _children(keys: Any) -> Any:
    children = Child.objects.filter(among("birth", keys), closed_at=None).order_by("birth_id", "rank")
    return children.values_list("birth_id", "first_name")

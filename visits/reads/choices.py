"""What the filters and forms of this app let people choose from."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from territories.enums import Role, StructureKind
from territories.models import Member, PmiSector, Structure, full_name


@dataclass(frozen=True, slots=True)
class Choices:
    """Lists of (public id, name), by name."""

    aps: list[tuple[str, str]]
    structures: list[tuple[str, str]]
    maternities: list[tuple[str, str]]
    sectors: list[tuple[str, str]]


def of_lists(day: date) -> Choices:
    """The APs in office on this day, the structures, the maternities among them, the PMI sectors; three queries."""
    rows = list(Structure.objects.order_by("name").values_list("public_id", "name", "kind"))
    sectors = PmiSector.objects.order_by("name").values_list("public_id", "name")
    return Choices(
        aps=named_aps(aps_of(day)),
        structures=[(str(public_id), name) for public_id, name, _ in rows],
        maternities=[(str(public_id), name) for public_id, name, kind in rows if kind == StructureKind.MATERNITY],
        sectors=[(str(public_id), name) for public_id, name in sectors],
    )


def aps_of(day: date) -> QuerySet[Any]:
    """APs whose rights run on this day, by name."""
    members = Member.objects.current(day).with_role(Role.AP).select_related("user", "structure")
    return members.order_by("user__last_name", "user__first_name", "pk")  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Ap:
    """An AP in a list."""

    pk: int
    public_id: UUID
    name: str
    structure: str

    @property
    def as_choice(self) -> tuple[str, str]:
        """She with her structure, for a list to choose from."""
        return str(self.public_id), f"{self.name}, {self.structure}"


def listed_aps(members: QuerySet[Any]) -> list[Ap]:
    """These APs, in the order of the rows."""
    columns = ("pk", "public_id", "structure__name", "user__first_name", "user__last_name", "user__email")
    rows = members.values_list(*columns)
    return [Ap(pk, public_id, full_name(*names), structure) for pk, public_id, structure, *names in rows]


def named_aps(members: QuerySet[Any]) -> list[tuple[str, str]]:
    """Each AP with her structure, for a list to choose from."""
    return [ap.as_choice for ap in listed_aps(members)]

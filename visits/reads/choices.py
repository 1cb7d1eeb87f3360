"""What the filters and forms of this app let people choose from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from territories.enums import Role, StructureKind
from territories.models import Member, PmiSector, Structure


@dataclass(frozen=True, slots=True)
class Choices:
    """Lists of (public id, name), by name."""

    aps: list[tuple[str, str]]
    structures: list[tuple[str, str]]
    maternities: list[tuple[str, str]]
    sectors: list[tuple[str, str]]


def of_lists(day: date) -> Choices:
    """The APs in office on this day, the structures, the maternities among them, the PMI sectors; three queries."""
    rows = list(Structure.objects.order_by("name"))
    return Choices(
        aps=named_aps(aps_of(day)),
        structures=[(str(row.public_id), row.name) for row in rows],
        maternities=[(str(row.public_id), row.name) for row in rows if row.kind == StructureKind.MATERNITY],
        sectors=[(str(row.public_id), row.name) for row in PmiSector.objects.order_by("name")],
    )


def aps_of(day: date) -> QuerySet[Any]:
    """APs whose rights run on this day, by name."""
    members = Member.objects.current(day).with_role(Role.AP).select_related("user", "structure")
    return members.order_by("user__last_name", "user__first_name", "pk")  # type: ignore[no-any-return]


def named_aps(members: QuerySet[Any]) -> list[tuple[str, str]]:
    """Each AP with her structure, for a list to choose from."""
    return [(str(ap.public_id), f"{ap.user.get_full_name()}, {ap.structure.name}") for ap in members]

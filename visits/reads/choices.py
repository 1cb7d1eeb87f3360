"""What the filters and forms of this app let people choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from copa.kernel.prepared import Prepared
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
    rows = _structures()
    return Choices(
        aps=[ap.as_choice for ap in _aps(_in_office(day=day))],
        structures=[(str(public_id), name) for public_id, name, _ in rows],
        maternities=[(str(public_id), name) for public_id, name, kind in rows if kind == StructureKind.MATERNITY],
        sectors=[(str(public_id), name) for public_id, name in _sectors()],
    )


@Prepared
def _structures() -> Any:
    return Structure.objects.order_by("name").values_list("public_id", "name", "kind")


@Prepared
def _sectors() -> Any:
    return PmiSector.objects.order_by("name").values_list("public_id", "name")


@Prepared
def _in_office(day: Any) -> Any:
    return aps_of(day).values_list(*_AP)


def aps_of(day: date) -> QuerySet[Any]:
    """APs whose rights run on this day, by name."""
    members = Member.objects.current(day).with_role(Role.AP).select_related("user", "structure")
    return members.order_by("user__last_name", "user__first_name", "pk")  # type: ignore[no-any-return]


def performers_of(day: date) -> QuerySet[Any]:
    """Those who may make a visit on this day: the APs, and whoever takes a relay in a PMI (R077)."""
    members = Member.objects.current(day).with_role(Role.AP, Role.PMI_STAFF, Role.PMI_DOCTOR)
    named = members.select_related("user", "structure")
    return named.order_by("user__last_name", "user__first_name", "pk")  # type: ignore[no-any-return]


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
    return _aps(members.values_list(*_AP))


_AP = ("pk", "public_id", "structure__name", "user__first_name", "user__last_name", "user__email")


def _aps(rows: Iterable[Any]) -> list[Ap]:
    return [Ap(pk, public_id, full_name(*names), structure) for pk, public_id, structure, *names in rows]


def named_aps(members: QuerySet[Any]) -> list[tuple[str, str]]:
    """Each AP with her structure, for a list to choose from."""
    return [ap.as_choice for ap in listed_aps(members)]

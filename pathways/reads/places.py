"""Places a form offers: the communes of the territory, the structures that may carry a pathway, their auxiliaries."""

from datetime import date

from django.db.models import QuerySet

from territories.enums import Role, StructureKind
from territories.models import Commune, Member, Structure


def communes_of_territory() -> list[Commune]:
    """Every commune with its PMI sector, by name: a few hundred at most."""
    return list(Commune.objects.select_related("sector__structure").order_by("name", "code"))


def maternities_of_territory() -> QuerySet[Structure]:
    """Maternities in which a mother of the territory may give birth, by name."""
    return Structure.objects.filter(kind=StructureKind.MATERNITY).order_by("name")  # type: ignore[no-any-return]


def carriers() -> QuerySet[Structure]:
    """Structures whose team may answer for a pathway (R040), by name."""
    return Structure.objects.order_by("name")  # type: ignore[no-any-return]


def auxiliaries(today: date) -> QuerySet[Member]:
    """Auxiliaries whose rights run today, by structure and name."""
    current = Member.objects.current(today).with_role(Role.AP).select_related("user", "structure")
    return current.order_by("structure__name", "user__last_name", "user__first_name", "pk")  # type: ignore[no-any-return]


def outsiders(today: date) -> QuerySet[Member]:
    """Professionals to whom a family is opened by name, by role and name."""
    roles = (Role.LIBERAL_MIDWIFE, Role.OUTSIDE_PROFESSIONAL, Role.PMI_STAFF)
    current = Member.objects.current(today).with_role(*roles).select_related("user")
    return current.order_by("role", "user__last_name", "user__first_name", "pk")  # type: ignore[no-any-return]

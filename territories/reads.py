"""What the pages about people show: members of the territory, and the grid of rights."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from copa.kernel import access
from territories.enums import Role
from territories.models import Member

PAGE_SIZE = 25


@dataclass(frozen=True)
class MemberLine:
    """One member; `may_end` says whether the reader may end her rights."""

    public_id: UUID
    name: str
    email: str
    role_label: str
    structure: str
    starts_on: date
    ends_on: date | None
    is_current: bool
    may_end: bool


@dataclass(frozen=True)
class RoleCount:
    """How many members hold a role today."""

    role: str
    label: str
    count: int


@dataclass(frozen=True)
class MemberPage:
    """A page of members and how many there are in all under the filter."""

    lines: tuple[MemberLine, ...]
    total: int
    number: int
    roles: tuple[RoleCount, ...]


def members(reader: Member, *, role: str, with_former: bool, number: int, today: date) -> MemberPage:
    """Members by name; `role` "" for all, `number` counts pages from 1. Four queries, whatever the territory's size."""
    current = Q(ends_on=None) | Q(ends_on__gte=today)
    rows = Member.objects.visible_to(reader)
    counts = rows.filter(current).values("role").annotate(count=Count("pk")).order_by("role")
    held = {row["role"]: row["count"] for row in counts}
    if not with_former:
        rows = rows.filter(current)
    if role:
        rows = rows.filter(role=role)
    first = (number - 1) * PAGE_SIZE
    endable = set(access.permission("territories.end_rights").rows(reader).values_list("pk", flat=True))
    page = rows.select_related("user", "structure").order_by("user__last_name", "user__first_name", "pk")
    return MemberPage(
        lines=tuple(_line(member, endable, today) for member in page[first : first + PAGE_SIZE]),
        total=rows.count(),
        number=number,
        roles=tuple(RoleCount(value, label, held[value]) for value, label in Role.choices if value in held),
    )


def _line(member: Member, endable: set[int], today: date) -> MemberLine:
    is_current = member.starts_on <= today and (member.ends_on is None or member.ends_on >= today)
    return MemberLine(
        public_id=member.public_id,
        name=member.user.get_full_name(),
        email=member.user.email,
        role_label=member.get_role_display(),
        structure=member.structure.name if member.structure else "",
        starts_on=member.starts_on,
        ends_on=member.ends_on,
        is_current=is_current,
        may_end=member.pk in endable and is_current and member.ends_on is None,
    )


@dataclass(frozen=True)
class RightLine:
    """One permission and, role by role in the order of the grid's head, whether it is held."""

    label: str
    held: tuple[tuple[str, bool], ...]


def rights() -> tuple[tuple[str, ...], tuple[RightLine, ...]]:
    """The head of the grid and its lines: every declared permission that a role of a territory holds."""
    roles = list(Role)
    lines = [
        RightLine(perm.label, tuple((role.label, role in perm.roles) for role in roles))
        for perm in sorted(access.registry.values(), key=lambda perm: perm.code)
        if perm.roles & set(roles)
    ]
    return tuple(role.label for role in roles), tuple(lines)

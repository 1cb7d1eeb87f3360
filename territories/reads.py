"""What the pages about people show: members of the territory, and the grid of rights."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q

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
    """A page of members under the filter, and how many hold each role whatever the filter."""

    lines: tuple[MemberLine, ...]
    pages: "Page[Member]"
    roles: tuple[RoleCount, ...]


def members(reader: Member, *, role: str, with_former: bool, page: str, today: date) -> MemberPage:
    """Members by name; `role` "" for all, `page` as typed in the address (nonsense gives the nearest page).

    Three queries, whatever the territory's size.
    """
    current = Q(ends_on=None) | Q(ends_on__gte=today)
    rows = Member.objects.visible_to(reader)
    counts = rows.filter(current).values("role").annotate(count=Count("pk")).order_by("role")
    held = {row["role"]: row["count"] for row in counts}
    if not with_former:
        rows = rows.filter(current)
    if role:
        rows = rows.filter(role=role)
    endable = access.permission("territories.end_rights").rows(reader).filter(pk=OuterRef("pk"))
    shown = rows.select_related("user", "structure").annotate(may_end=Exists(endable))
    found = Paginator(shown.order_by("user__last_name", "user__first_name", "pk"), PAGE_SIZE).get_page(page)
    return MemberPage(
        lines=tuple(_line(member, today) for member in found),
        pages=found,
        roles=tuple(RoleCount(value, label, held[value]) for value, label in Role.choices if value in held),
    )


def _line(member: Any, today: date) -> MemberLine:
    is_current = member.is_current_on(today)
    return MemberLine(
        public_id=member.public_id,
        name=member.user.get_full_name(),
        email=member.user.email,
        role_label=member.get_role_display(),
        structure=member.structure.name if member.structure else "",
        starts_on=member.starts_on,
        ends_on=member.ends_on,
        is_current=is_current,
        may_end=member.may_end and is_current and member.ends_on is None,
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

"""What the pages about people show: members of the territory, and the grid of rights."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q

from copa.kernel import access
from territories.enums import Role
from territories.models import Member, Structure

PAGE_SIZE = 25


@dataclass(frozen=True)
class MemberLine:
    """One member; `may_end` says whether the reader may end her rights, or correct their end.

    `is_expected`: she has not chosen her password yet. `supervisor` and `nurse` are those of an auxiliary, "" for
    nobody; `represents` the PMI doctor she stands for.
    """

    public_id: UUID
    name: str
    email: str
    phone: str
    role_label: str
    structure: str
    starts_on: date
    ends_on: date | None
    has_ended: bool
    is_expected: bool
    may_end: bool
    represents: str
    supervisor: str
    nurse: str
    may_supervise: bool
    may_represent: bool


@dataclass(frozen=True)
class RoleCount:
    """How many members hold a role today."""

    role: str
    label: str
    count: int


@dataclass(frozen=True)
class MemberPage:
    """A page of members under the filter; whatever the filter, how many hold each role, and how many no longer do."""

    lines: tuple[MemberLine, ...]
    pages: "Page[Member]"
    roles: tuple[RoleCount, ...]
    former: int


def members(reader: Member, *, role: str, former: bool, page: str, today: date) -> MemberPage:
    """Members by name, or those whose rights have ended; `role` "" for all, `page` as typed (nonsense: the nearest).

    Three queries, whatever the territory's size.
    """
    ended = Q(ends_on__lt=today)
    rows = Member.objects.visible_to(reader)
    counts = rows.values("role").annotate(all=Count("pk"), former=Count("pk", filter=ended)).order_by("role")
    held = {row["role"]: row["all"] - row["former"] for row in counts}
    rows = rows.filter(ended) if former else rows.exclude(ended)
    if role:
        rows = rows.filter(role=role)
    asked = {
        name: Exists(access.permission(code).rows(reader).filter(pk=OuterRef("pk")))
        for name, code in (
            ("may_end", "territories.end_rights"),
            ("may_supervise", "territories.set_supervision"),
            ("may_represent", "territories.name_representative"),
        )
    }
    people = ("user", "structure", "supervisor__user", "nurse__user")
    shown = rows.select_related(*people).annotate(**asked)
    found = Paginator(shown.order_by("user__last_name", "user__first_name", "pk"), PAGE_SIZE).get_page(page)
    return MemberPage(
        lines=tuple(_line(member, today) for member in found),
        pages=found,
        roles=tuple(RoleCount(value, label, held[value]) for value, label in Role.choices if held.get(value)),
        former=sum(row["former"] for row in counts),
    )


def _line(member: Any, today: date) -> MemberLine:
    return MemberLine(
        public_id=member.public_id,
        name=member.user.get_full_name(),
        email=member.user.email,
        phone=member.user.phone,
        role_label=member.get_role_display(),
        structure=member.structure.name if member.structure else "",
        starts_on=member.starts_on,
        ends_on=member.ends_on,
        has_ended=member.ends_on is not None and member.ends_on < today,
        is_expected=not member.user.has_usable_password(),
        may_end=member.may_end,
        represents=member.represents,
        supervisor=_name(member.supervisor),
        nurse=_name(member.nurse),
        may_supervise=member.may_supervise,
        may_represent=member.may_represent,
    )


def _name(member: Any) -> str:
    return member.user.get_full_name() if member else ""


def people_with(roles: Iterable[str], today: date) -> list[tuple[str, str]]:
    """Who holds one of these roles today, by name: (public id, name and role), as a list of choices."""
    rows = Member.objects.current(today).with_role(*roles).select_related("user", "structure")
    found = rows.order_by("user__last_name", "user__first_name", "pk")
    return [(str(one.public_id), f"{one.user.get_full_name()}, {one.get_role_display()}") for one in found]


def member_of(public_id: str) -> Member | None:
    """The member of a choice; None for ""."""
    return Member.objects.select_related("user").get(public_id=public_id) if public_id else None


def supervision_of(member: Member) -> dict[str, str]:
    """Who answers for an auxiliary, as the form's choices; "" for nobody."""
    people = Member.objects.filter(pk__in=[key for key in (member.supervisor_id, member.nurse_id) if key])
    keys = dict(people.order_by("pk").values_list("pk", "public_id"))
    return {
        "supervisor": str(keys.get(member.supervisor_id, "")),
        "nurse": str(keys.get(member.nurse_id, "")),
    }


def structures() -> list[tuple[str, str]]:
    """The structures of the territory by name: (public id, words), as a list of choices."""
    rows = Structure.objects.order_by("name", "pk")
    return [(str(one.public_id), f"{one.name} ({one.get_kind_display()})") for one in rows]


def structure(public_id: str) -> Structure | None:
    """The structure of a choice; None for ""."""
    return Structure.objects.get(public_id=public_id) if public_id else None


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

"""Who opened the file of a family, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from copa.kernel.access import registry
from pathways.models import Family
from territories.models import AccessLog, Member

PAGE = 25


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading or refusal; `role_label` is the last one held here, "" for somebody without any.

    `is_of_record`: the file was closed, another territory follows the family.
    """

    name: str
    role_label: str
    what: str
    at: datetime
    is_refused: bool
    is_of_record: bool


def readings(family: Family, page: str) -> "Page[Reading]":
    """One page of the log of a family, the latest first; a page number that makes no sense gives the nearest one."""
    lines = AccessLog.objects.filter(family_id=family.pk).select_related("user").order_by("-at", "-pk")
    found = Paginator(lines, PAGE).get_page(page)
    people = {line.user_id for line in found}
    roles = {
        member.user_id: member.get_role_display() for member in Member.objects.filter(user__in=people).order_by("pk")
    }
    found.object_list = [_reading(line, roles, family.moved_at) for line in found]
    return found


def _reading(line: AccessLog, roles: dict[int, str], moved_at: datetime | None) -> Reading:
    perm = registry.get(line.what)
    return Reading(
        name=line.user.get_full_name(),
        role_label=roles.get(line.user_id, ""),
        what=perm.label if perm else line.what,
        at=line.at,
        is_refused=line.is_refused,
        is_of_record=moved_at is not None and line.at >= moved_at,
    )

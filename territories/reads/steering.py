"""How the territory is led: its state, its binôme, what is still missing (R034)."""

from dataclasses import dataclass
from datetime import date, datetime

from territories import perms
from territories.enums import BEFORE_ACTIVE, LEADERS, Role, TerritoryStatus
from territories.models import Activation, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A place at the head of the territory; `names` is empty while nobody holds it, `is_required` by R034."""

    label: str
    names: tuple[str, ...]
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """The state of a territory. `activated_at` None when it became active before this register, or never did."""

    state: str
    is_active: bool
    posts: tuple[Post, ...]
    is_complete: bool
    activated_at: datetime | None
    activated_by: str
    may_activate: bool


def steering(reader: Member, today: date) -> Steering:
    """Who leads, and whether the territory may begin; two queries."""
    wanted = (*LEADERS, Role.CPP_PILOT)
    rows = Member.objects.current(today).with_role(*wanted).select_related("user")
    held: dict[str, list[str]] = {}
    for one in rows.order_by("user__last_name", "user__first_name", "pk"):
        held.setdefault(one.role, []).append(one.user.get_full_name())
    posts = tuple(
        Post(label=role.label, names=tuple(held.get(role, ())), is_required=role in LEADERS) for role in wanted
    )
    begun = Activation.objects.select_related("activated_by__user").order_by("pk").first()
    status = TerritoryStatus(reader.territory.status)
    return Steering(
        state=status.label,
        is_active=status == TerritoryStatus.ACTIVE,
        posts=posts,
        is_complete=all(post.names for post in posts if post.is_required),
        activated_at=begun.activated_at if begun else None,
        activated_by=begun.activated_by.user.get_full_name() if begun else "",
        may_activate=status in BEFORE_ACTIVE and perms.ACTIVATE_TERRITORY.is_held_by(reader),
    )

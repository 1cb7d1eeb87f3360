"""What the pages about people and the duty roster show, and who is on duty."""

from territories.reads.duty import (
    DutyWeek,
    candidates,
    duty_week,
    on_duty,
    planned_structures,
)
from territories.reads.people import (
    MemberLine,
    MemberPage,
    RightLine,
    RoleCount,
    members,
    rights,
    structure,
    structures,
)

__all__ = [
    "DutyWeek",
    "MemberLine",
    "MemberPage",
    "RightLine",
    "RoleCount",
    "candidates",
    "duty_week",
    "members",
    "on_duty",
    "planned_structures",
    "rights",
    "structure",
    "structures",
]

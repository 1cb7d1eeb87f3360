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
    member_of,
    members,
    people_with,
    rights,
    structure,
    structures,
    supervision_of,
)

__all__ = [
    "DutyWeek",
    "MemberLine",
    "MemberPage",
    "RightLine",
    "RoleCount",
    "candidates",
    "duty_week",
    "member_of",
    "members",
    "on_duty",
    "people_with",
    "planned_structures",
    "rights",
    "structure",
    "structures",
    "supervision_of",
]

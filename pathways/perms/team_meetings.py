"""Who reads the register of team meetings, keeps it, and sets how often they are held (R049)."""

from typing import Any

from django.db.models import QuerySet

from copa.kernel.access import Perm, everything
from territories.enums import BINOME, EMR, PILOTS, Role
from territories.models import Member


def _own_team(structures: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Her own team; the pilots keep every one."""
    return structures if member.role in PILOTS else structures.filter(pk=member.structure_id)


def _of_own_team(meetings: QuerySet[Any], member: Member) -> QuerySet[Any]:
    return meetings if member.role in PILOTS else meetings.filter(structure=member.structure_id)


SEE_TEAM_MEETINGS = Perm(
    code="pathways.see_team_meetings",
    label="Lire le registre des réunions d’équipe",
    model="pathways.TeamMeeting",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.AP},
    where=lambda meetings, member: meetings.visible_to(member),
)
KEEP_TEAM_MEETINGS = Perm(
    code="pathways.keep_team_meetings",
    label="Noter une réunion d’équipe",
    model="territories.Structure",
    roles=EMR,
    where=_own_team,
)
CANCEL_TEAM_MEETING = Perm(
    code="pathways.cancel_team_meeting",
    label="Dire qu’une réunion d’équipe est notée par erreur",
    model="pathways.TeamMeeting",
    roles=EMR,
    where=_of_own_team,
)
SET_TEAM_MEETING_PACE = Perm(
    code="pathways.set_team_meeting_pace",
    label="Régler le rythme des réunions d’équipe",
    model="pathways.TeamMeetingPace",
    roles=BINOME,
    where=everything,
)

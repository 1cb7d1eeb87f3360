"""Who reads the register of team meetings, keeps it, and sets how often they are held (R049)."""

from copa.kernel.access import Perm, everything, visible
from territories.enums import BINOME, EMR, PILOTS, Role
from territories.perms import of_own_structure, own_structure

SEE_TEAM_MEETINGS = Perm(
    code="pathways.see_team_meetings",
    label="Lire le registre des réunions d’équipe",
    model="pathways.TeamMeeting",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.AP},
    where=visible,
)
KEEP_TEAM_MEETINGS = Perm(
    code="pathways.keep_team_meetings",
    label="Noter une réunion d’équipe",
    model="territories.Structure",
    roles=EMR,
    where=own_structure,
)
CANCEL_TEAM_MEETING = Perm(
    code="pathways.cancel_team_meeting",
    label="Dire qu’une réunion d’équipe est notée par erreur",
    model="pathways.TeamMeeting",
    roles=EMR,
    where=of_own_structure,
)
SET_TEAM_MEETING_PACE = Perm(
    code="pathways.set_team_meeting_pace",
    label="Régler le rythme des réunions d’équipe",
    model="pathways.TeamMeetingPace",
    roles=BINOME,
    where=everything,
)

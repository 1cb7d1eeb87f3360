"""Who says when the line of a team answers."""

from copa.kernel.access import Perm, everything
from territories.enums import EMR, PILOTS, Role
from territories.perms import own_structure

SEE_TEAM_LINES = Perm(
    code="pathways.see_team_lines",
    label="Voir quand les lignes des équipes répondent",
    model="territories.Structure",
    roles=PILOTS | EMR | {Role.AP},
    where=everything,
)
SET_TEAM_LINE = Perm(
    code="pathways.set_team_line",
    label="Régler les heures de la ligne d’une équipe",
    model="territories.Structure",
    roles=PILOTS | {Role.REFERRING_TEAM},
    where=own_structure,
)

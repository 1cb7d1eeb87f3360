"""Who says when the line of a team answers."""

from typing import Any

from django.db.models import QuerySet

from copa.kernel.access import Perm, everything
from territories.enums import EMR, PILOTS, Role
from territories.models import Member


def _own_team(structures: QuerySet[Any], member: Member) -> QuerySet[Any]:
    return structures if member.role in PILOTS else structures.filter(pk=member.structure_id)


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
    where=_own_team,
)

"""Who writes and reads observations: the care team, each within what was written for her kind (R222)."""

from typing import Any

from django.db.models import Q, QuerySet

from copa.kernel.access import Moment, Perm
from pathways.models.observations import READER_OF_ROLE
from pathways.perms.base import followed, of_followed
from pathways.perms.routing import is_of_team, readable_outside
from territories.enums import Role
from territories.models import Member

STANDING = Moment(Q(withdrawn_at=None), lambda observation: "Cette observation est déjà retirée.")


def _declared(observations: Any, member: Member) -> QuerySet[Any]:
    """Written for her kind, or her own; for a kind outside the team while the mother agrees and nothing stopped."""
    declared = of_followed(observations.visible_to(member), member)
    if is_of_team(member):
        return declared
    return declared.filter(author=member) | readable_outside(declared, member)


SEE_OBSERVATIONS = Perm(
    code="pathways.see_observations",
    label="Lire et noter des observations",
    model="pathways.Family",
    roles=frozenset(READER_OF_ROLE),
    where=followed,
)
READ_OBSERVATION = Perm(
    code="pathways.read_observation",
    label="Lire une observation",
    model="pathways.Observation",
    roles=frozenset(READER_OF_ROLE),
    where=_declared,
)
WRITE_MIDWIFE_NOTE = Perm(
    code="pathways.write_midwife_note",
    label="Noter une observation de sage-femme libérale",
    model="pathways.Family",
    roles=frozenset({Role.LIBERAL_MIDWIFE}),
    where=followed,
)
WITHDRAW_OBSERVATION = Perm(
    code="pathways.withdraw_observation",
    label="Retirer une de ses observations",
    model="pathways.Observation",
    roles=frozenset(READER_OF_ROLE),
    where=lambda observations, member: of_followed(observations.filter(author=member), member),
    moment=STANDING,
)

"""Who presents CoPa during a pregnancy, and who sees it."""

from typing import Any

from copa.kernel.access import Perm
from pathways.perms.base import TEAM
from territories.enums import PILOTS, Role
from territories.models import Member

# R064: midwives of the hospital, liberal ones, and those of the PMI.
_MIDWIVES = TEAM | {Role.LIBERAL_MIDWIFE, Role.PMI_STAFF}


def _seen(presentations: Any, member: Member) -> Any:
    """Everything for pilots, a team's own maternity, one's own work for a midwife from outside."""
    return presentations.visible_to(member)


PRESENT = Perm(
    code="pathways.present",
    label="Noter une présentation de CoPa pendant la grossesse",
    model="pathways.Presentation",
    roles=_MIDWIVES,
    where=_seen,
)
SEE_PRESENTATIONS = Perm(
    code="pathways.see_presentations",
    label="Voir les présentations faites avant la naissance",
    model="pathways.Presentation",
    roles=_MIDWIVES | PILOTS,
    where=_seen,
)

"""Who takes up what the mother answered on the tablet: whoever handed it to her, nobody else."""

from typing import Any

from django.db.models import Q

from copa.kernel.access import Moment, Perm
from pathways.models import within_reach
from pathways.perms.families import CHANGE_RECIPIENTS
from pathways.perms.screening import RECORD_EPDS
from territories.enums import Role
from territories.models import Member

NOT_THERE = "Ces réponses ne sont plus là : elles ont été reprises ou écartées."


def _hers(handings: Any, member: Member) -> Any:
    """What they are taken into has its own permission, which is asked there."""
    return within_reach(handings.visible_to(member), member)


TAKE_HANDED = Perm(
    code="pathways.take_handed",
    label="Reprendre les réponses données sur la tablette",
    model="pathways.Handing",
    # Of a report, also whoever makes the visits of a PMI (R077).
    roles=RECORD_EPDS.roles | CHANGE_RECIPIENTS.roles | {Role.PMI_STAFF, Role.PMI_DOCTOR},
    where=_hers,
    moment=Moment(Q(closed_at=None), lambda _handing: NOT_THERE),
)

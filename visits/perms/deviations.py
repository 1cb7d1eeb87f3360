"""Who sees the deviations from the protocol, and who says why."""

from typing import Any

from django.db.models import Q

from copa.kernel.access import Moment, Perm
from pathways.enums import PathwayState
from pathways.models import Family
from pathways.perms import of_followed
from territories.enums import BINOME, PILOTS, Role
from territories.models import Member
from visits.models import LEFT_MADE, Deviation


def _told_to(deviations: Any, member: Member) -> Any:
    """Column E of documents.md 1, row 14: pilots, the referring team, and the AP for her own visits."""
    if member.role != Role.AP:
        return of_followed(deviations, member)
    # Her visits stay hers to explain when the pathway has another AP since, as long as the team has the family; those
    # she made before another territory took the family over, until she has said why.
    families = Family.objects.visible_to(member)
    own = Q(visit__ap=member) | Q(visit=None, pathway__ap=member)
    here = Q(family__moved_at=None, family__in=families)
    return deviations.filter(own, here | LEFT_MADE & Q(reason="", lifted_at=None))


def _past_coding(deviation: Deviation) -> str:
    if deviation.lifted_at is not None:
        return "Cet écart ne s’applique plus : il n’y a rien à noter."
    return "Plus rien n’est demandé pour cette famille."


LIST_DEVIATIONS = Perm(
    code="visits.list_deviations",
    label="Voir les écarts au protocole du territoire",
    model="visits.Deviation",
    roles=PILOTS,
    where=of_followed,
)
SEE_DEVIATION = Perm(
    code="visits.see_deviation",
    label="Voir un écart au protocole",
    model="visits.Deviation",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.AP},
    where=_told_to,
)
CODE_DEVIATION = Perm(
    code="visits.code_deviation",
    label="Dire pourquoi le protocole n’a pas été suivi",
    model="visits.Deviation",
    roles=BINOME | {Role.AP},
    where=_told_to,
    # In mourning nobody is asked why (A38).
    moment=Moment(
        Q(lifted_at=None, pathway__birth__is_silent=False) & ~Q(pathway__state=PathwayState.BEREAVED), _past_coding
    ),
)
CODE_OWN_DEVIATIONS = Perm(
    code="visits.code_own_deviations",
    label="Voir ses écarts à coder",
    model="visits.Deviation",
    roles=frozenset({Role.AP}),
    where=_told_to,
)

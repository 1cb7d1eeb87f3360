"""Who sees by which strata families are counted, and completes what was never asked (R037)."""

from django.db.models import Q

from copa.kernel.access import Moment, Perm
from pathways.perms.base import MIDWIVES_AND_AP, of_followed
from territories.enums import PILOTS, Role

_LOUD = Moment(Q(birth__is_silent=False), lambda pathway: "Cette famille est en deuil : rien ne lui est demandé.")

SEE_STRATA = Perm(
    code="pathways.see_strata",
    label="Voir les familles incluses par parité, alimentation et vulnérabilité",
    model="pathways.Pathway",
    roles=PILOTS | {Role.REFERRING_TEAM},
    where=of_followed,
)
COMPLETE_STRATA = Perm(
    code="pathways.complete_strata",
    label="Compléter une réponse qui manque à l’inclusion",
    model="pathways.Pathway",
    roles=MIDWIVES_AND_AP,
    where=of_followed,
    moment=_LOUD,
)

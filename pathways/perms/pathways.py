"""Who follows, stops and hands over a pathway."""

from copa.kernel.access import Perm
from pathways.perms.base import CARE, MIDWIVES_AND_AP, RUNNING, TEAM, of_followed
from territories.enums import Role

SEE_PATHWAYS = Perm(
    code="pathways.see_pathways",
    label="Voir les parcours",
    model="pathways.Pathway",
    roles=CARE,
    where=of_followed,
)
WITHDRAW = Perm(
    code="pathways.withdraw",
    label="Arrêter l’accompagnement à la demande de la famille",
    model="pathways.Pathway",
    roles=MIDWIVES_AND_AP,
    where=of_followed,
    moment=RUNNING,
)
STOP_PATHWAY = Perm(
    code="pathways.stop_pathway",
    label="Suspendre ou arrêter un parcours",
    model="pathways.Pathway",
    roles=TEAM,
    where=of_followed,
    moment=RUNNING,
)
ASSIGN_AP = Perm(
    code="pathways.assign_ap",
    label="Désigner l’auxiliaire",
    model="pathways.Pathway",
    roles=TEAM | {Role.CPP_PILOT},
    where=of_followed,
    moment=RUNNING,
)
MAY_BE_ASSIGNED = Perm(
    code="pathways.may_be_assigned",
    label="Être désignée auxiliaire d’une famille",
    model="territories.Member",
    roles=frozenset({Role.AP}),
    where=lambda members, member: members.filter(pk=member.pk),
)

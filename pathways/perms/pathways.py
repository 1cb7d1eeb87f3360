"""Who follows, stops and hands over a pathway."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from copa.kernel import clock
from copa.kernel.access import Perm
from pathways.models import Withdrawal
from pathways.perms.base import CARE, KEEPS_SPACE, MIDWIVES_AND_AP, RUNNING, TEAM, WITHDRAWN, of_followed
from territories.enums import PILOTS, Role
from territories.models import Member


def _withdrawn_by_her_today(pathways: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Only a slip of her own hand, and only on its local day: later it is the mother's to say."""
    zone = member.territory.time_zone
    since, _ = clock.day_bounds(clock.local_date(clock.now(), zone), zone)
    noted = Withdrawal.objects.filter(pathway=OuterRef("pk"), undone_at=None, noted_by=member, noted_at__gte=since)
    return of_followed(pathways, member).filter(Exists(noted))


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
CLOSE_SPACE = Perm(
    code="pathways.close_space",
    label="Fermer l’espace gardé par une famille qui a arrêté les visites",
    model="pathways.Pathway",
    roles=MIDWIVES_AND_AP,
    where=of_followed,
    moment=KEEPS_SPACE,
)
STOP_PATHWAY = Perm(
    code="pathways.stop_pathway",
    label="Suspendre ou arrêter un parcours",
    model="pathways.Pathway",
    roles=TEAM,
    where=of_followed,
    moment=RUNNING,
)
NOTE_STAY = Perm(
    code="pathways.note_stay",
    label="Noter une hospitalisation et le retour",
    model="pathways.Pathway",
    roles=MIDWIVES_AND_AP,
    where=of_followed,
    moment=RUNNING,
)
NOTE_CONTACT = Perm(
    code="pathways.note_contact",
    label="Noter une tentative de contact",
    model="pathways.Pathway",
    roles=MIDWIVES_AND_AP,
    where=of_followed,
    moment=RUNNING,
)
DECLARE_NO_NEWS = Perm(
    code="pathways.declare_no_news",
    label="Décider qu’une famille est sans nouvelles",
    model="pathways.Pathway",
    roles=TEAM,
    where=of_followed,
    moment=RUNNING,
)
UNDO_WITHDRAWAL = Perm(
    code="pathways.undo_withdrawal",
    label="Revenir le jour même sur un arrêt noté par erreur",
    model="pathways.Pathway",
    roles=MIDWIVES_AND_AP,
    where=_withdrawn_by_her_today,
    moment=WITHDRAWN,
)
SEE_PAUSES = Perm(
    code="pathways.see_pauses",
    label="Voir les hospitalisations et les tentatives de contact",
    model="pathways.Pathway",
    roles=PILOTS | MIDWIVES_AND_AP,
    where=of_followed,
)
SEE_STOPS = Perm(
    code="pathways.see_stops",
    label="Voir les familles en pause et sans nouvelles",
    model="pathways.Pathway",
    roles=PILOTS | {Role.REFERRING_TEAM},
    where=of_followed,
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

"""Who may do what on families and pathways. Each permission is roles plus a filter on rows, written once.

`visible_to` (models) says what a person may know to exist: refused there is a 404. The filters here say what she may
do: refused here is a 403. The nearest neighbour is a colleague of the same structure who follows another family.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from copa.kernel import clock
from copa.kernel.access import Moment, Perm
from pathways import rules
from pathways.enums import AlertKind, PathwayState
from pathways.models import Birth, Family, FamilyGrant, Pathway, PmiRelay
from territories.enums import PILOTS, Role, StructureKind
from territories.models import Member

# Roles that may hold the file of a family; an administrator manages people, never files.
CARE = PILOTS | {
    Role.AP,
    Role.REFERRING_TEAM,
    Role.LIBERAL_MIDWIFE,
    Role.PMI_STAFF,
    Role.OUTSIDE_PROFESSIONAL,
}
MIDWIVES_AND_AP = frozenset({Role.COORDINATOR, Role.REFERRING_TEAM, Role.AP})
TEAM = frozenset({Role.COORDINATOR, Role.REFERRING_TEAM})


# Until when something may be done on a pathway; the sentence is what whoever comes later reads.
RUNNING = Moment(Q(state__in=rules.RUNNING), lambda pathway: rules.STATE_SENTENCES[pathway.state])
ACTIVE = Moment(Q(state=PathwayState.ACTIVE), lambda pathway: rules.STATE_SENTENCES[pathway.state])


def followed(families: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Families whose file this member may hold: her own, her team's, those handed or granted to her."""
    if member.role in PILOTS:
        return families
    of_birth = Pathway.objects.filter(birth=OuterRef("pk"))
    if member.role == Role.AP:
        # Before an AP is named, any AP of the maternity may meet the mother in her room (R068). As keys: hers are few
        # beside those of the territory, which would otherwise all be asked.
        unassigned = _on_the_ward(member).filter(~Exists(of_birth.filter(ap__isnull=False))).values("family")
        return families.filter(pk__in=Pathway.objects.filter(ap=member).values("family").union(unassigned))
    if member.role == Role.REFERRING_TEAM:
        # Family by family, not as keys: hers are many, and the first page is full soon.
        of_family = Pathway.objects.filter(family=OuterRef("pk"), carrier=member.structure_id)
        not_included = _on_the_ward(member).filter(~Exists(of_birth), family=OuterRef("pk"))
        return families.filter(Exists(of_family) | Exists(not_included))
    granted = Exists(FamilyGrant.objects.running_for(member, OuterRef("pk")))
    if member.role == Role.PMI_STAFF:
        relays = PmiRelay.objects.shown().filter(family=OuterRef("pk"), sector__structure=member.structure_id)
        return families.filter(Exists(relays) | granted)
    return families.filter(granted)


def _on_the_ward(member: Member) -> Any:
    """Births of her maternity that are recent enough for the mother to be met, included or not."""
    since = clock.now() - timedelta(days=rules.WARD_DAYS)
    return Birth.objects.filter(maternity=member.structure_id, at__gte=since)


def of_followed(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Rows of the families whose file this member may hold."""
    if member.role in PILOTS:
        # The same answer as below without a join: lists of a whole territory stay on their index.
        return rows
    return rows.filter(family__in=followed(Family.objects.all(), member))


def _maternities(structures: QuerySet[Any], member: Member) -> QuerySet[Any]:
    maternities = structures.filter(kind=StructureKind.MATERNITY)
    return maternities if member.role in PILOTS else maternities.filter(pk=member.structure_id)


def _alerts_of_team(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    if member.role in PILOTS:
        return alerts
    return alerts.filter(pathway__carrier=member.structure_id)


def _own_alerts(alerts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    if member.role == Role.AP:
        # A sealed alert is listed without its sign and its facts: see READ_SEALED_ALERT. A death is told to the team.
        return alerts.filter(pathway__ap=member).exclude(kind=AlertKind.DEATH)
    return _alerts_of_team(alerts, member)


def _own_sector(relays: Any, member: Member) -> Any:
    return relays.shown().filter(sector__structure=member.structure_id)


SEE_FAMILY = Perm(
    code="pathways.see_family",
    label="Ouvrir le dossier d’une famille",
    model="pathways.Family",
    roles=CARE,
    where=followed,
)
EDIT_FAMILY = Perm(
    code="pathways.edit_family",
    label="Corriger les coordonnées d’une famille",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP,
    where=followed,
)
OPEN_FAMILY_TO = Perm(
    code="pathways.open_family_to",
    label="Ouvrir un dossier à un professionnel",
    model="pathways.Family",
    roles=TEAM,
    where=followed,
)
SEE_READS = Perm(
    code="pathways.see_reads",
    label="Voir qui a ouvert un dossier",
    model="pathways.Family",
    roles=TEAM | {Role.PMI_DOCTOR},
    where=followed,
)
REGISTER_BIRTH = Perm(
    code="pathways.register_birth",
    label="Inscrire une naissance",
    model="territories.Structure",
    roles=TEAM,
    where=_maternities,
)
MATERNITIES_SEEN = Perm(
    code="pathways.see_maternities",
    label="Voir les naissances par maternité",
    model="territories.Structure",
    roles=MIDWIVES_AND_AP | PILOTS,
    where=_maternities,
)
SEE_BIRTHS = Perm(
    code="pathways.see_births",
    label="Voir les naissances",
    model="pathways.Birth",
    roles=MIDWIVES_AND_AP | PILOTS,
    where=of_followed,
)
PROPOSE = Perm(
    code="pathways.propose",
    label="Proposer CoPa et noter la réponse",
    model="pathways.Birth",
    roles=MIDWIVES_AND_AP,
    where=of_followed,
)
PROPOSE_BEFORE_BIRTH = Perm(
    code="pathways.propose_before_birth",
    label="Noter une présentation faite avant la naissance",
    model="pathways.Birth",
    roles=TEAM,
    where=of_followed,
)
INCLUDE = Perm(
    code="pathways.include",
    label="Recueillir l’adhésion et inclure",
    model="pathways.Birth",
    roles=MIDWIVES_AND_AP,
    where=of_followed,
)
RECORD_DISCHARGE = Perm(
    code="pathways.record_discharge",
    label="Noter la sortie de maternité",
    model="pathways.Birth",
    roles=TEAM,
    where=of_followed,
)
RECORD_SILENCE = Perm(
    code="pathways.record_silence",
    label="Noter un deuil",
    model="pathways.Birth",
    roles=TEAM,
    where=of_followed,
)
CHANGE_RECIPIENTS = Perm(
    code="pathways.change_recipients",
    label="Noter qui peut recevoir les comptes rendus",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP,
    where=followed,
)
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
SEE_ALERTS = Perm(
    code="pathways.see_alerts",
    label="Voir les alertes",
    model="pathways.Alert",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.AP},
    where=_own_alerts,
)
TAKE_ALERT = Perm(
    code="pathways.take_alert",
    label="Prendre une alerte",
    model="pathways.Alert",
    roles=TEAM | {Role.PMI_DOCTOR},
    where=_alerts_of_team,
)
READ_SEALED_ALERT = Perm(
    code="pathways.read_sealed_alert",
    label="Lire une alerte protégée",
    model="pathways.Alert",
    # alerts.md 1: the referring team on duty, the coordinating midwife and the PMI doctor of the binôme.
    roles=TEAM | {Role.PMI_DOCTOR},
    where=_alerts_of_team,
)
SEE_RELAYS = Perm(
    code="pathways.see_relays",
    label="Voir les relais PMI",
    model="pathways.PmiRelay",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.PMI_STAFF},
    where=lambda relays, member: (
        _own_sector(relays, member) if member.role == Role.PMI_STAFF else of_followed(relays, member)
    ),
)
ANSWER_RELAY = Perm(
    code="pathways.answer_relay",
    label="Accepter ou questionner un relais",
    model="pathways.PmiRelay",
    roles=frozenset({Role.PMI_STAFF}),
    where=_own_sector,
)
REPLY_TO_RELAY = Perm(
    code="pathways.reply_to_relay",
    label="Répondre à la question de la PMI",
    model="pathways.PmiRelay",
    roles=TEAM,
    where=of_followed,
)

"""Who may do what on visits and reports; see `pathways.perms` for what visible and followed mean."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from copa.kernel import clock
from copa.kernel.access import Moment, Perm
from pathways.enums import PathwayState, Recipient
from pathways.models import CarriedReport, Child, FamilyGrant, Pathway, PmiRelay, within_reach
from pathways.perms import (
    ACTIVE,
    CARE,
    MIDWIVES_AND_AP,
    SEE_ALERTS,
    TEAM,
    confirmed_calls,
    followed,
    granted_as,
    of_followed,
    raised_by_her,
    readable_outside,
)
from pathways.rules import RUNNING, STATE_SENTENCES
from territories.enums import EMR, PILOTS, Role, StructureKind
from territories.models import Member
from visits import rules
from visits.enums import VISIT_RUNNING, PartnerState, ReportState, VisitState
from visits.models import Delivery, ReportCopy, arrives_late
from visits.perms.deviations import CODE_DEVIATION as CODE_DEVIATION
from visits.perms.deviations import CODE_OWN_DEVIATIONS as CODE_OWN_DEVIATIONS
from visits.perms.deviations import LIST_DEVIATIONS as LIST_DEVIATIONS
from visits.perms.deviations import SEE_DEVIATION as SEE_DEVIATION

# A family without news may be closed as such.
CLOSABLE = Moment(Q(state__in=rules.CLOSABLE), lambda pathway: STATE_SENTENCES[pathway.state])
STILL_PLANNED = Moment(Q(state=VisitState.PLANNED), lambda visit: rules.STATE_SENTENCES[visit.state])


def own(visits: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Visits she carries out herself, whatever became of them since."""
    return visits.made_by(member)  # type: ignore[attr-defined, no-any-return]


def _own_here(visits: QuerySet[Any], member: Member) -> QuerySet[Any]:
    return own(visits, member).filter(family__moved_at=None)


def readable(reports: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Signed reports of the families she follows, and her own; outside the team only with the mother's agreement."""
    signed = reports.filter(state=ReportState.SIGNED)
    read = _read_by(signed, member, pathway="visit__pathway")
    if member.role in {Role.AP, Role.PMI_STAFF}:
        # Her own too: a PMI that carries a pathway makes its third visit itself (R077).
        return read | within_reach(signed, member).filter(author=member)
    return read


def _read_by(rows: QuerySet[Any], member: Member, *, pathway: str) -> QuerySet[Any]:
    """What was written of the visits of a family, as whoever follows it reads it; outside the team only with the
    mother's agreement (R076, A16). `pathway` as in `readable_outside`."""
    if member.role in PILOTS:
        return of_followed(rows, member)
    if member.role == Role.REFERRING_TEAM:
        # A medical team that opened the file in an emergency takes part in the care for these three hours.
        opened = FamilyGrant.objects.running_for(member, OuterRef("family")).in_emergency()
        return of_followed(rows, member) | rows.filter(Exists(opened))
    if member.role == Role.AP:
        return within_reach(rows, member).filter(Exists(Pathway.objects.filter(family=OuterRef("family"), ap=member)))
    return readable_outside(rows, member, pathway=pathway)


def _carried(files: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Files that came with reports, by the rule of the reports written here.

    Outside the team not once a child is no longer followed: their words cannot be told apart by child (A38).
    """
    written = files.filter(Exists(CarriedReport.objects.filter(received=OuterRef("pk"))))
    read = _read_by(written, member, pathway="")
    if member.role not in READERS_OUTSIDE:
        return read
    return read.filter(~Exists(Child.objects.filter(birth=OuterRef("birth"), closed_at__isnull=False)))


def _read(reports: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Those, and the one that is handed over once the family has left: until it was read."""
    return readable(reports, member) | reports.handed_late(member)  # type: ignore[attr-defined, no-any-return]


def _kept(reports: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Drafts that nobody has to finish any more: after a death, or once the mother has withdrawn."""
    stopped = Q(visit__pathway__state__in=[PathwayState.BEREAVED, PathwayState.WITHDRAWN])
    drafts = reports.filter(stopped | Q(visit__pathway__birth__is_silent=True), state=ReportState.DRAFT)
    return of_followed(drafts, member)


def _inbox(deliveries: Any, member: Member) -> Any:
    if member.role in PILOTS:
        return within_reach(deliveries.arrived(), member)
    arrived = within_reach(deliveries.arrived(), member, unless=arrives_late(clock.now()))
    return arrived.filter(structure=member.structure_id)


# Column PDF of the report form: what each reader finds in it (documents.md 1).
_READERS = {Role.LIBERAL_MIDWIFE: "L", Role.PMI_STAFF: "M", Role.OUTSIDE_PROFESSIONAL: "G"}


def reader_letter(member: Member, family_id: int) -> str:
    """The recipient whose copy this member reads: E for the team, the pilots and the AP, L, M, G or P outside it.

    The child's doctor (P) is an outside professional like the others: the grant says as whom she reads.
    """
    letter = _READERS.get(Role(member.role), "E")
    is_child_doctor = letter == "G" and granted_as(member, family_id) == Recipient.PAEDIATRICIAN
    return "P" if is_child_doctor else letter


def _owed(visits: Any, member: Member) -> Any:
    visits = within_reach(visits, member)
    if member.role in PILOTS:
        return visits
    # By the carrier rather than by the family, and asked visit by visit: the list stays on its partial index
    # (visit_report_owed), where a join would begin with every pathway the team ever carried.
    carrier = Pathway.objects.filter(pk=OuterRef("pathway")).order_by().values("carrier")
    return visits.alias(carrier=Subquery(carrier)).filter(carrier=member.structure_id)


def _received(reports: QuerySet[Any], member: Member) -> QuerySet[Any]:
    arrived = Delivery.objects.arrived().filter(report=OuterRef("pk"), structure=member.structure_id)
    late = Exists(arrived.filter(arrives_late(clock.now())))
    here = within_reach(reports, member, unless=Q(late))
    return here.filter(Exists(arrived), state=ReportState.SIGNED)


def _copies(copies: Any, member: Member) -> QuerySet[Any]:
    """Those she received, while she may read what they copy."""
    return readable_outside(copies.addressed_to(member), member, pathway="report__visit__pathway")


def _copied(reports: QuerySet[Any], member: Member) -> QuerySet[Any]:
    hers = ReportCopy.objects.addressed_to(member).filter(report=OuterRef("pk"))
    return readable(reports, member).filter(Exists(hers))


def _to_plan(pathways: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Those she follows; an AP never plans for a family that another one follows, though she makes its early visit."""
    mine = of_followed(pathways, member)
    return mine.filter(Q(ap=member) | Q(ap=None)) if member.role == Role.AP else mine


def _to_change(visits: QuerySet[Any], member: Member) -> QuerySet[Any]:
    mine = of_followed(visits, member)
    hers = Q(ap=member) | Q(pathway__ap=member) | Q(pathway__ap=None)
    return mine.filter(hers) if member.role == Role.AP else mine


# Those outside the team who may have an account, and read what the mother agreed to.
READERS_OUTSIDE = frozenset(_READERS)
# Whoever makes a visit: an AP, or in a PMI the puéricultrice or the doctor who takes the relay (R077).
PERFORMERS = frozenset({Role.AP, Role.PMI_STAFF, Role.PMI_DOCTOR})
SEE_WORKLIST = Perm(
    code="visits.see_worklist",
    label="Voir la liste de travail du territoire",
    model="pathways.Pathway",
    roles=PILOTS,
    where=of_followed,
)
# Each line of it comes from the permission of its own act: whoever holds none of them finds nothing.
SEE_TODO = Perm(
    code="visits.see_todo",
    label="Voir ce qu’on a à faire",
    model="pathways.Family",
    roles=CARE,
    where=followed,
)
SEE_FUNNEL = Perm(
    code="visits.see_funnel",
    label="Voir de la naissance à la première visite",
    model="pathways.Birth",
    roles=PILOTS,
    where=of_followed,
)
SEE_VISITS = Perm(
    code="visits.see_visits",
    label="Voir les visites",
    model="visits.Visit",
    roles=CARE,
    where=lambda visits, member: of_followed(visits, member) | own(visits, member),
)
PLAN_VISIT = Perm(
    code="visits.plan_visit",
    label="Prévoir une visite",
    model="pathways.Pathway",
    roles=MIDWIVES_AND_AP | {Role.CPP_PILOT},
    where=_to_plan,
    moment=ACTIVE,
)
CHANGE_VISIT = Perm(
    code="visits.change_visit",
    label="Déplacer ou annuler une visite",
    model="visits.Visit",
    roles=MIDWIVES_AND_AP | {Role.CPP_PILOT},
    where=_to_change,
    moment=STILL_PLANNED,
)
SEE_DAY = Perm(
    code="visits.see_day",
    label="Voir sa journée",
    model="visits.Visit",
    roles=frozenset({Role.AP}),
    where=own,
)
CONDUCT_VISIT = Perm(
    code="visits.conduct_visit",
    label="Commencer et finir une visite",
    model="visits.Visit",
    roles=PERFORMERS,
    where=own,
)
SEND_REPORT = Perm(
    code="visits.send_report",
    label="Rédiger et remettre le compte rendu d’une visite",
    model="visits.Visit",
    roles=PERFORMERS,
    # Whatever became of the visit: sent again after it was signed, a report gets an answer, not a refusal.
    where=own,
)
HAND_REPORT = Perm(
    code="visits.hand_report",
    label="Donner la tablette à la mère pendant le compte rendu d’une visite",
    model="visits.Visit",
    roles=PERFORMERS,
    # In her home: not once another territory follows the family.
    where=_own_here,
)
READ_REPORT = Perm(
    code="visits.read_report",
    label="Lire un compte rendu",
    model="visits.Report",
    roles=CARE,
    where=_read,
)
READ_CARRIED = Perm(
    code="visits.read_carried",
    label="Lire les comptes rendus reçus d’un autre territoire",
    model="pathways.ReceivedFile",
    roles=CARE,
    where=_carried,
)
READ_KEPT = Perm(
    code="visits.read_kept",
    label="Lire ce qui était écrit quand un accompagnement s’est arrêté",
    model="visits.Report",
    roles=TEAM,
    where=_kept,
)
COMPLETE_REPORT = Perm(
    code="visits.complete_report",
    label="Compléter un compte rendu signé",
    model="visits.Report",
    roles=PERFORMERS,
    where=lambda reports, member: within_reach(reports, member).filter(author=member, state=ReportState.SIGNED),
)
READ_SEALED = Perm(
    code="visits.read_sealed",
    label="Lire le compartiment protégé",
    model="visits.SealedAnswers",
    roles=EMR,
    where=of_followed,
)
SEE_INBOX = Perm(
    code="visits.see_inbox",
    label="Voir les comptes rendus reçus",
    model="visits.Delivery",
    roles=PILOTS | {Role.REFERRING_TEAM},
    where=_inbox,
)
SEE_OWED = Perm(
    code="visits.see_owed",
    label="Voir les comptes rendus attendus",
    model="visits.Visit",
    roles=PILOTS | {Role.REFERRING_TEAM},
    where=_owed,
)
OPEN_REPORT = Perm(
    code="visits.open_report",
    label="Marquer un compte rendu reçu comme lu",
    model="visits.Report",
    roles=frozenset({Role.REFERRING_TEAM}),
    where=_received,
)
SEE_COPIES = Perm(
    code="visits.see_copies",
    label="Voir les comptes rendus qu’on a reçus",
    model="visits.ReportCopy",
    roles=READERS_OUTSIDE,
    where=_copies,
)
OPEN_COPY = Perm(
    code="visits.open_copy",
    label="Dire qu’on a lu un compte rendu reçu",
    model="visits.Report",
    roles=READERS_OUTSIDE,
    where=_copied,
)
SEND_COPIES = Perm(
    code="visits.send_copies",
    label="Envoyer un compte rendu à celles et ceux que la mère a acceptés",
    model="visits.Report",
    roles=TEAM,
    where=readable,
)
SEND_COPY_LINK = Perm(
    code="visits.send_copy_link",
    label="Envoyer un autre lien de lecture",
    model="visits.ReportCopy",
    roles=TEAM,
    where=of_followed,
)
CLOSE_PATHWAY = Perm(
    code="visits.close_pathway",
    label="Clore un parcours",
    model="pathways.Pathway",
    roles=TEAM,
    where=of_followed,
    moment=CLOSABLE,
)


def _own_pathways(pathways: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Of the families whose file she holds, those she herself visits, whatever became of the pathway."""
    early = Exists(confirmed_calls(member).filter(pathway=OuterRef("pk")))
    return of_followed(pathways, member).filter(Q(ap=member) | early)


# The red button works at any time, without a visit: a danger does not ask whether a pathway is closed.
RAISE_SIGN = Perm(
    code="visits.raise_sign",
    label="Lever une alerte pour une famille",
    model="pathways.Pathway",
    roles=frozenset({Role.AP}),
    where=_own_pathways,
)


def _in_visit(visits: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Her own; of an auxiliary, who reaches her families without one, those of a family that another territory took
    over while she was there, or owed the report."""
    mine = own(visits, member).filter(state__in=VISIT_RUNNING)
    return mine.filter(family__moved_at__isnull=False) if member.role == Role.AP else mine


# R077: whoever makes the third visit for the PMI, on that visit, whether its family is open to her or not.
RAISE_SIGN_IN_VISIT = Perm(
    code="visits.raise_sign_in_visit",
    label="Lever une alerte pendant une visite dont le dossier n’est pas ouvert",
    model="visits.Visit",
    roles=PERFORMERS,
    where=_in_visit,
)
# documents.md 8: given at the first visit; after a stop or in mourning no paper of ours is to lie in the house.
PRINT_CALL_CARD = Perm(
    code="visits.print_call_card",
    label="Imprimer la carte «\u00a0qui appeler\u00a0» d’une famille",
    model="pathways.Pathway",
    roles=TEAM | {Role.AP},
    where=lambda pathways, member: of_followed(pathways, member).filter(state__in=RUNNING, birth__is_silent=False),
)
# inclusion.md: the team makes every copy of the sheet, the liberal midwife and the PMI read their own.
SEE_SHEET = Perm(
    code="visits.see_sheet",
    label="Lire et imprimer la fiche d’entrée d’une famille",
    model="pathways.Pathway",
    roles=CARE - {Role.OUTSIDE_PROFESSIONAL},
    where=of_followed,
)
SEE_PROCEDURE = Perm(
    code="visits.see_procedure",
    label="Lire la procédure d’une alerte qu’on a levée",
    model="pathways.Alert",
    roles=PERFORMERS,
    where=raised_by_her,
)


def _asked_to(visits: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Joint visits of the relays her service may know of (A16), those it said it does not come to while that may be
    taken back or read, and those she makes herself (R077)."""
    relays = PmiRelay.objects.shown().filter(pathway=OuterRef("pathway"), sector__structure=member.structure_id)
    asked = Q(is_joint=True) | Q(partner_state=PartnerState.CANCELLED)
    return visits.filter(Exists(relays), asked) | own(visits, member)


SEE_JOINT = Perm(
    code="visits.see_joint",
    label="Voir les visites communes de sa PMI",
    model="visits.Visit",
    roles=frozenset({Role.PMI_STAFF, Role.PMI_DOCTOR}),
    where=_asked_to,
)
ANSWER_JOINT = Perm(
    code="visits.answer_joint",
    label="Dire si la PMI vient à une visite commune",
    model="visits.Visit",
    roles=frozenset({Role.PMI_STAFF, Role.PMI_DOCTOR}),
    where=_asked_to,
    moment=STILL_PLANNED,
)
SEE_PMI_PAGE = Perm(
    code="visits.see_pmi_page",
    label="Voir ce que sa PMI a à faire",
    model="visits.Visit",
    roles=frozenset({Role.PMI_STAFF}),
    where=_asked_to,
)


def works_on_tablet(member: Member) -> bool:
    """Whether her pages are drawn for the tablet: those who have a day to carry out."""
    return SEE_DAY.is_held_by(member)


def sees_whole_territory(member: Member) -> bool:
    """Whether her role opens every family of the territory."""
    return member.role in PILOTS


def reads_sealed(member: Member) -> bool:
    """Whether her role is one of the named readers of the protected compartment."""
    return READ_SEALED.is_held_by(member)


def hears_alerts(member: Member) -> bool:
    """Whether her role receives alerts; the PMI reads those it raised itself, and hears no other."""
    return SEE_ALERTS.is_held_by(member) and member.role != Role.PMI_STAFF


def planned_aps(aps: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """The APs whose week she sees: all for the pilots, her structure's for a team, herself for an AP."""
    if member.role in PILOTS:
        return aps
    return aps.filter(pk=member.pk) if member.role == Role.AP else aps.filter(structure=member.structure_id)


def assignable_aps(aps: QuerySet[Any], member: Member, pathway: Pathway) -> QuerySet[Any]:
    """Whom she may plan a visit for: the APs of the pathway's team (R028), an AP for herself only."""
    of_team = aps.filter(structure=pathway.carrier_id, role=Role.AP)
    return of_team.filter(pk=member.pk) if member.role == Role.AP else of_team


def assignable_to_third(members: QuerySet[Any], member: Member, pathway: Pathway) -> QuerySet[Any]:
    """The same for a third visit, and those who take the relay when a PMI carries the pathway (R077)."""
    aps = assignable_aps(members, member, pathway)
    if pathway.carrier.kind != StructureKind.PMI:
        return aps
    return aps | members.filter(structure=pathway.carrier_id, role__in=[Role.PMI_STAFF, Role.PMI_DOCTOR])

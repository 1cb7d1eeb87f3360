"""Who may do what on the people of a territory."""

from typing import Any

from django.db.models import Exists, Q, QuerySet

from copa.kernel.access import Moment, Perm, everything, visible
from territories.enums import BINOME, EMR, PILOTS, CommitteeKind, MandateRole, Role
from territories.models import Member, Participation, of_auxiliaries_led_by


def _others(members: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Nobody ends or extends her own rights: a territory would be left without anybody to give them back."""
    return members.exclude(pk=member.pk)


def _own_account(members: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Her own number; the administrator also writes that of the others, whose accounts she makes."""
    return members if member.role == Role.ADMINISTRATOR else members.filter(pk=member.pk)


def own_structure(structures: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Her own; the pilots keep every one."""
    return structures if member.role in PILOTS else structures.filter(pk=member.structure_id)


def of_own_structure(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """What belongs to her own structure; to any, for the pilots."""
    return rows if member.role in PILOTS else rows.filter(structure=member.structure_id)


SEE_RIGHTS = Perm(
    code="territories.see_rights",
    label="Voir la grille des droits et les membres",
    model="territories.Member",
    roles=PILOTS | {Role.ADMINISTRATOR},
    where=everything,
)
ADD_MEMBER = Perm(
    code="territories.add_member",
    label="Ajouter une personne et l’inviter",
    model="territories.Member",
    roles=frozenset({Role.ADMINISTRATOR}),
    where=everything,
)
END_RIGHTS = Perm(
    code="territories.end_rights",
    label="Mettre fin aux droits d’un membre, ou les lui rendre",
    model="territories.Member",
    roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    where=_others,
)
SET_SUPERVISION = Perm(
    code="territories.set_supervision",
    label="Dire qui encadre une auxiliaire",
    model="territories.Member",
    roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    where=lambda members, member: members.with_role(Role.AP),
)
NAME_REPRESENTATIVE = Perm(
    code="territories.name_representative",
    label="Dire qui représente le médecin de PMI",
    model="territories.Member",
    roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    where=lambda members, member: members.with_role(Role.PMI_DOCTOR),
)
SEE_DIRECTORY = Perm(
    code="territories.see_directory",
    label="Consulter l’annuaire du territoire",
    model="territories.DirectoryEntry",
    roles=frozenset(Role),
    where=visible,
)
SEE_SECRET_PLACES = Perm(
    code="territories.see_secret_places",
    label="Lire les lieux tenus secrets de l’annuaire",
    model="territories.DirectoryEntry",
    roles=EMR,
    where=everything,
)
EDIT_DIRECTORY = Perm(
    code="territories.edit_directory",
    label="Tenir l’annuaire du territoire",
    model="territories.DirectoryEntry",
    roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    where=visible,
)
# R226: groups and workshops are read and kept by those who read and keep the directory.
SEE_EVENTS = Perm(
    code="territories.see_events",
    label="Lire les groupes et ateliers du territoire",
    model="territories.GroupEvent",
    roles=SEE_DIRECTORY.roles,
    where=visible,
)
KEEP_EVENTS = Perm(
    code="territories.keep_events",
    label="Tenir les groupes et ateliers du territoire",
    model="territories.GroupEvent",
    roles=EDIT_DIRECTORY.roles,
    where=visible,
)
CANCEL_EVENT_DATE = Perm(
    code="territories.cancel_event_date",
    label="Annuler une date d’un groupe ou atelier",
    model="territories.GroupEventDate",
    roles=EDIT_DIRECTORY.roles,
    where=visible,
)
SET_PHONE = Perm(
    code="territories.set_phone",
    label="Écrire un téléphone professionnel, le sien ou celui d’un membre",
    model="territories.Member",
    roles=frozenset(Role),
    where=_own_account,
)
SEE_DUTY = Perm(
    code="territories.see_duty",
    label="Voir les gardes",
    model="territories.DutyShift",
    roles=PILOTS | {Role.REFERRING_TEAM},
    where=everything,
)
PLAN_DUTY = Perm(
    code="territories.plan_duty",
    label="Planifier les gardes d’une structure",
    model="territories.Structure",
    roles=PILOTS | {Role.REFERRING_TEAM},
    where=own_structure,
)
REMOVE_SHIFT = Perm(
    code="territories.remove_shift",
    label="Retirer une garde",
    model="territories.DutyShift",
    roles=PILOTS | {Role.REFERRING_TEAM},
    where=of_own_structure,
)
SEE_STEERING = Perm(
    code="territories.see_steering",
    label="Voir comment le territoire est piloté",
    model="territories.Activation",
    roles=frozenset(Role),
    where=everything,
)
ACTIVATE_TERRITORY = Perm(
    code="territories.activate_territory",
    label="Activer le territoire",
    model="territories.Activation",
    roles=frozenset({Role.ADMINISTRATOR}),
    where=everything,
)
# R035: whoever includes or follows families knows what the structures have agreed on.
SEE_PARTNERSHIPS = Perm(
    code="territories.see_partnerships",
    label="Lire les conventions et partenariats du territoire",
    model="territories.Partnership",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.PMI_STAFF, Role.AP, Role.ADMINISTRATOR},
    where=everything,
)
KEEP_PARTNERSHIPS = Perm(
    code="territories.keep_partnerships",
    label="Inscrire ou corriger une convention ou un partenariat",
    model="territories.Partnership",
    roles=BINOME | {Role.ADMINISTRATOR},
    where=everything,
)
SET_ELIGIBILITY = Perm(
    code="territories.set_eligibility",
    label="Dire ce qui rend une structure éligible",
    model="territories.Structure",
    roles=BINOME | {Role.ADMINISTRATOR},
    where=everything,
)
# R102: an auxiliary reads her own, those who answer for her read and keep it.
SEE_AUXILIARIES = Perm(
    code="territories.see_auxiliaries",
    label="Voir la formation et l’encadrement d’une auxiliaire",
    model="territories.Member",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.AP, Role.ADMINISTRATOR},
    where=lambda members, member: of_auxiliaries_led_by(members.with_role(Role.AP), member, ""),
)
KEEP_TRAININGS = Perm(
    code="territories.keep_trainings",
    label="Noter la formation et l’expérience d’une auxiliaire",
    model="territories.Member",
    roles=EMR | {Role.ADMINISTRATOR},
    where=lambda members, member: of_auxiliaries_led_by(members.with_role(Role.AP), member, ""),
)
CANCEL_TRAINING = Perm(
    code="territories.cancel_training",
    label="Dire qu’une formation est notée par erreur",
    model="territories.Training",
    roles=EMR | {Role.ADMINISTRATOR},
    where=visible,
)
SEE_PROTOCOLS = Perm(
    code="territories.see_protocols",
    label="Lire les protocoles du territoire",
    model="territories.Protocol",
    roles=frozenset(Role),
    where=everything,
)
READ_PROTOCOL_VERSION = Perm(
    code="territories.read_protocol_version",
    label="Lire une version d’un protocole, les anciennes comprises",
    model="territories.ProtocolVersion",
    roles=frozenset(Role),
    where=everything,
)
# R090: the binôme sets the common rules.
PUBLISH_PROTOCOL = Perm(
    code="territories.publish_protocol",
    label="Publier un protocole ou sa nouvelle version",
    model="territories.Protocol",
    roles=BINOME | {Role.ADMINISTRATOR},
    where=everything,
)


def _own_committees(committees: QuerySet[Any], holder: Any) -> QuerySet[Any]:
    """The national one for who leads the programme, those of her region for the others."""
    kind = CommitteeKind.NATIONAL if holder.role == MandateRole.NATIONAL else CommitteeKind.TERRITORIAL
    visible: QuerySet[Any] = committees.visible_to(holder)  # type: ignore[attr-defined]
    return visible.filter(kind=kind)


# R091, R092: above territories too; a committee belongs to a region, or to none.
SEE_COMMITTEES = Perm(
    code="territories.see_committees",
    label="Lire le registre des comités de suivi",
    model="territories.Committee",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.PMI_STAFF, Role.AP, Role.ADMINISTRATOR} | frozenset(MandateRole),
    where=visible,
)
NOTE_COMMITTEE = Perm(
    code="territories.note_committee",
    label="Noter un comité de suivi",
    model="territories.Committee",
    roles=BINOME | {Role.ADMINISTRATOR, MandateRole.ARS_OFFICER, MandateRole.NATIONAL},
    where=_own_committees,
)
CANCEL_COMMITTEE = Perm(
    code="territories.cancel_committee",
    label="Dire qu’un comité de suivi est noté par erreur",
    model="territories.Committee",
    roles=BINOME | {Role.ADMINISTRATOR, MandateRole.ARS_OFFICER, MandateRole.NATIONAL},
    where=_own_committees,
)


def _own_posts(posts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Hers, written from the territory she stands in: the wall of the table asks it too."""
    rows: QuerySet[Any] = posts.visible_to(member)  # type: ignore[attr-defined]
    return rows.filter(author=member.user_id, written_from=member.territory_id)


def _posts_of_others(posts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    rows: QuerySet[Any] = posts.visible_to(member)  # type: ignore[attr-defined]
    return rows.exclude(author=member.user_id)


def _posts_to_point_out(posts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Those of whoever takes part: the binôme reads without it what is pointed out already."""
    return _posts_of_others(posts, member).filter(Exists(Participation.objects.running().of(member)))


def _posts_of_own_territory(posts: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Nobody judges her own message: the other of the binôme does."""
    return _posts_of_others(posts, member).filter(written_from=member.territory_id)


_STANDING = Moment(still=Q(withdrawn_at=None), past=lambda post: "Ce message est déjà retiré.")
# R093: the pilot teams of every territory, as 000 III.3 composes them. No family is here, nor whoever funds or judges.
COMMUNITY = PILOTS | {Role.REFERRING_TEAM, Role.AP, Role.PMI_STAFF, Role.LIBERAL_MIDWIFE}
TAKE_PART = Perm(
    code="territories.take_part",
    label="Prendre part à la communauté de pratiques, ou la quitter",
    model="territories.Participation",
    roles=COMMUNITY,
    where=lambda rows, member: rows.of(member),
)
READ_COMMUNITY = Perm(
    code="territories.read_community",
    label="Lire la communauté de pratiques",
    model="territories.Post",
    roles=COMMUNITY,
    where=visible,
)
WRITE_IN_COMMUNITY = Perm(
    code="territories.write_in_community",
    label="Écrire dans la communauté de pratiques",
    model="territories.Participation",
    roles=COMMUNITY,
    where=lambda rows, member: rows.running().of(member),
)
CORRECT_POST = Perm(
    code="territories.correct_post",
    label="Corriger un message de la communauté qu’on a écrit",
    model="territories.Post",
    roles=COMMUNITY,
    where=_own_posts,
    moment=_STANDING,
)
WITHDRAW_POST = Perm(
    code="territories.withdraw_post",
    label="Retirer un message de la communauté qu’on a écrit",
    model="territories.Post",
    roles=COMMUNITY,
    where=_own_posts,
    moment=_STANDING,
)
FLAG_POST = Perm(
    code="territories.flag_post",
    label="Signaler un message de la communauté",
    model="territories.Post",
    roles=COMMUNITY,
    where=_posts_to_point_out,
    moment=_STANDING,
)
MODERATE_POST = Perm(
    code="territories.moderate_post",
    label="Retirer un message de la communauté écrit sur son territoire, ou dire qu’il peut rester",
    model="territories.Post",
    roles=BINOME,
    where=_posts_of_own_territory,
    moment=_STANDING,
)

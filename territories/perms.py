"""Who may do what on the people of a territory."""

from typing import Any

from django.db.models import QuerySet

from copa.kernel.access import Perm, everything
from territories.enums import EMR, PILOTS, Role
from territories.models import Member


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
    where=lambda entries, member: entries.visible_to(member),
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
    where=lambda entries, member: entries.visible_to(member),
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

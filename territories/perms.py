"""Who may do what on the people of a territory."""

from typing import Any

from django.db.models import QuerySet

from copa.kernel.access import Perm, everything
from territories.enums import EMR, PILOTS, Role
from territories.models import Member


def _others(members: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Nobody ends or extends her own rights: a territory would be left without anybody to give them back."""
    return members.exclude(pk=member.pk)


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

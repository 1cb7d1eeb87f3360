"""Who reads and answers parents: the auxiliary of the family and the team that carries it, nobody else (A36)."""

from typing import Any

from django.db.models import QuerySet

from copa.kernel.access import Perm, visible
from messaging.models import of_correspondents
from pathways.perms import followed
from territories.enums import Role
from territories.models import Member

# Of these roles, those of the structure that carries the family; an auxiliary for her own families.
_ROLES = frozenset({Role.AP, Role.REFERRING_TEAM, Role.COORDINATOR})


def _families(families: QuerySet[Any], member: Member) -> QuerySet[Any]:
    found: QuerySet[Any] = of_correspondents(families, member, family="pk")
    return found


def _whose_hours(members: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Her own for an auxiliary, those of every auxiliary for the coordination."""
    auxiliaries = members.filter(role=Role.AP)
    return auxiliaries.filter(pk=member.pk) if member.role == Role.AP else auxiliaries


def reads_first(member: Member) -> bool:
    """Whether a message is hers to read before it is the team's."""
    return member.role == Role.AP


READ_CONVERSATION = Perm(
    code="messaging.read_conversation",
    label="Lire les messages d’un parent",
    model="messaging.Conversation",
    roles=_ROLES,
    where=visible,
)
ANSWER_PARENT = Perm(
    code="messaging.answer_parent",
    label="Répondre à un parent",
    model="messaging.Conversation",
    roles=_ROLES,
    where=visible,
)
SEE_SPACES = Perm(
    code="messaging.see_spaces",
    label="Voir qui, dans une famille, peut écrire à son auxiliaire",
    model="pathways.Family",
    roles=_ROLES,
    where=followed,
)
OPEN_SPACE = Perm(
    code="messaging.open_space",
    label="Ouvrir l’espace d’un parent",
    model="pathways.Family",
    roles=_ROLES,
    where=_families,
)
HAND_ADDRESS = Perm(
    code="messaging.hand_address",
    label="Remettre l’adresse d’un espace sur papier",
    model="messaging.ParentAccount",
    roles=_ROLES,
    where=visible,
)
CLOSE_ACCOUNT = Perm(
    code="messaging.close_account",
    label="Fermer l’espace d’un parent à sa demande",
    model="messaging.ParentAccount",
    roles=_ROLES,
    where=visible,
)
SET_HOURS = Perm(
    code="messaging.set_hours",
    label="Régler les heures de lecture d’une auxiliaire",
    model="territories.Member",
    roles=frozenset({Role.AP, Role.COORDINATOR}),
    where=_whose_hours,
)

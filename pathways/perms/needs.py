"""Who spots a need, reads it, follows it; who asks for an orientation, and who alone decides it (R004)."""

from typing import Any

from django.db.models import QuerySet

from copa.kernel.access import Perm
from pathways.models import needs_beyond, readable_needs, sealed_needs_for
from pathways.perms.base import CARE, followed, of_followed, of_team
from pathways.perms.routing import readable_outside
from territories.enums import EMR, PILOTS, Role
from territories.models import Member

# The team of the family, whoever carries the pathway: to the others goes what the mother agreed to.
_INSIDE = PILOTS | {Role.AP, Role.REFERRING_TEAM}
_FOLLOWERS = EMR | {Role.AP, Role.PMI_STAFF}


def _of_reader(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Rows of the families she follows; outside the team while the mother agrees and nothing has stopped (R053)."""
    mine = of_followed(rows, member)
    return mine if member.role in _INSIDE else readable_outside(mine, member, pathway="pathway")


def _needs(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    found: QuerySet[Any] = readable_needs(_of_reader(rows, member), member)
    return found


def known_needs(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Those the mother lets her know of, which her role does not read: a doctor outside reads the child's alone."""
    found: QuerySet[Any] = needs_beyond(_of_reader(rows, member), member)
    return found


def reads_every_need(member: Member) -> bool:
    """Whether no need is kept from her role: that there is none is hers to be told."""
    return member.role in EMR


def _of_needs(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    found: QuerySet[Any] = readable_needs(_of_reader(rows, member), member, need="need__")
    return found


def _followed_with_sealed(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    found: QuerySet[Any] = _of_needs(rows, member) | sealed_needs_for(rows, member, need="need__")
    return found


def _needs_with_sealed(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    found: QuerySet[Any] = _needs(rows, member) | sealed_needs_for(rows, member)
    return found


SEE_FAMILY_NEEDS = Perm(
    code="pathways.see_family_needs",
    label="Voir les besoins et les orientations d’une famille",
    model="pathways.Family",
    roles=CARE,
    where=followed,
)
SPOT_NEED = Perm(
    code="pathways.spot_need",
    label="Noter un besoin",
    model="pathways.Family",
    roles=_FOLLOWERS | {Role.LIBERAL_MIDWIFE},
    where=followed,
)
SEE_NEEDS = Perm(
    code="pathways.see_needs",
    label="Lire les besoins",
    model="pathways.Need",
    roles=CARE,
    where=_needs,
)
READ_SEALED_NEED = Perm(
    code="pathways.read_sealed_need",
    label="Lire un besoin protégé",
    model="pathways.Need",
    roles=EMR,
    where=sealed_needs_for,
)
FOLLOW_NEED = Perm(
    code="pathways.follow_need",
    label="Dire où en est un besoin",
    model="pathways.Need",
    roles=_FOLLOWERS,
    where=_needs_with_sealed,
)
PROPOSE_ORIENTATION = Perm(
    code="pathways.propose_orientation",
    label="Demander une orientation, ou donner un contact",
    model="pathways.Need",
    roles=_FOLLOWERS,
    where=_needs_with_sealed,
)
OPEN_TEAM_DOOR = Perm(
    code="pathways.open_team_door",
    label="Orienter vers un service que seule l’équipe de référence ouvre",
    model="pathways.Need",
    # directory-types.md 1: entry « EMR », the referring team or the PMI doctor.
    roles=EMR,
    where=_needs_with_sealed,
)
SEE_ORIENTATIONS = Perm(
    code="pathways.see_orientations",
    label="Voir les orientations",
    model="pathways.Orientation",
    roles=CARE,
    where=_followed_with_sealed,
)
LIST_ORIENTATIONS = Perm(
    code="pathways.list_orientations",
    label="Suivre la liste des orientations",
    model="pathways.Orientation",
    roles=_FOLLOWERS | {Role.CPP_PILOT},
    # A sealed one is never in a list.
    where=_of_needs,
)
DECIDE_ORIENTATION = Perm(
    code="pathways.decide_orientation",
    label="Décider une orientation et l’envoyer",
    model="pathways.Orientation",
    roles=EMR,
    where=of_team,
)
NOTE_AGREEMENT = Perm(
    code="pathways.note_agreement",
    label="Noter l’accord de la personne pour une orientation",
    model="pathways.Orientation",
    roles=EMR | {Role.AP},
    where=_followed_with_sealed,
)
CONFIRM_CONTACT = Perm(
    code="pathways.confirm_contact",
    label="Confirmer un premier contact",
    model="pathways.Orientation",
    roles=_FOLLOWERS,
    where=_followed_with_sealed,
)

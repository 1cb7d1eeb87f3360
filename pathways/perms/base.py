"""The roles, moments and row filters that the permissions of this app share.

`visible_to` (models) says what a person may know to exist: refused there is a 404. The filters here say what she may
do: refused here is a 403. The nearest neighbour is a colleague of the same structure who follows another family.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from copa.kernel import clock
from copa.kernel.access import Moment
from pathways import rules
from pathways.enums import PathwayState
from pathways.models import Birth, Death, EarlyCall, Family, FamilyGrant, Pathway, PmiRelay, keeps_records, within_reach
from territories.enums import PILOTS, Role
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
# Those who may open a file in an emergency, for three hours.
BREAKS_GLASS = frozenset({Role.REFERRING_TEAM, Role.PMI_STAFF})

# Until when something may be done on a pathway; the sentence is what whoever comes later reads.
RUNNING = Moment(Q(state__in=rules.RUNNING), lambda pathway: rules.STATE_SENTENCES[pathway.state])
WITHDRAWN = Moment(Q(state=PathwayState.WITHDRAWN), lambda pathway: "Ce parcours n’est plus arrêté.")
KEEPS_SPACE = Moment(
    Q(state=PathwayState.WITHDRAWN, consent__keeps_space=True), lambda pathway: "Son espace est déjà fermé."
)
ACTIVE = Moment(Q(state=PathwayState.ACTIVE), lambda pathway: rules.STATE_SENTENCES[pathway.state])


def followed(families: Any, member: Member) -> Any:
    """Families whose file this member may hold: her own, her team's, those handed or granted to her.

    Never one that has left her reach (`within_reach`), which lists ask as well.
    """
    families = within_reach(families, member, family="pk")
    if member.role in PILOTS:
        return families
    of_birth = Pathway.objects.filter(birth=OuterRef("pk"))
    if member.role == Role.AP:
        # Before an AP is named, any AP of the maternity may meet the mother in her room (R068). As keys: hers are few
        # beside those of the territory, which would otherwise all be asked.
        unassigned = _on_the_ward(member).filter(~Exists(of_birth.filter(ap__isnull=False))).values("family")
        own = Pathway.objects.filter(ap=member).values("family")
        return families.filter(pk__in=own.union(unassigned, confirmed_calls(member).values("family")))
    if member.role == Role.REFERRING_TEAM:
        # Family by family, not as keys: hers are many, and the first page is full soon.
        of_family = Pathway.objects.filter(family=OuterRef("pk"), carrier=member.structure_id)
        not_included = _on_the_ward(member).filter(~Exists(of_birth), family=OuterRef("pk"))
        return families.filter(Exists(of_family) | Exists(not_included))
    # An emergency opens a file to be read (`consulted`): it makes nobody part of the follow-up.
    granted = Exists(FamilyGrant.objects.running_for(member, OuterRef("pk")).not_in_emergency())
    if member.role == Role.PMI_STAFF:
        relays = PmiRelay.objects.shown().filter(family=OuterRef("pk"), sector__structure=member.structure_id)
        return families.filter(Exists(relays) | granted)
    return families.filter(granted)


def has_lost_mother() -> Exists:
    """Of a family: nothing is asked of a mother who died, nor noted of her (A38)."""
    return Exists(Death.objects.of_mothers().filter(family=OuterRef("pk")))


def whose_mother_lives(families: Any) -> Any:
    """Families in which there is somebody to ask."""
    return families.filter(~has_lost_mother())


def confirmed_calls(member: Member) -> Any:
    """Early visits she confirmed for a family that may have another AP: hers to know until the report is in (R054)."""
    since = (clock.now() - timedelta(days=rules.EARLY_FILE_DAYS)).date()
    return EarlyCall.objects.filter(confirmed_by=member, ended_at=None, last_day__gte=since).order_by()


def consulted(families: Any, member: Member) -> Any:
    """Families whose file this member may read: those she follows, and those she opened in an emergency."""
    if member.role not in BREAKS_GLASS:
        return followed(families, member)
    opened = FamilyGrant.objects.running_for(member, OuterRef("pk")).in_emergency()
    # What moved to another territory stays there (A38): no emergency opens the record left behind.
    return followed(families, member) | families.filter(Exists(opened), moved_at=None)


def _on_the_ward(member: Member) -> Any:
    """Births of her maternity that are recent enough for the mother to be met, included or not."""
    since = clock.now() - timedelta(days=rules.WARD_DAYS)
    return Birth.objects.filter(maternity=member.structure_id, at__gte=since)


def of_followed(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Rows of the families whose file this member may hold."""
    if keeps_records(member):
        # The same answer as below without a join: lists of a whole territory stay on their index.
        return rows
    if member.role in PILOTS:
        return within_reach(rows, member)
    return rows.filter(family__in=followed(Family.objects.all(), member))


def of_team(rows: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Rows of the pathways her team answers for; every one for the pilots."""
    here = within_reach(rows, member)
    return here if member.role in PILOTS else here.filter(pathway__carrier=member.structure_id)

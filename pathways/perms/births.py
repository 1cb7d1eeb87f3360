"""Who registers births, presents CoPa and includes."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from copa.kernel.access import Perm
from pathways.enums import Collector, RelayState
from pathways.models import PmiRelay, within_reach
from pathways.models.deaths import of_orphans
from pathways.perms.base import MIDWIVES_AND_AP, TEAM, of_followed
from territories.enums import EMR, PILOTS, Role, StructureKind
from territories.models import Member


def _maternities(structures: QuerySet[Any], member: Member) -> QuerySet[Any]:
    maternities = structures.filter(kind=StructureKind.MATERNITY)
    return maternities if member.role in PILOTS else maternities.filter(pk=member.structure_id)


REGISTER_BIRTH = Perm(
    code="pathways.register_birth",
    label="Inscrire une naissance",
    model="territories.Structure",
    roles=TEAM,
    where=_maternities,
)
IMPORT_BIRTHS = Perm(
    code="pathways.import_births",
    label="Inscrire les naissances d’une liste",
    model="pathways.ImportRun",
    roles=TEAM,
    where=lambda runs, member: runs.filter(structure__in=REGISTER_BIRTH.rows(member)),
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
# R067: whose role says as whom she collects an adhesion; the others hold midwives and doctors, and are asked.
_COLLECTS_AS: dict[str, Collector] = {
    Role.COORDINATOR: Collector.MIDWIFE,
    Role.LIBERAL_MIDWIFE: Collector.MIDWIFE,
    Role.AP: Collector.AP,
}


def collects_as(member: Member) -> str:
    """Code of Collector when her role says it, "" when she has to be asked."""
    return str(_COLLECTS_AS.get(member.role, ""))


RECORD_DISCHARGE = Perm(
    code="pathways.record_discharge",
    label="Noter la sortie de maternité",
    model="pathways.Birth",
    roles=TEAM,
    where=of_followed,
)
SEE_DEATHS = Perm(
    code="pathways.see_deaths",
    label="Voir les décès notés, confirmés ou annulés",
    model="pathways.Death",
    # alerts.md 6.1: the AP is called the same day; she does not learn it from a screen.
    roles=PILOTS | {Role.REFERRING_TEAM},
    where=of_followed,
)
SET_SITUATION = Perm(
    code="pathways.set_situation",
    label="Noter qu’un enfant est confié ou adopté",
    model="pathways.Birth",
    # inclusion.md 8: the referring team sets it by hand, nobody else.
    roles=EMR,
    where=of_followed,
)


def _orphans(births: Any, member: Member) -> Any:
    left = births.filter(of_orphans("pk"), is_silent=True)
    if member.role != Role.PMI_STAFF:
        return of_followed(left, member)
    held = PmiRelay.objects.shown().filter(pathway__birth=OuterRef("pk"), state=RelayState.ACCEPTED)
    return within_reach(left.filter(Exists(held.filter(sector__structure=member.structure_id))), member)


SEE_LIVING_CHILD = Perm(
    code="pathways.see_living_child",
    label="Voir l’enfant vivant après le décès de sa mère",
    model="pathways.Birth",
    # Everybody else reads the silence around the whole birth (A38); the PMI, while it holds the relay it accepted.
    roles=TEAM | {Role.PMI_STAFF},
    where=_orphans,
)
RECORD_SILENCE = Perm(
    code="pathways.record_silence",
    label="Noter un deuil",
    model="pathways.Birth",
    roles=TEAM,
    where=of_followed,
)

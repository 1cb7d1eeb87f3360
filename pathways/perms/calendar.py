"""Who sees the calendar of a family, notes what became of a line, and reads the rules themselves."""

from typing import Any

from django.db.models import Exists, OuterRef

from copa.kernel.access import Perm, everything
from pathways.enums import RelayState
from pathways.models import FamilyGrant, PmiRelay
from pathways.perms.base import CARE, MIDWIVES_AND_AP, followed
from territories.enums import PILOTS, Role
from territories.models import Member


def _noting(families: Any, member: Member) -> Any:
    """Those who follow the family; the PMI once it has taken the relay, or was opened the file by name."""
    held = followed(families, member)
    if member.role != Role.PMI_STAFF:
        return held
    taken = PmiRelay.objects.shown().filter(
        family=OuterRef("pk"), sector__structure=member.structure_id, state=RelayState.ACCEPTED
    )
    return held.filter(Exists(taken) | Exists(FamilyGrant.objects.running_for(member, OuterRef("pk"))))


def speaks_as_professional(member: Member) -> bool:
    """Whether what she notes in one tap is a professional's word: the midwife's and the PMI's own follow-up."""
    return member.role in {Role.LIBERAL_MIDWIFE, Role.PMI_STAFF}


SEE_CALENDAR = Perm(
    code="pathways.see_calendar",
    label="Voir le calendrier de la mère et de l’enfant",
    model="pathways.Family",
    # What concerns the mother alone stays with those who follow her at home: not the doctor of one question.
    roles=CARE - {Role.OUTSIDE_PROFESSIONAL},
    where=followed,
)
NOTE_CALENDAR = Perm(
    code="pathways.note_calendar",
    label="Noter un examen ou un rendez-vous",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP | {Role.LIBERAL_MIDWIFE, Role.PMI_STAFF},
    where=_noting,
)
SEE_RULES = Perm(
    code="pathways.see_rules",
    label="Lire les règles du programme",
    model="pathways.ProgrammeRules",
    roles=PILOTS,
    where=everything,
)

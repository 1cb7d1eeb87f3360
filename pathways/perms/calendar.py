"""Who sees the calendar of a family, notes what became of a line, and reads the rules themselves."""

from typing import Any

from django.db.models import Exists, OuterRef

from copa.kernel.access import Perm, everything
from pathways.enums import RelayState
from pathways.models import FamilyGrant, PmiRelay
from pathways.perms.base import CARE, MIDWIVES_AND_AP, followed, of_followed
from pathways.perms.routing import readable_outside
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


def _followed_births(births: Any, member: Member) -> Any:
    """Of her families; for the liberal midwife while the mother agrees and nothing has stopped (R076)."""
    hers = of_followed(births, member)
    return readable_outside(hers, member) if member.role == Role.LIBERAL_MIDWIFE else hers


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
REMIND_POSTNATAL = Perm(
    code="pathways.remind_postnatal",
    label="Savoir quelles mères n’ont pas d’entretien postnatal noté",
    model="pathways.Birth",
    # R015: a midwife's or a doctor's act; the coordinator would get those of the whole territory.
    roles=frozenset({Role.REFERRING_TEAM, Role.LIBERAL_MIDWIFE}),
    where=_followed_births,
)
SEE_RULES = Perm(
    code="pathways.see_rules",
    label="Lire les règles du programme",
    model="pathways.ProgrammeRules",
    roles=PILOTS,
    where=everything,
)

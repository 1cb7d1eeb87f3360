"""Who may open a family, correct it, and open it to others."""

from typing import Any
from uuid import UUID

from copa.kernel.access import Perm
from pathways.models import Family
from pathways.perms.base import (
    BREAKS_GLASS,
    CARE,
    MIDWIVES_AND_AP,
    TEAM,
    consulted,
    followed,
    of_followed,
    whose_mother_lives,
)
from territories.enums import EMR
from territories.models import Member


def _asked(families: Any, member: Member) -> Any:
    """Those in which she may ask the mother for her answers."""
    return whose_mother_lives(followed(families, member))


SEE_FAMILY = Perm(
    code="pathways.see_family",
    label="Ouvrir le dossier d’une famille",
    model="pathways.Family",
    roles=CARE,
    where=consulted,
)
EDIT_FAMILY = Perm(
    code="pathways.edit_family",
    label="Corriger les coordonnées d’une famille",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP,
    where=followed,
)
OPEN_FAMILY_TO = Perm(
    code="pathways.open_family_to",
    label="Ouvrir un dossier à un professionnel",
    model="pathways.Family",
    roles=TEAM,
    where=followed,
)
LIFT_TEAM_RULE = Perm(
    code="pathways.lift_team_rule",
    label="Lever « pas d’appel sans l’équipe »",
    model="pathways.Family",
    roles=TEAM,
    where=followed,
)
SEE_READS = Perm(
    code="pathways.see_reads",
    label="Voir qui a ouvert un dossier",
    model="pathways.Family",
    roles=EMR,
    where=followed,
)
GIVE_NOTICE = Perm(
    code="pathways.give_notice",
    label="Noter l’information remise à un parent",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP,
    where=followed,
)
ANSWER_FOR_COPARENT = Perm(
    code="pathways.answer_for_coparent",
    label="Noter la réponse du co-parent",
    model="pathways.CoParent",
    roles=MIDWIVES_AND_AP,
    where=of_followed,
)
SEE_AGREEMENTS = Perm(
    code="pathways.see_agreements",
    label="Voir les accords d’une mère et les textes remis",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP,
    where=followed,
)
CHANGE_RECIPIENTS = Perm(
    code="pathways.change_recipients",
    label="Noter qui peut recevoir les comptes rendus",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP,
    where=_asked,
)
KEEP_ADHESION = Perm(
    code="pathways.keep_adhesion",
    label="Garder l’adhésion signée sur papier",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP,
    where=followed,
)
READ_ADHESION = Perm(
    code="pathways.read_adhesion",
    label="Ouvrir l’adhésion signée sur papier",
    model="pathways.AdhesionScan",
    roles=MIDWIVES_AND_AP,
    where=of_followed,
)
CHANGE_EVALUATION = Perm(
    code="pathways.change_evaluation",
    label="Noter qu’une mère s’oppose à l’évaluation, ou ne s’y oppose plus",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP,
    where=_asked,
)


def reads_in_emergency_only(member: Member, family: UUID) -> bool:
    """Whether an emergency alone lets her read this file, of those she may read: its other parts are not hers."""
    if member.role not in BREAKS_GLASS:
        return False
    return not followed(Family.objects.filter(public_id=family), member).exists()

"""Who may care for a family herself, and who reads that somebody does (R111)."""

from copa.kernel.access import Perm
from pathways.perms.base import followed, of_followed
from territories.enums import EMR, PILOTS, Role

TAKE_IN_HAND = Perm(
    code="pathways.take_in_hand",
    label="Noter qu’on intervient soi-même auprès d’une famille",
    model="pathways.Family",
    roles=EMR | {Role.LIBERAL_MIDWIFE},
    where=followed,
)
# Outside those who care for her, nobody reads why: it may say what the mother has.
SEE_IN_HAND = Perm(
    code="pathways.see_in_hand",
    label="Lire qui intervient auprès d’une famille, et pourquoi",
    model="pathways.InHand",
    roles=PILOTS | {Role.REFERRING_TEAM, Role.AP, Role.LIBERAL_MIDWIFE},
    where=of_followed,
)

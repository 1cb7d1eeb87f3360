"""Who sees and keeps the care circle of a family, and who may open a file in an emergency."""

from copa.kernel.access import Perm
from pathways.perms.base import BREAKS_GLASS, MIDWIVES_AND_AP, TEAM, followed, of_followed
from territories.enums import PILOTS

SEE_CIRCLE = Perm(
    code="pathways.see_circle",
    label="Voir le cercle de soins d’une famille",
    model="pathways.Family",
    roles=PILOTS | MIDWIVES_AND_AP,
    where=followed,
)
KEEP_CIRCLE = Perm(
    code="pathways.keep_circle",
    label="Ajouter quelqu’un au cercle de soins",
    model="pathways.Family",
    roles=MIDWIVES_AND_AP,
    where=followed,
)
END_IN_CIRCLE = Perm(
    code="pathways.end_in_circle",
    label="Retirer quelqu’un du cercle de soins",
    model="pathways.CareCircleMember",
    roles=TEAM,
    where=of_followed,
)
# design.md 3.2: salaried professionals on duty whose structure answers for them. A liberal midwife asks the team, who
# opens the file to her by name; an auxiliary acts under her own team.
BREAK_GLASS = Perm(
    code="pathways.break_glass",
    label="Ouvrir un dossier en urgence, pour trois heures",
    model="territories.Member",
    roles=BREAKS_GLASS,
    where=lambda members, member: members.filter(pk=member.pk),
)

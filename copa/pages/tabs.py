"""The parts of a family's file, each a page of its own; shown to whom may open it."""

from dataclasses import dataclass
from uuid import UUID

from copa.kernel.access import Perm
from messaging import perms as messaging_perms
from pathways import perms as pathway_perms
from territories.models import Member


@dataclass(frozen=True, slots=True)
class Tab:
    """One part. `key` is what its page calls itself; `query` stands behind the address of the page."""

    key: str
    label: str
    page: str
    perm: Perm
    query: str = ""


TABS: tuple[Tab, ...] = (
    Tab("histoire", "Histoire", "visits:family", pathway_perms.SEE_FAMILY),
    Tab("comptes-rendus", "Comptes rendus", "visits:family", pathway_perms.SEE_FAMILY, "?partie=comptes-rendus"),
    Tab("reperage", "Repérage", "pathways:screening", pathway_perms.SEE_SCREENING),
    Tab("observations", "Observations", "pathways:observations", pathway_perms.SEE_OBSERVATIONS),
    Tab("coordination", "Coordination", "pathways:coordination", pathway_perms.SEE_COORDINATION),
    Tab("besoins", "Besoins", "pathways:needs", pathway_perms.SEE_FAMILY_NEEDS),
    Tab("calendrier", "Calendrier", "pathways:calendar", pathway_perms.SEE_CALENDAR),
    Tab("accords", "Accords", "pathways:recipients", pathway_perms.SEE_AGREEMENTS),
    Tab("cercle", "Cercle", "pathways:circle", pathway_perms.SEE_CIRCLE),
    Tab("messages", "Messages", "messaging:spaces", messaging_perms.SEE_SPACES),
    Tab("lectures", "Lectures", "pathways:reads", pathway_perms.SEE_READS),
)


def shown_tabs(member: Member, family: UUID, current: str) -> list[Tab]:
    """The parts of this family's file that are open to the member reading the part `current`; one query at most.

    Every part but the file itself is read by whoever follows the family: an emergency opens the file alone.
    """
    held = [tab for tab in TABS if tab.perm.is_held_by(member)]
    file = [tab for tab in held if tab.perm is pathway_perms.SEE_FAMILY]
    if current in {tab.key for tab in file} and pathway_perms.reads_in_emergency_only(member, family):
        return file
    return held

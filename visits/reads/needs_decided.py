"""What the referring team decided about the needs of a report, for one copy of it (documents.md 1, block 11)."""

from collections.abc import Iterator

from django.db.models import Q

from copa.kernel.french import NBSP, phone
from pathways.enums import NeedAbout, OrientationState
from pathways.models import Orientation
from territories.catalogue import NEEDS, TYPES, NeedCategory
from visits.models import Report
from visits.questionnaire import Line

# Whose needs a copy tells of: the child's doctor the child's, the mother's doctor hers too, the co-parent's stay with
# the team.
_CARE = (NeedAbout.MOTHER, NeedAbout.CHILD, NeedAbout.SIBLING, NeedAbout.FAMILY)
_TOLD = {
    "E": tuple(NeedAbout),
    "L": _CARE,
    "M": _CARE,
    "G": (NeedAbout.CHILD, NeedAbout.MOTHER),
    "P": (NeedAbout.CHILD,),
}


def decision_lines(report: Report, letter: str, left_out: Q | None = None) -> Iterator[Line]:
    """One line per orientation of this report that was decided; nothing sealed, no secret place. One query.

    Outside the team, nothing of a dead child's. `left_out`: orientations that stay in this territory, None for a copy
    that is read in it.
    """
    decided = Orientation.objects.filter(need__report_id=report.public_id, decided_at__isnull=False)
    rows = decided.filter(need__about__in=_TOLD.get(letter, ())).exclude(need__category=NeedCategory.SEALED)
    rows = rows if letter == "E" and left_out is None else rows.told()
    rows = rows if left_out is None else rows.exclude(left_out)
    for row in rows.select_related("need", "entry").order_by("need__report_row", "pk"):
        if not TYPES[row.target_type].is_secret:
            yield Line(label="Décision de l’équipe", text=_words(row))


def _words(row: Orientation) -> str:
    about = f"{NEEDS[row.need.code].label}{NBSP}: {TYPES[row.target_type].label}"
    if row.state == OrientationState.REFUSED:
        return f"{about}, non retenu"
    service = row.entry
    contact = (
        f"{service.name}, {phone(service.phone)}" if service and service.phone else service.name if service else ""
    )
    return f"{about}, accepté" + (f" · {contact}" if contact else "")

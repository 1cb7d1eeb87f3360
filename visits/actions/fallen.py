"""An early visit that falls through: whoever may make it is called again at once (R054)."""

from datetime import datetime

from pathways.actions.early import Fallen, reopen_early_call
from pathways.enums import Reopened
from visits.enums import NotDoneReason, VisitKind
from visits.models import Visit

# Nobody is sent to the door of a family that wants no visit, is not at home, or mourns.
_NOT_WANTED = frozenset(
    {
        NotDoneReason.REFUSED_DOOR,
        NotDoneReason.MOTHER_HOSPITAL,
        NotDoneReason.CHILD_HOSPITAL,
        NotDoneReason.BEREAVEMENT,
    }
)


def call_again(*, visit: Visit, why: Reopened, at: datetime) -> None:
    """Reopen the call of an early visit which has just been cancelled or was not made, unless its reason says that none
    is wanted.

    Inside the caller's transaction, which holds the family. Another kind of visit calls nobody.
    """
    if visit.kind != VisitKind.ULTRA_EARLY or visit.not_done_reason in _NOT_WANTED:
        return
    fallen = Fallen(visit=visit.public_id, planned_at=visit.planned_at, ap=visit.ap, why=why)
    reopen_early_call(pathway_id=visit.pathway_id, fallen=fallen, at=at)

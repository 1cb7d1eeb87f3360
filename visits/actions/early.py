"""An early visit keeps the days of the discharge: where that one changes, the visit falls with it (R054)."""

from datetime import datetime

from pathways.enums import Reopened
from pathways.models import Pathway
from visits.actions.fallen import call_again
from visits.actions.planning import cancel_held
from visits.enums import NotDoneReason, VisitKind, VisitState
from visits.models import Visit
from visits.reads.windows import early_visit_stands


def follow_new_discharge(*, pathway: Pathway, at: datetime) -> bool:
    """Let the planned early visit fall when it lies outside its new days, or before the way home. Whether it fell.

    Inside the transaction that notes the discharge and holds the birth. A visit that began is made, and judged by its
    days like any other.
    """
    planned = Visit.objects.filter(pathway=pathway, kind=VisitKind.ULTRA_EARLY, state=VisitState.PLANNED)
    visit = planned.select_for_update(of=("self",)).select_related("ap__user").first()
    if visit is None or early_visit_stands(pathway, visit.planned_at):
        return False
    cancel_held([visit], NotDoneReason.DISCHARGE_CHANGED, at)
    call_again(visit=visit, why=Reopened.DISCHARGE, at=at)
    return True

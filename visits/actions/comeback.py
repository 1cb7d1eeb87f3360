"""A death noted by mistake is taken back: the visits that fell with it stand again, or are to be planned again."""

from datetime import datetime
from typing import Any

from copa.kernel.errors import BusinessError
from pathways.actions.deaths import Comeback
from pathways.actions.early import resume_early_call
from pathways.enums import PathwayState, Reopened
from pathways.models import Death, Pathway
from visits.actions import deviations, joint
from visits.actions.fallen import call_again
from visits.actions.planning import Slot, check_not_made, check_performer, check_team
from visits.actions.questions import Wish, asked_of_ap
from visits.enums import NotDoneReason, VisitKind, VisitState
from visits.models import Visit
from visits.reads.windows import early_visit_stands


def stand_again(*, pathway: Pathway, fell_at: datetime, at: datetime) -> None:
    """What fell at that very moment because of a death comes back; nothing while the pathway does not run.

    Same hour and same person where it is still to come, nothing else stands in its place, she is free and somebody of
    the team may be reached; the others say that they are to be planned again. Inside the caller's transaction, which
    holds the family.
    """
    if pathway.state != PathwayState.ACTIVE:
        return
    fallen = _fallen(pathway).filter(fell_at=fell_at, not_done_reason=NotDoneReason.BEREAVEMENT)
    for visit in fallen.select_for_update(of=("self",)).select_related("ap").order_by("planned_at", "pk"):
        if _may_stand(visit, pathway, at):
            _stand(visit, at)
        else:
            visit.not_done_reason = NotDoneReason.NOTED_BY_MISTAKE
            visit.save(update_fields=["not_done_reason"])
            _want_again(visit, at)


def _want_again(visit: Visit, at: datetime) -> None:
    """An early one is wanted at once, on days that pass: nobody was called while it was said that somebody had died.

    Where the pathway had stopped its call ended with it, and `follow_discharge` calls anew.
    """
    others = Visit.objects.running().filter(pathway=visit.pathway_id, kind=visit.kind)
    if not others.exists():
        call_again(visit=visit, why=_WHY[VisitState(visit.state)], at=at)


_WHY = {VisitState.NOT_DONE: Reopened.NOT_DONE, VisitState.CANCELLED: Reopened.CANCELLED}


def comeback_of(*, death: Death, stopped_at: datetime | None) -> Comeback:
    """How many visits that this death had cancelled stand again, and how many are to be planned again."""
    moments = {death.noted_at, *([stopped_at] if stopped_at else [])}
    visits = Visit.objects.filter(pathway__birth=death.birth_id, fell_at__in=moments)
    standing = visits.filter(state=VisitState.PLANNED)
    lost = visits.filter(not_done_reason=NotDoneReason.NOTED_BY_MISTAKE).order_by("pk")
    running = Visit.objects.running().filter(pathway__birth=death.birth_id).order_by("pk")
    kinds = set(running.values_list("pathway", "kind"))
    to_plan = sum(key not in kinds for key in lost.values_list("pathway", "kind"))
    return Comeback(standing=standing.count(), to_plan=to_plan)


def _fallen(pathway: Pathway) -> Any:
    return Visit.objects.filter(pathway=pathway, state__in=[VisitState.CANCELLED, VisitState.NOT_DONE])


def _may_stand(visit: Visit, pathway: Pathway, at: datetime) -> bool:
    is_replaced = Visit.objects.running().filter(pathway=pathway, kind=visit.kind).exists()
    if visit.planned_at <= at or is_replaced:
        return False
    if visit.kind == VisitKind.ULTRA_EARLY and not early_visit_stands(pathway, visit.planned_at):
        return False
    try:
        check_not_made(pathway, visit.kind)
        check_performer(pathway, Slot(kind=visit.kind, planned_at=visit.planned_at), visit.ap)
        # Duty may have been freed meanwhile: no visit is made of which nobody of the team would hear (rule A0).
        check_team(pathway, visit.planned_at, visit.planned_minutes)
    except BusinessError:
        return False
    wish = Wish(
        pathway=pathway, kind=visit.kind, planned_at=visit.planned_at, minutes=visit.planned_minutes, ap=visit.ap
    )
    return asked_of_ap(wish) is None


def _stand(visit: Visit, at: datetime) -> None:
    ended_at = visit.fell_at
    visit.state, visit.not_done_reason, visit.started_at = VisitState.PLANNED, "", None
    visit.save(update_fields=["state", "not_done_reason", "started_at"])
    joint.ask_once_more(visit=visit, at=at)
    deviations.visit_planned(visit=visit, at=at)
    if visit.kind == VisitKind.ULTRA_EARLY and ended_at is not None:
        resume_early_call(pathway_id=visit.pathway_id, ended_at=ended_at)

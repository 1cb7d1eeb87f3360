"""What the layer below announces, in its own transaction: a pathway stops, an AP is named."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from copa.kernel import clock
from pathways.actions.corrections import child_in_use
from pathways.actions.deaths import Comeback
from pathways.actions.early import end_early_calls, follow_discharge
from pathways.enums import PathwayState, TransferPart
from pathways.models import Birth, Child, Death, EpdsScreening, Family, Pathway
from pathways.rules import RUNNING, Window
from pathways.signals import (
    ap_assigned,
    birth_moved,
    child_removed,
    death_noted,
    death_undone,
    discharge_noted,
    epds_recorded,
    pathway_resumed,
    pathway_stopped,
    pmi_refused,
    transfer_offered,
    visits_asked,
)
from territories.models import Member
from visits.actions import comeback, deaths, deviations, joint, missed
from visits.actions.early import follow_new_discharge
from visits.actions.planning import cancel_planned, hand_visits_to
from visits.enums import VISIT_RUNNING, Lifted, NotDoneReason, VisitState
from visits.models import Visit
from visits.reads.carried import carried_reports, reports_to_carry
from visits.reads.corrections import is_told_of, planned_outside
from visits.reads.windows import stay_reason

# Why planned visits fall, in the words of the list of reasons.
_REASONS = {
    PathwayState.WITHDRAWN: NotDoneReason.FAMILY_CANCELLED,
    PathwayState.MOVED: NotDoneReason.FAMILY_CANCELLED,
    PathwayState.NO_NEWS: NotDoneReason.SERVICE_CANCELLED,
    PathwayState.BEREAVED: NotDoneReason.BEREAVEMENT,
}


def connect() -> None:
    """Called once the apps are ready."""
    pathway_stopped.connect(silence_visits, dispatch_uid="visits.silence_visits")
    pmi_refused.connect(leave_pmi_out, dispatch_uid="visits.leave_pmi_out")
    pathway_resumed.connect(ask_again, dispatch_uid="visits.ask_again")
    death_noted.connect(end_signs, dispatch_uid="visits.end_signs")
    death_undone.connect(reopen_signs, dispatch_uid="visits.reopen_signs")
    death_undone.connect(bring_visits_back, dispatch_uid="visits.bring_visits_back")
    ap_assigned.connect(follow_ap, dispatch_uid="visits.follow_ap")
    birth_moved.connect(count_outside, dispatch_uid="visits.count_outside")
    discharge_noted.connect(judge_again, dispatch_uid="visits.judge_again")
    epds_recorded.connect(fill_in, dispatch_uid="visits.fill_in")
    visits_asked.connect(tell_visits, dispatch_uid="visits.tell_visits")
    transfer_offered.connect(send_visits_along, dispatch_uid="visits.send_visits_along")
    child_removed.connect(keep_told_child, dispatch_uid="visits.keep_told_child")


def silence_visits(sender: type[Pathway], *, pathway: Pathway, state: str, at: datetime, **about: Any) -> None:
    """Cancel what was planned before the transaction ends: a later job would let one reminder through (A38)."""
    reason = _REASONS.get(PathwayState(state)) or stay_reason(pathway) or NotDoneReason.OTHER
    cancel_planned(pathway_id=pathway.pk, reason=reason, at=at)
    end_early_calls(birth_id=pathway.birth_id, at=at)
    if state == PathwayState.BEREAVED:
        deaths.forgive_reports(pathway_id=pathway.pk)


def leave_pmi_out(sender: type[Family], *, family_id: int, at: datetime, **about: Any) -> None:
    """The PMI no longer comes to the visits it was asked to."""
    joint.leave_pmi_out(family_id=family_id, at=at)


def ask_again(
    sender: type[Pathway], *, pathway: Pathway, at: datetime, stopped_at: datetime | None = None, **about: Any
) -> None:
    """A pause is over, or a mourning noted by mistake: reports are owed again, an early visit is wanted again.

    `stopped_at`: when that mourning began; what fell then stands first, so that nobody is called for a visit that has
    come back.
    """
    if stopped_at is not None:
        comeback.stand_again(pathway=pathway, fell_at=stopped_at, at=at)
    deaths.owe_reports_again(pathway_id=pathway.pk, at=at)
    missed.forgive_missed(pathway_id=pathway.pk, at=at)
    follow_discharge(birth_id=pathway.birth_id, at=at)


def end_signs(sender: type[Death], *, death: Death, at: datetime, **about: Any) -> None:
    """Nobody is made to wait for an answer about somebody who died."""
    deaths.end_signs_of(death=death, at=at)


def reopen_signs(sender: type[Death], *, death: Death, **about: Any) -> None:
    """What the mistake had ended waits again, and no report being written goes on saying it."""
    deaths.reopen_signs_of(death=death)
    deaths.unsay_in_drafts(death=death)


def bring_visits_back(
    sender: type[Death], *, death: Death, stopped_at: datetime | None, at: datetime, **about: Any
) -> Comeback:
    """The visit of the door, said not made because of a death that was none; what became of them all."""
    rows = Pathway.objects.filter(birth=death.birth_id, state=PathwayState.ACTIVE)
    for pathway in rows.select_related("birth", "carrier", "rules", "territory").order_by("pk"):
        comeback.stand_again(pathway=pathway, fell_at=death.noted_at, at=at)
    return comeback.comeback_of(death=death, stopped_at=stopped_at)


def follow_ap(sender: type[Pathway], *, pathway: Pathway, ap: Member, former: Member | None, **about: Any) -> None:
    """Planned visits follow the pathway to its new AP."""
    hand_visits_to(pathway=pathway, ap=ap, former=former)


def count_outside(sender: type[Pathway], *, pathway: Pathway, window: Window, at: datetime, **about: Any) -> int:
    """How many planned visits lie outside the corrected days: they are told, never moved.

    Those that were made are judged by them.
    """
    _judge(pathway.pk, at)
    return planned_outside(pathway=pathway, window=window)


def judge_again(sender: type[Birth], *, birth: Birth, at: datetime, **about: Any) -> None:
    """The days of an ultra-early visit are those of the discharge: one that is planned falls with them, one that was
    made is judged by them."""
    running = Pathway.objects.filter(birth=birth, state__in=RUNNING)
    for pathway in running.select_related("rules", "birth", "territory").order_by("pk"):
        follow_new_discharge(pathway=pathway, at=at)
        _judge(pathway.pk, at)


def _judge(pathway_id: int, at: datetime) -> None:
    deviations.days_moved(pathway_id=pathway_id, at=at)
    missed.look_for_missed(pk=pathway_id, at=at, why=Lifted.FACTS)


def fill_in(sender: type[EpdsScreening], *, screening: EpdsScreening, at: datetime, **about: Any) -> None:
    """A questionnaire noted as filled in is no longer missing."""
    deviations.epds_recorded(screening=screening, zone=screening.territory.time_zone, at=at)


def keep_told_child(sender: type[Child], *, child: Child, **about: Any) -> None:
    """A child that a report speaks of stays."""
    if is_told_of(child):
        raise child_in_use(child)


def send_visits_along(
    sender: type[Pathway], *, pathway: Pathway, covers: Collection[str], with_coparent: bool, **about: Any
) -> dict[str, Any]:
    """Which visits were done, and on which local day; of what was written about them, what she agreed to send."""
    done = Visit.objects.filter(pathway=pathway, state=VisitState.ENDED).order_by("ended_at", "pk")
    return {
        "visits": _days_of(done, pathway.territory.time_zone),
        "reports": carried_reports(pathway, with_coparent=with_coparent) if TransferPart.REPORTS in covers else [],
        "report_count": reports_to_carry(pathway).count(),
    }


def tell_visits(sender: type[Pathway], *, pathway: Pathway, **about: Any) -> dict[str, Any]:
    """The same, for the calendar of the family, and whether another visit is planned or under way."""
    running = list(Visit.objects.filter(pathway=pathway, state__in=VISIT_RUNNING).order_by("ended_at", "pk"))
    done = [visit for visit in running if visit.state == VisitState.ENDED]
    return {"visits": _days_of(done, pathway.territory.time_zone), "is_to_come": len(done) < len(running)}


def _days_of(done: Iterable[Any], zone: str) -> list[dict[str, str]]:
    return [{"kind": visit.kind, "on": clock.local_date(visit.ended_at, zone).isoformat()} for visit in done]

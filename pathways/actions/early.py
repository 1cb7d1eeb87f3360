"""An ultra-early discharge calls an auxiliary at once; whoever plans the visit answers for all (R033, R054).

Runs inside the transaction of whoever noted the discharge, included the family or planned the visit.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce

from copa.kernel import clock
from pathways import rules
from pathways.actions.shared import local_day, local_zone
from pathways.enums import DischargeKind, PathwayState, Reopened, StepKind
from pathways.models import Discharge, EarlyCall, EarlyCallPerson, Pathway
from pathways.notices import early as notices
from territories.enums import DutyPlace
from territories.models import Member
from territories.reads.duty import on_duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallen:
    """An early visit that will not be made as planned: which one, when it was to be, whose it was, and why."""

    visit: UUID
    planned_at: datetime
    ap: Member
    why: Reopened


def follow_discharge(*, birth_id: int, at: datetime) -> EarlyCall | None:
    """Bring the call in line with the discharge and the pathway of this birth; the call that runs, None without one.

    Noted, corrected or taken back, before or after the inclusion: it may be asked any number of times.
    """
    running: EarlyCall | None = EarlyCall.objects.filter(birth=birth_id, ended_at=None).first()
    pathway = _pathway_to_visit(birth_id)
    discharge = Discharge.objects.filter(birth=birth_id, kind=DischargeKind.ULTRA_EARLY).first()
    if pathway is None or discharge is None:
        end_early_calls(birth_id=birth_id, at=at)
        return None
    left_on = clock.local_date(discharge.at, local_zone())
    window = rules.ultra_early_window(left_on, pathway.rules.ultra_early_days_after)
    if running is not None:
        _move(running, pathway, window, at)
        return running
    if local_day(at) > window.last:
        # Nobody can go any more; the deviation tells it.
        return None
    return _call(pathway, window, at)


def _pathway_to_visit(birth_id: int) -> Pathway | None:
    """The active pathway of the birth, when its rules know the visit, nobody is in mourning and it was not made
    elsewhere."""
    rows = Pathway.objects.filter(birth=birth_id, state=PathwayState.ACTIVE, birth__is_silent=False)
    rows = rows.exclude(elsewhere__contains=[{"kind": StepKind.ULTRA_EARLY}])
    found: Pathway | None = rows.filter(rules__ultra_early_minutes__gt=0).select_related("carrier", "rules").first()
    return found


def _move(call: EarlyCall, pathway: Pathway, window: rules.Window, at: datetime) -> None:
    """The days follow the discharge; the visit that was confirmed for others falls once its own layer hears of it."""
    today, former_last = local_day(at), call.last_day
    days = {"first_day": window.first, "last_day": window.last}
    EarlyCall.objects.filter(pk=call.pk).exclude(**days).update(**days)
    call.first_day, call.last_day = window.first, window.last
    if call.confirmed_at is None and former_last < today <= window.last:
        # Nobody waited for an answer any more: the days that went by were not those of the discharge.
        EarlyCall.objects.filter(pk=call.pk).update(called_at=at, escalated_at=None)
        call.called_at = at
        # Each round has its own mark: a discharge that comes back to its former days calls anew.
        _page(call, pathway, at, again=f"{at:%Y%m%d%H%M%S}")


def _call(pathway: Pathway, window: rules.Window, at: datetime) -> EarlyCall:
    call: EarlyCall = EarlyCall.objects.create(
        birth_id=pathway.birth_id,
        family_id=pathway.family_id,
        pathway=pathway,
        first_day=window.first,
        last_day=window.last,
        called_at=at,
    )
    _page(call, pathway, at)
    return call


def _page(call: EarlyCall, pathway: Pathway, at: datetime, *, again: str = "", told: Collection[int] = ()) -> None:
    """Call whoever may make the visit now. `again` is the mark of a later round, `told` those who know already."""
    people = _to_call(pathway, at)
    EarlyCallPerson.objects.bulk_create(
        [EarlyCallPerson(call=call, family_id=call.family_id, member=person, called_at=at) for person in people],
        update_conflicts=True,
        unique_fields=["call", "member"],
        update_fields=["called_at"],
    )
    for person in people:
        if person.pk not in told:
            notices.visit_wanted(call=call, reader=person, again=again, at=at)
    if not people:
        # Nobody to wait for: the coordination is told at once.
        escalate(pk=call.pk, at=at)


def _to_call(pathway: Pathway, at: datetime) -> list[Member]:
    """The family's own auxiliary, and the one on duty for her team."""
    day = local_day(at)
    own = Member.objects.current(day).filter(pk=pathway.ap_id).select_related("user").order_by("pk")
    found = {person.pk: person for person in (*own, *on_duty(pathway.carrier_id, DutyPlace.AP, at))}
    return list(found.values())


def confirm_early_call(*, pathway_id: int, by: Member, at: datetime) -> bool:
    """The visit is planned for this auxiliary: the call is answered. False when none was waiting."""
    waiting = EarlyCall.objects.waiting().filter(pathway=pathway_id)
    return bool(waiting.update(confirmed_by=by, confirmed_at=at))


def resume_early_call(*, pathway_id: int, ended_at: datetime) -> bool:
    """The stop that ended the call was a mistake, and the visit that answered it stands again: nobody is called anew.

    False when no answered call ended then.
    """
    ended = EarlyCall.objects.filter(pathway=pathway_id, ended_at=ended_at, confirmed_at__isnull=False)
    return bool(ended.update(ended_at=None))


def hand_early_call_to(*, pathway_id: int, ap: Member) -> None:
    """The early visit went over to another auxiliary: from now on it is hers, and the file with it."""
    held = EarlyCall.objects.filter(pathway=pathway_id, confirmed_by__isnull=False, ended_at=None)
    held.update(answered_by=Coalesce("answered_by", "confirmed_by"), confirmed_by=ap)


def reopen_early_call(*, pathway_id: int, fallen: Fallen, at: datetime) -> bool:
    """The planned visit fell through: an auxiliary is called again at once, and the hour begins anew.

    Where the discharge has changed, whoever had confirmed and the team are told too, even when nobody can go any
    more. The birth is held by the caller. False when nobody is wanted.
    """
    pathway = Pathway.objects.select_related("carrier", "territory").get(pk=pathway_id)
    calls = EarlyCall.objects.filter(pathway=pathway, confirmed_at__isnull=False)
    call: EarlyCall | None = calls.select_for_update(of=("self",)).order_by("-called_at", "-pk").first()
    is_wanted = call is not None and call.ended_at is None and call.last_day >= local_day(at)
    has_moved = fallen.why == Reopened.DISCHARGE
    told: dict[int, Member] = {}
    if has_moved:
        told = _had_confirmed(call, fallen)
        notices.visit_fell(visit=fallen.visit, pathway=pathway, confirmed=told.values(), at=at)
    if call is not None and (is_wanted or has_moved):
        _reopen(call, fallen, is_wanted=is_wanted, at=at)
    if call is not None and is_wanted:
        _page(call, pathway, at, again=str(fallen.visit)[:8], told=told)
    return is_wanted


def _had_confirmed(call: EarlyCall | None, fallen: Fallen) -> dict[int, Member]:
    """Whose visit it was, and who had answered the call when another one planned it."""
    keys = {fallen.ap.pk} | ({call.confirmed_by_id} if call and call.confirmed_by_id else set())
    return {person.pk: person for person in Member.objects.filter(pk__in=keys).select_related("user").order_by("pk")}


def _reopen(call: EarlyCall, fallen: Fallen, *, is_wanted: bool, at: datetime) -> None:
    """Nobody has confirmed it any more; the page says why. Where nobody can go, no hour begins."""
    fell = {"reopened_at": at, "reopened_why": fallen.why, "fallen_at": fallen.planned_at, "fallen_by": fallen.ap}
    hour = {"called_at": at, "escalated_at": None if is_wanted else at}
    EarlyCall.objects.filter(pk=call.pk).update(confirmed_by=None, confirmed_at=None, answered_by=None, **hour, **fell)
    call.called_at = at


def end_early_calls(*, birth_id: int, at: datetime) -> int:
    """Nobody is wanted any more: another kind of discharge, a stop, a death. Returns how many calls that ended."""
    return int(EarlyCall.objects.filter(birth=birth_id, ended_at=None).update(ended_at=at))


# ---- The hour that passes --------------------------------------------------------------------------------
def unanswered(*, at: datetime) -> list[int]:
    """Keys of the calls that nobody answered within CONFIRMED_WITHIN and of which no coordinator was told."""
    late = EarlyCall.objects.waiting().filter(called_at__lte=at - rules.CONFIRMED_WITHIN, escalated_at=None)
    return list(late.order_by("called_at", "pk").values_list("pk", flat=True)[:500])


@transaction.atomic
def escalate(*, pk: int, at: datetime) -> bool:
    """Tell the coordinators once; False when somebody answered meanwhile or another worker was faster."""
    if not EarlyCall.objects.waiting().filter(pk=pk, escalated_at=None).update(escalated_at=at):
        return False
    call = EarlyCall.objects.select_related("territory", "pathway__carrier").get(pk=pk)
    notices.nobody_confirmed(call=call, at=at)
    return True

"""Ultra-early discharges: one call that waits, those of the last months that an auxiliary answered."""

from datetime import datetime, timedelta

from copa.demo.care.base import Office
from pathways.enums import DischargeKind
from pathways.models import Discharge, EarlyCall, EarlyCallPerson, Pathway
from pathways.rules import CONFIRMED_WITHIN, ultra_early_window
from territories.enums import DutyPlace
from territories.models import DutyShift

ANSWERED = 3
RECENT = timedelta(days=80)


def write_early_calls(office: Office) -> None:
    """The auxiliary on duty was called two hours ago and has not answered: the coordination has been told."""
    waiting = office.pathway("ultra_early")
    call = _call(office, waiting, minutes=None)
    shifts = DutyShift.objects.running(call.called_at).filter(structure=waiting.carrier_id, place=DutyPlace.AP)
    _person(office, call, shifts.values_list("member_id", flat=True).get())
    between = (office.at - RECENT, office.at - timedelta(days=2))
    early = Discharge.objects.filter(kind=DischargeKind.ULTRA_EARLY, at__range=between, birth__is_silent=False)
    rows = Pathway.objects.filter(birth__in=early.order_by().values("birth"), ap__isnull=False)
    answered = rows.exclude(pk=waiting.pk).order_by("-birth__at", "family__reference")[:ANSWERED]
    for rank, pathway in enumerate(answered):
        _person(office, _call(office, pathway, minutes=12 + 17 * rank), pathway.ap_id)


def _call(office: Office, pathway: Pathway, *, minutes: int | None) -> EarlyCall:
    """The call that left with the discharge or the inclusion, whichever came last; `minutes` until it was answered."""
    discharge = Discharge.objects.get(birth=pathway.birth_id)
    called_at: datetime = max(discharge.recorded_at, pathway.included_at)
    left_on = discharge.at.astimezone(office.known.zone).date()
    days = ultra_early_window(left_on, pathway.rules.ultra_early_days_after)
    is_late = minutes is None and called_at + CONFIRMED_WITHIN <= office.at
    return office.put(
        EarlyCall,
        family_id=pathway.family_id,
        birth_id=pathway.birth_id,
        pathway=pathway,
        first_day=days.first,
        last_day=days.last,
        called_at=called_at,
        escalated_at=called_at + CONFIRMED_WITHIN if is_late else None,
        confirmed_by_id=None if minutes is None else pathway.ap_id,
        confirmed_at=None if minutes is None else called_at + timedelta(minutes=minutes),
    )


def _person(office: Office, call: EarlyCall, member: int | None) -> None:
    office.put(EarlyCallPerson, family_id=call.family_id, call=call, member_id=member, called_at=call.called_at)

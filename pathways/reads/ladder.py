"""Whom each step of the ladder calls (alerts.md 7), and who was told so far, with the number to call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copa.kernel import clock
from pathways.enums import LadderStep
from pathways.models import Alert, AlertNotice, AlertReader
from pathways.reads.team_lines import answering_now
from territories.enums import PILOTS, DutyPlace, Role
from territories.models import Member, Structure, Territory
from territories.reads import on_duty

# Whom a step calls first; when nobody stands there, the coordination and the mailbox of the team instead.
PLACES = {
    LadderStep.RAISED: DutyPlace.FIRST,
    LadderStep.SECOND: DutyPlace.SECOND,
    LadderStep.DOCTOR: DutyPlace.DOCTOR,
    LadderStep.REMINDED: DutyPlace.FIRST,
}
# The steps at which somebody of the team is called; the others tell the AP and the midwife.
CALLING = (*PLACES, LadderStep.PILOTS)


@dataclass(frozen=True, slots=True)
class StepPeople:
    """Whom a step calls; `is_fallback`: nobody is on duty at its place."""

    people: list[Member]
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class CalledPerson:
    """Somebody whom an alert calls; `phone` is E.164, "" when none is known."""

    name: str
    phone: str


def people_of_step(alert: Alert, step: str, at: datetime) -> StepPeople:
    """Whom this step calls at this instant; `alert` carries its pathway, its AP and its territory.

    Whoever raised it knows: where she stands alone at a place of the team, the next one is called at once.
    """
    if step == LadderStep.AP:
        return StepPeople([alert.auxiliary] if alert.auxiliary else [])
    if step == LadderStep.PILOTS:
        return StepPeople(_but_raiser(_people(alert, PILOTS, at), alert))
    if step == LadderStep.UNSAID:
        return StepPeople([one for one in (alert.acknowledged_by,) if one])
    if step == LadderStep.RETURN:
        return StepPeople(_with_coordination([one for one in (alert.acknowledged_by,) if one], alert, at))
    if step == LadderStep.REFUSED:
        return _doctors(alert, at)
    here = on_duty_for(alert.pathway.carrier, PLACES[LadderStep(step)], at, alert.territory)
    people = _others(here, alert) or (_next_on_duty(alert, step, at) if here else [])
    if not people or step in {LadderStep.DOCTOR, LadderStep.REMINDED}:
        return StepPeople(_with_coordination(people, alert, at), is_fallback=not here)
    return StepPeople(people)


def _others(people: list[Member], alert: Alert) -> list[Member]:
    """Without whoever raised it, who knows."""
    return [one for one in people if one.pk != alert.raised_by_id]


def _next_on_duty(alert: Alert, step: str, at: datetime) -> list[Member]:
    """Who stands at the next place of the roster, for whoever raised it stands at this one."""
    later = [place for place in (DutyPlace.SECOND, DutyPlace.DOCTOR) if place > PLACES[LadderStep(step)]]
    found = (_others(on_duty_for(alert.pathway.carrier, place, at, alert.territory), alert) for place in later)
    return next(filter(None, found), [])


def on_duty_for(carrier: Structure, place: int, at: datetime, territory: Territory) -> list[Member]:
    """Who holds this place for a team: those of the line that answers at this hour first, then its own (rule A0).

    A CPP that is closed on Sundays names the maternity: her roster is called, and whoever the CPP put on its own.
    """
    line = answering_now(carrier, at, territory) or carrier
    people = on_duty(line.pk, place, at)
    if line.pk != carrier.pk:
        people += [one for one in on_duty(carrier.pk, place, at) if one not in people]
    return people


def _doctors(alert: Alert, at: datetime) -> StepPeople:
    """The doctor of the team on duty, else those named for it; without any the coordination, which finds one."""
    people = on_duty(alert.pathway.carrier_id, DutyPlace.DOCTOR, at)
    if not people:
        day = clock.local_date(at, alert.territory.time_zone)
        named = AlertReader.objects.current(day).filter(structure=alert.pathway.carrier_id)
        people = [one.member for one in named.select_related("member__user").order_by("pk")]
    return StepPeople(people) if people else StepPeople(_with_coordination([], alert, at), is_fallback=True)


def _with_coordination(people: list[Member], alert: Alert, at: datetime) -> list[Member]:
    """These, then the coordination; where nobody has that role, the pilots, so that no alert calls nobody."""
    others = _but_raiser(_people(alert, {Role.COORDINATOR}, at), alert) or _but_raiser(
        _people(alert, PILOTS, at), alert
    )
    return [*people, *(one for one in others if one not in people)]


def _but_raiser(people: list[Member], alert: Alert) -> list[Member]:
    """Without whoever raised it, unless nobody else is left: no alert calls nobody."""
    return _others(people, alert) or people


def current_members(alert: Alert, at: datetime) -> Any:
    """Members of the territory of this alert whose rights run at this instant."""
    return Member.objects.current(clock.local_date(at, alert.territory.time_zone))


def called_now(alert: Alert) -> list[CalledPerson]:
    """Who was called at the last step that was reached, by name; one query."""
    told = AlertNotice.objects.filter(step__alert=alert.pk, step__step__in=CALLING, member__isnull=False)
    rows = list(told.select_related("member__user").order_by("-step__reached_at", "-step_id", "pk"))
    last = [row.member for row in rows if row.step_id == rows[0].step_id]
    return shown(dict.fromkeys(last))


def shown(people: Iterable[Member]) -> list[CalledPerson]:
    """Their names and numbers, as a page shows them."""
    return [CalledPerson(one.user.get_full_name(), one.user.phone) for one in people]


def _people(alert: Alert, roles: Iterable[str], at: datetime) -> list[Member]:
    return list(current_members(alert, at).with_role(*roles).select_related("user").order_by("pk"))

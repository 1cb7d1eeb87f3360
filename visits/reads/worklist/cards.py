"""The cards above the table, and the sign that stands above everything."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from copa.kernel.french import NBSP, delay, hour, listed
from copa.kernel.french import day as short_day
from pathways.enums import SIGN_KINDS, AlertKind, ProposalAnswer
from pathways.reads.facts.names import name_of
from pathways.rules import day_of
from visits.reads.alert_words import alert_facts, alert_label
from visits.reads.households import Household, child_age
from visits.reads.thread import short_kind
from visits.reads.under_way import UnderWay
from visits.reads.worklist.names import Shown
from visits.reads.worklist.shapes import TOP, Card, Place, SignAlert, Task
from visits.rules import ClockState, report_clock


def births_card(births: list[Any], homes: Mapping[int, Household], today: date) -> Card:
    """Births without a proposal, and how many each maternity has to see to."""
    numbers = Counter((birth.maternity__name, birth.maternity__public_id) for birth in births)
    places = tuple(Place(name, public_id, number) for (name, public_id), number in sorted(numbers.items()))
    return Card(len(births), tuple(birth_task(birth, homes, today) for birth in births[:TOP]), places=places)


def birth_task(birth: Any, homes: Mapping[int, Household], today: date) -> Task:
    """A birth: whose, where, and whether the mother has gone home."""
    state, words = ("bad", "déjà sortie") if birth.has_left else ("", f"J{day_of(birth.day, today)}")
    home = homes[birth.family_id]
    text = f"{home.child_names or 'bébé'}, {short_day(birth.at)} à {hour(birth.at)}, {birth.maternity__name}"
    return Task(home, birth.public_id, text, state, "clock", words)


def proposal_task(proposal: Any, homes: Mapping[int, Household], today: date) -> Task:
    """A proposal that nothing has followed yet."""
    home = homes[proposal.family_id]
    text = f"présenté {short_day(proposal.proposed_on)}, J{day_of(proposal.birth__day, today)}"
    if proposal.answer == ProposalAnswer.YES:
        return Task(home, proposal.birth__public_id, f"oui, {text}", "warn", "check", "à inclure")
    again = proposal.ask_again_on
    if again is None:
        return Task(home, proposal.birth__public_id, text, "", "clock", "veut réfléchir")
    state = "warn" if again <= today else ""
    return Task(home, proposal.birth__public_id, text, state, "clock", f"en reparler {short_day(again)}")


def unplanned_task(pathway: UnderWay, shown: Shown, today: date) -> Task:
    """A pathway some of whose visits have no date."""
    home = shown.homes[pathway.family_id]
    text = f"{listed(pathway.missing)} à fixer d’ici au {short_day(pathway.window_to)}"
    if home.is_isolated:
        text += ", zone isolée"
    if pathway.ap_id is None:
        return Task(home, pathway.public_id, text, "bad", "user", "personne")
    days_left = (pathway.window_to - today).days
    state = "bad" if days_left < 0 else ("warn" if days_left <= 7 else "")
    words = "dates passées" if days_left < 0 else f"encore {days_left}{NBSP}j"
    return Task(home, pathway.public_id, text, state, "calendar", words)


def report_card(visits: list[Any], homes: Mapping[int, Household], at: datetime) -> Card:
    """Visits whose report is owed; those past their 24 hours are the urgent ones."""
    late = ClockState.LATE
    urgent = sum(report_clock(visit.report_due_at, None, at).state == late for visit in visits)
    return Card(len(visits), tuple(_report_task(visit, homes) for visit in visits[:TOP]), urgent)


def _report_task(visit: Any, homes: Mapping[int, Household]) -> Task:
    home = homes[visit.family_id]
    text = f"{short_kind(visit.kind)}, {name_of(visit, 'ap')}"
    return Task(home, home.public_id, text, due_at=visit.report_due_at, ended_at=visit.ended_at)


def alert_task(alert: Any, homes: Mapping[int, Household], at: datetime) -> Task:
    """An open alert, without what is sealed in it."""
    state = "bad" if alert.kind in SIGN_KINDS or alert.kind == AlertKind.REPORT_OVERDUE else "warn"
    words = f"{delay(at - alert.raised_at)} d’attente"
    return Task(homes[alert.family_id], alert.public_id, alert_label(alert), state, "alert", words)


def alerts_card(alerts: list[Any], homes: Mapping[int, Household], at: datetime) -> Card:
    """The alerts that wait, without the one that already stands above them (`sign_alert`)."""
    others = alerts[1:] if _has_sign(alerts) else alerts
    return Card(len(others), tuple(alert_task(row, homes, at) for row in others[:TOP]))


def _has_sign(alerts: list[Any]) -> bool:
    return bool(alerts) and alerts[0].kind in SIGN_KINDS


def sign_alert(alerts: list[Any], shown: Shown, at: datetime, today: date) -> SignAlert | None:
    """The most vital sign that waits; None without any."""
    if not _has_sign(alerts):
        return None
    alert = alerts[0]
    pathway = shown.pathways[alert.pathway_id]
    return SignAlert(
        public_id=alert.public_id,
        household=shown.homes[alert.family_id],
        age=child_age(pathway.birth__day, today),
        kind=alert_label(alert),
        facts=alert_facts(alert),
        raised_by=_raiser(alert),
        raised_at=alert.raised_at,
        answer_due_at=alert.answer_due_at,
        phone=pathway.carrier__phone,
        is_late=alert.answer_due_at is not None and alert.answer_due_at < at,
        total=len(alerts),
    )


def _raiser(alert: Any) -> str:
    """Who raised it; "" when a job did."""
    return name_of(alert, "raised_by")

"""The story of a family: real events, by local day, the latest first. Nothing is told that the reader may not know."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from copa.kernel import clock
from copa.kernel.french import NBSP, capitalised, delay, full_day, full_stop, hour, inner, moment, of
from copa.kernel.french import day as short_day
from pathways.enums import SIGN_KINDS, DischargeKind, ProposalAnswer
from pathways.models import Alert
from pathways.reads.facts import BirthFacts, PathwayFacts
from pathways.rules import course_words, day_of
from visits import rules
from visits.enums import (
    VISIT_RUNNING,
    DeviationKind,
    NotDoneReason,
    ThirdVisitMotive,
    VisitKind,
    VisitState,
    WindowReason,
)
from visits.reads.alert_words import alert_facts, alert_label
from visits.reads.deviations import reason_of, title_of
from visits.reads.family_material import (
    HOME_LETTERS,
    AddendumRow,
    CarriedRow,
    DeliveryRow,
    Material,
    SignedReport,
    VisitRow,
    is_quiet,
)
from visits.reads.households import followed_names
from visits.reads.thread import named_kind, pmi_words, visit_at

REPORTS, VISITS = "reports", "visits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. `at` None: only the day is known. `page` with `public_id` leads to it.

    `is_off`: it will not happen, whatever its day.
    """

    on: date
    at: datetime | None = None
    icon: str
    state: str = ""
    title: str
    text: str = ""
    page: str = ""
    public_id: UUID | None = None
    is_weighty: bool = False
    badges: tuple[tuple[str, str, str], ...] = ()
    part: str = ""
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class StoryDay:
    """The events of one local day; `number` is D+n of the last birth, None before it; `year` "" in the current one."""

    on: date
    number: int | None
    is_today: bool
    is_future: bool
    year: str
    events: list[Event] = field(default_factory=list)


def story(material: Material) -> list[StoryDay]:
    """Every event this reader may know of, the latest day first, within a day the latest hour first."""
    own = [*_births(material), *_visits(material), *_reports(material), *_alerts(material)]
    events = [*own, *_deviations(material), *_told(material)]
    zone = ZoneInfo(material.zone)

    births = {birth.day: birth.at for birth in material.facts.births}

    def instant(event: Event) -> datetime:
        # Without an hour: at the beginning of the day, on the day of birth just after it.
        return event.at or births.get(event.on) or datetime.combine(event.on, time(0, 1), tzinfo=zone)

    ordered = sorted(events, key=lambda event: (event.on, instant(event), event.at is None), reverse=True)
    birth = material.facts.birth
    days = []
    for on, of_day in groupby(ordered, key=lambda event: event.on):
        number = day_of(birth.day, on) if birth and on >= birth.day else None
        year = "" if on.year == material.today.year else str(on.year)
        events_of_day = list(of_day)
        is_future = on > material.today and not all(event.is_off for event in events_of_day)
        days.append(StoryDay(on, number, on == material.today, is_future, year, events_of_day))
    return days


def _on(at: datetime, material: Material) -> date:
    return clock.local_date(at, material.zone)


# ---- Births, proposals, adhesion, inclusion --------------------------------------------------------------
def _births(material: Material) -> Iterator[Event]:
    for birth in material.facts.births:
        yield _born(birth, material)
        if birth.discharge:
            out = birth.discharge
            title = "Sortie prévue" if out.at > material.at else "Retour à la maison"
            text = f"Sortie {inner(out.kind_label)}, décidée par {out.decided_by}."
            if out.has_medical_agreement and out.kind == DischargeKind.ULTRA_EARLY:
                text += " Accord médical donné."
            yield Event(on=_on(out.at, material), at=out.at, icon="door", title=title, text=text)
        yield from _proposal(birth, material)
        yield from _consent(birth, material)
        if birth.pathway:
            yield from _pathway(birth.pathway, material)


def _born(birth: BirthFacts, material: Material) -> Event:
    place = capitalised(material.place_of(birth))
    if birth.is_silent:
        text = f"{place}."
        if material.sees_living_child and birth == material.facts.birth:
            text += f" En vie{NBSP}: {followed_names(birth.children)}."
        return Event(on=birth.day, at=birth.at, icon="home", title="Accouchement", text=text)
    names = followed_names(birth.children) if birth == material.facts.birth else birth.children_names
    term = f", {birth.term_weeks}{NBSP}SA" if birth.term_weeks else ""
    title = f"Naissance {of(names)}" if names else "Naissance"
    return Event(on=birth.day, at=birth.at, icon="baby", state="warm", title=title, text=f"{place}{term}.")


def _proposal(birth: BirthFacts, material: Material) -> Iterator[Event]:
    proposal = birth.proposal
    if proposal is None:
        return
    text = f"{proposal.context_label}, par {proposal.by}."
    if proposal.ask_again_on:
        text += full_stop(f" En reparler {short_day(proposal.ask_again_on)}")
    yield Event(on=proposal.proposed_on, icon="book", title="CoPa présenté", text=text)
    if proposal.answered_at and proposal.answer == ProposalAnswer.NO:
        reason = f"Raison : {inner(proposal.refusal_label)}." if proposal.refusal_label else "Sans raison demandée."
        at = proposal.answered_at
        # Column E alone (inclusion.md 2): what she said of her refusal stays with the team.
        text = reason if material.is_inside else ""
        yield Event(on=_on(at, material), at=at, icon="x", title="CoPa refusé", text=text)


def _consent(birth: BirthFacts, material: Material) -> Iterator[Event]:
    consent = birth.consent
    if consent is None:
        return
    mother = material.facts.mother.first_names
    text = f"Recueilli par {consent.collected_by}, {inner(consent.place_label)}, texte {consent.text_version}."
    on = _on(consent.at, material)
    yield Event(on=on, at=consent.at, icon="check", state="ok", title=f"{mother} accepte CoPa", text=text)
    if consent.withdrawn_at:
        at = consent.withdrawn_at
        # Outside the team nobody learns how far she stops, nor why (inclusion.md 8).
        is_told = consent.keeps_space and material.is_inside
        title = f"{mother} arrête les visites, garde son espace" if is_told else f"{mother} retire son accord"
        yield Event(on=_on(at, material), at=at, icon="x", title=title)


def _pathway(pathway: PathwayFacts, material: Material) -> Iterator[Event]:
    window = pathway.window
    text = full_stop(
        f"Par {pathway.included_by}. Visites possibles du {short_day(window.first)} au {full_day(window.last)}"
    )
    at = pathway.included_at
    yield Event(on=_on(at, material), at=at, icon="flag", title=f"Famille incluse, équipe {pathway.carrier}", text=text)
    if pathway.closed_at:
        at = pathway.closed_at
        title = "Parcours clos" if pathway.closing_label else capitalised(course_words(pathway.state))
        yield Event(on=_on(at, material), at=at, icon="done", title=title, text=pathway.closing_label)


# ---- Visits ----------------------------------------------------------------------------------------------
def _visits(material: Material) -> Iterator[Event]:
    for visit in material.visits:
        yield _visit(visit, material)


def _visit(visit: VisitRow, material: Material) -> Event:
    at = visit_at(visit)
    title, state = _visit_words(visit)
    text = f"{material.directory.name(visit.ap_id)}."
    # Deviations and the motive of a V3 are not for the doctors outside (documents.md 1, blocks 13 and 14).
    if visit.window_reason and material.is_inside:
        text += f" Hors dates : {inner(WindowReason(visit.window_reason).label)}."
    if visit.motive and material.letter in HOME_LETTERS:
        text += f" {ThirdVisitMotive(visit.motive).label}."
    pmi = pmi_words(visit.partner_state, visit.partner_reason)
    if pmi and material.letter in HOME_LETTERS and visit.state in VISIT_RUNNING:
        text += f" {pmi}."
    if visit.not_done_reason and material.is_inside:
        text += f" {NotDoneReason(visit.not_done_reason).label}."
    is_off = visit.state in {VisitState.CANCELLED, VisitState.NOT_DONE}
    return Event(
        on=_on(at, material), at=at, icon="home", state=state, title=title, text=text, part=VISITS, is_off=is_off
    )


def _visit_words(visit: VisitRow) -> tuple[str, str]:
    name = capitalised(f"visite {visit.kind}" if visit.kind != VisitKind.ULTRA_EARLY else named_kind(visit.kind))
    if visit.state == VisitState.ENDED and visit.ended_at and visit.started_at:
        return f"{name} faite, {delay(visit.ended_at - visit.started_at)}", "warm"
    if visit.state == VisitState.STARTED:
        return f"{name} en cours", "warm"
    if visit.state == VisitState.PLANNED:
        return f"{name} prévue, {delay(timedelta(minutes=visit.planned_minutes))}", "warm"
    return (f"{name} pas faite", "warn") if visit.state == VisitState.NOT_DONE else (f"{name} annulée", "")


# ---- Reports ---------------------------------------------------------------------------------------------
def _reports(material: Material) -> Iterator[Event]:
    of_report: dict[int, list[DeliveryRow]] = {}
    for delivery in material.deliveries:
        of_report.setdefault(delivery.report_id, []).append(delivery)
    for report in material.reports:
        yield _report(report, of_report.get(report.pk, []), material)
        if report.pk in material.sealed:
            yield _sealed(report, material)
    for addendum in material.addenda:
        yield _addendum(addendum, material)
    for one in material.carried:
        yield _carried(one)


def _carried(row: CarriedRow) -> Event:
    """At the day of the visit, which was made elsewhere."""
    text = f"Écrit par {row.author}, {row.written_in}. Reçu avec le dossier le {full_day(row.received_at)}."
    title = f"Compte rendu de la {named_kind(row.kind)}, fait ailleurs"
    return Event(
        on=row.on, icon="file", title=title, text=text, page="visits:carried", public_id=row.received, part=REPORTS
    )


def _report(report: SignedReport, deliveries: list[DeliveryRow], material: Material) -> Event:
    visit = report.visit
    name = f"Compte rendu de la {named_kind(visit.kind)}"
    delivered_at = visit.report_delivered_at
    is_readable = report.pk in material.readable
    badges = tuple(_opened(one, material) for one in deliveries if one.opened_at)
    if delivered_at and visit.ended_at:
        state_of_clock = rules.report_clock(visit.report_due_at, delivered_at, delivered_at).state
        is_late = state_of_clock == rules.ClockState.DELIVERED_LATE
        title = f"{name} remis en {delay(delivered_at - visit.ended_at)}"
        state, at = ("bad" if is_late else "ok"), delivered_at
        if not badges:
            badges = (("", "eye", "pas encore ouvert"),)
    else:
        title, state, at = f"{name} signé, en cours de remise", "info", report.signed_at
    text = f"Par {material.directory.name(report.author_id)}."
    if not is_readable:
        text += " Sa lecture ne vous est pas ouverte."
    return Event(
        on=_on(at, material),
        at=at,
        icon="file",
        state=state,
        title=title,
        text=text,
        page="visits:report" if is_readable else "",
        public_id=report.public_id if is_readable else None,
        is_weighty=True,
        badges=badges,
        part=REPORTS,
    )


def _opened(delivery: DeliveryRow, material: Material) -> tuple[str, str, str]:
    reader = material.directory.name(delivery.opened_by_id) or material.directory.place(delivery.structure_id).name
    return ("ok", "check", f"Ouvert par {reader}, {moment(delivery.opened_at)}")


def _sealed(report: SignedReport, material: Material) -> Event:
    at = report.signed_at
    return Event(
        on=_on(at, material),
        at=at,
        icon="lock",
        title=f"Partie protégée du compte rendu de la {named_kind(report.visit.kind)}",
        text="Chaque lecture est enregistrée.",
        page="visits:sealed",
        public_id=report.public_id,
        part=REPORTS,
    )


def _addendum(addendum: AddendumRow, material: Material) -> Event:
    kind = named_kind(addendum.report.visit.kind)
    text = f"{material.directory.name(addendum.author_id)}."
    is_readable = addendum.report.pk in material.readable
    if is_readable:
        text += f" Motif : {addendum.reason}."
    return Event(
        on=_on(addendum.at, material),
        at=addendum.at,
        icon="edit",
        title=f"Complément au compte rendu de la {kind}",
        text=text,
        page="visits:report" if is_readable else "",
        public_id=addendum.report.public_id if is_readable else None,
        part=REPORTS,
    )


# ---- Alerts and openings ---------------------------------------------------------------------------------
def _alerts(material: Material) -> Iterator[Event]:
    for alert in material.alerts:
        if alert.pk not in material.silent_alerts:
            yield _alert(alert, material)


def _alert(alert: Alert, material: Material) -> Event:
    title, text = alert_label(alert), _stopped(alert_facts(alert))
    if alert.acknowledged_by_id and alert.acknowledged_at:
        who = material.directory.name(alert.acknowledged_by_id)
        function = inner(material.directory.function(alert.acknowledged_by_id))
        text = f"{text} {who}, {function}, a pris le relais {moment(alert.acknowledged_at)}.".strip()
        if alert.instruction and not alert.is_sealed:
            text += f" Consigne : {alert.instruction}"
        text += f" Close {moment(alert.closed_at)}." if alert.closed_at else ""
        text += f" Terminée {moment(alert.ended_at)}." if alert.ended_at and alert.kind in SIGN_KINDS else ""
    elif alert.ended_at:
        text = f"{text} Terminée {moment(alert.ended_at)}.".strip()
    elif alert.answer_due_at:
        text = f"{text} Réponse attendue avant {hour(alert.answer_due_at)}.".strip()
    is_open = alert.acknowledged_at is None and alert.ended_at is None
    state = "bad" if is_open and alert.kind in SIGN_KINDS else ("warn" if is_open else "")
    at = alert.raised_at
    return Event(on=_on(at, material), at=at, icon="alert", state=state, title=title, text=text)


def _stopped(text: str) -> str:
    return full_stop(text.rstrip()) if text.strip() else ""


# ---- Deviations from the protocol ------------------------------------------------------------------------
def _deviations(material: Material) -> Iterator[Event]:
    """For column E alone (documents.md 1, block 14), and without the reason of a questionnaire not filled in.

    In mourning nobody counts how a visit went.
    """
    is_told = material.is_inside and not is_quiet(material.facts)
    for one in material.deviations if is_told else ():
        at = one.detected_at
        label = reason_of(one)
        text = f"Motif{NBSP}: {inner(label)}." if label else "Motif à noter."
        if label and one.kind == DeviationKind.EPDS:
            text = "Motif noté."
        title = f"Écart au protocole{NBSP}: {inner(title_of(one))}"
        yield Event(on=_on(at, material), at=at, icon="updown", title=title, text=text, part=VISITS)


# ---- What the subjects of the layer below tell -----------------------------------------------------------
def _told(material: Material) -> Iterator[Event]:
    for one in material.told:
        yield Event(
            on=_on(one.at, material),
            at=None if one.is_all_day else one.at,
            icon=one.icon,
            state=one.state,
            title=one.title,
            text=one.text,
            # What is told leads to a part of the file: an emergency opens none.
            page="" if material.is_emergency else one.page,
            public_id=None if material.is_emergency else one.public_id,
            is_off=one.is_off,
        )

"""The relay file, prepared by itself (documents.md 2): what the PMI needs to go on, on screen and on paper.

Nothing of the protected compartment, no alert that is sealed, and of the EPDS only whether it was filled unless the
mother opened its total to the PMI. Without her agreement there is no file at all (A16).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from copa.kernel import clock
from copa.kernel.french import NBSP, full_day, full_stop, inner, listed
from copa.kernel.french import phone as phone_words
from pathways.enums import AlertKind, RelayState
from pathways.models import Alert, PmiRelay
from pathways.reads.facts import BirthFacts, FamilyFacts, family_facts
from pathways.reads.relays import RelayFollowUp, follow_up
from pathways.reads.routing import relay_routing
from pathways.reads.transfers import visit_words
from pathways.rules.contact import CHANGED_WORDS
from visits.enums import VisitState
from visits.models import Report, Visit
from visits.questionnaire import Block, Line
from visits.reads import relay_parts as parts
from visits.reads.of_the_living import closed_ranks
from visits.reads.report import blocks_for
from visits.reads.signs import rank_of
from visits.reads.thread import short_kind

# Said elsewhere in the file, as it stands now, or not told to the PMI here: alerts stand as attention points, with
# their outcome.
LEFT_OUT = frozenset({"head", "remember", "foot", "alerts", "present", "circle", "needs", "grid"})
# What became of the examinations since is in the calendar: one answer, not two.
EXAMS = ("child.exam.", "child.cert.")
NOT_AGREED = "Relais non transmis : accord non donné"
WISHES = ("pmi.link", "v3.result")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFile:
    """The file. `is_agreed` False: nothing but the sentence that says so, or, in mourning, whom to call (`closed`).

    `blocks` are in the order of the document.
    """

    public_id: UUID
    reference: str
    family: str
    children: str
    pmi: str
    is_agreed: bool
    blocks: tuple[Block, ...]
    written_at: datetime
    closed: str = ""


def relay_file(relay: PmiRelay, at: datetime, zone: str) -> RelayFile:
    """A fixed number of queries, whatever the course; once the family has stopped, or in mourning, there is no file."""
    family = family_facts(relay.family_id, at)
    birth = next(one for one in family.births if one.relay and one.relay.public_id == relay.public_id)
    # Printing it is handing it over: the rule of routing is asked each time.
    answer = relay_routing(relay)
    is_open = relay.is_agreed and answer.allowed
    blocks = tuple(_blocks(relay, family, birth, at, zone)) if is_open else ()
    return RelayFile(
        public_id=relay.public_id,
        reference=family.reference,
        family=family.name if is_open else "",
        children=birth.children_names if is_open else "",
        pmi=birth.relay.pmi if birth.relay else "",
        is_agreed=is_open,
        blocks=blocks,
        written_at=at,
        closed="" if is_open else answer.reason if relay.is_agreed else NOT_AGREED,
    )


def _blocks(relay: PmiRelay, family: FamilyFacts, birth: BirthFacts, at: datetime, zone: str) -> Iterator[Block]:
    today = clock.local_date(at, zone)
    told = follow_up(relay, today, zone)
    signed = Report.objects.filter(visit__pathway=relay.pathway_id).signed().select_related("visit")
    reports = list(signed.order_by("signed_at", "pk"))
    last = reports[-1] if reports else None
    third = tuple(parts.third_visit(relay, birth, zone))
    yield _block(1, "who", "Qui et où", [*_who(family), *parts.answered(reports, "who.interpreter")])
    yield _block(2, "wishes", "Ce que la famille souhaite", _wishes(last))
    yield _block(3, "course", "Le parcours", _course(relay, birth, third, today, zone))
    if last is not None:
        left_out = (*EXAMS, *(parts.refused_before(last) if third else ()))
        kept = [block for block in blocks_for(last, parts.LETTER, without=left_out) if block.code not in LEFT_OUT]
        for block in kept:
            yield _block(4, block.code, block.title, block.lines)
    yield _block(4, "exams", "Examens de l’enfant", parts.exams(relay, birth, today, zone))
    present = parts.present(relay)
    yield _block(5, "attention", "Points d’attention", [*_attention(relay), *parts.spoken(relay)])
    yield _block(5, "needs", "Besoins en cours", parts.needs(relay))
    yield _block(5, "factors", "Repérage, ce qui est présent", parts.factors(present, relay))
    yield _block(6, "around", "Forces et entourage", parts.around(reports, present))
    yield _block(7, "orientations", "Orientations en cours", parts.orientations(relay))
    yield _block(8, "scale", "Questionnaire EPDS", parts.scale(relay, reports, zone))
    yield _block(9, "tasks", "À faire par la PMI", _tasks(told))
    yield _block(10, "answer", "Réponse de la PMI", _answer(relay, told))


def _block(number: int, code: str, title: str, lines: Iterable[Line]) -> Block:
    return Block(number=number, code=code, title=title, lines=tuple(lines))


def _who(family: FamilyFacts) -> Iterator[Line]:
    """How to come in (`access_hint`) is the team's alone (inclusion.md, `incl.access`): it is never handed over."""
    if family.has_changed:
        yield Line(label="Avant d’appeler ou d’entrer", text=CHANGED_WORDS)
    yield Line(label="Mère", text=family.mother.full_name)
    for child in family.birth.children if family.birth else ():
        if child.situation and not child.is_closed:
            yield Line(label=f"Situation de {child.name}", text=child.situation_label)
    yield Line(label="Adresse", text=family.place or "–")
    if not family.mother.has_died:
        yield Line(label="Téléphone", text=phone_words(family.mother.phone) or "–")
    yield Line(label="Pour appeler", text=family.contact.line)
    if family.other_programme:
        yield Line(label="Autre programme à domicile", text=family.other_programme)
    if family.mother.helps:
        yield Line(label="Langue, ce qui l’aide", text=family.mother.helps)


def _wishes(last: Report | None) -> Iterator[Line]:
    if last is not None:
        for link_id in WISHES:
            yield from parts.opened(last, link_id)


def _course(relay: PmiRelay, birth: BirthFacts, third: Iterable[Line], today: date, zone: str) -> Iterator[Line]:
    yield Line(label="Naissance", text=f"{full_day(birth.day)}, {birth.place}")
    if birth.discharge:
        yield Line(label="Sortie", text=inner(birth.discharge.kind_label))
    done = Visit.objects.filter(pathway=relay.pathway_id, state=VisitState.ENDED).order_by("started_at", "pk")
    visits = [
        f"{short_kind(one.kind)} le {full_day(clock.local_date(one.started_at, zone))}"
        for one in done
        if one.started_at
    ]
    if birth.pathway and (before := listed(visit_words(birth.pathway.elsewhere))):
        yield Line(label="Faites dans un autre territoire", text=before)
    yield Line(label="Visites faites", text=listed(visits) or "Aucune")
    yield from third
    if birth.pathway:
        yield Line(label="Équipe de référence", text=birth.pathway.carrier)
    yield from parts.midwives(relay, today)


def _attention(relay: PmiRelay) -> Iterator[Line]:
    """Alerts about the children who live, with their outcome; never a sealed one, nor those about the mother alone."""
    alerts = Alert.objects.filter(pathway=relay.pathway_id, kind=AlertKind.CHILD_SIGN, is_sealed=False)
    closed = closed_ranks(relay.pathway.birth_id)
    for alert in alerts.select_related("acknowledged_by__user").order_by("raised_at", "pk"):
        if rank_of(alert.code) in closed:
            continue
        yield Line(label=alert.facts or "Alerte", text=_became(alert, relay.territory.time_zone))


def _became(alert: Alert, zone: str) -> str:
    """As "Prise par Farid Martin, équipe médicale de référence. Restez. Close le 3 nov. 2026 : vue aux urgences."."""
    if alert.acknowledged_by is None:
        ended = f"Finie d’elle-même le {_on(alert.ended_at, zone)}." if alert.ended_at else ""
        return ended or "Pas encore de réponse."
    by = alert.acknowledged_by
    function = inner(by.get_role_display())
    taken = f"Prise par {by.user.get_full_name()}, {function}. {alert.instruction}".strip()
    if alert.closed_at is None:
        # Nobody writes what was done of a sign that ended: whoever it was about has died.
        over = f"Finie le {_on(alert.ended_at, zone)}." if alert.ended_at else "Pas encore close."
        return f"{full_stop(taken)} {over}"
    closed = f"Close le {_on(alert.closed_at, zone)}"
    return full_stop(f"{full_stop(taken)} {closed}{NBSP}: {alert.outcome}" if alert.outcome else f"{taken} {closed}")


def _on(at: datetime, zone: str) -> str:
    return full_day(clock.local_date(at, zone))


def _tasks(told: RelayFollowUp) -> Iterator[Line]:
    for text, due_on in told.tasks:
        yield Line(label=f"Pour le {full_day(due_on)}", text=text)


def _answer(relay: PmiRelay, told: RelayFollowUp) -> Iterator[Line]:
    by = f", par {relay.answered_by.user.get_full_name()}" if relay.answered_by else ""
    on = f", le {_on(relay.answered_at, relay.territory.time_zone)}" if relay.answered_at else ""
    yield Line(label="Où en est le relais", text=f"{relay.get_state_display()}{by}{on}")
    if relay.question:
        yield Line(label="Question de la PMI", text=relay.question)
    if relay.question and relay.reply:
        yield Line(label="Réponse de l’équipe", text=relay.reply)
    if relay.state == RelayState.DECLINED and (reason := parts.last_reason(relay)):
        yield Line(label="Pourquoi", text=reason)
    if told.handed_at:
        yield Line(label="Remis en main propre", text=full_day(told.handed_at))
    if relay.next_contact_on:
        yield Line(label="Prochain contact", text=full_day(relay.next_contact_on))
    if told.is_over:
        yield Line(label="La PMI garde l’accès jusqu’au", text=f"{full_day(told.pmi_until)}. {full_stop(told.outcome)}")
    else:
        yield Line(label="La PMI peut suivre jusqu’au", text=f"{full_day(told.horizon)}, sixième anniversaire")

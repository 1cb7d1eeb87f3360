"""What a relay tells the story of a family: prepared, asked, answered, reassigned, accepted, met, ended.

That there is a relay and that it was accepted is told to whoever opens the file; what was asked, why it was declined
or given to another sector, and what came after, to the team and to the PMI that holds it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform

from copa.kernel.french import day as short_day
from copa.kernel.french import full_day, full_stop, inner
from copa.kernel.prepared import Prepared
from pathways import rules
from pathways.enums import ContactKind, Recipient, RelayOutcome, RelayState, RelayStepKind
from pathways.models import Family, PmiRelay, RecipientConsent, RelayContact, RelayStep
from pathways.perms import ANSWER_RELAY, SEE_FAMILY, SEE_RELAYS, is_of_team
from pathways.reads.facts.names import name_columns, name_of
from pathways.reads.facts.words import words
from pathways.reads.told import KeptSource, Told
from territories.models import HistoryEvent, Member

_OUTCOME = ("outcome_on", "outcome_words", "ends_at")


@Prepared
def _relays(family: Any) -> Any:
    columns = (
        "pk",
        "public_id",
        "state",
        "due_on",
        "answered_at",
        "next_contact_on",
        "outcome",
        "outcome_at",
        *_OUTCOME,
    )
    around = ("pathway__included_at", "pathway__team_ends_at", "sector__structure_id", "sector__structure__name")
    course = ("is_agreed", "agreement", "agreement_at", "pathway__state", "family__moved_at")
    hers = RecipientConsent.objects.filter(family=OuterRef("family"), recipient=Recipient.PMI).order_by()
    answer = {"agreement": Subquery(hers.values("answer")), "agreement_at": Subquery(hers.values("at"))}
    rows = PmiRelay.objects.filter(family=family).annotate(**answer).order_by("pk")
    return rows.values_list(*columns, *around, *course, *name_columns("answered_by"))


@Prepared
def _steps(family: Any) -> Any:
    rows = RelayStep.objects.filter(family=family).order_by("at", "pk")
    return rows.values_list("relay_id", "kind", "reason", "at", "to_sector__structure__name", *name_columns("by"))


@Prepared
def _contacts(family: Any) -> Any:
    rows = RelayContact.objects.filter(family=family).order_by("at", "pk")
    return rows.values_list("relay_id", "on", "kind", "has_met", "next_contact_on", "at", *name_columns("by"))


@Prepared
def _talk(family: Any) -> Any:
    """Each question and each answer: the row holds the last ones, the trace of the database all of them."""
    relays = PmiRelay.objects.filter(family=family).order_by().values("pk")
    events = HistoryEvent.objects.filter(table_name=PmiRelay._meta.db_table, row_id__in=relays)
    said = {name: KeyTextTransform(name, "after") for name in ("question", "reply")}
    rows = events.annotate(**{f"{name}_": word for name, word in said.items()}).order_by("pk")
    return rows.values_list("row_id", "happened_at", "question_", "reply_")


@dataclass(frozen=True, slots=True)
class _Reader:
    """One relay and what this reader may know of it; `is_whole`: everything. Her page of it, if she has one.

    `knows_answers`: column E, who reads what the mother answered for each recipient.
    """

    relay: Any
    is_whole: bool
    may_open: bool
    knows_answers: bool

    def told(self, at: Any, title: str, text: str = "", state: str = "", *, is_all_day: bool = False) -> Told:
        page = "pathways:relay" if self.may_open else ""
        key = self.relay.public_id if self.may_open else None
        return Told(
            at=at,
            icon="swap",
            title=title,
            text=text,
            state=state,
            page=page,
            public_id=key,
            is_all_day=is_all_day,
        )

    @property
    def pmi(self) -> str:
        return self.relay.sector__structure__name or "La PMI"


def _tell(_: Family, member: Member, *rows: list[Any]) -> Iterator[Told]:
    relays, steps, contacts, talk = rows
    for relay in relays:
        reader = _reader(relay, member)
        yield from _course(reader)
        if reader.is_whole:
            yield from _decided(reader, [step for step in steps if step.relay_id == relay.pk])
            yield from _said(reader, [event for event in talk if event.row_id == relay.pk])
            yield from _after(reader, [one for one in contacts if one.relay_id == relay.pk])


def _reader(relay: Any, member: Member) -> _Reader:
    holds = SEE_RELAYS.is_held_by(member)
    is_its_pmi = ANSWER_RELAY.is_held_by(member) and relay.sector__structure_id == member.structure_id
    is_whole = is_of_team(member) or is_its_pmi
    return _Reader(relay, is_whole, may_open=holds and is_whole, knows_answers=is_of_team(member))


def _course(reader: _Reader) -> Iterator[Told]:
    relay = reader.relay
    yield reader.told(relay.pathway__included_at, "Relais PMI préparé", *_due(reader))
    if relay.state != RelayState.ACCEPTED:
        return
    is_taken_back = relay.agreement_at is not None and rules.is_taken_back(
        is_agreed=relay.is_agreed, state=relay.state, outcome=relay.outcome
    )
    text = f"Par {name_of(relay, 'answered_by')}."
    if relay.next_contact_on and not is_taken_back:
        text += full_stop(f" Prochain contact {short_day(relay.next_contact_on)}")
    yield reader.told(relay.answered_at, f"{reader.pmi} accepte le relais", text, "ok")
    if is_taken_back:
        yield _taken_back(reader)


def _taken_back(reader: _Reader) -> Told:
    """The mother took her yes back once the PMI had accepted: why is told to the team alone (A16)."""
    if not reader.knows_answers:
        text = "Demandez à l’équipe de référence qui suit l’enfant."
        return reader.told(reader.relay.agreement_at, "Le relais de la PMI s’arrête", text, "warn")
    _, refusal = rules.relay_refusal(is_agreed=False, answer=reader.relay.agreement or "")
    return reader.told(reader.relay.agreement_at, "La mère retire son accord au relais PMI", refusal, "warn")


def _due(reader: _Reader) -> tuple[str, str]:
    """What is left to do, and its state: nothing once the pathway stopped; her answer, to the team alone (A16)."""
    relay = reader.relay
    if relay.family__moved_at or relay.pathway__state in rules.STOPPED:
        return "", ""
    due = full_stop(f"À faire le {full_day(relay.due_on)}")
    _, refusal = rules.relay_refusal(is_agreed=relay.is_agreed, answer=relay.agreement or "")
    if not refusal or not reader.knows_answers or relay.state in {RelayState.ACCEPTED, RelayState.NOT_NEEDED}:
        return due, ""
    return f"{due} {refusal}", "warn"


_STATES = {RelayStepKind.DECLINED: "warn", RelayStepKind.HANDED_OVER: "ok", RelayStepKind.LATE_CONTACT: "warn"}


def _decided(reader: _Reader, steps: list[Any]) -> Iterator[Told]:
    for step in steps:
        where = step.to_sector__structure__name
        title = f"{words(RelayStepKind, step.kind)}{f', {where}' if where else ''}"
        yield reader.told(step.at, title, _with_name(step.reason, step, "by"), _STATES.get(step.kind, ""))


def _said(reader: _Reader, talk: list[Any]) -> Iterator[Told]:
    for event in talk:
        if event.question_:
            yield reader.told(event.happened_at, f"{reader.pmi} pose une question", event.question_, "warn")
        if event.reply_:
            yield reader.told(event.happened_at, "L’équipe de référence répond à la PMI", event.reply_)


def _after(reader: _Reader, contacts: list[Any]) -> Iterator[Told]:
    relay = reader.relay
    for one in contacts:
        title = f"Contact de la PMI, {inner(words(ContactKind, one.kind))} {_on(one.on)}"
        text = _with_name("" if one.has_met else "La famille n’était pas là.", one, "by")
        if one.next_contact_on:
            text += full_stop(f" Prochain contact {short_day(one.next_contact_on)}")
        yield reader.told(one.at, title, text, "ok" if one.has_met else "")
    if relay.outcome_at:
        yield reader.told(relay.outcome_at, "Issue du relais", _outcome(relay), "info")
    if relay.outcome in rules.RELAY_ENDS and relay.ends_at:
        text = "Il reste à l’équipe de référence."
        yield reader.told(relay.ends_at, "La PMI n’a plus accès au dossier", text, is_all_day=True)
    elif relay.pathway__team_ends_at:
        title = "L’équipe de référence passe la main à la PMI"
        yield reader.told(relay.pathway__team_ends_at, title, is_all_day=True)


def _outcome(relay: Any) -> str:
    """As "La famille a déménagé, depuis le 3 nov. 2026. Chez sa sœur, à Ligny."."""
    since = f", depuis {_on(relay.outcome_on)}" if relay.outcome_on else ""
    text = full_stop(f"{words(RelayOutcome, relay.outcome)}{since}")
    return f"{text} {full_stop(relay.outcome_words)}" if relay.outcome_words else text


def _on(day: date) -> str:
    return f"le {full_day(day)}"


def _with_name(text: str, row: Any, member: str) -> str:
    name = name_of(row, member)
    return f"{full_stop(text)} Par {name}.".strip() if name and text else (f"Par {name}." if name else text)


RELAYS = KeptSource(SEE_FAMILY, (_relays, _steps, _contacts, _talk), _tell)

"""Her agreements as a routing table: who receives, since when, what has left, what waits; what each adult was told."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from copa.kernel import clock
from copa.kernel.french import NBSP, inner
from copa.kernel.outbox import OutboxState
from pathways.enums import (
    NO_COPY_WORDS,
    RECIPIENT_WORDS,
    AgreedContent,
    Agreement,
    ConsentMode,
    ConsentPlace,
    Document,
    MinorBeside,
    NoticeForm,
    Recipient,
    SendingWay,
)
from pathways.models import AdhesionScan, Consent, CoParent, CoParentConsent, InformationNotice, Sending
from pathways.reads.facts import FamilyFacts
from pathways.reads.facts.agreements import RecipientFacts
from pathways.reads.facts.words import words
from pathways.reads.inclusion_answers import ToldAtInclusion, told_at_inclusion
from pathways.reads.standing import Standing, circle_on, standing_for
from pathways.texts import text_of
from territories.models import OutgoingMessage

SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingLine:
    """One thing that left or waits. `state` is a state of the design layer; `why` only when it was held back."""

    at: datetime
    what: str
    to: str
    how: str
    state: str
    state_label: str
    why: str
    is_waiting: bool
    has_left: bool


@dataclass(frozen=True, slots=True)
class Change:
    """An answer she may give instead, one tap away; `warns` says what follows."""

    answer: str
    label: str
    asks: str
    warns: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientLine:
    """One recipient. `since` None and `by` "" while nobody asked; `people` are those who stand for it.

    `reached` is how many of them it reaches once she says yes;
    `reach` says what a yes does where no copy leaves by itself, "" for the others;
    `apart` names what left while nobody asked about the rest: an orientation has her yes for itself (R004).
    """

    recipient: str
    named: str
    label: str
    people: str
    reached: int
    reach: str
    answer: str
    state: str
    state_label: str
    since: datetime | None
    by: str
    left: int
    last_at: datetime | None
    waiting: int
    apart: tuple[str, ...]
    changes: tuple[Change, ...]
    # Without her yes: to whom the file itself is still open, until when.
    open_to: tuple[Standing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One text given to one adult; `has_text` when the platform holds its words."""

    version: str
    label: str
    form: str
    at: datetime
    by: str
    has_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultLine:
    """The mother (`coparent` None) or a co-parent: what was given, and a co-parent's own answer ("" never asked)."""

    coparent: UUID | None
    name: str
    notices: tuple[NoticeLine, ...]
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class ScanLine:
    """A scan of the signed sheet, without its bytes."""

    public_id: UUID
    stored_at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdhesionLine:
    """One adhesion of the mother; `withdrawn_at` None while it runs, `keeps_space` when only the visits stopped."""

    at: datetime
    version: str
    where: str
    by: str
    beside: str
    withdrawn_at: datetime | None
    keeps_space: bool
    has_text: bool
    is_paper: bool
    scans: tuple[ScanLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationLine:
    """Whether she objects to the evaluation (N8): said when, noted by whom, how."""

    is_opposed: bool
    since: datetime
    by: str
    how: str


@dataclass(frozen=True, slots=True)
class AgreementsPage:
    """The whole page; `evaluation` None before any adhesion, where it is asked."""

    lines: tuple[RecipientLine, ...]
    sendings: tuple[SendingLine, ...]
    adhesions: tuple[AdhesionLine, ...]
    evaluation: EvaluationLine | None
    told: ToldAtInclusion
    adults: tuple[AdultLine, ...]

    @property
    def reached(self) -> int:
        """How many people what is written reaches with her yes."""
        return sum(line.reached for line in self.lines if line.answer == Agreement.YES)


def agreements_page(family_id: int, facts: FamilyFacts, at: datetime, zone: str) -> AgreementsPage:
    """Eight queries beside the facts, however much was sent."""
    rows = list(Sending.objects.filter(family=family_id).order_by("-at", "-pk")[:SHOWN])
    sent: dict[tuple[str, str], list[SendingLine]] = defaultdict(list)
    sendings = sending_lines(rows)
    for row, line in zip(rows, sendings, strict=True):
        sent[(row.recipient, row.named)].append(line)
    people = standing_for(circle_on(family_id, clock.local_date(at, zone)), facts)
    asked = (*facts.recipients, facts.mood)
    people_who_asked = ("collected_by__user", "evaluation_by__user")
    consents = Consent.objects.filter(family=family_id).select_related(*people_who_asked).order_by("-at", "-pk")
    adhesions = list(consents)
    return AgreementsPage(
        lines=tuple(
            _line(row, people.get((row.recipient, row.named), []), sent[(row.recipient, row.named)]) for row in asked
        ),
        sendings=sendings,
        adhesions=tuple(_adhesions(adhesions)),
        evaluation=_evaluation(adhesions[0]) if adhesions else None,
        told=told_at_inclusion(family_id),
        adults=tuple(_adults(family_id, facts)),
    )


def sending_lines(rows: Sequence[Sending]) -> tuple[SendingLine, ...]:
    """How each of these left, waits or was held back, in their order; one query."""
    states = _states(row.message for row in rows if row.message)
    return tuple(_sending(row, states) for row in rows)


def _states(messages: Iterable[UUID]) -> dict[UUID, str]:
    found = OutgoingMessage.objects.filter(public_id__in=list(messages)).order_by("pk")
    return dict(found.values_list("public_id", "state"))


# Of a message: the state of the design layer, its word.
MESSAGE_WORDS = {
    OutboxState.QUEUED: ("info", "En attente"),
    OutboxState.CLAIMED: ("info", "En attente"),
    OutboxState.SENT: ("ok", "Parti"),
    OutboxState.FAILED: ("bad", "Non remis"),
    OutboxState.WITHHELD: ("none", "Retenu"),
}


def how_it_left(state: str | None, *, is_stopped: bool) -> OutboxState:
    """Where a sending stands: paper and calls (None), and messages whose row has been cleared away, have left."""
    if is_stopped:
        return OutboxState.WITHHELD
    return OutboxState(state) if state else OutboxState.SENT


def _sending(row: Sending, states: dict[UUID, str]) -> SendingLine:
    message = how_it_left(states.get(row.message) if row.message else None, is_stopped=row.stopped_at is not None)
    state, label = MESSAGE_WORDS[message]
    return SendingLine(
        at=row.at,
        what=words(Document, row.document),
        to=row.to,
        how=words(SendingWay, row.how),
        state=state,
        state_label=label,
        why=row.stopped_reason,
        is_waiting=message in {OutboxState.QUEUED, OutboxState.CLAIMED},
        has_left=message == OutboxState.SENT,
    )


def _called(person: Standing) -> str:
    """Her name, and why nothing reaches her."""
    return f"{person.name} ({person.lacks})" if person.lacks else person.name


# Of an answer: the state of the design layer, its word.
_ANSWERS = {
    Agreement.YES: ("ok", "D’accord"),
    Agreement.NO: ("bad", "Refuse"),
    Agreement.LATER: ("warn", "Plus tard"),
    "": ("none", "Jamais demandé"),
}
# Her yes, and nobody it reaches: the team completes the circle, or opens the file.
_UNREACHED = ("alert", "D’accord, mais rien ne part")
# Something left towards somebody nobody asked about: it had its own agreement, the reports have none.
_ASKED_APART = "Jamais demandé pour le reste"


def _line(row: RecipientFacts, people: Sequence[Standing], sent: list[SendingLine]) -> RecipientLine:
    state, label = _ANSWERS[row.answer]
    reached = sum(not one.lacks for one in people)
    is_mood = row.recipient == AgreedContent.MOOD_SCORE
    if row.answer == Agreement.YES and not reached and not is_mood:
        state, label = _UNREACHED
    left = [one for one in sent if one.has_left]
    waiting = sum(one.is_waiting for one in sent)
    said = row.named or RECIPIENT_WORDS.get(row.recipient, row.label)
    return RecipientLine(
        recipient=row.recipient,
        named=row.named,
        label=said,
        people=", ".join(dict.fromkeys(_called(one) for one in people)),
        reached=reached,
        reach=NO_COPY_WORDS.get(row.recipient, ""),
        answer=row.answer,
        state=state,
        state_label=_ASKED_APART if left and not row.answer else label,
        since=row.at,
        by=row.collected_by,
        left=len(left),
        last_at=max((one.at for one in left), default=None),
        waiting=waiting,
        apart=() if row.answer else tuple(dict.fromkeys(one.what for one in left)),
        changes=tuple(_changes(row, said, waiting, is_open=any(one.until for one in people))),
        open_to=() if row.answer == Agreement.YES else tuple(one for one in people if one.until),
    )


def _changes(row: RecipientFacts, said: str, waiting: int, *, is_open: bool) -> Iterable[Change]:
    is_mood = row.recipient == AgreedContent.MOOD_SCORE
    if row.answer != Agreement.YES:
        warns = "Seulement pour les personnes choisies au-dessus, sauf le médecin de l’enfant." if is_mood else _OPENS
        yield Change(Agreement.YES, "Elle est d’accord", f"Elle est d’accord pour{NBSP}: {said} ?", warns)
    if row.answer != Agreement.NO:
        label = "Retirer l’accord" if row.answer == Agreement.YES else "Elle refuse"
        yield Change(Agreement.NO, label, f"{label}{NBSP}: {said} ?", _shuts(row.recipient, waiting, is_open=is_open))


_OPENS = "Ce qui part à partir de maintenant peut lui être envoyé."


def _shuts(recipient: str, waiting: int, *, is_open: bool) -> str:
    """What follows from a no, in plain words."""
    held = f" {waiting} en attente ne partira pas." if waiting == 1 else f" {waiting} en attente ne partiront pas."
    relay = " La PMI ne voit plus le relais." if recipient == Recipient.PMI else ""
    file = " Le dossier, lui, reste ouvert jusqu’à ce que l’équipe le referme." if is_open else ""
    return f"Plus rien ne part à partir de maintenant.{held if waiting else ''}{relay}{file} Ce qui est parti le reste."


def evaluation_line(family_id: int) -> EvaluationLine | None:
    """What she says of it now; None before any adhesion."""
    found = Consent.objects.filter(family=family_id).select_related("collected_by__user", "evaluation_by__user")
    last = found.order_by("-at", "-pk").first()
    return _evaluation(last) if last else None


def _evaluation(last: Consent) -> EvaluationLine:
    """As said since, else at the adhesion."""
    by = last.evaluation_by or last.collected_by
    return EvaluationLine(
        is_opposed=last.is_evaluation_opposed,
        since=last.evaluation_at or last.at,
        by=by.user.get_full_name(),
        how=inner(words(ConsentMode, last.evaluation_mode or last.mode)),
    )


def _scans(consents: Sequence[Consent]) -> dict[int, list[ScanLine]]:
    """By adhesion. One query, asked only where one was signed on paper."""
    found: dict[int, list[ScanLine]] = defaultdict(list)
    paper = [row.pk for row in consents if row.mode == ConsentMode.PAPER]
    if paper:
        rows = AdhesionScan.objects.filter(consent__in=paper).defer("content").select_related("stored_by__user")
        for row in rows.order_by("stored_at", "pk"):
            found[row.consent_id].append(ScanLine(row.public_id, row.stored_at, row.stored_by.user.get_full_name()))
    return found


def _adhesions(rows: Sequence[Consent]) -> Iterable[AdhesionLine]:
    scans = _scans(rows)
    for row in rows:
        yield AdhesionLine(
            at=row.at,
            version=row.text_version,
            where=f"{words(ConsentPlace, row.place)}, {inner(words(ConsentMode, row.mode))}",
            by=row.collected_by.user.get_full_name(),
            beside=words(MinorBeside, row.minor_beside) if row.minor_beside else "",
            withdrawn_at=row.withdrawn_at,
            keeps_space=row.keeps_space,
            has_text=text_of(row.text_version) is not None,
            is_paper=row.mode == ConsentMode.PAPER,
            scans=tuple(scans[row.pk]),
        )


def _adults(family_id: int, facts: FamilyFacts) -> Iterable[AdultLine]:
    given: dict[int | None, list[NoticeLine]] = defaultdict(list)
    notices = InformationNotice.objects.filter(family=family_id).select_related("given_by__user")
    for row in notices.order_by("-given_at", "-pk"):
        given[row.coparent_id].append(_notice(row))
    yield AdultLine(coparent=None, name=facts.mother.full_name, notices=tuple(given[None]))
    answers = CoParentConsent.objects.filter(family=family_id).select_related("collected_by__user").order_by("pk")
    said = {row.coparent_id: row for row in answers}
    for coparent in CoParent.objects.filter(family=family_id).order_by("pk"):
        yield _coparent(coparent, said.get(coparent.pk), given[coparent.pk])


def _notice(row: InformationNotice) -> NoticeLine:
    text = text_of(row.version)
    return NoticeLine(
        version=row.version,
        label=text.label if text else row.version,
        form=words(NoticeForm, row.form),
        at=row.given_at,
        by=row.given_by.user.get_full_name(),
        has_text=text is not None,
    )


def _coparent(coparent: Any, said: Any, notices: list[NoticeLine]) -> AdultLine:
    return AdultLine(
        coparent=coparent.public_id,
        name=str(coparent),
        notices=tuple(notices),
        answer=words(Agreement, said.answer) if said else "",
        answered_at=said.at if said else None,
        answered_by=said.collected_by.user.get_full_name() if said else "",
    )

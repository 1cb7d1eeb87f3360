"""The two keys of the relay to the PMI: what the PMI answers, and what the referring team decides."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from copa.kernel.errors import BusinessError
from copa.kernel.french import full_day
from pathways import relay_notices as notices
from pathways import rules
from pathways.actions.relay_followup import check_contact, hidden, settle_overlap
from pathways.actions.routing import check_may_send
from pathways.actions.shared import hold_family, local_day
from pathways.enums import Document, Recipient, RelayState, RelayStepKind
from pathways.models import PmiRelay, RelayContact, RelayStep
from territories.models import Member, PmiSector, Structure

_ACCEPTED = "Ce relais a déjà été accepté : voyez ci-dessous par qui, et corrigez la date si elle a changé."
_PASSED = {
    RelayState.ACCEPTED: _ACCEPTED,
    RelayState.DECLINED: "Ce relais a été décliné : l’équipe de référence l’a repris.",
    RelayState.NOT_NEEDED: "Ce relais est fermé : l’équipe de référence l’a jugé sans suite.",
    RelayState.WAITING: "Ce relais attend déjà la réponse de la PMI.",
    RelayState.QUESTIONED: "La PMI attend une réponse à sa question.",
}


# ---- The PMI --------------------------------------------------------------------------------------------------
@transaction.atomic
def accept_relay(*, relay: PmiRelay, next_contact_on: date, by: Member, at: datetime, late_reason: str = "") -> None:
    """The PMI takes the relay and says when it will first be in touch (R061); later than asked, with a reason.

    Raises `contact_past`, `contact_too_far`, `contact_late` and, for a relay somebody has taken, `relay_accepted`.
    """
    check_contact(next_contact_on, at)
    is_late = _check_first_contact(next_contact_on, local_day(at), late_reason)
    values: dict[str, Any] = {"answered_at": at, "answered_by": by, "next_contact_on": next_contact_on}
    _move(relay, RelayState.ACCEPTED, is_shown=True, **values)
    if is_late:
        _step(relay, RelayStepKind.LATE_CONTACT, late_reason.strip(), by, at)
    settle_overlap(pathway_id=relay.pathway_id)
    notices.relay_accepted(relay=relay, at=at)


@transaction.atomic
def correct_contact(*, relay: PmiRelay, next_contact_on: date, by: Member, at: datetime, late_reason: str = "") -> None:
    """Another date for the next contact of an accepted relay; history keeps the former one.

    Nobody met yet: it is the first contact, and a day later than asked keeps its reason. Raises as `accept_relay`.
    """
    check_contact(next_contact_on, at)
    held = _held(relay)
    if held.state != RelayState.ACCEPTED or held.answered_at is None:
        raise BusinessError("not_accepted", "Ce relais n’est pas encore accepté.")
    is_first = not RelayContact.objects.filter(relay=held, has_met=True).exists()
    if is_first and _check_first_contact(next_contact_on, local_day(held.answered_at), late_reason):
        _step(relay, RelayStepKind.LATE_CONTACT, late_reason.strip(), by, at)
    PmiRelay.objects.filter(pk=held.pk).update(next_contact_on=next_contact_on)


def _check_first_contact(day: date, accepted_on: date, reason: str) -> bool:
    """Whether this first contact is later than the team asks; raises `contact_late` when nobody says why."""
    asked: date = rules.first_contact_by(accepted_on)
    if day > asked and not reason.strip():
        message = f"L’équipe demande un premier contact d’ici au {full_day(asked)} : dites pourquoi c’est plus tard."
        raise BusinessError("contact_late", message, field="late_reason")
    return day > asked


@transaction.atomic
def question_relay(*, relay: PmiRelay, question: str, by: Member, at: datetime) -> None:
    """The PMI asks before accepting; the referring team is told, and answers. History keeps all (`relay_talk`)."""
    values: dict[str, Any] = {"question": question, "reply": "", "answered_at": at, "answered_by": by}
    _move(relay, RelayState.QUESTIONED, is_shown=True, **values)
    notices.relay_questioned(relay=relay, at=at)


@transaction.atomic
def decline_relay(*, relay: PmiRelay, reason: str, by: Member, at: datetime) -> None:
    """The PMI cannot take it, and says why: the relay is the referring team's again, which is told."""
    _move(relay, RelayState.DECLINED, is_shown=True, answered_at=at, answered_by=by)
    step = _step(relay, RelayStepKind.DECLINED, reason, by, at)
    notices.relay_declined(step=step, at=at)


@transaction.atomic
def reassign_relay(*, relay: PmiRelay, sector: PmiSector, reason: str, by: Member, at: datetime) -> None:
    """Another sector of this territory takes its turn: its PMI sees the relay, the former one no longer.

    Raises `sector_elsewhere`, `same_sector`, `may_not_send`, and what `_move` raises for one that was taken meanwhile.
    """
    held = _held(relay)
    if not PmiSector.objects.filter(pk=sector.pk).exists():
        raise BusinessError("sector_elsewhere", "Ce secteur n’est pas sur ce territoire.", field="sector")
    if held.sector_id == sector.pk:
        raise BusinessError(
            "same_sector", "Ce relais est déjà dans ce secteur : choisissez-en un autre.", field="sector"
        )
    if held.state not in rules.RELAY_OPEN | {RelayState.DECLINED}:
        raise _passed(held)
    _check_routing(held, sector.structure_id, at)
    # A question without an answer was the former PMI's: nobody answers it any more. Its words stay in the history.
    asked = held.question if held.reply else ""
    PmiRelay.objects.filter(pk=held.pk).update(sector=sector, state=RelayState.WAITING, question=asked)
    step = _step(relay, RelayStepKind.REASSIGNED, reason, by, at, from_sector_id=held.sector_id, to_sector=sector)
    notices.relay_waits(step=step, pmi=sector.structure, at=at)


# ---- The referring team -----------------------------------------------------------------------------------------
@transaction.atomic
def reply_to_relay(*, relay: PmiRelay, reply: str, by: Member, at: datetime) -> None:
    """The referring team answers, and the PMI is told; a relay that was not accepted meanwhile waits for it again.

    Raises `no_question` for one that has its answer, or that nobody asked.
    """
    held = _held(relay)
    if not rules.has_open_question(held.state, question=held.question, reply=held.reply):
        raise BusinessError("no_question", "La question a déjà reçu sa réponse.")
    state = RelayState.WAITING if held.state == RelayState.QUESTIONED else held.state
    PmiRelay.objects.filter(pk=held.pk).update(state=state, reply=reply)
    if held.sector:
        notices.relay_answered(relay=held, pmi=held.sector.structure, by=by, at=at)


@transaction.atomic
def start_relay(*, relay: PmiRelay, reason: str, by: Member, at: datetime) -> None:
    """The team asks the PMI before the day of the relay, from the inclusion on (R051); the PMI is told.

    Raises `no_agreement` (A16), `no_sector`, `may_not_send`, `already_due`, and what forbids it once it is not open.
    """
    held = _held(relay)
    today = local_day(at)
    if held.state not in rules.RELAY_OPEN:
        raise _passed(held)
    pmi = _check_may_be_sent(held, at)
    if held.started_at is not None or held.due_on <= today:
        raise BusinessError("already_due", "La PMI est déjà attendue : son jour est venu.")
    PmiRelay.objects.filter(pk=held.pk).update(started_at=at, due_on=today)
    step = _step(relay, RelayStepKind.STARTED, reason, by, at)
    notices.relay_waits(step=step, pmi=pmi, at=at)


@transaction.atomic
def send_relay_again(*, relay: PmiRelay, reason: str, by: Member, at: datetime) -> None:
    """The team answers a refusal, or opens a closed relay again: it waits for the same PMI."""
    held = _held(relay)
    if held.state not in {RelayState.DECLINED, RelayState.NOT_NEEDED}:
        raise _passed(held)
    pmi = _check_may_be_sent(held, at)
    PmiRelay.objects.filter(pk=held.pk).update(state=RelayState.WAITING)
    step = _step(relay, RelayStepKind.SENT_AGAIN, reason, by, at)
    notices.relay_waits(step=step, pmi=pmi, at=at)


@transaction.atomic
def close_relay(*, relay: PmiRelay, reason: str, by: Member, at: datetime) -> None:
    """The team finds that no relay is needed, and says why; not of one that a PMI follows with the mother's yes."""
    held = _held(relay)
    taken_back = PmiRelay.objects.taken_back().filter(pk=held.pk)
    if not taken_back.update(state=RelayState.NOT_NEEDED):
        _move(relay, RelayState.NOT_NEEDED)
    _step(relay, RelayStepKind.NOT_NEEDED, reason, by, at)


@transaction.atomic
def note_spoken(*, relay: PmiRelay, on: date, who: str, with_whom: str, by: Member, at: datetime) -> None:
    """Trace that both teams spoke of the family (documents.md 2, block 5): the day and the names, not what was said.

    The same noted again changes nothing. Raises `spoken_in_future`, `no_agreement` (A16), `no_sector`, `may_not_send`.
    """
    held = _held(relay)
    if on > local_day(at):
        raise BusinessError("spoken_in_future", "Ce jour n’est pas encore venu.", field="on")
    _check_may_be_sent(held, at)
    reason = f"Le {full_day(on)}, {who} avec {with_whom}"
    if not RelayStep.objects.filter(relay=held, kind=RelayStepKind.SPOKEN, reason=reason).exists():
        _step(held, RelayStepKind.SPOKEN, reason, by, at)


# ---- What they share ----------------------------------------------------------------------------------------------
def _held(relay: PmiRelay) -> PmiRelay:
    """The relay until the transaction ends, her family before it: an answer of hers is written in the same order."""
    hold_family(family_id=relay.family_id, pathway_id=relay.pathway_id)
    rows = PmiRelay.objects.select_for_update(of=("self",)).select_related("sector__structure")
    held: PmiRelay = rows.get(pk=relay.pk)
    return held


def _check_may_be_sent(relay: PmiRelay, at: datetime) -> Structure:
    """The PMI it goes to. The relay is shown with her agreement alone, even to a PMI of the care team."""
    if not relay.is_agreed:
        raise BusinessError("no_agreement", "La mère n’a pas donné son accord à la PMI : demandez-le d’abord.")
    if relay.sector is None:
        raise BusinessError("no_sector", "La commune n’a pas de PMI de secteur : choisissez d’abord un secteur.")
    pmi: Structure = relay.sector.structure
    _check_routing(relay, pmi.pk, at)
    return pmi


def _check_routing(relay: PmiRelay, pmi_id: int, at: datetime) -> None:
    check_may_send(
        family_id=relay.family_id,
        recipient=Recipient.PMI,
        document=Document.RELAY_FILE,
        pathway_id=relay.pathway_id,
        structure_id=pmi_id,
        at=at,
    )


def _move(relay: PmiRelay, state: RelayState, *, is_shown: bool = False, **values: Any) -> None:
    """Change the state once: the states it may come from stand in the WHERE, and with `is_shown` her agreement too."""
    rows = PmiRelay.objects.shown() if is_shown else PmiRelay.objects.all()
    # By key: an UPDATE cannot join the pathway that `shown` looks at.
    movable = rows.filter(pk=relay.pk, state__in=rules.relay_states_before(state)).values("pk")
    if not PmiRelay.objects.filter(pk__in=movable).update(state=state, **values):
        now = PmiRelay.objects.get(pk=relay.pk)
        raise hidden() if now.state in rules.relay_states_before(state) else _passed(now)


def _passed(relay: PmiRelay) -> BusinessError:
    """What is said to somebody who comes after a colleague."""
    code = "relay_accepted" if relay.state == RelayState.ACCEPTED else "relay_passed"
    return BusinessError(code, _PASSED[RelayState(relay.state)])


def _step(relay: PmiRelay, kind: RelayStepKind, reason: str, by: Member, at: datetime, **sectors: Any) -> RelayStep:
    step: RelayStep = RelayStep.objects.create(
        family_id=relay.family_id, relay=relay, kind=kind, reason=reason, by=by, at=at, **sectors
    )
    return step

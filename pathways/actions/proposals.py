"""CoPa is presented; the mother answers now or later, and may change her mind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways import rules
from pathways.actions.shared import local_day, lock_birth
from pathways.enums import Presenter, ProposalAnswer, ProposalContext
from pathways.models import Birth, NotProposed, Pathway, Proposal
from territories.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`ask_again_on` only when she wants to think, `refusal_reasons` empty unless she refused and said why (R070).

    `is_welcome_back`: she refused, and agrees that it is proposed once more before she leaves (R066).
    """

    answer: str
    ask_again_on: date | None = None
    refusal_reasons: Sequence[str] = ()
    is_welcome_back: bool = False


@transaction.atomic
def propose(
    *,
    birth: Birth,
    proposed_on: date,
    context: str,
    presenter: str,
    covered: Sequence[str],
    support: str,
    answer: Answer,
    by: Member,
    at: datetime,
) -> Proposal:
    """Note that CoPa was presented, by whom, with her answer if she gave one.

    Raises `ap_in_stay_only` (R064), `birth_in_silence` (A38), `proposed_in_future`, `proposed_before_birth`,
    `proposed_after_birth`, `proposed_too_early`, `proposal_once_per_birth`.
    """
    birth = lock_birth(birth.pk)
    check_not_silent(birth)
    _check_presenter(presenter, context)
    _check_day(birth, proposed_on, context, at)
    values = _answer_values(answer, birth, at)
    with refusals_of(Proposal):
        proposal: Proposal = Proposal.objects.create(
            family_id=birth.family_id,
            birth=birth,
            proposed_on=proposed_on,
            context=context,
            presenter=presenter,
            covered=list(covered),
            support=support,
            proposed_by=by,
            **values,
        )
    NotProposed.objects.filter(birth=birth).delete()
    return proposal


@transaction.atomic
def answer_proposal(*, proposal: Proposal, answer: Answer, at: datetime) -> None:
    """Note an answer given later, or another one: nothing is final before the inclusion.

    Proposed again after a refusal, once: a second refusal brings her back on no list.
    """
    birth = lock_birth(proposal.birth_id)
    check_not_silent(birth)
    if Pathway.objects.filter(birth=proposal.birth_id).exists():
        message = "Cette famille est déjà incluse : pour arrêter, ouvrez « Elle arrête CoPa » dans son dossier."
        raise BusinessError("already_included", message)
    values = _answer_values(answer, birth, at)
    known: Proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if known.is_welcome_back:
        values |= {"asked_again_at": at}
    if known.is_welcome_back or known.asked_again_at is not None:
        values |= {"is_welcome_back": False}
    Proposal.objects.filter(pk=proposal.pk).update(**values)


def check_not_silent(birth: Birth) -> None:
    """Nothing is proposed around a death (A38)."""
    if birth.is_silent:
        raise BusinessError("birth_in_silence", "Cette famille est en deuil : rien ne lui est proposé.")


def _check_presenter(presenter: str, context: str) -> None:
    if presenter == Presenter.AP and context != ProposalContext.STAY:
        message = "Une auxiliaire présente CoPa pendant le séjour seulement : vérifiez qui l’a fait, ou l’occasion."
        raise BusinessError("ap_in_stay_only", message, field="presenter")


def _check_day(birth: Birth, proposed_on: date, context: str, at: datetime) -> None:
    """Days are local ones, as `birth.day` is: a presentation on the day of the birth belongs to the stay."""
    if proposed_on > local_day(at):
        code, message = "proposed_in_future", "La présentation ne peut pas être dans le futur."
    elif context == ProposalContext.STAY and proposed_on < birth.day:
        code, message = "proposed_before_birth", "Pendant le séjour, la présentation ne peut pas précéder la naissance."
    elif context in rules.ANTENATAL and proposed_on > birth.day:
        code, message = "proposed_after_birth", "Cette occasion précède la naissance : vérifiez-la, ou la date."
    elif proposed_on < birth.day - rules.PROPOSAL_BEFORE_BIRTH:
        code, message = "proposed_too_early", "Cette date est plus de neuf mois avant la naissance."
    else:
        return
    raise BusinessError(code, message, field="proposed_on")


def _check_ask_again(day: date | None, birth: Birth, at: datetime) -> None:
    """The day lies ahead, and the birth still stands on the list of those who wait for an answer."""
    if day is None:
        code, message = "ask_again_missing", "Dites quand lui en reparler."
    elif day < local_day(at):
        code, message = "ask_again_past", "Cette date est passée."
    elif day > max(birth.day + timedelta(days=rules.WARD_DAYS), local_day(at)):
        code, message = "ask_again_too_far", f"Cette date est plus de {rules.WARD_DAYS} jours après la naissance."
    else:
        return
    raise BusinessError(code, message, field="ask_again_on")


def _answer_values(answer: Answer, birth: Birth, at: datetime) -> dict[str, object]:
    """The columns of an answer; refuses a date that makes no sense."""
    is_pending = answer.answer == ProposalAnswer.PENDING
    if is_pending:
        _check_ask_again(answer.ask_again_on, birth, at)
    return {
        "answer": answer.answer,
        "answered_at": None if is_pending else at,
        "ask_again_on": answer.ask_again_on if is_pending else None,
        "refusal_reasons": list(answer.refusal_reasons) if answer.answer == ProposalAnswer.NO else [],
        "is_welcome_back": answer.is_welcome_back and answer.answer == ProposalAnswer.NO,
    }

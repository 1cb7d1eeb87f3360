"""CoPa presented during a pregnancy: noted, answered, closed; and taken over by the birth once it has come."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways import rules
from pathways.actions.proposals import Answer, check_not_silent
from pathways.actions.shared import local_day, lock_birth
from pathways.enums import DayPrecision, ProposalAnswer
from pathways.models import AntenatalConsent, Birth, NotProposed, Presentation, Proposal
from pathways.reads.presentations import presentations_for
from territories.models import Member, Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPresentation:
    """`phone` is E.164 or ""; `maternity` None while she does not know where; `covered` codes of CoveredPoint."""

    birth_name: str
    used_name: str
    first_names: str
    birth_on: date
    phone: str
    expected_on: date
    maternity: Structure | None
    context: str
    presented_on: date
    covered: tuple[str, ...]
    support: str
    birth_precision: str = DayPrecision.DAY


@transaction.atomic
def present(*, new: NewPresentation, answer: Answer, by: Member, at: datetime) -> Presentation:
    """Note a presentation made before the birth (R064, R065), with her answer if she gave one.

    Raises `presented_in_future`, `expected_too_far`, `expected_past`, `mother_age`, `ask_again_missing`,
    `ask_again_past`.
    """
    _check_dates(new, at)
    values = {part: getattr(new, part) for part in NewPresentation.__dataclass_fields__}
    created: Presentation = Presentation.objects.create(
        **(values | {"covered": list(new.covered)}), presented_by=by, **_answer_values(answer, new.expected_on, at)
    )
    return created


@transaction.atomic
def answer_presentation(*, presentation: Presentation, answer: Answer, at: datetime) -> None:
    """Note an answer given later, or another one: without a yes her adhesion stands no more (history keeps it).

    Raises `presentation_over`.
    """
    values = _answer_values(answer, presentation.expected_on, at)
    _claim(presentation, **values)
    if answer.answer != ProposalAnswer.YES:
        AntenatalConsent.objects.filter(presentation=presentation).delete()


@transaction.atomic
def close_presentation(*, presentation: Presentation, reason: str, by: Member, at: datetime) -> None:
    """No birth is waited for any more, for this reason. Raises `presentation_over`."""
    _claim(presentation, closed_at=at, closed_by=by, closing_reason=reason)


@transaction.atomic
def adopt_presentation(*, presentation: Presentation, birth: Birth, at: datetime) -> Proposal:
    """The presentation becomes the proposal of this birth: context, date, what was explained, her answer.

    Raises `birth_in_silence` (A38), `presentation_over`, `presented_after_birth`, `proposal_once_per_birth`.
    """
    birth = lock_birth(birth.pk)
    check_not_silent(birth)
    if presentation.presented_on > birth.day:
        raise BusinessError("presented_after_birth", "Cette présentation est plus récente que la naissance.")
    _claim(presentation, birth=birth)
    with refusals_of(Proposal):
        proposal: Proposal = Proposal.objects.create(
            family_id=birth.family_id,
            birth=birth,
            proposed_on=presentation.presented_on,
            context=presentation.context,
            # Nobody was asked who spoke to her: only who noted it is known.
            presenter="",
            proposed_by_id=presentation.presented_by_id,
            answer=presentation.answer,
            answered_at=presentation.answered_at,
            ask_again_on=_ask_again(presentation, at),
            refusal_reasons=presentation.refusal_reasons,
            covered=presentation.covered,
            support=presentation.support,
        )
    NotProposed.objects.filter(birth=birth).delete()
    return proposal


def adopt_exact(*, birth: Birth, at: datetime) -> Proposal | None:
    """Take over the presentation of this very mother, when one waits for a birth about now; None otherwise.

    The latest one when several midwives have presented CoPa to her; the others have had their birth too.
    """
    exact = [one for one in presentations_for(birth) if one.is_exact]
    if not exact or Proposal.objects.filter(birth=birth).exists():
        return None
    rows = Presentation.objects.filter(pk__in=[one.pk for one in exact]).order_by("-presented_on", "-pk")
    latest, *others = rows
    proposal = adopt_presentation(presentation=latest, birth=birth, at=at)
    for other in others:
        _claim(other, birth=birth)
    return proposal


def _ask_again(presentation: Presentation, at: datetime) -> date | None:
    """Somebody who wanted to think is asked again during the stay, at the latest."""
    if presentation.answer != ProposalAnswer.PENDING:
        return None
    return max(presentation.ask_again_on or local_day(at), local_day(at))


def _claim(presentation: Presentation, **values: object) -> None:
    if not Presentation.objects.waiting().filter(pk=presentation.pk).update(**values):
        message = "Cette présentation n’attend plus de naissance : elle est reprise ou close."
        raise BusinessError("presentation_over", message)


def _check_dates(new: NewPresentation, at: datetime) -> None:
    today = local_day(at)
    if new.presented_on > today:
        code, message, field = "presented_in_future", "La présentation ne peut pas être dans le futur.", "presented_on"
    elif new.expected_on > new.presented_on + rules.PROPOSAL_BEFORE_BIRTH:
        code, message, field = (
            "expected_too_far",
            "Ce terme est à plus de neuf mois.",
            "expected_on",
        )
    elif new.expected_on < today - rules.PRESENTATION_KEPT or new.expected_on < new.presented_on - rules.PAST_TERM:
        code, message, field = "expected_past", "Ce terme est passé : inscrivez la naissance.", "expected_on"
    elif not set(rules.ages_on(new.birth_on, new.birth_precision, new.expected_on)) & set(rules.MOTHER_AGES):
        message = "Vérifiez sa date de naissance : l’âge calculé ne convient pas."
        code, field = "mother_age", "birth_on"
    else:
        return
    raise BusinessError(code, message, field=field)


def _answer_values(answer: Answer, expected_on: date, at: datetime) -> dict[str, object]:
    values: dict[str, object] = {
        "answer": answer.answer,
        "ask_again_on": answer.ask_again_on,
        "refusal_reasons": list(answer.refusal_reasons),
    }
    if answer.answer != ProposalAnswer.PENDING:
        refusal = list(answer.refusal_reasons) if answer.answer == ProposalAnswer.NO else []
        return values | {"answered_at": at, "ask_again_on": None, "refusal_reasons": refusal}
    if answer.ask_again_on is None:
        raise BusinessError("ask_again_missing", "Dites quand lui en reparler.", field="ask_again_on")
    if not local_day(at) <= answer.ask_again_on <= max(expected_on + rules.PRESENTATION_KEPT, local_day(at)):
        message = "Cette date est passée, ou bien après le terme."
        raise BusinessError("ask_again_past", message, field="ask_again_on")
    return values | {"answered_at": None, "refusal_reasons": []}

"""Presentations made before a birth: the list, one of them, and those a birth may take over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Q

from copa.kernel.paging import counted_page
from pathways import perms, rules
from pathways.enums import (
    CoveredPoint,
    PresentationEnd,
    ProposalAnswer,
    ProposalContext,
    ProposalSupport,
)
from pathways.models import Birth, Mother, Presentation
from pathways.reads.birth_dates import born_like
from pathways.reads.facts.words import words
from territories.models import Member

PAGE = 25


class PresentationStep(StrEnum):
    """Where a presentation stands; the value is what stands in the address."""

    WAITING = "attendues"
    PAST = "depassees"
    BORN = "nees"
    CLOSED = "closes"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationFacts:
    """One presentation. `maternity` "" while she does not know where, `answered_at` None while she thinks."""

    pk: int
    public_id: UUID
    name: str
    born: str
    phone: str
    expected_on: date
    maternity: str
    context: str
    presented_on: date
    presented_by: str
    covered: tuple[str, ...]
    missing: tuple[str, ...]
    support: str
    answer: str
    answer_label: str
    answered_at: datetime | None
    ask_again_on: date | None
    refusal_reasons: tuple[str, ...]
    step: str
    closing: str
    reasons: tuple[str, ...] = ()
    is_exact: bool = False

    @property
    def may_adhere(self) -> bool:
        """Whether she said yes and a birth is still waited for."""
        is_waiting = self.step in {PresentationStep.WAITING, PresentationStep.PAST}
        return is_waiting and self.answer == ProposalAnswer.YES


def _condition(step: PresentationStep, today: date) -> Q:
    waits = Q(birth=None, closed_at=None)
    # Past the expected date by this much, a birth is not to be waited for: somebody says why.
    limit = today - rules.PRESENTATION_KEPT
    return {
        PresentationStep.WAITING: waits & Q(expected_on__gte=limit),
        PresentationStep.PAST: waits & Q(expected_on__lt=limit),
        PresentationStep.BORN: Q(birth__isnull=False),
        PresentationStep.CLOSED: Q(closed_at__isnull=False),
    }[step]


def presentation_counts(member: Member, today: date) -> dict[str, int]:
    """How many this member may see at each step."""
    rows = perms.SEE_PRESENTATIONS.rows(member)
    return {step.value: rows.filter(_condition(step, today)).count() for step in PresentationStep}


def presentation_page(member: Member, today: date, *, step: PresentationStep, total: int, asked: str) -> Page[Any]:
    """One page: those who wait by expected date, the others newest first."""
    rows = perms.SEE_PRESENTATIONS.rows(member).filter(_condition(step, today))
    is_waiting = step in {PresentationStep.WAITING, PresentationStep.PAST}
    ordered = rows.order_by(*(("expected_on", "pk") if is_waiting else ("-presented_on", "-pk")))
    page = counted_page(_with_people(ordered), per_page=PAGE, total=total, asked=asked)
    page.object_list = [presentation_facts(row, today) for row in page.object_list]
    return page


def _with_people(rows: Any) -> Any:
    return rows.select_related("maternity", "presented_by__user")


def presentation_facts(row: Presentation, today: date, **beside: Any) -> PresentationFacts:
    """One of them, in words; `beside` what makes it look like a birth."""
    step = next(
        step
        for step, is_there in (
            (PresentationStep.BORN, row.birth_id),
            (PresentationStep.CLOSED, row.closed_at),
            (PresentationStep.PAST, row.expected_on < today - rules.PRESENTATION_KEPT),
            (PresentationStep.WAITING, True),
        )
        if is_there
    )
    return PresentationFacts(
        pk=row.pk,
        public_id=row.public_id,
        name=str(row),
        born=rules.born_words(row.birth_on, row.birth_precision),
        phone=row.phone,
        expected_on=row.expected_on,
        maternity=row.maternity.name if row.maternity else "",
        context=words(ProposalContext, row.context),
        presented_on=row.presented_on,
        presented_by=row.presented_by.user.get_full_name(),
        covered=tuple(str(point.label) for point in CoveredPoint if point in row.covered),
        missing=tuple(str(point.label) for point in CoveredPoint if point not in row.covered),
        support=words(ProposalSupport, row.support),
        answer=row.answer,
        answer_label=words(ProposalAnswer, row.answer),
        answered_at=row.answered_at,
        ask_again_on=row.ask_again_on,
        refusal_reasons=tuple(row.refusal_reasons),
        step=step,
        closing=words(PresentationEnd, row.closing_reason) if row.closing_reason else "",
        **beside,
    )


def presentations_for(birth: Birth) -> Sequence[PresentationFacts]:
    """Presentations that wait and look like the mother of this birth: same name and birth date, or same phone.

    `is_exact`: her name and her birth date, for a birth about now. Two queries.
    """
    mother = Mother.objects.get(family=birth.family_id)
    near = born_like(mother.birth_on, mother.birth_precision) | (Q(phone=mother.phone) if mother.phone else Q(pk=None))
    rows = _with_people(Presentation.objects.waiting().filter(near, presented_on__lte=birth.day)).order_by("pk")
    found = []
    for row in rows:
        is_born = rules.may_be_born_on(row.birth_on, row.birth_precision, mother.birth_on, mother.birth_precision)
        is_named = bool(_full_names(row) & _full_names(mother)) and is_born
        is_reached = bool(row.phone) and row.phone == mother.phone
        reasons = [reason for reason, is_true in (("même nom", is_named), ("même téléphone", is_reached)) if is_true]
        if reasons:
            is_exact = is_named and _is_about_now(row.expected_on, birth.day)
            found.append(presentation_facts(row, birth.day, reasons=tuple(reasons), is_exact=is_exact))
    return found


def _full_names(person: Any) -> set[str]:
    return {rules.normalised(name, person.first_names) for name in (person.birth_name, person.used_name) if name}


def _is_about_now(expected_on: date, day: date) -> bool:
    """Whether a birth on this day may be the one expected: the earliest that lives, or past its term."""
    earliest: date = expected_on - timedelta(weeks=rules.TERM_WEEKS - rules.EARLIEST_WEEKS)
    return earliest <= day <= expected_on + rules.PRESENTATION_KEPT

"""The vulnerability grid: gone through, added to, concluded by people (domain.md 4.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from pathways.actions.alerts import raise_alert
from pathways.actions.families import tighten_contact
from pathways.actions.shared import check_running, local_day
from pathways.actions.suggestions import suggest, suggest_third_visit
from pathways.enums import (
    AlertKind,
    GridStatus,
    GridValue,
    ScreenedPerson,
    Sensitivity,
    SuggestionCause,
    SuggestionKind,
)
from pathways.models import (
    Child,
    GridAnswer,
    GridConclusion,
    GridFactor,
    GridReview,
    GridTemplate,
    Pathway,
    SealedGridAnswer,
    SealedSignal,
)
from pathways.rules.screening import PROTECTED_DELAY, SIGNAL_ALERT, calls_team, may_leave_traces, sealed_cause
from territories.models import Member


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was seen or said of one factor. `child` is None unless it is about one."""

    factor: GridFactor
    value: str
    person: str = ""
    child: Child | None = None
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where and when it was seen or said, and by whom. `id` is the visit's public id, None outside one."""

    kind: str
    author: Member
    at: datetime
    recorded_at: datetime
    id: UUID | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The columns that every answer shares."""
        return {
            "author": self.author,
            "at": self.at,
            "recorded_at": self.recorded_at,
            "source": self.kind,
            "source_id": self.id,
        }


@transaction.atomic
def review_grid(
    *, pathway: Pathway, status: str, skip_reason: str, answers: Iterable[Told], source: Source
) -> GridReview | None:
    """The grid gone through once, or skipped with a reason (R012); None when this visit has already landed.

    Raises `skip_reason_missing`, and `sealed_factor` for an S3 factor, which has its own door (G1).
    """
    is_skipped = status == GridStatus.SKIPPED
    if is_skipped and not skip_reason:
        raise BusinessError(
            "skip_reason_missing", "Dites pourquoi le repérage n’est pas fait cette fois.", field="skip_reason"
        )
    if source.id and GridReview.objects.filter(source_id=source.id).exists():
        return None
    _check_running(pathway, source)
    review: GridReview = GridReview.objects.create(
        pathway=pathway,
        family_id=pathway.family_id,
        template=current_template(),
        status=status,
        skip_reason=skip_reason if is_skipped else "",
        at=source.at,
        author=source.author,
        source=source.kind,
        source_id=source.id,
    )
    if not is_skipped:
        add_answers(pathway=pathway, answers=answers, source=source)
    return review


def _check_running(pathway: Pathway, source: Source) -> None:
    if source.id is None:
        check_running(pathway)


def current_template() -> GridTemplate:
    """The version in use: the last one whose day has come on the clocks of the territory."""
    valid = GridTemplate.objects.filter(valid_from__lte=local_day(clock.now()))
    found: GridTemplate = valid.order_by("-valid_from", "-pk")[:1].get()
    return found


@transaction.atomic
def add_answers(*, pathway: Pathway, answers: Iterable[Told], source: Source) -> list[GridAnswer]:
    """Add S1 and S2 answers to the history of a family; what is newly present may suggest a third visit (R056)."""
    told = list(answers)
    if any(one.factor.sensitivity == Sensitivity.S3 for one in told):
        raise BusinessError("sealed_factor", "Ce point se note dans le compartiment protégé.")
    _check_running(pathway, source)
    before = _present(pathway, source.at)
    rows: list[GridAnswer] = [
        GridAnswer(family_id=pathway.family_id, **_columns(one), **source.columns) for one in told
    ]
    GridAnswer.objects.bulk_create(rows)
    fresh = [one.factor for one in told if one.value == GridValue.PRESENT and one.factor.code not in before]
    if any(factor.is_psychosocial for factor in fresh):
        suggest_third_visit(
            pathway=pathway, cause=SuggestionCause.GRID, source_id=source.id, by=None, at=source.recorded_at
        )
    return rows


def _columns(one: Told) -> dict[str, Any]:
    person = ScreenedPerson.CHILD if one.child else one.person or one.factor.about
    return {
        "factor": one.factor,
        "person": person,
        "child": one.child,
        "value": one.value,
        "comment": one.comment.strip()[:400],
    }


def _present(pathway: Pathway, at: datetime) -> set[str]:
    """Codes of the factors whose latest answer says that they are present, under whatever version of the grid."""
    latest = GridAnswer.objects.filter(family=pathway.family_id, at__lte=at).latest_of_each()
    return {row.factor.code for row in latest.select_related("factor") if row.value == GridValue.PRESENT}


@transaction.atomic
def add_sealed_answer(*, pathway: Pathway, told: Told, presence: str, source: Source) -> SealedGridAnswer:
    """Add an S3 answer to the sealed compartment, with « vue seule » (G3). V3 or V4 present calls the team (G2).

    Nothing is ever said to the parents. Raises `open_factor` for a factor that is not sealed.
    """
    if told.factor.sensitivity != Sensitivity.S3:
        raise BusinessError("open_factor", "Ce point se note dans le repérage, pas dans le compartiment protégé.")
    _check_running(pathway, source)
    row: SealedGridAnswer = SealedGridAnswer.objects.create(
        family_id=pathway.family_id, presence=presence, **_columns(told), **source.columns
    )
    if told.value == GridValue.PRESENT and calls_team([told.factor.domain]):
        _call_team(pathway, source)
    return row


def _call_team(pathway: Pathway, source: Source) -> None:
    suggest(
        pathway=pathway,
        kind=SuggestionKind.TEAM_REVIEW,
        cause=SuggestionCause.GRID,
        source_id=source.id,
        by=None,
        at=source.recorded_at,
    )


@transaction.atomic
def signal_to_team(
    *,
    pathway: Pathway,
    domains: Iterable[str],
    facts: str,
    presence: str,
    safe_call: str,
    source: Source,
    is_alerted: bool = False,
) -> SealedSignal | None:
    """« Signaler une situation protégée » (G1): sealed words, an alert at once, and the contact rules obeyed.

    `is_alerted`: the report raised the alert when it was tapped. None when this visit has already landed. Raises
    `facts_missing`.
    """
    if not facts.strip():
        raise BusinessError("facts_missing", "Écrivez ce que vous avez vu ou entendu.", field="facts")
    if source.id and SealedSignal.objects.filter(source_id=source.id).exists():
        return None
    signal: SealedSignal = SealedSignal.objects.create(
        pathway=pathway,
        family_id=pathway.family_id,
        author=source.author,
        at=source.at,
        source=source.kind,
        source_id=source.id,
        domains=list(domains),
        facts=facts.strip()[:800],
        presence=presence,
        safe_call=safe_call,
    )
    if not is_alerted:
        _alert_signal(signal, source.recorded_at)
    return signal


def _alert_signal(signal: SealedSignal, at: datetime) -> None:
    if not may_leave_traces(signal.safe_call):
        tighten_contact(family_id=signal.family_id, at=at)
    raise_alert(
        pathway=signal.pathway,
        kind=AlertKind.PROTECTED,
        subject_id=signal.public_id,
        code=SIGNAL_ALERT,
        facts=sealed_cause(SIGNAL_ALERT),
        is_sealed=True,
        raised_by=signal.author,
        answer_due_at=at + PROTECTED_DELAY,
        at=at,
    )


@transaction.atomic
def conclude_grid(*, pathway: Pathway, level: str, proposals: str, by: Member, at: datetime) -> GridConclusion:
    """What the team or the PMI doctor concludes, in words; the former conclusion stays in the history."""
    if not proposals.strip():
        raise BusinessError("proposals_missing", "Écrivez ce que vous proposez à la famille.", field="proposals")
    check_running(pathway)
    conclusion: GridConclusion = GridConclusion.objects.create(
        family_id=pathway.family_id, level=level, proposals=proposals.strip()[:500], by=by, at=at
    )
    return conclusion

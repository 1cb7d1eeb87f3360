"""The page on which a report is written: the drawn form and what stands around it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from copa.kernel import french
from visits.questionnaire import FormView, clean, view_model
from visits.reads.conflict import Conflict
from visits.reads.context import call_of, scale_words
from visits.reads.drafts import Draft
from visits.reads.households import Household, household_of
from visits.reads.report import short_kind
from visits.reads.standing import stop_words_of
from visits.rules import ReportClock, report_clock


@dataclass(frozen=True)
class WritingPage:
    """A draft on the screen. `standing` is what it was drawn for, `notice` "" unless the pathway has stopped.

    `other` is what another screen saved meanwhile, None when nobody did.
    """

    visit_id: UUID
    family_id: int
    short_kind: str
    day: int
    household: Household
    form: FormView
    clock: ReportClock
    due_at: datetime | None
    ended_at: datetime | None
    revision: int
    screen: str
    version: str
    saved_words: str
    standing: str
    notice: str
    other: Conflict | None


def writing_page(
    draft: Draft,
    *,
    screen: str,
    at: datetime,
    document: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    other: Conflict | None = None,
    shows_missing: bool = False,
) -> WritingPage:
    """The page of a draft; `document` is what was typed and not kept, instead of what stands in the database."""
    visit = draft.facts.visit
    result = clean(draft.questionnaire, draft.document if document is None else document, draft.context)
    form = view_model(
        draft.questionnaire,
        result.answers,
        # Whom to call and what the scale says are shown on this page alone: a saving asks for neither.
        replace(draft.context, call=call_of(visit), epds_words=scale_words(draft.context)),
        {**result.errors, **(errors or {})},
        rejected=result.rejected,
        shows_missing=shows_missing,
    )
    return WritingPage(
        visit_id=visit.public_id,
        family_id=visit.family_id,
        short_kind=short_kind(visit.kind),
        day=draft.context.day,
        household=household_of(visit.pathway.birth_id, visit.family_id),
        form=form,
        clock=report_clock(visit.report_due_at, visit.report_delivered_at, at),
        due_at=visit.report_due_at,
        ended_at=visit.ended_at,
        revision=draft.revision,
        screen=screen,
        version=draft.questionnaire.version,
        saved_words=saved_words(draft.report.saved_at) if draft.report else "Rien n’est encore écrit",
        standing=draft.facts.standing,
        notice=stop_words_of(draft),
        other=other,
    )


def saved_words(at: datetime) -> str:
    """When the draft was kept, by the clock of the territory: the device may be set to another one."""
    return f"Gardé à {french.hour(at)}"

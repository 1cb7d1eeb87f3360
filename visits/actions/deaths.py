"""What a death changes in visits and reports: nothing is asked, reminded or owed, nothing written before is lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from pathways.actions.deaths import lock_birth, note_death
from pathways.enums import AlertKind
from pathways.models import Alert, Child, Death
from territories.models import Member
from visits import rules
from visits.actions.conduct import mark_not_done
from visits.enums import NotDoneReason, VisitState
from visits.models import Visit
from visits.questionnaire import CleanResult
from visits.questionnaire.sheet import CHILD, ROW_KEYS
from visits.reads.drafts import Draft
from visits.reads.signs import rank_of

_REF = ROW_KEYS[CHILD]


# ---- A report being written -------------------------------------------------------------------------------
def writable(draft: Draft) -> Draft:
    """The draft as a page drawn before a death still sees it: what she recorded until then is kept (design.md 3.6)."""
    return replace(draft, facts=replace(draft.facts, context=draft.facts.writable))


def with_late_rows(draft: Draft, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with what was written before about those of whom a newer page asks nothing any more."""
    silent, sent = draft.facts.silent_subjects, document.get(CHILD, [])
    if not silent or not isinstance(sent, list):
        return document
    known = {row.get(_REF) for row in sent if isinstance(row, Mapping)}
    kept = [row for row in draft.document.get(CHILD, ()) if row.get(_REF) in silent - known]
    return {**document, CHILD: [*sent, *kept]} if kept else document


def note_new_deaths(draft: Draft, result: CleanResult, author: Member, at: datetime) -> None:
    """A child said to have died falls silent in this transaction (A38), whatever becomes of the document.

    Said again in a later saving, it tells nothing new: the team may have taken it back meanwhile.
    """
    newly = _dead_in(result.answers) - _dead_in(draft.document)
    for child in draft.facts.children:
        if str(child.public_id) in newly:
            birth = draft.facts.visit.pathway.birth
            note_death(birth=birth, child=child, by=author, at=at, is_confirmed=False)


def _dead_in(document: Mapping[str, Any]) -> set[str]:
    return {row[_REF] for row in document.get(CHILD, ()) if row.get("child.absent") == "DECEASED"}


# ---- At the door ------------------------------------------------------------------------------------------
@transaction.atomic
def note_death_at_visit(*, visit: Visit, child: Child | None, is_not_done: bool, by: Member, at: datetime) -> Death:
    """The auxiliary was told of a death, or found it; `child` None for the mother's. The team confirms it.

    `is_not_done`: the visit did not take place because of it. Raises what `mark_not_done` raises.
    """
    birth = lock_birth(visit.pathway.birth_id)
    if is_not_done:
        mark_not_done(visit=visit, reason=NotDoneReason.BEREAVEMENT, at=at)
    return note_death(birth=birth, child=child, by=by, at=at, is_confirmed=False)


# ---- What follows, in the transaction of the caller -------------------------------------------------------
def forgive_reports(*, pathway_id: int) -> int:
    """No report of this pathway is owed any more; returns how many were."""
    owed = Visit.objects.report_missing().filter(pathway=pathway_id)
    return int(owed.update(report_due_at=None))


def owe_reports_again(*, pathway_id: int, at: datetime) -> int:
    """The silence was a mistake: reports are owed again, and their 24 hours begin anew. Returns how many."""
    forgiven = Visit.objects.filter(pathway=pathway_id, state=VisitState.ENDED, report_due_at=None)
    return int(forgiven.filter(report_delivered_at=None).update(report_due_at=rules.report_due_at(at)))


def end_signs_of(*, death: Death, at: datetime) -> int:
    """Nobody has to answer a sign of somebody who died; it stays in the list of what is over. Returns how many."""
    return int(Alert.objects.open().filter(_signs_of(death)).update(ended_at=at))


def reopen_signs_of(*, death: Death) -> int:
    """The death was a mistake: the signs that it ended wait again. Returns how many."""
    ended = Alert.objects.filter(_signs_of(death), acknowledged_at=None, ended_at=death.noted_at)
    return int(ended.update(ended_at=None))


def _signs_of(death: Death) -> Q:
    if death.child is None:
        return Q(pathway__birth=death.birth_id, kind=AlertKind.MOTHER_SIGN)
    signs = Alert.objects.filter(pathway__birth=death.birth_id, kind=AlertKind.CHILD_SIGN).order_by("pk")
    codes = signs.values_list("pk", "code")
    return Q(pk__in=[pk for pk, code in codes if rank_of(code) == death.child.rank])

"""What a death changes in visits and reports: nothing is asked, reminded or owed, nothing written before is lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from pathways.actions.deaths import note_death
from pathways.actions.ladder import tell_ended
from pathways.actions.shared import lock_birth
from pathways.enums import SIGN_KINDS, AlertKind, AlertPerson
from pathways.models import Alert, Child, Death
from pathways.models.alerts import IS_OPEN, IS_TO_CLOSE
from territories.models import Member
from visits import rules
from visits.actions.conduct import mark_not_done
from visits.enums import NotDoneReason, ReportState, VisitState
from visits.models import Report, Visit
from visits.questionnaire import CleanResult
from visits.questionnaire.sheet import CHILD, ROW_KEYS
from visits.reads.drafts import Draft
from visits.reads.signs import rank_of

_REF = ROW_KEYS[CHILD]
# visit-report.md, [absent].
DECEASED = "DECEASED"


# ---- A report being written -------------------------------------------------------------------------------
def writable(draft: Draft) -> Draft:
    """The draft as a page drawn before a death still sees it: what she recorded until then is kept (design.md 3.6)."""
    return replace(draft, facts=replace(draft.facts, context=draft.facts.writable))


def with_late_rows(draft: Draft, document: Mapping[str, Any], base: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The document with what was written before about children whom the page that sends it does not show.

    They are silent now, or were when it was drawn: neither it nor its `base` names them. None for a `base` not told.
    """
    sent = document.get(CHILD, [])
    if not isinstance(sent, list):
        return document
    sent_about = _named_in(sent)
    unsent = [row for row in draft.document.get(CHILD, ()) if row.get(_REF) not in sent_about]
    cleared = None if base is None else _named_in(base.get(CHILD, []))
    silent = draft.facts.silent_subjects
    kept = [row for row in unsent if row.get(_REF) in silent or (cleared is not None and row.get(_REF) not in cleared)]
    return {**document, CHILD: [*sent, *kept]} if kept else document


def _named_in(rows: Any) -> set[Any]:
    """Keys of the children these rows are about; a row that cannot be read names nobody."""
    found = (row.get(_REF) for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()
    return {key for key in found if isinstance(key, str)}


def note_new_deaths(
    draft: Draft, result: CleanResult, base: Mapping[str, Any] | None, author: Member, at: datetime
) -> None:
    """A child said to have died falls silent in this transaction (A38), whatever becomes of the document.

    Said again in a later saving, it tells nothing new: the team may have taken it back meanwhile. `base` is what the
    page had said before, None when it is what the draft says.
    """
    newly = _dead_in(result.answers) - _dead_in(draft.document) - _dead_in(base or {})
    for child in draft.facts.children:
        if str(child.public_id) in newly:
            birth = draft.facts.visit.pathway.birth
            note_death(birth=birth, child=child, by=author, at=at, is_confirmed=False)


def _dead_in(document: Mapping[str, Any]) -> set[str]:
    rows = document.get(CHILD, ())
    return _named_in([row for row in rows if isinstance(row, Mapping) and row.get("child.absent") == DECEASED])


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
    """Nobody has to answer a sign of somebody who died, taken or not; it stays in the list of what is over. How many.

    What was written of it stays; whoever had taken it is told on the platform.
    """
    running = Alert.objects.filter(IS_OPEN | IS_TO_CLOSE).filter(_signs_of(death))
    # Held: a sign closed meanwhile stays closed.
    held = list(running.select_for_update(of=("self",)).order_by("pk"))
    Alert.objects.filter(pk__in=[alert.pk for alert in held]).update(ended_at=at)
    for alert in held:
        if alert.acknowledged_at is not None:
            tell_ended(alert=alert, at=at)
    return len(held)


def reopen_signs_of(*, death: Death) -> int:
    """The death was a mistake: the signs that it ended wait again, those taken for their outcome. How many."""
    ended = Alert.objects.filter(_signs_of(death), kind__in=SIGN_KINDS, closed_at=None, ended_at=death.noted_at)
    return int(ended.update(ended_at=None))


def unsay_in_drafts(*, death: Death) -> int:
    """« Décédé » leaves the reports being written: signed, it would declare somebody dead who lives. How many.

    The question is open again, and a page that still shows the answer learns it with its next saving.
    """
    changed = 0
    drafts = Report.objects.filter(visit__pathway__birth=death.birth_id, state=ReportState.DRAFT)
    for report in drafts.select_for_update(of=("self",)).order_by("pk"):
        rows = [_without_death(row, death) for row in report.answers.get(CHILD, ())]
        if rows != report.answers.get(CHILD, []):
            report.answers = {**report.answers, CHILD: rows}
            report.revision, report.screen = report.revision + 1, ""
            report.save(update_fields=["answers", "revision", "screen"])
            changed += 1
    return changed


def _without_death(row: Mapping[str, Any], death: Death) -> Mapping[str, Any]:
    is_hers = death.child is not None and row.get(_REF) == str(death.child.public_id)
    if not is_hers or row.get("child.absent") != DECEASED:
        return row
    return {key: value for key, value in row.items() if key not in {"child.absent", "child.flag_any"}}


def _signs_of(death: Death) -> Q:
    if death.child is None:
        # The sealed ones about her too: item 10 asks to call her. Those of the other parent, the children and the home
        # still want an answer.
        hers = Q(kind=AlertKind.MOTHER_SIGN) | Q(about=AlertPerson.MOTHER)
        return hers & Q(pathway__birth=death.birth_id)
    signs = Alert.objects.filter(pathway__birth=death.birth_id, kind=AlertKind.CHILD_SIGN).order_by("pk")
    codes = signs.values_list("pk", "code")
    return Q(pk__in=[pk for pk, code in codes if rank_of(code) == death.child.rank])

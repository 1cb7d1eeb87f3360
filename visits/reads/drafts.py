"""The answer document of a report, put together from what is open, what is sealed and what could not be read yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from visits.enums import CodingSource, ReportState
from visits.models import Deviation, Report, SealedAnswers, Visit
from visits.questionnaire import Answers, CleanResult, Questionnaire, ReportContext, clean, join_sealed
from visits.questionnaire.sheet import ROW_KEYS
from visits.reads.context import VisitFacts, facts_of, form_for
from visits.rules import DEVIATION_QUESTIONS


@dataclass(frozen=True)
class Draft:
    """A report being written, read once. `report` is None and `revision` 0 until something was saved."""

    facts: VisitFacts
    form_id: int
    report: Report | None
    document: Mapping[str, Any]
    revision: int

    @property
    def context(self) -> ReportContext:
        return self.facts.context

    @property
    def questionnaire(self) -> Questionnaire:
        return self.facts.questionnaire

    @property
    def is_signed(self) -> bool:
        return self.report is not None and self.report.state == ReportState.SIGNED

    def read(self) -> CleanResult:
        """The document as the engine understands it now."""
        return clean(self.questionnaire, self.document, self.context)


def report_of(visit_id: int) -> Report | None:
    """The report of a visit, draft or signed."""
    found: Report | None = Report.objects.filter(visit=visit_id).order_by("pk").first()
    return found


def draft_of(visit: Visit, at: datetime, version: str = "") -> Draft:
    """What was saved for a visit and what surrounds it, for its author: sealed answers included.

    A draft keeps the form it was begun with; a new one takes the version the page was drawn from, if it is known.
    """
    report = report_of(visit.pk)
    form_id = report.form_id if report else form_for(at, version).pk
    facts = facts_of(visit.pk, form_id, at)
    if report is None:
        return Draft(facts, form_id, None, _coded(visit.pk), 0)
    sealed = SealedAnswers.objects.filter(report=report).order_by("pk").first()
    document = whole_document(
        facts.questionnaire,
        (report.answers, report.typed),
        (sealed.answers, sealed.typed) if sealed else ({}, {}),
    )
    if report.state != ReportState.SIGNED:
        document = {**_coded(visit.pk), **document}
    return Draft(facts, form_id, report, document, report.revision)


def _coded(visit_id: int) -> Answers:
    """Reasons of deviations that she gave before she wrote her report: she is not asked twice."""
    rows = Deviation.objects.filter(visit=visit_id, source=CodingSource.TAP, lifted_at=None).order_by("kind")
    return {f"dev.{DEVIATION_QUESTIONS[kind]}": reason for kind, reason in rows.values_list("kind", "reason")}


def whole_document(
    questionnaire: Questionnaire, opened: tuple[Answers, Answers], sealed: tuple[Answers, Answers]
) -> Answers:
    """Open and sealed answers in one document; what could not be read stands at its path as it was typed."""
    document = join_sealed(questionnaire, opened[0], sealed[0])
    for path, text in {**opened[1], **sealed[1]}.items():
        put(document, path, text)
    return document


def put(document: Answers, path: str, value: Any) -> None:
    """Set the answer at a path (`linkId`, or `group/key/linkId`), making its row when there is none."""
    group, _, rest = path.partition("/")
    if not rest:
        document[path] = value
        return
    key, _, link_id = rest.partition("/")
    rows = document.setdefault(group, [])
    name = ROW_KEYS.get(group)
    if name is None:
        # Rows without a key of their own are named by their place.
        while len(rows) <= int(key):
            rows.append({})
        rows[int(key)][link_id] = value
        return
    row = next((row for row in rows if row.get(name) == key), None)
    if row is None:
        row = {name: key}
        rows.append(row)
    row[link_id] = value


def with_alerts(context: ReportContext, alerts: tuple[Any, ...]) -> ReportContext:
    """The same context once these alerts are recorded."""
    return replace(context, recorded_alerts=alerts)

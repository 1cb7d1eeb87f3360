"""What is read of a report after a child it speaks of has died, by whoever is not of the team (A38).

The team keeps the report as it was signed. Outside, it prepares a visit or a call to the parents: somebody who reads
in the present where a dead child sleeps will speak to them of that child.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from pathways.models import Child, Need
from visits.models import Report
from visits.questionnaire import ReportContext
from visits.questionnaire.sheet import CHILD, ROW_KEYS

_REF = ROW_KEYS[CHILD]


def told_of_living(
    report: Report, answers: Mapping[str, Any], context: ReportContext
) -> tuple[Mapping[str, Any], ReportContext]:
    """The answers and the context without the children whose follow-up is closed now; one query, two after a death.

    That a child died during the visit stays: the copy begins with it.
    """
    closed = _closed(report)
    if not closed:
        return answers, context
    gone = _needs_of_closed(context)
    rows = [row for row in answers.get(CHILD, ()) if row.get(_REF) not in closed]
    return {**answers, CHILD: rows}, replace(
        context,
        children=tuple(child for child in context.children if child.ref not in closed),
        needs=tuple(need for need in context.needs if need.ref not in gone),
        recorded_alerts=tuple(alert for alert in context.recorded_alerts if alert.subject not in closed),
    )


def closed_ranks(birth: int) -> Collection[int]:
    """The ranks of the children of this birth whose follow-up is closed. One query."""
    return set(Child.objects.filter(birth=birth, closed_at__isnull=False).order_by().values_list("rank", flat=True))


def _closed(report: Report) -> set[str]:
    rows = Child.objects.filter(family=report.family_id, closed_at__isnull=False)
    return {str(public_id) for public_id in rows.order_by().values_list("public_id", flat=True)}


def _needs_of_closed(context: ReportContext) -> set[str]:
    rows = Need.objects.filter(public_id__in=[need.ref for need in context.needs], child__closed_at__isnull=False)
    return {str(public_id) for public_id in rows.order_by().values_list("public_id", flat=True)}

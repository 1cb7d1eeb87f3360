"""The alerts of the 24-hour clock: six hours before the end and at the end, each once per visit.

Two columns of the visit are the claims: an UPDATE that repeats the condition decides, and the alert and the mails are
rows of the same transaction. Run twice, by two workers or after a kill, the second one finds nothing left to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from copa.kernel.prepared import Prepared, together
from pathways.actions import end_alerts, raise_alert
from pathways.enums import AlertKind
from visits import notices
from visits.models import Visit
from visits.rules import REPORT_SOON_DELAY

LIMIT = 500


@dataclass(frozen=True)
class Waiting:
    """Keys of visits: reports that are late, and reports due within six hours, of which nobody was told."""

    overdue: list[int]
    due_soon: list[int]


def due_soon(at: datetime) -> QuerySet[Visit]:
    """Reports owed whose clock has turned amber and that nobody was warned about."""
    return _due_between(at, at + REPORT_SOON_DELAY)


def _due_between(at: datetime, soon: datetime) -> QuerySet[Visit]:
    owed = Visit.objects.report_missing().filter(report_due_at__lte=soon, report_due_at__gte=at)
    return owed.filter(due_soon_alerted_at=None)  # type: ignore[no-any-return]


def overdue(at: datetime) -> QuerySet[Visit]:
    """Reports whose 24 hours are over and that nobody was told about; at the very instant of 24 h they are in time."""
    return Visit.objects.report_overdue(at).filter(overdue_alerted_at=None)  # type: ignore[no-any-return]


def waiting(*, at: datetime) -> Waiting:
    """What to tell in the territory in scope, at most LIMIT of each, the most urgent first; one exchange.

    These are candidates: `due_soon` and `overdue` above decide again when each one is claimed.
    """
    late, soon = together(_overdue_keys, _due_soon_keys, at=at, soon=at + REPORT_SOON_DELAY)
    return Waiting(overdue=[pk for (pk,) in late], due_soon=[pk for (pk,) in soon])


# Prepared: each minute and territory asks both, most often for nothing.
@Prepared
def _overdue_keys(at: Any) -> Any:
    return _first(overdue(at))


@Prepared
def _due_soon_keys(at: Any, soon: Any) -> Any:
    return _first(_due_between(at, soon))


def _first(visits: QuerySet[Visit]) -> QuerySet[Visit, Any]:
    return visits.order_by("report_due_at", "pk").values_list("pk")[:LIMIT]


@transaction.atomic
def warn_due_soon(*, pk: int, at: datetime) -> bool:
    """Warn once that a report is due within six hours; False when it arrived meanwhile or somebody was faster."""
    if not due_soon(at).filter(pk=pk).update(due_soon_alerted_at=at):
        return False
    _tell(pk, AlertKind.REPORT_DUE_SOON, notices.report_due_soon, at)
    return True


@transaction.atomic
def tell_overdue(*, pk: int, at: datetime) -> bool:
    """Tell once that a report is late; False when it arrived meanwhile or somebody was faster."""
    if not overdue(at).filter(pk=pk).update(overdue_alerted_at=at):
        return False
    visit = _tell(pk, AlertKind.REPORT_OVERDUE, notices.report_overdue, at)
    # "Soon" no longer tells anybody anything.
    end_alerts(kinds=[AlertKind.REPORT_DUE_SOON], subject_id=visit.public_id, at=at)
    return True


def _tell(pk: int, kind: AlertKind, notify: Callable[..., None], at: datetime) -> Visit:
    visit: Visit = Visit.objects.select_related("territory", "pathway__carrier", "ap__user").get(pk=pk)
    is_raised = raise_alert(
        pathway=visit.pathway,
        kind=kind,
        subject_id=visit.public_id,
        code="",
        facts="",
        is_sealed=False,
        raised_by=None,
        answer_due_at=None,
        at=at,
    )
    # In mourning no reminder leaves (A38); the list of what is owed shows the report all the same.
    if is_raised:
        notify(visit=visit, at=at)
    return visit

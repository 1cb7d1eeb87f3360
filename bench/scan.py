"""The deadline scan against one indexed SELECT of the due rows, with few and with many visits that are not due."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from bench.measure import compared, in_turn
from bench.people import FULL
from copa.kernel import clock, scope
from visits.actions import deadlines
from visits.models import Visit

ROUNDS = 150
DUE = 50
NOT_DUE = 20_000
FLOOR = """
select id from visits_visit
where territory_id = %s and report_due_at is not null and report_delivered_at is null
  and report_due_at < %s and overdue_alerted_at is null
order by report_due_at limit 500
"""
# Visits that owe nothing, as a territory gathers them over the years.
MORE = """
insert into visits_visit (public_id, territory_id, family_id, pathway_id, ap_id, kind, planned_at, planned_minutes,
                          window_reason, state, not_done_reason)
select gen_random_uuid(), territory_id, family_id, pathway_id, ap_id, kind, planned_at, planned_minutes,
       window_reason, 'cancelled', 'OTHER'
from visits_visit cross join generate_series(1, %s) where territory_id = %s limit %s
"""


def scans() -> Iterator[tuple[str, dict[str, Any]]]:
    """The same due reports before and after twenty thousand other visits; everything is undone."""
    with transaction.atomic(), scope.opened(FULL.scope()) as opened:
        at = clock.now()
        _leave_due(at)
        yield _scan(opened, at)
        with connection.cursor() as cursor:
            cursor.execute(MORE, [NOT_DUE, opened.territory_id, NOT_DUE])
        yield _scan(opened, at)
        transaction.set_rollback(True)


def _scan(opened: scope.Scope, at: datetime) -> tuple[str, dict[str, Any]]:
    def product() -> None:
        assert len(deadlines.waiting_overdue(at=at)) == DUE
        deadlines.waiting_due_soon(at=at)

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, [opened.territory_id, at])
            assert len(cursor.fetchall()) == DUE

    figure, base = in_turn(product, floor, rounds=ROUNDS)
    total = Visit.objects.count()
    name = f"deadline scan: {DUE} due among {total} visits"
    return name, compared(figure, base, "≤ 2×, whatever the number of visits not due", visits=total, due=DUE)


def _leave_due(at: datetime) -> None:
    """So many reports that are late and told to nobody, none that is nearly late."""
    owed = Visit.objects.report_missing()
    owed.update(overdue_alerted_at=at, due_soon_alerted_at=at)
    keys = Visit.objects.filter(report_due_at__lt=at).order_by("-report_due_at", "pk").values_list("pk", flat=True)
    late = Visit.objects.filter(pk__in=list(keys[:DUE]))
    late.update(report_delivered_at=None, overdue_alerted_at=None)

"""The deadline scan against the same rows selected by psycopg alone, with few and with many visits that are not due.

The floor of a whole turn opens the same walls: without the settings of the scope PostgreSQL shows no row at all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import connection, transaction

from bench.measure import Timing, compared, in_turn
from bench.people import FULL
from copa.kernel import clock, scope
from visits import tasks
from visits.actions import deadlines
from visits.models import Visit

ROUNDS = 200
TELL_ROUNDS = 40
DUE = (0, 50, 500)
NOT_DUE = 20_000
AIM = "≤ 2×, whatever the number of visits not due"
FLOOR = """
select id from visits_visit
where territory_id = %s and report_due_at is not null and report_delivered_at is null
  and report_due_at < %s and overdue_alerted_at is null
order by report_due_at limit 500
"""
SETTINGS = ("copa.territory", "copa.user", "copa.region", "copa.actor", "copa.reason")
OPEN = f"select {', '.join(f'set_config({name!r}, %s, true)' for name in SETTINGS)}"
# Visits that owe nothing, as a territory gathers them over the years.
MORE = """
insert into visits_visit (public_id, territory_id, family_id, pathway_id, ap_id, kind, planned_at, planned_minutes,
                          window_reason, motive, state, not_done_reason)
select gen_random_uuid(), territory_id, family_id, pathway_id, ap_id, kind, planned_at, planned_minutes,
       window_reason, motive, 'cancelled', 'OTHER'
from visits_visit cross join generate_series(1, %s) where territory_id = %s limit %s
"""


def scans() -> Iterator[tuple[str, dict[str, Any]]]:
    """The scan alone with none, some and many due, before and after twenty thousand other visits; then a whole turn.

    Everything is undone.
    """
    at = clock.now()
    with undone() as opened:
        for due in DUE:
            _leave_due(at, due)
            yield _scan(opened, at, due)
        with connection.cursor() as cursor:
            cursor.execute(MORE, [NOT_DUE, opened.territory_id, NOT_DUE])
        _leave_due(at, 50)
        yield _scan(opened, at, 50)
    yield _turn()
    yield _telling(at)


@contextmanager
def undone() -> Iterator[scope.Scope]:
    """The fullest territory, in a transaction that is rolled back."""
    with transaction.atomic(), scope.opened(FULL.scope()) as opened:
        yield opened
        transaction.set_rollback(True)


def _scan(opened: scope.Scope, at: datetime, due: int) -> tuple[str, dict[str, Any]]:
    found = len(deadlines.waiting(at=at).overdue)

    def product() -> None:
        assert len(deadlines.waiting(at=at).overdue) == found

    def floor() -> None:
        with psycopg.Cursor(connection.connection) as cursor:
            assert len(cursor.execute(FLOOR, [opened.territory_id, at]).fetchall()) == found

    figure, base = in_turn(product, floor, rounds=ROUNDS)
    total = Visit.objects.count()
    return f"deadline scan: {due} due among {total} visits", compared(figure, base, AIM, visits=total, due=found)


def _turn() -> tuple[str, dict[str, Any]]:
    """A territory in which nobody waits to be told: the scope opened, one statement, nothing to do."""
    opened = FULL.scope()
    # Longer ago than any visit: nothing is due on that day.
    at = datetime.fromisoformat("1990-01-01T00:00:00+00:00")
    step = tasks.watch_report_deadlines.step

    def product() -> None:
        with step(str(opened.territory_id)):
            deadlines.waiting(at=at)

    figure, base = in_turn(product, _floor_of_a_turn(opened, at), rounds=ROUNDS)
    return "deadline scan: a whole turn, nothing due", compared(figure, base, AIM)


def _floor_of_a_turn(opened: scope.Scope, at: datetime) -> Callable[[], None]:
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection

    def floor() -> None:
        with raw.transaction(), psycopg.Cursor(raw) as cursor:
            cursor.execute(OPEN, [str(opened.territory_id), "", "", "bench", ""])
            cursor.execute(FLOOR, [opened.territory_id, at]).fetchall()

    return floor


def _telling(at: datetime) -> tuple[str, dict[str, Any]]:
    """What one due row costs: claimed, its alert raised, its mails written, in a step of its own."""
    with undone() as opened:
        _leave_due(at, TELL_ROUNDS + 5)
        keys = iter(deadlines.waiting(at=at).overdue)

        def tell() -> None:
            with scope.opened(opened):
                assert deadlines.tell_overdue(pk=next(keys), at=at)

        timing: Timing
        (timing,) = in_turn(tell, rounds=TELL_ROUNDS, warm_up=5)
    return "deadline scan: telling one late report", {"figure_ms": timing.as_dict(), "aim": "a minute for 500"}


def _leave_due(at: datetime, count: int) -> None:
    """So many reports that are late and told to nobody, none that is nearly late."""
    owed = Visit.objects.report_missing()
    owed.update(overdue_alerted_at=at, due_soon_alerted_at=at)
    past = Visit.objects.filter(report_due_at__lt=at - timedelta(seconds=1))
    keys = past.order_by("-report_due_at", "pk").values_list("pk", flat=True)
    late = Visit.objects.filter(pk__in=list(keys[:count]))
    late.update(report_delivered_at=None, overdue_alerted_at=None)

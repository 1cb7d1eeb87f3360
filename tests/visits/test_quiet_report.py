"""A report says that there is nothing to report only on a day without an alert of the family (walk 7, team and AP)."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.enums import AlertKind
from tests import factories
from tests.cast import Person
from tests.guards import GuardedClient
from tests.visits import reports
from visits.models import Report, Visit

QUIET = "Rien de particulier"
DAY = timedelta(days=1)


@pytest.fixture
def visit(vallees: scope.Scope) -> Visit:
    return reports.ended_visit()


def read(client: GuardedClient, cast: dict[str, Person], report: Report, who: str) -> str:
    client.force_login(cast[who].user)
    return client.get(f"/t/vallees/reports/{report.public_id}/").content.decode()


def taken(at: Any, **closed: Any) -> dict[str, Any]:
    return {"acknowledged_at": at, "acknowledged_by": factories.who("farid"), **closed}


@pytest.mark.parametrize("who", ["farid", "amal"])
@pytest.mark.parametrize("kind", [AlertKind.PROTECTED, AlertKind.MOTHER_SIGN])
def test_alert_raised_outside_the_report_takes_the_sentence_away(
    client: GuardedClient, cast: dict[str, Person], visit: Visit, who: str, kind: str
) -> None:
    report = reports.sign(visit)
    assert QUIET in read(client, cast, report, who)

    factories.make_alert(visit.pathway, kind, is_sealed=kind == AlertKind.PROTECTED)

    assert QUIET not in read(client, cast, report, who)


def test_alert_still_open_from_before_counts_and_one_closed_before_does_not(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    before = clock.now() - 3 * DAY
    alert = factories.make_alert(
        visit.pathway, raised_at=before, **taken(before, closed_at=before, closed_by=factories.who("farid"))
    )
    report = reports.sign(visit)
    assert QUIET in read(client, cast, report, "farid")

    factories.make_alert(visit.pathway, code="BLUE", raised_at=before, **taken(before))

    assert alert.closed_at
    assert QUIET not in read(client, cast, report, "farid")


def test_what_is_no_sign_and_what_came_days_later_leave_the_sentence(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    report = reports.sign(visit)

    factories.make_alert(visit.pathway, AlertKind.REPORT_OVERDUE)
    factories.make_alert(visit.pathway, raised_at=clock.now() + 2 * DAY)

    assert QUIET in read(client, cast, report, "farid")

"""Two reports signed at once answer the same need of before: both are signed, the contact is written once."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.models import Need, Orientation
from tests import factories
from tests.cast import VALLEES, inside
from tests.races import behind
from tests.visits.reports import answers, ended_visit, second_answers, sign
from visits.models import Report, Visit

# Asked of V2 alone: whoever signs first makes them known, or not.
SAME_AS_BEFORE = {"res.same": "SAME", "feed.goal.same": "SAME"}

pytestmark = pytest.mark.usefixtures("committed")


def said(need: Need, state: str, **more: Any) -> dict[str, Any]:
    row = {"ref": str(need.public_id), "state": state} | more
    return {"need.prev": [{f"need.prev.{name}": value for name, value in row.items()}]}


@pytest.mark.parametrize("is_second_first", [False, True])
def test_two_reports_that_answer_one_need_at_once_write_it_once(is_second_first: bool) -> None:
    with scope.opened(inside(VALLEES)):
        one = ended_visit("V1", hours_ago=3, days=12)
        two: Visit = factories.make_visit(one.pathway, "V2", "ended", ended_at=clock.now() - timedelta(hours=1))
        ago = clock.now() - timedelta(days=10)
        need = factories.make_need(one.pathway, spotted_at=ago, state="ORIENTED")
        sent = factories.make_orientation(need, state="SENT", proposed_at=ago)
        today = clock.local_date(clock.now(), "Europe/Paris")
        days = {one.pk: today - timedelta(days=2), two.pk: today - timedelta(days=1)}
        documents = {
            visit.pk: written(
                visit, **more, **said(need, "SOLVED", contact="YES", contact_on=days[visit.pk].isoformat())
            )
            for visit, written, more in ((one, answers, {}), (two, second_answers, SAME_AS_BEFORE))
        }
    first, second = (two, one) if is_second_first else (one, two)

    found = behind(lambda: sign(first, documents[first.pk]), lambda: sign(second, documents[second.pk]))

    assert found == ["done", "done"]
    with scope.opened(inside(VALLEES)):
        orientation = Orientation.objects.get(pk=sent.pk)
        assert (orientation.state, orientation.first_contact_on) == ("SEEN", days[first.pk])
        assert Need.objects.get(pk=need.pk).state == "MET"
        assert Report.objects.filter(visit__in=[one, two], state="signed").count() == 2

"""A death noted at the very moment of a saving or of a departure: whichever comes first, nothing is lost nor waits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from copa.kernel import clock, scope
from pathways.enums import AlertKind
from pathways.models import Alert, Birth, Child
from tests.cast import VALLEES, inside
from tests.factories import make_death, make_pathway, make_visit, who
from tests.visits import reports
from tests.visits.questionnaires import child
from visits.actions import conduct
from visits.enums import VisitState
from visits.models import Report, Visit

pytestmark = pytest.mark.usefixtures("committed")


def at_once(*works: Callable[[], object]) -> None:
    """Each on a connection of its own, begun together."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], object]) -> None:
        try:
            with scope.opened(inside(VALLEES)):
                barrier.wait(timeout=20)
                work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(one, work) for work in works]:
            future.result(timeout=60)


@pytest.mark.parametrize("_turn", range(3))
def test_sign_saved_while_the_death_is_noted_never_waits(_turn: int) -> None:
    with scope.opened(inside(VALLEES)):
        visit = make_visit(make_pathway(ap=who("amal")), "V1", VisitState.STARTED)
        baby, birth, farid = Child.objects.get(), Birth.objects.get(), who("farid")
    row = child(str(baby.public_id), child__flag_any="SOME", child__flags=["CHILD_BLUE_GREY"])

    at_once(lambda: reports.save(visit, {"child": [row]}), lambda: make_death(birth, baby, by=farid))

    with scope.opened(inside(VALLEES)):
        assert Report.objects.get().answers["child"][0]["child.flags"] == ["CHILD_BLUE_GREY"]
        assert not Alert.objects.open().filter(kind=AlertKind.CHILD_SIGN).exists()


@pytest.mark.parametrize("_turn", range(3))
def test_departure_while_the_death_is_noted_owes_no_report(_turn: int) -> None:
    with scope.opened(inside(VALLEES)):
        visit = make_visit(make_pathway(ap=who("amal")), "V1", VisitState.STARTED)
        baby, birth, farid = Child.objects.get(), Birth.objects.get(), who("farid")

    at_once(lambda: conduct.end_visit(visit=visit, at=clock.now()), lambda: make_death(birth, baby, by=farid))

    with scope.opened(inside(VALLEES)):
        assert Visit.objects.get().state == VisitState.ENDED
        assert not Visit.objects.report_missing().exists()

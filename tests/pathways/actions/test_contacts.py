"""A family nobody hears from: attempts are counted by local day, the team decides, any news brings her back."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import contacts
from pathways.enums import PathwayState
from pathways.models import ContactAttempt, Pathway
from tests import factories
from visits.actions.closing import close_pathway
from visits.enums import NotDoneReason, VisitState
from visits.models import Visit

# 23 h 30 in Paris; half an hour later it is another day there.
LATE = datetime(2026, 11, 3, 22, 30, tzinfo=UTC)


def attempt(pathway: Pathway, attempted_at: datetime, result: str = "NO_ANSWER") -> ContactAttempt:
    return contacts.note_attempt(
        pathway=pathway,
        channel="CALL",
        result=result,
        attempted_at=attempted_at,
        by=factories.who("amal"),
        at=clock.now(),
    )


def declare(pathway: Pathway) -> None:
    contacts.declare_no_news(pathway=pathway, by=factories.who("farid"), at=clock.now())


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    with time_machine.travel(LATE - timedelta(days=5), tick=False):
        return factories.make_pathway(ap=factories.who("amal"))  # type: ignore[no-any-return]


def test_three_attempts_on_two_local_days_and_the_team_decides(pathway: Pathway) -> None:
    visit = factories.make_visit(pathway)
    with time_machine.travel(LATE + timedelta(hours=2), tick=False):
        attempt(pathway, LATE)
        attempt(pathway, LATE + timedelta(minutes=29))
        with pytest.raises(BusinessError, match="3 tentatives"):
            declare(pathway)
        attempt(pathway, LATE + timedelta(minutes=30))
        declare(pathway)

    visit.refresh_from_db()
    assert Pathway.objects.get().state == PathwayState.NO_NEWS
    assert (visit.state, visit.not_done_reason) == (VisitState.CANCELLED, NotDoneReason.SERVICE_CANCELLED)


def test_three_attempts_on_one_day_are_not_enough(pathway: Pathway) -> None:
    with time_machine.travel(LATE + timedelta(hours=2), tick=False):
        for minutes in (0, 10, 20):
            attempt(pathway, LATE + timedelta(minutes=minutes))
        with pytest.raises(BusinessError, match="2 jours différents"):
            declare(pathway)

    assert Pathway.objects.get().state == PathwayState.ACTIVE


def test_an_answer_makes_the_count_begin_again(pathway: Pathway) -> None:
    with time_machine.travel(LATE + timedelta(days=3), tick=False):
        attempt(pathway, LATE)
        attempt(pathway, LATE + timedelta(days=1))
        attempt(pathway, LATE + timedelta(days=1, hours=1), "REACHED")
        attempt(pathway, LATE + timedelta(days=2))
        with pytest.raises(BusinessError, match="3 tentatives"):
            declare(pathway)


def test_any_news_brings_her_back(pathway: Pathway) -> None:
    with time_machine.travel(LATE + timedelta(days=3), tick=False):
        for days in range(3):
            attempt(pathway, LATE + timedelta(days=days))
        declare(pathway)
        attempt(pathway, clock.now(), "NO_ANSWER")
        assert Pathway.objects.get().state == PathwayState.NO_NEWS

        attempt(pathway, clock.now(), "REACHED")

    assert Pathway.objects.get().state == PathwayState.ACTIVE


def test_family_without_news_is_closed_as_such(pathway: Pathway) -> None:
    Pathway.objects.update(state=PathwayState.NO_NEWS)

    close_pathway(pathway=pathway, reason="UNREACHABLE", at=clock.now())

    assert Pathway.objects.get().closing_reason == "UNREACHABLE"


def test_attempt_is_neither_to_come_nor_before_the_inclusion(pathway: Pathway) -> None:
    for moment in (clock.now() + timedelta(minutes=1), pathway.included_at - timedelta(days=2)):
        with pytest.raises(BusinessError):
            attempt(pathway, moment)

    assert not ContactAttempt.objects.exists()
    assert not Visit.objects.exists()

"""A worker takes a message while the mother takes back her yes: neither waits for ever, nothing leaves."""

from collections.abc import Callable
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.outbox import OutboxState
from pathways.actions.families import change_recipients
from pathways.actions.shared import hold_family
from pathways.actions.stops import withdraw_pathway
from pathways.models import Pathway, Sending
from territories.models import OutgoingMessage
from territories.sending import claim_mail
from tests import factories
from tests.cast import VALLEES, inside
from tests.races import behind
from tests.visits import reports
from visits.models import ReportCopy
from visits.notices import third_visit_done

pytestmark = pytest.mark.usefixtures("committed")


def withdraws(pathway: Pathway) -> None:
    withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())


def says_no(pathway: Pathway) -> None:
    answers = {"LIBERAL_MIDWIFE": "NO"}
    change_recipients(family=pathway.family, agreements=answers, by=factories.who("elise"), at=clock.now())


def sends_notice(pathway: Pathway) -> None:
    """That a third visit took place."""
    third_visit_done(visit=factories.make_visit(pathway, "V3", "ended"), at=clock.now())


def sends_copy(pathway: Pathway) -> None:
    """The copy of a report that has just arrived at the team's."""
    reports.deliver(reports.sign(reports.ended_visit(pathway=pathway)))
    assert ReportCopy.objects.filter(address="ines@copa.example").exists()


@pytest.mark.parametrize("send", [sends_notice, sends_copy])
@pytest.mark.parametrize("take_back", [withdraws, says_no])
def test_yes_taken_back_while_a_worker_takes_the_message(
    take_back: Callable[[Pathway], object], send: Callable[[Pathway], object]
) -> None:
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
        factories.make_grant(pathway.family, to=factories.who("ines"))
        send(pathway)
    with scope.opened(inside(VALLEES)):
        message = OutgoingMessage.objects.get(to="ines@copa.example")
        # It left at once: here it waits again.
        OutgoingMessage.objects.filter(pk=message.pk).update(state=OutboxState.QUEUED, next_attempt_at=clock.now())
    taken: list[Any] = []

    behind(
        lambda: hold_family(family_id=pathway.family_id, pathway_id=pathway.pk),
        lambda: taken.append(claim_mail(pk=message.pk, at=clock.now())),
        then=lambda: take_back(pathway),
    )

    with scope.opened(inside(VALLEES)):
        assert taken == [None]
        assert OutgoingMessage.objects.get(pk=message.pk).state == OutboxState.WITHHELD
        assert Sending.objects.get(message=message.public_id).stopped_at is not None

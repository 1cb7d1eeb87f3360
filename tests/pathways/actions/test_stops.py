"""A pathway stops, pauses, starts again or changes hands."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import deaths, stops
from pathways.enums import AlertKind, PathwayState
from pathways.models import (
    Alert,
    Child,
    Consent,
    Death,
    Pathway,
    PmiRelay,
    Withdrawal,
)
from pathways.signals import ap_assigned, pathway_resumed, pathway_stopped
from territories.models import OutgoingMessage
from tests import factories


def lose_child(pathway: Pathway) -> None:
    factories.make_death(pathway.birth, Child.objects.get(birth=pathway.birth))


@pytest.fixture
def heard() -> Any:
    received: list[tuple[str, Any]] = []

    def stopped(sender: Any, **values: Any) -> None:
        received.append(("stopped", values["state"]))

    def resumed(sender: Any, **values: Any) -> None:
        received.append(("resumed", values["pathway"].state))

    def assigned(sender: Any, **values: Any) -> None:
        received.append(("assigned", values["former"]))

    pathway_stopped.connect(stopped)
    pathway_resumed.connect(resumed)
    ap_assigned.connect(assigned)
    yield received
    pathway_stopped.disconnect(stopped)
    pathway_resumed.disconnect(resumed)
    ap_assigned.disconnect(assigned)


def test_withdrawal_stops_at_once(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway()
    at = clock.now()

    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=at)

    assert Pathway.objects.get().state == PathwayState.WITHDRAWN
    assert Consent.objects.get().withdrawn_at == at
    assert not PmiRelay.objects.shown().exists()
    assert heard == [("stopped", PathwayState.WITHDRAWN)]


def test_withdrawal_happens_once(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway()
    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    with pytest.raises(BusinessError, match="déjà arrêté"):
        stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    assert len(heard) == 1


def test_withdrawal_is_told_without_a_reason_and_once(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_grant(pathway.family, to=factories.who("ines"))

    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    mails = OutgoingMessage.objects.order_by("to")
    readers = [mail.to for mail in mails]
    assert readers == ["amal@copa.example", "ines@copa.example", pathway.carrier.mailbox]
    assert {mail.subject for mail in mails} == {"CoPa\xa0: un accompagnement s’arrête"}


def test_withdrawal_noted_by_error_is_taken_back_the_same_day_by_the_same_person(
    vallees: scope.Scope, heard: Any
) -> None:
    pathway, elise = factories.make_pathway(), factories.who("elise")
    noted_at = datetime(2026, 11, 3, 22, 30, tzinfo=UTC)  # 23 h 30 in Paris
    stops.withdraw_pathway(pathway=pathway, by=elise, at=noted_at)

    for by, at in ((factories.who("farid"), noted_at), (elise, noted_at + timedelta(minutes=30))):
        with pytest.raises(BusinessError, match="nouvelle adhésion"):
            stops.undo_withdrawal(pathway=pathway, by=by, at=at)
    stops.undo_withdrawal(pathway=pathway, by=elise, at=noted_at + timedelta(minutes=29))

    pathway.refresh_from_db()
    assert (pathway.state, pathway.closed_at) == (PathwayState.ACTIVE, None)
    assert Consent.objects.get().withdrawn_at is None
    assert Withdrawal.objects.get().undone_at == noted_at + timedelta(minutes=29)
    assert [name for name, _ in heard] == ["stopped", "resumed"]


def test_withdrawal_stands_once_she_has_adhered_again(vallees: scope.Scope) -> None:
    pathway, elise = factories.make_pathway(), factories.who("elise")
    stops.withdraw_pathway(pathway=pathway, by=elise, at=clock.now())
    factories.make_consent(pathway.birth)

    with pytest.raises(BusinessError, match="déjà recueillie"):
        stops.undo_withdrawal(pathway=pathway, by=elise, at=clock.now())

    assert Pathway.objects.get().state == PathwayState.WITHDRAWN


def test_nothing_is_stored_of_a_stop_that_a_receiver_refuses(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()

    def refuse(sender: Any, **about: Any) -> None:
        raise RuntimeError("the visits could not be silenced")

    pathway_stopped.connect(refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())
    finally:
        pathway_stopped.disconnect(refuse)

    assert Pathway.objects.get().state == PathwayState.ACTIVE
    assert Consent.objects.get().withdrawn_at is None
    assert not Withdrawal.objects.exists()
    assert not OutgoingMessage.objects.exists()


def test_silence_stops_the_pathway_and_its_reminders(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    reminder = factories.make_alert(pathway, AlertKind.REPORT_OVERDUE)
    sign = factories.make_alert(pathway, AlertKind.MOTHER_SIGN)

    lose_child(pathway)

    assert Pathway.objects.get().state == PathwayState.BEREAVED
    assert list(Alert.objects.open()) == [sign]
    assert Alert.objects.get(pk=reminder.pk).ended_at is not None
    assert not PmiRelay.objects.shown().exists()
    assert heard == [("stopped", PathwayState.BEREAVED)]


def test_silence_keeps_a_closed_pathway_closed_but_hides_its_relay(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(state=PathwayState.CLOSED)

    lose_child(pathway)

    assert Pathway.objects.get().state == PathwayState.CLOSED
    assert not PmiRelay.objects.shown().exists()


def test_silence_noted_by_mistake_is_undone(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway()
    lose_child(pathway)

    deaths.undo_death(death=Death.objects.get(), reason="Autre famille.", by=factories.who("farid"), at=clock.now())

    pathway.refresh_from_db()
    assert (pathway.state, pathway.closed_at) == (PathwayState.ACTIVE, None)
    assert heard[-1] == ("resumed", PathwayState.ACTIVE)


def test_assigning_tells_who_came_before(vallees: scope.Scope, heard: Any) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))

    stops.assign_ap(pathway=pathway, ap=factories.who("bea"), by=factories.who("elise"), at=clock.now())

    assert Pathway.objects.get().ap == factories.who("bea")
    assert heard == [("assigned", factories.who("amal"))]

"""Nobody answers: the coordination is told after an hour, once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from copa.kernel import clock, scope
from pathways.actions import early
from pathways.actions.births import record_discharge
from pathways.models import EarlyCall, Pathway
from pathways.tasks import watch_early_calls
from territories.models import OutgoingMessage
from tests import factories
from tests.cast import LAGON, inside
from tests.queries import count
from tests.visits.early.calls import MONDAY, confirm, leave


# ---- The hour that passes --------------------------------------------------------------------------------
@pytest.mark.parametrize(("seconds", "told"), [(3599, 0), (3600, 1), (3601, 1)])
def test_coordination_is_told_after_an_hour(pathway: Pathway, seconds: int, told: int) -> None:
    leave(pathway)

    keys = early.unanswered(at=MONDAY + timedelta(seconds=seconds))

    assert len(keys) == told


def test_coordination_is_told_once_however_often_the_job_runs(pathway: Pathway) -> None:
    leave(pathway)
    call = EarlyCall.objects.get()
    later = MONDAY + timedelta(hours=2)

    told = [early.escalate(pk=call.pk, at=later) for _ in range(3)]

    mails = OutgoingMessage.objects.filter(dedup_key__startswith="early-nobody").values_list("to", flat=True)
    assert told == [True, False, False]
    assert "elise@copa.example" in mails
    assert len(mails) == len(set(mails)) == 2


def test_nobody_on_duty_tells_the_coordination_at_once(vallees: scope.Scope) -> None:
    with time_machine.travel(MONDAY, tick=False):
        alone = factories.make_pathway(factories.make_birth(at=MONDAY - timedelta(hours=10)))
        leave(alone)

    assert EarlyCall.objects.get().escalated_at == MONDAY


def test_answered_call_is_not_escalated(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    assert early.unanswered(at=MONDAY + timedelta(hours=5)) == []


def test_day_after_is_the_territorys_own(cast: Any) -> None:
    # 20:30 UTC is half past midnight on Tuesday in Réunion.
    with time_machine.travel(datetime(2026, 11, 2, 20, 30, tzinfo=UTC), tick=False), scope.opened(inside(LAGON)):
        born = clock.now() - timedelta(hours=10)
        far = factories.make_pathway(factories.make_birth(at=born), ap=factories.who("dora"))
        record_discharge(
            birth=far.birth,
            discharged_at=clock.now(),
            kind="ULTRA_EARLY",
            has_medical_agreement=True,
            decided_by="Dr Payet",
            by=factories.who("emma"),
            at=clock.now(),
        )

        assert EarlyCall.objects.get().first_day.isoformat() == "2026-11-03"


def test_list_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    client = as_("elise")
    for _ in range(2):
        factories.make_early_call(factories.make_pathway(), called=(factories.who("amal"),))
    few = count(client, "/t/vallees/early/")

    for _ in range(8):
        factories.make_early_call(factories.make_pathway(), called=(factories.who("amal"),))

    assert count(client, "/t/vallees/early/") == few


def test_job_of_a_territory_tells_each_late_call(pathway: Pathway, cast: Any) -> None:
    leave(pathway)
    territory = pathway.territory_id

    with time_machine.travel(MONDAY + timedelta(hours=2), tick=False):
        assert watch_early_calls(str(territory)) == 1
        assert watch_early_calls(str(territory)) == 0

    assert timezone.is_aware(EarlyCall.objects.get().escalated_at)

"""An ultra-early discharge calls an auxiliary at once, and what ends it calls nobody (R033, R054)."""

from datetime import timedelta

import pytest
import time_machine

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from pathways.actions.stops import withdraw_pathway
from pathways.models import EarlyCall, Pathway
from territories.models import OutgoingMessage
from tests import factories
from tests.visits.early.calls import MONDAY, leave, names, on_duty


def test_discharge_calls_the_familys_auxiliary_and_the_one_on_duty(pathway: Pathway) -> None:
    on_duty("bea")

    leave(pathway)

    assert names(EarlyCall.objects.get()) == {"Amal", "Bea"}
    mails = OutgoingMessage.objects.filter(dedup_key__startswith="early-wanted")
    assert {mail.to for mail in mails} == {"amal@copa.example", "bea@copa.example"}


def test_message_names_nobody(pathway: Pathway) -> None:
    leave(pathway)

    said = " ".join(f"{mail.subject} {mail.body}" for mail in OutgoingMessage.objects.order_by("pk"))
    assert "Haddad" not in said
    assert "Ligny" not in said
    assert pathway.family.reference not in said


def test_visit_is_wanted_on_the_local_day_of_the_discharge_or_the_day_after(pathway: Pathway) -> None:
    # 23:30 in Paris is already Tuesday nowhere: Monday and Tuesday, Wednesday is refused by the planning (R054).
    leave(pathway)

    call = EarlyCall.objects.get()
    assert (call.first_day.isoformat(), call.last_day.isoformat()) == ("2026-11-02", "2026-11-03")


@pytest.mark.parametrize("kind", ["EARLY", "STANDARD"])
def test_other_discharges_call_nobody(pathway: Pathway, kind: str) -> None:
    leave(pathway, kind=kind, has_medical_agreement=False)

    assert not EarlyCall.objects.exists()


def test_without_the_medical_agreement_nothing_is_stored(pathway: Pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        leave(pathway, has_medical_agreement=False)

    assert refusal.value.code == "agreement_missing"
    assert not EarlyCall.objects.exists()


def test_discharge_noted_twice_calls_once(pathway: Pathway) -> None:
    leave(pathway)
    leave(pathway, discharged_at=clock.now() + timedelta(hours=2))

    call = EarlyCall.objects.get()
    # The second one lies after midnight in Paris: its days follow.
    assert call.first_day.isoformat() == "2026-11-03"
    assert OutgoingMessage.objects.filter(dedup_key__startswith="early-wanted").count() == 1


def test_corrected_discharge_ends_the_call(pathway: Pathway) -> None:
    leave(pathway)
    leave(pathway, kind="STANDARD", has_medical_agreement=False)

    assert EarlyCall.objects.get().ended_at is not None


def test_discharge_noted_after_its_days_calls_nobody(pathway: Pathway) -> None:
    with time_machine.travel(MONDAY + timedelta(days=3), tick=False):
        leave(pathway, discharged_at=MONDAY)

    assert not EarlyCall.objects.exists()


def test_withdrawal_ends_the_call_in_the_same_transaction(pathway: Pathway) -> None:
    leave(pathway)

    withdraw_pathway(pathway=pathway, by=factories.who("farid"), at=clock.now())

    assert EarlyCall.objects.get().ended_at is not None


def test_death_ends_the_call(pathway: Pathway) -> None:
    leave(pathway)
    factories.make_death(pathway.birth)

    assert not EarlyCall.objects.waiting().exists()

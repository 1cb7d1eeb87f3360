"""An alert is raised once and taken once."""

from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import alerts
from pathways.enums import AlertKind, PathwayState
from pathways.models import (
    Alert,
    Pathway,
)
from tests import factories


def raise_sign(pathway: Pathway, **changes: Any) -> bool:
    values = {
        "kind": AlertKind.CHILD_SIGN,
        "subject_id": pathway.public_id,
        "code": "PALE",
        "facts": "Pâleur",
        "is_sealed": False,
        "raised_by": factories.who("amal"),
        "answer_due_at": None,
        "at": clock.now(),
    }
    return alerts.raise_alert(pathway=pathway, **(values | changes))


def test_alert_is_raised_once(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))

    assert raise_sign(pathway) is True
    assert raise_sign(pathway) is False
    assert raise_sign(pathway, code="FEVER") is True
    assert Alert.objects.count() == 2


def test_reminders_are_silent_in_mourning_and_signs_are_not(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(state=PathwayState.BEREAVED)

    assert raise_sign(pathway, kind=AlertKind.REPORT_OVERDUE) is False
    assert raise_sign(pathway, kind=AlertKind.MOTHER_SIGN) is True


def test_alert_ends_when_its_cause_is_gone(vallees: scope.Scope) -> None:
    alert = factories.make_alert(kind=AlertKind.REPORT_OVERDUE, code="")

    kinds = [AlertKind.REPORT_OVERDUE, AlertKind.REPORT_DUE_SOON]
    assert alerts.end_alerts(kinds=kinds, subject_id=alert.subject_id, at=clock.now()) == 1
    assert alerts.end_alerts(kinds=kinds, subject_id=alert.subject_id, at=clock.now()) == 0


def test_alert_is_taken_once_by_name(vallees: scope.Scope) -> None:
    alert = factories.make_alert()
    alerts.take_alert(
        alert=alert, by=factories.who("farid"), taking=alerts.Taking(instruction="Appelez le 15."), at=clock.now()
    )

    with pytest.raises(BusinessError, match="Farid Martin a déjà pris cette alerte"):
        alerts.take_alert(
            alert=alert, by=factories.who("elise"), taking=alerts.Taking(instruction="Venez."), at=clock.now()
        )

    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.instruction) == (factories.who("farid"), "Appelez le 15.")


def test_a_decision_without_an_instruction_takes_nothing(vallees: scope.Scope) -> None:
    alert = factories.make_alert(code="MIND_VITAL:MOTHER_FEAR_HARM")
    taking = alerts.Taking(instruction="  ", decision="call_mother")

    with pytest.raises(BusinessError) as refusal:
        alerts.take_alert(alert=alert, by=factories.who("farid"), taking=taking, at=clock.now())

    assert refusal.value.field == "instruction"
    assert Alert.objects.open().exists()

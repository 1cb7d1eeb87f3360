"""The relay file tells the third visit that is decided or planned, and no longer that none was wanted."""

from datetime import timedelta

import pytest

from copa.kernel import clock, scope
from copa.kernel.french import full_day
from pathways.models import Pathway, PmiRelay
from tests import factories
from tests.visits.test_relay_file import pdf_words, real_form, words
from visits.enums import NotJointReason
from visits.models import ReportForm, Visit

NO = "Une troisième visite serait-elle utile"


@pytest.fixture
def relay(vallees: scope.Scope) -> PmiRelay:
    """The last report says that no third visit is needed."""
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=20)
    form = ReportForm.objects.create(**real_form())
    factories.make_report(factories.make_visit(pathway, "V2", "ended"), answers={"v3.ask": "NO"}, form=form)
    return PmiRelay.objects.get(pathway=pathway)


def plan(relay: PmiRelay, state: str = "planned", **fields: object) -> Visit:
    at = clock.now() + timedelta(days=8)
    return factories.make_visit(relay.pathway, "V3", state, planned_at=at, **fields)


def test_answer_stands_while_no_third_visit_is_decided(relay: PmiRelay) -> None:
    assert NO in words(relay)
    assert "Troisième visite" not in words(relay)

    plan(relay, "cancelled")

    assert NO in words(relay)


def test_joint_third_visit_is_told_with_its_day_and_motive(relay: PmiRelay) -> None:
    visit = plan(relay, is_joint=True, partner_state="asked")

    for told in (words(relay), pdf_words(relay)):
        told = " ".join(told.replace("\u00a0", " ").split())
        day = full_day(visit.planned_at).replace("\u00a0", " ")
        assert f"Prévue le {day} à" in told
        assert "avec la PMI (proposée à la PMI), à la demande des parents" in told
        assert NO not in told


def test_third_visit_decided_without_a_day_is_told(relay: PmiRelay) -> None:
    Pathway.objects.update(is_third_decided=True)

    assert "Décidée par l’équipe, date à fixer" in words(relay)
    assert NO not in words(relay)


def test_third_visit_made_stands_among_those_made_alone(relay: PmiRelay) -> None:
    factories.make_visit(relay.pathway, "V3", "ended", not_joint_reason=NotJointReason.NO_AGREEMENT)

    assert "V3 le" in words(relay)
    assert "Prévue le" not in words(relay)

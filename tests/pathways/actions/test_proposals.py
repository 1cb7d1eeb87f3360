"""CoPa presented and answered: what is accepted and refused."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import proposals
from pathways.models import (
    Birth,
    Proposal,
)
from tests import factories


def propose(birth: Birth, answer: proposals.Answer, **changes: Any) -> Proposal:
    values = {
        "proposed_on": birth.day,
        "context": "STAY",
        "presenter": "HOSPITAL_MIDWIFE",
        "covered": ["COPA"],
        "support": "LEAFLET",
        "by": factories.who("elise"),
        "at": clock.now(),
    }
    return proposals.propose(birth=birth, answer=answer, **(values | changes))


def test_answer_may_come_later(vallees: scope.Scope) -> None:
    today = clock.local_date(clock.now(), "Europe/Paris")
    proposal = propose(factories.make_birth(), proposals.Answer(answer="PENDING", ask_again_on=today))

    proposals.answer_proposal(
        proposal=proposal, answer=proposals.Answer(answer="NO", refusal_reasons=("TIME", "PMI_FEAR")), at=clock.now()
    )

    proposal.refresh_from_db()
    assert (proposal.answer, proposal.refusal_reasons, proposal.ask_again_on) == ("NO", ["TIME", "PMI_FEAR"], None)


@pytest.mark.parametrize(
    ("context", "days", "code"),
    [
        ("STAY", -1, "proposed_before_birth"),
        ("EPP", 1, "proposed_after_birth"),
        ("CONSULTATION", 1, "proposed_after_birth"),
        ("BIRTH_PREP", 1, "proposed_after_birth"),
        ("EPP", -277, "proposed_too_early"),
        ("EPP", 4, "proposed_in_future"),
        ("STAY", 4, "proposed_in_future"),
    ],
)
def test_presentation_belongs_to_its_birth(vallees: scope.Scope, context: str, days: int, code: str) -> None:
    birth = factories.make_birth(days_ago=3)

    with pytest.raises(BusinessError) as refusal:
        propose(birth, proposals.Answer(answer="YES"), context=context, proposed_on=birth.day + timedelta(days=days))

    assert (refusal.value.code, refusal.value.field) == (code, "proposed_on")
    assert not Proposal.objects.exists()


def test_auxiliary_presents_it_during_the_stay_only(vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=3)

    with pytest.raises(BusinessError) as refusal:
        propose(birth, proposals.Answer(answer="YES"), context="EPP", presenter="AP", proposed_on=birth.day)
    noted = propose(birth, proposals.Answer(answer="YES"), context="STAY", presenter="AP", proposed_on=birth.day)

    assert (refusal.value.code, refusal.value.field) == ("ap_in_stay_only", "presenter")
    assert noted.presenter == "AP"


@pytest.mark.parametrize(
    ("context", "days"), [("STAY", 0), ("STAY", 1), ("EPP", 0), ("CONSULTATION", -1), ("EPP", -276), ("BIRTH_PREP", -1)]
)
def test_presentation_is_noted_on_a_day_of_its_occasion(vallees: scope.Scope, context: str, days: int) -> None:
    birth = factories.make_birth(days_ago=3)

    propose(birth, proposals.Answer(answer="YES"), context=context, proposed_on=birth.day + timedelta(days=days))

    assert Proposal.objects.count() == 1


def test_thinking_it_over_needs_a_date(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError) as refusal:
        propose(factories.make_birth(), proposals.Answer(answer="PENDING"))

    assert refusal.value.field == "ask_again_on"
    assert not Proposal.objects.exists()


def test_asking_again_is_refused_once_the_list_has_forgotten_the_birth(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    last = birth.day + timedelta(days=90)

    with pytest.raises(BusinessError) as refusal:
        propose(birth, proposals.Answer(answer="PENDING", ask_again_on=last + timedelta(days=1)))

    assert (refusal.value.code, refusal.value.field) == ("ask_again_too_far", "ask_again_on")
    assert propose(birth, proposals.Answer(answer="PENDING", ask_again_on=last)).pk


def test_proposal_is_made_once(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    propose(birth, proposals.Answer(answer="YES"))

    with pytest.raises(BusinessError, match="déjà été proposé"):
        propose(birth, proposals.Answer(answer="YES"))


def test_nothing_is_proposed_in_silence(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError, match="deuil"):
        propose(factories.make_birth(is_silent=True), proposals.Answer(answer="YES"))


def test_answer_is_final_once_included(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    proposal = Proposal.objects.get(birth=pathway.birth)

    with pytest.raises(BusinessError, match="déjà incluse"):
        proposals.answer_proposal(proposal=proposal, answer=proposals.Answer(answer="NO"), at=clock.now())

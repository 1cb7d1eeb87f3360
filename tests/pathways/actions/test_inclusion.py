"""A pathway opens: what is accepted and refused. Nothing is stored by a refusal."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions import families, stops
from pathways.enums import ASKED_RECIPIENTS, Agreement, PathwayState, Recipient
from pathways.models import (
    Consent,
    Family,
    Pathway,
    PmiRelay,
    ProgrammeRules,
    Proposal,
    RecipientConsent,
)
from tests import cast, factories
from tests.pathways.actions.steps import AGREEMENTS, accepted_birth, include, team_of


def test_inclusion_opens_a_pathway_under_the_second_rules(vallees: scope.Scope) -> None:
    birth = accepted_birth()

    pathway = include(birth)

    assert pathway.rules.code == "v2"
    assert pathway.window_from == birth.day + timedelta(days=2)
    assert pathway.window_to == birth.day + timedelta(days=21)
    relay = PmiRelay.objects.get()
    assert relay.due_on == birth.day + timedelta(days=21)
    assert relay.sector == birth.family.commune.sector
    assert relay.is_agreed
    assert Family.objects.get().is_isolated is True
    assert RecipientConsent.objects.count() == len(ASKED_RECIPIENTS)
    assert Consent.objects.get().collector_role == "coordinator"


def test_relay_waits_for_the_agreement(vallees: scope.Scope) -> None:
    include(accepted_birth(), agreements=AGREEMENTS | {Recipient.PMI: Agreement.LATER})

    assert not PmiRelay.objects.get().is_agreed
    assert not PmiRelay.objects.shown().exists()


def test_relay_has_no_sector_when_the_commune_has_none(vallees: scope.Scope) -> None:
    family = factories.make_family(commune=factories.commune("Valmont-les-Bois"))

    include(accepted_birth(family=family))

    assert PmiRelay.objects.get().sector is None


def test_inclusion_takes_the_rules_of_its_local_day(db: None) -> None:
    # One minute after midnight in Réunion is still the day before in Paris: v2 began on 1 December 2025.
    with scope.opened(cast.inside(cast.LAGON)):
        at = datetime(2025, 12, 1, 0, 1, tzinfo=ZoneInfo("Indian/Reunion"))
        birth = factories.make_birth(at=at - timedelta(days=3))
        factories.make_proposal(birth)

        pathway = include(birth, team=team_of(ap=None), by="emma", at=at)

        assert pathway.rules.code == "v2"


def test_inclusion_is_refused_after_the_programme(vallees: scope.Scope) -> None:
    ProgrammeRules.objects.filter(code="v2").update(valid_to=clock.now().date() - timedelta(days=1))

    with pytest.raises(BusinessError, match="à cette date"):
        include(accepted_birth())


def test_inclusion_twice_is_refused(vallees: scope.Scope) -> None:
    birth = accepted_birth()
    include(birth)

    with pytest.raises(BusinessError, match="existe déjà"):
        include(birth)

    assert Pathway.objects.count() == 1
    assert Consent.objects.count() == 1


def test_second_pathway_is_refused_by_the_database_too(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    Consent.objects.filter(birth=pathway.birth).update(withdrawn_at=clock.now())

    with pytest.raises(BusinessError, match="Un parcours existe déjà"), refusals_of(Pathway):
        factories.make_pathway(pathway.birth)


@pytest.mark.parametrize("state", [PathwayState.SUSPENDED, PathwayState.CLOSED])
def test_inclusion_is_refused_beside_a_suspended_or_closed_pathway(vallees: scope.Scope, state: str) -> None:
    pathway = factories.make_pathway(state=state)

    with pytest.raises(BusinessError, match="existe déjà"):
        include(pathway.birth)


def test_inclusion_in_silence_is_refused(vallees: scope.Scope) -> None:
    birth = accepted_birth(is_silent=True)

    with pytest.raises(BusinessError, match="deuil"):
        include(birth)

    assert not Consent.objects.exists()


def test_inclusion_needs_a_proposal_that_was_not_refused(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    with pytest.raises(BusinessError, match="présentation"):
        include(birth)
    factories.make_proposal(birth, answer="NO")

    with pytest.raises(BusinessError, match="répondu non"):
        include(birth)


def test_adhesion_answers_the_proposal_she_was_thinking_about(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    factories.make_proposal(birth, answer="PENDING", ask_again_on=birth.day)

    include(birth)

    assert Proposal.objects.get().answer == "YES"


def test_late_inclusion_asks_to_be_accepted(vallees: scope.Scope) -> None:
    birth = accepted_birth(days_ago=22)
    with pytest.raises(BusinessError) as refusal:
        include(birth)
    assert refusal.value.field == "accepts_late"
    assert not Pathway.objects.exists()

    include(birth, accepts_late=True)

    assert Pathway.objects.get().window_to == birth.day + timedelta(days=21)


def test_inclusion_on_the_last_day_is_not_late(vallees: scope.Scope) -> None:
    include(accepted_birth(days_ago=21))

    assert Pathway.objects.count() == 1


def test_auxiliary_belongs_to_the_referring_team(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError) as refusal:
        include(accepted_birth(), team=team_of(ap="chloe"))

    assert refusal.value.field == "ap"


def test_shared_phone_makes_messages_discreet(vallees: scope.Scope) -> None:
    contact = families.Contact(
        hours=("MORNING", "EVENING"),
        may_sms=True,
        may_email=False,
        is_discreet=False,
        no_voice_mail=True,
        is_shared_phone=True,
    )

    include(accepted_birth(), contact=contact)

    family = Family.objects.get()
    assert family.is_discreet
    assert family.is_phone_shared
    assert family.contact_hours == ["MORNING", "EVENING"]


def test_mail_wish_needs_an_address(vallees: scope.Scope) -> None:
    contact = families.Contact(hours=("ANY",), may_sms=False, may_email=True, is_discreet=False, no_voice_mail=False)

    with pytest.raises(BusinessError) as refusal:
        include(accepted_birth(), contact=contact)

    assert refusal.value.field == "may_email"


def test_family_comes_back_after_a_withdrawal(vallees: scope.Scope) -> None:
    pathway = include(accepted_birth())
    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    include(pathway.birth)

    assert sorted(Pathway.objects.values_list("state", flat=True)) == ["active", "withdrawn"]
    assert Consent.objects.filter(withdrawn_at=None).count() == 1

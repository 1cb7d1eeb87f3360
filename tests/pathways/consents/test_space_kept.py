"""She stops the visits and keeps her space: what stops, what stays, and how she stops that too (VISITS_KEEP_SPACE)."""

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from copa.kernel.quarters import Quarter
from pathways import rules
from pathways.actions import stops
from pathways.enums import Agreement, Document, PathwayState, Recipient, SafeChannel, WithdrawalReach
from pathways.models import Consent, Family, Pathway, PmiRelay, RecipientConsent
from pathways.reads.contact import contact_now
from pathways.reads.facts import families_facts
from pathways.reads.routing import may_send
from pathways.rules import Wishes
from reporting.counts import COUNTERS, Period
from tests import factories
from tests.pathways.addresses import address
from visits.models import Visit

pytestmark = pytest.mark.usefixtures("vallees")

TEN = datetime(2026, 11, 3, 9, tzinfo=UTC)
KEEP, ALL = WithdrawalReach.VISITS_KEEP_SPACE, WithdrawalReach.ALL


def followed(**fields: Any) -> Pathway:
    """A family that Amal follows and that chose the space, with every other channel."""
    pathway: Pathway = factories.make_pathway(ap=factories.who("amal"), **fields)
    Family.objects.filter(pk=pathway.family_id).update(may_space=True, may_sms=True, may_call=True, may_email=True)
    return pathway


def withdraw(pathway: Pathway, reach: WithdrawalReach) -> None:
    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now(), reach=reach)


def channels(pathway: Pathway) -> set[str]:
    facts = families_facts([pathway.family_id], TEN)[pathway.family_id]
    return {one.value for one in SafeChannel if contact_now(facts, one, at=TEN, zone="Europe/Paris").allowed}


@pytest.mark.parametrize(("reach", "left"), [(KEEP, {"SPACE"}), (ALL, set())])
def test_her_space_alone_is_left_of_the_channels(reach: WithdrawalReach, left: set[str]) -> None:
    pathway = followed()

    withdraw(pathway, reach)

    assert channels(pathway) == left


@pytest.mark.parametrize("reach", [KEEP, ALL])
def test_visits_stop_at_once_and_the_relay_with_them(reach: WithdrawalReach) -> None:
    pathway = followed()
    visit = factories.make_visit(pathway)

    withdraw(pathway, reach)

    assert (Visit.objects.get(pk=visit.pk).state, Visit.objects.get(pk=visit.pk).not_done_reason) == (
        "cancelled",
        "FAMILY_CANCELLED",
    )
    assert Pathway.objects.get().state == PathwayState.WITHDRAWN
    assert Consent.objects.get().withdrawn_at is not None
    assert not PmiRelay.objects.shown().exists()


@pytest.mark.parametrize(("document", "recipient"), list(product(Document, Recipient)))
def test_of_all_that_was_agreed_to_the_exams_of_the_child_alone_go_on(document: str, recipient: str) -> None:
    wishes = Wishes(answer="YES", mood_answer="YES", state=PathwayState.WITHDRAWN, keeps_space=True)

    stopped = Wishes(answer="YES", mood_answer="YES", state=PathwayState.WITHDRAWN)

    allowed = rules.routing(document, recipient, wishes).allowed

    assert allowed is (document == Document.CHILD_CALENDAR or rules.routing(document, recipient, stopped).allowed)


@pytest.mark.parametrize("answer", ["NO", "LATER", ""])
def test_a_kept_space_opens_nothing_that_she_did_not_agree_to(answer: str) -> None:
    wishes = Wishes(answer=answer, mood_answer="YES", state=PathwayState.WITHDRAWN, keeps_space=True)

    assert not rules.routing(Document.CHILD_CALENDAR, Recipient.GENERAL_PRACTITIONER, wishes).allowed


@pytest.mark.parametrize("state", [one for one in PathwayState if one != PathwayState.WITHDRAWN])
def test_a_kept_space_means_nothing_in_another_state(state: str) -> None:
    wishes = {"answer": "YES", "mood_answer": "YES", "state": state}
    for document in Document:
        said = rules.routing(document, Recipient.PMI, Wishes(**wishes, keeps_space=True))
        assert said == rules.routing(document, Recipient.PMI, Wishes(**wishes))


@pytest.mark.parametrize(("reach", "allowed"), [(KEEP, True), (ALL, False)])
def test_rows_of_the_family_say_the_same_as_the_rule(reach: WithdrawalReach, *, allowed: bool) -> None:
    pathway = followed()
    withdraw(pathway, reach)

    about = {"family_id": pathway.family_id, "recipient": Recipient.PMI}

    assert may_send(**about, document=Document.CHILD_CALENDAR).allowed is allowed
    assert not may_send(**about, document=Document.RELAY_FILE).allowed
    assert RecipientConsent.objects.filter(recipient=Recipient.PMI, answer=Agreement.YES).exists()


def test_a_death_closes_the_space_too() -> None:
    pathway = followed()
    withdraw(pathway, KEEP)

    factories.make_death(pathway.birth, is_confirmed=True)

    assert channels(pathway) == set()
    assert not may_send(family_id=pathway.family_id, recipient=Recipient.PMI, document=Document.CHILD_CALENDAR).allowed


def test_there_must_be_a_space_to_keep() -> None:
    pathway = followed()
    Family.objects.update(may_space=False)

    with pytest.raises(BusinessError) as refusal:
        withdraw(pathway, KEEP)

    assert refusal.value.code == "no_space"
    assert (Pathway.objects.get().state, Consent.objects.get().withdrawn_at) == (PathwayState.ACTIVE, None)


def test_database_refuses_a_kept_space_beside_a_running_adhesion() -> None:
    pathway = followed()

    with pytest.raises(IntegrityError, match="consent_space_kept_once_withdrawn"), transaction.atomic():
        Consent.objects.filter(pk=pathway.consent_id).update(keeps_space=True)


def test_she_stops_everything_later_and_once() -> None:
    pathway = followed()
    withdraw(pathway, KEEP)

    stops.close_space(pathway=pathway, at=clock.now())

    assert channels(pathway) == set()
    with pytest.raises(BusinessError, match="déjà fermé"):
        stops.close_space(pathway=pathway, at=clock.now())


def test_slip_of_the_hand_gives_everything_back() -> None:
    pathway = followed()
    withdraw(pathway, KEEP)

    stops.undo_withdrawal(pathway=pathway, by=factories.who("elise"), at=clock.now())

    assert channels(pathway) == {"SMS", "CALL", "VOICE_MAIL", "SPACE"}
    assert not Consent.objects.get().keeps_space


def test_figures_are_the_same_however_far_she_stops() -> None:
    day = date(2026, 8, 3)
    counted = []
    for reach in (ALL, KEEP):
        with transaction.atomic():
            pathway = followed(birth=factories.make_birth(at=datetime(2026, 8, 3, 10, tzinfo=UTC)))
            factories.make_visit(pathway, "V1", "ended", ended_at=datetime(2026, 8, 8, 10, tzinfo=UTC))
            withdraw(pathway, reach)
            period = Period(Quarter.of(day), "Europe/Paris", datetime(2026, 10, 20, 8, tzinfo=UTC))
            counted.append({code: counter(period) for code, counter in COUNTERS.items()})
            transaction.set_rollback(True)

    assert counted[0] == counted[1]


def test_page_offers_to_keep_what_she_has(as_: Any) -> None:
    with_space, without = followed(), factories.make_pathway(ap=factories.who("amal"))

    asked = [as_("amal").get(address("withdraw", one.public_id)).content.decode() for one in (with_space, without)]
    refused = as_("amal").post(address("withdraw", with_space.public_id), {"reach": "UNDONE"})
    as_("amal").post(address("withdraw", with_space.public_id), {"reach": "VISITS_KEEP_SPACE"})

    assert ["garde son espace" in page for page in asked] == [True, False]
    assert refused.status_code == 422
    assert Consent.objects.get(pk=with_space.consent_id).keeps_space
    assert Pathway.objects.get(pk=without.pk).state == PathwayState.ACTIVE


def test_team_reads_how_far_she_stops_and_closes_the_space(as_: Any) -> None:
    pathway = followed()
    factories.make_grant(pathway.family, to=factories.who("ines"))
    withdraw(pathway, KEEP)
    file = f"/t/vallees/families/{pathway.family.public_id}/"

    team, midwife = (as_(name).get(file).content.decode() for name in ("farid", "ines"))
    agreements = as_("farid").get(address("recipients", pathway.family.public_id)).content.decode()
    as_("amal").post(address("close_space", pathway.public_id))

    assert "arrête les visites, garde son espace" in team
    assert "garde son espace" not in midwife
    assert "garde son espace" in agreements
    assert not Consent.objects.get().keeps_space
    # Once more: it is done already, and the page of the family says so.
    assert as_("amal").get(address("close_space", pathway.public_id)).url == file


def test_colleague_of_another_family_closes_nothing(as_: Any) -> None:
    pathway = followed()
    withdraw(pathway, KEEP)

    assert as_("bea").post(address("close_space", pathway.public_id)).status_code == 403
    assert Consent.objects.get().keeps_space

"""A death noted at the very moment of something else: the other waits for it, and then finds the silence."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from copa.kernel import clock, scope
from pathways.actions import births, presentations, proposals, stops, transfers
from pathways.enums import PathwayState, TransferState
from pathways.models import Birth, Child, EarlyCall, FamilyTransfer, Pathway, Proposal, TransferAnswer
from pathways.tasks import settle_transfers
from territories.models import OutgoingMessage
from tests import factories
from tests.cast import LAGON, VALLEES, inside
from tests.races import behind

pytestmark = pytest.mark.usefixtures("committed")


def dies(birth: Birth) -> Callable[[], object]:
    farid, child = factories.who("farid"), Child.objects.get(birth=birth)
    return lambda: factories.make_death(birth, child, by=farid)


def test_nobody_is_called_to_a_family_that_has_just_lost_a_child() -> None:
    with scope.opened(inside(VALLEES)):
        birth = factories.make_pathway(ap=factories.who("amal"), days_ago=0).birth
        death, elise = dies(birth), factories.who("elise")

    def leave_ward() -> None:
        births.record_discharge(
            birth=birth,
            discharged_at=clock.now() + timedelta(hours=5),
            kind="ULTRA_EARLY",
            has_medical_agreement=True,
            decided_by="Dr Lefort",
            by=elise,
            at=clock.now(),
        )

    assert behind(death, leave_ward) == ["done", "done"]

    with scope.opened(inside(VALLEES)):
        assert not EarlyCall.objects.exists()
        assert not OutgoingMessage.objects.filter(dedup_key__startswith="early").exists()


def test_copa_is_not_proposed_to_a_family_that_has_just_lost_a_child() -> None:
    with scope.opened(inside(VALLEES)):
        birth = factories.make_birth()
        death, elise = dies(birth), factories.who("elise")

    def propose() -> None:
        proposals.propose(
            birth=birth,
            proposed_on=birth.day,
            context="STAY",
            covered=[],
            support="",
            presenter="HOSPITAL_MIDWIFE",
            answer=proposals.Answer(answer="YES"),
            by=elise,
            at=clock.now(),
        )

    assert behind(death, propose) == ["done", "birth_in_silence"]


def test_presentation_is_not_taken_over_by_a_birth_in_silence() -> None:
    with scope.opened(inside(VALLEES)):
        birth = factories.make_birth()
        made = factories.make_presentation(presented_on=birth.day - timedelta(days=40))
        death = dies(birth)

    def adopt() -> None:
        presentations.adopt_presentation(presentation=made, birth=birth, at=clock.now())

    assert behind(death, adopt) == ["done", "birth_in_silence"]

    with scope.opened(inside(VALLEES)):
        assert not Proposal.objects.exists()


# ---- Two territories -------------------------------------------------------------------------------------
def accepts(offered: FamilyTransfer) -> Callable[[], object]:
    with scope.opened(inside(LAGON)):
        about = {
            "maternity": factories.structure("Maternité du Lagon"),
            "commune": factories.commune("Saint-Éloi-du-Lagon"),
            "address": "2 chemin des Filaos",
            "is_other_family": False,
            "by": factories.who("emma"),
        }
    return lambda: transfers.accept_transfer(transfer=offered, at=clock.now(), **about)


def offer() -> tuple[Pathway, FamilyTransfer, Callable[[], object]]:
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(days_ago=9)
        return pathway, factories.make_transfer(pathway), dies(pathway.birth)


def test_family_in_mourning_is_not_opened_elsewhere_in_that_instant() -> None:
    _, offered, death = offer()

    assert behind(death, accepts(offered), places=(VALLEES, LAGON)) == ["done", "transfer_settled"]

    with scope.opened(inside(LAGON)):
        assert not Birth.objects.exists()
    with scope.opened(inside(VALLEES)):
        assert FamilyTransfer.objects.get().state == TransferState.CANCELLED


def test_family_accepted_elsewhere_in_that_instant_is_settled_as_accepted() -> None:
    pathway, offered, death = offer()

    assert behind(accepts(offered), death, places=(LAGON, VALLEES)) == ["done", "done"]

    settle_transfers(str(offered.territory_id))
    with scope.opened(inside(VALLEES)):
        assert TransferAnswer.received.get().is_accepted
        assert FamilyTransfer.objects.get().state == TransferState.ACCEPTED
        assert Pathway.objects.get(pk=pathway.pk).state == PathwayState.BEREAVED


def test_job_that_settles_and_a_death_never_wait_for_each_other() -> None:
    _, offered, death = offer()
    with scope.opened(inside(LAGON)):
        accepts(offered)()

    assert behind(death, lambda: transfers.settle_transfer(key=offered.pk, at=clock.now())) == ["done", "done"]


# ---- A withdrawal ----------------------------------------------------------------------------------------
def test_withdrawal_taken_back_while_she_says_yes_again_is_refused_in_words() -> None:
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(days_ago=4)
        elise = factories.who("elise")
        stops.withdraw_pathway(pathway=pathway, by=elise, at=clock.now())

    def adheres() -> None:
        Birth.objects.select_for_update(of=("self",)).get(pk=pathway.birth_id)
        factories.make_consent(pathway.birth, by=elise)

    undone = lambda: stops.undo_withdrawal(pathway=pathway, by=elise, at=clock.now())  # noqa: E731

    assert behind(adheres, undone) == ["done", "withdrawal_stands"]

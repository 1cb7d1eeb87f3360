"""After a refusal: she may agree to be asked once more before she leaves, and stands on the ward's list until then."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from copa.kernel import clock, scope
from pathways.actions.proposals import Answer, answer_proposal
from pathways.models import Birth, Proposal
from pathways.reads.births import BirthStep, birth_counts, birth_page
from tests import factories
from tests.cast import LAGON, inside
from tests.pathways.addresses import address

pytestmark = pytest.mark.usefixtures("vallees")


def _refused(*, is_welcome_back: bool = True, **birth: Any) -> Birth:
    born: Birth = factories.make_birth(**birth)
    factories.make_proposal(born, answer="NO", is_welcome_back=is_welcome_back)
    return born


def _steps(birth: Birth) -> set[str]:
    """On which shelves she stands, by the counts and by the lists, which must agree."""
    elise, today = factories.who("elise"), timezone.localdate()
    counts = birth_counts(elise, today, None)
    listed = {step.value for step in BirthStep if birth_page(elise, today, step=step).rows}
    assert {step for step, number in counts.items() if number} == listed
    assert birth.pk
    return listed - {BirthStep.ALL.value}


@pytest.mark.parametrize(("is_welcome_back", "shelf"), [(True, BirthStep.WAITING), (False, BirthStep.REFUSED)])
def test_refusal_stands_on_the_list_to_ask_again_only_when_she_agrees(*, is_welcome_back: bool, shelf: str) -> None:
    assert _steps(_refused(is_welcome_back=is_welcome_back)) == {shelf}


@pytest.mark.parametrize(("hours_ago", "shelf"), [(0, BirthStep.WAITING), (30, BirthStep.REFUSED)])
def test_once_she_has_left_nobody_asks_again(hours_ago: int, shelf: str) -> None:
    birth = _refused(days_ago=5)
    factories.make_discharge(birth, at=clock.now() - timedelta(hours=hours_ago))

    assert _steps(birth) == {shelf}


@pytest.mark.parametrize(("hour", "shelf"), [(19, BirthStep.REFUSED), (21, BirthStep.WAITING)])
def test_her_last_day_is_that_of_her_island(cast: Any, hour: int, shelf: str) -> None:
    """19 h UTC is 23 h of the day before on the island, 21 h UTC is one o’clock of the day itself."""
    with time_machine.travel(datetime(2026, 11, 4, 8, tzinfo=UTC), tick=False), scope.opened(inside(LAGON)):
        birth = _refused(days_ago=3, maternity=factories.structure("Maternité du Lagon"))
        factories.make_discharge(birth, at=datetime(2026, 11, 3, hour, tzinfo=UTC))
        emma, today = factories.who("emma"), date(2026, 11, 4)

        shelves = {step for step, number in birth_counts(emma, today, None).items() if number}
        row = birth_page(emma, today, step=BirthStep.ALL).rows[0]

        assert shelves - {BirthStep.ALL.value} == {shelf}
        assert row.step == shelf


def test_mourning_takes_her_off_the_list() -> None:
    birth = _refused()
    Birth.objects.filter(pk=birth.pk).update(is_silent=True)

    assert BirthStep.WAITING not in _steps(birth)


def test_asked_again_once_and_a_second_no_is_the_last() -> None:
    birth = _refused()
    proposal = Proposal.objects.get(birth=birth)

    answer_proposal(proposal=proposal, answer=Answer(answer="NO", is_welcome_back=True), at=clock.now())

    again = Proposal.objects.get(birth=birth)
    assert (again.is_welcome_back, again.asked_again_at is not None) == (False, True)
    assert _steps(birth) == {BirthStep.REFUSED}


def test_second_yes_leads_to_the_inclusion() -> None:
    birth = _refused()

    answer_proposal(proposal=Proposal.objects.get(birth=birth), answer=Answer(answer="YES"), at=clock.now())

    assert _steps(birth) == {BirthStep.TO_INCLUDE}


@pytest.mark.parametrize("answer", ["YES", "PENDING"])
def test_welcome_back_means_nothing_beside_another_answer(answer: str) -> None:
    birth = _refused(is_welcome_back=False)
    day = timezone.localdate() if answer == "PENDING" else None

    answer_proposal(
        proposal=Proposal.objects.get(birth=birth),
        answer=Answer(answer=answer, ask_again_on=day, is_welcome_back=True),
        at=clock.now(),
    )

    assert not Proposal.objects.get(birth=birth).is_welcome_back


def test_database_refuses_it_beside_a_yes() -> None:
    with pytest.raises(IntegrityError, match="proposal_welcome_back_refused"), transaction.atomic():
        factories.make_proposal(answer="YES", is_welcome_back=True)


def test_page_asks_for_it_once(as_: Any, vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    factories.make_proposal(birth, answer="NO")
    url = address("proposal", birth.public_id)

    first = as_("elise").get(url).content.decode()
    as_("elise").post(url, {"answer": "NO", "is_welcome_back": "on"})
    listed = as_("elise").get(f"{address('births')}?etat=reponse").content.decode()
    as_("elise").post(url, {"answer": "NO", "is_welcome_back": "on"})
    last = as_("elise").get(url).content.decode()

    assert "repropose avant sa sortie" in first
    assert "À reproposer avant sa sortie" in listed
    assert "repropose avant sa sortie" not in last

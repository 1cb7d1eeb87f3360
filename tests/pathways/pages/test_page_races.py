"""One page sent twice at the same second, each on its own connection: one pathway, one alert, one call of the team."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from copa.kernel import clock, scope
from pathways.actions.epds import tell_tenth
from pathways.actions.stops import withdraw_pathway
from pathways.enums import LadderStep, PathwayState, ScreenedPerson
from pathways.models import Alert, AlertStep, Consent, Pathway, PmiRelay
from tests.cast import VALLEES, inside
from tests.factories import make_pathway, make_shift, who
from tests.guards import GuardedClient
from tests.pathways.actions.steps import accepted_birth
from tests.pathways.addresses import address
from tests.pathways.pages.test_alert_race import at_once
from tests.pathways.pages.test_inclusion import adhesion

pytestmark = pytest.mark.usefixtures("committed")
TURNS = range(3)


# ---- The tenth answer -------------------------------------------------------------------------------------
@pytest.mark.parametrize("person", [ScreenedPerson.MOTHER, ScreenedPerson.COPARENT])
@pytest.mark.parametrize("_turn", TURNS)
def test_a_tenth_answer_that_arrives_twice_at_once_is_one_alert_and_one_call(_turn: int, person: str) -> None:
    at, mark = clock.now(), uuid4()
    with scope.opened(inside(VALLEES)):
        pathway = make_pathway(ap=who("amal"))
        make_shift(who("farid"), starts_in=-timedelta(hours=2))

    def tell() -> bool:
        with scope.opened(inside(VALLEES)):
            return tell_tenth(pathway=pathway, tenth=2, person=person, submission_id=mark, by=who("amal"), at=at)

    assert at_once(tell, tell) == [True, True]
    with scope.opened(inside(VALLEES)):
        alert = Alert.objects.get()
        assert (alert.about, alert.is_sealed, alert.acknowledged_at) == (person, True, None)
        assert AlertStep.objects.filter(alert=alert, step=LadderStep.RAISED).count() == 1


# ---- The adhesion -----------------------------------------------------------------------------------------
def posted_at_once(birth: Any, *names: str) -> list[Any]:
    with scope.opened(inside(VALLEES)):
        users = [who(name).user for name in names]
        typed = adhesion()
    url = address("inclusion", birth.public_id)
    clients = [GuardedClient() for _ in users]
    for client, user in zip(clients, users, strict=True):
        client.force_login(user)
    return at_once(*(lambda client=client: client.post(url, typed) for client in clients))


def the_loser_reads_it(answers: list[Any]) -> None:
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert "Un parcours existe déjà pour cette naissance." in refused.content.decode()


@pytest.mark.parametrize("names", [("elise", "amal"), ("amal", "amal")])
def test_one_birth_included_from_two_pages_at_once_is_one_pathway(names: tuple[str, str]) -> None:
    with scope.opened(inside(VALLEES)):
        birth = accepted_birth()

    the_loser_reads_it(posted_at_once(birth, *names))

    with scope.opened(inside(VALLEES)):
        assert [model.objects.count() for model in (Pathway, Consent, PmiRelay)] == [1, 1, 1]


def test_a_family_that_comes_back_is_included_again_once() -> None:
    with scope.opened(inside(VALLEES)):
        birth = accepted_birth()
    the_loser_reads_it(posted_at_once(birth, "elise", "amal"))
    with scope.opened(inside(VALLEES)):
        withdraw_pathway(pathway=Pathway.objects.get(), by=who("elise"), at=clock.now())

    the_loser_reads_it(posted_at_once(birth, "elise", "amal"))

    with scope.opened(inside(VALLEES)):
        states = Pathway.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == [PathwayState.WITHDRAWN, PathwayState.ACTIVE]

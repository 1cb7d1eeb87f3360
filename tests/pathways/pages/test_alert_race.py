"""Two people take one alert at the same second, each by her own connection: one wins, the other reads her name."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import alerts, ladder
from pathways.actions.given_back import give_back_alert
from pathways.enums import AlertKind, LadderStep
from pathways.models import Alert, AlertNote, AlertNotice, AlertStep
from tests.cast import VALLEES, inside
from tests.factories import make_pathway, make_shift, who
from tests.guards import GuardedClient

pytestmark = pytest.mark.usefixtures("committed")
TURNS = range(4)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each answers, on a connection of its own, begun together."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=20)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one, work) for work in works]]


def a_sign() -> Alert:
    """Amal's, of ten minutes ago, whose second step has come."""
    at = clock.now() - timedelta(minutes=10)
    with scope.opened(inside(VALLEES)):
        pathway = make_pathway(ap=who("amal"))
        make_shift(who("farid"), starts_in=-timedelta(hours=2))
        alerts.raise_alert(
            pathway=pathway, kind=AlertKind.CHILD_SIGN, subject_id=pathway.public_id,
            code="CHILD_URGENT:CHILD_FEVER", facts="38 °C", is_sealed=False, raised_by=who("amal"),
            answer_due_at=at + timedelta(minutes=10), at=at,
        )  # fmt: skip
        return Alert.objects.get()


def told(step: str) -> int:
    with scope.opened(inside(VALLEES)):
        return AlertStep.objects.filter(step=step).count()


@pytest.mark.parametrize("words", ["Je suis {}.", ""])
@pytest.mark.parametrize("_turn", range(2))
def test_one_wins_by_name_and_the_other_reads_who_on_her_page(_turn: int, words: str) -> None:
    alert = a_sign()
    with scope.opened(inside(VALLEES)):
        users = {name: who(name).user for name in ("farid", "elise", "nora")}
    clients = {name: GuardedClient() for name in users}
    for name, user in users.items():
        clients[name].force_login(user)
    url = reverse("pathways:take_alert", args=[VALLEES, alert.public_id])

    def take(name: str) -> Any:
        return name, clients[name].post(url, {"instruction": words.format(name)})

    answers = dict(at_once(*(lambda name=name: take(name) for name in users)))

    winners = [name for name, answer in answers.items() if answer.status_code == 302]
    assert len(winners) == 1
    winner = users[winners[0]].get_full_name()
    for name in set(users) - set(winners):
        assert answers[name].status_code == 422
        assert f"{winner} a déjà pris cette alerte" in answers[name].content.decode()
    with scope.opened(inside(VALLEES)):
        taken = Alert.objects.select_related("acknowledged_by__user").get()
        assert (taken.acknowledged_by.user.get_full_name(), taken.instruction) == (winner, words.format(winners[0]))
        steps = AlertStep.objects.filter(alert=alert, step=LadderStep.TAKEN)
        assert AlertNotice.objects.filter(step__in=steps).count() == 1
    assert told(LadderStep.TAKEN) == 1


@pytest.mark.parametrize("_turn", TURNS)
def test_taken_while_the_ladder_climbs_calls_nobody_afterwards(_turn: int) -> None:
    alert = a_sign()
    at = clock.now()

    def take() -> None:
        with scope.opened(inside(VALLEES)):
            alerts.take_alert(alert=alert, by=who("farid"), taking=alerts.Taking(instruction="J’y vais."), at=at)

    def climb() -> bool:
        with scope.opened(inside(VALLEES)):
            return ladder.climb(pk=alert.pk, at=at)

    _, climbed, again = at_once(take, climb, climb)

    assert told(LadderStep.TAKEN) == 1
    assert told(LadderStep.SECOND) == int(climbed or again)
    with scope.opened(inside(VALLEES)):
        assert ladder.climb(pk=alert.pk, at=at + timedelta(hours=2)) is False


@pytest.mark.parametrize("_turn", TURNS)
def test_two_who_close_it_at_once_write_one_outcome(_turn: int) -> None:
    alert = a_sign()
    with scope.opened(inside(VALLEES)):
        alerts.take_alert(alert=alert, by=who("farid"), taking=alerts.Taking(instruction="J’y vais."), at=clock.now())

    def close(name: str) -> str:
        try:
            with scope.opened(inside(VALLEES)):
                alerts.close_alert(
                    alert=alert, by=who(name), outcome=f"Vu par {name}.", is_false_alarm=False, at=clock.now()
                )
        except BusinessError as refusal:
            return refusal.code
        return "closed"

    found = at_once(lambda: close("farid"), lambda: close("elise"))

    assert sorted(found) == ["alert_closed", "closed"]
    assert told(LadderStep.CLOSED) == 1


# ---- Given back ---------------------------------------------------------------------------------------------
def taken_sign(at: Any) -> Alert:
    """By Farid's name alone, so long ago that the ladder calls him again now."""
    alert = a_sign()
    with scope.opened(inside(VALLEES)):
        alerts.take_alert(alert=alert, by=who("farid"), at=at - timedelta(minutes=10))
    return alert


def answer(work: Callable[[], Any]) -> str:
    try:
        with scope.opened(inside(VALLEES)):
            work()
    except BusinessError as refusal:
        return refusal.code
    return "done"


def back(alert: Alert, at: Any) -> str:
    return answer(lambda: give_back_alert(alert=alert, by=who("farid"), reason="", at=at))


@pytest.mark.parametrize("_turn", TURNS)
def test_given_back_twice_at_once_tells_the_team_once(_turn: int) -> None:
    at = clock.now()
    alert = taken_sign(at)

    found = at_once(lambda: back(alert, at), lambda: back(alert, at))

    assert sorted(found) == ["done", "not_taken"]
    assert (told(LadderStep.GIVEN_BACK), told(LadderStep.RAISED)) == (1, 2)
    with scope.opened(inside(VALLEES)):
        assert AlertNote.objects.filter(alert=alert).count() == 1


@pytest.mark.parametrize("_turn", TURNS)
def test_given_back_while_the_ladder_climbs_and_another_takes_it_nobody_is_lost(_turn: int) -> None:
    """Whatever comes first: one turn more, every step once in its turn, and the alert is hers or waits for somebody."""
    at = clock.now()
    alert = taken_sign(at)

    def climb() -> str:
        return answer(lambda: ladder.climb(pk=alert.pk, at=at))

    given, taken, *_ = at_once(
        lambda: back(alert, at),
        lambda: answer(lambda: alerts.take_alert(alert=alert, by=who("elise"), at=at)),
        climb,
        climb,
    )

    assert given == "done"
    assert taken in {"done", "alert_taken"}
    with scope.opened(inside(VALLEES)):
        now = Alert.objects.get(pk=alert.pk)
        assert (now.turn, now.acknowledged_by) == (1, who("elise") if taken == "done" else None)
        assert now.next_step_at is not None
        assert AlertStep.objects.filter(alert=alert, step=LadderStep.RAISED, turn=1).count() == 1
        assert AlertStep.objects.filter(alert=alert, step=LadderStep.TAKEN, turn=1).count() == int(taken == "done")


@pytest.mark.parametrize("_turn", TURNS)
def test_given_back_and_instructed_at_once_one_of_them_stands(_turn: int) -> None:
    at = clock.now()
    alert = taken_sign(at)

    def instruct() -> str:
        words = alerts.Taking(instruction="J’y vais.")
        return answer(lambda: alerts.instruct_alert(alert=alert, by=who("elise"), taking=words, at=at))

    found = at_once(lambda: back(alert, at), instruct)

    with scope.opened(inside(VALLEES)):
        now = Alert.objects.get(pk=alert.pk)
    if now.instructed_at:
        assert found == ["alert_instructed", "done"]
        assert (now.acknowledged_by_id is None, now.turn) == (False, 0)
    else:
        assert found == ["done", "not_taken"]
        assert (now.acknowledged_by_id, now.turn) == (None, 1)

"""The drawn population has the shares of domain.md 8.2; a few thousand births are enough to see them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from copa.demo import people, places, rates
from copa.demo.lives import Call, Life
from copa.demo.population import Drawer
from copa.demo.rates import Rates

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
COUNT = 3000


def drawn(seed: str = "1", shares: Rates | None = None, count: int = COUNT) -> list[Life]:
    place = places.VALLEES
    drawer = Drawer(place, people.team(place, Random("team"), 5000), seed, shares or Rates())
    return [drawer.draw(number, FIRST + timedelta(hours=2 * number)) for number in range(1, count + 1)]


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    return drawn()


def share(rows: list[Life], holds: Callable[[Life], bool]) -> float:
    return sum(map(holds, rows)) / len(rows)


def calls(lives: list[Life], kind: str) -> list[tuple[Life, Call]]:
    return [(life, call) for life in lives for call in life.calls if call.kind == kind and call.ended_at]


def test_two_thirds_of_the_mothers_say_yes(lives: list[Life]) -> None:
    proposed = [life for life in lives if life.proposed_at]
    first = [life for life in proposed if life.parity == "FIRST"]

    assert share(proposed, lambda life: life.answer == "YES") == pytest.approx(0.68, abs=0.03)
    assert share(first, lambda life: life.answer == "YES") == pytest.approx(0.80, abs=0.03)


def test_the_national_parity_lowers_the_adhesion() -> None:
    national = drawn(shares=Rates(first_child=rates.NATIONAL_FIRST_CHILD))

    assert share(national, lambda life: life.parity == "FIRST") == pytest.approx(0.42, abs=0.03)


def test_births_are_as_in_the_programme(lives: list[Life]) -> None:
    assert share(lives, lambda life: len(life.babies) == 2) == pytest.approx(0.016, abs=0.008)
    assert share(lives, lambda life: life.mode == "CAESAREAN") == pytest.approx(0.214, abs=0.025)
    assert share(lives, lambda life: life.term_weeks < 37) == pytest.approx(0.075, abs=0.02)
    assert share(lives, lambda life: life.left_how == "ULTRA_EARLY") == pytest.approx(0.03, abs=0.012)
    assert share(lives, lambda life: life.village.is_isolated) == pytest.approx(0.45, abs=0.03)


def test_nobody_leaves_before_the_birth_or_is_included_before_the_answer(lives: list[Life]) -> None:
    assert all(life.left_at > life.born_at for life in lives)
    assert all(life.included_at > life.answered_at for life in lives if life.included_at and life.answered_at)


def test_nearly_all_second_visits_lie_in_the_window(lives: list[Life]) -> None:
    days = [(call.planned_at.date() - life.day).days for life, call in calls(lives, "V2")]

    assert min(days) >= 3
    assert sum(day <= 21 for day in days) / len(days) == pytest.approx(0.96, abs=0.02)


def test_visits_last_an_hour_and_a_quarter(lives: list[Life]) -> None:
    lasted = [(call.ended_at - call.started_at).total_seconds() / 60 for _, call in calls(lives, "V1")]

    assert sum(lasted) / len(lasted) == pytest.approx(75, abs=1.5)


def test_reports_come_in_time_nine_times_of_ten(lives: list[Life]) -> None:
    every = [call for _, call in calls(lives, "V1") + calls(lives, "V2")]
    in_time = [c for c in every if c.signed_at and c.signed_at <= c.ended_at + timedelta(hours=24)]
    forgotten = [c for c in every if c.signed_at is None]

    assert len(in_time) / len(every) == pytest.approx(0.92, abs=0.015)
    assert len(forgotten) / len(every) == pytest.approx(0.02, abs=0.01)


def test_moods_follow_the_fitted_curve(lives: list[Life]) -> None:
    totals = [sum(call.epds) for _, call in calls(lives, "V2") if call.epds]
    tenth = [call.epds[-1] for _, call in calls(lives, "V2") if call.epds]

    assert len(totals) / len(calls(lives, "V2")) == pytest.approx(0.90, abs=0.02)
    assert sum(total >= 9 for total in totals) / len(totals) == pytest.approx(0.225, abs=0.03)
    assert sum(total >= 13 for total in totals) / len(totals) == pytest.approx(0.086, abs=0.02)
    assert sum(value > 0 for value in tenth) / len(tenth) == pytest.approx(0.03, abs=0.012)


def test_the_same_seed_draws_the_same_people() -> None:
    assert drawn(count=40) == drawn(count=40)
    assert drawn(count=40) != drawn(seed="2", count=40)


def test_an_ap_never_has_six_visits_a_day(lives: list[Life]) -> None:
    busy: dict[tuple[str, object], int] = {}
    for life in lives:
        for call in life.calls:
            if call.started_at and life.ap:
                key = (life.ap.email, call.planned_at.astimezone(places.VALLEES.zone).date())
                busy[key] = busy.get(key, 0) + 1

    assert max(busy.values()) <= 5

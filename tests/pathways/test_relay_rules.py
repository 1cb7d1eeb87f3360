"""What a relay may become, when it is late, how long both teams keep a family, and until when the PMI may follow."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathways import rules
from pathways.enums import RelayOutcome, RelayState

ACCEPTED, DECLINED, NOT_NEEDED = RelayState.ACCEPTED, RelayState.DECLINED, RelayState.NOT_NEEDED
QUESTIONED, WAITING = RelayState.QUESTIONED, RelayState.WAITING


def test_every_state_has_its_moves() -> None:
    assert set(rules.RELAY_MOVES) == set(RelayState.values)
    assert rules.relay_states_before(ACCEPTED) == [QUESTIONED, WAITING]
    assert rules.relay_states_before(DECLINED) == [QUESTIONED, WAITING]
    assert rules.relay_states_before(NOT_NEEDED) == [DECLINED, QUESTIONED, WAITING]
    assert rules.RELAY_MOVES[ACCEPTED] == frozenset()


@pytest.mark.parametrize(("days", "is_late"), [(-3, False), (0, False), (7, False), (8, True)])
def test_relay_is_late_after_seven_whole_days(days: int, is_late: bool) -> None:
    due_on = date(2026, 11, 1)
    today = due_on + timedelta(days=days)

    assert rules.is_relay_late(due_on, today) is is_late
    assert (due_on < rules.relay_late_before(today)) is is_late


@pytest.mark.parametrize(
    ("born_on", "six_on"),
    [
        (date(2026, 11, 3), date(2032, 11, 3)),
        (date(2024, 2, 29), date(2030, 3, 1)),
        (date(2024, 2, 28), date(2030, 2, 28)),
        (date(2026, 2, 28), date(2032, 2, 28)),
    ],
)
def test_pmi_follows_until_the_sixth_birthday(born_on: date, six_on: date) -> None:
    assert rules.sixth_birthday(born_on) == six_on


@pytest.mark.parametrize(
    ("ended_on", "last"),
    [
        (None, date(2032, 11, 3)),
        (date(2026, 12, 1), date(2026, 12, 31)),
        # The overlap never goes beyond the sixth birthday.
        (date(2032, 10, 20), date(2032, 11, 3)),
    ],
)
def test_pmi_keeps_a_family_until_six_or_the_end_of_the_overlap(ended_on: date | None, last: date) -> None:
    assert rules.pmi_last_day(date(2026, 11, 3), ended_on, 30) == last


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dates(date(2021, 1, 1), date(2090, 12, 31)))
def test_horizon_is_the_first_day_at_six(born_on: date) -> None:
    horizon = rules.sixth_birthday(born_on)

    assert rules.age_on(born_on, horizon) == 6
    assert rules.age_on(born_on, horizon - timedelta(days=1)) == 5


@pytest.mark.parametrize(
    ("accepted", "closed", "last"),
    [
        (date(2026, 11, 1), date(2026, 11, 10), date(2026, 12, 1)),
        (date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 1)),
        # A pathway closed after the overlap is kept until the end of that day.
        (date(2026, 11, 1), date(2026, 12, 20), date(2026, 12, 20)),
        (date(2026, 11, 20), date(2026, 11, 10), date(2026, 12, 20)),
    ],
)
def test_overlap_counts_from_the_acceptance(accepted: date, closed: date, last: date) -> None:
    assert rules.overlap_last_day(accepted, closed, 30) == last


@pytest.mark.parametrize("state", RelayState)
@pytest.mark.parametrize("outcome", ["", *RelayOutcome])
@pytest.mark.parametrize("is_agreed", [True, False])
@pytest.mark.parametrize("is_met", [True, False])
def test_nobody_follows_after_a_yes_taken_back_or_an_end_without_a_meeting(
    state: str, outcome: str, *, is_agreed: bool, is_met: bool
) -> None:
    taken_back = rules.is_taken_back(is_agreed=is_agreed, state=state, outcome=outcome)

    assert taken_back is (not is_agreed and state == "accepted" and outcome == "")
    assert rules.is_ended_unmet(outcome, is_met=is_met) is (outcome in {"ended", "declines", "moved"} and not is_met)

"""What the EPDS adds up to: ten integers of 0 to 3 or nothing, whatever is sent."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.rules.screening import (
    EPDS_ITEMS,
    EpdsLevel,
    Thresholds,
    arithmetic,
    epds_repeat_on,
    epds_total,
    epds_values,
    is_early_for_epds,
    is_item_10_alarming,
)

POINTS = st.integers(0, 3)
WHOLE = st.fixed_dictionaries(dict.fromkeys(EPDS_ITEMS, POINTS))
ON = date(2026, 11, 3)


@given(WHOLE)
def test_total_is_the_sum_of_the_ten_values(raw: dict[str, int]) -> None:
    total = epds_total(epds_values(raw))

    assert total == sum(raw.values())
    assert 0 <= total <= 30


@given(WHOLE, st.sampled_from(EPDS_ITEMS))
def test_one_missing_value_leaves_no_total(raw: dict[str, int], key: str) -> None:
    del raw[key]

    assert epds_total(epds_values(raw)) is None


@given(WHOLE, st.sampled_from(EPDS_ITEMS), st.one_of(st.integers(max_value=-1), st.integers(min_value=4)))
def test_value_outside_zero_to_three_is_refused(raw: dict[str, int], key: str, value: int) -> None:
    with pytest.raises(ValueError, match=key):
        epds_values(raw | {key: value})


@pytest.mark.parametrize("value", [True, False, "2", 1.0, [1], {}, b"1"])
def test_what_is_no_integer_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="i03"):
        epds_values({"i03": value})


@pytest.mark.parametrize("key", ["total", "i11", "i00", "epds.i01"])
def test_what_is_no_item_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no item"):
        epds_values(dict.fromkeys(EPDS_ITEMS, 0) | {key: 1})


@given(WHOLE)
def test_tenth_answer_alarms_whatever_the_nine_others(raw: dict[str, int]) -> None:
    assert is_item_10_alarming(epds_values(raw)["i10"]) is (raw["i10"] >= 1)


def test_levels_change_at_each_cut_off() -> None:
    levels = {total: Thresholds().level(total) for total in (0, 8, 9, 10, 11, 12, 13, 30)}

    assert levels == {
        0: EpdsLevel.BELOW,
        8: EpdsLevel.BELOW,
        9: EpdsLevel.WATCH,
        10: EpdsLevel.WATCH,
        11: EpdsLevel.ALERT,
        12: EpdsLevel.ALERT,
        13: EpdsLevel.HIGH,
        30: EpdsLevel.HIGH,
    }


def test_arithmetic_shows_every_term() -> None:
    assert arithmetic([0, 1, 2, 3, 0, 0, 0, 0, 1, 0], 7) == "0 + 1 + 2 + 3 + 0 + 0 + 0 + 0 + 1 + 0 = 7"
    assert arithmetic([None] * 10, None) == ""


@pytest.mark.parametrize(("day", "is_early"), [(-1, True), (6, True), (7, False), (21, False)])
def test_before_the_seventh_day_is_early(day: int, is_early: bool) -> None:
    assert is_early_for_epds(day) is is_early


@pytest.mark.parametrize(
    ("fields", "is_repeated"),
    [
        ({}, False),
        ({"total": 8}, False),
        ({"total": 9}, True),
        ({"day": 6}, True),
        ({"total": None}, True),
        ({"is_asked": True}, True),
        ({"presence": "BABY_ONLY"}, False),
        ({"presence": "PARTNER_NEAR"}, True),
        ({"status": "REFUSED", "total": None}, False),
        ({"status": "REFUSED", "total": None, "is_asked": True}, True),
    ],
)
def test_repeat_is_due_two_weeks_later(fields: dict[str, object], is_repeated: bool) -> None:
    given_: dict[str, object] = {"status": "DONE", "total": 4, "day": 12, "is_asked": False, "presence": "ALONE"}

    due = epds_repeat_on(thresholds=Thresholds(), on=ON, **(given_ | fields))  # type: ignore[arg-type]

    assert due == (ON + timedelta(days=14) if is_repeated else None)

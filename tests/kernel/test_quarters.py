"""Civil quarters and their edges where the families live."""

from datetime import UTC, date, datetime

import pytest

from copa.kernel.quarters import Quarter, back_from


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 1, 1), "2026-T1"),
        (date(2026, 3, 31), "2026-T1"),
        (date(2026, 4, 1), "2026-T2"),
        (date(2028, 2, 29), "2028-T1"),
        (date(2026, 12, 31), "2026-T4"),
    ],
)
def test_quarter_of_a_day(day: date, code: str) -> None:
    assert Quarter.of(day).code == code


def test_quarter_on_screen() -> None:
    assert [Quarter(2026, n).label for n in (1, 2, 3, 4)] == [
        "1ᵉʳ trimestre 2026",
        "2ᵉ trimestre 2026",
        "3ᵉ trimestre 2026",
        "4ᵉ trimestre 2026",
    ]
    assert Quarter(2026, 3).short == "T3 2026"


def test_code_is_read_back() -> None:
    assert Quarter.parse("2026-T3") == Quarter(2026, 3)


@pytest.mark.parametrize(
    "code",
    ["", "2026", "2026-T0", "2026-T5", "2026-t3", "0001-T1", "1999-T4", "2101-T1", "9999-T4", "2026-T3 ", "٢٠٢٦-T3"],
)
def test_anything_else_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not a quarter"):
        Quarter.parse(code)


def test_neighbours_cross_the_year() -> None:
    assert Quarter(2026, 1).previous == Quarter(2025, 4)
    assert Quarter(2026, 4).next == Quarter(2027, 1)
    assert Quarter(2026, 4).last == date(2026, 12, 31)


def test_bounds_are_local_midnights() -> None:
    assert Quarter(2026, 3).bounds("Europe/Paris") == (
        datetime(2026, 6, 30, 22, tzinfo=UTC),
        datetime(2026, 9, 30, 22, tzinfo=UTC),
    )
    # Winter time at one end, summer time at the other.
    assert Quarter(2026, 1).bounds("Europe/Paris") == (
        datetime(2025, 12, 31, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),
    )
    assert Quarter(2026, 3).bounds("Indian/Reunion")[0] == datetime(2026, 6, 30, 20, tzinfo=UTC)


def test_quarter_is_over_the_day_after_its_last() -> None:
    assert not Quarter(2026, 3).is_over(date(2026, 9, 30))
    assert Quarter(2026, 3).is_over(date(2026, 10, 1))


def test_back_from_gives_oldest_first() -> None:
    assert back_from(Quarter(2026, 2), 3) == [Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 2)]

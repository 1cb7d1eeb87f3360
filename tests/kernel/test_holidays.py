"""Sundays and holidays."""

from datetime import date

import pytest

from copa.kernel.holidays import day_note, easter, holidays


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25))],
)
def test_easter(year: int, sunday: date) -> None:
    assert easter(year) == sunday


def test_a_year_has_eleven_holidays_and_overseas_one_more() -> None:
    assert len(holidays(2026)) == 11
    assert date(2026, 12, 20) in holidays(2026, "04")
    assert date(2026, 12, 20) not in holidays(2026, "44")


def test_day_note_says_what_the_day_is() -> None:
    assert day_note(date(2026, 5, 14)) == "férié (Ascension)"
    assert day_note(date(2026, 11, 8)) == "dimanche"
    assert day_note(date(2026, 11, 9)) == ""

"""The tablet's clock beside the server's, and the delays of the programme and of a territory."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.enums import AlertFamily
from pathways.rules.delays import PROGRAMME_MINUTES, is_night, longest_minutes, minutes_at
from pathways.rules.device import DeviceClock, device_clock, device_gap
from pathways.rules.screening import MIND_VITAL_DELAY
from visits.questionnaire.alerts import alert_book

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


# ---- The clock of the tablet ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "said",
    [None, "", "hier", 12, True, [], {}, "2026-11-03", "2026-11-03T14:05:00", "1999-12-31T23:00:00Z",
     "2101-06-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-03T25:00:00Z",
     "\x00", "2" * 5000],
)  # fmt: skip
def test_what_is_no_instant_counts_as_not_said(said: object) -> None:
    assert device_clock(said, said) == DeviceClock(None, None)


def test_an_instant_is_read_with_its_offset() -> None:
    found = device_clock("2026-11-03T15:05:00.123+01:00", "2026-11-03T14:06:00Z")

    assert found == DeviceClock(AT.replace(microsecond=123000), AT + MINUTE)


@given(st.text(max_size=60))
def test_nothing_a_tablet_sends_breaks_the_reading(said: str) -> None:
    device_clock(said, said)


@pytest.mark.parametrize(
    ("noticed", "sent", "shown", "waited", "ahead"),
    [
        (timedelta(0), timedelta(0), False, None, None),
        (-59 * SECOND, timedelta(0), False, None, None),
        (-MINUTE, timedelta(0), True, MINUTE, None),
        (-47 * MINUTE, timedelta(0), True, 47 * MINUTE, None),
        # Three hours ahead, and it waited for twelve minutes all the same.
        (timedelta(hours=3) - 12 * MINUTE, timedelta(hours=3), True, 12 * MINUTE, timedelta(hours=3)),
        (timedelta(days=-400), timedelta(days=-400), True, None, timedelta(days=-400)),
        (-2 * MINUTE, -2 * MINUTE, True, None, -2 * MINUTE),
        (-119 * SECOND, -119 * SECOND, True, None, None),
    ],
)
def test_the_two_clocks_are_told_apart_when_they_differ(
    noticed: timedelta, sent: timedelta, shown: bool, waited: timedelta | None, ahead: timedelta | None
) -> None:
    gap = device_gap(DeviceClock(AT + noticed, AT + sent), AT)

    assert (gap.noticed_at is not None, gap.waited, gap.ahead) == (shown, waited, ahead)
    assert gap.is_ahead is (ahead is not None and ahead > timedelta(0))


def test_a_tablet_that_says_nothing_shows_nothing() -> None:
    assert device_gap(DeviceClock(), AT) == (None, None, None)


# ---- The delays -------------------------------------------------------------------------------------------
def test_the_delays_of_the_programme_are_those_of_the_book_of_the_tablet() -> None:
    assert dict(PROGRAMME_MINUTES) == {code: one.team_delay_min for code, one in alert_book().families.items()}
    assert timedelta(minutes=PROGRAMME_MINUTES[AlertFamily.MIND_VITAL]) == MIND_VITAL_DELAY
    assert longest_minutes(AlertFamily.MIND_VITAL) == 15


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("Europe/Paris", datetime(2026, 11, 3, 18, 59, 59, tzinfo=UTC), False),
        ("Europe/Paris", datetime(2026, 11, 3, 19, 0, tzinfo=UTC), True),
        ("Europe/Paris", datetime(2026, 11, 4, 6, 59, 59, tzinfo=UTC), True),
        ("Europe/Paris", datetime(2026, 11, 4, 7, 0, tzinfo=UTC), False),
        # The clocks change: both two o'clocks are night, and eight o'clock is an hour of the wall.
        ("Europe/Paris", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),
        ("Europe/Paris", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),
        ("Europe/Paris", datetime(2026, 10, 25, 6, 59, tzinfo=UTC), True),
        ("Europe/Paris", datetime(2026, 10, 25, 7, 0, tzinfo=UTC), False),
        ("Europe/Paris", datetime(2026, 3, 29, 6, 0, tzinfo=UTC), False),
        ("Indian/Reunion", datetime(2026, 11, 3, 16, 0, tzinfo=UTC), True),
        ("Indian/Reunion", datetime(2026, 11, 3, 15, 59, tzinfo=UTC), False),
        ("America/Cayenne", datetime(2026, 11, 3, 19, 0, tzinfo=UTC), False),
        ("America/Cayenne", datetime(2026, 11, 3, 23, 0, tzinfo=UTC), True),
    ],
)
def test_night_is_that_of_the_territory(zone: str, at: datetime, expected: bool) -> None:
    assert is_night(at, zone) is expected
    assert minutes_at(10, 25, at=at, zone=zone) == (25 if expected else 10)
    assert minutes_at(10, None, at=at, zone=zone) == 10

"""When messages are read: local hours, holidays, both changes of the clocks, in three oceans."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from messaging.enums import SpaceState
from messaging.rules import DEFAULT_WEEK, SpaceFacts, Span, next_reading, space_state, team_due_at
from pathways.enums import PathwayState

EVERY_DAY = {day: Span(time(9), time(17)) for day in range(1, 8)}
PARIS, REUNION, CAYENNE = "Europe/Paris", "Indian/Reunion", "America/Cayenne"


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "reads"),
    [
        ("2026-11-03 08:59:59", "2026-11-03 09:00"),
        ("2026-11-03 09:00:00", "2026-11-03 09:00"),
        ("2026-11-03 16:59:59", "2026-11-03 16:59:59"),
        ("2026-11-03 17:00:00", "2026-11-04 09:00"),
        ("2026-11-06 22:00", "2026-11-09 09:00"),
        # Armistice, a Wednesday.
        ("2026-11-10 18:00", "2026-11-12 09:00"),
    ],
)
def test_usual_week_is_read_from_monday_to_friday(at: str, reads: str) -> None:
    found = next_reading(DEFAULT_WEEK, local(at, PARIS), zone=PARIS, region="44")

    assert found == local(reads, PARIS)


@pytest.mark.parametrize(
    ("at", "zone", "reads"),
    [
        # Clocks go back in the night, and forward: nine o'clock is nine o'clock.
        ("2026-10-24 22:00", PARIS, datetime(2026, 10, 25, 8, tzinfo=UTC)),
        ("2026-03-28 22:00", PARIS, datetime(2026, 3, 29, 7, tzinfo=UTC)),
        # Their clocks never change.
        ("2026-10-24 22:00", REUNION, datetime(2026, 10, 25, 5, tzinfo=UTC)),
        ("2026-03-28 22:00", REUNION, datetime(2026, 3, 29, 5, tzinfo=UTC)),
        ("2026-10-24 22:00", CAYENNE, datetime(2026, 10, 25, 12, tzinfo=UTC)),
        ("2026-03-28 22:00", CAYENNE, datetime(2026, 3, 29, 12, tzinfo=UTC)),
    ],
)
def test_what_comes_at_ten_in_the_evening_is_read_at_nine(at: str, zone: str, reads: datetime) -> None:
    assert next_reading(EVERY_DAY, local(at, zone), zone=zone, region="44") == reads


def test_holiday_of_the_region_is_a_day_off() -> None:
    at = local("2027-12-20 08:00", REUNION)

    assert next_reading(DEFAULT_WEEK, at, zone=REUNION, region="04") == local("2027-12-21 09:00", REUNION)
    assert next_reading(DEFAULT_WEEK, at, zone=REUNION, region="44") == local("2027-12-20 09:00", REUNION)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        ("2026-11-03 10:00", "2026-11-05 10:00"),
        ("2026-11-06 10:00", "2026-11-10 10:00"),
        ("2026-11-09 09:00", "2026-11-12 09:00"),
        ("2026-10-23 09:00", "2026-10-27 09:00"),
    ],
)
def test_two_working_days_later_it_is_the_teams(since: str, due: str) -> None:
    assert team_due_at(local(since, PARIS), zone=PARIS, region="44") == local(due, PARIS)


def facts(**other: object) -> SpaceFacts:
    values: dict[str, object] = {
        "is_mother": True,
        "has_died": False,
        "is_silent": False,
        "state": PathwayState.ACTIVE,
        "keeps_space": False,
        "is_here": True,
        "is_handed_over": False,
        "is_shared": False,
        "is_wished": True,
        "is_agreed": True,
    }
    return SpaceFacts(**(values | other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "state"),
    [
        ({}, SpaceState.OPEN),
        ({"state": PathwayState.SUSPENDED}, SpaceState.OPEN),
        ({"state": PathwayState.NO_NEWS}, SpaceState.OPEN),
        ({"state": PathwayState.CLOSED}, SpaceState.OPEN),
        ({"state": PathwayState.BEREAVED, "is_silent": True}, SpaceState.CALM),
        ({"is_silent": True, "state": PathwayState.CLOSED}, SpaceState.CALM),
        ({"state": PathwayState.WITHDRAWN}, SpaceState.SHUT),
        ({"state": PathwayState.WITHDRAWN, "keeps_space": True}, SpaceState.OPEN),
        ({"state": PathwayState.MOVED}, SpaceState.SHUT),
        ({"state": ""}, SpaceState.SHUT),
        ({"is_here": False}, SpaceState.SHUT),
        ({"is_handed_over": True}, SpaceState.SHUT),
        ({"is_shared": True}, SpaceState.SHUT),
        ({"is_wished": False}, SpaceState.SHUT),
        ({"has_died": True, "is_silent": True, "state": PathwayState.BEREAVED}, SpaceState.SHUT),
        # What the mother wishes, and her death, leave the co-parent's own space: calm in mourning.
        ({"is_mother": False, "is_shared": True, "is_wished": False}, SpaceState.OPEN),
        ({"is_mother": False, "has_died": True, "is_silent": True, "state": PathwayState.BEREAVED}, SpaceState.CALM),
        ({"is_mother": False, "is_agreed": False}, SpaceState.SHUT),
    ],
)
def test_what_a_space_opens(other: dict[str, object], state: SpaceState) -> None:
    assert space_state(facts(**other)) == state

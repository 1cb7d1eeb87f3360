"""The expected plan: the same family under v1 and v2, each boundary, three time zones, both clock changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copa.kernel import clock
from pathways import reference, rules
from pathways.enums import BirthMode, DischargeKind, EpdsMoment, StepKind

ZONES = ("Europe/Paris", "Indian/Reunion", "America/Cayenne")
FEW = settings(max_examples=60, deadline=None)


def version(values: dict[str, Any]) -> rules.VersionFacts:
    known = {name: values[name] for name in rules.VersionFacts.__dataclass_fields__}
    return rules.VersionFacts(**known | {"extra_motives": tuple(values["extra_motives"])})


V1, V2 = version(reference.V1), version(reference.V2)
BORN = date(2025, 11, 20)
LEFT_EARLY = rules.WayHome(DischargeKind.ULTRA_EARLY, datetime(2025, 11, 20, 19, 0, tzinfo=UTC))


def seen(steps: list[rules.PlannedStep]) -> list[tuple[str, int, bool, str]]:
    return [(step.kind.value, step.minutes, step.is_optional, step.epds.value) for step in steps]


def test_same_family_gets_the_two_expected_plans() -> None:
    under_v1 = rules.expected_plan(V1, BORN, LEFT_EARLY, "Europe/Paris")
    under_v2 = rules.expected_plan(V2, BORN, LEFT_EARLY, "Europe/Paris")

    assert seen(under_v1) == [
        ("V1", 75, False, ""),
        ("V2", 75, False, ""),
        ("V3", 75, False, ""),
        ("V4", 75, True, ""),
        ("V5", 75, True, ""),
        ("RELAY", 0, False, ""),
    ]
    assert seen(under_v2) == [
        ("ULTRA_EARLY", 135, True, ""),
        ("V1", 75, False, ""),
        ("V2", 75, False, "due"),
        ("V3", 75, True, "repeat"),
        ("RELAY", 0, False, ""),
    ]
    assert {step.last for step in under_v1} == {date(2025, 12, 11)}
    assert [step.motives for step in under_v2 if step.kind == StepKind.V3] == [("VULNERABILITY", "PARENTS_REQUEST")]
    assert [step.motives for step in under_v1 if step.kind == StepKind.V4] == [("COMPLEX", "VULNERABILITY")]


@pytest.mark.parametrize(
    ("third_before_second", "at_second", "at_third"),
    [
        (None, EpdsMoment.DUE, EpdsMoment.REPEAT),
        (True, EpdsMoment.NONE, EpdsMoment.DUE),
        (False, EpdsMoment.DUE, EpdsMoment.REPEAT),
    ],
)
def test_questionnaire_follows_a_third_visit_decided_before_the_second(
    third_before_second: bool | None, at_second: str, at_third: str
) -> None:
    steps = rules.expected_plan(V2, BORN, None, "Europe/Paris", third_decided_before_v2=third_before_second)
    epds = {step.kind: step.epds for step in steps}

    assert (epds[StepKind.V2], epds[StepKind.V3]) == (at_second, at_third)


def test_only_an_ultra_early_discharge_brings_its_visit() -> None:
    early = rules.WayHome(DischargeKind.EARLY, LEFT_EARLY.at)

    assert StepKind.ULTRA_EARLY not in [step.kind for step in rules.expected_plan(V2, BORN, early, "Europe/Paris")]
    assert StepKind.ULTRA_EARLY not in [step.kind for step in rules.expected_plan(V2, BORN, None, "Europe/Paris")]


@pytest.mark.parametrize(
    ("zone", "left_at", "last"),
    [
        # R054: Monday 23:30 → Tuesday, on each side of midnight in three oceans.
        ("Europe/Paris", datetime(2026, 3, 9, 22, 30, tzinfo=UTC), date(2026, 3, 10)),
        ("Europe/Paris", datetime(2026, 3, 9, 23, 0, tzinfo=UTC), date(2026, 3, 11)),
        ("Indian/Reunion", datetime(2026, 3, 9, 19, 30, tzinfo=UTC), date(2026, 3, 10)),
        ("Indian/Reunion", datetime(2026, 3, 9, 20, 0, tzinfo=UTC), date(2026, 3, 11)),
        ("America/Cayenne", datetime(2026, 3, 10, 2, 30, tzinfo=UTC), date(2026, 3, 10)),
        ("America/Cayenne", datetime(2026, 3, 10, 3, 0, tzinfo=UTC), date(2026, 3, 11)),
        # The night the clocks change: the day after is a date, not 24 hours.
        ("Europe/Paris", datetime(2026, 3, 28, 22, 30, tzinfo=UTC), date(2026, 3, 29)),
        ("Europe/Paris", datetime(2026, 10, 24, 21, 30, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_ultra_early_visit_is_due_on_the_day_of_discharge_or_the_day_after(
    zone: str, left_at: datetime, last: date
) -> None:
    way_home = rules.WayHome(DischargeKind.ULTRA_EARLY, left_at)
    steps = rules.expected_plan(V2, clock.local_date(left_at, zone), way_home, zone)
    window = steps[0].window

    assert (window.first, window.last) == (last - timedelta(days=1), last)
    assert window.holds(clock.local_date(left_at, zone))
    assert not window.holds(last + timedelta(days=1))


INSTANTS = st.datetimes(min_value=datetime(2021, 1, 1), max_value=datetime(2029, 1, 1), timezones=st.just(UTC))
# Around the two nights of each year, and the leap day.
ODD = st.sampled_from(
    [
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
        datetime(2028, 2, 28, 23, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
        datetime(2026, 7, 1, 22, 0, tzinfo=UTC),
    ]
)


@FEW
@given(born_at=INSTANTS | ODD, zone=st.sampled_from(ZONES))
def test_windows_are_nineteen_nights_of_local_dates(born_at: datetime, zone: str) -> None:
    day = clock.local_date(born_at, zone)
    for facts in (V1, V2):
        steps = rules.expected_plan(facts, day, None, zone)
        visits = [step for step in steps if step.kind in rules.VISITS]

        assert {(rules.day_of(day, step.first), rules.day_of(day, step.last)) for step in visits} == {(2, 21)}
        assert rules.day_of(day, steps[-1].first) == 21


@FEW
@given(
    born_at=INSTANTS | ODD,
    stay=st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=130)),
    mode=st.sampled_from(list(BirthMode)),
    zone=st.sampled_from(ZONES),
)
def test_category_counts_elapsed_hours_in_every_zone(
    born_at: datetime, stay: timedelta, mode: BirthMode, zone: str
) -> None:
    left_at = born_at + stay
    local = rules.discharge_category(born_at.astimezone(ZoneInfo(zone)), left_at.astimezone(ZoneInfo(zone)), mode)

    is_caesarean = mode == BirthMode.CAESAREAN
    expected = DischargeKind.LONG
    if stay < timedelta(hours=24):
        expected = DischargeKind.ULTRA_EARLY
    elif stay < timedelta(hours=96 if is_caesarean else 72):
        expected = DischargeKind.EARLY
    elif stay <= timedelta(hours=120 if is_caesarean else 96):
        expected = DischargeKind.STANDARD
    assert local == rules.discharge_category(born_at, left_at, mode) == expected


@FEW
@given(
    born_at=INSTANTS | ODD,
    stay=st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=60)),
    hours=st.integers(min_value=6, max_value=48),
    zone=st.sampled_from(ZONES),
)
def test_ultra_early_is_below_the_hours_of_the_version(
    born_at: datetime, stay: timedelta, hours: int, zone: str
) -> None:
    born, left = born_at.astimezone(ZoneInfo(zone)), (born_at + stay).astimezone(ZoneInfo(zone))

    kind = rules.discharge_category(born, left, BirthMode.VAGINAL, up_max_hours=hours)

    assert (kind == DischargeKind.ULTRA_EARLY) is (stay < timedelta(hours=hours))


@FEW
@given(born_at=INSTANTS | ODD, zone=st.sampled_from(ZONES))
def test_advised_hours_are_hours_of_life_and_change_no_day(born_at: datetime, zone: str) -> None:
    born = born_at.astimezone(ZoneInfo(zone))
    advised = rules.ultra_early_advice(born, 6, 24)

    assert advised is not None
    assert (rules.elapsed(born, advised[0]), rules.elapsed(born, advised[1])) == (
        timedelta(hours=6),
        timedelta(hours=24),
    )
    # R054: the days come from the discharge alone.
    way_home = rules.WayHome(DischargeKind.ULTRA_EARLY, born_at + timedelta(hours=23))
    window = rules.expected_plan(V2, BORN, way_home, zone)[0].window
    assert window.first == clock.local_date(born_at + timedelta(hours=23), zone)


def test_version_without_advice_gives_none() -> None:
    assert rules.ultra_early_advice(datetime(2026, 3, 28, 12, 0, tzinfo=UTC), 0, 0) is None


@FEW
@given(left_at=INSTANTS | ODD, zone=st.sampled_from(ZONES))
def test_ultra_early_window_has_two_local_days(left_at: datetime, zone: str) -> None:
    way_home = rules.WayHome(DischargeKind.ULTRA_EARLY, left_at)
    window = rules.expected_plan(V2, BORN, way_home, zone)[0].window
    _, next_day = clock.day_bounds(window.first, zone)
    _, over = clock.day_bounds(window.last, zone)

    assert window.holds(clock.local_date(left_at, zone))
    assert window.holds(clock.local_date(next_day, zone))
    assert window.holds(clock.local_date(over - timedelta(seconds=1), zone))
    assert not window.holds(clock.local_date(over, zone))


@pytest.mark.parametrize(
    ("mode", "hours", "minutes", "kind"),
    [
        (BirthMode.VAGINAL, 23, 59, DischargeKind.ULTRA_EARLY),
        (BirthMode.VAGINAL, 24, 0, DischargeKind.EARLY),
        (BirthMode.VAGINAL, 71, 59, DischargeKind.EARLY),
        (BirthMode.VAGINAL, 72, 0, DischargeKind.STANDARD),
        (BirthMode.CAESAREAN, 95, 59, DischargeKind.EARLY),
        (BirthMode.CAESAREAN, 96, 0, DischargeKind.STANDARD),
        (BirthMode.CAESAREAN, 119, 59, DischargeKind.STANDARD),
        (BirthMode.CAESAREAN, 120, 0, DischargeKind.STANDARD),
        (BirthMode.CAESAREAN, 120, 1, DischargeKind.LONG),
    ],
)
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "born_at", [datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 10, 24, 22, 0, tzinfo=UTC)]
)
def test_category_at_each_boundary_over_both_clock_changes(
    born_at: datetime, zone: str, mode: BirthMode, hours: int, minutes: int, kind: DischargeKind
) -> None:
    left_at = born_at + timedelta(hours=hours, minutes=minutes)

    assert rules.discharge_category(born_at.astimezone(ZoneInfo(zone)), left_at, mode) == kind

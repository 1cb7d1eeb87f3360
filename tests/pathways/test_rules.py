"""Rules of the calendar: each boundary one minute before and at, both clock changes, a leap day, another ocean."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from copa.kernel import clock
from pathways import rules
from pathways.enums import BirthMode, DischargeKind, PathwayState

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
BORN = datetime(2026, 3, 10, 8, 0, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("mode", "hours", "minutes", "kind"),
    [
        (BirthMode.VAGINAL, 0, 0, DischargeKind.ULTRA_EARLY),
        (BirthMode.VAGINAL, 23, 59, DischargeKind.ULTRA_EARLY),
        (BirthMode.VAGINAL, 24, 0, DischargeKind.EARLY),
        (BirthMode.VAGINAL, 71, 59, DischargeKind.EARLY),
        (BirthMode.VAGINAL, 72, 0, DischargeKind.STANDARD),
        (BirthMode.INSTRUMENTAL, 96, 0, DischargeKind.STANDARD),
        (BirthMode.VAGINAL, 96, 1, DischargeKind.LONG),
        (BirthMode.CAESAREAN, 23, 59, DischargeKind.ULTRA_EARLY),
        (BirthMode.CAESAREAN, 72, 0, DischargeKind.EARLY),
        (BirthMode.CAESAREAN, 95, 59, DischargeKind.EARLY),
        (BirthMode.CAESAREAN, 96, 0, DischargeKind.STANDARD),
        (BirthMode.CAESAREAN, 120, 0, DischargeKind.STANDARD),
        (BirthMode.CAESAREAN, 120, 1, DischargeKind.LONG),
    ],
)
def test_discharge_category_at_each_boundary(mode: str, hours: int, minutes: int, kind: str) -> None:
    left = BORN + timedelta(hours=hours, minutes=minutes)

    assert rules.discharge_category(BORN, left, mode) == kind


def test_discharge_category_counts_elapsed_hours_when_the_clocks_go_forward() -> None:
    # 28 March 2026, 8:00 to 29 March, 8:30 by the wall: 23 h 30 have passed.
    born = datetime(2026, 3, 28, 8, 0, tzinfo=PARIS)
    left = datetime(2026, 3, 29, 8, 30, tzinfo=PARIS)

    assert rules.discharge_category(born, left, BirthMode.VAGINAL) == DischargeKind.ULTRA_EARLY
    assert rules.elapsed(born, left) == timedelta(hours=23, minutes=30)


def test_discharge_category_counts_elapsed_hours_when_the_clocks_go_back() -> None:
    # 24 October 2026, 8:00 to 25 October, 7:30 by the wall: 24 h 30 have passed.
    born = datetime(2026, 10, 24, 8, 0, tzinfo=PARIS)
    left = datetime(2026, 10, 25, 7, 30, tzinfo=PARIS)

    assert rules.discharge_category(born, left, BirthMode.VAGINAL) == DischargeKind.EARLY


def test_discharge_before_birth_is_no_category() -> None:
    with pytest.raises(ValueError, match="before birth"):
        rules.discharge_category(BORN, BORN - timedelta(minutes=1), BirthMode.VAGINAL)


def test_window_starts_from_the_date_of_the_island() -> None:
    # 22:30 in Paris is already the next day in Réunion.
    born = datetime(2026, 7, 1, 22, 30, tzinfo=PARIS)
    day = clock.local_date(born, "Indian/Reunion")

    window = rules.visit_window(day, 2, 21)

    assert day == date(2026, 7, 2)
    assert window == rules.Window(date(2026, 7, 4), date(2026, 7, 23))


@pytest.mark.parametrize(
    ("at", "is_inside"),
    [
        (datetime(2026, 7, 23, 23, 59, 59, tzinfo=REUNION), True),
        (datetime(2026, 7, 24, 0, 0, 0, tzinfo=REUNION), False),
    ],
)
def test_window_ends_at_midnight_of_the_island(at: datetime, is_inside: bool) -> None:
    window = rules.visit_window(date(2026, 7, 2), 2, 21)

    assert window.holds(clock.local_date(at, "Indian/Reunion")) is is_inside


def test_window_crosses_a_leap_day() -> None:
    window = rules.visit_window(date(2028, 2, 20), 2, 21)

    assert window == rules.Window(date(2028, 2, 22), date(2028, 3, 12))
    assert rules.relay_due_on(date(2028, 2, 20), 21) == date(2028, 3, 12)


def test_window_of_a_child_born_on_the_leap_day() -> None:
    assert rules.visit_window(date(2028, 2, 29), 2, 21) == rules.Window(date(2028, 3, 2), date(2028, 3, 21))


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("01 99 00 31 07", "FR", "+33199003107"),
        ("0199003107", "FR", "+33199003107"),
        ("+33 1 99 00 31 07", "RE", "+33199003107"),
        ("0033199003107", "FR", "+33199003107"),
        ("0692 00 12 34", "RE", "+262692001234"),
        ("0692 00 12 34", "FR", None),
        ("01 99 00 31 07", "RE", None),
        ("01 99 00 31", "FR", None),
        ("pas de téléphone", "FR", None),
    ],
)
def test_phone_belongs_to_the_region(text: str, region: str, expected: str | None) -> None:
    assert rules.e164(text, region) == expected


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2026, 2, 28), 29), (date(2026, 3, 1), 30), (date(2028, 2, 28), 31), (date(2028, 2, 29), 32)],
)
def test_age_of_somebody_born_on_a_leap_day(day: date, age: int) -> None:
    assert rules.age_on(date(1996, 2, 29), day) == age


def test_names_are_searched_without_accent_case_or_hyphen() -> None:
    assert rules.name_words("Lemoine-Haddad", "", "  Élise  ") == {"lemoine", "haddad", "elise"}
    assert rules.name_words("", " - ") == frozenset()


def test_moves_of_a_pathway() -> None:
    ends = {"withdrawn", "moved", "bereaved"}
    assert {state.value: set(moves) for state, moves in rules.PATHWAY_MOVES.items()} == {
        "active": ends | {"suspended", "no_news", "closed"},
        "suspended": ends | {"active", "closed"},
        "no_news": ends | {"active", "suspended", "closed"},
        "closed": set(),
        "withdrawn": {"active"},
        "moved": set(),
        "bereaved": {"active"},
    }
    assert set(rules.PATHWAY_MOVES) == set(PathwayState)


@pytest.mark.parametrize(
    ("person", "others_at_home", "pauses"),
    [("mother", 0, True), ("mother", 2, True), ("child", 0, True), ("child", 1, False)],
)
def test_whose_stay_pauses_the_visits(person: str, others_at_home: int, pauses: bool) -> None:
    assert rules.stay_pauses(person=person, others_at_home=others_at_home) is pauses


@pytest.mark.parametrize(
    ("days", "is_enough"),
    [((), False), ((3, 3, 3), False), ((3, 4), False), ((3, 3, 4), True), ((3, 4, 5, 6), True)],
)
def test_without_news_after_three_attempts_on_two_days(days: tuple[int, ...], is_enough: bool) -> None:
    assert rules.is_without_news(attempts=len(days), days=len(set(days))) is is_enough

"""Windows of the calendar: days, months, hours; the change of 2025; what is overdue, and from when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copa.kernel import clock
from pathways import rules
from pathways.calendar_table import LINES
from pathways.enums import CalendarStatus, HalfDay
from pathways.rules import LineState

ZONES = ("Europe/Paris", "Indian/Reunion", "America/Cayenne")
FEW = settings(max_examples=80, deadline=None)
BORN = date(2026, 1, 1)


def line(code: str, born: date = BORN) -> dict[str, Any]:
    return next(
        one
        for one in LINES
        if one["code"] == code and rules.is_of_birth(born, one.get("births_from"), one.get("births_to"))
    )


def facts(code: str, born: date = BORN) -> rules.CalendarFacts:
    known = line(code, born)
    return rules.CalendarFacts(**{name: known.get(name) for name in rules.CalendarFacts.__dataclass_fields__})


def due(code: str, born: date = BORN, left_at: datetime | None = None, zone: str = "Europe/Paris") -> rules.Due:
    found = rules.due_of(facts(code, born), born, left_at, zone)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "first", "last", "overdue"),
    [
        ("K01", date(2026, 1, 1), date(2026, 1, 9), date(2026, 1, 10)),
        ("K02", date(2026, 1, 8), date(2026, 1, 14), date(2026, 1, 17)),
        ("K03", date(2026, 1, 22), date(2026, 1, 31), None),
        ("K04.2", date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 2)),
        ("K05", date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 2)),
        ("K08", date(2026, 1, 29), date(2026, 2, 26), date(2026, 2, 27)),
        ("K09", date(2026, 3, 12), date(2026, 4, 9), None),
        ("K10", date(2026, 2, 12), date(2026, 2, 26), date(2026, 2, 27)),
        ("K11", date(2026, 1, 1), date(2026, 1, 13), None),
        ("K12", date(2026, 1, 9), date(2026, 4, 9), None),
    ],
)
def test_window_of_each_line(code: str, first: date, last: date, overdue: date | None) -> None:
    found = due(code)

    assert (found.window.first, found.window.last, found.overdue_from) == (first, last, overdue)


def test_postnatal_interview_counts_a_week_before_it_is_shown() -> None:
    found = due("K08")

    assert (found.accepted_from, found.window.first) == (date(2026, 1, 23), date(2026, 1, 29))


@pytest.mark.parametrize(
    ("born", "duty"), [(date(2024, 12, 31), "mandatory"), (date(2025, 1, 1), "recommended"), (BORN, "recommended")]
)
def test_examination_of_the_first_month_is_recommended_since_2025(born: date, duty: str) -> None:
    found = [
        one
        for one in LINES
        if one["code"] == "K03" and rules.is_of_birth(born, one.get("births_from"), one.get("births_to"))
    ]

    assert [one["duty"] for one in found] == [duty]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 3, 15), 0, date(2026, 3, 15)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, expected: date) -> None:
    assert rules.add_months(day, months) == expected


@FEW
@given(day=st.dates(date(2021, 1, 1), date(2030, 1, 1)), months=st.integers(0, 40))
def test_months_keep_the_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = rules.add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
    assert rules.add_months(day, months + 1) > later


@FEW
@given(
    born_at=st.datetimes(datetime(2021, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
    code=st.sampled_from(["K01", "K02", "K03", "K04.2", "K04.6", "K05", "K06.16", "K06.24", "K08", "K10", "K12"]),
)
def test_every_window_is_ordered_and_counted_in_local_dates(born_at: datetime, zone: str, code: str) -> None:
    born = clock.local_date(born_at, zone)
    found = due(code, born, zone=zone)

    assert born <= found.accepted_from <= found.window.first <= found.window.last
    assert found.overdue_from is None or found.overdue_from > found.window.last
    if facts(code, born).unit == "days":
        assert rules.day_of(born, found.window.first) == facts(code, born).start


@FEW
@given(
    left_at=st.datetimes(datetime(2026, 3, 27), datetime(2026, 3, 31), timezones=st.just(UTC))
    | st.datetimes(datetime(2026, 10, 23), datetime(2026, 10, 27), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
)
def test_prado_is_due_twenty_four_elapsed_hours_after_the_discharge(left_at: datetime, zone: str) -> None:
    local = left_at.astimezone(ZoneInfo(zone))
    found = due("K13", clock.local_date(left_at, zone), local, zone)

    assert found.due_at is not None
    assert found.due_at - left_at == timedelta(hours=24)
    assert found.window == rules.Window(clock.local_date(left_at, zone), clock.local_date(found.due_at, zone))


def test_prado_waits_for_the_discharge() -> None:
    assert rules.due_of(facts("K13"), BORN, None, "Europe/Paris") is None
    left_at = datetime(2026, 1, 4, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
    found = due("K13", left_at=left_at)

    assert found.due_at == datetime(2026, 1, 5, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("code", "milestones", "first", "last"),
    [
        ("K07", {"exam_on": date(2026, 1, 6)}, date(2026, 1, 6), date(2026, 1, 14)),
        ("K16", {"second_on": date(2026, 1, 13)}, date(2026, 1, 14), date(2026, 1, 22)),
        ("K16", {"second_on": date(2026, 1, 21)}, date(2026, 1, 22), date(2026, 1, 22)),
        ("K18", {"last_on": date(2026, 1, 20)}, date(2026, 1, 20), date(2026, 1, 27)),
        ("K19.2", {}, date(2026, 3, 1), date(2026, 3, 1)),
        ("K19.4", {}, date(2026, 5, 1), date(2026, 5, 1)),
    ],
)
def test_window_counted_from_what_happened_since_and_never_overdue(
    code: str, milestones: dict[str, date], first: date, last: date
) -> None:
    found = rules.due_of(facts(code), BORN, None, "Europe/Paris", rules.Milestones(**milestones))

    assert found is not None
    assert (found.window.first, found.window.last, found.overdue_from) == (first, last, None)


@pytest.mark.parametrize("code", ["K07", "K16", "K18"])
def test_no_window_until_it_has_happened(code: str) -> None:
    assert rules.due_of(facts(code), BORN, None, "Europe/Paris") is None


def test_second_visit_of_the_last_day_leaves_no_day_for_a_third() -> None:
    late = rules.Milestones(second_on=date(2026, 1, 22))

    assert rules.due_of(facts("K16"), BORN, None, "Europe/Paris", late) is None


@pytest.mark.parametrize(
    ("status", "today", "state"),
    [
        ("", date(2026, 1, 9), LineState.OPEN),
        ("", date(2026, 1, 10), LineState.OVERDUE),
        (CalendarStatus.UNKNOWN, date(2026, 1, 10), LineState.OVERDUE),
        (CalendarStatus.PLANNED, date(2026, 1, 9), LineState.PLANNED),
        (CalendarStatus.PLANNED, date(2026, 1, 10), LineState.OVERDUE),
        (CalendarStatus.DONE, date(2026, 1, 10), LineState.DONE),
        (CalendarStatus.REFUSED, date(2026, 1, 10), LineState.REFUSED),
    ],
)
def test_first_examination_is_overdue_on_day_nine(status: str, today: date, state: LineState) -> None:
    assert rules.line_state(due("K01"), status, today) == state


def test_second_examination_is_tolerated_until_day_fifteen() -> None:
    assert rules.line_state(due("K02"), "", date(2026, 1, 16)) == LineState.PASSED
    assert rules.line_state(due("K02"), "", date(2026, 1, 17)) == LineState.OVERDUE


def test_nothing_is_overdue_in_mourning() -> None:
    assert rules.line_state(due("K10"), "", date(2026, 6, 1), is_quiet=True) == LineState.PASSED


@pytest.mark.parametrize(
    ("hour", "minute", "minutes", "halves"),
    [
        (9, 0, 75, {HalfDay.MORNING}),
        (10, 45, 75, {HalfDay.MORNING}),
        (10, 46, 75, {HalfDay.MORNING, HalfDay.AFTERNOON}),
        (12, 0, 75, {HalfDay.AFTERNOON}),
        (18, 0, 135, {HalfDay.AFTERNOON}),
    ],
)
@pytest.mark.parametrize("zone", ZONES)
def test_half_days_a_visit_touches(zone: str, hour: int, minute: int, minutes: int, halves: set[HalfDay]) -> None:
    start = datetime(2026, 10, 25, hour, minute, tzinfo=ZoneInfo(zone))

    assert rules.halves_of(start, minutes) == halves


def test_every_line_is_within_its_columns() -> None:
    assert len({(one["code"], one.get("births_from")) for one in LINES}) == len(LINES)
    for one in LINES:
        assert len(one["label"]) <= 80
        assert len(one["who"]) <= 80
        assert len(one["legal_basis"]) <= 160
        assert one.get("words") or one.get("start") is not None
        # Words beside a window: what it is counted from may not have happened yet.
        has_both = bool(one.get("words")) and one.get("start") is not None
        assert has_both == (one["anchor"] in {"exam", "second", "last"})

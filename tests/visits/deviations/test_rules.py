"""Which deviation there is, by the local days of the territory."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copa.kernel import clock
from pathways.enums import EpdsReason
from pathways.rules import Window, visit_window
from tests.visits.questionnaires import context, form, second_visit
from visits import rules
from visits.enums import DeviationKind, WindowReason
from visits.questionnaire import clean, told_deviations

WINDOW = Window(date(2026, 11, 3), date(2026, 11, 22))
ZONES = ["Europe/Paris", "Indian/Reunion", "America/Cayenne"]


@pytest.mark.parametrize(
    ("states", "today", "missed"),
    [
        ([], date(2026, 11, 22), False),
        ([], date(2026, 11, 23), True),
        ([("ended", date(2026, 11, 10))], date(2026, 11, 30), False),
        ([("started", date(2026, 11, 22))], date(2026, 11, 23), False),
        ([("planned", date(2026, 11, 23))], date(2026, 11, 23), False),
        ([("planned", date(2026, 11, 22))], date(2026, 11, 23), True),
        ([("not_done", date(2026, 11, 20)), ("planned", date(2026, 11, 28))], date(2026, 11, 24), False),
        ([("cancelled", date(2026, 11, 20)), ("not_done", date(2026, 11, 21))], date(2026, 11, 23), True),
    ],
)
def test_visit_is_missed_the_day_after_its_window(states: list[tuple[str, date]], today: date, *, missed: bool) -> None:
    assert rules.is_visit_missed(WINDOW, states=states, today=today) is missed


@given(
    born=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    zone=st.sampled_from(ZONES),
    hours=st.integers(min_value=-36, max_value=36),
)
def test_last_local_day_counts_whole_whatever_the_clocks_do(born: datetime, zone: str, hours: int) -> None:
    """D+21 ends at local midnight, on the nights the clocks change too (Paris), and where they never do."""
    window = visit_window(clock.local_date(born.replace(tzinfo=UTC), zone), 2, 21)
    _, midnight = clock.day_bounds(window.last, zone)
    at = midnight + timedelta(hours=hours)

    missed = rules.is_visit_missed(window, states=[], today=clock.local_date(at, zone))

    assert missed is (at >= midnight)


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([], ""),
        (["MOTHER_HOSPITAL"], "MOTHER_HOSPITAL"),
        (["ABSENT", "REFUSED_DOOR"], "REFUSED_DOOR"),
        # The service's own reasons and « autre » say nothing that anybody could count.
        (["ABSENT", "SERVICE_CANCELLED"], ""),
        (["OTHER"], ""),
        (["UNSAFE"], ""),
    ],
)
def test_last_appointment_that_fell_through_may_say_why(reasons: list[str], expected: str) -> None:
    assert rules.reason_of_missed(reasons) == expected


@pytest.mark.parametrize(("done_on", "late"), [(None, True), (date(2026, 11, 22), False), (date(2026, 11, 23), True)])
def test_questionnaire_is_late_the_day_after(done_on: date | None, *, late: bool) -> None:
    assert rules.is_epds_late(until=date(2026, 11, 22), done_on=done_on) is late


@pytest.mark.parametrize("kind", sorted(rules.DEVIATION_QUESTIONS))
def test_reasons_are_those_the_report_offers(kind: str) -> None:
    question = form().by_id[f"dev.{rules.DEVIATION_QUESTIONS[kind]}"]

    assert [option.code for option in question.options] == rules.DEVIATION_REASONS[kind].values


def test_every_kind_has_its_reasons_and_no_health_reason_is_unknown() -> None:
    assert set(rules.DEVIATION_REASONS) == set(DeviationKind.values)
    for kind, reasons in rules.HEALTH_REASONS.items():
        assert reasons & set(rules.DEVIATION_REASONS[kind].values)


def test_health_reasons_stay_in_the_structure() -> None:
    assert WindowReason.MOTHER_HOSPITAL in rules.HEALTH_REASONS[DeviationKind.WINDOW]
    assert WindowReason.NO_AP not in rules.HEALTH_REASONS[DeviationKind.WINDOW]
    assert rules.HEALTH_REASONS[DeviationKind.EPDS] == set(EpdsReason.values)


def test_document_tells_each_deviation_it_holds() -> None:
    raw = {"who.present": ["MOTHER"], "epds.status": "REFUSED", "dev.epds": "REFUSED", "dev.duration": "ROAD"}
    facts = second_visit(dev_duration=True, dev_window=True)

    told = told_deviations(form(), clean(form(), raw, facts).answers, facts)

    assert told == {"duration": "ROAD", "window": "", "epds": "REFUSED", "joint": None, "late": None}


def test_normal_document_tells_none() -> None:
    assert set(told_deviations(form(), {}, context()).values()) == {None}

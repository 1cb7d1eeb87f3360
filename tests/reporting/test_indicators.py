"""Which part of an indicator one case is, and the definitions that are printed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pathways.rules import Window
from pathways.rules.orientations import Loop, Sent
from reporting.rules import indicators
from reporting.rules.indicators import INDICATORS, Counts, Part, VisitDay
from visits.rules import report_due_at

ENDED = datetime(2026, 9, 30, 14, 0, tzinfo=UTC)
DUE = report_due_at(ENDED)
LATER = ENDED + timedelta(days=3)
SECOND = timedelta(seconds=1)
WINDOW = Window(date(2026, 9, 3), date(2026, 9, 22))
INSIDE, OUTSIDE = date(2026, 9, 22), date(2026, 9, 23)
AFTER = date(2026, 9, 23)


def test_ratio_is_exact_and_has_no_value_without_cases() -> None:
    assert indicators.ratio(7, 8) == Decimal("0.875")
    assert indicators.ratio(0, 8) == 0
    assert indicators.ratio(0, 0) is None
    assert indicators.ratio(None, 8) is None
    assert indicators.ratio(3, None) is None


def test_counts_keep_the_missing_apart() -> None:
    parts = [Part.YES, Part.YES, Part.NO, Part.MISSING, Part.OUT]

    assert indicators.counted(parts) == Counts(2, 3, 1)
    assert Counts(2, 3, 1) + Counts(1, 1, 4) == Counts(3, 4, 5)


@pytest.mark.parametrize("wrong", [(2, 1, 0), (-1, 1, 0), (0, 0, -1)])
def test_impossible_counts_stop(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(AssertionError):
        Counts(*wrong)


@pytest.mark.parametrize(("answer", "part"), [("YES", Part.YES), ("NO", Part.NO), ("PENDING", Part.MISSING)])
def test_proposal_without_an_answer_is_missing(answer: str, part: Part) -> None:
    assert indicators.proposal_part(answer) == part


@pytest.mark.parametrize(
    ("delivered_at", "part"),
    [
        (ENDED + timedelta(minutes=1), Part.YES),
        (DUE - SECOND, Part.YES),
        (DUE, Part.YES),
        (DUE + SECOND, Part.NO),
        (None, Part.NO),
    ],
)
def test_report_is_in_time_up_to_24_hours_included(delivered_at: datetime | None, part: Part) -> None:
    assert indicators.report_part(DUE, delivered_at, LATER) == part


@pytest.mark.parametrize("delivered_at", [None, ENDED + timedelta(hours=1)])
@pytest.mark.parametrize(("at", "is_out"), [(DUE - SECOND, True), (DUE, True), (DUE + SECOND, False)])
def test_report_is_not_asked_before_its_24_hours_have_passed(delivered_at, at: datetime, is_out: bool) -> None:
    assert (indicators.report_part(DUE, delivered_at, at) == Part.OUT) is is_out


@pytest.mark.parametrize("ended", [datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC)])
def test_24_hours_are_elapsed_hours_when_the_clocks_change(ended: datetime) -> None:
    due = report_due_at(ended)

    assert due - ended == timedelta(hours=24)
    assert indicators.report_part(due, ended + timedelta(hours=24), ended + timedelta(days=2)) == Part.YES
    assert indicators.report_part(due, ended + timedelta(hours=24, seconds=1), ended + timedelta(days=2)) == Part.NO


@pytest.mark.parametrize(
    ("state", "hours", "part"),
    [
        ("started", 30, Part.OUT),
        ("started", 31, Part.MISSING),
        ("planned", 31, Part.MISSING),
        ("planned", -2, Part.OUT),
        ("not_done", 99, Part.OUT),
        ("cancelled", 99, Part.OUT),
    ],
)
def test_visit_without_an_outcome_is_missing_once_it_could_not_be_in_time(state: str, hours: int, part: Part) -> None:
    at = ENDED + timedelta(hours=hours)

    assert indicators.visit_part(state, ENDED, None, None, at) == part


def test_ended_visit_is_asked_for_its_report() -> None:
    assert indicators.visit_part("ended", ENDED, DUE, DUE, LATER) == Part.YES


def both(first: date, second: date, states: tuple[str, str] = ("ended", "ended")) -> list[VisitDay]:
    return [VisitDay("V1", states[0], first), VisitDay("V2", states[1], second)]


@pytest.mark.parametrize(
    ("state", "visits", "part"),
    [
        ("closed", both(INSIDE, INSIDE), Part.YES),
        ("active", both(WINDOW.first, INSIDE), Part.YES),
        ("withdrawn", both(INSIDE, INSIDE), Part.YES),
        ("closed", both(INSIDE, OUTSIDE), Part.NO),
        ("closed", both(WINDOW.first - timedelta(days=1), INSIDE), Part.NO),
        ("closed", both(INSIDE, INSIDE)[:1], Part.NO),
        ("closed", [], Part.NO),
        ("closed", [VisitDay("V1", "ended", INSIDE), VisitDay("V3", "ended", INSIDE)], Part.NO),
        ("closed", both(INSIDE, INSIDE, ("ended", "not_done")), Part.NO),
        ("active", both(INSIDE, INSIDE, ("ended", "started")), Part.MISSING),
        ("active", both(OUTSIDE, INSIDE, ("ended", "planned")), Part.NO),
        ("withdrawn", both(INSIDE, INSIDE)[:1], Part.MISSING),
        ("moved", [], Part.MISSING),
        ("suspended", [], Part.MISSING),
        ("bereaved", both(INSIDE, INSIDE), Part.OUT),
    ],
)
def test_two_visits_in_the_window(state: str, visits: list[VisitDay], part: Part) -> None:
    assert indicators.pathway_part(state, WINDOW, visits, AFTER, promised=("V1", "V2")) == part


def test_two_visits_are_not_asked_on_the_last_day() -> None:
    part = indicators.pathway_part("active", WINDOW, both(INSIDE, INSIDE), WINDOW.last, promised=("V1", "V2"))

    assert part == Part.OUT


def test_same_visits_are_all_of_v2_and_not_all_of_v1() -> None:
    visits = both(INSIDE, INSIDE)

    assert indicators.pathway_part("closed", WINDOW, visits, AFTER, promised=("V1", "V2")) == Part.YES
    assert indicators.pathway_part("closed", WINDOW, visits, AFTER, promised=("V1", "V2", "V3")) == Part.NO


# ---- I9 ----------------------------------------------------------------------------------------------------
SEEN, NOT_SEEN = date(2026, 8, 20), None
SENT_AT = datetime(2026, 8, 10, tzinfo=UTC)
MIDWIFE, THERAPIST, SOCIAL = "LIBERAL_MIDWIFE", "PSYCHOLOGIST", "HOUSING"


def followed(code: str, *orientations: Sent, state: str = "closed", today: date = AFTER) -> dict[str, Part]:
    """What one need is in the three counts."""
    return {
        loop.value: indicators.need_part(loop, code, orientations, state=state, window=WINDOW, today=today)
        for loop in Loop
    }


@pytest.mark.parametrize(
    ("code", "orientations", "parts"),
    [
        ("PERINEUM", [Sent(MIDWIFE, SENT_AT, SEEN)], ("yes", "yes", "out")),
        # A psychologist is no health professional in the code of public health: extended only.
        ("PERINEUM", [Sent(THERAPIST, SENT_AT, SEEN)], ("no", "yes", "out")),
        ("PERINEUM", [Sent(SOCIAL, SENT_AT, SEEN)], ("no", "no", "out")),
        ("PERINEUM", [Sent(MIDWIFE, SENT_AT, NOT_SEEN)], ("no", "no", "out")),
        # A contact that was given and not sent is no orientation.
        ("PERINEUM", [Sent(MIDWIFE, None, SEEN)], ("no", "no", "out")),
        ("PERINEUM", [], ("no", "no", "out")),
        # Oriented twice, one need.
        ("PERINEUM", [Sent(MIDWIFE, SENT_AT, SEEN), Sent(THERAPIST, SENT_AT, SEEN)], ("yes", "yes", "out")),
        ("HOUSING", [Sent(SOCIAL, SENT_AT, SEEN)], ("out", "out", "yes")),
        ("HOUSING", [Sent(MIDWIFE, SENT_AT, SEEN)], ("out", "out", "no")),
        # Sealed, yet health.
        ("MIND_SEALED", [Sent(THERAPIST, SENT_AT, SEEN)], ("no", "yes", "out")),
        ("VIOLENCE_SEALED", [Sent(MIDWIFE, SENT_AT, SEEN)], ("out", "out", "out")),
    ],
)
def test_need_in_the_three_counts(code: str, orientations: list[Sent], parts: tuple[str, str, str]) -> None:
    assert tuple(followed(code, *orientations).values()) == parts


def test_need_is_not_asked_before_the_last_day_nor_in_mourning() -> None:
    seen = Sent(MIDWIFE, SENT_AT, SEEN)

    assert set(followed("PERINEUM", seen, today=WINDOW.last).values()) == {Part.OUT}
    assert set(followed("PERINEUM", seen, state="bereaved").values()) == {Part.OUT}


# ---- P23 ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "reason", "has_second", "part"),
    [
        ("closed", "UNREACHABLE", False, Part.YES),
        ("no_news", "", False, Part.YES),
        ("closed", "UNREACHABLE", True, Part.NO),
        ("closed", "FAMILY_WISH", False, Part.NO),
        ("withdrawn", "", False, Part.NO),
        ("moved", "", False, Part.NO),
        ("active", "", False, Part.MISSING),
        ("suspended", "", False, Part.MISSING),
        ("active", "", True, Part.NO),
        ("bereaved", "", False, Part.OUT),
    ],
)
def test_family_lost_of_sight(state: str, reason: str, has_second: bool, part: Part) -> None:
    assert indicators.adhesion_end_part(state, reason, WINDOW, AFTER, has_second=has_second) == part


def test_each_indicator_says_all_that_is_printed() -> None:
    assert [definition.code for definition in INDICATORS] == ["P09", "P02", "P04", "I9", "I9E", "I9S", "P23"]
    for definition in INDICATORS:
        assert definition.objective in {"O1", "O2", "O3", "O4"}
        for words in (definition.label, definition.version, definition.cohort, definition.source, definition.missing):
            assert words
        for sentence in (definition.numerator, definition.denominator, definition.excluded):
            assert sentence.endswith(".")

"""Figures: written once, changed by a new row, computed for the territory's own quarters."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from copa.kernel import scope
from copa.kernel.quarters import Quarter
from pathways.models import Proposal
from reporting import actions, tasks
from reporting.models import Figure
from reporting.rules.indicators import INDICATORS
from territories.models import HistoryEvent
from tests import factories
from tests.cast import LAGON, VALLEES, inside
from tests.reporting.test_counts import noon, proposed, reported

T3 = Quarter(2026, 3)
AT = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)


def current(code: str) -> Figure:
    return Figure.objects.current().get(indicator=code)


def test_each_indicator_is_written_with_its_parts_version_and_region(vallees) -> None:
    proposed(date(2026, 8, 15), "YES")
    proposed(date(2026, 8, 15), "NO")
    proposed(date(2026, 8, 15), "PENDING")

    changed = actions.compute_figures(quarter=T3, at=AT)

    figure = current("P02")
    assert changed == len(INDICATORS)
    assert (figure.numerator, figure.denominator, figure.missing) == (1, 2, 1)
    assert (figure.definition_version, figure.region_code) == ("1", "44")
    assert (figure.quarter_on, figure.computed_at) == (date(2026, 7, 1), AT)


def test_same_figures_are_not_written_twice(vallees) -> None:
    actions.compute_figures(quarter=T3, at=AT)

    changed = actions.compute_figures(quarter=T3, at=AT + timedelta(days=1))

    assert changed == 0
    assert Figure.objects.count() == len(INDICATORS)


def test_later_fact_makes_a_new_row_and_keeps_the_former(vallees) -> None:
    proposal = proposed(date(2026, 8, 15), "PENDING")
    actions.compute_figures(quarter=T3, at=AT)
    Proposal.objects.filter(pk=proposal.pk).update(answer="YES", answered_at=AT)

    changed = actions.compute_figures(quarter=T3, at=AT + timedelta(days=1))

    rows = Figure.objects.filter(indicator="P02").order_by("pk")
    assert changed == 1
    assert [(row.numerator, row.denominator, row.missing, row.is_latest) for row in rows] == [
        (0, 0, 1, False),
        (1, 1, 0, True),
    ]


def test_new_version_of_a_definition_makes_a_new_row(vallees) -> None:
    actions.compute_figures(quarter=T3, at=AT)
    Figure.objects.update(definition_version="0")

    assert actions.compute_figures(quarter=T3, at=AT) == len(INDICATORS)
    assert current("P09").definition_version == "1"


@pytest.mark.parametrize("quarter", [Quarter(2027, 1), Quarter(2025, 3)])
def test_quarter_to_come_or_before_the_start_gives_nothing(vallees, quarter: Quarter) -> None:
    assert actions.compute_figures(quarter=quarter, at=AT) == 0
    assert not Figure.objects.exists()


def test_running_quarter_gives_what_is_due(vallees) -> None:
    reported(noon(9, 1), timedelta(hours=2))
    reported(noon(9, 10), timedelta(hours=2))

    actions.compute_figures(quarter=T3, at=noon(9, 11) - timedelta(seconds=1))

    assert (current("P09").numerator, current("P09").denominator) == (1, 1)


def test_database_keeps_one_latest_row(vallees) -> None:
    actions.compute_figures(quarter=T3, at=AT)
    figure = current("P02")
    figure.pk, figure.public_id = None, "00000000-0000-4000-8000-000000000000"

    with pytest.raises(DatabaseError, match="figure_latest_once"), transaction.atomic():
        figure.save(force_insert=True)


def test_database_refuses_an_impossible_ratio(vallees) -> None:
    actions.compute_figures(quarter=T3, at=AT)

    with pytest.raises(DatabaseError, match="figure_ratio_possible"), transaction.atomic():
        Figure.objects.update(numerator=1, denominator=0)


def test_each_figure_leaves_a_history_event(vallees) -> None:
    actions.compute_figures(quarter=T3, at=AT)

    events = HistoryEvent.objects.filter(table_name="reporting_figure")
    assert set(events.values_list("operation", "actor")) == {("insert", "test")}


def test_nightly_job_goes_through_two_years_from_the_start(vallees) -> None:
    assert [q.code for q in actions.followed_quarters(at=AT)] == ["2025-T4", "2026-T1", "2026-T2", "2026-T3", "2026-T4"]
    later = actions.followed_quarters(at=datetime(2028, 11, 1, tzinfo=UTC))
    assert [later[0].code, later[-1].code, len(later)] == ["2027-T1", "2028-T4", 8]


def test_nightly_job_computes_every_territory(vallees, django_capture_on_commit_callbacks) -> None:
    with scope.opened(inside(LAGON)):
        factories.make_proposal(factories.make_birth(at=datetime.now(UTC) - timedelta(days=4)))

    tasks.compute_figures_everywhere()

    with scope.opened(inside(LAGON)):
        assert Figure.objects.current().filter(indicator="P02", numerator=1).count() == 1
    with scope.opened(inside(VALLEES)):
        assert not Figure.objects.filter(numerator__gt=0).exists()


def test_one_quarter_may_be_computed_on_demand(vallees) -> None:
    tasks.compute_figures(str(scope.current_territory_id()), "2026-T3")

    assert set(Figure.objects.values_list("quarter_on", flat=True)) == {date(2026, 7, 1)}

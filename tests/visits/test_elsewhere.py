"""A visit that another territory made is not promised, missed, priced or counted again."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from billing import reads as billing
from billing.actions import make_line
from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from copa.kernel.quarters import Quarter
from pathways.models import Need, Pathway
from reporting import counts
from tests import factories
from tests.factories import make_birth, make_need, make_pathway, make_visit, who
from tests.visits.planning.plans import local, plan
from visits.actions.closing import close_pathway
from visits.actions.missed import look_for_missed, pathways_to_look_at
from visits.models import Deviation
from visits.reads.planning import plan_page, week_of
from visits.reads.under_way import under_way

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
BORN = datetime(2026, 10, 31, 9, 0, tzinfo=UTC)
FIRST = [{"kind": "V1", "on": "2026-11-02"}]
BOTH = [*FIRST, {"kind": "V2", "on": "2026-11-03"}]
AFTER = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def travelled(vallees: scope.Scope):
    with time_machine.travel(AT, tick=False):
        yield


def begun(elsewhere: list[dict[str, str]] = FIRST, **fields: object) -> Pathway:
    """A family that arrived with these visits made."""
    return make_pathway(make_birth(at=BORN), ap=who("amal"), elsewhere=elsewhere, **fields)


def kinds(pathway: Pathway) -> list[str]:
    page = plan_page(pathway, who("elise"), at=AT, zone="Europe/Paris", region="44")
    return [kind.kind for kind in page.kinds]


# ---- Planning --------------------------------------------------------------------------------------------
def test_only_what_is_left_is_planned() -> None:
    assert kinds(begun()) == ["V2"]
    assert kinds(begun(BOTH)) == ["V3"]
    assert kinds(begun([])) == ["V1", "V2"]


def test_second_visit_is_planned_without_a_first_here_and_the_first_is_refused() -> None:
    pathway = begun()

    with pytest.raises(BusinessError, match="déjà été faite, dans un autre territoire"):
        plan(pathway, "V1")

    assert plan(pathway, "V2", local(10)).kind == "V2"


def test_lists_of_what_is_to_plan_ask_for_what_is_left() -> None:
    begun(BOTH)
    begun(FIRST)
    begun([])
    begun([{"kind": "ULTRA_EARLY", "on": "2026-11-02"}])

    found = under_way(with_alert=(), at=AT, zone="Europe/Paris")
    page = week_of(who("elise"), on=None, ap=None, page="", at=AT, zone="Europe/Paris", region="44")

    assert sorted(one.missing for one in found) == [(), ("V1", "V2"), ("V1", "V2"), ("V2",)]
    assert sorted(row.missing for row in page.unplanned) == ["V1 et\u00a0V2", "V1 et\u00a0V2", "V2"]


# ---- Missed, closed --------------------------------------------------------------------------------------
def test_visit_made_elsewhere_is_no_deviation() -> None:
    pathway = begun()
    whole = begun(BOTH)

    with time_machine.travel(AFTER, tick=False):
        assert pathways_to_look_at(at=AFTER) == [pathway.pk]
        for one in (pathway, whole):
            look_for_missed(pk=one.pk, at=AFTER)

    assert list(Deviation.objects.order_by("pk").values_list("pathway", "kind")) == [(pathway.pk, "SECOND_VISIT")]


def test_pathway_is_complete_once_what_is_left_is_made() -> None:
    pathway = begun()
    with pytest.raises(BusinessError, match="choisissez un autre motif"):
        close_pathway(pathway=pathway, reason="COMPLETE", at=AT)
    done = make_visit(pathway, "V2", "ended", ended_at=AT)
    factories.make_report(done, delivered_at=AT)

    close_pathway(pathway=pathway, reason="COMPLETE", at=AT)

    assert Pathway.objects.get().state == "closed"


# ---- Money and figures -----------------------------------------------------------------------------------
def test_visit_made_elsewhere_is_priced_by_nobody_here() -> None:
    pathway = begun(state="closed", closed_at=AT)
    make_visit(pathway, "V2", "ended", ended_at=AT)

    assert billing.visits_done(pathway.pk) == 1
    assert billing.due_pathway_ids() == []
    assert make_line(pathway_id=pathway.pk, at=AT) is None


def test_pathway_begun_elsewhere_is_in_no_count_of_two_visits_here() -> None:
    for elsewhere in (FIRST, []):
        pathway = begun(elsewhere, state="closed", closed_at=AT)
        make_visit(pathway, "V2", "ended", ended_at=AT + timedelta(days=3))
    with time_machine.travel(AFTER, tick=False):
        found = counts.two_visits(counts.Period(Quarter.of(date(2026, 11, 21)), "Europe/Paris", AFTER))

    assert (found.numerator, found.denominator) == (0, 1)


def test_need_that_came_along_is_counted_where_it_was_spotted() -> None:
    pathway = begun()
    make_need(pathway, "PERINEUM", source="MOVED")
    make_need(pathway, "PERINEUM", about="MOTHER", state="MET")
    with time_machine.travel(AFTER, tick=False):
        period = counts.Period(Quarter.of(date(2026, 11, 21)), "Europe/Paris", AFTER)
        found = counts.COUNTERS["I9"](period)

    assert Need.objects.count() == 2
    assert found.denominator == 1


def test_family_whose_second_visit_was_made_elsewhere_is_not_lost() -> None:
    begun(BOTH, state="no_news")
    begun(FIRST, state="no_news")
    with time_machine.travel(AFTER, tick=False):
        period = counts.Period(Quarter.of(clock.local_date(BORN, "Europe/Paris")), "Europe/Paris", AFTER)

    assert counts.lost(period).numerator == 1

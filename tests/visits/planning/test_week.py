"""The week of each AP, and the families without a date beside it."""

from datetime import UTC, datetime

import pytest

from tests import queries
from tests.factories import make_pathway, make_visit, who
from tests.visits.planning.plans import local, plan
from visits.actions.questions import HOUR
from visits.reads.planning import UNPLANNED_SHOWN

WEEK = "/t/vallees/planning/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("elise", 200), ("olga", 200), ("farid", 200), ("amal", 200), ("nora", 403), ("gaelle", 403), ("ines", 403)],
)
def test_week_answers_each_person(client, cast, name: str, status: int) -> None:
    client.force_login(cast[name].user)

    assert client.get(WEEK).status_code == status


def test_week_runs_from_monday_to_sunday(pathway, client, cast) -> None:
    plan(pathway, at=datetime(2026, 11, 8, 22, 30, tzinfo=UTC), confirmed={HOUR})
    client.force_login(cast["elise"].user)

    week = client.get(WEEK, {"semaine": "2026-11-05"}).context["week"]

    assert [str(head.on) for head in week.days][::6] == ["2026-11-02", "2026-11-08"]
    amal = next(row for row in week.rows if row.name.startswith("Amal"))
    assert [len(cell.visits) for cell in amal.cells] == [0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("name", "names"),
    [("elise", ["Amal", "Bea", "Chloe"]), ("farid", ["Amal", "Bea"]), ("fanny", ["Chloe"]), ("amal", ["Amal"])],
)
def test_each_person_plans_for_her_own(pathway, client, cast, name: str, names: list[str]) -> None:
    client.force_login(cast[name].user)

    rows = client.get(WEEK).context["week"].rows

    assert sorted(row.name.split()[0] for row in rows) == names


def test_families_without_date_stand_beside_the_week(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    week = client.get(WEEK).context["week"]

    assert [row.pathway_id for row in week.unplanned] == [pathway.public_id]
    assert week.unplanned[0].missing == "V1 et\u00a0V2"


@pytest.mark.parametrize("query", ["?semaine=hier", "?ap=1", "?page=x", "?semaine=0001-01-01"])
def test_forged_week_shows_one(client, cast, query: str) -> None:
    client.force_login(cast["elise"].user)

    assert client.get(f"{WEEK}{query}").status_code == 200


def test_ten_visits_cost_the_queries_of_one(pathway, client, cast) -> None:
    plan(pathway)
    client.force_login(cast["elise"].user)
    one = queries.count(client, WEEK)
    for n in range(9):
        make_visit(make_pathway(ap=who("bea")), planned_at=local(5 + n % 2))

    assert queries.count(client, WEEK) == one


def test_family_leaves_the_list_visit_by_visit(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)
    plan(pathway)
    one = client.get(WEEK).context["week"]
    plan(pathway, "V2", local(12))

    both = client.get(WEEK).context["week"]

    assert [row.missing for row in one.unplanned] == ["V2"]
    assert (both.unplanned, both.unplanned_total) == ((), 0)


def test_list_beside_the_week_is_cut_and_says_of_how_many(pathway, client, cast) -> None:
    for _ in range(UNPLANNED_SHOWN):
        make_pathway(ap=who("bea"))
    client.force_login(cast["elise"].user)

    week = client.get(WEEK).context["week"]

    assert len(week.unplanned) == UNPLANNED_SHOWN
    assert week.unplanned_total == UNPLANNED_SHOWN + 1

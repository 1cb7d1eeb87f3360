"""Lines counted from an examination or from the visits: what a family reads, and when it reads nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.french import full_day
from pathways.actions import calendar as actions
from pathways.actions.stops import withdraw_pathway
from pathways.enums import CalendarSource, CalendarStatus
from pathways.models import Child, Pathway
from pathways.reads.calendar import Line, calendar_of
from tests import factories, queries
from tests.factories import who
from tests.pathways.addresses import address


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    """A family of Amal, twelve days after the birth."""
    return factories.make_pathway(ap=who("amal"), days_ago=12)


def shown(pathway: Pathway, *, today: date | None = None) -> dict[str, Line]:
    """The lines of the programme and of the child, by code."""
    pathway.refresh_from_db()
    found = calendar_of(
        pathway.family_id, state=pathway.state, today=today or timezone.localdate(), zone="Europe/Paris"
    )
    assert found is not None
    people = [line for one in found.people for line in (*one.lines, *one.later)]
    return {line.code: line for line in (*people, *found.programme)}


def visited(pathway: Pathway, kind: str, *, days_ago: int = 0, state: str = "ended") -> date:
    """A visit made so many days ago; its local day."""
    ended_at = clock.now() - timedelta(days=days_ago)
    factories.make_visit(pathway, kind, state, ended_at=ended_at if state == "ended" else None)
    return clock.local_date(ended_at, "Europe/Paris")


def between(first: date, last: date) -> str:
    return f"du {full_day(first)} au {full_day(last)}"


# ---- The certificate (K07) --------------------------------------------------------------------------------
def test_certificate_is_expected_eight_days_after_the_last_examination_that_has_one(pathway: Pathway) -> None:
    before = shown(pathway)["K07"]
    child, day = Child.objects.get(), pathway.birth.day + timedelta(days=6)
    for code, on in (("K01", day), ("K02", day + timedelta(days=4))):
        known = actions.Known(status=CalendarStatus.DONE, source=CalendarSource.BOOKLET, on=on)
        actions.note_item(birth=pathway.birth, child=child, code=code, known=known, by=who("amal"), at=clock.now())

    after = shown(pathway)["K07"]

    assert before.when == "dans les 8 jours après l’examen"
    assert after.when == between(day, day + timedelta(days=8))
    # Nobody is asked anything: the doctor sends it.
    assert before.badge == after.badge == ("none", "info", "pour information")


# ---- The third visit (K16) --------------------------------------------------------------------------------
def test_third_visit_is_possible_from_the_day_after_the_second_to_day_twenty_one(pathway: Pathway) -> None:
    before = shown(pathway)["K16"]
    second = visited(pathway, "V2")

    after = shown(pathway)["K16"]

    assert before.when == "après la visite 2, jusqu’à J21"
    assert after.when == between(second + timedelta(days=1), pathway.birth.day + timedelta(days=21))


@pytest.mark.parametrize(
    ("is_decided", "days", "is_there"), [(False, 21, True), (False, 22, False), (True, 21, True), (True, 22, True)]
)
def test_third_visit_nobody_decided_is_expected_no_more_after_its_days(
    pathway: Pathway, is_decided: bool, days: int, is_there: bool
) -> None:
    Pathway.objects.update(is_third_decided=is_decided)
    visited(pathway, "V2")

    assert ("K16" in shown(pathway, today=pathway.birth.day + timedelta(days=days))) is is_there


def test_third_visit_that_was_made_is_expected_no_more(pathway: Pathway) -> None:
    visited(pathway, "V2", days_ago=3)
    visited(pathway, "V3")

    assert "K16" not in shown(pathway)


# ---- The questionnaires (K18, K19) ------------------------------------------------------------------------
def test_last_questionnaire_is_counted_from_the_last_visit_once_no_other_is_to_come(pathway: Pathway) -> None:
    visited(pathway, "V1", days_ago=5)
    first = shown(pathway)["K18"].when
    second = visited(pathway, "V2", days_ago=2)
    last = shown(pathway)["K18"].when
    Pathway.objects.update(is_third_decided=True)
    decided = shown(pathway)["K18"].when
    factories.make_visit(pathway, "V3")
    planned = shown(pathway)["K18"].when

    words = "dans la semaine après la dernière visite"
    assert (first, last, decided, planned) == (words, between(second, second + timedelta(days=7)), words, words)


def test_visit_made_in_another_territory_counts(pathway: Pathway) -> None:
    day = pathway.birth.day + timedelta(days=9)
    Pathway.objects.update(elsewhere=[{"kind": "V2", "on": day.isoformat()}])

    assert shown(pathway)["K18"].when == between(day, day + timedelta(days=7))


def test_each_questionnaire_has_its_own_day_and_asks_nothing_before(pathway: Pathway) -> None:
    lines = shown(pathway)

    assert [lines[code].label[-6:] for code in ("K19.2", "K19.4")] == ["2 mois", "4 mois"]
    assert {lines[code].badge for code in ("K19.2", "K19.4")} == {("none", "todo", "à venir")}
    assert {lines[code].is_noted for code in ("K07", "K16", "K18", "K19.2", "K19.4")} == {False}


# ---- Silence ----------------------------------------------------------------------------------------------
def test_family_that_withdrew_is_expected_to_answer_nothing(pathway: Pathway) -> None:
    visited(pathway, "V2")
    withdraw_pathway(pathway=pathway, by=who("elise"), at=clock.now())

    assert not {"K16", "K18", "K19.2", "K19.4"} & set(shown(pathway))


def test_family_in_mourning_is_expected_to_answer_nothing(pathway: Pathway) -> None:
    visited(pathway, "V2")
    factories.make_death(pathway.birth, Child.objects.get())

    assert not {"K07", "K16", "K18", "K19.2", "K19.4"} & set(shown(pathway))


def test_birth_without_a_pathway_is_promised_no_questionnaire(vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=12)
    found = calendar_of(birth.family_id, state="", today=timezone.localdate(), zone="Europe/Paris")

    assert found is not None
    assert not {"K16", "K18", "K19.2", "K19.4"} & {line.code for line in found.programme}


def test_calendar_of_three_visits_costs_the_queries_of_one(as_: Any, pathway: Pathway) -> None:
    url = address("calendar", pathway.family.public_id)
    visited(pathway, "V1", days_ago=6)
    one = queries.count(as_("amal"), url)

    visited(pathway, "V2", days_ago=3)
    visited(pathway, "V3")

    assert queries.count(as_("amal"), url) == one

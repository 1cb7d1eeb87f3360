"""A visit that fell stays on the day of its AP: she does not ring at the door of a family that nobody waits in."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from copa.kernel import clock
from pathways.actions.stays import end_stay, note_stay
from pathways.actions.stops import withdraw_pathway
from pathways.enums import PathwayState
from pathways.models import Child, HospitalStay, Pathway
from pathways.reads.stops import returned_words
from tests.factories import make_birth, make_death, make_pathway, make_visit, who
from visits.enums import VisitState
from visits.models import Visit
from visits.reads import day as reads
from visits.reads.family_file import family_file

AT = datetime(2026, 11, 3, 13, 22, tzinfo=UTC)  # 14 h 22 in Paris
ZONE = "Europe/Paris"
SOON = AT + timedelta(hours=1)


@pytest.fixture
def now(vallees):
    with time_machine.travel(AT, tick=False):
        yield AT


def tour() -> reads.Day:
    return reads.day_of(who("amal"), on=None, at=AT, zone=ZONE)


def planned(pathway: Pathway | None = None, *, hours: int = 1) -> Visit:
    return make_visit(pathway or make_pathway(ap=who("amal")), planned_at=AT + timedelta(hours=hours))


def to_hospital(pathway: Pathway, child: Child | None = None) -> HospitalStay:
    today = clock.local_date(AT, ZONE)
    return note_stay(birth=pathway.birth, child=child, ward="", place="", starts_on=today, by=who("elise"), at=AT)


def test_visit_that_a_hospital_stay_cancelled_says_not_to_go_and_the_next_one_unfolds(client, cast, now) -> None:
    fallen, kept = planned(), planned(hours=3)
    to_hospital(fallen.pathway)

    first, second = tour().stops

    assert (first.public_id, first.state, first.is_next) == (fallen.public_id, VisitState.CANCELLED, False)
    assert "une hospitalisation est notée" in first.cancelled
    assert (second.public_id, second.is_next, second.gap) == (kept.public_id, True, None)
    assert tour().left == 1
    client.force_login(cast["amal"].user)
    assert "N’y allez pas" in client.get("/t/vallees/day/").content.decode()


def title(client, on: str = "") -> str:
    return str(client.get(f"/t/vallees/day/{on}").content.decode().partition("<h1>")[2].partition("</h1>")[0]).strip()


def test_title_of_the_day_counts_no_visit_that_fell(client, cast, now) -> None:
    client.force_login(cast["amal"].user)
    fallen = planned()
    planned(hours=3)
    to_hospital(fallen.pathway)
    assert title(client) == "1\u00a0visite aujourd’hui"

    Visit.objects.update(state=VisitState.CANCELLED)

    assert title(client) == "Aucune visite aujourd’hui"


def test_title_of_another_day_counts_no_visit_that_fell(client, cast, now) -> None:
    client.force_login(cast["amal"].user)
    planned(hours=24)
    Visit.objects.update(state=VisitState.CANCELLED)

    assert title(client, "?date=2026-11-04").startswith("Aucune visite ")


def test_fallen_visit_is_not_between_two_others(now) -> None:
    first, fallen, last = planned(hours=1), planned(hours=2), planned(hours=4)
    to_hospital(fallen.pathway)

    stops = {stop.public_id: stop for stop in tour().stops}

    assert stops[last.public_id].gap == timedelta(hours=3) - timedelta(minutes=first.planned_minutes)


def test_visit_planned_again_the_same_day_is_not_told_twice(now) -> None:
    pathway = make_pathway(ap=who("amal"))
    make_visit(pathway, state=VisitState.CANCELLED, planned_at=SOON)
    again = make_visit(pathway, planned_at=AT + timedelta(hours=3))

    assert [stop.public_id for stop in tour().stops] == [again.public_id]


def test_mother_who_stopped_is_named_with_what_fell_and_nothing_to_do(now) -> None:
    pathway = planned().pathway
    withdraw_pathway(pathway=pathway, by=who("elise"), at=AT)

    (stop,) = tour().stops

    assert "La mère a arrêté CoPa" in stop.notice
    assert "annulée, n’y allez pas" in stop.notice
    assert stop.cancelled == ""


def test_family_that_moved_away_leaves_the_day(now) -> None:
    pathway = planned().pathway
    Visit.objects.update(state=VisitState.CANCELLED)
    Pathway.objects.filter(pk=pathway.pk).update(state=PathwayState.MOVED)

    assert tour().stops == []


def test_visit_that_a_death_cancelled_names_no_child(now) -> None:
    birth = make_birth()
    name = Child.objects.get(birth=birth).first_name
    planned(make_pathway(birth, ap=who("amal")))
    make_death(birth, child=Child.objects.get(birth=birth))
    Visit.objects.update(state=VisitState.CANCELLED)

    (stop,) = tour().stops

    assert stop.is_quiet
    assert name not in f"{stop.children}{stop.notice}{stop.cancelled}"


def test_twin_in_hospital_is_told_to_who_comes_home_on_the_day_and_in_the_file(now) -> None:
    pathway = planned(make_pathway(make_birth(children=2), ap=who("amal"))).pathway
    first, second = Child.objects.filter(birth=pathway.birth).order_by("rank")
    to_hospital(pathway, second)

    (stop,) = tour().stops
    file = family_file(pathway.family, who("amal"), at=AT, zone=ZONE)

    said = f"{first.first_name} et {second.first_name} (à l’hôpital)"
    assert stop.children == said
    assert file.title.startswith(said)


@pytest.mark.parametrize("name", ["amal", "elise", "farid"])
def test_mother_in_hospital_is_said_before_anybody_calls(client, cast, name: str, now) -> None:
    pathway = planned().pathway
    to_hospital(pathway)
    client.force_login(cast[name].user)

    page = client.get(f"/t/vallees/families/{pathway.family.public_id}/").content.decode()

    assert "est à l’hôpital" in page
    assert "Voyez l’équipe avant d’appeler" in page


def test_return_of_one_says_who_is_still_away_and_that_nothing_is_to_plan(now) -> None:
    pathway = planned().pathway
    child = Child.objects.get(birth=pathway.birth)
    mothers, childs = to_hospital(pathway), to_hospital(pathway, child)

    end_stay(stay=childs, ends_on=childs.starts_on, by=who("elise"), at=AT)
    assert "la mère" in returned_words(childs)
    assert "les visites restent suspendues" in returned_words(childs)

    end_stay(stay=mothers, ends_on=mothers.starts_on, by=who("elise"), at=AT)
    assert "sont à prévoir de nouveau" in returned_words(mothers)

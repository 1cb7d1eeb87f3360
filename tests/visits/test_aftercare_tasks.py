"""After a death, what a person does by voice stands in the tasks, the first page and the pauses, until it is noted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from pathways.actions.aftercare import note_step
from pathways.actions.deaths import undo_death
from pathways.models import Child, Death, Family
from pathways.reads.stops import stops_of
from tests import queries
from tests.factories import make_alert, make_birth, make_death, make_family, make_pathway, who
from visits.reads import todo as reads
from visits.reads.todo import Subject, Waiting

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
ZONE = "Europe/Paris"
USUAL = ("CALL_FAMILY", "CALL_AP", "OTHER_SERVICES", "SUPPORT")


@pytest.fixture
def at(vallees: Any) -> Any:
    with time_machine.travel(AT, tick=False):
        yield AT


def bereaved(children: int = 1, **options: Any) -> Death:
    """The first child of a family that Amal follows has died, noted at AT by Farid's team."""
    birth = make_birth(make_family(name="Silence"), days_ago=4, children=children)
    make_pathway(birth, ap=who("amal"), **options)
    return make_death(birth, Child.objects.filter(birth=birth).order_by("rank").first())


def tasks(name: str, at: datetime = AT) -> list[Any]:
    return list(reads.todo_page(who(name), Subject.AFTERCARE, "1", at=at, zone=ZONE).page.object_list)


def tick(death: Death, *steps: str) -> None:
    for step in steps:
        note_step(death=death, step=step, by=who("farid"), at=AT)


def test_calls_of_the_same_day_wait_for_the_team_and_the_coordinator_alone(at: datetime) -> None:
    bereaved()

    people = ("elise", "farid", "fanny", "amal", "gaelle", "ines", "nora", "olga")
    shown = {name: [row.words for row in tasks(name)] for name in people}

    assert {name for name, words in shown.items() if words} == {"elise", "farid"}
    assert shown["farid"] == ["Appeler la famille"]
    (row,) = tasks("farid")
    assert (row.when, row.state) == ("aujourd’hui", "warn")
    assert row.url == f"/t/vallees/births/{Death.objects.get().birth.public_id}/aftercare/"
    assert row.detail == "Deuil dans une famille, 4\u00a0choses à faire"


def test_line_says_neither_who_died_nor_the_children(as_: Any, at: datetime) -> None:
    bereaved(children=2)

    (row,) = tasks("elise")

    said = " ".join((row.words, row.detail, row.subject, row.place)).lower()
    assert not any(word in said for word in ("noé", "décès", "mort", "enfant", "jumeau", "mère"))


def test_line_is_late_from_the_next_day_and_stays_until_each_step_is_noted(at: datetime) -> None:
    death = bereaved()
    tick(death, "CALL_FAMILY", "SUPPORT", "CALL_AP")

    (row,) = tasks("farid", AT + timedelta(days=120))
    assert (row.words, row.state) == ("Faire annuler ce que d’autres services enverraient", "bad")

    tick(death, "OTHER_SERVICES")
    assert tasks("farid") == tasks("elise") == []


def test_line_stands_above_what_is_late_and_below_a_danger(at: datetime) -> None:
    bereaved()
    make_pathway(days_ago=19)
    make_alert(make_pathway(ap=who("amal")), answer_due_at=AT + timedelta(minutes=4))

    found = reads.waiting_for(who("farid"), reads.Now(AT, AT.date(), ZONE))

    assert [one.subject for one in found[:2]] == [Subject.ALERTS, Subject.AFTERCARE]
    assert any(_is_late(one) for one in found[2:])


def _is_late(one: Waiting) -> bool:
    return isinstance(one.due, datetime) or (one.due is not None and one.due < AT.date() + timedelta(days=3))


def test_death_taken_back_asks_nothing_more(at: datetime) -> None:
    death = bereaved()

    undo_death(death=death, reason="Autre famille.", by=who("farid"), at=AT)

    assert tasks("farid") == []
    assert stops_of(who("farid"), ZONE).to_see == ()


def test_two_deaths_of_one_birth_are_one_line_until_both_are_seen_to(at: datetime) -> None:
    first = bereaved(children=2)
    second = make_death(first.birth, Child.objects.filter(closed_at=None).get())
    tick(first, *USUAL)
    tick(second, "CALL_FAMILY")

    assert [row.words for row in tasks("farid")] == ["Appeler l’auxiliaire le jour même"]
    tick(second, *USUAL[1:])
    assert tasks("farid") == []


def test_family_that_moved_to_another_territory_is_not_seen_to_here(at: datetime) -> None:
    death = bereaved()
    Family.objects.filter(pk=death.family_id).update(moved_at=AT)

    assert tasks("elise") == tasks("farid") == []


def test_pauses_name_the_family_to_the_team_until_it_is_done(as_: Any, at: datetime) -> None:
    death = bereaved()
    link = f"/t/vallees/births/{death.birth.public_id}/aftercare/"

    pages = {name: as_(name).get("/t/vallees/pauses/").content.decode() for name in ("elise", "farid", "fanny", "nora")}
    assert {name for name, page in pages.items() if link in page} == {"elise", "farid"}
    assert "Famille Silence" in pages["farid"]
    assert "Noé" not in pages["farid"]

    tick(death, *USUAL)
    assert link not in as_("farid").get("/t/vallees/pauses/").content.decode()


def test_first_page_counts_it(at: datetime) -> None:
    bereaved()

    rest = {one.label: (one.total, one.late) for one in reads.rest_of(who("elise"), at=AT, zone=ZONE)}

    assert rest["Après un deuil"] == (1, 0)


def test_ten_families_cost_the_queries_of_one(as_: Any, at: datetime) -> None:
    asked = [(name, f"/t/vallees/{page}/") for name in ("elise", "farid") for page in ("todo", "pauses")]
    asked.append(("elise", "/t/vallees/"))
    bereaved()
    one = {(name, page): queries.count(as_(name), page) for name, page in asked}
    for _ in range(9):
        bereaved()

    ten = {key: queries.count(as_(key[0]), key[1]) for key in one}

    assert ten == one

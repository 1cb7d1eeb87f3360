"""Rule A0: no visit during which nobody of the team can be reached; Sundays, holidays and nights of the territory."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from pathways.actions.team_lines import LineHoursSet, set_team_line
from pathways.enums import LineDay
from pathways.models import Pathway, TeamLine
from pathways.reads.team_lines import first_gap, in_words, number_now
from pathways.rules.team_lines import ALWAYS, WORKING
from territories.enums import DutyPlace
from territories.models import HistoryEvent, Structure, Territory, User
from tests import queries
from tests.cast import VALLEES
from tests.factories import make_birth, make_pathway, make_shift, structure, who
from visits.actions import planning
from visits.actions.planning import Slot
from visits.actions.questions import HOUR, WINDOW
from visits.models import Visit

# A Tuesday; Sunday 8 November, Wednesday 11 November (Armistice) and 1 November are ahead or behind.
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
CPP = "CPP de Brécourt"
WEEK = [LineDay.MONDAY, LineDay.TUESDAY, LineDay.WEDNESDAY, LineDay.THURSDAY, LineDay.FRIDAY]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cpp(vallees: scope.Scope) -> Structure:
    Structure.objects.filter(name=CPP).update(phone="+33199000061")
    return structure(CPP)


@pytest.fixture
def pathway(cpp: Structure) -> Pathway:
    """Carried by a CPP that has a number; born on 2 November."""
    return make_pathway(make_birth(at=datetime(2026, 11, 2, 8, tzinfo=UTC)), ap=who("amal"), carrier=cpp)


def local(day: int, hour: float, month: int = 11, zone: str = "Europe/Paris") -> datetime:
    minutes = round(hour * 60)
    return datetime(2026, month, day, minutes // 60, minutes % 60, tzinfo=ZoneInfo(zone))


def plan(pathway: Pathway, at: datetime, **slot: Any) -> Visit:
    values = {"kind": "V1", "planned_at": at} | slot
    return planning.plan_visit(
        pathway=pathway, ap=who("amal"), slot=Slot(**values), by=who("elise"), at=AT, confirmed={HOUR, WINDOW}
    )


def refusal(pathway: Pathway, at: datetime, **slot: Any) -> BusinessError | None:
    """The refusal of this slot, None when the team answers through it; nothing stays planned."""
    try:
        with transaction.atomic():
            plan(pathway, at, **slot)
            raise InterruptedError
    except InterruptedError:
        return None
    except BusinessError as error:
        return error


def is_planned(pathway: Pathway, at: datetime) -> bool:
    found = refusal(pathway, at)
    assert found is None or found.code == "no_answering_team"
    return found is None


def hours(**changes: Any) -> LineHoursSet:
    return LineHoursSet(**({"days": WEEK, "opens": time(8), "closes": time(18)} | changes))


def set_line(cpp: Structure, *, at: datetime = AT, **changes: Any) -> TeamLine:
    return set_team_line(structure=cpp, hours=hours(**changes), by=who("elise"), at=at)


# ---- Days -------------------------------------------------------------------------------------------------
def test_a_cpp_that_has_said_nothing_is_closed_on_sundays_and_holidays(pathway: Pathway) -> None:
    assert is_planned(pathway, local(7, 10))
    assert not is_planned(pathway, local(8, 10))
    assert is_planned(pathway, local(9, 10))
    assert not is_planned(pathway, local(11, 10))


def test_the_refusal_stands_beside_the_date_and_says_what_to_do(pathway: Pathway) -> None:
    sunday, armistice = refusal(pathway, local(8, 10)), refusal(pathway, local(11, 10))

    assert sunday is not None
    assert armistice is not None
    assert (sunday.field, sunday.code) == ("planned_at", "no_answering_team")
    assert "dim." in sunday.message
    assert "10\u00a0h" in sunday.message
    assert "Lignes des équipes" in sunday.message
    assert "(Armistice" in armistice.message


def test_a_cpp_that_names_the_line_of_the_maternity_is_visited_on_sundays(cpp: Structure, pathway: Pathway) -> None:
    set_line(cpp, relay=structure())

    assert is_planned(pathway, local(8, 10))
    assert is_planned(pathway, local(11, 10))
    assert number_now(cpp, local(8, 10), pathway.territory) == structure().phone
    assert number_now(cpp, local(9, 10), pathway.territory) == cpp.phone
    Structure.objects.filter(pk=structure().pk).update(phone="")
    assert not is_planned(pathway, local(8, 10))


def test_a_line_that_is_closed_is_not_opened_by_a_line_that_is_closed_too(cpp: Structure, pathway: Pathway) -> None:
    other = structure("Maternité Montreval")
    set_line(other, days=[*WEEK, LineDay.SATURDAY])
    set_line(cpp, relay=other)

    assert not is_planned(pathway, local(8, 10))
    assert is_planned(pathway, local(7, 10))


def test_a_maternity_answers_day_and_night_until_it_says_otherwise(pathway: Pathway) -> None:
    Pathway.objects.filter(pk=pathway.pk).update(carrier=structure())
    pathway.refresh_from_db()

    assert is_planned(pathway, local(8, 23))
    set_line(structure(), days=[*WEEK, LineDay.SUNDAY])
    assert not is_planned(pathway, local(7, 10))
    assert is_planned(pathway, local(8, 10))
    # The holiday is its own day, whatever the weekday.
    assert not is_planned(pathway, local(11, 10))


# ---- Hours ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("at", "expected"),
    [(8 - 1 / 60, False), (8, True), (16.75, True), (16.75 + 1 / 60, False), (12, True), (20, False), (2, False)],
)
def test_the_whole_visit_of_75_minutes_is_within_the_hours(
    cpp: Structure, pathway: Pathway, at: float, expected: bool
) -> None:
    set_line(cpp)

    assert is_planned(pathway, local(9, at)) is expected


def test_the_gap_that_is_told_is_the_one_of_the_visit(cpp: Structure, pathway: Pathway) -> None:
    set_line(cpp)

    found = refusal(pathway, local(9, 17))

    assert found is not None
    assert "de 18\u00a0h\u00a000 à 18\u00a0h\u00a015" in found.message


def test_somebody_on_duty_with_a_number_fills_the_gap(cpp: Structure, pathway: Pathway) -> None:
    """The shift begins when the line closes, at the minute; a shift of an AP, or without a number, fills nothing."""
    set_line(cpp)
    late = {"at": local(9, 18), "starts_in": timedelta(0), "hours": 2}
    make_shift(who("amal"), DutyPlace.AP, structure=cpp, **late)
    make_shift(who("farid"), DutyPlace.SECOND, structure=cpp, **late)
    assert not is_planned(pathway, local(9, 17))

    User.objects.filter(pk=who("farid").user_id).update(phone="+33199003101")

    assert is_planned(pathway, local(9, 17))
    assert is_planned(pathway, local(9, 18.75))
    assert not is_planned(pathway, local(9, 18.75 + 1 / 60))


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "America/Cayenne"])
def test_days_and_hours_are_those_of_the_territory(cpp: Structure, pathway: Pathway, zone: str) -> None:
    Territory.objects.filter(pk=pathway.territory_id).update(time_zone=zone)
    territory = Territory.objects.get(pk=pathway.territory_id)
    set_line(cpp, days=[*WEEK, LineDay.SATURDAY], opens=time(0), closes=time(0))
    midnight = local(8, 0, zone=zone)
    hour, minute = timedelta(hours=1), timedelta(minutes=1)

    assert first_gap(cpp, midnight - hour, midnight, territory) is None
    beyond = first_gap(cpp, midnight - hour, midnight + minute, territory)
    assert beyond is not None
    assert (beyond.starts_at, beyond.ends_at) == (midnight, midnight + minute)
    assert first_gap(cpp, midnight + 24 * hour - minute, midnight + 25 * hour, territory) is not None
    assert first_gap(cpp, midnight + 24 * hour, midnight + 25 * hour, territory) is None


def test_the_day_when_the_clocks_go_back_has_no_hole(cpp: Structure, pathway: Pathway) -> None:
    """Sunday 25 October 2026 lasts 25 hours; the line answers through both two o'clocks."""
    set_line(cpp, days=[LineDay.SUNDAY], opens=time(0), closes=time(0))
    first, last = local(25, 0, month=10), local(26, 0, month=10)

    assert last.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=25)
    assert first_gap(cpp, first.astimezone(UTC), last.astimezone(UTC), pathway.territory) is None


# ---- Moving, and several at once --------------------------------------------------------------------------
def test_a_visit_is_not_moved_onto_a_silent_slot(pathway: Pathway) -> None:
    visit = plan(pathway, local(7, 10))

    with pytest.raises(BusinessError) as refused:
        planning.move_visit(visit=visit, planned_at=local(8, 10), window_reason="", at=AT, confirmed={HOUR, WINDOW})

    visit.refresh_from_db()
    assert (refused.value.code, refused.value.field) == ("no_answering_team", "planned_at")
    assert visit.planned_at == local(7, 10)


def test_a_set_of_visits_is_planned_whole_or_not_at_all(pathway: Pathway) -> None:
    slots = [Slot(kind="V1", planned_at=local(7, 10)), Slot(kind="V2", planned_at=local(11, 10))]

    with pytest.raises(BusinessError) as refused:
        planning.plan_visits(
            pathway=pathway, ap=who("amal"), slots=slots, by=who("elise"), at=AT, confirmed={HOUR, WINDOW}
        )

    assert (refused.value.code, refused.value.field) == ("no_answering_team", "planned_at_v2")
    assert not Visit.objects.exists()


# ---- The page ---------------------------------------------------------------------------------------------
def page(cpp: Structure | None = None) -> str:
    name = "pathways:team_line" if cpp else "pathways:team_lines"
    return reverse(name, args=[VALLEES, cpp.public_id] if cpp else [VALLEES])


def test_a_team_says_when_it_answers_and_who_else(as_: Any, cpp: Structure) -> None:
    client = as_("elise")
    assert "habituel" in client.get(page()).content.decode()
    sent = {"days": ["1", "2", "3", "4", "5"], "opens": "08:00", "closes": "18:00"}

    answer = client.post(page(cpp), sent | {"relay": str(structure().public_id)})

    assert answer.status_code == 302
    row = TeamLine.objects.get()
    assert (row.days, row.opens, row.closes, row.relay) == ([1, 2, 3, 4, 5], time(8), time(18), structure())
    shown = client.get(page()).content.decode()
    assert "Lundi à vendredi, de 8\u00a0h à 18\u00a0h" in shown
    assert "Élise" in shown or who("elise").user.get_full_name() in shown
    assert HistoryEvent.objects.filter(table_name="pathways_teamline").count() == 1


@pytest.mark.parametrize(
    "sent",
    [{}, {"days": []}, {"days": ["9"]}, {"days": ["x"]}, {"opens": ""}, {"opens": "25:00"}, {"closes": "07:00"},
     {"closes": "08:00"}, {"relay": "nobody"}, {"relay": "itself"}],
)  # fmt: skip
def test_what_is_no_line_is_refused(as_: Any, cpp: Structure, sent: dict[str, Any]) -> None:
    values = {"days": ["1"], "opens": "08:00", "closes": "18:00"} | sent if sent else {}
    if values.get("relay") == "itself":
        values["relay"] = str(cpp.public_id)

    answer = as_("elise").post(page(cpp), values)

    assert answer.status_code == 422
    assert not TeamLine.objects.exists()


def test_the_database_holds_what_was_set(cpp: Structure) -> None:
    set_line(cpp)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        TeamLine.objects.update(opens=time(6))
    common = {"structure": cpp, "days": [1], "opens": time(8), "set_by": who("elise"), "valid_from": AT}
    for wrong in ({"closes": time(7)}, {"closes": time(9), "relay": cpp}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamLine.objects.create(**(common | wrong))


def test_hours_in_words() -> None:
    assert in_words(ALWAYS) == "Tous les jours, jour et nuit"
    assert in_words(WORKING) == "Lundi à samedi, de 7\u00a0h à 21\u00a0h"


def test_many_changes_cost_the_queries_of_one(as_: Any, cpp: Structure) -> None:
    client = as_("elise")
    set_line(cpp)
    one = queries.count(client, page())
    for number, name in enumerate(["PMI de Ligny", "PMI de Brécourt", CPP]):
        set_line(structure(name), at=AT + timedelta(minutes=number + 1), relay=structure())

    assert queries.count(client, page()) == one

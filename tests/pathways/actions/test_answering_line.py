"""An alert raised while the line of another team answers is called there: Sundays, holidays, nights (rule A0)."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from copa.kernel import scope
from pathways import perms
from pathways.actions import alerts, ladder
from pathways.actions.team_lines import LineHoursSet, set_team_line
from pathways.enums import AlertKind, LadderStep, LineDay
from pathways.models import Alert, AlertNotice, AlertStep, Family, Pathway
from pathways.reads.alerts import AlertShelf, alert_rows
from pathways.reads.team_lines import number_now, numbers_now
from territories.enums import DutyPlace
from territories.models import OutgoingMessage, Structure, Territory, User
from tests.cast import VALLEES
from tests.factories import make_birth, make_pathway, make_shift, make_visit, structure, who
from visits.reads.day import day_of, team_lines

CPP, COVER = "CPP de Brécourt", "Maternité Montreval"
CPP_LINE, COVER_LINE = "+33199000061", "+33199000062"
T = timedelta(minutes=10)
WEEK = [LineDay.MONDAY, LineDay.TUESDAY, LineDay.WEDNESDAY, LineDay.THURSDAY, LineDay.FRIDAY, LineDay.SATURDAY]


def local(day: int, hour: int, minute: int = 0, month: int = 11, zone: str = "Europe/Paris") -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


# Saturday evening, Sunday, Monday; Wednesday 11 November is the Armistice.
SATURDAY, SUNDAY, HOLIDAY = local(7, 20, 59), local(8, 10), local(11, 10)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(SUNDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cpp(vallees: scope.Scope) -> Structure:
    """Open from 7 to 21, Sundays and holidays left out; Montreval answers then, with Fanny on duty day and night."""
    Structure.objects.filter(name=CPP).update(phone=CPP_LINE)
    Structure.objects.filter(name=COVER).update(phone=COVER_LINE)
    hours = LineHoursSet(days=WEEK, opens=time(7), closes=time(21), relay=structure(COVER))
    set_team_line(structure=structure(CPP), hours=hours, by=who("elise"), at=local(2, 9))
    make_shift(who("fanny"), at=local(1, 0), hours=24 * 30)
    return structure(CPP)


@pytest.fixture
def pathway(cpp: Structure) -> Pathway:
    """Born at Saint-Rémi, followed by the CPP: Montreval knows nothing of the family."""
    return make_pathway(make_birth(at=local(2, 8)), ap=who("amal"), carrier=cpp)


def tap(pathway: Pathway, at: datetime, code: str = "CHILD_URGENT:CHILD_FEVER", **values: Any) -> Alert:
    about = {"facts": "38 °C", "is_sealed": False, "raised_by": who("amal")} | values
    alerts.raise_alert(
        pathway=pathway, kind=AlertKind.CHILD_SIGN, subject_id=pathway.public_id, code=code, answer_due_at=at + T,
        at=at, **about,
    )  # fmt: skip
    return Alert.objects.get(code=code)


def called(alert: Alert, step: str = LadderStep.RAISED) -> list[str]:
    """First names of those this step called on the platform, in order."""
    told = AlertNotice.objects.filter(step__alert=alert, step__step=step, channel="app", member__isnull=False)
    return list(told.order_by("pk").values_list("member__user__first_name", flat=True))


# ---- Whom the ladder calls --------------------------------------------------------------------------------
def test_on_a_sunday_the_team_of_the_line_that_answers_is_called(pathway: Pathway) -> None:
    alert = tap(pathway, SUNDAY)

    assert called(alert) == ["Fanny"]
    assert not AlertStep.objects.get(alert=alert, step=LadderStep.RAISED).is_fallback
    mails = OutgoingMessage.objects.filter(dedup_key__startswith=f"alert:{alert.public_id}").values_list(
        "to", flat=True
    )
    assert "fanny@copa.example" in mails


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (SATURDAY, ["Elise"]),
        (local(7, 21), ["Fanny"]),
        (local(8, 0), ["Fanny"]),
        (local(8, 23, 59), ["Fanny"]),
        (local(9, 6, 59), ["Fanny"]),
        (local(9, 7), ["Elise"]),
        (HOLIDAY, ["Fanny"]),
        (local(12, 7), ["Elise"]),
    ],
)
def test_the_minute_at_which_the_line_opens_or_closes_decides(
    pathway: Pathway, clock: Any, at: datetime, expected: list[str]
) -> None:
    """Nobody of the CPP is on its roster: while its own line is open, the coordination is called instead."""
    clock.move_to(at)

    assert called(tap(pathway, at)) == expected


def test_whoever_the_closed_team_put_on_duty_is_called_too(pathway: Pathway, cpp: Structure) -> None:
    make_shift(who("olga"), at=local(8, 0), structure=cpp)

    assert called(tap(pathway, SUNDAY)) == ["Fanny", "Olga"]


def test_where_nobody_of_the_answering_team_is_on_duty_the_coordination_is_called(pathway: Pathway) -> None:
    make_shift(who("fanny"), DutyPlace.SECOND, at=local(1, 0), hours=24 * 30)
    alert = tap(pathway, SUNDAY)
    ladder.climb(pk=alert.pk, at=SUNDAY + T)
    assert called(alert, LadderStep.SECOND) == ["Fanny"]

    ladder.climb(pk=alert.pk, at=SUNDAY + 2 * T)

    doctor = AlertStep.objects.get(alert=alert, step=LadderStep.DOCTOR)
    assert (called(alert, LadderStep.DOCTOR), doctor.is_fallback) == (["Elise"], True)


def test_each_step_follows_the_line_of_its_own_hour(pathway: Pathway, cpp: Structure) -> None:
    """Raised on Saturday at 20:59, its second step comes after nine in the evening."""
    make_shift(who("olga"), at=SATURDAY, hours=2, structure=cpp)
    make_shift(who("fanny"), DutyPlace.SECOND, at=local(1, 0), hours=24 * 30)
    alert = tap(pathway, SATURDAY)

    ladder.climb(pk=alert.pk, at=SATURDAY + T)

    assert (called(alert), called(alert, LadderStep.SECOND)) == (["Olga"], ["Fanny"])


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "America/Cayenne"])
def test_sunday_is_the_one_of_the_territory(pathway: Pathway, zone: str) -> None:
    Territory.objects.filter(pk=pathway.territory_id).update(time_zone=zone)
    pathway = Pathway.objects.select_related("territory").get(pk=pathway.pk)
    last, first = local(9, 6, 59, zone=zone), local(9, 7, zone=zone)

    assert number_now(structure(CPP), last, pathway.territory) == COVER_LINE
    assert number_now(structure(CPP), first, pathway.territory) == CPP_LINE
    assert called(tap(pathway, last)) == ["Fanny"]
    assert called(tap(pathway, first, "CHILD_URGENT:CHILD_CORD")) == ["Elise"]


@pytest.mark.parametrize("at", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)])
def test_both_half_past_two_of_the_night_the_clocks_go_back_are_sunday(pathway: Pathway, at: datetime) -> None:
    make_shift(who("fanny"), at=at, structure=structure(COVER))
    set_team_line(
        structure=structure(CPP),
        hours=LineHoursSet(days=WEEK, opens=time(7), closes=time(21), relay=structure(COVER)),
        by=who("elise"),
        at=at - timedelta(days=1),
    )

    assert called(tap(pathway, at)) == ["Fanny"]


# ---- What she who is called may do ------------------------------------------------------------------------
def test_she_who_answers_for_another_team_takes_the_alert_and_opens_no_file(as_: Any, pathway: Pathway) -> None:
    address = ["pathways:alert", "pathways:take_alert"]
    alert = tap(pathway, SUNDAY)
    urls = [reverse(name, args=[VALLEES, alert.public_id]) for name in address]

    assert [as_("fanny").get(url).status_code for url in urls] == [200, 200]
    assert str(alert.public_id) in as_("fanny").get(reverse("pathways:alerts", args=[VALLEES])).content.decode()
    taken = as_("fanny").post(urls[1], {"instruction": "Restez, j’appelle le pédiatre."})
    alert.refresh_from_db()
    assert (taken.status_code, alert.acknowledged_by) == (302, who("fanny"))
    assert not Family.objects.visible_to(who("fanny")).exists()
    assert as_("fanny").get(reverse("visits:family", args=[VALLEES, pathway.family.public_id])).status_code == 404
    # Nobody else of that maternity, nor of the one where the child was born, was called.
    assert as_("chloe").get(urls[0]).status_code == 404
    assert as_("farid").get(urls[0]).status_code == 403


def test_she_keeps_what_she_took_and_loses_what_another_has_closed(pathway: Pathway) -> None:
    alert, other = tap(pathway, SUNDAY), tap(pathway, SUNDAY, "CHILD_URGENT:CHILD_CORD")
    alerts.take_alert(alert=alert, by=who("fanny"), taking=alerts.Taking(instruction="Restez."), at=SUNDAY)
    alerts.take_alert(alert=other, by=who("elise"), taking=alerts.Taking(instruction="Restez."), at=SUNDAY)
    both = {alert.pk, other.pk}
    assert set(perms.SEE_ALERTS.rows(who("fanny")).values_list("pk", flat=True)) == both

    for one in (alert, other):
        alerts.close_alert(alert=one, by=who("elise"), outcome="Vu.", is_false_alarm=False, at=SUNDAY)

    assert list(perms.SEE_ALERTS.rows(who("fanny")).values_list("pk", flat=True)) == [alert.pk]


def test_called_because_nobody_stood_there_opens_nothing(pathway: Pathway, clock: Any) -> None:
    """Only a place on the roster opens an alert, to the one who holds it."""
    monday = local(9, 10)
    clock.move_to(monday)
    alert = tap(pathway, monday)
    step = AlertStep.objects.create(
        alert=alert, family_id=pathway.family_id, step=LadderStep.SECOND, reached_at=monday, is_fallback=True
    )
    AlertNotice.objects.create(step=step, family_id=pathway.family_id, member=who("fanny"), channel="app")

    assert not Alert.objects.visible_to(who("fanny")).exists()
    assert not perms.SEE_ALERTS.allows(who("fanny"), alert)


def test_sealed_alert_is_read_by_her_who_was_called_on_duty_for_it(pathway: Pathway) -> None:
    alert = tap(pathway, SUNDAY, "PROTECTED:HOME_VIOLENCE_TOLD", is_sealed=True)

    assert perms.READ_SEALED_ALERT.allows(who("fanny"), alert)
    assert not perms.READ_SEALED_ALERT.allows(who("farid"), alert)


# ---- The number that is shown -----------------------------------------------------------------------------
def test_lists_and_pages_of_her_day_show_the_number_that_answers_now(pathway: Pathway, clock: Any) -> None:
    User.objects.filter(pk=who("amal").user_id).update(phone="+33199003101")
    make_visit(pathway, "V1", planned_at=local(9, 11))
    for at, expected in ((SUNDAY, (COVER, COVER_LINE)), (local(9, 10), (CPP, CPP_LINE))):
        clock.move_to(at)
        tap(pathway, at, f"CHILD_URGENT:{'CHILD_FEVER' if at == SUNDAY else 'CHILD_CORD'}")
        rows = alert_rows(who("amal"), AlertShelf.OPEN, at, total=2, page="1").object_list
        assert {(row.call_name, row.call_phone) for row in rows} == {expected}
        shown = day_of(who("amal"), on=None, at=at, zone="Europe/Paris")
        assert {sign.phone for sign in shown.signs} == {expected[1]}
        assert (CPP, expected[1]) in {(one.name, one.phone) for one in team_lines(who("amal"), at)}
        # The team calls whoever saw the sign.
        hers = alert_rows(who("elise"), AlertShelf.OPEN, at, total=2, page="1").object_list
        assert {row.call_phone for row in hers} == {"+33199003101"}


def test_five_teams_cost_the_queries_of_one(pathway: Pathway) -> None:
    every = list(Structure.objects.order_by("pk"))

    with CaptureQueriesContext(connection) as many:
        found = numbers_now(every, SUNDAY, pathway.territory)
    with CaptureQueriesContext(connection) as one:
        numbers_now([structure(CPP)], SUNDAY, pathway.territory)

    assert found[structure(CPP).pk].phone == COVER_LINE
    assert found[structure(COVER).pk].phone == COVER_LINE
    # A PMI that is closed and names nobody keeps its own: one more look at the roster.
    assert len(many) <= len(one) + 1 <= 4

"""Who is called at night when nobody is on duty, and the day after an answer: the return that is owed to the AP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from copa.kernel import scope
from pathways.actions import alerts
from pathways.enums import AlertKind, LadderStep
from pathways.models import Alert, AlertNotice, AlertStep, Pathway
from pathways.tasks import climb_ladders
from territories.enums import DutyPlace, Role
from territories.models import Member, OutgoingMessage, Territory, User
from tests.cast import VALLEES
from tests.factories import make_pathway, make_shift, structure, who

T = timedelta(minutes=10)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
ZONES = ["Europe/Paris", "Indian/Reunion", "America/Cayenne"]


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 3, 14, 5, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def pathway(vallees: scope.Scope, clock: Any) -> Pathway:
    for number, name in enumerate(["amal", "farid", "elise", "nora", "olga"]):
        User.objects.filter(email=f"{name}@copa.example").update(phone=f"+3319900310{number}")
    return make_pathway(ap=who("amal"))


def sign(pathway: Pathway, at: datetime, code: str = "CHILD_URGENT:CHILD_FEVER") -> Alert:
    alerts.raise_alert(
        pathway=pathway, kind=AlertKind.CHILD_SIGN, subject_id=pathway.public_id, code=code, facts="38 °C",
        is_sealed=False, raised_by=who("amal"), answer_due_at=at + T, at=at,
    )  # fmt: skip
    return Alert.objects.get(code=code)


def run() -> int:
    return int(climb_ladders(str(scope.current_territory_id())))


def told(step: str) -> set[str]:
    rows = AlertNotice.objects.filter(step__step=step).select_related("member__user", "structure").order_by("pk")
    return {row.member.user.first_name.lower() if row.member else row.structure.name for row in rows}


def shift(name: str, place: int = DutyPlace.FIRST, *, since: datetime, until: datetime) -> None:
    hours = (until - since) / HOUR
    make_shift(who(name), place, at=since, starts_in=timedelta(0), hours=hours, structure=structure())


def in_zone(pathway: Pathway, zone: str) -> ZoneInfo:
    Territory.objects.filter(pk=pathway.territory_id).update(time_zone=zone)
    return ZoneInfo(zone)


# ---- At night ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("zone", ZONES)
def test_at_night_with_nobody_on_duty_the_coordination_and_the_mailbox_are_called_at_once(
    pathway: Pathway, clock: Any, zone: str
) -> None:
    """Farid is on duty from 8 to 20 by the clock of the territory; the sign comes at 20 h sharp, and at 7 h 59."""
    local = in_zone(pathway, zone)
    evening = datetime(2026, 11, 3, 20, 0, tzinfo=local).astimezone(UTC)
    shift("farid", since=evening - 12 * HOUR, until=evening)
    shift("farid", since=evening + 12 * HOUR, until=evening + 24 * HOUR)
    clock.move_to(evening - SECOND)
    sign(pathway, evening - SECOND, "CHILD_URGENT:CHILD_CORD")
    assert told(LadderStep.RAISED) == {"farid"}

    clock.move_to(evening)
    alert = sign(pathway, evening)

    step = AlertStep.objects.get(alert=alert, step=LadderStep.RAISED)
    assert step.is_fallback
    people = AlertNotice.objects.filter(step=step).order_by("pk").values_list("member__user__email", flat=True)
    assert set(people) == {"elise@copa.example", None}
    assert OutgoingMessage.objects.filter(channel="sms", to="+33199003102").exists()
    for times in (1, 2, 3, 4):
        clock.move_to(evening + times * T)
        run()
    assert told(LadderStep.SECOND) == {"elise", "Maternité Saint-Rémi"}
    assert {"nora", "olga"} <= told(LadderStep.PILOTS)


def test_without_any_coordination_the_pilots_are_called(pathway: Pathway, clock: Any) -> None:
    """Nobody on duty, and nobody who coordinates: an alert never calls nobody."""
    at = datetime(2026, 11, 3, 22, 0, tzinfo=UTC)
    clock.move_to(at)
    Member.objects.filter(role=Role.COORDINATOR).update(ends_on=at.date() - timedelta(days=1))

    alert = sign(pathway, at)

    assert AlertStep.objects.get(alert=alert, step=LadderStep.RAISED).is_fallback
    assert {"nora", "olga"} <= told(LadderStep.RAISED)


@pytest.mark.parametrize(
    ("zone", "begins", "hours"),
    [
        # The clocks go back, then forward: a night shift of eleven and of thirteen hours, without a hole.
        ("Europe/Paris", datetime(2026, 10, 24, 20, 0), 13),
        ("Europe/Paris", datetime(2027, 3, 27, 20, 0), 11),
        ("Indian/Reunion", datetime(2026, 10, 24, 20, 0), 12),
        ("America/Cayenne", datetime(2026, 10, 24, 20, 0), 12),
    ],
)
def test_a_night_shift_answers_until_8_by_the_wall_whatever_the_clocks_do(
    pathway: Pathway, clock: Any, zone: str, begins: datetime, hours: int
) -> None:
    local = in_zone(pathway, zone)
    starts_at = begins.replace(tzinfo=local).astimezone(UTC)
    ends_at = (begins + 12 * HOUR).replace(tzinfo=local).astimezone(UTC)
    assert ends_at - starts_at == hours * HOUR
    shift("farid", since=starts_at, until=ends_at)
    shift("elise", DutyPlace.SECOND, since=starts_at, until=ends_at)
    raised_at = ends_at - T - SECOND
    clock.move_to(raised_at)
    alert = sign(pathway, raised_at)
    assert told(LadderStep.RAISED) == {"farid"}

    clock.move_to(raised_at + T)
    assert run() == 1
    assert not AlertStep.objects.get(alert=alert, step=LadderStep.SECOND).is_fallback


# ---- The day after ----------------------------------------------------------------------------------------
def taken(pathway: Pathway, at: datetime) -> Alert:
    alert = sign(pathway, at)
    alerts.take_alert(alert=alert, by=who("farid"), taking=alerts.Taking(instruction="J’arrive."), at=at)
    alert.refresh_from_db()
    return alert


# The last one spans the night when the clocks go back: a day is twenty-four hours elapsed.
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [datetime(2026, 11, 3, 9, tzinfo=UTC), datetime(2026, 10, 24, 14, tzinfo=UTC)])
def test_a_day_after_the_answer_whoever_took_it_and_the_coordination_are_told_once(
    pathway: Pathway, clock: Any, zone: str, at: datetime
) -> None:
    in_zone(pathway, zone)
    clock.move_to(at)
    alert = taken(pathway, at)
    before = OutgoingMessage.objects.count()
    clock.move_to(at + 24 * HOUR - SECOND)
    assert run() == 0
    clock.move_to(at + 24 * HOUR)
    assert run() == 1
    assert run() == 0
    clock.move_to(at + 72 * HOUR)
    assert run() == 0

    assert AlertStep.objects.get(alert=alert, step=LadderStep.RETURN).reached_at == at + 24 * HOUR
    sent = OutgoingMessage.objects.order_by("pk")[before:]
    assert sorted(one.to for one in sent) == ["elise@copa.example", "farid@copa.example"]
    assert {one.channel for one in sent} == {"email"}
    assert not [one for one in sent if "38" in one.body or "Haddad" in one.body]


def test_what_was_done_written_within_the_day_tells_the_auxiliary_and_nobody_is_reminded(
    pathway: Pathway, clock: Any
) -> None:
    at = datetime(2026, 11, 3, 9, tzinfo=UTC)
    clock.move_to(at)
    alert = taken(pathway, at)
    close = {"alert": alert, "by": who("farid"), "is_false_alarm": False}
    alerts.close_alert(outcome="Vu aux urgences.", at=at + 23 * HOUR, **close)
    clock.move_to(at + 25 * HOUR)

    assert run() == 0
    assert told(LadderStep.CLOSED) == {"amal"}
    assert not told(LadderStep.RETURN)


def test_closed_after_the_reminder_it_tells_the_auxiliary(pathway: Pathway, clock: Any) -> None:
    at = datetime(2026, 11, 3, 9, tzinfo=UTC)
    clock.move_to(at)
    alert = taken(pathway, at)
    clock.move_to(at + 24 * HOUR)
    run()
    close = {"alert": alert, "by": who("farid"), "is_false_alarm": False}
    alerts.close_alert(outcome="Vu.", at=at + 30 * HOUR, **close)

    assert told(LadderStep.CLOSED) == {"amal"}
    assert Alert.objects.get().next_step_at is None


def test_the_register_says_who_is_called_next_with_the_number(pathway: Pathway, clock: Any, as_: Any) -> None:
    at = datetime(2026, 11, 3, 9, tzinfo=UTC)
    shift("farid", since=at - HOUR, until=at + HOUR)
    shift("nora", DutyPlace.SECOND, since=at - HOUR, until=at + HOUR)
    clock.move_to(at)
    alert = sign(pathway, at)
    url = reverse("pathways:alert", args=[VALLEES, alert.public_id])

    waiting = as_("farid").get(url).content.decode()
    assert 'href="tel:+33199003100"' in waiting
    assert 'href="tel:+33199003101"' in waiting
    assert 'href="tel:+33199003103"' in waiting
    alerts.take_alert(alert=alert, by=who("farid"), taking=alerts.Taking(instruction="J’arrive."), at=at)
    after = as_("farid").get(url).content.decode()
    assert "si rien n’est écrit" in after

"""The escalation of a sign: each step once, at T, 2T, 3T and 4T of elapsed time, until somebody takes it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from copa.kernel.gsm import plain
from pathways.actions import alerts, ladder
from pathways.enums import AlertKind, LadderStep, ToldBy
from pathways.models import Alert, AlertDelay, AlertNotice, AlertStep, Pathway
from pathways.notices.alerts import sms_text
from pathways.rules.device import DeviceClock
from pathways.tasks import climb_ladders
from territories import sms
from territories.enums import DutyPlace
from territories.models import OutgoingMessage, Territory, User
from tests import factories
from tests.cast import Person
from tests.factories import who

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
T = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    sms.sent.clear()
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller
    sms.sent.clear()


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    """A family of Amal, opened to Inès; Farid first on duty, everybody with a number."""
    for number, name in enumerate(["amal", "farid", "elise", "nora", "olga", "ines"]):
        User.objects.filter(email=f"{name}@copa.example").update(phone=f"+3319900310{number}")
    pathway = factories.make_pathway(ap=who("amal"))
    factories.make_grant(pathway.family, to=who("ines"), recipient="LIBERAL_MIDWIFE")
    factories.make_shift(who("farid"))
    return pathway


def tap(pathway: Pathway, code: str = "CHILD_URGENT:CHILD_FEVER", **changes: Any) -> Alert:
    """Amal ticks a sign."""
    values = {
        "kind": AlertKind.CHILD_SIGN,
        "subject_id": pathway.public_id,
        "facts": "38 °C",
        "is_sealed": False,
        "raised_by": who("amal"),
        "answer_due_at": AT + T,
        "at": AT,
    }
    alerts.raise_alert(pathway=pathway, code=code, **(values | changes))
    return Alert.objects.get(code=code)


def steps(alert: Alert) -> list[str]:
    return list(AlertStep.objects.filter(alert=alert).order_by("reached_at", "pk").values_list("step", flat=True))


def told(alert: Alert, step: str) -> set[tuple[str, str]]:
    rows = AlertNotice.objects.filter(step__alert=alert, step__step=step).order_by("pk")
    return {
        (row.member.user.first_name.lower() if row.member else row.structure.name, row.channel)
        for row in rows.select_related("member__user", "structure")
    }


def run() -> int:
    return int(climb_ladders(str(scope.current_territory_id())))


def test_team_on_duty_and_midwife_are_told_with_the_alert(pathway: Pathway) -> None:
    alert = tap(pathway)

    assert steps(alert) == [LadderStep.RAISED, LadderStep.MIDWIFE]
    assert told(alert, LadderStep.RAISED) == {("farid", "app"), ("farid", "sms"), ("farid", "email")}
    assert told(alert, LadderStep.MIDWIFE) == {("ines", "app"), ("ines", "sms")}
    assert alert.next_step_at == AT + T


def test_each_step_comes_at_its_multiple_of_the_delay_and_not_a_second_before(pathway: Pathway, clock: Any) -> None:
    alert = tap(pathway)
    found = []
    for times in (1, 2, 3, 4):
        clock.move_to(AT + times * T - SECOND)
        assert run() == 0
        clock.move_to(AT + times * T)
        assert run() == 1
        assert run() == 0
        found.append(steps(alert)[-1])
    clock.move_to(AT + 50 * T)

    assert found == [LadderStep.SECOND, LadderStep.DOCTOR, LadderStep.AP, LadderStep.PILOTS]
    assert run() == 0
    assert OutgoingMessage.objects.count() == OutgoingMessage.objects.values("dedup_key").distinct().count()


def test_nobody_on_duty_tells_the_coordination_and_the_mailbox(pathway: Pathway, clock: Any) -> None:
    alert = tap(pathway)
    clock.move_to(AT + T)
    run()

    step = AlertStep.objects.get(alert=alert, step=LadderStep.SECOND)
    assert step.is_fallback
    assert told(alert, LadderStep.SECOND) == {
        ("elise", "app"),
        ("elise", "sms"),
        ("elise", "email"),
        ("Maternité Saint-Rémi", "email"),
    }


def test_whoever_is_on_duty_at_that_hour_is_told(pathway: Pathway, clock: Any) -> None:
    factories.make_shift(who("elise"), DutyPlace.SECOND, structure=factories.structure())
    factories.make_shift(who("nora"), DutyPlace.DOCTOR, structure=factories.structure())
    alert = tap(pathway)
    for times in (1, 2, 3, 4):
        clock.move_to(AT + times * T)
        run()

    assert {name for name, _ in told(alert, LadderStep.SECOND)} == {"elise"}
    assert {name for name, _ in told(alert, LadderStep.DOCTOR)} == {"nora", "elise"}
    assert told(alert, LadderStep.AP) == {("amal", "app"), ("amal", "sms")}
    assert {name for name, _ in told(alert, LadderStep.PILOTS)} == {"elise", "nora", "olga"}


def test_a_step_missed_while_nothing_ran_is_caught_up_with_the_others(pathway: Pathway, clock: Any) -> None:
    alert = tap(pathway)
    clock.move_to(AT + 4 * T)

    assert run() == 4
    assert steps(alert)[-4:] == [LadderStep.SECOND, LadderStep.DOCTOR, LadderStep.AP, LadderStep.PILOTS]


def test_the_ladder_stops_when_somebody_takes_it(pathway: Pathway, clock: Any) -> None:
    alert = tap(pathway)
    clock.move_to(AT + T - SECOND)
    alerts.take_alert(alert=alert, by=who("farid"), taking=alerts.Taking(instruction="J’arrive."), at=AT + T - SECOND)
    clock.move_to(AT + timedelta(hours=23, minutes=59))

    assert run() == 0
    assert steps(alert) == [LadderStep.RAISED, LadderStep.MIDWIFE, LadderStep.TAKEN]
    assert told(alert, LadderStep.TAKEN) == {("amal", "app"), ("ines", "app")}


def test_in_a_present_danger_the_phone_of_the_auxiliary_stays_silent(pathway: Pathway, clock: Any) -> None:
    alert = tap(pathway, "DANGER_NOW:HOME_VIOLENCE_NOW", kind=AlertKind.PROTECTED, facts="", is_sealed=True)
    clock.move_to(AT + 3 * T)
    run()
    assert LadderStep.AP not in steps(alert)
    clock.move_to(AT + 4 * T)
    run()

    assert steps(alert)[-1] == LadderStep.PILOTS
    assert "+33199003100" not in OutgoingMessage.objects.values_list("to", flat=True)


@pytest.mark.parametrize(
    ("agreed", "code", "is_told"),
    [
        (True, "CHILD_URGENT:CHILD_FEVER", True),
        (False, "CHILD_URGENT:CHILD_FEVER", False),
        (False, "HOME_TONIGHT:HOME_BASIC", False),
        (False, "PROTECTED:HOME_VIOLENCE_TOLD", False),
        (False, "CHILD_VITAL:CHILD_BLUE_GREY", True),
        (False, "MOTHER_VITAL:MOTHER_FAINT", True),
        (False, "MIND_VITAL:EPDS_ITEM10", True),
    ],
)
def test_a_mother_who_said_no_to_her_midwife_is_obeyed_unless_a_life_is_in_danger(
    vallees: scope.Scope, agreed: bool, code: str, is_told: bool
) -> None:
    pathway = factories.make_pathway(ap=who("amal"), agreed_midwife=agreed)
    factories.make_grant(pathway.family, to=who("ines"))

    alert = tap(pathway, code)

    assert (LadderStep.MIDWIFE in steps(alert)) is is_told
    assert ("iris", "app") not in told(alert, LadderStep.MIDWIFE)


def test_a_grant_that_has_ended_tells_nobody(pathway: Pathway) -> None:
    pathway.family  # noqa: B018 - read before the grant ends
    factories.make_grant(pathway.family, to=who("iris"), days=-1)

    alert = tap(pathway)

    assert {name for name, _ in told(alert, LadderStep.MIDWIFE)} == {"ines"}


def test_signs_ticked_together_ring_once(pathway: Pathway) -> None:
    tap(pathway)
    tap(pathway, "CHILD_URGENT:CHILD_CORD")

    numbers = OutgoingMessage.objects.filter(channel="sms").values_list("to", flat=True)
    assert sorted(numbers) == ["+33199003101", "+33199003105"]
    assert AlertNotice.objects.filter(channel=ToldBy.SMS).count() == 4


def test_a_sign_that_comes_later_rings_again(pathway: Pathway, clock: Any) -> None:
    tap(pathway)
    tap(pathway, "CHILD_URGENT:CHILD_CORD", at=AT + timedelta(minutes=2))

    assert OutgoingMessage.objects.filter(channel="sms", to="+33199003101").count() == 2


def test_reminders_have_no_ladder(pathway: Pathway) -> None:
    alert = tap(pathway, "", kind=AlertKind.REPORT_OVERDUE, answer_due_at=None)

    assert steps(alert) == []
    assert alert.next_step_at is None


def test_a_delay_of_the_territory_takes_the_place_of_the_programmes_from_its_instant_on(pathway: Pathway) -> None:
    AlertDelay.objects.create(family="CHILD_URGENT", minutes=4, valid_from=AT - T)
    AlertDelay.objects.create(family="CHILD_URGENT", minutes=90, valid_from=AT + SECOND)

    assert tap(pathway).answer_due_at == AT + timedelta(minutes=4)
    assert tap(pathway, "CHILD_VITAL:CHILD_FLOPPY").answer_due_at == AT + T


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "America/Cayenne"])
@pytest.mark.parametrize("start", [datetime(2026, 3, 29, 0, 55, tzinfo=UTC), datetime(2026, 10, 25, 0, 55, tzinfo=UTC)])
def test_steps_count_elapsed_time_across_the_change_of_clocks(
    pathway: Pathway, clock: Any, zone: str, start: datetime
) -> None:
    Territory.objects.filter(pk=pathway.territory_id).update(time_zone=zone)
    alert = tap(pathway, at=start, answer_due_at=start + T)

    clock.move_to(start + T - SECOND)
    before = run()
    clock.move_to(start + T)
    at = run()
    clock.move_to(start + T + SECOND)
    after = run()

    assert (before, at, after) == (0, 1, 0)
    assert AlertStep.objects.get(alert=alert, step=LadderStep.SECOND).reached_at == start + T


BY_NO_SMS = {LadderStep.TAKEN, LadderStep.INSTRUCTED, LadderStep.CLOSED, LadderStep.ENDED, LadderStep.RETURN}


@pytest.mark.parametrize("step", [step for step in LadderStep if step not in BY_NO_SMS])
@pytest.mark.parametrize("code", ["CHILD_VITAL:CHILD_BLUE_GREY", "DANGER_NOW:HOME_VIOLENCE_NOW"])
def test_an_sms_says_nothing_of_the_family_nor_of_the_cause(pathway: Pathway, code: str, step: str) -> None:
    alert = Alert.objects.select_related("territory", "pathway__carrier", "raised_by__user").get(
        pk=tap(pathway, code).pk
    )

    text = plain(sms_text(alert, step, AT))

    assert 0 < len(text) < 160
    mother = pathway.family.reference, "Samira", "Haddad", "Ligny", "Noe", "violence", "bleu", "bebe", "mere", "http"
    assert [word for word in mother if word.lower() in text.lower()] == []
    assert str(alert.public_id) not in text
    if step == LadderStep.RAISED:
        assert "15 h 05" in text
        assert "01 99 00 31 00" in text


def test_what_leaves_by_mail_says_nothing_either(pathway: Pathway) -> None:
    tap(pathway, "MIND_VITAL:EPDS_ITEM10", kind=AlertKind.PROTECTED, facts="", is_sealed=True)

    bodies = " ".join(OutgoingMessage.objects.filter(channel="email").values_list("subject", "body").order_by("pk")[0])
    assert "Une alerte CoPa vous attend." in bodies
    assert "Haddad" not in bodies
    assert mail.outbox == []


def test_an_alert_of_another_subject_is_another_alert(pathway: Pathway) -> None:
    tap(pathway)
    assert alerts.raise_alert(
        pathway=pathway,
        kind=AlertKind.CHILD_SIGN,
        subject_id=uuid4(),
        code="CHILD_URGENT:CHILD_FEVER",
        facts="",
        is_sealed=False,
        raised_by=who("amal"),
        answer_due_at=AT + T,
        at=AT,
        device=DeviceClock(AT - timedelta(minutes=40), AT),
    )

    late = Alert.objects.latest("pk")
    # The delay counts from the server's receipt; the device's clock is kept beside it.
    assert (late.answer_due_at, late.noticed_at) == (AT + T, AT - timedelta(minutes=40))


def test_sign_noted_at_the_office_calls_the_others_then_the_familys_own_auxiliary(pathway: Pathway) -> None:
    # Farid, the only one on duty, copies the sheet himself.
    alert = tap(pathway, "MIND_VITAL:EPDS_ITEM10", kind=AlertKind.PROTECTED, is_sealed=True, raised_by=who("farid"))
    for times in (1, 2, 3):
        ladder.climb(pk=alert.pk, at=AT + times * T)

    called = {step: {name for name, _ in told(alert, step)} for step in ("raised", "second", "doctor", "ap")}
    assert called["ap"] == {"amal"}
    assert "elise" in called["raised"]
    assert "farid" not in called["raised"] | called["second"] | called["doctor"]
    alert.refresh_from_db()
    # His own number: Amal was not there.
    for step in ("raised", "second", "unsaid"):
        text = sms_text(alert, step, AT).replace("\N{NO-BREAK SPACE}", " ")
        assert "01 99 00 31 01" in text
        assert "AP" not in text
        assert "auxiliaire" not in text


def test_second_is_called_at_once_where_the_first_on_duty_raised_it(pathway: Pathway) -> None:
    factories.make_shift(who("olga"), place=DutyPlace.SECOND, structure=who("farid").structure)
    alert = tap(pathway, "MIND_VITAL:EPDS_ITEM10", kind=AlertKind.PROTECTED, is_sealed=True, raised_by=who("farid"))

    [row] = AlertStep.objects.filter(alert=alert, step=LadderStep.RAISED)
    assert told(alert, LadderStep.RAISED) == {("olga", "app"), ("olga", "sms"), ("olga", "email")}
    assert row.is_fallback is False


def test_nobody_is_said_to_be_off_duty_where_whoever_raised_it_is_on(pathway: Pathway) -> None:
    alert = tap(pathway, "MIND_VITAL:EPDS_ITEM10", kind=AlertKind.PROTECTED, is_sealed=True, raised_by=who("farid"))

    [row] = AlertStep.objects.filter(alert=alert, step=LadderStep.RAISED)
    assert ("elise", "sms") in told(alert, LadderStep.RAISED)
    assert row.is_fallback is False


# ---- Taken, then closed -----------------------------------------------------------------------------------
def take(alert: Alert, **taking: Any) -> None:
    alerts.take_alert(alert=alert, by=who("farid"), taking=alerts.Taking(**taking), at=AT)


def test_not_to_be_left_alone_needs_a_decision_and_an_hour_to_come(pathway: Pathway) -> None:
    alert = tap(pathway, "MIND_VITAL:EPDS_ITEM10", kind=AlertKind.PROTECTED, facts="", is_sealed=True)
    refusals = []
    a_day = timedelta(hours=24)
    asked = [("", T), ("forged", T), ("call_mother", None), ("call_mother", timedelta(0))]
    for decision, delay in (*asked, ("call_mother", a_day + timedelta(seconds=1))):
        due_at = None if delay is None else AT + delay
        with pytest.raises(BusinessError) as refusal:
            take(alert, instruction="Restez.", decision=decision, due_at=due_at)
        refusals.append(refusal.value.code)

    take(alert, instruction="Restez.", decision="call_mother", due_at=AT + a_day)

    assert refusals == ["decision_missing", "decision_missing", "due_missing", "due_missing", "due_too_far"]
    alert.refresh_from_db()
    assert (alert.decision, alert.decision_due_at) == ("call_mother", AT + a_day)


def test_an_outcome_closes_it_once_and_tells_the_auxiliary(pathway: Pathway) -> None:
    alert = tap(pathway)
    close = {"alert": alert, "by": who("elise"), "is_false_alarm": True, "at": AT}
    with pytest.raises(BusinessError) as not_taken:
        alerts.close_alert(outcome="Vu.", **close)
    take(alert, instruction="Consultation.")
    with pytest.raises(BusinessError) as empty:
        alerts.close_alert(outcome=" ", **close)
    alerts.close_alert(outcome="Vu par le pédiatre, tout va bien.", **close)
    with pytest.raises(BusinessError) as again:
        alerts.close_alert(outcome="Encore.", **close)

    alert.refresh_from_db()
    assert [one.value.code for one in (not_taken, empty, again)] == ["not_taken", "outcome_missing", "alert_closed"]
    assert (alert.closed_by, alert.outcome) == (who("elise"), "Vu par le pédiatre, tout va bien.")
    assert told(alert, LadderStep.CLOSED) == {("amal", "app")}


def test_a_call_and_a_midwife_who_came_are_noted_and_close_nothing(pathway: Pathway, cast: dict[str, Person]) -> None:
    alert = tap(pathway)
    note = {"alert": alert, "happened_at": AT, "words": "Elle vient.", "at": AT}
    alerts.note_call(by=who("amal"), called="samu", is_answered=True, **note)
    alerts.note_in_hand(by=who("ines"), **note)
    with pytest.raises(BusinessError) as future:
        alerts.note_in_hand(by=who("ines"), **(note | {"happened_at": AT + SECOND}))
    with pytest.raises(BusinessError) as nobody:
        alerts.note_call(by=who("amal"), called="", is_answered=True, **note)

    assert (future.value.code, nobody.value.code) == ("future", "called_missing")
    assert Alert.objects.open().filter(pk=alert.pk).exists()


def test_two_workers_do_not_do_the_same_step(pathway: Pathway) -> None:
    alert = tap(pathway)

    assert ladder.climb(pk=alert.pk, at=AT + T) is True
    assert ladder.climb(pk=alert.pk, at=AT + T) is False

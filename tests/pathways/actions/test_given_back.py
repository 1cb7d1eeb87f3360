"""An alert taken by mistake: she gives it back, the team is told again at once, nothing of it is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from copa.kernel.gsm import plain
from pathways.actions import alerts
from pathways.actions.given_back import give_back_alert
from pathways.actions.refusals import note_refusal
from pathways.enums import AlertKind, AlertNoteKind, LadderStep
from pathways.models import Alert, AlertNote, AlertNotice, AlertStep, Pathway
from pathways.notices.alerts import sms_text
from pathways.rules.ladder import steps_passed
from pathways.tasks import climb_ladders
from territories.models import AccessLog, OutgoingMessage, User
from tests import factories
from tests.cast import VALLEES
from tests.factories import who
from visits.enums import VisitState
from visits.reads import leaving

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
T, MINUTE = timedelta(minutes=10), timedelta(minutes=1)
SEALED: dict[str, Any] = {"kind": AlertKind.PROTECTED, "is_sealed": True}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


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
    values = {
        "kind": AlertKind.CHILD_SIGN, "subject_id": pathway.public_id, "facts": "38 °C", "is_sealed": False,
        "raised_by": who("amal"), "answer_due_at": AT + T, "at": AT,
    }  # fmt: skip
    alerts.raise_alert(pathway=pathway, code=code, **(values | changes))
    return Alert.objects.get(code=code)


def taken(alert: Alert, at: datetime = AT, name: str = "farid") -> Alert:
    alerts.take_alert(alert=alert, by=who(name), at=at)
    alert.refresh_from_db()
    return alert


def give_back(alert: Alert, at: datetime, *, name: str = "farid", reason: str = "") -> None:
    give_back_alert(alert=alert, by=who(name), reason=reason, at=at)
    alert.refresh_from_db()


def steps(alert: Alert, turn: int) -> list[str]:
    rows = AlertStep.objects.filter(alert=alert, turn=turn).order_by("pk")
    return list(rows.values_list("step", flat=True))


def told(alert: Alert, step: str, turn: int) -> set[tuple[str, str]]:
    rows = AlertNotice.objects.filter(step__alert=alert, step__step=step, step__turn=turn).order_by("pk")
    rows = rows.select_related("member__user")
    return {(row.member.user.first_name.lower(), row.channel) for row in rows if row.member}


def run() -> int:
    return int(climb_ladders(str(scope.current_territory_id())))


def url(name: str, alert: Alert) -> str:
    return reverse(f"pathways:{name}", args=[VALLEES, alert.public_id])


# ---- The ladder -------------------------------------------------------------------------------------------
def test_the_team_is_told_again_at_once_and_the_ladder_goes_on_by_its_hours(pathway: Pathway, clock: Any) -> None:
    alert = taken(tap(pathway))

    clock.move_to(AT + MINUTE)
    give_back(alert, AT + MINUTE)

    assert (alert.acknowledged_at, alert.acknowledged_by, alert.turn) == (None, None, 1)
    assert steps(alert, 1) == [LadderStep.GIVEN_BACK, LadderStep.RAISED]
    assert told(alert, LadderStep.RAISED, 1) == {("farid", "app"), ("farid", "sms"), ("farid", "email")}
    assert told(alert, LadderStep.GIVEN_BACK, 1) == {("amal", "app"), ("amal", "sms"), ("ines", "app")}
    assert alert.next_step_at == AT + T
    clock.move_to(AT + T)
    assert run() == 1
    assert steps(alert, 1)[-1] == LadderStep.SECOND


def test_each_turn_sends_its_own_messages_and_not_those_of_a_moment_ago(pathway: Pathway, clock: Any) -> None:
    alert = taken(tap(pathway))
    to_farid = OutgoingMessage.objects.filter(channel="sms", to="+33199003101")
    assert to_farid.count() == 1

    for turn in (1, 2):
        give_back(alert, AT + timedelta(seconds=20 * turn))
        taken(alert, AT + timedelta(seconds=20 * turn + 10))
        assert to_farid.count() == 1 + turn
    assert AlertNote.objects.filter(alert=alert, kind=AlertNoteKind.BACK).count() == 2
    assert [steps(alert, turn).count(LadderStep.TAKEN) for turn in (0, 1, 2)] == [1, 1, 1]


def test_given_back_late_everybody_who_should_know_by_now_is_told(pathway: Pathway, clock: Any) -> None:
    """What the ladder did while it was taken does not count: it said « prise, sans consigne »."""
    alert = taken(tap(pathway))
    for times in (1, 2, 3):
        clock.move_to(AT + times * T)
        run()
    assert LadderStep.UNSAID in steps(alert, 0)
    late = AT + 2 * T + MINUTE

    give_back(alert, late)

    assert steps(alert, 1) == [LadderStep.GIVEN_BACK, LadderStep.RAISED, LadderStep.SECOND, LadderStep.DOCTOR]
    assert alert.next_step_at == AT + 3 * T
    text = sms_text(alert, LadderStep.SECOND, late)
    assert "sans reponse" in text
    assert "prise" not in text.replace("prendre", "")


def test_given_back_after_the_last_step_the_pilots_are_told_and_nothing_is_promised(pathway: Pathway) -> None:
    alert = taken(tap(pathway))

    give_back(alert, AT + timedelta(hours=3))

    assert steps(alert, 1)[-1] == LadderStep.PILOTS
    assert alert.next_step_at is None


@pytest.mark.parametrize(
    ("family", "minutes", "passed"),
    [
        ("CHILD_URGENT", 9, []),
        ("CHILD_URGENT", 10, ["second"]),
        ("CHILD_URGENT", 30, ["second", "doctor", "ap"]),
        ("DANGER_NOW", 30, ["second", "doctor"]),
        ("DANGER_NOW", 40, ["second", "doctor", "pilots"]),
    ],
)
def test_which_steps_are_over_is_counted_from_the_reception(family: str, minutes: int, passed: list[str]) -> None:
    assert steps_passed(family, AT, AT + T, AT + minutes * MINUTE) == passed


def test_in_a_danger_that_is_there_now_the_phone_of_the_auxiliary_stays_silent(pathway: Pathway) -> None:
    alert = taken(tap(pathway, "DANGER_NOW:HOME_VIOLENCE_NOW", **SEALED))

    give_back(alert, AT + MINUTE)

    assert told(alert, LadderStep.GIVEN_BACK, 1) == {("amal", "app"), ("ines", "app")}


def test_what_is_said_to_the_auxiliary_fits_one_plain_message_without_any_content(pathway: Pathway) -> None:
    alert = tap(pathway)
    text = plain(sms_text(alert, LadderStep.GIVEN_BACK, AT))

    assert text.isascii()
    assert len(text) <= 160
    assert "38" not in text


def test_taken_again_it_is_answered_as_any_other(pathway: Pathway, clock: Any) -> None:
    alert = taken(tap(pathway))
    give_back(alert, AT + MINUTE)

    taken(alert, AT + 2 * MINUTE, "elise")
    clock.move_to(AT + 2 * MINUTE + T)
    assert run() == 1
    assert steps(alert, 1)[-1] == LadderStep.UNSAID
    alerts.instruct_alert(
        alert=alert, by=who("elise"), taking=alerts.Taking(instruction="J’arrive."), at=AT + 2 * MINUTE + T
    )
    alerts.close_alert(alert=alert, by=who("elise"), outcome="Vue.", is_false_alarm=False, at=AT + 3 * T)

    assert steps(alert, 1)[-2:] == [LadderStep.INSTRUCTED, LadderStep.CLOSED]


def test_the_auxiliary_is_held_again_until_somebody_answers(pathway: Pathway) -> None:
    visit = factories.make_visit(pathway, state=VisitState.STARTED, started_at=AT - timedelta(hours=1))
    alert = taken(tap(pathway, "MIND_VITAL:MOTHER_DEATH_TALK", **SEALED, subject_id=visit.public_id))

    give_back(alert, AT + MINUTE)

    assert leaving.blocking_families(visit) == ["MIND_VITAL"]


# ---- Who, and until when ----------------------------------------------------------------------------------
def test_only_whoever_took_it_gives_it_back_and_only_once(pathway: Pathway) -> None:
    alert = taken(tap(pathway))
    with pytest.raises(BusinessError, match="Farid Martin a cette alerte") as others:
        give_back(alert, AT, name="elise")
    give_back(alert, AT)
    with pytest.raises(BusinessError) as again:
        give_back(alert, AT)

    assert (others.value.code, again.value.code) == ("not_hers", "not_taken")
    assert AlertNote.objects.filter(alert=alert).count() == 1
    assert steps(alert, 1) == [LadderStep.GIVEN_BACK, LadderStep.RAISED]


def test_second_tap_is_told_that_the_team_is_called_and_is_no_refusal(as_: Any, pathway: Pathway) -> None:
    alert = taken(tap(pathway))
    client = as_("farid")
    client.post(url("give_back_alert", alert))

    again = client.post(url("give_back_alert", alert), follow=True)

    assert again.status_code == 200
    assert "l’équipe est déjà rappelée" in again.content.decode()
    assert not AccessLog.objects.filter(is_refused=True).exists()
    assert AlertNote.objects.filter(alert=alert).count() == 1
    # Somebody else has it now: it is hers to give back.
    taken(alert, name="elise")
    assert client.post(url("give_back_alert", alert)).status_code == 403


def test_what_is_decided_is_not_given_back(as_: Any, pathway: Pathway) -> None:
    said = taken(tap(pathway))
    alerts.instruct_alert(alert=said, by=who("farid"), taking=alerts.Taking(instruction="J’arrive."), at=AT)
    refused = taken(tap(pathway, "MIND_VITAL:EPDS_ITEM10", **SEALED))
    note_refusal(alert=refused, refusal_words="Laissez-moi.", due_at=AT + T, at=AT)

    for alert in (said, refused):
        with pytest.raises(BusinessError) as refusal:
            give_back(alert, AT)
        assert refusal.value.code == "alert_instructed"
        answer = as_("farid").get(url("give_back_alert", alert), follow=True)
        assert "Cette alerte ne peut plus être rendue" in answer.content.decode()
    assert not AlertNote.objects.filter(kind=AlertNoteKind.BACK).exists()


# ---- The pages --------------------------------------------------------------------------------------------
def test_the_page_says_both_by_name_and_hour_and_the_auxiliary_no_longer_reads_that_it_is_taken(
    as_: Any, pathway: Pathway, clock: Any
) -> None:
    alert = tap(pathway)
    as_("farid").post(url("take_alert", alert))
    assert "Prise par erreur" in as_("farid").get(url("instruct_alert", alert)).content.decode()
    assert "Je rends l’alerte" in as_("farid").get(url("alert", alert)).content.decode()
    assert "Je rends l’alerte" not in as_("elise").get(url("alert", alert)).content.decode()
    clock.move_to(AT + MINUTE)

    answer = as_("farid").post(url("give_back_alert", alert), {"reason": "Je suis en salle d’opération."})

    assert (answer.status_code, answer.url) == (302, url("alert", alert))
    hers = as_("amal").get(url("alert", alert)).content.decode()
    assert "a pris le relais" not in hers
    assert "Alerte rendue" in hers
    for page in (hers, as_("elise").get(url("alert", alert)).content.decode()):
        assert "Alerte prise" in page
        # Taken by, given back by, noted by.
        assert page.count("par Farid Martin") == 3
        assert "Je suis en salle d’opération." in page
    assert [row.public_id for row in as_("elise").get(reverse("pathways:alerts", args=[VALLEES])).context["page"]] == [
        alert.public_id
    ]


def test_of_a_sealed_one_only_its_readers_read_why(as_: Any, pathway: Pathway) -> None:
    alert = taken(tap(pathway, "PROTECTED:HOME_VIOLENCE_TOLD", **SEALED))

    give_back(alert, AT + MINUTE, reason="Je connais le mari.")

    assert "Je connais le mari." in as_("elise").get(url("alert", alert)).content.decode()
    hers = as_("amal").get(url("alert", alert)).content.decode()
    assert "Je connais le mari." not in hers
    assert "Alerte rendue" in hers

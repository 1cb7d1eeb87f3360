"""A mother refuses any follow-up (alerts.md 5.5): her words, the doctor decides, nothing is sent to anybody else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from pathways import perms
from pathways.actions import alerts
from pathways.actions.alert_readers import name_reader
from pathways.actions.refusals import decide_refusal, note_refusal
from pathways.enums import AlertDecision, AlertKind, LadderStep
from pathways.models import Alert, AlertNotice, AlertStep, Pathway
from pathways.tasks import climb_ladders
from territories.enums import DutyPlace
from territories.models import HistoryEvent, OutgoingMessage, User
from tests import factories
from tests.cast import VALLEES
from tests.factories import who

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
T, HOUR = timedelta(minutes=5), timedelta(hours=1)
WORDS = "« Laissez-moi tranquille »"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    """A family of Amal opened to Inès; Farid first on duty, Nora the doctor on duty."""
    for number, name in enumerate(["amal", "farid", "elise", "nora", "olga", "ines"]):
        User.objects.filter(email=f"{name}@copa.example").update(phone=f"+3319900310{number}")
    pathway = factories.make_pathway(ap=who("amal"))
    factories.make_grant(pathway.family, to=who("ines"))
    factories.make_circle_member(pathway.family, name="Mme Roy", phone="+33199003150", role="LIBERAL_MIDWIFE")
    factories.make_shift(who("farid"), hours=72)
    return pathway


def item_10(pathway: Pathway, code: str = "MIND_VITAL:EPDS_ITEM10") -> Alert:
    alerts.raise_alert(
        pathway=pathway, kind=AlertKind.PROTECTED, subject_id=pathway.public_id, code=code, facts="",
        is_sealed=True, raised_by=who("amal"), answer_due_at=AT + T, at=AT,
    )  # fmt: skip
    return Alert.objects.get(code=code)


def refused(alert: Alert, **changes: Any) -> Alert:
    """Farid takes it: she refuses."""
    values = {
        "instruction": "Restez.", "decision": AlertDecision.REFUSES, "due_at": AT + HOUR, "refusal_words": WORDS,
    } | changes  # fmt: skip
    alerts.take_alert(alert=alert, by=who("farid"), taking=alerts.Taking(**values), at=AT)
    alert.refresh_from_db()
    return alert


def told(step: str) -> set[tuple[str, str]]:
    rows = AlertNotice.objects.filter(step__step=step).select_related("member__user", "structure").order_by("pk")
    return {(one.member.user.first_name.lower() if one.member else one.structure.name, one.channel) for one in rows}


def test_her_words_are_kept_and_the_doctor_on_duty_is_told_and_nobody_else(pathway: Pathway) -> None:
    factories.make_shift(who("nora"), DutyPlace.DOCTOR, structure=factories.structure())
    alert = item_10(pathway)
    before = OutgoingMessage.objects.count()

    refused(alert)

    assert (alert.decision, alert.refusal_words, alert.decision_due_at) == ("refuses", WORDS, AT + HOUR)
    assert told(LadderStep.REFUSED) == {("nora", "app"), ("nora", "sms"), ("nora", "email")}
    # The midwife is not told who took it.
    assert told(LadderStep.TAKEN) == {("amal", "app")}
    sent = OutgoingMessage.objects.order_by("pk")[before:]
    assert sorted(one.to for one in sent) == ["+33199003103", "nora@copa.example"]
    assert [one for one in sent if "refus" in one.body or "Haddad" in one.body or "tranquille" in one.body] == []


def test_without_a_doctor_on_duty_those_who_are_named_then_the_coordination(pathway: Pathway) -> None:
    refused(item_10(pathway))
    assert {name for name, _ in told(LadderStep.REFUSED)} == {"elise"}
    assert AlertStep.objects.get(step=LadderStep.REFUSED).is_fallback

    name_reader(structure=factories.structure(), member=who("farid"), by=who("elise"), at=AT)
    other = factories.make_pathway(ap=who("amal"))
    alert = item_10(other, "MIND_VITAL:MOTHER_CONFUSED")
    refused(alert)

    rows = AlertNotice.objects.filter(step__alert=alert, step__step=LadderStep.REFUSED).order_by("pk")
    assert {one.member for one in rows.select_related("member")} == {who("farid")}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"refusal_words": " "}, "words_missing"),
        ({"due_at": None}, "due_missing"),
        ({"due_at": AT}, "due_missing"),
        ({"instruction": ""}, "instruction_missing"),
    ],
)
def test_a_refusal_needs_her_words_and_an_hour(pathway: Pathway, changes: dict[str, Any], code: str) -> None:
    alert = item_10(pathway)
    with pytest.raises(BusinessError) as refusal:
        refused(alert, **changes)

    assert refusal.value.code == code
    assert Alert.objects.open().filter(pk=alert.pk).exists()
    assert not AlertStep.objects.filter(step=LadderStep.REFUSED).exists()


def test_words_of_another_decision_are_not_kept(pathway: Pathway) -> None:
    assert refused(item_10(pathway), decision="call_mother").refusal_words == ""
    assert not AlertStep.objects.filter(step=LadderStep.REFUSED).exists()


def test_it_is_closed_once_the_doctor_has_decided(pathway: Pathway) -> None:
    alert = refused(item_10(pathway))
    close = {"alert": alert, "by": who("farid"), "outcome": "Rappelée.", "is_false_alarm": False, "at": AT + HOUR}
    with pytest.raises(BusinessError) as too_early:
        alerts.close_alert(**close)
    with pytest.raises(BusinessError) as empty:
        decide_refusal(alert=alert, by=who("nora"), doctor_decision=" ", at=AT + HOUR)
    decide_refusal(alert=alert, by=who("nora"), doctor_decision="Je la rappelle demain.", at=AT + HOUR)
    with pytest.raises(BusinessError) as twice:
        decide_refusal(alert=alert, by=who("farid"), doctor_decision="Autre.", at=AT + HOUR)
    alerts.close_alert(**close)

    alert.refresh_from_db()
    assert [one.value.code for one in (too_early, empty, twice)] == [
        "doctor_missing", "decision_missing", "already_decided",
    ]  # fmt: skip
    assert (alert.doctor_decided_by, alert.doctor_decision) == (who("nora"), "Je la rappelle demain.")
    assert alert.closed_at == AT + HOUR


def test_she_may_refuse_after_another_decision_and_the_history_keeps_it_without_her_words(pathway: Pathway) -> None:
    alert = refused(item_10(pathway), decision="call_mother")
    note_refusal(alert=alert, refusal_words=WORDS, due_at=AT + 2 * HOUR, at=AT + HOUR)
    note_refusal(alert=alert, refusal_words="Elle raccroche.", due_at=AT + 2 * HOUR, at=AT + HOUR)

    assert AlertStep.objects.filter(alert=alert, step=LadderStep.REFUSED).count() == 1
    events = HistoryEvent.objects.filter(table_name="pathways_alert", row_id=alert.pk).order_by("pk")
    decisions = [event.after["decision"] for event in events if "decision" in event.after]
    assert decisions[-2:] == ["call_mother", "refuses"]
    assert {event.after["refusal_words"] for event in events if "refusal_words" in event.after} == {"…"}
    decide_refusal(alert=alert, by=who("nora"), doctor_decision="Je l’appelle.", at=AT + HOUR)
    with pytest.raises(BusinessError) as late:
        note_refusal(alert=alert, refusal_words="Encore.", due_at=AT + 2 * HOUR, at=AT + HOUR)
    assert late.value.code == "alert_closed"


def test_only_where_nobody_may_be_left_alone_and_once_it_is_taken(pathway: Pathway) -> None:
    other = item_10(pathway, "PROTECTED:HOME_VIOLENCE_TOLD")
    waiting = item_10(pathway)
    codes = []
    for alert in (other, waiting):
        with pytest.raises(BusinessError) as refusal:
            note_refusal(alert=alert, refusal_words=WORDS, due_at=AT + HOUR, at=AT)
        codes.append(refusal.value.code)

    assert codes == ["not_asked", "alert_closed"]


def test_a_refusal_nobody_decided_comes_back_within_a_day(pathway: Pathway, clock: Any) -> None:
    alert = refused(item_10(pathway))
    clock.move_to(AT + 24 * HOUR)

    assert climb_ladders(str(scope.current_territory_id())) == 1
    assert AlertStep.objects.filter(alert=alert, step=LadderStep.RETURN).exists()


def test_the_database_refuses_half_a_refusal(pathway: Pathway) -> None:
    alert = refused(item_10(pathway))
    for wrong in (
        {"refusal_words": ""},
        {"doctor_decided_at": AT},
        {"doctor_decision": "Rien."},
        {"closed_at": AT, "closed_by": who("farid")},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Alert.objects.filter(pk=alert.pk).update(**wrong)


# ---- Who, and the pages -----------------------------------------------------------------------------------
def url(name: str, alert: Alert) -> str:
    return reverse(f"pathways:{name}", args=[VALLEES, alert.public_id])


def test_the_doctor_of_the_team_decides_and_nobody_else(pathway: Pathway) -> None:
    """The neighbour is the doctor of another team, and a colleague of this one."""
    alert = refused(item_10(pathway))
    factories.make_shift(who("fanny"), DutyPlace.DOCTOR)
    names = ["elise", "farid", "fanny", "nora", "olga", "amal", "ines", "gaelle"]
    assert [name for name in names if perms.DECIDE_REFUSAL.allows(who(name), alert)] == []

    factories.make_shift(who("nora"), DutyPlace.DOCTOR, structure=factories.structure())
    name_reader(structure=factories.structure(), member=who("farid"), by=who("elise"), at=AT)

    assert [name for name in names if perms.DECIDE_REFUSAL.allows(who(name), alert)] == ["farid", "nora"]


def test_the_whole_walk_on_the_pages(as_: Any, pathway: Pathway) -> None:
    factories.make_shift(who("nora"), DutyPlace.DOCTOR, structure=factories.structure())
    alert = item_10(pathway)
    taking = {"instruction": "Restez.", "decision": "refuses", "due_at": "2026-11-03T17:00"}
    assert as_("farid").post(url("take_alert", alert), taking).status_code == 422
    assert as_("farid").post(url("take_alert", alert), taking | {"refusal_words": WORDS}).status_code == 302
    waiting = as_("farid").get(url("alert", alert)).content.decode()
    assert "Laissez-moi tranquille" in waiting
    assert "n’a pas encore décidé" in waiting
    assert as_("farid").get(url("alert_doctor", alert)).status_code == 403
    assert "Décision du médecin à écrire" in as_("nora").get(reverse("visits:todo", args=[VALLEES])).content.decode()
    assert "Laissez-moi tranquille" in as_("nora").get(url("alert_doctor", alert)).content.decode()
    assert as_("nora").post(url("alert_doctor", alert), {"doctor_decision": ""}).status_code == 422
    assert as_("nora").post(url("alert_doctor", alert), {"doctor_decision": "Je l’appelle."}).status_code == 302

    assert "Je l’appelle." in as_("farid").get(url("alert", alert)).content.decode()
    for name in ("amal", "ines", "olga"):
        page = as_(name).get(url("alert", alert)).content.decode()
        assert "tranquille" not in page
        assert "refuse" not in page


def test_noted_after_the_answer_on_its_own_page(as_: Any, pathway: Pathway) -> None:
    alert = refused(item_10(pathway), decision="call_mother")
    farid = as_("farid")
    assert "Et si elle refuse" in farid.get(url("alert", alert)).content.decode()

    empty = farid.post(url("alert_refusal", alert), {"refusal_words": "", "due_at": "2026-11-03T18:00"})
    noted = farid.post(url("alert_refusal", alert), {"refusal_words": WORDS, "due_at": "2026-11-03T18:00"})

    assert (empty.status_code, noted.status_code) == (422, 302)
    alert.refresh_from_db()
    assert alert.decision == AlertDecision.REFUSES

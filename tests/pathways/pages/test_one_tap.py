"""« Je prends l’alerte » in one tap: the name at once, what the auxiliary does next, the ladder if that never comes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from pathways import perms
from pathways.actions import alerts
from pathways.actions.refusals import note_refusal
from pathways.enums import AlertKind, LadderStep
from pathways.models import Alert, AlertNotice, AlertStep, Pathway
from pathways.rules.ladder import step_after_taking
from pathways.tasks import climb_ladders
from territories.models import OutgoingMessage, User
from tests import factories
from tests.cast import VALLEES
from tests.factories import who
from visits.enums import VisitState
from visits.reads import leaving

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
T = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
ITEM_10 = "MIND_VITAL:EPDS_ITEM10"
SEALED = {"kind": AlertKind.PROTECTED, "facts": "", "is_sealed": True}


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


def tap(pathway: Pathway, code: str = "CHILD_VITAL:CHILD_FLOPPY", **changes: Any) -> Alert:
    """Amal ticks a sign."""
    values = {
        "kind": AlertKind.CHILD_SIGN, "subject_id": uuid4(), "facts": "Tout mou", "is_sealed": False,
        "raised_by": who("amal"), "answer_due_at": AT + T, "at": AT,
    } | changes  # fmt: skip
    alerts.raise_alert(pathway=pathway, code=code, **values)
    return Alert.objects.get(subject_id=values["subject_id"])


def url(name: str, *about: Any) -> str:
    return reverse(f"pathways:{name}", args=[VALLEES, *about])


def steps(alert: Alert) -> list[str]:
    return list(AlertStep.objects.filter(alert=alert).order_by("reached_at", "pk").values_list("step", flat=True))


def told(alert: Alert, step: str) -> set[str]:
    rows = AlertNotice.objects.filter(step__alert=alert, step__step=step, member__isnull=False).order_by("pk")
    return {row.member.user.first_name.lower() for row in rows.select_related("member__user")}


def run() -> int:
    return int(climb_ladders(str(scope.current_territory_id())))


# ---- One tap ----------------------------------------------------------------------------------------------
def test_the_list_the_detail_and_the_banner_each_take_it_with_one_button(as_: Any, pathway: Pathway) -> None:
    alert = tap(pathway)
    form = f'action="{url("take_alert", alert.public_id)}"'

    for page in ("/t/vallees/families/", url("alerts"), url("alert", alert.public_id), "/t/vallees/"):
        assert form in as_("elise").get(page).content.decode()
    for name in ("olga", "ines"):
        assert form not in as_(name).get(url("alerts")).content.decode()


@pytest.mark.parametrize(("code", "changes"), [("CHILD_VITAL:CHILD_FLOPPY", {}), (ITEM_10, SEALED)])
def test_one_tap_records_name_function_and_hour_and_leads_to_the_instruction(
    as_: Any, pathway: Pathway, code: str, changes: dict[str, Any]
) -> None:
    alert = tap(pathway, code, **changes)

    answer = as_("farid").post(url("take_alert", alert.public_id))

    alert.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, url("instruct_alert", alert.public_id))
    assert (alert.acknowledged_by, alert.acknowledged_at, alert.instructed_at) == (who("farid"), AT, None)
    hers = as_("amal").get(url("alert", alert.public_id)).content.decode()
    assert "Farid Martin, équipe médicale de référence, a pris le relais" in hers
    assert "Sa consigne n’est pas encore écrite" in hers
    assert told(alert, LadderStep.TAKEN) == {"amal", "ines"}


def test_whoever_comes_second_reads_the_name_of_the_first(as_: Any, pathway: Pathway) -> None:
    alert = tap(pathway)
    as_("farid").post(url("take_alert", alert.public_id))

    late = as_("elise").post(url("take_alert", alert.public_id))

    assert late.status_code == 422
    assert "Farid Martin a déjà pris cette alerte" in late.content.decode()
    alert.refresh_from_db()
    assert alert.acknowledged_by == who("farid")


def test_her_tap_sent_twice_leads_to_the_instruction_again(as_: Any, pathway: Pathway) -> None:
    alert = tap(pathway)
    as_("farid").post(url("take_alert", alert.public_id))

    again = as_("farid").post(url("take_alert", alert.public_id))

    assert (again.status_code, again.url) == (302, url("instruct_alert", alert.public_id))
    assert told(alert, LadderStep.TAKEN) == {"amal", "ines"}


def test_what_is_taken_without_a_word_stays_among_those_that_wait(as_: Any, pathway: Pathway) -> None:
    alert = tap(pathway)
    alerts.take_alert(alert=alert, by=who("farid"), at=AT)
    assert [row.public_id for row in as_("elise").get(url("alerts")).context["page"]] == [alert.public_id]
    assert "Alerte prise, consigne à écrire" in as_("farid").get("/t/vallees/todo/").content.decode()

    as_("elise").post(url("instruct_alert", alert.public_id), {"instruction": "Le 15 arrive, restez."})

    assert not as_("elise").get(url("alerts")).context["page"].object_list
    assert "Le 15 arrive, restez." in as_("amal").get(url("alert", alert.public_id)).content.decode()
    assert f"par {who('elise').user.get_full_name()}" in as_("amal").get(url("alert", alert.public_id)).content.decode()
    assert told(alert, LadderStep.INSTRUCTED) == {"amal", "ines"}


def words_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(response.content.decode())).split())


@pytest.mark.parametrize("code", ["MIND_VITAL:MOTHER_DEATH_TALK", "CHILD_VITAL:CHILD_FLOPPY"])
def test_day_says_what_is_missing_before_leaving_as_the_refusal_does(as_: Any, pathway: Pathway, code: str) -> None:
    """One sentence on two screens: nobody reads that the team answered, then that its answer is missing."""
    visit = factories.make_visit(pathway, state=VisitState.STARTED, started_at=AT - timedelta(hours=1))
    about = SEALED if code.startswith("MIND") else {}
    alert = tap(pathway, code, **about, subject_id=visit.public_id)
    said = []
    for step in ("open", "taken"):
        if step == "taken":
            alerts.take_alert(alert=alert, by=who("farid"), at=AT)
        refused = words_of(as_("amal").post(f"/t/vallees/visits/{visit.public_id}/leave/"))
        [missing] = re.findall(r"Il manque .*? J’ai appelé »\.", refused)
        said.append(missing)
        assert missing in words_of(as_("amal").get("/t/vallees/day/"))
        assert missing in words_of(as_("amal").get(f"/t/vallees/alerts/{alert.public_id}/procedure/"))

    if code.startswith("MIND"):
        assert "la réponse de l’équipe" in said[0]
        assert "la réponse de l’équipe" not in said[1]
        assert f"la consigne de {who('farid').user.get_full_name()} ou l’appel au 15" in said[1]
    else:
        assert said[0] == said[1]
        assert "l’appel à l’équipe ou au 15" in said[0]


def test_nothing_is_missing_once_the_instruction_is_written(as_: Any, pathway: Pathway) -> None:
    visit = factories.make_visit(pathway, state=VisitState.STARTED, started_at=AT - timedelta(hours=1))
    alert = tap(pathway, "MIND_VITAL:MOTHER_DEATH_TALK", **SEALED, subject_id=visit.public_id)
    said = alerts.Taking(instruction="Restez.", decision="call_mother", due_at=AT + T)
    alerts.take_alert(alert=alert, by=who("farid"), at=AT, taking=said)

    assert "Il manque" not in words_of(as_("amal").get("/t/vallees/day/"))


# ---- The instruction --------------------------------------------------------------------------------------
def test_a_name_alone_neither_frees_the_auxiliary_nor_closes_the_alert(pathway: Pathway) -> None:
    visit = factories.make_visit(pathway, state=VisitState.STARTED, started_at=AT - timedelta(hours=1))
    alert = tap(pathway, "MIND_VITAL:MOTHER_DEATH_TALK", **SEALED, subject_id=visit.public_id)
    alerts.take_alert(alert=alert, by=who("farid"), at=AT)
    assert leaving.blocking_families(visit) == ["MIND_VITAL"]
    with pytest.raises(BusinessError) as refusal:
        alerts.close_alert(alert=alert, by=who("farid"), outcome="Vue.", is_false_alarm=False, at=AT)
    assert refusal.value.code == "instruction_missing"

    alert.refresh_from_db()
    said = alerts.Taking(instruction="Restez.", decision="call_mother", due_at=AT + T)
    alerts.instruct_alert(alert=alert, by=who("farid"), taking=said, at=AT)

    assert leaving.blocking_families(visit) == []
    alerts.close_alert(alert=alert, by=who("farid"), outcome="Vue.", is_false_alarm=False, at=AT)


def test_not_to_be_left_alone_still_needs_its_decision(as_: Any, pathway: Pathway) -> None:
    alert = tap(pathway, ITEM_10, **SEALED)
    as_("farid").post(url("take_alert", alert.public_id))

    empty = as_("farid").post(url("instruct_alert", alert.public_id), {"instruction": "Restez."})

    assert empty.status_code == 422
    assert "Choisissez ce que l’équipe décide." in empty.content.decode()
    alert.refresh_from_db()
    assert alert.instructed_at is None


def test_the_second_instruction_reads_who_wrote_the_first(pathway: Pathway) -> None:
    alert = tap(pathway)
    alerts.take_alert(alert=alert, by=who("farid"), at=AT)
    alerts.instruct_alert(alert=alert, by=who("farid"), taking=alerts.Taking(instruction="Un."), at=AT)

    with pytest.raises(BusinessError, match="Farid Martin a déjà écrit la consigne"):
        alerts.instruct_alert(alert=alert, by=who("elise"), taking=alerts.Taking(instruction="Deux."), at=AT)

    alert.refresh_from_db()
    assert (alert.instruction, alert.next_step_at) == ("Un.", AT + timedelta(hours=24))


def test_an_instruction_before_any_name_is_refused(pathway: Pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        alerts.instruct_alert(alert=tap(pathway), by=who("farid"), taking=alerts.Taking(instruction="Un."), at=AT)

    assert refusal.value.code == "not_taken"


def test_a_refusal_noted_before_the_instruction_stays(pathway: Pathway) -> None:
    alert = tap(pathway, ITEM_10, **SEALED)
    alerts.take_alert(alert=alert, by=who("farid"), at=AT)
    seen_before = Alert.objects.get(pk=alert.pk)
    note_refusal(alert=alert, refusal_words="Laissez-moi.", due_at=AT + T, at=AT)

    said = alerts.Taking(instruction="Restez.", decision="call_mother", due_at=AT + T)
    with pytest.raises(BusinessError) as refusal:
        alerts.instruct_alert(alert=seen_before, by=who("farid"), taking=said, at=AT)
    assert refusal.value.code == "alert_changed"
    alert.refresh_from_db()
    alerts.instruct_alert(alert=alert, by=who("farid"), taking=alerts.Taking(instruction="Restez."), at=AT)

    alert.refresh_from_db()
    assert (alert.decision, alert.refusal_words, alert.instruction) == ("refuses", "Laissez-moi.", "Restez.")
    assert told(alert, LadderStep.INSTRUCTED) == {"amal"}


def test_a_sealed_one_is_instructed_by_its_readers_alone(pathway: Pathway) -> None:
    sealed, plain = tap(pathway, ITEM_10, **SEALED), tap(pathway)
    for alert in (sealed, plain):
        alerts.take_alert(alert=alert, by=who("elise"), at=AT)

    def may(alert: Alert) -> list[str]:
        names = ("elise", "farid", "nora", "fanny", "olga", "amal", "ines", "bea")
        return [name for name in names if perms.INSTRUCT_ALERT.allows(who(name), alert)]

    assert may(plain) == ["elise", "farid", "nora"]
    # Nora, doctor of the PMI, is no reader of the mother's own signs.
    assert may(sealed) == ["elise", "farid"]


# ---- The ladder after a name ------------------------------------------------------------------------------
def test_a_name_holds_the_ladder_one_delay_then_it_climbs_on(pathway: Pathway, clock: Any) -> None:
    alert = tap(pathway)
    taken_at = AT + timedelta(minutes=2)
    alerts.take_alert(alert=alert, by=who("farid"), at=taken_at)
    found = []
    for times in (1, 2, 3, 4):
        clock.move_to(taken_at + times * T - SECOND)
        assert run() == 0
        clock.move_to(taken_at + times * T)
        assert run() == 1
        assert run() == 0
        found.append(steps(alert)[-1])
    clock.move_to(taken_at + timedelta(hours=24))
    assert run() == 1

    assert found == [LadderStep.UNSAID, LadderStep.SECOND, LadderStep.DOCTOR, LadderStep.PILOTS]
    assert told(alert, LadderStep.UNSAID) == {"farid"}
    assert steps(alert)[-1] == LadderStep.RETURN
    # She was told who takes care of it: « personne n’a répondu » would be false.
    assert LadderStep.AP not in steps(alert)


def test_the_instruction_stops_it(pathway: Pathway, clock: Any) -> None:
    alert = tap(pathway)
    alerts.take_alert(alert=alert, by=who("farid"), at=AT)
    clock.move_to(AT + T - SECOND)
    alerts.instruct_alert(alert=alert, by=who("farid"), taking=alerts.Taking(instruction="Restez."), at=AT + T - SECOND)
    clock.move_to(AT + timedelta(hours=23, minutes=59))

    assert run() == 0
    assert LadderStep.UNSAID not in steps(alert)


def test_who_is_called_after_a_name_reads_that_the_instruction_is_missing(pathway: Pathway, clock: Any) -> None:
    alert = tap(pathway)
    alerts.take_alert(alert=alert, by=who("farid"), at=AT)
    for times in (1, 2):
        clock.move_to(AT + times * T)
        run()

    sent = OutgoingMessage.objects.filter(dedup_key__endswith=":sms").order_by("pk")
    texts = {one.dedup_key.split(":")[2]: one.body for one in sent}
    assert "la consigne a l'auxiliaire manque" in texts["unsaid"]
    assert "alerte prise a 15 h 05, toujours sans consigne" in texts["second"]
    assert all(len(text) < 160 and "http" not in text for text in texts.values())


@pytest.mark.parametrize(
    ("reached", "following"),
    [
        ((), LadderStep.UNSAID),
        (("unsaid",), LadderStep.SECOND),
        (("second", "unsaid"), LadderStep.DOCTOR),
        (("second", "doctor", "ap", "unsaid"), LadderStep.PILOTS),
        (("second", "doctor", "ap", "pilots", "unsaid"), None),
    ],
)
def test_step_after_taking_goes_on_where_the_ladder_stood(reached: tuple[str, ...], following: str | None) -> None:
    assert step_after_taking(set(reached)) == following

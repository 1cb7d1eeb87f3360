"""A death that the auxiliary noted pages the team on duty at once, and again after two hours if nobody confirmed it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import scope
from pathways.actions import deaths
from pathways.actions.alerts import Taking, take_alert
from pathways.enums import AlertKind, LadderStep
from pathways.models import Alert, AlertNotice, AlertStep, Child, Death, Pathway
from pathways.tasks import climb_ladders
from territories.models import OutgoingMessage, User
from tests.factories import make_birth, make_death, make_pathway, make_shift, make_transmission, who

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
DELAY = timedelta(hours=2)
SECOND = timedelta(seconds=1)
NEUTRAL = {
    "CoPa : une alerte attend votre reponse depuis 15 h 05. Ouvrez la plateforme ou rappelez 01 99 00 31 00.",
    "CoPa : alerte sans reponse depuis 15 h 05. Ouvrez la plateforme ou rappelez 01 99 00 31 00.",
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    for number, name in enumerate(["amal", "farid", "elise"]):
        User.objects.filter(email=f"{name}@copa.example").update(phone=f"+3319900310{number}")
    make_shift(who("farid"))
    return make_pathway(ap=who("amal"))


def note(pathway: Pathway, by: str = "amal", *, is_confirmed: bool = False) -> Death:
    return make_death(pathway.birth, by=who(by), is_confirmed=is_confirmed)


def run() -> int:
    return int(climb_ladders(str(scope.current_territory_id())))


def told(step: str) -> set[tuple[str, str]]:
    rows = AlertNotice.objects.filter(step__step=step, step__alert__kind=AlertKind.DEATH).order_by("pk")
    return {(row.member.user.first_name.lower() if row.member else "mailbox", row.channel) for row in rows}


def test_the_team_on_duty_is_told_at_once_and_nothing_is_said_of_it(pathway: Pathway) -> None:
    note(pathway)
    note(pathway)

    assert told(LadderStep.RAISED) == {("farid", "app"), ("farid", "sms"), ("farid", "email")}
    paged = OutgoingMessage.objects.filter(dedup_key__startswith=f"alert:{Alert.objects.get().public_id}")
    assert paged.count() == 2
    for one in paged.order_by("pk"):
        assert one.body in NEUTRAL or "Une alerte CoPa vous attend." in one.body
        assert not any(word in (one.subject + one.body).lower() for word in ("décès", "deces", "deuil", "martin"))


def test_it_is_told_again_at_two_hours_once(pathway: Pathway, clock: Any) -> None:
    note(pathway)
    clock.move_to(AT + DELAY - SECOND)
    assert run() == 0
    clock.move_to(AT + DELAY)
    assert run() == 1
    written = OutgoingMessage.objects.count()
    assert run() == 0
    clock.move_to(AT + 30 * DELAY)
    assert run() == 0

    # Farid is still on duty; the coordination is told with him.
    assert {name for name, _ in told(LadderStep.REMINDED)} == {"elise", "farid"}
    assert OutgoingMessage.objects.count() == written
    assert set(OutgoingMessage.objects.filter(channel="sms").values_list("body", flat=True)) == NEUTRAL


@pytest.mark.parametrize("what", ["confirmed", "undone", "taken"])
def test_only_what_nobody_confirmed_is_told_again(pathway: Pathway, clock: Any, what: str) -> None:
    death, later = note(pathway), AT + DELAY / 2
    clock.move_to(later)
    if what == "confirmed":
        deaths.confirm_death(death=death, by=who("farid"), at=later)
    elif what == "undone":
        deaths.undo_death(death=death, reason="Autre famille.", by=who("farid"), at=later)
    else:
        take_alert(alert=Alert.objects.get(kind=AlertKind.DEATH), by=who("farid"), taking=Taking(), at=later)
    clock.move_to(AT + DELAY)

    assert run() == int(what == "taken")
    assert AlertStep.objects.filter(step=LadderStep.REMINDED).count() == int(what == "taken")


def test_nobody_on_duty_tells_the_coordination_and_the_mailbox(pathway: Pathway, clock: Any) -> None:
    clock.move_to(AT + timedelta(days=30))
    note(pathway)

    assert told(LadderStep.RAISED) == {("elise", "app"), ("elise", "sms"), ("elise", "email"), ("mailbox", "email")}


@pytest.mark.parametrize("is_taken", [True, False])
def test_whoever_took_a_transmission_to_the_pmi_is_told_that_it_changed(vallees: scope.Scope, is_taken: bool) -> None:
    """It is in nobody's tasks any more, and she would ring from her notes (A17)."""
    birth = make_birth(children=2)
    taken = {"taken_by": who("gaelle"), "taken_at": AT} if is_taken else {}
    make_transmission(birth, **taken)

    make_death(birth, Child.objects.order_by("rank").first())

    mails = list(OutgoingMessage.objects.filter(dedup_key__startswith="transmission-changed").order_by("pk"))
    assert [mail.to for mail in mails] == ["gaelle@copa.example"] * is_taken
    for mail in mails:
        text = f"{mail.subject} {mail.body}".lower()
        assert not any(word in text for word in ("décès", "deuil", "mort", "samira"))

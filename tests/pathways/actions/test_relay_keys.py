"""Both keys of a relay: what each may turn from each state, and what a refusal leaves behind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import relay_followup, relays
from pathways.actions.families import change_recipients
from pathways.models import PmiRelay, RelayContact, RelayStep, RelayTask
from territories.models import OutgoingMessage, PmiSector
from tests import factories

OPEN = {"waiting", "questioned"}


def today() -> Any:
    return clock.local_date(clock.now(), "Europe/Paris")


def sector(name: str) -> PmiSector:
    return PmiSector.objects.select_related("structure").get(structure__name=name)


def accept(relay: PmiRelay) -> None:
    relays.accept_relay(relay=relay, next_contact_on=today(), by=factories.who("gaelle"), at=clock.now())


def ask(relay: PmiRelay) -> None:
    relays.question_relay(relay=relay, question="Qui ?", by=factories.who("gaelle"), at=clock.now())


def decline(relay: PmiRelay) -> None:
    relays.decline_relay(relay=relay, reason="Poste vacant.", by=factories.who("gaelle"), at=clock.now())


def reassign(relay: PmiRelay) -> None:
    by, to = factories.who("gaelle"), sector("PMI de Brécourt")
    relays.reassign_relay(relay=relay, sector=to, reason="Elle y habite.", by=by, at=clock.now())


def reply(relay: PmiRelay) -> None:
    relays.reply_to_relay(relay=relay, reply="Dr Marchand.", by=factories.who("elise"), at=clock.now())


def send_again(relay: PmiRelay) -> None:
    relays.send_relay_again(relay=relay, reason="Le poste est pourvu.", by=factories.who("farid"), at=clock.now())


def close(relay: PmiRelay) -> None:
    relays.close_relay(relay=relay, reason="Suivie ailleurs.", by=factories.who("farid"), at=clock.now())


def in_state(state: str) -> PmiRelay:
    values: dict[str, Any] = {"state": state}
    if state == "accepted":
        values |= {"answered_at": clock.now(), "answered_by": factories.who("gaelle"), "next_contact_on": today()}
    return factories.make_relay(**values)


# (move, the states it starts from, where it leads)
MOVES: list[tuple[Callable[[PmiRelay], None], set[str], str]] = [
    (accept, OPEN, "accepted"),
    (ask, OPEN, "questioned"),
    (decline, OPEN, "declined"),
    (reassign, OPEN | {"declined"}, "waiting"),
    (reply, {"questioned"}, "waiting"),
    (send_again, {"declined", "not_needed"}, "waiting"),
    (close, OPEN | {"declined"}, "not_needed"),
]


@pytest.mark.parametrize(("move", "allowed", "to"), MOVES, ids=[move.__name__ for move, *_ in MOVES])
@pytest.mark.parametrize("state", ["waiting", "questioned", "accepted", "declined", "not_needed"])
def test_each_move_starts_where_it_may(
    vallees: scope.Scope, state: str, move: Callable[[PmiRelay], None], allowed: set[str], to: str
) -> None:
    relay = in_state(state)

    if state in allowed:
        move(relay)
        assert PmiRelay.objects.get().state == to
        return
    with pytest.raises(BusinessError):
        move(relay)
    assert PmiRelay.objects.get().state == state
    assert not RelayStep.objects.exists()
    assert not OutgoingMessage.objects.exists()


def test_reassigned_relay_is_the_new_services_and_tells_it(vallees: scope.Scope) -> None:
    relay = factories.make_relay()

    reassign(relay)

    step = RelayStep.objects.get()
    assert PmiRelay.objects.visible_to(factories.who("gina")).exists()
    assert not PmiRelay.objects.visible_to(factories.who("gaelle")).exists()
    assert (step.from_sector, step.to_sector) == (sector("PMI de Ligny"), sector("PMI de Brécourt"))
    mail = OutgoingMessage.objects.get()
    assert mail.to == sector("PMI de Brécourt").structure.mailbox
    assert "Haddad" not in mail.body


def test_relay_is_not_reassigned_to_its_own_sector(vallees: scope.Scope) -> None:
    relay = factories.make_relay()

    with pytest.raises(BusinessError) as refusal:
        relays.reassign_relay(
            relay=relay, sector=sector("PMI de Ligny"), reason="x", by=factories.who("gaelle"), at=clock.now()
        )

    assert refusal.value.field == "sector"


def test_relay_never_leaves_the_territory(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    elsewhere = PmiSector(pk=10**9, name="Ailleurs")

    with pytest.raises(BusinessError) as refusal:
        relays.reassign_relay(relay=relay, sector=elsewhere, reason="x", by=factories.who("gaelle"), at=clock.now())

    assert refusal.value.code == "sector_elsewhere"


def test_declined_relay_is_closed_to_the_pmi_and_told_to_the_team(vallees: scope.Scope) -> None:
    relay = factories.make_relay()

    decline(relay)

    assert not PmiRelay.objects.visible_to(factories.who("gaelle")).exists()
    assert OutgoingMessage.objects.get().to == relay.pathway.carrier.mailbox


def test_correcting_the_address_undoes_no_reassignment(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    reassign(relay)
    client_change = {"PMI": "YES"}

    change_recipients(family=relay.family, agreements=client_change, by=factories.who("elise"), at=clock.now())

    assert PmiRelay.objects.get().sector == sector("PMI de Brécourt")


# ---- Earlier than its day (R051) --------------------------------------------------------------------------------
def start(relay: PmiRelay) -> None:
    relays.start_relay(relay=relay, reason="Elle est seule.", by=factories.who("farid"), at=clock.now())


def test_relay_starts_before_its_day(vallees: scope.Scope) -> None:
    relay = factories.make_relay()

    start(relay)

    started = PmiRelay.objects.get()
    assert (started.due_on, started.started_at is not None) == (today(), True)
    assert OutgoingMessage.objects.get().to == sector("PMI de Ligny").structure.mailbox
    with pytest.raises(BusinessError, match="déjà attendue"):
        start(relay)


def test_relay_does_not_start_without_agreement(vallees: scope.Scope) -> None:
    relay = factories.make_relay(is_agreed=False)

    with pytest.raises(BusinessError) as refusal:
        start(relay)

    assert refusal.value.code == "no_agreement"
    assert not OutgoingMessage.objects.exists()


def test_relay_does_not_start_where_no_sector_answers(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError) as refusal:
        start(factories.make_relay(sector=None))

    assert refusal.value.code == "no_sector"


def test_relay_whose_day_has_come_is_not_started(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError) as refusal:
        start(factories.make_relay(due_on=today()))

    assert refusal.value.code == "already_due"


# ---- Afterwards ---------------------------------------------------------------------------------------------------
def note(relay: PmiRelay, **values: Any) -> RelayContact:
    about = {"on": today(), "kind": "call", "has_met": True, "next_contact_on": None} | values
    return relay_followup.note_contact(relay=relay, by=factories.who("gaelle"), at=clock.now(), **about)


def test_contact_ends_the_silence_only_when_the_family_was_there(vallees: scope.Scope) -> None:
    relay = in_state("accepted")

    note(relay, has_met=False, next_contact_on=today() + timedelta(days=3))
    assert PmiRelay.objects.without_contact().exists()
    assert PmiRelay.objects.get().next_contact_on == today() + timedelta(days=3)
    note(relay, kind="visit")

    assert not PmiRelay.objects.without_contact().exists()
    # What was agreed with the family for a day still to come stands.
    assert PmiRelay.objects.get().next_contact_on == today() + timedelta(days=3)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"on": today() + timedelta(days=1)}, "on"),
        ({"on": today() - timedelta(days=40)}, "on"),
        ({"kind": "letter"}, "kind"),
        ({"next_contact_on": today() - timedelta(days=1)}, "next_contact_on"),
        ({"next_contact_on": today() + timedelta(days=93)}, "next_contact_on"),
    ],
)
def test_bad_contact_is_refused_beside_its_field(vallees: scope.Scope, values: dict[str, Any], field: str) -> None:
    relay = in_state("accepted")

    with pytest.raises(BusinessError) as refusal:
        note(relay, **values)

    assert refusal.value.field == field
    assert not RelayContact.objects.exists()


def test_contact_and_outcome_wait_for_the_acceptance(vallees: scope.Scope) -> None:
    relay = factories.make_relay()

    with pytest.raises(BusinessError):
        note(relay)
    with pytest.raises(BusinessError):
        relay_followup.set_outcome(
            relay=relay, outcome="followed", on=today(), by=factories.who("gaelle"), at=clock.now()
        )


def test_outcome_is_corrected_and_ends_the_list_of_silences(vallees: scope.Scope) -> None:
    relay = in_state("accepted")

    relay_followup.set_outcome(relay=relay, outcome="moved", on=today(), by=factories.who("gaelle"), at=clock.now())
    relay_followup.set_outcome(relay=relay, outcome="followed", on=today(), by=factories.who("gaelle"), at=clock.now())

    assert PmiRelay.objects.get().outcome == "followed"
    assert not PmiRelay.objects.without_contact().exists()


def test_three_tasks_at_most_each_to_come(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    tasks = [(f"Peser {rank}", today()) for rank in range(4)]

    with pytest.raises(BusinessError, match="Trois"):
        relay_followup.set_tasks(relay=relay, tasks=tasks, at=clock.now())
    with pytest.raises(BusinessError, match="passée"):
        relay_followup.set_tasks(relay=relay, tasks=[("Peser", today() - timedelta(days=1))], at=clock.now())
    relay_followup.set_tasks(relay=relay, tasks=tasks[:3], at=clock.now())
    relay_followup.set_tasks(relay=relay, tasks=tasks[:1], at=clock.now())

    assert [(task.rank, task.text) for task in RelayTask.objects.all()] == [(1, "Peser 0")]


def test_agreement_withdrawn_keeps_the_acceptance_from_going_through(vallees: scope.Scope) -> None:
    relay = factories.make_relay(is_agreed=False)

    with pytest.raises(BusinessError) as refusal:
        accept(relay)

    assert refusal.value.code == "relay_hidden"
    assert PmiRelay.objects.get().state == "waiting"

"""A relay is questioned, answered, accepted once."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import relay_followup, relays
from pathways.models import Birth, Pathway, PmiRelay, RelayContact, RelayStep
from pathways.reads.relays import relay_talk
from territories.models import OutgoingMessage, PmiSector
from tests import factories


def test_relay_is_questioned_answered_then_accepted(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    gaelle, at = factories.who("gaelle"), clock.now()
    tomorrow = clock.local_date(at, "Europe/Paris") + timedelta(days=1)

    relays.question_relay(relay=relay, question="Qui suit l’enfant ?", by=gaelle, at=at)
    assert PmiRelay.objects.get().state == "questioned"
    relays.reply_to_relay(relay=relay, reply="Dr Marchand.", by=factories.who("elise"), at=clock.now())
    assert PmiRelay.objects.get().state == "waiting"
    relays.accept_relay(relay=relay, next_contact_on=tomorrow, by=gaelle, at=at)

    accepted = PmiRelay.objects.get()
    assert (accepted.state, accepted.next_contact_on, accepted.reply) == ("accepted", tomorrow, "Dr Marchand.")


def test_question_that_the_pmi_did_not_wait_for_is_still_answered(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    gaelle, elise, at = factories.who("gaelle"), factories.who("elise"), clock.now()
    relays.question_relay(relay=relay, question="Qui suit l’enfant ?", by=gaelle, at=at)
    relays.accept_relay(relay=relay, next_contact_on=clock.local_date(at, "Europe/Paris"), by=gaelle, at=at)

    relays.reply_to_relay(relay=relay, reply="Dr Marchand.", by=elise, at=at)

    answered = PmiRelay.objects.get()
    assert (answered.state, answered.reply) == ("accepted", "Dr Marchand.")
    with pytest.raises(BusinessError, match="déjà reçu sa réponse"):
        relays.reply_to_relay(relay=relay, reply="Non, Dr Lenoir.", by=elise, at=at)


def test_question_of_the_former_pmi_leaves_with_it(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    relays.question_relay(relay=relay, question="Qui ?", by=factories.who("gaelle"), at=clock.now())
    other = PmiSector.objects.exclude(pk=relay.sector_id).order_by("pk").first()
    assert other is not None

    relays.reassign_relay(
        relay=relay, sector=other, reason="Elle a déménagé.", by=factories.who("elise"), at=clock.now()
    )

    with pytest.raises(BusinessError, match="déjà reçu sa réponse"):
        relays.reply_to_relay(relay=relay, reply="Dr M.", by=factories.who("elise"), at=clock.now())


def test_question_of_a_pmi_that_declined_is_not_put_by_the_next_one(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    gaelle, elise, at = factories.who("gaelle"), factories.who("elise"), clock.now()
    relays.question_relay(relay=relay, question="Qui ?", by=gaelle, at=at)
    relays.decline_relay(relay=relay, reason="Elle n’habite plus ici.", by=gaelle, at=at)
    other = PmiSector.objects.exclude(pk=relay.sector_id).order_by("pk").get()
    relays.reassign_relay(relay=relay, sector=other, reason="Elle a déménagé.", by=elise, at=at)

    day = clock.local_date(at, "Europe/Paris")
    relays.accept_relay(relay=relay, next_contact_on=day, by=factories.who("gina"), at=at)

    with pytest.raises(BusinessError, match="déjà reçu sa réponse"):
        relays.reply_to_relay(relay=relay, reply="Dr M.", by=elise, at=at)
    assert [one.text for one in relay_talk(relay)] == ["Qui ?"]


def test_answered_question_goes_with_the_relay(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    elise, at = factories.who("elise"), clock.now()
    relays.question_relay(relay=relay, question="Qui ?", by=factories.who("gaelle"), at=at)
    relays.reply_to_relay(relay=relay, reply="Dr M.", by=elise, at=at)
    other = PmiSector.objects.exclude(pk=relay.sector_id).order_by("pk").get()

    relays.reassign_relay(relay=relay, sector=other, reason="Elle a déménagé.", by=elise, at=at)

    assert PmiRelay.objects.values_list("question", "reply").get() == ("Qui ?", "Dr M.")


def test_each_side_learns_that_the_other_has_spoken_and_no_mail_says_of_whom(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    gaelle, elise, at = factories.who("gaelle"), factories.who("elise"), clock.now()

    relays.question_relay(relay=relay, question="Qui suit l’enfant ?", by=gaelle, at=at)
    relays.reply_to_relay(relay=relay, reply="Dr Marchand.", by=elise, at=at)
    relays.accept_relay(relay=relay, next_contact_on=clock.local_date(at, "Europe/Paris"), by=gaelle, at=at)

    team, pmi = relay.pathway.carrier.mailbox, relay.sector.structure.mailbox
    sent = OutgoingMessage.objects.filter(dedup_key__contains="relay-").order_by("pk")
    assert [(one.to, one.dedup_key.split(":")[0]) for one in sent] == [
        (team, "relay-questioned"),
        (pmi, "relay-answered"),
        (team, "relay-accepted"),
    ]
    written = " ".join(f"{one.subject} {one.body}" for one in sent)
    assert not [word for word in ("Marchand", relay.family.reference, relay.pathway.carrier.name) if word in written]


def outcome_mails() -> list[str]:
    rows = OutgoingMessage.objects.filter(dedup_key__startswith="relay-outcome").order_by("pk")
    return [f"{one.to} {one.subject} {one.body}" for one in rows]


def test_team_is_told_once_of_each_outcome_and_not_of_what_or_of_whom(vallees: scope.Scope) -> None:
    relay, gaelle, at = factories.make_relay(), factories.who("gaelle"), clock.now()
    day = clock.local_date(at, "Europe/Paris")
    relays.accept_relay(relay=relay, next_contact_on=day, by=gaelle, at=at)

    for minute, outcome in enumerate(("followed", "followed", "moved")):
        relay_followup.set_outcome(
            relay=relay, outcome=outcome, on=day, words="Chez sa sœur", by=gaelle, at=at + timedelta(minutes=minute)
        )

    told = outcome_mails()
    assert [one.split()[0] for one in told] == [relay.pathway.carrier.mailbox] * 2
    assert not [word for word in ("Haddad", "déménagé", "sœur", relay.family.reference) if word in " ".join(told)]


@pytest.mark.parametrize("stop", ["agreement", "silence", "withdrawal"])
def test_outcome_of_a_relay_the_pmi_no_longer_sees_is_refused(vallees: scope.Scope, stop: str) -> None:
    relay, gaelle, at = factories.make_relay(), factories.who("gaelle"), clock.now()
    day = clock.local_date(at, "Europe/Paris")
    relays.accept_relay(relay=relay, next_contact_on=day, by=gaelle, at=at)
    if stop == "agreement":
        PmiRelay.objects.update(is_agreed=False)
    elif stop == "silence":
        Birth.objects.update(is_silent=True)
    else:
        Pathway.objects.update(state="withdrawn")

    with pytest.raises(BusinessError) as refusal:
        relay_followup.set_outcome(relay=relay, outcome="moved", on=day, by=gaelle, at=at)

    assert refusal.value.code == "relay_hidden"
    assert outcome_mails() == []


def test_relay_is_accepted_once_and_not_after_a_stop(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    gaelle, at = factories.who("gaelle"), clock.now()
    today = clock.local_date(at, "Europe/Paris")
    relays.accept_relay(relay=relay, next_contact_on=today, by=gaelle, at=at)

    with pytest.raises(BusinessError, match="déjà été accepté"):
        relays.accept_relay(relay=relay, next_contact_on=today, by=gaelle, at=at)
    with pytest.raises(BusinessError, match="déjà été accepté"):
        relays.question_relay(relay=relay, question="Et encore ?", by=gaelle, at=at)


def test_relay_contact_is_not_in_the_past(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    yesterday = clock.local_date(clock.now(), "Europe/Paris") - timedelta(days=1)

    with pytest.raises(BusinessError) as refusal:
        relays.accept_relay(relay=relay, next_contact_on=yesterday, by=factories.who("gaelle"), at=clock.now())

    assert refusal.value.field == "next_contact_on"
    assert PmiRelay.objects.get().state == "waiting"


@pytest.mark.parametrize(("days", "is_late"), [(7, False), (8, True)])
def test_first_contact_later_than_the_team_asks_says_why(vallees: scope.Scope, days: int, is_late: bool) -> None:
    relay, gaelle, at = factories.make_relay(), factories.who("gaelle"), clock.now()
    day = clock.local_date(at, "Europe/Paris") + timedelta(days=days)
    asked: dict[str, Any] = {"relay": relay, "next_contact_on": day, "by": gaelle, "at": at}

    if is_late:
        with pytest.raises(BusinessError) as refusal:
            relays.accept_relay(**asked, late_reason=" ")
        assert (refusal.value.code, refusal.value.field) == ("contact_late", "late_reason")
        assert PmiRelay.objects.get().state == "waiting"
    relays.accept_relay(**asked, late_reason="Congés de la puéricultrice." if is_late else "")

    told = list(RelayStep.objects.values_list("kind", "reason"))
    assert told == ([("late_contact", "Congés de la puéricultrice.")] if is_late else [])
    assert PmiRelay.objects.get().next_contact_on == day


def test_first_contact_put_off_later_says_why_until_somebody_met_the_family(vallees: scope.Scope) -> None:
    relay, gaelle, at = factories.make_relay(), factories.who("gaelle"), clock.now()
    today = clock.local_date(at, "Europe/Paris")
    relays.accept_relay(relay=relay, next_contact_on=today, by=gaelle, at=at)
    later: dict[str, Any] = {"relay": relay, "next_contact_on": today + timedelta(days=30), "by": gaelle, "at": at}

    with pytest.raises(BusinessError, match="dites pourquoi"):
        relays.correct_contact(**later)
    RelayContact.objects.create(
        family_id=relay.family_id, relay=relay, on=today, kind="visit", has_met=True, by=gaelle, at=at
    )
    relays.correct_contact(**later)

    assert not RelayStep.objects.exists()
    assert PmiRelay.objects.get().next_contact_on == today + timedelta(days=30)


def test_question_is_not_asked_of_a_relay_that_is_hidden_now(vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    PmiRelay.objects.update(is_agreed=False)

    with pytest.raises(BusinessError, match="plus ouvert à la PMI"):
        relays.question_relay(relay=relay, question="Qui suit ?", by=factories.who("gaelle"), at=clock.now())

    assert PmiRelay.objects.get().state == "waiting"

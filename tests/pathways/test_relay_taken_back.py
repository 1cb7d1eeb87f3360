"""A mother takes her yes to the PMI back once it has accepted: it stops, and the team knows that nobody follows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import families, relays
from pathways.actions.shared import local_day
from pathways.enums import Agreement, Recipient, RelayState
from pathways.models import PmiRelay
from pathways.reads.story import told
from territories.models import OutgoingMessage
from tests import factories
from visits.reads.todo.base import Now
from visits.reads.todo.page import waiting_for


@pytest.fixture
def relay(vallees: scope.Scope) -> PmiRelay:
    """Ligny has accepted, with its next contact in two days; Inès follows the family too."""
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=20)
    factories.make_grant(pathway.family, to=factories.who("ines"))
    found = PmiRelay.objects.get(pathway=pathway)
    at = clock.now()
    contact = local_day(at) + timedelta(days=2)
    relays.accept_relay(relay=found, next_contact_on=contact, by=factories.who("gaelle"), at=at)
    return PmiRelay.objects.get()


def answer(relay: PmiRelay, said: str) -> None:
    families.change_recipients(
        family=relay.family, agreements={Recipient.PMI: said}, by=factories.who("amal"), at=clock.now()
    )


def mails(prefix: str) -> dict[str, str]:
    return {mail.to: mail.body for mail in OutgoingMessage.objects.filter(dedup_key__startswith=prefix)}


def tasks(name: str) -> list[str]:
    at = clock.now()
    now = Now(at, clock.local_date(at, "Europe/Paris"), "Europe/Paris")
    return [one.words for one in waiting_for(factories.who(name), now)]


def story(relay: PmiRelay, name: str) -> str:
    return "\n".join(f"{event.title} {event.text}" for event in told(relay.family, factories.who(name)))


@pytest.mark.parametrize("said", [Agreement.NO, Agreement.LATER])
def test_pmi_is_told_to_call_the_team_and_nothing_else(relay: PmiRelay, said: str) -> None:
    answer(relay, said)

    found = mails("relay-off:")
    assert set(found) == {factories.structure("PMI de Ligny").mailbox, "gaelle@copa.example"}
    for body in found.values():
        assert "Appelez-la" in body
        assert "rien à ouvrir" in body
        assert not any(word in body for word in ("Haddad", "accord", "relais", "Connectez-vous"))


def test_team_has_a_task_and_a_mail_until_it_has_decided(relay: PmiRelay, as_: Callable[[str], Any]) -> None:
    assert "Relais retiré par la mère, à reprendre" not in tasks("farid")

    answer(relay, Agreement.NO)

    assert "Relais retiré par la mère, à reprendre" in tasks("farid")
    assert "Relais retiré par la mère, à reprendre" not in tasks("gaelle")
    assert set(mails("relay-taken_back:")) == {relay.pathway.carrier.mailbox}
    page = as_("farid").get(f"/t/vallees/relays/{relay.public_id}/").content.decode()
    assert f"/relays/{relay.public_id}/close/" in page
    relays.close_relay(relay=relay, reason="Elle préfère son médecin.", by=factories.who("farid"), at=clock.now())
    assert PmiRelay.objects.get().state == RelayState.NOT_NEEDED
    assert "Relais retiré par la mère, à reprendre" not in tasks("farid")


def test_relay_the_pmi_follows_with_her_yes_is_not_closed_by_the_team(relay: PmiRelay) -> None:
    with pytest.raises(BusinessError, match="accepté"):
        relays.close_relay(relay=relay, reason="Non.", by=factories.who("farid"), at=clock.now())

    assert PmiRelay.objects.get().state == RelayState.ACCEPTED


def test_same_answer_again_tells_nobody_anew_and_a_yes_ends_the_task(relay: PmiRelay) -> None:
    answer(relay, Agreement.NO)
    answer(relay, Agreement.LATER)

    assert OutgoingMessage.objects.filter(dedup_key__startswith="relay-off:").count() == 2
    answer(relay, Agreement.YES)
    assert "Relais retiré par la mère, à reprendre" not in tasks("farid")
    assert "retire son accord" not in story(relay, "farid")


def test_history_says_why_to_the_team_alone_and_promises_nobody_a_contact(relay: PmiRelay) -> None:
    assert "Prochain contact" in story(relay, "ines")

    answer(relay, Agreement.NO)

    for name in ("farid", "amal", "elise"):
        found = story(relay, name)
        assert "La mère retire son accord au relais PMI" in found, name
        assert "Prochain contact" not in found, name
    found = story(relay, "ines")
    assert "Le relais de la PMI s’arrête Demandez à l’équipe de référence qui suit l’enfant." in found
    assert "Prochain contact" not in found
    assert "retire" not in found


def test_relay_nobody_had_accepted_calls_nobody(vallees: scope.Scope) -> None:
    waiting = PmiRelay.objects.get(pathway=factories.make_pathway(ap=factories.who("amal"), days_ago=20))

    answer(waiting, Agreement.NO)

    assert not mails("relay-off:")
    assert not mails("relay-taken_back:")

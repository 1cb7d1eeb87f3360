"""The space of a parent from outside: her address, a code, her conversation, thirty minutes, and every attack on it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from copa.kernel import clock, scope
from messaging.actions import accounts, conversations
from messaging.enums import AccessEnd
from messaging.models import Conversation, Message, ParentAccount, ParentSession
from pathways.models import Family
from territories.models import HistoryEvent
from tests import factories
from tests.cast import LAGON, VALLEES, Person, inside
from tests.messaging import spaces

# A Tuesday at ten, in Paris.
AT = "2026-11-03 10:00:00+01:00"
LATE = "2026-11-03 22:00:00+01:00"


@pytest.fixture(autouse=True)
def _in_hours():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def mother(cast: dict[str, Person]) -> ParentAccount:
    with scope.opened(inside(VALLEES)):
        return spaces.opened(spaces.followed().family)


@pytest.fixture
def father(mother: ParentAccount) -> ParentAccount:
    with scope.opened(inside(VALLEES)):
        return spaces.opened(mother.family, spaces.agreed_coparent(mother.family))


def texts() -> list[str]:
    with scope.opened(inside(VALLEES)):
        return list(Message.objects.order_by("pk").values_list("text", flat=True))


def test_address_and_code_open_her_conversation(client, mother) -> None:
    first = client.get(spaces.entry(mother)).content.decode()

    page = spaces.enter(client, mother).get(spaces.HOME)

    assert [word for word in ("Benali", "Samira", "Amal", spaces.PHONE) if word in first] == []
    text = page.content.decode()
    assert "Bonjour Samira" in text
    assert "Lus par Amal, votre auxiliaire, et l’équipe de référence (Maternité Saint-Rémi)" in text
    assert "no-store" in page["Cache-Control"]


def test_numbers_to_call_stand_on_every_page(client, mother) -> None:
    door = client.get(spaces.entry(mother)).content.decode()
    inside_page = spaces.enter(client, mother).get(spaces.HOME).content.decode()

    for page in (door, inside_page):
        assert [one for one in ("tel:15", "tel:3114", "sms:114", "tel:+33199001248") if f'"{one}"' not in page] == []


def test_code_leaves_by_sms_and_serves_once(client, mother) -> None:
    client.post(spaces.entry(mother))
    with scope.opened(inside(VALLEES)):
        (sent,) = spaces.leaving("code")
    code = {"code": spaces.code_of(mother)}

    assert spaces.code_of(mother) not in sent.body
    assert (sent.to, sent.useless_from) == (spaces.PHONE, clock.now() + timedelta(minutes=10))
    assert client.post(spaces.entry(mother), code).status_code == 302
    assert Client().post(spaces.entry(mother), code).status_code == 422


def test_code_lives_ten_minutes(client, mother) -> None:
    client.post(spaces.entry(mother))
    code = {"code": spaces.code_of(mother)}

    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        assert client.post(spaces.entry(mother), code).status_code == 422
    with time_machine.travel(clock.now() + timedelta(minutes=9, seconds=59), tick=False):
        assert client.post(spaces.entry(mother), code).status_code == 302


def test_fifth_wrong_code_kills_it(client, mother) -> None:
    client.post(spaces.entry(mother))
    wrong = {"code": spaces.wrong_code(mother)}

    assert [client.post(spaces.entry(mother), wrong).status_code for _ in range(5)] == [422] * 5
    assert client.post(spaces.entry(mother), {"code": spaces.code_of(mother)}).status_code == 422


def test_sixth_code_of_an_hour_is_not_sent(client, mother) -> None:
    for _ in range(5):
        client.post(spaces.entry(mother))

    refused = client.post(spaces.entry(mother))

    assert refused.status_code == 429
    with scope.opened(inside(VALLEES)):
        assert len(spaces.leaving("code")) == 5


def test_whoever_guesses_addresses_is_slowed_down(client, mother) -> None:
    found = [client.get(f"/entree/{VALLEES}/guess{number}/").status_code for number in range(31)]

    assert found == [404] * 30 + [429]


def test_guessed_closed_and_foreign_addresses_get_the_same_page(client, mother) -> None:
    with scope.opened(inside(VALLEES)):
        other = spaces.opened(spaces.followed(name="Costa").family)
        accounts.close_account(account=other, why=AccessEnd.SELF, at=clock.now())
    asked = (f"/entree/{VALLEES}/guessed/", spaces.entry(mother, LAGON), spaces.entry(other), "/entree/nowhere/x/")

    found = [client.get(url) for url in asked]

    assert {one.status_code for one in found} == {404}
    assert len({one.content for one in found}) == 1


def test_page_of_a_stranger_is_that_of_a_dead_address(client, mother) -> None:
    guessed = client.get(f"/entree/{VALLEES}/guessed/").content

    assert client.get(spaces.HOME).content == guessed
    client.cookies["copa_espace"] = "guessed"
    assert client.get(spaces.HOME).content == guessed
    assert spaces.send(client, "Je suis elle.").status_code == 404
    assert texts() == []


def test_cookie_of_one_territory_opens_nothing_in_another(client, mother) -> None:
    key = spaces.enter(client, mother).cookies["copa_espace"].value
    other = Client()
    other.cookies["copa_espace"] = key

    assert other.get(f"/espace/{LAGON}/").status_code == 404


def test_message_is_stored_once_however_often_it_is_sent(client, mother) -> None:
    spaces.enter(client, mother)
    submission = uuid4()

    answers = [spaces.send(client, "Elle pleure le soir.", submission) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert texts() == ["Elle pleure le soir."]
    page = client.get(answers[0]["Location"]).content.decode()
    assert "Message envoyé. Réponse sur les heures de travail. En urgence, le 15." in page


def test_2000_characters_are_stored_and_2001_come_back(client, mother) -> None:
    spaces.enter(client, mother)

    whole = spaces.send(client, "a\r\n" * 999 + "éé")
    refused = spaces.send(client, "b" * 2001)

    assert whole.status_code == 302
    assert refused.status_code == 422
    assert "b" * 2001 in refused.content.decode()
    assert [len(text) for text in texts()] == [2000]


def test_empty_message_is_refused(client, mother) -> None:
    spaces.enter(client, mother)

    assert spaces.send(client, "  \n ").status_code == 422
    assert texts() == []


def test_message_at_night_says_when_it_is_read_and_whom_to_call(client, mother) -> None:
    with time_machine.travel(LATE, tick=False):
        spaces.enter(client, mother)
        address, _, notice = spaces.send(client, "Il a chaud.")["Location"].partition("#")
        page = client.get(address).content.decode()

    # However long the conversation, the page comes back on the sentence.
    assert (
        f'id="{notice}" role="status">Votre message est bien gardé. Amal le lira demain à partir de 9\u00a0h.' in page
    )
    assert "appelez 01\u00a099\u00a000\u00a012\u00a048, ou le 15 en urgence" in page
    assert "3114, jour et nuit" in page


def test_message_that_the_team_opened_at_night_still_waits_for_her_reader(client, mother) -> None:
    with time_machine.travel(LATE, tick=False):
        spaces.enter(client, mother)
        spaces.send(client, "Il a chaud.")
        with scope.opened(inside(VALLEES)):
            message, farid = Message.objects.get(), factories.who("farid")
            conversation = spaces.conversation_of(mother)
            conversations.note_read(conversation=conversation, shown=[message.pk], by=farid, at=clock.now())
        page = client.get(spaces.HOME).content.decode()

    assert "Amal le lira demain à partir de 9\u00a0h." in page
    assert "pas encore lu" in page


def test_session_sleeps_after_thirty_minutes_and_keeps_what_was_typed(client, mother) -> None:
    spaces.enter(client, mother)
    with time_machine.travel(clock.now() + timedelta(minutes=30), tick=False):
        slept = spaces.send(client, "Un long message.")
        client.post(spaces.HOME, {"text": "Un long message."})
        back = client.post(spaces.HOME, {"text": "Un long message.", "code": spaces.code_of(mother)})
        again = spaces.send(client, "Un long message.")

    assert slept.status_code == 403
    assert 'value="Un long message."' in slept.content.decode()
    assert "Un long message.</textarea>" in back.content.decode()
    assert again.status_code == 302
    assert texts() == ["Un long message."]


def test_each_page_gives_thirty_minutes_more(client, mother) -> None:
    spaces.enter(client, mother)
    start = clock.now()

    found = []
    for minutes in (29, 58, 87, 117):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            found.append(client.get(spaces.HOME).status_code)

    assert found == [200, 200, 200, 403]


def test_leaving_ends_the_session_and_not_the_space(client, mother) -> None:
    key = spaces.enter(client, mother).cookies["copa_espace"].value
    client.post(f"{spaces.HOME}sortir/")
    thief = Client()
    thief.cookies["copa_espace"] = key

    assert thief.get(spaces.HOME).status_code == 404
    assert client.get(spaces.entry(mother)).status_code == 200


def test_she_closes_her_space_everywhere_at_once(client, mother) -> None:
    other = spaces.enter(Client(), mother)
    spaces.enter(client, mother)

    client.post(f"{spaces.HOME}fermer/")

    assert [one.get(spaces.HOME).status_code for one in (client, other)] == [404, 404]
    assert client.get(spaces.entry(mother)).status_code == 404
    with scope.opened(inside(VALLEES)):
        assert ParentAccount.objects.get().closing == AccessEnd.SELF


def test_professional_session_and_hers_know_nothing_of_each_other(client, cast, mother) -> None:
    spaces.enter(client, mother)

    assert client.get(f"/t/{VALLEES}/messages/").status_code == 302
    client.force_login(cast["amal"].user)
    assert "Bonjour Samira" in client.get(spaces.HOME).content.decode()
    signed_in = Client()
    signed_in.force_login(cast["amal"].user)
    assert signed_in.get(spaces.HOME).status_code == 404


def test_coparent_reaches_nothing_of_hers_by_page_or_api(client, mother, father) -> None:
    with scope.opened(inside(VALLEES)):
        hers = spaces.conversation_of(mother)
        spaces.write(mother, "Il ne doit pas le lire.")
    spaces.enter(client, father)

    own = client.get(spaces.HOME, {"conversation": hers.public_id, "account": mother.public_id}).content.decode()
    client.post(spaces.HOME, {"text": "De moi.", "submission": str(uuid4()), "conversation": str(hers.public_id)})

    assert "Il ne doit pas le lire." not in own
    assert client.get(f"{spaces.HOME}{hers.public_id}/").status_code == 404
    assert client.get(f"/api/v1/t/{VALLEES}/conversations/{hers.public_id}/").status_code == 401
    assert client.get(reverse("messaging:conversation", args=[VALLEES, hers.public_id])).status_code == 302
    with scope.opened(inside(VALLEES)):
        (his,) = Message.objects.filter(text="De moi.")
        assert his.conversation.coparent_id == father.coparent_id
        assert Conversation.objects.count() == 2


def test_mother_does_not_read_what_the_coparent_writes(client, mother, father) -> None:
    with scope.opened(inside(VALLEES)):
        spaces.write(father, "De lui à l’équipe.")

    assert "De lui" not in spaces.enter(client, mother).get(spaces.HOME).content.decode()


def test_phone_that_somebody_else_reads_opens_nothing_any_more(client, mother) -> None:
    spaces.enter(client, mother)
    with scope.opened(inside(VALLEES)):
        Family.objects.filter(pk=mother.family_id).update(is_phone_shared=True)

    assert client.get(spaces.HOME).status_code == 404
    assert client.post(spaces.entry(mother)).status_code == 404


def test_reading_leaves_the_receipt_of_the_parent(client, mother) -> None:
    spaces.enter(client, mother)
    client.get(spaces.HOME)

    with scope.opened(inside(VALLEES)):
        session = ParentSession.objects.get()
        actors = set(HistoryEvent.objects.filter(table_name="messaging_message").values_list("actor", flat=True))
    assert session.ended_at is None
    assert actors == set()

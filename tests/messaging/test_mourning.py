"""After a death her messages are the team's at once, and nobody else's; undone, her auxiliary has them again (A38)."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from copa.kernel import clock, scope
from messaging.models import ParentAccount
from pathways.actions.deaths import note_death, undo_death
from pathways.models import Child, Death, Pathway
from territories.models import Member
from tests import factories
from tests.cast import VALLEES, inside
from tests.messaging import spaces

DAY = datetime.fromisoformat("2026-11-03T10:00:00+01:00")
NIGHT = datetime.fromisoformat("2026-11-03T20:48:00+01:00")
MORNING = datetime.fromisoformat("2026-11-04T09:00:00+01:00")


@pytest.fixture(autouse=True)
def _by_night():
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def account(cast) -> ParentAccount:
    with scope.opened(inside(VALLEES)):
        return spaces.opened(spaces.followed().family)


def mourned(account: ParentAccount) -> Death:
    """The only child died."""
    birth = Pathway.objects.get(family=account.family_id).birth
    child = Child.objects.get(birth=birth)
    return note_death(birth=birth, child=child, by=factories.who("farid"), at=clock.now(), is_confirmed=True)


def url_of(account: ParentAccount) -> str:
    with scope.opened(inside(VALLEES)):
        return reverse("messaging:conversation", args=[VALLEES, spaces.conversation_of(account).public_id])


def tasks(client) -> str:
    return client.get(reverse("visits:todo", args=[VALLEES])).content.decode()


def test_her_message_is_the_teams_task_at_once_and_keeps_the_words_of_the_night(client, as_, account) -> None:
    with scope.opened(inside(VALLEES)):
        mourned(account)
    spaces.enter(client, account)

    page = client.get(spaces.send(client, "Pourquoi personne ne m’a rappelée ?")["Location"]).content.decode()

    assert "L’équipe le lira demain à partir de 9\u00a0h." in page
    assert "3114, jour et nuit" in page
    assert "votre auxiliaire" not in page
    assert "Lire un message de la mère" in tasks(as_("farid"))
    with scope.opened(inside(VALLEES)):
        found = spaces.conversation_of(account)
        assert (found.team_due_at, found.notice_due_at) == (NIGHT, MORNING)


def test_her_auxiliary_neither_reads_nor_answers_there(as_, account) -> None:
    with scope.opened(inside(VALLEES)):
        mourned(account)
        spaces.write(account)
    amal = as_("amal")

    assert amal.get(url_of(account)).status_code == 404
    assert amal.post(url_of(account), {"text": "Bonjour.", "submission": str(uuid4())}).status_code == 404
    assert "Benali" not in amal.get(reverse("messaging:conversations", args=[VALLEES])).content.decode()
    assert "Lire un message" not in tasks(amal)
    shown = amal.get(reverse("messaging:spaces", args=[VALLEES, account.family.public_id])).content.decode()
    assert "lus par l’équipe de référence seule" in shown


def test_team_reads_of_the_mourning_and_not_how_she_preferred_to_be_reached(as_, account) -> None:
    before = as_("farid").get(url_of(account)).content.decode()
    with scope.opened(inside(VALLEES)):
        mourned(account)

    page = as_("farid").get(url_of(account)).content.decode()

    assert ("Préfère" in before, "Préfère" in page) == (True, False)
    assert "Cette famille est en deuil" in page


def test_what_was_unread_passes_to_the_team_and_comes_back(as_, account) -> None:
    with scope.opened(inside(VALLEES)):
        spaces.write(account, at=DAY)
        waited = spaces.conversation_of(account).team_due_at
        death = mourned(account)
        assert waited > spaces.conversation_of(account).team_due_at == NIGHT
        undo_death(death=death, reason="erreur de dossier", by=factories.who("farid"), at=clock.now())
        found = spaces.conversation_of(account)

    assert (found.unread_since, found.notice_due_at) == (DAY, MORNING)
    assert found.team_due_at == MORNING + timedelta(days=2)
    assert as_("amal").get(url_of(account)).status_code == 200


def test_where_the_team_reads_alone_it_is_its_task_from_its_next_opening(account) -> None:
    with scope.opened(inside(VALLEES)):
        Member.objects.filter(pk=factories.who("amal").pk).update(ends_on=NIGHT.date() - timedelta(days=1))
        spaces.write(account)

        found = spaces.conversation_of(account)

    assert (found.notice_due_at, found.team_due_at) == (MORNING, MORNING)

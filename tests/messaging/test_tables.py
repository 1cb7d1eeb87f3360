"""What PostgreSQL itself refuses: a changed message, a message without an author, a row of another territory."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from copa.kernel import clock, scope
from messaging.models import Conversation, Message
from pathways.models import Family
from tests import factories
from tests.cast import LAGON, VALLEES, inside
from tests.messaging import spaces


@pytest.mark.parametrize("attack", ["update messaging_message set text = 'autre'", "delete from messaging_message"])
def test_message_never_changes(vallees: scope.Scope, attack: str) -> None:
    spaces.write(spaces.opened(spaces.followed().family))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_trigger_stands_for_the_owner_too(vallees: scope.Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgname from pg_trigger where tgrelid = 'messaging_message'::regclass and not tgisinternal"
        )
        assert ("copa_frozen",) in cursor.fetchall()


@pytest.mark.parametrize("text", ["", "a" * 2001])
def test_message_is_of_one_to_2000_characters(vallees: scope.Scope, text: str) -> None:
    account = spaces.opened(spaces.followed().family)
    about = {"family": account.family, "conversation": spaces.conversation_of(account), "account": account}

    with pytest.raises(IntegrityError, match="message_is_of_a_length"), transaction.atomic():
        Message.objects.create(**about, text=text, sent_at=clock.now())


def test_message_has_one_author(vallees: scope.Scope) -> None:
    account = spaces.opened(spaces.followed().family)
    about = {"family": account.family, "conversation": spaces.conversation_of(account), "account": account}

    with pytest.raises(IntegrityError, match="message_has_one_author"), transaction.atomic():
        Message.objects.create(**about, by=factories.who("amal"), text="x", sent_at=clock.now())


def test_no_conversation_points_into_another_territory(cast) -> None:
    with scope.opened(inside(VALLEES)):
        family: Family = spaces.followed().family

    with scope.opened(inside(LAGON)), pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.create(family_id=family.pk)

"""Mails leave from a row, once, after commit; a server that refuses and a worker that dies lose nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.test import TestCase

from copa.kernel import scope
from copa.kernel.outbox import LEASE, MAX_ATTEMPTS, OutboxState
from territories import sms
from territories.models import OutgoingMessage
from territories.notices import queue_mail, queue_sms
from territories.tasks import send_outgoing, send_outgoing_everywhere
from tests import cast as cast_module

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phones() -> Iterator[list[tuple[str, str]]]:
    sms.sent.clear()
    yield sms.sent
    sms.sent.clear()


def write_sms(key: str = "sms:1", to: str = "+33199003107", **fields: Any) -> bool:
    return queue_sms(to=to, text="CoPa : une alerte attend votre réponse.", dedup_key=key, at=AT, **fields)


def write(key: str = "notice:1", to: str = "equipe@copa.example") -> bool:
    return queue_mail(to=to, subject="Un compte rendu vous attend", body="Connectez-vous.", dedup_key=key, at=AT)


def send() -> int:
    return int(send_outgoing(str(scope.current_territory_id())))


def refuse(message: EmailMessage) -> int:
    raise ConnectionRefusedError("no mail server")


def test_mail_leaves_after_commit(vallees: scope.Scope, clock: Any) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        write()
        before = len(mail.outbox)

    assert before == 0
    assert [message.to for message in mail.outbox] == [["equipe@copa.example"]]
    assert OutgoingMessage.objects.get().state == OutboxState.SENT


def test_the_same_notice_written_twice_leaves_once(vallees: scope.Scope, clock: Any) -> None:
    assert write()
    assert not write()

    assert send() == 1
    assert send() == 0
    assert len(mail.outbox) == 1


def test_nobody_to_write_to_writes_nothing(vallees: scope.Scope, clock: Any) -> None:
    assert not write(to="")

    assert not OutgoingMessage.objects.exists()


def test_refused_mail_waits_longer_each_time_then_fails_with_the_words_of_the_server(
    vallees: scope.Scope, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    monkeypatch.setattr(EmailMessage, "send", refuse)

    waits = []
    for _ in range(MAX_ATTEMPTS):
        send()
        row = OutgoingMessage.objects.get()
        waits.append((row.next_attempt_at - datetime.now(UTC)) // timedelta(minutes=1))
        clock.move_to(row.next_attempt_at)

    assert waits[:4] == [1, 2, 4, 8]
    assert row.state == OutboxState.FAILED
    assert row.answer == "ConnectionRefusedError: no mail server"
    assert send() == 0


def test_a_refused_mail_does_not_hold_up_the_next_one(
    vallees: scope.Scope, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("notice:1", to="panne@copa.example")
    write("notice:2", to="equipe@copa.example")
    original = EmailMessage.send
    monkeypatch.setattr(
        EmailMessage, "send", lambda self: refuse(self) if self.to == ["panne@copa.example"] else original(self)
    )

    assert send() == 1
    assert [message.to for message in mail.outbox] == [["equipe@copa.example"]]


def test_claim_of_a_dead_worker_is_free_after_the_lease_and_the_copy_has_the_same_identity(
    vallees: scope.Scope, clock: Any
) -> None:
    write()
    send()
    first = mail.outbox[0].extra_headers["Message-ID"]
    OutgoingMessage.objects.update(state=OutboxState.CLAIMED, sent_at=None)

    clock.move_to(AT + LEASE - timedelta(seconds=1))
    assert send() == 0
    clock.move_to(AT + LEASE)
    assert send() == 1
    assert mail.outbox[1].extra_headers["Message-ID"] == first


def test_every_territory_sends_its_own_mails_and_no_other(db: None, clock: Any) -> None:
    for slug, key in ((cast_module.VALLEES, "a"), (cast_module.LAGON, "b")):
        with scope.opened(cast_module.inside(slug)):
            write(key, to=f"{slug}@copa.example")

    with scope.opened(cast_module.inside(cast_module.VALLEES)):
        send()
    assert [message.to for message in mail.outbox] == [["vallees@copa.example"]]

    with TestCase.captureOnCommitCallbacks(execute=True):
        send_outgoing_everywhere()
    assert [message.to for message in mail.outbox] == [["vallees@copa.example"], ["lagon@copa.example"]]


def test_an_sms_leaves_after_commit_in_plain_letters_once(
    vallees: scope.Scope, clock: Any, phones: list[tuple[str, str]]
) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert write_sms()
        assert not write_sms()
        assert not write_sms("sms:2", to="")

    assert phones == [("+33199003107", "CoPa : une alerte attend votre reponse.")]
    assert mail.outbox == []
    assert OutgoingMessage.objects.get().state == OutboxState.SENT


def test_an_sms_without_operator_fails_at_once_and_the_mail_behind_it_leaves(
    vallees: scope.Scope, clock: Any, settings: Any
) -> None:
    settings.SMS_BACKEND = ""
    write_sms()
    write()

    assert send() == 1
    row = OutgoingMessage.objects.get(channel="sms")
    assert (row.state, row.answer) == (OutboxState.FAILED, "SMS_BACKEND is not set")
    assert len(mail.outbox) == 1


def test_an_operator_that_refuses_is_tried_again(vallees: scope.Scope, clock: Any, settings: Any) -> None:
    settings.SMS_BACKEND = "tests.territories.test_outbox.refuse_sms"
    write_sms()

    assert send() == 0
    row = OutgoingMessage.objects.get()
    assert (row.state, row.answer) == (OutboxState.QUEUED, "TimeoutError: operator")


def refuse_sms(to: str, text: str, key: Any) -> None:
    raise TimeoutError("operator")


def test_an_sms_that_has_lost_its_object_does_not_leave(
    vallees: scope.Scope, clock: Any, phones: list[tuple[str, str]]
) -> None:
    write_sms(useless_from=AT + timedelta(minutes=30))
    clock.move_to(AT + timedelta(minutes=30))

    assert send() == 0
    assert phones == []
    assert OutgoingMessage.objects.get().state == OutboxState.FAILED

"""Who is told that somebody wrote, and when: the reader in her hours, once; the parent under the rules of contact."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from copa.kernel import clock, scope
from messaging.actions import conversations, hours
from messaging.enums import AccessWay
from messaging.models import Message, MessageReading, ParentAccount
from messaging.rules import Span
from messaging.tasks import tell_readers
from pathways.actions import stops
from pathways.actions.deaths import note_death
from pathways.actions.stays import note_stay
from pathways.models import Child, Family, Mother, Pathway
from territories import sending
from territories.models import Member, OutgoingMessage, Structure
from tests import factories
from tests.messaging import spaces

DAY = datetime.fromisoformat("2026-11-03T10:00:00+01:00")
NIGHT = datetime.fromisoformat("2026-11-03T22:00:00+01:00")
MORNING = datetime.fromisoformat("2026-11-04T09:00:00+01:00")


@pytest.fixture(autouse=True)
def _by_day():
    with time_machine.travel(DAY, tick=False):
        yield


@pytest.fixture
def account(vallees: scope.Scope) -> ParentAccount:
    return spaces.opened(spaces.followed().family)


def answered(account: ParentAccount, *, by: str = "amal", at: datetime | None = None) -> conversations.Sent:
    return conversations.answer(
        conversation=spaces.conversation_of(account),
        text="Bien sûr.",
        submission=uuid4(),
        by=factories.who(by),
        at=at or clock.now(),
    )


def run_job(at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        tell_readers.run(str(scope.current_territory_id()))


# ---- Whoever reads ---------------------------------------------------------------------------------------
def test_in_her_hours_she_is_told_at_once_and_once_while_it_is_unread(account: ParentAccount) -> None:
    spaces.write(account, "Un.")
    spaces.write(account, "Deux.")

    (told,) = spaces.notices()
    assert told.to == factories.who("amal").user.email
    assert [word for word in ("Un.", "Benali", "Samira", "Saint-Rémi") if word in told.body + told.subject] == []


def test_at_night_nothing_leaves_before_her_next_hour_and_then_once(account: ParentAccount) -> None:
    spaces.write(account, at=NIGHT)

    assert spaces.notices() == []
    run_job(MORNING - timedelta(seconds=1))
    assert spaces.notices() == []
    run_job(MORNING)
    run_job(MORNING)
    assert [one.to for one in spaces.notices()] == [factories.who("amal").user.email]


def opened(account: ParentAccount, message: Message, *, by: str, at: datetime) -> None:
    conversation = spaces.conversation_of(account)
    conversations.note_read(conversation=conversation, shown=[message.pk], by=factories.who(by), at=at)


def test_read_meanwhile_by_its_reader_nothing_is_told(account: ParentAccount) -> None:
    message = spaces.write(account, at=NIGHT)
    opened(account, message, by="amal", at=NIGHT)

    run_job(MORNING)

    assert spaces.notices() == []


def test_opened_at_night_by_the_team_it_is_still_the_auxiliarys(account: ParentAccount) -> None:
    message = spaces.write(account, at=NIGHT)
    waiting = spaces.conversation_of(account)

    for who in ("farid", "elise"):
        opened(account, message, by=who, at=NIGHT)

    found = spaces.conversation_of(account)
    assert (found.unread_since, found.notice_due_at, found.team_due_at) == (NIGHT, MORNING, waiting.team_due_at)
    assert set(MessageReading.objects.values_list("by", flat=True)) == {
        factories.who(who).pk for who in ("farid", "elise")
    }
    run_job(MORNING)
    assert [one.to for one in spaces.notices()] == [factories.who("amal").user.email]
    opened(account, message, by="amal", at=MORNING)
    assert spaces.conversation_of(account).unread_since is None


def test_answered_by_the_team_it_waits_for_nobody(account: ParentAccount) -> None:
    message = spaces.write(account, at=NIGHT)
    opened(account, message, by="farid", at=NIGHT)

    answered(account, by="farid", at=NIGHT)

    found = spaces.conversation_of(account)
    assert (found.unread_since, found.notice_due_at, found.team_due_at) == (None, None, None)


def test_answer_leaves_what_came_in_since_its_page_was_made(account: ParentAccount) -> None:
    opened(account, spaces.write(account), by="farid", at=DAY)
    since = spaces.write(account, "Et encore.", at=DAY + timedelta(minutes=1))

    answered(account, by="farid", at=DAY + timedelta(minutes=2))

    assert spaces.conversation_of(account).unread_since == since.sent_at


def test_once_it_is_the_teams_too_its_reading_counts(account: ParentAccount) -> None:
    message = spaces.write(account)

    opened(account, message, by="farid", at=DAY + timedelta(days=2))

    assert spaces.conversation_of(account).unread_since is None


def test_read_and_written_again_she_is_told_again(account: ParentAccount) -> None:
    message = spaces.write(account)
    conversation = spaces.conversation_of(account)
    conversations.note_read(conversation=conversation, shown=[message.pk], by=factories.who("amal"), at=DAY)

    spaces.write(account, at=DAY + timedelta(minutes=5))

    assert len(spaces.notices()) == 2


def test_message_that_came_after_the_page_stays_unread(account: ParentAccount) -> None:
    first = spaces.write(account, "Un.")
    second = spaces.write(account, "Deux.", at=DAY + timedelta(minutes=1))
    conversation = spaces.conversation_of(account)

    conversations.note_read(conversation=conversation, shown=[first.pk], by=factories.who("amal"), at=DAY)

    assert spaces.conversation_of(account).unread_since == second.sent_at


def test_new_auxiliary_is_told_of_what_is_unread(account: ParentAccount) -> None:
    spaces.write(account)
    pathway = Pathway.objects.get(family=account.family_id)

    stops.assign_ap(pathway=pathway, ap=factories.who("bea"), by=factories.who("elise"), at=DAY)

    assert [one.to for one in spaces.notices()] == [factories.who(one).user.email for one in ("amal", "bea")]


def test_without_an_auxiliary_at_work_the_team_is_told(account: ParentAccount) -> None:
    Member.objects.filter(pk=factories.who("amal").pk).update(ends_on=DAY.date() - timedelta(days=1))

    spaces.write(account)

    assert [one.to for one in spaces.notices()] == [Structure.objects.get(name="Maternité Saint-Rémi").mailbox]


def test_her_own_hours_decide(account: ParentAccount) -> None:
    amal = factories.who("amal")
    evening = {2: Span(datetime(2026, 1, 1, 18).time(), datetime(2026, 1, 1, 21).time())}
    spaces.write(account, at=NIGHT)

    hours.set_hours(member=amal, week=evening, by=amal, at=NIGHT)
    run_job(MORNING)
    assert spaces.notices() == []
    run_job(datetime.fromisoformat("2026-11-10T18:00:00+01:00"))

    assert len(spaces.notices()) == 1


def test_unread_for_two_working_days_it_is_in_the_list_of_the_team(account: ParentAccount, client, cast) -> None:
    spaces.write(account)

    def is_told(at: datetime) -> bool:
        with time_machine.travel(at, tick=False):
            client.force_login(cast["farid"].user)
            return "Lire un message de la mère" in client.get("/t/vallees/todo/").content.decode()

    assert [is_told(DAY + timedelta(days=2, seconds=second)) for second in (-1, 0)] == [False, True]


# ---- The parent ------------------------------------------------------------------------------------------
def test_answer_is_told_by_one_sms_until_she_has_read(account: ParentAccount) -> None:
    answered(account)
    second = answered(account)

    (told,) = spaces.leaving("message")
    assert (told.to, told.body[:24]) == (spaces.PHONE, "CoPa : un message vous a")
    assert second.told.channel == "SMS"
    first = Message.objects.filter(by__isnull=False).order_by("pk")
    conversation = spaces.conversation_of(account)
    conversations.note_read(conversation=conversation, shown=[one.pk for one in first], by=None, at=DAY)
    answered(account)
    assert len(spaces.leaving("message")) == 2


def test_discreet_sms_names_no_programme(account: ParentAccount) -> None:
    Family.objects.filter(pk=account.family_id).update(is_discreet=True)

    answered(account)

    (told,) = spaces.leaving("message")
    assert told.body.startswith("Un message vous attend. [[entree/vallees/")


def test_sms_leaves_in_her_hours_with_the_address(account: ParentAccount, settings) -> None:
    answered(account, at=NIGHT)

    (told,) = spaces.leaving("message")
    assert told.next_attempt_at == MORNING - timedelta(hours=1)
    with time_machine.travel(MORNING, tick=False):
        mail = sending.claim_mail(pk=told.pk, at=clock.now())
    assert mail is not None
    assert spaces.entry(account) in mail.body


def test_mail_when_she_wants_no_sms(account: ParentAccount) -> None:
    Family.objects.filter(pk=account.family_id).update(may_sms=False, may_email=True)
    Mother.objects.filter(family=account.family_id).update(email="samira@parent.example")

    answered(account)

    (told,) = spaces.leaving("message")
    assert (told.to, told.subject) == ("samira@parent.example", "Un message vous attend")


@pytest.mark.parametrize(
    "rule",
    [{"may_sms": False}, {"through_team_since": DAY}],
    ids=["no channel", "through the team"],
)
def test_nothing_leaves_where_her_rules_forbid_it(account: ParentAccount, rule: dict[str, object]) -> None:
    Family.objects.filter(pk=account.family_id).update(**rule)

    sent = answered(account)

    assert spaces.leaving("message") == []
    assert sent.told.reason


def test_nothing_leaves_for_a_mother_in_hospital(account: ParentAccount) -> None:
    birth = Pathway.objects.get(family=account.family_id).birth
    stay = {"child": None, "ward": "MATERNITY", "place": "", "starts_on": DAY.date(), "by": factories.who("farid")}
    note_stay(birth=birth, **stay, at=DAY)

    sent = answered(account)

    assert spaces.leaving("message") == []
    assert sent.told.reason.startswith("Elle est à l’hôpital")


def test_death_of_the_child_before_it_leaves_withholds_it(account: ParentAccount) -> None:
    answered(account, at=NIGHT)
    (told,) = spaces.leaving("message")
    birth = Pathway.objects.get(family=account.family_id).birth
    note_death(
        birth=birth, child=Child.objects.get(birth=birth), by=factories.who("farid"), at=NIGHT, is_confirmed=True
    )

    assert sending.claim_mail(pk=told.pk, at=MORNING) is None

    assert OutgoingMessage.objects.get(pk=told.pk).state == "withheld"


def test_same_answer_sent_twice_is_one_message(account: ParentAccount) -> None:
    about = {"conversation": spaces.conversation_of(account), "text": "Oui.", "by": factories.who("amal"), "at": DAY}
    mark = uuid4()

    first, second = (conversations.answer(**about, submission=mark) for _ in range(2))

    assert first.message == second.message
    assert Message.objects.count() == 1


def test_code_leaves_filled_and_the_account_by_sms(vallees: scope.Scope, client) -> None:
    account = spaces.opened(spaces.followed(name="Costa").family, way=AccessWay.SMS)
    (told,) = spaces.leaving("account")

    mail = sending.claim_mail(pk=told.pk, at=clock.now())

    assert mail is not None
    assert spaces.entry(account) in mail.body

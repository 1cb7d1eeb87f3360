"""Needs and orientations changed through their actions: what is stored, what is refused, who is reminded."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from pathways.actions import answer_links, needs, orientations, stops
from pathways.enums import Agreement, NeedState, OrientationState, Recipient, SentBy
from pathways.models import AnswerLink, Need, Orientation, RecipientConsent
from pathways.models.orientations import Target
from pathways.tasks import remind_orientations
from territories.models import HistoryEvent, OutgoingMessage, Territory
from tests import factories

pytestmark = pytest.mark.usefixtures("vallees")


def refused(act: Any, **given: Any) -> str:
    """The code of the refusal."""
    with pytest.raises(BusinessError) as refusal:
        act(**given)
    return refusal.value.code


def again(orientation: Orientation) -> Orientation:
    return Orientation.objects.select_related("need", "entry", "pathway__carrier").get(pk=orientation.pk)


def asked(target: str = "REHAB", agreement: str = Agreement.YES, *, asker: str = "amal", **need: Any) -> Orientation:
    """A request, of Amal's unless somebody else asks."""
    return orientations.propose_orientation(
        need=factories.make_need(**need),
        target=Target(type=target),
        reason="",
        agreement=agreement,
        by=factories.who(asker),
        at=clock.now(),
    )


def decided(agreement: str = Agreement.YES, **entry: Any) -> Orientation:
    """A request that Farid accepted, towards a service of the directory."""
    one = asked(agreement=agreement)
    place = factories.make_entry("REHAB", **entry)
    decide(one, target=Target(type="REHAB", entry=place))
    return again(one)


def decide(one: Orientation, *, is_yes: bool = True, words: str = "", target: Target | None = None) -> None:
    decision = orientations.Decision(
        is_yes=is_yes, target=target or Target(type=one.target_type), words=words, letter_words=""
    )
    orientations.decide_orientation(
        orientation=again(one), decision=decision, by=factories.who("farid"), at=clock.now()
    )


def send(one: Orientation, how: str = SentBy.LINK) -> Orientation:
    orientations.send_orientation(orientation=again(one), how=how, by=factories.who("farid"), at=clock.now())
    return again(one)


# ---- Needs ---------------------------------------------------------------------------------------------------
def test_need_outside_a_visit_is_open_with_the_category_of_its_code() -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    spotted = needs.Spotted(code="HOUSING", about="FAMILY", words="chauffage en panne")

    need = needs.spot_need(family=pathway.family, spotted=spotted, by=factories.who("ines"), at=clock.now())

    assert (need.category, need.state, need.source) == ("SOCIAL", NeedState.OPEN, "FREE")


def test_same_need_of_the_same_person_is_noted_once_while_it_runs() -> None:
    need = factories.make_need(code="MOOD")
    given = {"family": need.family, "by": factories.who("amal"), "at": clock.now()}

    assert refused(needs.spot_need, spotted=needs.Spotted(code="MOOD", about="MOTHER"), **given) == "need_running_once"
    needs.follow_need(need=need, state=NeedState.MET, words="", at=clock.now())
    needs.spot_need(spotted=needs.Spotted(code="MOOD", about="MOTHER"), **given)
    assert Need.objects.filter(code="MOOD").count() == 2


def test_need_nobody_there_can_have_is_refused() -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family
    spotted = needs.Spotted(code="PERINEUM", about="CHILD")

    assert (
        refused(needs.spot_need, family=family, spotted=spotted, by=factories.who("amal"), at=clock.now()) == "not_hers"
    )
    assert not Need.objects.exists()


def test_nothing_new_after_a_stop() -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), state="withdrawn")
    spotted = needs.Spotted(code="MOOD", about="MOTHER")
    given = {"family": pathway.family, "by": factories.who("amal"), "at": clock.now()}

    assert refused(needs.spot_need, spotted=spotted, **given) == "stopped"


def test_closing_asks_why_and_keeps_every_state() -> None:
    need = factories.make_need()

    assert refused(needs.follow_need, need=need, state=NeedState.CLOSED, words=" ", at=clock.now()) == "closing_words"
    needs.follow_need(need=need, state=NeedState.WATCH, words="", at=clock.now())
    needs.follow_need(need=need, state=NeedState.CLOSED, words="la famille a déménagé", at=clock.now())

    events = HistoryEvent.objects.filter(table_name="pathways_need", row_id=need.pk).order_by("pk")
    assert [event.after.get("state") for event in events] == ["OPEN", "WATCH", "CLOSED"]
    assert refused(needs.follow_need, need=need, state=NeedState.OPEN, words="", at=clock.now()) == "need_over"


def test_history_never_copies_what_a_sealed_need_says() -> None:
    need = factories.make_need(code="VIOLENCE_SEALED", words="des mots graves", by=factories.who("farid"))

    event = HistoryEvent.objects.get(table_name="pathways_need", row_id=need.pk)

    assert {event.after[name] for name in ("code", "category", "words")} == {"…"}


# ---- Request, decision -----------------------------------------------------------------------------------------
def test_request_waits_for_the_team_and_nothing_leaves() -> None:
    one = asked()

    assert (one.state, one.sent_at) == (OrientationState.PROPOSED, None)
    assert refused(orientations.send_orientation, orientation=one, how="PHONE", by=one.proposed_by, at=clock.now()) == (
        "orientation_moved"
    )
    assert not OutgoingMessage.objects.exists()


def test_same_request_twice_is_refused() -> None:
    one = asked()
    given = {"need": one.need, "target": Target(type="REHAB"), "reason": "", "agreement": "", "at": clock.now()}

    assert refused(orientations.propose_orientation, by=one.proposed_by, **given) == "orientation_live_once"


def test_no_is_said_with_its_reason_and_ends_the_request() -> None:
    one = asked()

    assert refused(decide, one=one, is_yes=False) == "no_reason"
    decide(one, is_yes=False, words="déjà suivie au centre")
    assert again(one).state == OrientationState.REFUSED
    assert refused(decide, one=one) == "orientation_moved"


def test_contact_of_a_place_parents_go_to_themselves_is_given_not_sent() -> None:
    need = factories.make_need(code="ISOLATION")
    place = factories.make_entry("LAEP")

    one = orientations.give_contact(
        need=need, target=Target(type="LAEP", entry=place), by=factories.who("amal"), at=clock.now()
    )

    assert (one.state, one.sent_at, one.decided_by) == (OrientationState.GIVEN, None, None)
    assert Need.objects.get(pk=need.pk).state == NeedState.INFO


def test_contact_behind_the_team_is_not_given() -> None:
    given = {"need": factories.make_need(), "by": factories.who("amal"), "at": clock.now()}
    target = Target(type="REHAB", entry=factories.make_entry("REHAB"))

    assert refused(orientations.give_contact, target=target, **given) == "not_self"
    assert not Orientation.objects.exists()


def test_archived_service_receives_no_new_orientation() -> None:
    ended = factories.make_entry("REHAB", valid_to=clock.now().date() - timedelta(days=1))

    assert refused(decide, one=asked(), target=Target(type="REHAB", entry=ended)) == "entry_ended"


@pytest.mark.parametrize("who", ["amal", "gaelle"])
def test_service_the_team_alone_opens_is_refused_to_the_others(who: str) -> None:
    need = factories.make_need(code="MOOD")
    entry = factories.make_entry("EMPP")
    given = {"need": need, "reason": "", "agreement": Agreement.YES, "by": factories.who(who), "at": clock.now()}

    for target in (Target(type="EMPP"), Target(type="EMPP", entry=entry)):
        assert refused(orientations.propose_orientation, target=target, **given) == "team_door"
    assert not Orientation.objects.exists()


@pytest.mark.parametrize("who", ["farid", "nora", "elise"])
def test_referring_team_asks_for_a_service_it_opens(who: str) -> None:
    need = factories.make_need(code="MOOD")
    given = {"reason": "", "agreement": Agreement.YES, "by": factories.who(who), "at": clock.now()}

    one = orientations.propose_orientation(need=need, target=Target(type="EMPP"), **given)

    assert one.target_type == "EMPP"


def test_secret_place_is_no_target_of_an_ordinary_need() -> None:
    assert refused(asked, target="VIOLENCE_SUPPORT") == "secret_place"


# ---- Sending ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("answer", ["", Agreement.NO, Agreement.LATER])
def test_nothing_leaves_without_her_yes_for_this_recipient(answer: str) -> None:
    one = decided(agreement=answer)

    assert refused(send, one=one) == "may_not_send"
    assert again(one).state == OrientationState.ACCEPTED
    assert not AnswerLink.objects.exists()
    assert not OutgoingMessage.objects.exists()


def test_database_itself_refuses_a_sending_without_agreement() -> None:
    one = decided(agreement="")
    sent = {"state": "SENT", "sent_at": clock.now(), "sent_how": "PHONE"}

    with pytest.raises(IntegrityError), transaction.atomic():
        Orientation.objects.filter(pk=one.pk).update(**sent)


def test_no_given_for_the_recipient_in_general_weighs_more() -> None:
    one = asked("PMI_CENTRE", code="CHILD_FOLLOW", about="CHILD")
    decide(one)
    RecipientConsent.objects.filter(family=one.family_id, recipient=Recipient.PMI).update(answer=Agreement.NO)

    assert refused(send, one=one, how=SentBy.PHONE) == "may_not_send"


def test_link_leaves_by_mail_that_names_nobody_and_stores_no_token() -> None:
    one = send(decided(email="accueil@kine.example"))

    mail = OutgoingMessage.objects.get(to="accueil@kine.example")
    link = AnswerLink.objects.get(orientation=one)
    assert (one.state, one.need.state) == (OrientationState.SENT, NeedState.ORIENTED)
    assert f"[[reponse/vallees/{link.public_id}]]" in mail.body
    assert "Samira" not in mail.body
    assert link.token_hash not in mail.body


def test_service_without_an_address_gets_no_link() -> None:
    assert refused(send, one=decided(email="")) == "no_email"


def test_sealed_need_leaves_by_voice_alone() -> None:
    one = asked("EMPP", asker="farid", code="MIND_SEALED", by=factories.who("farid"))
    decide(one, target=Target(type="EMPP", entry=factories.make_entry("EMPP")))

    assert refused(send, one=one) == "sealed"
    assert refused(orientations.check_letter, orientation=again(one)) == "sealed"
    assert send(one, SentBy.PHONE).state == OrientationState.SENT


def test_midwife_of_the_family_is_told_when_the_mother_agrees() -> None:
    one = decided()
    factories.make_grant(one.need.family, to=factories.who("ines"))

    send(one)

    assert OutgoingMessage.objects.filter(to="ines@copa.example").count() == 1


def test_withdrawn_agreement_kills_the_link() -> None:
    one = send(decided())

    orientations.note_agreement(orientation=one, answer=Agreement.NO, by=factories.who("farid"), at=clock.now())

    assert AnswerLink.objects.get(orientation=one).killed_at is not None
    assert refused(orientations.send_link_again, orientation=one, by=factories.who("farid"), at=clock.now()) == (
        "may_not_send"
    )


# ---- Answers ---------------------------------------------------------------------------------------------------
def test_contact_confirmed_by_the_parents_is_flagged_and_dated() -> None:
    one = send(decided())
    given = {"orientation": one, "confirmed_by": "PARENT", "at": clock.now()}

    assert refused(orientations.confirm_contact, day=date(2030, 1, 1), **given) == "day_ahead"
    assert refused(orientations.confirm_contact, day=date(2020, 1, 1), **given) == "day_before"
    orientations.confirm_contact(day=clock.local_date(clock.now(), "Europe/Paris"), **given)

    seen = again(one)
    assert (seen.state, seen.confirmed_by, seen.need.state) == ("SEEN", "PARENT", NeedState.FOLLOWED)
    assert AnswerLink.objects.get(orientation=one).killed_at is not None


def test_service_that_cannot_take_her_opens_the_need_again() -> None:
    one = send(decided())
    reply = orientations.Reply(answer=OrientationState.CANNOT_TAKE, day=clock.now().date(), words="complet")

    orientations.note_answer(orientation=one, reply=reply, at=clock.now())

    assert (again(one).state, again(one).need.state) == (OrientationState.CANNOT_TAKE, NeedState.OPEN)


# ---- Reminders -------------------------------------------------------------------------------------------------
def mails() -> list[str]:
    """Subjects written since, without the first mail and what the midwife was told."""
    subjects = OutgoingMessage.objects.order_by("pk").values_list("subject", flat=True)
    return [subject.partition("\u00a0: ")[2] for subject in subjects][1:]


def test_professional_then_team_are_reminded_once_each(vallees) -> None:
    start = clock.now()
    one = send(decided())
    territory = str(vallees.territory_id)

    told = []
    for days, seconds in ((7, -1), (7, 0), (7, 60), (14, -1), (14, 0), (14, 60), (40, 0)):
        with time_machine.travel(start + timedelta(days=days, seconds=seconds + 5), tick=False):
            remind_orientations(territory)
            remind_orientations(territory)
        told.append(len(mails()))

    assert told[0] in {0, 1}
    assert told[1:] == [1, 1, told[3], 2, 2, 2]
    assert mails() == ["une demande attend votre réponse", "une demande est sans réponse"]
    assert again(one).reminders == 2


@pytest.mark.parametrize(("zone", "until"), [("Europe/Paris", "à 10 h 00"), ("Indian/Reunion", "à 13 h 00")])
def test_reminder_says_until_when_its_link_opens(vallees, zone: str, until: str) -> None:
    Territory.objects.update(time_zone=zone)
    start = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        send(decided())
    with time_machine.travel(start + timedelta(days=7, seconds=5), tick=False):
        remind_orientations(str(vallees.territory_id))

    bodies = (
        OutgoingMessage.objects.filter(subject__contains="une demande").order_by("pk").values_list("body", flat=True)
    )
    said = [body.replace("\u00a0", " ") for body in bodies]
    assert len(said) == 2
    assert all(f"Le lien sert une fois, jusqu’au ven. 4 déc. {until}." in body for body in said)


def test_mourning_and_withdrawal_silence_the_reminders(vallees) -> None:
    bereaved, stopped = send(decided()), send(decided())
    factories.make_death(bereaved.pathway.birth)
    stops.withdraw_pathway(pathway=stopped.pathway, by=factories.who("farid"), at=clock.now())
    before = OutgoingMessage.objects.count()

    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        done = remind_orientations(str(vallees.territory_id))

    assert (done, OutgoingMessage.objects.count()) == (0, before)


def test_answered_orientation_is_nobodys_reminder(vallees) -> None:
    one = send(decided())
    reply = orientations.Reply(answer=OrientationState.NOT_COME, day=clock.now().date(), words="")
    orientations.note_answer(orientation=one, reply=reply, at=clock.now())

    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        assert orientations.remind(pk=one.pk, at=clock.now()) is False


def test_link_alive_is_one_per_orientation() -> None:
    one = send(decided())

    orientations.send_link_again(orientation=one, by=factories.who("farid"), at=clock.now())

    first, second = AnswerLink.objects.order_by("pk")
    assert (first.killed_at is not None, second.killed_at) == (True, None)
    assert answer_links.alive_link(orientation_id=one.pk, at=clock.now()).pk == second.pk


@pytest.mark.parametrize(("other", "state"), [("SEEN", NeedState.FOLLOWED), ("SENT", NeedState.ORIENTED)])
def test_service_that_cannot_take_her_asks_for_nothing_while_another_sees_her(other: str, state: str) -> None:
    one = send(decided())
    factories.make_orientation(one.need, target_type="NURSE", state=other, proposed_at=one.proposed_at)
    Need.objects.filter(pk=one.need_id).update(state=state)
    reply = orientations.Reply(answer=OrientationState.CANNOT_TAKE, day=clock.now().date(), words="complet")

    orientations.record_reply(orientation=one, reply=reply, at=clock.now())

    assert again(one).need.state == state
    assert not Orientation.objects.to_decide_again().exists()
    assert not OutgoingMessage.objects.filter(dedup_key__startswith="orientation-turned-down").exists()


def to_tell() -> list[str]:
    """The orientations about which the team was told that they are to be decided again."""
    keys = OutgoingMessage.objects.filter(dedup_key__startswith="orientation-turned-down").order_by("pk")
    return [key.partition(":")[2] for key in keys.values_list("dedup_key", flat=True)]


@pytest.mark.parametrize("end", ["refused", "closed", "answered"])
def test_end_of_the_last_that_lived_opens_the_need_and_tells_the_team(end: str) -> None:
    """A first service turned her down while a second request waited: once that one ends, nobody is left to see her."""
    one = send(decided())
    other = factories.make_orientation(one.need, target_type="NURSE", state="PROPOSED", proposed_at=one.proposed_at)
    if end == "answered":
        other = factories.make_orientation(one.need, target_type="GP", state="SENT", proposed_at=one.proposed_at)
        orientations.close_orientation(
            orientation=Orientation.objects.exclude(pk__in=[one.pk, other.pk]).get(), words="doublon", at=clock.now()
        )
    reply = orientations.Reply(answer=OrientationState.CANNOT_TAKE, day=clock.now().date(), words="complet")
    orientations.record_reply(orientation=one, reply=reply, at=clock.now())
    before = to_tell()

    if end == "refused":
        decide(other, is_yes=False, words="elle n’en veut plus")
    elif end == "closed":
        orientations.close_orientation(orientation=other, words="", at=clock.now())
    else:
        orientations.record_reply(orientation=other, reply=reply, at=clock.now())

    assert before == []
    assert again(one).need.state == NeedState.OPEN
    assert str(one.public_id) in to_tell()
    assert again(one) in Orientation.objects.to_decide_again()


def test_need_is_not_oriented_once_nothing_sent_may_be_answered() -> None:
    one = send(decided())
    factories.make_orientation(one.need, target_type="NURSE", state="PROPOSED", proposed_at=one.proposed_at)
    reply = orientations.Reply(answer=OrientationState.CANNOT_TAKE, day=clock.now().date(), words="complet")

    orientations.record_reply(orientation=one, reply=reply, at=clock.now())

    assert again(one).need.state == NeedState.OPEN
    assert to_tell() == []


@pytest.mark.parametrize("state", ["CANNOT_TAKE", "NOT_COME"])
def test_orientation_asked_again_is_as_urgent_as_the_one_that_turned_her_down(state: str) -> None:
    """A family that was turned away does not look less pressed."""
    one = send(decided())
    Orientation.objects.filter(pk=one.pk).update(urgency="THIS_WEEK", state=state, answered_at=clock.now())
    given = {"need": one.need, "reason": "", "agreement": "", "by": factories.who("amal"), "at": clock.now()}

    other = orientations.propose_orientation(target=Target(type="NURSE"), **given)
    third = orientations.propose_orientation(target=Target(type="GP"), **given)

    assert (other.urgency, third.urgency) == ("THIS_WEEK", "")

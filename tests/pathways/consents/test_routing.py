"""Consent as routing: one table decides, the list filter says the same, and a sending never races a withdrawal."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from copa.kernel.outbox import OutboxState
from pathways import rules
from pathways.actions.families import change_recipients
from pathways.actions.routing import check_may_send
from pathways.actions.stops import withdraw_pathway
from pathways.enums import AgreedContent, Agreement, Document, PathwayState, Recipient
from pathways.models import FamilyGrant, Pathway, RecipientConsent, Sending
from pathways.notices.outside import Letter, tell_outside
from pathways.reads.addressees import around
from pathways.reads.routing import may_send
from pathways.rules import Wishes
from territories.models import OutgoingMessage
from territories.notices import queue_mail
from territories.sending import claim_mail
from tests import factories
from tests.cast import VALLEES, inside
from visits.models import Report
from visits.perms import readable, reader_letter
from visits.reads.report import blocks_for

YES = Wishes(answer="YES", mood_answer="YES", state=PathwayState.ACTIVE)


@pytest.mark.parametrize(("answer", "allowed"), [("YES", True), ("NO", False), ("LATER", False), ("", False)])
def test_only_a_yes_opens(answer: str, *, allowed: bool) -> None:
    wishes = Wishes(answer=answer, mood_answer="YES", state=PathwayState.ACTIVE)

    assert rules.routing(Document.REPORT, Recipient.GENERAL_PRACTITIONER, wishes).allowed is allowed


@pytest.mark.parametrize("state", [*sorted(rules.STOPPED), ""])
@pytest.mark.parametrize("document", [one for one in Document if one not in rules.LAST_WORDS])
@pytest.mark.parametrize("recipient", list(Recipient))
def test_nothing_leaves_once_stopped_nor_before_the_inclusion(state: str, document: str, recipient: str) -> None:
    wishes = Wishes(answer="YES", mood_answer="YES", state=state, is_care_team=recipient == Recipient.PMI)

    assert not rules.routing(document, recipient, wishes).allowed


@pytest.mark.parametrize("answer", ["YES", "NO", "LATER", ""])
@pytest.mark.parametrize("state", [PathwayState.ACTIVE, *sorted(rules.STOPPED)])
def test_that_nobody_has_to_come_is_told_without_a_yes(state: str, answer: str) -> None:
    wishes = Wishes(answer=answer, mood_answer="", state=state, is_silent=True)

    assert rules.routing(Document.CALLED_OFF, Recipient.PMI, wishes).allowed


@pytest.mark.parametrize("state", [PathwayState.ACTIVE, PathwayState.SUSPENDED, PathwayState.CLOSED])
def test_nothing_leaves_in_mourning_whatever_the_state(state: str) -> None:
    wishes = Wishes(answer="YES", mood_answer="YES", state=state, is_silent=True)

    assert not rules.routing(Document.REPORT, Recipient.LIBERAL_MIDWIFE, wishes).allowed


@pytest.mark.parametrize("recipient", list(Recipient))
def test_sealed_compartment_never_leaves(recipient: str) -> None:
    assert not rules.routing(Document.SEALED, recipient, YES).allowed


@pytest.mark.parametrize(
    ("document", "allowed"),
    [
        (Document.REPORT, True),
        (Document.CHILD_ORIENTATION, True),
        (Document.CHILD_CALENDAR, True),
        (Document.MOOD_SCORE, False),
        (Document.ORIENTATION, False),
        (Document.RELAY_FILE, False),
        (Document.MINUTES, False),
    ],
)
def test_doctor_of_the_child_gets_the_child_only(document: str, *, allowed: bool) -> None:
    assert rules.routing(document, Recipient.PAEDIATRICIAN, YES).allowed is allowed


@pytest.mark.parametrize(("answer", "allowed"), [("YES", True), ("NO", False), ("LATER", False), ("", False)])
@pytest.mark.parametrize("recipient", [one for one in Recipient if one != Recipient.PAEDIATRICIAN])
def test_mood_score_needs_its_own_yes(recipient: str, answer: str, *, allowed: bool) -> None:
    wishes = Wishes(answer="YES", mood_answer=answer, state=PathwayState.ACTIVE)

    assert rules.routing(Document.MOOD_SCORE, recipient, wishes).allowed is allowed


def test_pmi_needs_a_yes_unless_it_answers_for_the_pathway(vallees: scope.Scope) -> None:
    outside = factories.make_pathway(agreed_pmi=False)
    inside_team = factories.make_pathway(carrier=factories.structure("PMI de Ligny"), agreed_pmi=False)

    answers = [
        may_send(family_id=one.family_id, recipient=Recipient.PMI, document=Document.RELAY_FILE).allowed
        for one in (outside, inside_team)
    ]

    assert answers == [False, True]


def test_every_refusal_says_what_to_do_in_french(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()

    with pytest.raises(BusinessError) as refusal:
        check_may_send(
            family_id=pathway.family_id, recipient=Recipient.PSYCHOLOGIST, document=Document.REPORT, at=clock.now()
        )

    assert refusal.value.code == "may_not_send"
    assert "demandez-le-lui" in refusal.value.message


# ---- The list filter says the same as the rule -----------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "state", "recipient"),
    list(
        product(
            ["YES", "NO", "LATER"],
            [PathwayState.ACTIVE, PathwayState.SUSPENDED, PathwayState.CLOSED, *sorted(rules.STOPPED)],
            [Recipient.GENERAL_PRACTITIONER, Recipient.PAEDIATRICIAN],
        )
    ),
)
def test_reader_outside_reads_exactly_what_may_be_sent(
    vallees: scope.Scope, answer: str, state: str, recipient: str
) -> None:
    marc = factories.who("marc")
    report = _signed(state=PathwayState.ACTIVE)
    factories.make_agreement(report.family, recipient, answer)
    factories.make_grant(report.family, to=marc, recipient=recipient)
    ended = {"closed_at": clock.now(), "closing_reason": "COMPLETE"} if state == PathwayState.CLOSED else {}
    Pathway.objects.filter(family=report.family).update(state=state, **ended)

    is_read = readable(Report.objects.all(), marc).filter(pk=report.pk).exists()

    assert is_read is may_send(family_id=report.family_id, recipient=recipient, document=Document.REPORT).allowed


def test_yes_for_one_doctor_opens_nothing_to_another(vallees: scope.Scope) -> None:
    marc = factories.who("marc")
    report = _signed()
    factories.make_agreement(report.family, Recipient.GENERAL_PRACTITIONER)
    factories.make_grant(report.family, to=marc, recipient=Recipient.PAEDIATRICIAN)

    assert not readable(Report.objects.all(), marc).exists()


def test_person_written_by_name_reads_under_her_own_answer(vallees: scope.Scope) -> None:
    marc, elise = factories.who("marc"), factories.who("elise")
    report, at = _signed(), clock.now()
    answers = {"Nadia Martin, ostéopathe": "YES", "Paul Martin, addictologue": "NO"}
    change_recipients(family=report.family, agreements={}, others=answers, by=elise, at=at)
    read = []
    for named in answers:
        FamilyGrant.objects.all().delete()
        factories.make_grant(report.family, to=marc, reason="ORIENTATION", recipient=Recipient.OTHER, named=named)
        read.append(readable(Report.objects.all(), marc).exists())

    assert read == [True, False]


@pytest.mark.parametrize(("recipient", "letter"), [("PAEDIATRICIAN", "P"), ("GENERAL_PRACTITIONER", "G")])
def test_copy_follows_as_whom_she_was_opened_the_file(vallees: scope.Scope, recipient: str, letter: str) -> None:
    marc = factories.who("marc")
    family = factories.make_pathway().family
    factories.make_grant(family, to=marc, recipient=recipient)

    assert reader_letter(marc, family.pk) == letter


@pytest.mark.parametrize("letter", list("LGMP"))
@pytest.mark.parametrize("answer", ["YES", "NO", "LATER", ""])
def test_mood_score_is_printed_as_she_says_today(vallees: scope.Scope, letter: str, answer: str) -> None:
    report = _signed()
    report.answers = {**report.answers, "epds.total": 10}
    if answer:
        factories.make_agreement(report.family, AgreedContent.MOOD_SCORE, answer)

    is_printed = "sur 30" in str(blocks_for(report, letter))

    assert is_printed is (answer == Agreement.YES and letter != "P")
    assert "sur 30" in str(blocks_for(report, "E"))


def _signed(**fields: str) -> Report:
    at = clock.now()
    pathway = factories.make_pathway(ap=factories.who("amal"), **fields)
    visit = factories.make_visit(pathway, "V1", "ended", ended_at=at)
    return factories.make_report(visit, delivered_at=at)


# ---- The database ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("recipient", "named"), [(Recipient.OTHER, ""), (Recipient.PMI, "Nadia Martin"), ("MOOD_SCORE", "Nadia Martin")]
)
def test_database_refuses_somebody_without_a_name_and_a_name_too_many(
    vallees: scope.Scope, recipient: str, named: str
) -> None:
    family, elise = factories.make_family(), factories.who("elise")

    with pytest.raises(IntegrityError, match="recipient_consent_named"), transaction.atomic():
        RecipientConsent.objects.create(
            family=family, recipient=recipient, named=named, answer="YES", at=clock.now(), collected_by=elise
        )


# ---- Two connections -------------------------------------------------------------------------------------
def _send(family_id: int) -> bool:
    """A sending as every door does it: the question and the row in one transaction."""
    at = clock.now()
    try:
        check_may_send(family_id=family_id, recipient=Recipient.LIBERAL_MIDWIFE, document=Document.REPORT, at=at)
    except BusinessError:
        return False
    return queue_mail(to="ines@copa.example", subject="CoPa", body="…", dedup_key=f"race:{family_id}", at=at)


def _at_once(*works: Callable[[], object]) -> list[object]:
    barrier = Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        try:
            with scope.opened(inside(VALLEES)):
                barrier.wait(timeout=20)
                return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one, work) for work in works]]


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("way", ["withdrawn", "answer"])
@pytest.mark.parametrize("_turn", range(3))
def test_agreement_taken_back_while_it_is_sent_is_sent_before_or_not_at_all(way: str, _turn: int) -> None:
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway()
        elise, family = factories.who("elise"), pathway.family

    def take_back() -> None:
        if way == "withdrawn":
            withdraw_pathway(pathway=pathway, by=elise, at=clock.now())
        else:
            change_recipients(family=family, agreements={Recipient.LIBERAL_MIDWIFE: "NO"}, by=elise, at=clock.now())

    was_sent, _ = _at_once(lambda: _send(family.pk), take_back)

    with scope.opened(inside(VALLEES)):
        assert OutgoingMessage.objects.filter(dedup_key=f"race:{family.pk}").exists() is was_sent
        assert not _send(family.pk)


@pytest.mark.usefixtures("committed")
def test_withdrawal_waits_for_a_sending_that_has_asked() -> None:
    """The order is forced: the sending has its answer, the withdrawal begins, and ends only after the commit."""
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway()
        elise = factories.who("elise")
    asked, withdrawn = Barrier(2), []

    def send() -> bool:
        sent = _send(pathway.family_id)
        asked.wait(timeout=20)
        withdrawn.append(Pathway.objects.get(pk=pathway.pk).state)
        return sent

    def withdraw() -> None:
        asked.wait(timeout=20)
        withdraw_pathway(pathway=pathway, by=elise, at=clock.now())

    was_sent, _ = _at_once(send, withdraw)

    with scope.opened(inside(VALLEES)):
        assert (was_sent, withdrawn) == (True, [PathwayState.ACTIVE])
        assert Pathway.objects.get(pk=pathway.pk).state == PathwayState.WITHDRAWN


# ---- The worker ------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("way", ["withdrawn", "answer"])
@pytest.mark.parametrize("_turn", range(3))
def test_worker_and_a_taken_back_agreement_never_pass_each_other(way: str, _turn: int) -> None:
    """What waits is taken by the worker before she takes it back, or does not leave: nothing else."""
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway()
        elise, family = factories.who("elise"), pathway.family
        factories.make_grant(family, to=factories.who("ines"))
        letter = Letter(subject="CoPa", template="pathway_changed", key=f"news:{pathway.public_id}")
        readers = around(pathway, [Recipient.LIBERAL_MIDWIFE], clock.now())
        assert tell_outside(pathway=pathway, letter=letter, readers=readers, at=clock.now())
        key = OutgoingMessage.objects.get(to="ines@copa.example", subject="CoPa").pk
    with scope.opened(inside(VALLEES)):
        # The worker of the tests has sent it at the commit: it waits again.
        waits = {"state": OutboxState.QUEUED, "attempts": 0, "sent_at": None, "next_attempt_at": clock.now()}
        OutgoingMessage.objects.filter(pk=key).update(**waits)

    def take_back() -> None:
        if way == "withdrawn":
            withdraw_pathway(pathway=pathway, by=elise, at=clock.now())
        else:
            change_recipients(family=family, agreements={Recipient.LIBERAL_MIDWIFE: "NO"}, by=elise, at=clock.now())

    taken, _ = _at_once(lambda: claim_mail(pk=key, at=clock.now()), take_back)

    with scope.opened(inside(VALLEES)):
        state = OutgoingMessage.objects.get(pk=key).state
        assert state == (OutboxState.CLAIMED if taken else OutboxState.WITHHELD)
        news = Sending.objects.get(recipient=Recipient.LIBERAL_MIDWIFE, document=Document.NEWS)
        assert (news.stopped_at is None) is (taken is not None)
        # A worker that died meanwhile leaves the row to the next one, which asks again.
        OutgoingMessage.objects.filter(pk=key).update(next_attempt_at=clock.now())
        assert claim_mail(pk=key, at=clock.now()) is None

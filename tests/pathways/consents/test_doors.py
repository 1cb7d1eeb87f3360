"""Every door towards somebody outside the team: one rule, asked when it is written and again when it leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from copa.kernel import clock, one_time, scope
from copa.kernel.errors import BusinessError
from copa.kernel.outbox import OutboxState
from pathways.actions import alerts, answer_links, orientations, relays, suggestions
from pathways.actions.families import change_recipients
from pathways.actions.routing import check_may_send
from pathways.actions.stops import withdraw_pathway
from pathways.enums import Agreement, AlertKind, CircleRole, Document, OrientationState, Recipient, SentBy
from pathways.models import (
    AnswerLink,
    MeetingItem,
    Orientation,
    Pathway,
    PmiRelay,
    RecipientConsent,
    Sending,
    Suggestion,
)
from pathways.notices import stops as notices
from pathways.perms import READ_MINUTES
from pathways.reads.routing import orientation_routing
from territories import sms
from territories.models import OutgoingMessage, User
from territories.tasks import send_outgoing
from tests import factories
from visits.notices import joint_asked, third_visit_done
from visits.reads.relay_file import relay_file

pytestmark = pytest.mark.usefixtures("vallees")


@dataclass(frozen=True)
class Door:
    """Somebody outside, and what makes a message for her. `opens` raises or does nothing when it may not."""

    recipient: str
    address: str
    opens: Callable[[Pathway], object]


def _third_visit(pathway: Pathway) -> None:
    suggestions.ask_third_visit(pathway=pathway, is_of_parents=True, note="", by=factories.who("amal"), at=clock.now())
    asked = Suggestion.objects.select_related("pathway").get(pathway=pathway)
    suggestions.decide_suggestion(
        suggestion=asked, is_accepted=True, reason="", by=factories.who("farid"), at=clock.now()
    )


def _relay(pathway: Pathway) -> None:
    relay = PmiRelay.objects.get(pathway=pathway)
    relays.start_relay(relay=relay, reason="Avant son jour.", by=factories.who("farid"), at=clock.now())


def _reassigned(pathway: Pathway) -> None:
    relay = PmiRelay.objects.get(pathway=pathway)
    ligny, relay.sector = relay.sector, None
    PmiRelay.objects.filter(pk=relay.pk).update(sector=None)
    relays.reassign_relay(relay=relay, sector=ligny, reason="Son secteur.", by=factories.who("farid"), at=clock.now())


def _orientation(target: str) -> Callable[[Pathway], object]:
    def opens(pathway: Pathway) -> None:
        entry = factories.make_entry(target, email="ailleurs@service.example")
        need = factories.make_need(pathway)
        one = factories.make_orientation(need, entry=entry, state=OrientationState.ACCEPTED)
        orientations.send_orientation(orientation=one, how=SentBy.LINK, by=factories.who("farid"), at=clock.now())

    return opens


def _reminded(pathway: Pathway) -> None:
    entry = factories.make_entry("PSYCHOLOGIST", email="ailleurs@service.example")
    one = factories.make_orientation(
        factories.make_need(pathway),
        entry=entry,
        state=OrientationState.SENT,
        sent_how=SentBy.LINK,
        sent_at=clock.now() - timedelta(days=8),
    )
    answer_links.make_link(orientation=one, by=factories.who("farid"), at=clock.now())
    orientations.remind(pk=one.pk, at=clock.now())


def _alert(pathway: Pathway, code: str = "HOME_TONIGHT:HOME_BASIC") -> None:
    User.objects.filter(email=MIDWIFE).update(phone=MIDWIFE_PHONE)
    at = clock.now()
    alerts.raise_alert(
        pathway=pathway,
        code=code,
        kind=AlertKind.CHILD_SIGN,
        subject_id=pathway.public_id,
        facts="Plus de chauffage.",
        is_sealed=False,
        raised_by=factories.who("amal"),
        answer_due_at=at + timedelta(minutes=10),
        at=at,
    )


def _joint(pathway: Pathway) -> None:
    joint_asked(visit=factories.make_visit(pathway, "V3", is_joint=True, partner_state="asked"), at=clock.now())


def _done(pathway: Pathway) -> None:
    third_visit_done(visit=factories.make_visit(pathway, "V3", "ended"), at=clock.now())


MIDWIFE, MIDWIFE_PHONE, GP = "ines@copa.example", "+33199003105", "cabinet@medecins.example"
PMI = "pmi-ligny@copa.example"
DOORS = {
    "paused": Door(
        Recipient.LIBERAL_MIDWIFE,
        MIDWIFE,
        lambda one: notices.pathway_changed(pathway=one, key="pause", by=factories.who("farid"), at=clock.now()),
    ),
    "paused, PMI": Door(
        Recipient.PMI,
        PMI,
        lambda one: notices.pathway_changed(pathway=one, key="pause", by=factories.who("farid"), at=clock.now()),
    ),
    "ended": Door(
        Recipient.LIBERAL_MIDWIFE,
        MIDWIFE,
        lambda one: notices.pathway_ended(pathway=one, by=factories.who("farid"), at=clock.now()),
    ),
    "closed": Door(
        Recipient.GENERAL_PRACTITIONER, GP, lambda one: notices.pathway_closed(pathway=one, by=None, at=clock.now())
    ),
    "closed, child": Door(
        Recipient.PAEDIATRICIAN,
        "enfant@medecins.example",
        lambda one: notices.pathway_closed(pathway=one, by=None, at=clock.now()),
    ),
    "alert": Door(Recipient.LIBERAL_MIDWIFE, MIDWIFE_PHONE, _alert),
    "third visit decided": Door(Recipient.GENERAL_PRACTITIONER, GP, _third_visit),
    "third visit done": Door(Recipient.LIBERAL_MIDWIFE, MIDWIFE, _done),
    "joint visit": Door(Recipient.PMI, PMI, _joint),
    "relay before its day": Door(Recipient.PMI, PMI, _relay),
    "relay to another sector": Door(Recipient.PMI, PMI, _reassigned),
    "orientation": Door(Recipient.PSYCHOLOGIST, "ailleurs@service.example", _orientation("PSYCHOLOGIST")),
    "orientation to the PMI": Door(Recipient.PMI, "ailleurs@service.example", _orientation("PMI_CENTRE")),
    "orientation again": Door(Recipient.PSYCHOLOGIST, "ailleurs@service.example", _reminded),
}


def _around(agreed: Agreement) -> Pathway:
    """A family whose midwife, doctors and PMI are known, each with this answer."""
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=5)
    family = pathway.family
    factories.make_grant(family, to=factories.who("ines"))
    for work, address, kind in (
        (CircleRole.GENERAL_PRACTITIONER, GP, "GP"),
        (CircleRole.PAEDIATRICIAN, "enfant@medecins.example", "PAEDIATRICIAN"),
    ):
        factories.make_circle_member(family, role=work, entry=factories.make_entry(kind, email=address))
    RecipientConsent.objects.filter(family=family).delete()
    for recipient in Recipient:
        if recipient != Recipient.OTHER:
            factories.make_agreement(family, recipient, agreed)
    PmiRelay.objects.filter(pathway=pathway).update(is_agreed=agreed == Agreement.YES)
    PmiRelay.objects.get(pathway=pathway)
    pmi = factories.structure("PMI de Ligny")
    type(pmi).objects.filter(pk=pmi.pk).update(mailbox=PMI)
    return pathway


def _open(door: Door, pathway: Pathway) -> None:
    try:
        door.opens(pathway)
    except BusinessError:
        return


def _written(door: Door) -> Any:
    return OutgoingMessage.objects.filter(to=door.address)


def _send() -> list[str]:
    """To whom something left, as often as it left."""
    sms.sent.clear()
    mail.outbox.clear()
    send_outgoing(str(scope.current_territory_id()))
    return [*(to for one in mail.outbox for to in one.to), *(to for to, _ in sms.sent)]


def _say_no(door: Door, pathway: Pathway) -> None:
    change_recipients(
        family=pathway.family, agreements={door.recipient: "NO"}, by=factories.who("elise"), at=clock.now()
    )


@pytest.mark.parametrize("name", DOORS)
def test_yes_leaves_and_stands_on_the_page_of_her_agreements(name: str) -> None:
    door, pathway = DOORS[name], _around(Agreement.YES)

    _open(door, pathway)

    assert _send().count(door.address) == 1
    sending = Sending.objects.get(message=_written(door).get().public_id)
    assert (sending.recipient, sending.stopped_at) == (door.recipient, None)


@pytest.mark.parametrize("answer", [Agreement.NO, Agreement.LATER])
@pytest.mark.parametrize("name", DOORS)
def test_anything_but_a_yes_writes_nothing(name: str, answer: Agreement) -> None:
    door, pathway = DOORS[name], _around(answer)
    if answer == Agreement.LATER and name.startswith("orientation"):
        pytest.skip("an orientation has the person's own answer: « plus tard » in general forbids nothing")

    _open(door, pathway)

    assert not _written(door).exists()
    assert not Sending.objects.filter(recipient=door.recipient).exists()


@pytest.mark.parametrize("name", DOORS)
def test_no_between_the_queue_and_the_sending_holds_it_back_at_once(name: str) -> None:
    door, pathway = DOORS[name], _around(Agreement.YES)
    _open(door, pathway)

    _say_no(door, pathway)

    assert door.address not in _send()
    assert _written(door).get().state == OutboxState.WITHHELD
    assert Sending.objects.exclude(stopped_at=None).filter(recipient=door.recipient).exists()


@pytest.mark.parametrize("name", DOORS)
def test_worker_asks_again_whatever_was_written_behind_its_back(name: str) -> None:
    door, pathway = DOORS[name], _around(Agreement.YES)
    _open(door, pathway)
    RecipientConsent.objects.filter(family=pathway.family, recipient=door.recipient).update(answer=Agreement.NO)

    assert door.address not in _send()
    message = _written(door).get()
    assert (message.state, "ne souhaite pas" in message.answer) == (OutboxState.WITHHELD, True)


# Told after a stop too: that it stops, and a sign that worries.
LAST_WORDS = {"paused", "paused, PMI", "ended", "alert"}


@pytest.mark.parametrize("name", DOORS)
def test_withdrawal_between_the_queue_and_the_sending_leaves_the_last_word_only(name: str) -> None:
    door, pathway = DOORS[name], _around(Agreement.YES)
    _open(door, pathway)
    key = _written(door).get().pk

    withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())
    _send()

    state = OutgoingMessage.objects.get(pk=key).state
    assert state == (OutboxState.SENT if name in LAST_WORDS else OutboxState.WITHHELD)


def test_what_was_withheld_is_not_tried_again_when_she_says_yes_once_more() -> None:
    door, pathway = DOORS["closed"], _around(Agreement.YES)
    _open(door, pathway)
    _say_no(door, pathway)

    change_recipients(
        family=pathway.family, agreements={door.recipient: "YES"}, by=factories.who("elise"), at=clock.now()
    )
    assert door.address not in _send()


def test_team_is_told_without_being_agreed_to() -> None:
    pathway = _around(Agreement.NO)

    notices.pathway_closed(pathway=pathway, by=None, at=clock.now())

    assert set(OutgoingMessage.objects.values_list("to", flat=True)) == {
        pathway.carrier.mailbox,
        "amal@copa.example",
    } - {""}


def test_third_visit_is_told_once_whoever_says_it_first() -> None:
    pathway, farid = _around(Agreement.YES), factories.who("farid")

    notices.third_visit_decided(pathway=pathway, by=farid, at=clock.now())
    notices.third_visit_decided(pathway=pathway, by=farid, at=clock.now() + timedelta(days=1))

    assert OutgoingMessage.objects.filter(to=GP).count() == 1


@pytest.mark.parametrize("name", ["closed", "third visit decided"])
def test_mail_to_somebody_without_an_account_asks_her_to_call_and_says_nothing(name: str) -> None:
    door, pathway = DOORS[name], _around(Agreement.YES)

    _open(door, pathway)

    message = _written(door).get()
    assert "Appelez-la" in message.body
    for secret in (str(pathway.family), "Haddad", "Samira", "Noé", "visite", "mère"):
        assert secret not in message.body + message.subject


def test_sealed_need_leaves_no_line_among_her_agreements() -> None:
    pathway = _around(Agreement.YES)
    need = factories.make_need(pathway, "VIOLENCE_SEALED", by=factories.who("farid"))
    one = factories.make_orientation(need, state=OrientationState.ACCEPTED)

    orientations.send_orientation(orientation=one, how=SentBy.PHONE, by=factories.who("farid"), at=clock.now())

    assert not Sending.objects.exists()


@pytest.mark.parametrize("answer", ["YES", "NO"])
def test_link_opens_under_the_same_rule(answer: str) -> None:
    pathway = _around(Agreement.YES)
    _orientation("PSYCHOLOGIST")(pathway)
    link = AnswerLink.objects.get()
    RecipientConsent.objects.filter(recipient=Recipient.PSYCHOLOGIST).update(answer=answer)
    orientation = Orientation.objects.select_related("need").get(pk=link.orientation_id)
    token = one_time.token_of(link.public_id)

    assert orientation_routing(orientation).allowed is (answer == "YES")
    assert (answer_links.opening(token=token, at=clock.now()) is not None) is (answer == "YES")


@pytest.mark.parametrize(("change", "is_read"), [("", True), ("no", False), ("withdrawn", False)])
def test_minutes_are_read_outside_under_the_same_rule(change: str, *, is_read: bool) -> None:
    pathway, ines, elise = _around(Agreement.YES), factories.who("ines"), factories.who("elise")
    factories.make_meeting_item(factories.make_meeting(present=(elise,), is_validated=True), pathway.family)
    if change == "no":
        _say_no(DOORS["ended"], pathway)
    elif change:
        withdraw_pathway(pathway=pathway, by=elise, at=clock.now())

    assert READ_MINUTES.rows(ines).filter(family=pathway.family).exists() is is_read
    assert MeetingItem.objects.exists()


@pytest.mark.parametrize(("change", "is_open"), [("", True), ("no", False), ("withdrawn", False)])
def test_relay_file_is_printed_under_the_same_rule(change: str, *, is_open: bool) -> None:
    pathway = _around(Agreement.YES)
    if change == "no":
        _say_no(DOORS["relay before its day"], pathway)
    elif change:
        withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())

    file = relay_file(PmiRelay.objects.get(pathway=pathway), clock.now(), "Europe/Paris")

    assert (file.is_agreed, bool(file.blocks)) == (is_open, is_open)


def test_relay_to_a_pmi_outside_the_team_needs_her_yes_even_when_another_pmi_carries() -> None:
    """A16: the exemption is for the PMI that answers for the pathway, not for every PMI."""
    pathway = factories.make_pathway(carrier=factories.structure("PMI de Ligny"), agreed_pmi=False)
    about = {"family_id": pathway.family_id, "recipient": Recipient.PMI, "document": Document.RELAY_FILE}
    inside, outside = factories.structure("PMI de Ligny"), factories.structure()

    check_may_send(**about, at=clock.now(), structure_id=inside.pk)
    with pytest.raises(BusinessError) as refusal:
        check_may_send(**about, at=clock.now(), structure_id=outside.pk)

    assert refusal.value.code == "may_not_send"


ROOT = Path(__file__).parents[3]
NOTICES = sorted(
    path
    for app in ("pathways", "visits")
    for path in (ROOT / app).rglob("*.py")
    if "notices" in str(path.relative_to(ROOT))
)


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_notice_asks_her_answers_by_itself(path: Path) -> None:
    """A new mail to somebody outside goes through `notices.outside`, which asks the rule."""
    assert "RecipientConsent" not in path.read_text()


def test_alert_of_a_life_in_danger_asks_nobody() -> None:
    pathway = _around(Agreement.YES)
    _alert(pathway, "CHILD_VITAL:CHILD_BLUE_GREY")

    _say_no(DOORS["alert"], pathway)

    assert MIDWIFE_PHONE in _send()

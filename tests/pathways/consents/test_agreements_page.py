"""The page of her agreements: who receives, since when, what has left, one tap to change."""

from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.outbox import OutboxState
from pathways.enums import Document, Recipient
from pathways.models import PmiRelay, RecipientConsent, Sending
from pathways.notices import stops as notices
from territories.models import OutgoingMessage
from tests import factories
from tests.pathways.addresses import address
from tests.queries import count


def _line(client: Any, family: Any, recipient: str) -> Any:
    page = client.get(address("recipients", family.public_id)).context["page"]
    return next(line for line in page.lines if line.recipient == recipient)


@pytest.mark.parametrize(
    ("answer", "label"), [("YES", "D’accord, mais rien ne part"), ("NO", "Refuse"), ("LATER", "Plus tard")]
)
def test_each_recipient_says_her_answer_since_when_and_by_whom(
    as_: Any, vallees: scope.Scope, answer: str, label: str
) -> None:
    # Nobody is known to be her doctor: her yes sends nothing, and the page says so.
    family = factories.make_pathway(ap=factories.who("amal")).family
    factories.make_agreement(family, Recipient.GENERAL_PRACTITIONER, answer)

    line = _line(as_("amal"), family, Recipient.GENERAL_PRACTITIONER)

    assert (line.state_label, line.by) == (label, "Elise Martin")
    assert line.since is not None


def test_recipient_nobody_asked_about_says_so(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family

    line = _line(as_("amal"), family, Recipient.PSYCHOLOGIST)

    assert (line.state_label, line.since) == ("Jamais demandé", None)
    assert [change.answer for change in line.changes] == ["YES", "NO"]


def test_what_left_with_an_agreement_of_its_own_is_not_said_never_asked(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    Sending.objects.create(
        family=pathway.family, pathway=pathway, recipient="PSYCHOLOGIST", document=Document.ORIENTATION,
        to="Cabinet des Érables", how="LETTER", at=clock.now(),
    )  # fmt: skip

    line = _line(as_("amal"), pathway.family, Recipient.PSYCHOLOGIST)

    assert (line.state_label, line.left) == ("Jamais demandé pour le reste", 1)
    assert line.apart == ("Orientation de la mère",)


def test_whom_no_copy_reaches_is_said_beside_the_question(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family

    told = {one: _line(as_("amal"), family, one).reach for one in (Recipient.PSYCHOLOGIST, Recipient.LIBERAL_MIDWIFE)}

    assert "Aucune copie ne part toute seule" in told[Recipient.PSYCHOLOGIST]
    assert told[Recipient.LIBERAL_MIDWIFE] == ""


def test_one_tap_withholds_what_waits_and_keeps_what_left(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_grant(pathway.family, to=factories.who("ines"))
    Sending.objects.create(
        family=pathway.family, pathway=pathway, recipient="LIBERAL_MIDWIFE", document=Document.NEWS,
        to="Ines Martin", how="LETTER", at=clock.now(),
    )  # fmt: skip
    notices.pathway_changed(pathway=pathway, key="pause", by=factories.who("elise"), at=clock.now())
    client = as_("amal")
    before = _line(client, pathway.family, Recipient.LIBERAL_MIDWIFE)

    answer = {"recipient": "LIBERAL_MIDWIFE", "named": "", "answer": "NO"}
    response = client.post(address("recipient_change", pathway.family.public_id), answer)
    after = _line(client, pathway.family, Recipient.LIBERAL_MIDWIFE)

    assert "1 en attente ne partira pas" in before.changes[0].warns
    assert response.status_code == 302
    assert (before.left, before.waiting, after.left, after.waiting) == (1, 1, 1, 0)
    assert OutgoingMessage.objects.get(to="ines@copa.example").state == OutboxState.WITHHELD
    assert "Retenu" in client.get(address("recipients", pathway.family.public_id)).content.decode()


def test_one_tap_for_the_pmi_moves_its_relay(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    url = address("recipient_change", pathway.family.public_id)

    as_("amal").post(url, {"recipient": "PMI", "named": "", "answer": "NO"})

    assert not PmiRelay.objects.get().is_agreed


def test_one_tap_for_somebody_written_by_name(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family
    url = address("recipient_change", family.public_id)

    as_("amal").post(url, {"recipient": "OTHER", "named": "Nadia Simon, ostéopathe", "answer": "YES"})

    assert RecipientConsent.objects.get(recipient="OTHER").named == "Nadia Simon, ostéopathe"


@pytest.mark.parametrize(
    "typed",
    [
        {"recipient": "PMI", "named": "", "answer": "MAYBE"},
        {"recipient": "ARS", "named": "", "answer": "YES"},
        {"recipient": "OTHER", "named": "", "answer": "YES"},
        {"recipient": "PMI", "named": "Nadia Simon", "answer": "YES"},
        {},
    ],
)
def test_bad_answer_changes_nothing(as_: Any, vallees: scope.Scope, typed: dict[str, str]) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family
    before = set(RecipientConsent.objects.values_list("recipient", "named", "answer"))

    as_("amal").post(address("recipient_change", family.public_id), typed)

    assert set(RecipientConsent.objects.values_list("recipient", "named", "answer")) == before


def test_page_costs_the_same_for_ten_sendings(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    client, url = as_("amal"), address("recipients", pathway.family.public_id)

    def more(number: int) -> None:
        Sending.objects.create(
            family=pathway.family, pathway=pathway, recipient="PMI", document=Document.NEWS, to=f"PMI {number}",
            how="LETTER", at=clock.now(),
        )  # fmt: skip

    more(0)
    one = count(client, url)
    for number in range(1, 10):
        more(number)

    assert count(client, url) == one

"""« Le suivi propre » after a death: what is silent, who was told, what a person has done."""

from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import aftercare, deaths
from pathways.models import AftercareDone, Child, Death
from pathways.reads.aftercare import aftercare_of
from territories.models import OutgoingMessage
from tests import factories
from tests.pathways.addresses import address


def test_team_notes_each_step_once(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    death = factories.make_death(pathway.birth, Child.objects.get())
    url = address("aftercare", pathway.birth.public_id)
    sent = {"death": death.public_id, "step": "CALL_AP"}

    for _ in range(2):
        assert as_("farid").post(url, sent).status_code == 302
    page = as_("farid").get(url).content.decode()

    assert AftercareDone.objects.count() == 1
    assert "Farid Martin" in page
    assert "Amal Martin" in page
    assert as_("amal").get(url).status_code == 403


def test_step_of_a_death_taken_back_is_refused(vallees: scope.Scope) -> None:
    death = factories.make_death(factories.make_pathway().birth, Child.objects.get())
    farid = factories.who("farid")
    deaths.undo_death(death=death, reason="Autre famille.", by=farid, at=clock.now())

    with pytest.raises(BusinessError, match="annulé"):
        aftercare.note_step(death=death, step="CALL_FAMILY", by=farid, at=clock.now())
    with pytest.raises(BusinessError, match="Choisissez"):
        aftercare.note_step(death=death, step="SEND_FLOWERS", by=farid, at=clock.now())

    assert not AftercareDone.objects.exists()


@pytest.mark.parametrize("agreed", [True, False])
def test_outside_is_told_neutrally_and_only_with_agreement(vallees: scope.Scope, agreed: bool) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), agreed_pmi=agreed, agreed_midwife=agreed)
    factories.make_grant(pathway.family, to=factories.who("ines"))

    factories.make_death(pathway.birth, Child.objects.get())

    mails = list(OutgoingMessage.objects.order_by("to"))
    assert [mail.to for mail in mails] == (["ines@copa.example", "pmi-ligny@copa.example"] if agreed else [])
    for mail in mails:
        text = f"{mail.subject} {mail.body}".lower()
        assert not any(word in text for word in ("décès", "deuil", "mort", "haddad", "samira"))
    found = aftercare_of(pathway.birth, factories.who("farid"), clock.now())
    assert (found.is_midwife_told, found.is_pmi_told) == (agreed, agreed)


def test_nothing_automatic_goes_to_the_coparent_for_thirty_days_after_the_mother_died(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    assert aftercare_of(pathway.birth, factories.who("farid"), clock.now()).coparent_until is None

    death = factories.make_death(pathway.birth)

    found = aftercare_of(pathway.birth, factories.who("farid"), clock.now())
    assert found.coparent_until is not None
    assert (found.coparent_until - clock.local_date(Death.objects.get(pk=death.pk).noted_at, "Europe/Paris")).days == 30
    assert found.is_whole

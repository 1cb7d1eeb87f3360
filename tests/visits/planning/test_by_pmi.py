"""The third visit of a pathway the PMI carries, made by whoever takes the relay there: the whole walk (R077)."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from copa.kernel import clock, scope
from pathways.models import Alert, AlertStep, PmiRelay
from pathways.perms import SEE_ALERTS
from tests import factories
from tests.queries import count
from tests.visits.questionnaires import epds
from tests.visits.reports import EPDS, answers, save, sign
from visits.models import Report, Visit

TAKERS = pytest.mark.parametrize("who", ["gaelle", "nora"])
# What a third visit asks beside the others, with a mood questionnaire.
THIRD = epds(*EPDS, epds__alone="ALONE", visit__joint="PMI_NURSE", pmi__link="SEEN", v3__result="PMI_FOLLOW")
_LINK = re.compile(r'href="(/t/[^"#]+)"')


def third_visit(who: str = "gaelle", *, is_agreed: bool = True) -> Visit:
    """Two hours from now, of a pathway carried by the PMI of Ligny."""
    pathway = factories.make_pathway(carrier=factories.structure("PMI de Ligny"), agreed_pmi=is_agreed, days_ago=12)
    taker = factories.who(who)
    return factories.make_visit(pathway, "V3", ap=taker, not_joint_reason="AP_FROM_PMI")


def url(name: str, *about: Any) -> str:
    return reverse(name, args=["vallees", *about])


def opened(client: Any, address: str) -> str:
    """The page, after every link of its own has been opened too; the menu around it is the same on all."""
    page = client.get(address, follow=True)
    assert page.status_code == 200, address
    content = str(page.content.decode())
    for link in sorted(set(_LINK.findall(content.partition("<main")[2]))):
        assert client.get(link.replace("&amp;", "&"), follow=True).status_code == 200, f"{address} leads to {link}"
    return content


@TAKERS
@pytest.mark.parametrize("is_agreed", [True, False])
def test_whoever_takes_the_relay_makes_the_visit_and_writes_its_report(
    as_: Any, vallees: scope.Scope, who: str, *, is_agreed: bool
) -> None:
    visit, client, now = third_visit(who, is_agreed=is_agreed), as_(who), clock.now()

    assert "à venir" in opened(client, url("visits:own"))
    assert "J’entre" in opened(client, url("visits:joint", visit.public_id))
    opened(client, url("visits:enter", visit.public_id))
    opened(client, url("visits:not_done", visit.public_id))
    entered = client.post(url("visits:enter", visit.public_id))
    assert entered["Location"] == url("visits:own")
    with time_machine.travel(now + timedelta(minutes=80), tick=False):
        opened(client, url("visits:leave", visit.public_id))
        client.post(url("visits:leave", visit.public_id))
        assert "compte rendu à écrire" in opened(client, url("visits:own"))
        opened(client, url("visits:report_edit", visit.public_id))
        sign(Visit.objects.get(), answers(visit) | THIRD)
        opened(client, url("visits:enter", visit.public_id))
        assert "lire le compte rendu" in opened(client, url("visits:own"))
        opened(client, url("visits:joint", visit.public_id))
        opened(client, url("visits:report", Report.objects.get().public_id))
        opened(client, url("visits:addendum", Report.objects.get().public_id))

    assert (PmiRelay.objects.get().handed_at is not None) is is_agreed


def test_colleague_of_the_same_service_neither_makes_it_nor_writes(as_: Any, vallees: scope.Scope) -> None:
    visit = third_visit("nora")

    page = as_("gaelle").get(url("visits:own")).content.decode()

    assert str(visit.public_id) not in page
    assert "Aucune visite pour le moment" in page
    for name in ("visits:enter", "visits:report_edit"):
        assert as_("gaelle").get(url(name, visit.public_id)).status_code == 403


def test_partner_of_a_joint_visit_sees_her_part(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    gaelle = factories.who("gaelle")
    factories.make_visit(pathway, "V3", is_joint=True, partner=gaelle, partner_state="confirmed")

    page = opened(as_("gaelle"), url("visits:own"))

    assert "avec Amal Martin" in page
    assert "Écrire" not in page


def test_page_costs_the_same_for_ten_visits(as_: Any, vallees: scope.Scope) -> None:
    third_visit()
    client = as_("gaelle")
    one = count(client, url("visits:own"))
    for _ in range(9):
        third_visit()

    assert count(client, url("visits:own")) == one


@TAKERS
def test_sign_she_ticked_opens_its_procedure_and_the_call_she_notes(as_: Any, vallees: scope.Scope, who: str) -> None:
    visit, client = third_visit(who, is_agreed=False), as_(who)
    client.post(url("visits:enter", visit.public_id))
    mother = {"who.present": ["MOTHER"], "mother.flag_any": "SOME", "mother.flags": ["MOTHER_BLEEDING"]}
    save(Visit.objects.get(), mother)
    alert = Alert.objects.get()

    assert client.get(url("visits:procedure", alert.public_id)).status_code == 200
    assert client.get(url("pathways:alert", alert.public_id)).status_code == 200
    assert client.get(url("pathways:alert_call", alert.public_id)).status_code == 200
    assert list(SEE_ALERTS.rows(factories.who(who))) == [alert]


@pytest.mark.parametrize("agreed", [True, False])
def test_colleague_of_her_service_sees_no_sign_of_hers(as_: Any, vallees: scope.Scope, *, agreed: bool) -> None:
    pathway = factories.make_pathway(carrier=factories.structure("PMI de Ligny"), agreed_pmi=agreed)
    alert = factories.make_alert(pathway, raised_by=factories.who("nora"))

    for name in ("visits:procedure", "pathways:alert", "pathways:alert_call"):
        status = as_("gaelle").get(url(name, alert.public_id)).status_code
        assert status == (403 if agreed else 404), name
    assert not SEE_ALERTS.rows(factories.who("gaelle")).exists()


# ---- The red button ---------------------------------------------------------------------------------------
@TAKERS
@pytest.mark.parametrize("is_agreed", [True, False])
def test_whoever_makes_the_visit_raises_an_alert_from_its_page(
    as_: Any, vallees: scope.Scope, who: str, *, is_agreed: bool
) -> None:
    visit, client = third_visit(who, is_agreed=is_agreed), as_(who)
    alarm = url("visits:visit_alarm", visit.public_id)
    assert f'href="{alarm}"' in client.get(url("visits:joint", visit.public_id)).content.decode()
    client.post(url("visits:enter", visit.public_id))
    assert f'href="{alarm}"' in client.get(url("visits:leave", visit.public_id)).content.decode()
    assert f'href="{alarm}"' in client.get(url("visits:report_edit", visit.public_id)).content.decode()
    opened(client, alarm)
    opened(client, f"{alarm}?pour=mother")

    sent = {"key": "11111111-1111-4111-8111-111111111111", "who": "mother", "signs": ["MOTHER_BLEEDING"]}
    answer = client.post(alarm, sent)
    again = client.post(alarm, sent)

    alert = Alert.objects.get()
    assert answer["Location"] == again["Location"] == url("visits:procedure", alert.public_id)
    assert (alert.raised_by, alert.subject_id) == (factories.who(who), visit.public_id)
    assert AlertStep.objects.filter(alert=alert, step="raised").exists()
    opened(client, answer["Location"])


def test_neither_a_colleague_nor_the_partner_of_a_joint_visit_nor_a_visit_called_off(
    as_: Any, vallees: scope.Scope
) -> None:
    visit = third_visit("nora")
    pathway = factories.make_pathway(ap=factories.who("amal"))
    gaelle = factories.who("gaelle")
    joint = factories.make_visit(pathway, "V3", is_joint=True, partner=gaelle, partner_state="confirmed")
    sent = {"key": "11111111-1111-4111-8111-111111111111", "who": "mother", "signs": ["MOTHER_BLEEDING"]}

    for one in (visit, joint):
        assert as_("gaelle").post(url("visits:visit_alarm", one.public_id), sent).status_code == 403
    assert "visit_alarm" not in as_("gaelle").get(url("visits:joint", joint.public_id)).content.decode()
    Visit.objects.filter(pk=visit.pk).update(state="cancelled", not_done_reason="OTHER")
    assert as_("nora").post(url("visits:visit_alarm", visit.public_id), sent).status_code == 403
    assert not Alert.objects.exists()

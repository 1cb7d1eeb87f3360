"""« La PMI ne vient pas »: said with its reason, read by her, by the AP and on the family page, and taken back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from copa.kernel import scope
from pathways.models import Pathway
from tests.factories import make_relay, make_visit, who
from tests.visits.planning.plans import AT, local, plan
from visits.models import Visit
from visits.reads.joint import pmi_page

WORDS = "La PMI ne vient pas\u00a0: la PMI verra la famille un autre jour"


def url(name: str, *about: Any) -> str:
    return reverse(name, args=["vallees", *about])


@pytest.fixture
def visit(pathway: Pathway) -> Visit:
    for kind, day in (("V1", 5), ("V2", 9)):
        make_visit(pathway, kind, "ended", planned_at=local(day))
    return plan(pathway, "V3", local(16), motive="VULNERABILITY", is_joint=True)


def test_one_tap_is_not_enough(client: Any, cast: Any, visit: Visit) -> None:
    client.force_login(cast["gaelle"].user)

    answer = client.post(url("visits:joint", visit.public_id), {"vient": "non"})

    assert answer.status_code == 422
    assert "Dites pourquoi la PMI ne vient pas." in answer.content.decode()
    assert Visit.objects.get(pk=visit.pk).partner_state == "asked"


@pytest.mark.parametrize("sent", [{}, {"vient": ""}, {"vient": "peut-être"}])
def test_only_her_yes_says_that_she_comes(client: Any, cast: Any, visit: Visit, sent: dict[str, str]) -> None:
    client.force_login(cast["gaelle"].user)

    answer = client.post(url("visits:joint", visit.public_id), sent)

    assert answer.status_code == 422
    assert "Dites si vous venez ou non." in answer.content.decode()
    assert Visit.objects.get(pk=visit.pk).partner_state == "asked"


def test_page_stays_hers_with_what_she_said_and_lets_her_take_it_back(client: Any, cast: Any, visit: Visit) -> None:
    client.force_login(cast["gaelle"].user)
    page = url("visits:joint", visit.public_id)

    refused = client.post(page, {"vient": "non", "reason": "OTHER_DAY"}, follow=True)

    assert refused.redirect_chain == [(page, 302)]
    assert "la PMI verra la famille un autre jour." in refused.content.decode()
    with time_machine.travel(AT, tick=False):
        assert page in client.get(url("visits:own")).content.decode()
        assert page not in client.get(url("visits:pmi")).content.decode()
    client.post(page, {"vient": "oui"})
    assert Visit.objects.get(pk=visit.pk).partner_state == "confirmed"


def test_neighbouring_pmi_neither_reads_nor_takes_back(client: Any, cast: Any, visit: Visit) -> None:
    Visit.objects.filter(pk=visit.pk).update(
        is_joint=False, not_joint_reason="PMI_ABSENT", partner=who("gaelle"), partner_state="cancelled"
    )
    client.force_login(cast["gina"].user)

    assert client.get(url("visits:joint", visit.public_id)).status_code in {403, 404}
    assert client.post(url("visits:joint", visit.public_id), {"vient": "oui"}).status_code in {403, 404}


def test_day_family_page_and_story_say_it(client: Any, cast: Any, visit: Visit) -> None:
    Visit.objects.filter(pk=visit.pk).update(
        is_joint=False,
        not_joint_reason="PMI_ABSENT",
        partner=who("gaelle"),
        partner_state="cancelled",
        partner_reason="OTHER_DAY",
    )
    with time_machine.travel(local(16, 9), tick=False):
        client.force_login(cast["amal"].user)
        assert WORDS in client.get(url("visits:day")).content.decode()
        family = url("visits:family", visit.family.public_id)
        assert WORDS in client.get(family).content.decode()
        client.force_login(cast["elise"].user)
        shown = client.get(family).content.decode()

    # Above the story, and in it.
    assert shown.count("la PMI verra la famille un autre jour") == 2


def test_relays_of_the_month_come_before_those_of_long_ago(cast: Any, vallees: scope.Scope) -> None:
    gaelle, today = who("gaelle"), local(16).date()
    days = {"forgotten": 40, "late": 5, "next week": -7}
    keys = {
        make_relay(is_agreed=True, due_on=today - timedelta(days=ago)).public_id: name for name, ago in days.items()
    }

    page = pmi_page(gaelle, today)

    shown = [keys[row.public_id] for row in page.waiting if row.public_id in keys]
    assert shown == ["late", "next week", "forgotten"]
    assert (page.stale, page.to_accept) == (1, 3)

"""A child who is placed or adopted: set by the referring team, obeyed by every channel, read by who rings."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from copa.kernel import clock
from pathways.models import Child, Family
from pathways.reads.contact import contact_now
from pathways.reads.facts import families_facts
from tests import factories
from tests.cast import VALLEES
from tests.pathways.addresses import address

pytestmark = pytest.mark.usefixtures("vallees")


def test_team_notes_it_and_takes_it_back(as_: Any) -> None:
    birth = factories.make_birth(children=2)
    url = address("situation", birth.public_id)

    noted = as_("farid").post(url, {"child_1": "PLACED", "child_2": "HOME"})
    first = list(Child.objects.order_by("rank").values_list("situation", flat=True))
    as_("elise").post(url, {"child_1": "HOME", "child_2": "HOME"})

    assert noted.status_code == 302
    assert first == ["PLACED", ""]
    assert not Child.objects.exclude(situation="").exists()
    assert not Child.objects.exclude(situation_at=None).exists()


def test_unknown_situation_is_refused(as_: Any) -> None:
    birth = factories.make_birth()

    response = as_("farid").post(address("situation", birth.public_id), {"child_1": "SECRET"})

    assert response.status_code == 422
    assert Child.objects.get().situation == ""


@time_machine.travel(datetime(2026, 11, 3, 9, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(("channel", "allowed"), [("SMS", False), ("EMAIL", False), ("SPACE", False), ("CALL", True)])
def test_nothing_automatic_leaves_and_words_are_discreet(channel: str, *, allowed: bool) -> None:
    pathway = factories.make_pathway()
    wishes = {"may_sms": True, "may_email": True, "may_call": True, "may_space": True}
    Family.objects.filter(pk=pathway.family_id).update(**wishes)
    Child.objects.update(situation="ADOPTED", situation_at=clock.now())

    facts = families_facts([pathway.family_id], clock.now())[pathway.family_id]
    decision = contact_now(facts, channel, at=clock.now(), zone="Europe/Paris")

    assert (decision.allowed, decision.is_discreet) == (allowed, True)


def test_auxiliary_reads_it_before_she_rings(as_: Any) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    Child.objects.update(situation="PLACED", situation_at=clock.now())
    factories.make_visit(pathway)

    day = as_("amal").get(reverse("visits:day", args=[VALLEES])).content.decode()
    file = as_("amal").get(reverse("visits:family", args=[VALLEES, pathway.family.public_id])).content.decode()

    assert "Noé1 (confié)" in day
    assert "Aucun message automatique ne part vers la famille." in file

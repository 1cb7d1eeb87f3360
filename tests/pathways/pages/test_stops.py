"""The pages that stop, resume or hand over a pathway."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from copa.kernel import scope
from pathways.enums import PathwayState
from pathways.models import (
    Birth,
    Pathway,
)
from territories.models import Member
from tests import factories
from tests.pathways.addresses import address


def test_family_stops_and_sees_nothing_more(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    url = address("withdraw", pathway.public_id)

    assert as_("amal").get(url).status_code == 200
    assert as_("amal").post(url).status_code == 302

    assert Pathway.objects.get().state == PathwayState.WITHDRAWN
    # Once more, also by her: it is done already, and the page of the family says so.
    assert as_("amal").get(url).url == f"/t/vallees/families/{pathway.family.public_id}/"
    assert as_("gaelle").get(address("relays")).context["page"].paginator.count == 0


@pytest.mark.parametrize("state", [PathwayState.SUSPENDED, PathwayState.MOVED])
def test_team_stops_a_pathway(as_: Any, vallees: scope.Scope, state: str) -> None:
    pathway = factories.make_pathway()

    response = as_("farid").post(address("stop", pathway.public_id), {"state": state})

    assert response.status_code == 302
    assert Pathway.objects.get().state == state
    assert not Birth.objects.get().is_silent


def test_death_is_not_a_stop_among_others_its_page_asks_who(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    url = address("stop", pathway.public_id)

    assert as_("farid").post(url, {"state": PathwayState.BEREAVED}).status_code == 422
    assert address("silence", pathway.birth.public_id) in as_("farid").get(url).content.decode()


def test_team_resumes_a_suspended_pathway_and_nothing_else(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(state=PathwayState.SUSPENDED)
    url = address("stop", pathway.public_id)

    assert as_("farid").post(url, {"state": "closed"}).status_code == 422
    assert as_("farid").post(url, {"state": "active"}).status_code == 302
    assert Pathway.objects.get().state == PathwayState.ACTIVE
    assert as_("farid").post(url, {"state": "active"}).status_code == 422


def test_auxiliary_is_named_among_those_of_the_team(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    url = address("assign", pathway.public_id)
    shown = as_("elise").get(url).context["form"].auxiliaries

    refused = as_("elise").post(url, {"ap": str(factories.who("chloe").public_id)})
    named = as_("elise").post(url, {"ap": str(factories.who("bea").public_id)})

    assert {member.user.first_name for member in shown.values()} == {"Amal", "Bea"}
    assert refused.status_code == 422
    assert named.status_code == 302
    assert Pathway.objects.get().ap == factories.who("bea")


def test_former_auxiliary_is_not_offered(as_: Any, vallees: scope.Scope) -> None:
    Member.objects.filter(pk=factories.who("bea").pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    pathway = factories.make_pathway()

    shown = as_("elise").get(address("assign", pathway.public_id)).context["form"].auxiliaries

    assert {member.user.first_name for member in shown.values()} == {"Amal"}

"""Nobody gives by phone the code of a link that opens nothing any more."""

from typing import Any

import pytest

from copa.kernel import clock, one_time, scope
from pathways.actions import answer_links, stops
from pathways.models import Child, Orientation, Pathway
from tests import factories
from tests.cast import VALLEES


@pytest.fixture
def twins(vallees: scope.Scope) -> Pathway:
    return factories.make_pathway(factories.make_birth(children=2), ap=factories.who("amal"))


@pytest.mark.parametrize("how", ["withdrawal", "death", "agreement"])
def test_team_reads_that_a_link_is_closed_and_no_code(as_: Any, twins: Pathway, how: str) -> None:
    need = factories.make_need(twins, "MULTIPLES", about="FAMILY")
    entry = factories.make_entry("TISF", name="Coup de main", email="tisf@asso.example")
    orientation = factories.make_orientation(need, entry=entry, state="SENT", sent_how="LINK")
    link = answer_links.make_link(orientation=orientation, by=factories.who("farid"), at=clock.now())
    code, url = one_time.code_of(link.public_id), f"/t/{VALLEES}/orientations/{orientation.public_id}/"
    before = as_("farid").get(url).content.decode()
    if how == "withdrawal":
        stops.withdraw_pathway(pathway=twins, by=factories.who("elise"), at=clock.now())
    elif how == "death":
        factories.make_death(twins.birth, Child.objects.filter(birth=twins.birth).order_by("rank").last())
    else:
        Orientation.objects.filter(pk=orientation.pk).update(agreement="NO")

    after = as_("farid").get(url).content.decode()

    assert (code in before, code in after) == (True, False)
    assert "Ce lien ne s’ouvre plus" in after

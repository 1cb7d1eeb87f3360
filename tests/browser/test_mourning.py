"""The tablet after a death: the next saving draws the page anew, with what may still be written."""

import re

import pytest
from playwright.sync_api import expect

from copa.kernel import scope
from pathways.models import Child, Death
from tests.browser.axe import serious_problems
from tests.browser.conftest import Site
from tests.browser.tablet import tablet, tick
from tests.cast import VALLEES, inside
from tests.factories import make_birth, make_death, make_family, make_pathway, make_visit, who
from visits.enums import VisitState
from visits.models import Report, Visit

pytestmark = pytest.mark.browser


def under_way(children: int) -> Visit:
    with scope.opened(inside(VALLEES)):
        birth = make_birth(make_family(name="Silence"), days_ago=6, children=children)
        visit: Visit = make_visit(make_pathway(birth, ap=who("amal")), "V1", VisitState.STARTED)
        return visit


def test_twin_noted_dead_leaves_the_page_and_what_is_missing(site: Site) -> None:
    visit = under_way(2)
    with scope.opened(inside(VALLEES)):
        first, second = Child.objects.order_by("rank")
    page = tablet(site, visit)
    required = int(page.locator("[data-copa-answers-bar]").get_attribute("max") or 0)

    tick(page, f"child/{first.public_id}/child.flag_any", "NOT_SEEN")
    tick(page, f"child/{first.public_id}/child.absent", "DECEASED")

    expect(page.locator(f'[name^="child/{first.public_id}"]')).to_have_count(0)
    expect(page.locator(f'[name^="child/{second.public_id}"]').first).to_be_attached()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Noé1")
    assert int(page.locator("[data-copa-answers-bar]").get_attribute("max") or 0) < required
    with scope.opened(inside(VALLEES)):
        assert Death.objects.get().child == first


def test_open_page_learns_of_a_death_with_its_next_saving(site: Site) -> None:
    visit = under_way(1)
    page = tablet(site, visit)
    with scope.opened(inside(VALLEES)):
        make_death(visit.pathway.birth, Child.objects.get(), by=who("elise"))

    tick(page, "who.present", "MOTHER")

    expect(page.get_by_text("Cette famille est en deuil").first).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Noé1")
    assert serious_problems(page) == []
    page.get_by_label("Un mot à l’équipe").fill("Je suis restée.")
    page.get_by_role("button", name="Garder ce mot").click()
    expect(page.get_by_text("Votre mot est gardé")).to_be_visible()
    page.get_by_role("button", name="Je sors").click()
    expect(page).to_have_url(re.compile(r"/day/$"))
    with scope.opened(inside(VALLEES)):
        kept = Report.objects.get().answers
        assert (kept["who.present"], kept["note.free"]) == (["MOTHER"], "Je suis restée.")
        assert Visit.objects.get().report_due_at is None
    assert not site.problems

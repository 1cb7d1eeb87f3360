"""The tablet in the mother's hands, on a real one: locked, one question at a time, and back by the code."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pathways.models import Alert, HandedAnswer
from pathways.rules.screening import ITEM_10_ALERT
from tests.browser.axe import serious_problems
from tests.browser.conftest import Site
from tests.factories import make_shift, who
from tests.pathways.handings import load_wording
from tests.visits import reports
from visits.models import Visit

pytestmark = pytest.mark.browser
TABLET = (1024, 768)
FINGER = 44
CODE = "2580"


@pytest.fixture
def visit(site: Site, write: Callable[[str], Any]) -> Visit:
    """A V2 of Amal that has just ended; the scale is loaded in two languages."""
    with write("vallees"):
        make_shift(who("farid"), starts_in=-timedelta(hours=3))
        load_wording("fr")
        load_wording("tr")
        visit = reports.ended_visit("V2", days=12)
        return Visit.objects.select_related("family").get(pk=visit.pk)


def hand(page: Page, site: Site, visit: Visit) -> None:
    page.goto(f"{site.url}/t/vallees/visits/{visit.public_id}/report/")
    page.get_by_role("link", name="Donner la tablette à la maman").click()
    assert serious_problems(page) == []
    page.locator('input[name="language"][value="tr"]').check(force=True)
    page.locator('input[name="presence"][value="ALONE"]').check(force=True)
    page.fill("input[name=code]", CODE)
    page.fill("input[name=code_again]", CODE)
    page.get_by_role("button", name="Donner la tablette").click()
    expect(page.locator("h1")).to_contain_text("Bonjour")


def reply(page: Page, number: int, points: int) -> None:
    expect(page.get_by_text(f"{number} sur 10", exact=True)).to_be_visible()
    page.locator(f'input[name="value"][value="{points}"]').check(force=True)
    page.get_by_role("button", name=re.compile("Suivant|Terminer")).click()


def test_from_her_hands_to_the_report(site: Site, visit: Visit, write: Callable[[str], Any]) -> None:
    page = site.sign_in("amal", *TABLET)
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{site.url}/t/vallees/families/{visit.family.public_id}/")
    hand(page, site, visit)
    # What another tab showed is gone.
    expect(elsewhere.locator("h1")).to_contain_text("Bonjour")
    assert serious_problems(page) == []
    page.get_by_role("button", name="Commencer").click()
    looks_as_meant(page)
    leads_nowhere_else(page, site, visit)
    waits_for_the_network(page)
    page.get_by_role("button", name="Je préfère ne pas répondre").click()
    for number in range(4, 10):
        reply(page, number, 0)
    with write("vallees"):
        assert not Alert.objects.exists()
    reply(page, 10, 2)
    says_nothing_once_done(page, site, write)
    comes_back_by_the_code(page)
    with write("vallees"):
        assert Alert.objects.filter(code=ITEM_10_ALERT).count() == 1
        assert not HandedAnswer.objects.exists()
    network = "net::ERR_INTERNET_DISCONNECTED"
    assert [one for one in site.problems if network not in one and "422" not in one] == []


def looks_as_meant(page: Page) -> None:
    """In her language, large enough for a finger, and for whoever does not see."""
    reply(page, 1, 1)
    expect(page.locator("legend")).to_have_text("Deneme cümlesi 2")
    assert page.locator("fieldset").get_attribute("lang") == "tr"
    assert serious_problems(page) == []
    sizes = [one.bounding_box() for one in page.locator(".tile, .handed .button:visible, summary").all()]
    assert [box for box in sizes if box and box["height"] < FINGER] == []
    assert page.evaluate("() => parseFloat(getComputedStyle(document.querySelector('.tile')).fontSize)") >= 20


def leads_nowhere_else(page: Page, site: Site, visit: Visit) -> None:
    """Neither the arrow, nor a reload, nor another address."""
    page.go_back()
    expect(page.get_by_text("2 sur 10", exact=True)).to_be_visible()
    page.reload()
    page.goto(f"{site.url}/t/vallees/families/{visit.family.public_id}/")
    expect(page.get_by_text("2 sur 10", exact=True)).to_be_visible()
    page.goto(f"{site.url}/accounts/logout/")
    page.get_by_role("link", name="Avant").click()
    expect(page.locator('input[name="value"][value="1"]')).to_be_checked()
    page.get_by_role("button", name="Suivant").click()
    expect(page.get_by_text("2 sur 10", exact=True)).to_be_visible()


def waits_for_the_network(page: Page) -> None:
    """Without it the answer waits, in words, and leaves by itself."""
    page.context.set_offline(True)
    page.locator('input[name="value"][value="0"]').check(force=True)
    page.get_by_role("button", name="Suivant").click()
    expect(page.get_by_text("Pas de réseau")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_text("3 sur 10", exact=True).wait_for()


def says_nothing_once_done(page: Page, site: Site, write: Callable[[str], Any]) -> None:
    """Her answers are off the screen and out of the browser; the danger has been told without the code."""
    expect(page.locator("h1")).to_have_text("Merci. Rendez la tablette.")
    assert serious_problems(page) == []
    assert "Deneme" not in page.content()
    assert page.evaluate("() => Object.keys(sessionStorage).filter((key) => key.startsWith('copa-handed'))") == []
    with write("vallees"):
        assert Alert.objects.get().code == ITEM_10_ALERT
        assert HandedAnswer.objects.count() == 10
    page.goto(f"{site.url}/t/vallees/handed/?q=1")
    expect(page.locator("h1")).to_have_text("Merci. Rendez la tablette.")


def comes_back_by_the_code(page: Page) -> None:
    """The danger first, then the report, whose part stays open."""
    page.fill("input[name=code]", "0001")
    page.get_by_role("button", name="Reprendre la tablette").click()
    expect(page.get_by_text("Encore 4 essais")).to_be_visible()
    page.fill("input[name=code]", CODE)
    page.get_by_role("button", name="Reprendre la tablette").click()

    expect(page.locator("h1")).to_have_text("Appelez maintenant")
    page.get_by_role("link", name="Compte rendu de la visite").click()
    expect(page.locator("h1")).to_contain_text("Compte rendu")
    expect(page.get_by_role("link", name="Que faire, qui appeler")).to_be_visible()
    expect(page.locator("[data-copa-link='epds.i10'] [data-copa-procedure='MIND_VITAL']")).to_be_visible()
    assert page.locator('[name="epds.i10"][value="2"]').is_checked()

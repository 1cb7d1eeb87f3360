"""Every page, as somebody who may see it: readable by everybody, no error, no sideways scrolling, no blocked code."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from copa.kernel import scope
from tests import world as world_module
from tests.access import ROWS
from tests.access.row import Row
from tests.browser.axe import serious_problems
from tests.browser.conftest import Site
from tests.cast import VALLEES, inside

pytestmark = pytest.mark.browser

# Answers that are not pages: files, fragments, JSON. Papers (names in `_pdf`) are left out by their name.
NOT_PAGES = {
    "pathways:adhesion_scan_file",
    "pathways:alert_watch",
    "pathways:import_progress",
    "pathways:orientation_letter",
    "territories:partnership_file",
    "territories:protocol_file",
    "territories:signed_in",
    "visits:call_card",
    "visits:deviations_file",
    "visits:report_answered",
    "visits:report_proof",
    "visits:todo_rest",
    "visits:first_alert",
    "reporting:export_file",
    "reporting:export_status",
}
TABLETS = {"amal"}


def pages() -> list[Row]:
    return [
        row
        for row in ROWS
        if row.method == "get"
        and row.allowed
        and not row.name.startswith("api:")
        and not row.name.endswith("_pdf")
        and row.name not in NOT_PAGES
    ]


def problems_of(page: Page, url: str) -> list[str]:
    """What axe calls serious on the page, and whether it scrolls sideways on a phone."""
    page.goto(url)
    problems = serious_problems(page)
    if not page.title() or not page.locator("h1").count():
        problems.append("has no title or no h1")
    desk = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    if page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth + 1"):
        problems.append("scrolls sideways at 390 px")
    page.set_viewport_size(desk)
    return problems


def test_every_page_is_accessible_and_fits_a_phone(site: Site) -> None:
    with scope.opened(inside(VALLEES)):
        world = world_module.build(site.cast)
    visits = [("/styleguide/", "elise"), ("/ars/", "hugo"), ("/accounts/2fa/", "elise")]
    for row in pages():
        about = [world[row.about]] if row.about else []
        visits.append((reverse(row.name, args=[VALLEES, *about, *row.extra]), row.allowed.split()[0]))
    # One browser window a person, not a page: opening it takes half as long as looking at what it shows.
    names = sorted({who for _, who in visits})
    people = {who: site.sign_in(who, *((1024, 768) if who in TABLETS else (1440, 900))) for who in names}

    wrong = {f"{url} as {who}": found for url, who in visits if (found := problems_of(people[who], site.url + url))}

    assert wrong == {}
    assert site.problems == []


def test_sign_in_page_is_accessible(site: Site) -> None:
    page = site.visitor()

    page.goto(f"{site.url}/accounts/login/")

    assert serious_problems(page) == []
    assert site.problems == []

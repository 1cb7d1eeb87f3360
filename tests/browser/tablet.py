"""The report of a visit on the AP's tablet, and a finger on its tiles."""

from playwright.sync_api import Page

from tests.browser.conftest import Site
from visits.models import Visit


def tablet(site: Site, visit: Visit) -> Page:
    """The report of this visit as Amal opens it."""
    page = site.sign_in("amal", 1024, 768)
    page.goto(f"{site.url}/t/vallees/visits/{visit.public_id}/report/")
    return page


def tick(page: Page, name: str, value: str) -> None:
    """Choose a tile: the box itself lies under it."""
    page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)

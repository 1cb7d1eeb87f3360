"""What was typed in a refused form comes back with the browser's arrow, and is forgotten once it is stored."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.cast import VALLEES

pytestmark = pytest.mark.browser


def send(page: Page) -> None:
    page.get_by_role("button", name="Inscrire la naissance").click()


def test_refused_birth_is_typed_again_by_the_browser_alone(site: Site) -> None:
    page = site.sign_in("elise", 1280, 900)
    url = f"{site.url}/t/{VALLEES}/births/new/"
    page.goto(url)
    page.fill("input[name=birth_name]", "Haddad")
    page.locator("input[name=mode][value=CAESAREAN]").check(force=True)
    send(page)
    page.get_by_text("choses sont à corriger").wait_for()

    page.go_back()

    assert page.input_value("input[name=birth_name]") == "Haddad"
    assert page.locator("input[name=mode][value=CAESAREAN]").is_checked()
    page.goto(url)
    page.fill("input[name=first_names]", "Samira")
    page.fill("input[name=birth_on]", "1994-05-17")
    page.fill("input[name=at]", page.evaluate("() => new Date(Date.now() - 36e5 * 5).toISOString().slice(0, 16)"))
    page.locator("input[name=parity]").first.check(force=True)
    page.locator("input[name=child1_sex]").first.check(force=True)
    page.locator("select[name=maternity]").select_option(index=1)
    send(page)
    page.wait_for_url("**/proposal/")
    page.goto(url)
    assert page.input_value("input[name=birth_name]") == ""

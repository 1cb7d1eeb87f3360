"""A shared computer and a session that ends: what stays typed, and what is forgotten; and where a strip opens."""

import pytest
from playwright.sync_api import Page, expect

from copa.kernel import scope
from tests import factories
from tests.browser.conftest import Site
from tests.cast import VALLEES, inside

pytestmark = pytest.mark.browser

HOME = f"/t/{VALLEES}"
KEPT = "() => Object.keys(sessionStorage).filter((key) => key.startsWith('copa:kept:')).length"
# How much of the part that is read stands outside the strip that holds it, left and right.
OUTSIDE = """() => {
  const strip = document.querySelector("[data-copa-tabs]").getBoundingClientRect();
  const current = document.querySelector("[data-copa-tabs] [aria-current]").getBoundingClientRect();
  return Math.max(strip.left - current.left, 0) + Math.max(current.right - Math.min(strip.right, innerWidth), 0);
}"""


@pytest.fixture
def inclusion(site: Site) -> str:
    """The address of the inclusion of a mother who said yes."""
    with scope.opened(inside(VALLEES)):
        birth = factories.make_birth()
        factories.make_proposal(birth, answer="YES")
    return f"{site.url}{HOME}/births/{birth.public_id}/inclusion/"


def type_answers(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("input[name=knows_pmi][value=NO]").check(force=True)
    page.select_option("select[name=language]", "fr")


def typed(page: Page) -> tuple[bool, str]:
    return page.locator("input[name=knows_pmi][value=NO]").is_checked(), page.input_value("select[name=language]")


def send(page: Page) -> None:
    page.get_by_role("button", name="Inclure la famille").click()


def sign_in_again(site: Site, page: Page, who: str) -> None:
    page.context.add_cookies([site.session_cookie(who)])


def test_inclusion_sent_after_the_session_ended_is_typed_back_once_in_again(site: Site, inclusion: str) -> None:
    page = site.sign_in("elise", 1024, 768)
    type_answers(page, inclusion)
    page.context.clear_cookies()
    send(page)
    page.wait_for_url("**/login/**")
    expect(page.get_by_role("heading", name="Bonjour, connectez-vous")).to_be_visible()

    sign_in_again(site, page, "elise")
    page.goto(inclusion)

    assert typed(page) == (True, "fr")
    assert site.problems == []


def test_somebody_else_who_signs_in_afterwards_finds_nothing_of_it(site: Site, inclusion: str) -> None:
    page = site.sign_in("elise", 1024, 768)
    type_answers(page, inclusion)
    page.context.clear_cookies()
    send(page)
    page.wait_for_url("**/login/**")

    sign_in_again(site, page, "farid")
    page.goto(inclusion)

    assert typed(page) == (False, "")
    assert page.evaluate(KEPT) == 0


@pytest.fixture
def need(site: Site) -> str:
    """The address where a need of a family of Amal is written."""
    with scope.opened(inside(VALLEES)):
        family = factories.make_pathway(ap=factories.who("amal")).family.public_id
    return f"{site.url}{HOME}/families/{family}/needs/new/"


def send_need_too_late(page: Page, url: str) -> None:
    page.goto(url)
    page.select_option("select[name=code]", index=1)
    page.locator("input[name=about][value=MOTHER]").check(force=True)
    page.fill("[name=words]", "Demande une aide pour les courses.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Noter").click()
    page.wait_for_url("**/login/**")


def test_need_sent_after_the_session_ended_comes_back_and_says_so(site: Site, need: str) -> None:
    page = site.sign_in("amal", 1024, 768)
    send_need_too_late(page, need)

    sign_in_again(site, page, "amal")
    page.goto(need)

    assert page.input_value("[name=words]") == "Demande une aide pour les courses."
    assert page.input_value("select[name=code]") != ""
    assert page.locator("input[name=about][value=MOTHER]").is_checked()
    expect(page.get_by_text("rien n’a été enregistré")).to_be_visible()
    page.get_by_role("button", name="Noter").click()
    page.wait_for_url("**/needs/")
    page.goto(need)
    assert page.input_value("[name=words]") == ""
    expect(page.get_by_text("rien n’a été enregistré")).to_have_count(0)
    assert site.problems == []


def test_need_left_typed_is_not_for_the_next_person(site: Site, need: str) -> None:
    page = site.sign_in("amal", 1024, 768)
    send_need_too_late(page, need)

    sign_in_again(site, page, "farid")
    page.goto(need)

    assert page.input_value("[name=words]") == ""
    expect(page.get_by_text("rien n’a été enregistré")).to_have_count(0)
    assert page.evaluate(KEPT) == 0


def test_signing_out_clears_what_was_typed(site: Site, inclusion: str) -> None:
    page = site.sign_in("elise", 1024, 768)
    page.on("dialog", lambda dialog: dialog.accept())
    type_answers(page, inclusion)
    assert page.evaluate(KEPT) == 1

    page.goto(f"{site.url}/accounts/logout/")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_load_state()

    assert page.evaluate("() => sessionStorage.length") == 0
    sign_in_again(site, page, "elise")
    page.goto(inclusion)
    assert typed(page) == (False, "")


@pytest.mark.parametrize("part", ["family", "calendar", "circle"])
def test_strip_of_the_file_opens_with_its_part_on_a_phone(site: Site, part: str) -> None:
    with scope.opened(inside(VALLEES)):
        family = factories.make_pathway(ap=factories.who("amal")).family.public_id
    page = site.sign_in("amal", 390, 844)
    tail = "" if part == "family" else f"{part}/"

    page.goto(f"{site.url}{HOME}/families/{family}/{tail}")

    assert page.evaluate(OUTSIDE) == pytest.approx(0, abs=1)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390

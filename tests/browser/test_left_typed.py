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
    """In another tab, as she would: the session and the token of its forms are new."""
    page.context.add_cookies([site.session_cookie(who)])
    tab = page.context.new_page()
    tab.goto(f"{site.url}/accounts/logout/")
    tab.close()


def test_inclusion_sent_after_the_session_ended_stays_on_the_page_until_she_is_in_again(
    site: Site, inclusion: str
) -> None:
    page = site.sign_in("elise", 1024, 768)
    type_answers(page, inclusion)
    page.context.clear_cookies()
    send(page)

    expect(page.get_by_text("Votre session s’est arrêtée")).to_be_visible()
    assert typed(page) == (True, "fr")
    sign_in_again(site, page, "elise")
    send(page)
    # It arrived: the site says what the form still lacks, beside what she had answered.
    page.get_by_text("sont à corriger").wait_for()
    assert typed(page) == (True, "fr")


def test_somebody_else_who_signs_in_afterwards_sends_nothing_and_finds_nothing(site: Site, inclusion: str) -> None:
    page = site.sign_in("elise", 1024, 768)
    type_answers(page, inclusion)
    sign_in_again(site, page, "farid")
    send(page)

    expect(page.get_by_text("Une autre personne s’est connectée")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.url}{HOME}/families/")
    assert page.evaluate(KEPT) == 0


@pytest.fixture
def need(site: Site) -> str:
    """The address where a need of a family of Amal is written."""
    with scope.opened(inside(VALLEES)):
        family = factories.make_pathway(ap=factories.who("amal")).family.public_id
    return f"{site.url}{HOME}/families/{family}/needs/new/"


def type_need(page: Page, url: str) -> None:
    page.goto(url)
    page.select_option("select[name=code]", index=1)
    page.locator("input[name=about][value=MOTHER]").check(force=True)
    page.fill("[name=words]", "Demande une aide pour les courses.")


def send_need(page: Page) -> None:
    page.get_by_role("button", name="Noter").click()


def test_need_sent_without_network_stays_and_leaves_at_the_second_tap(site: Site, need: str) -> None:
    page = site.sign_in("amal", 1024, 768)
    type_need(page, need)
    page.context.set_offline(True)
    send_need(page)

    expect(page.get_by_text("Pas de réponse du site")).to_be_visible()
    assert page.input_value("[name=words]") == "Demande une aide pour les courses."
    page.context.set_offline(False)
    send_need(page)
    page.wait_for_url("**/needs/")
    expect(page.get_by_text("Demande une aide pour les courses.")).to_be_visible()
    page.goto(need)
    assert page.input_value("[name=words]") == ""


def test_need_that_the_site_dropped_comes_back_with_the_arrow(site: Site, need: str) -> None:
    page = site.sign_in("amal", 1024, 768)
    type_need(page, need)
    page.route(need, lambda route: route.fulfill(status=500, body="En panne", content_type="text/html"))
    send_need(page)
    page.get_by_text("En panne").wait_for()
    page.unroute(need)

    page.go_back()

    assert page.input_value("[name=words]") == "Demande une aide pour les courses."
    send_need(page)
    page.wait_for_url("**/needs/")
    expect(page.get_by_text("Demande une aide pour les courses.")).to_have_count(1)


def test_rights_that_ended_meanwhile_keep_the_words_on_the_page(site: Site, need: str) -> None:
    page = site.sign_in("amal", 1024, 768)
    type_need(page, need)
    page.route("**/signed-in/", lambda route: route.fulfill(status=404))
    send_need(page)

    expect(page.get_by_text("rien n’est perdu")).to_be_visible()
    assert page.input_value("[name=words]") == "Demande une aide pour les courses."


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


def test_one_of_two_forms_sent_asks_before_what_is_typed_in_the_other_is_lost(site: Site) -> None:
    """The day of the first contact typed, then a question sent: the page would come back without the day."""
    with scope.opened(inside(VALLEES)):
        relay = factories.make_relay(factories.make_pathway(ap=factories.who("amal"), days_ago=20))
    page = site.sign_in("gaelle", 1440, 900)
    page.goto(f"{site.url}{HOME}/relays/{relay.public_id}/")
    page.fill("input[name=next_contact_on]", "2031-01-05")
    page.fill("[name=question]", "Quel jour lui convient ?")
    # As she would who says « Rester » to the browser.
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("button", name="Poser la question").click(no_wait_after=True)

    assert asked.value.type == "beforeunload"
    assert page.input_value("input[name=next_contact_on]") == "2031-01-05"
    expect(page.get_by_role("button", name="Poser la question")).to_be_enabled()

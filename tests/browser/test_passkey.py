"""A passkey is added in the browser, then opens the door without a password."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site
from tests.cast import PASSWORD, VALLEES

pytestmark = pytest.mark.browser


def test_passkey_is_added_then_signs_in_alone(site: Site) -> None:
    page = site.visitor()
    # Passkeys are bound to a host name; an address in digits has none.
    home = site.url.replace("127.0.0.1", "localhost")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page.goto(f"{home}/accounts/login/")
    page.fill("input[name=login]", "elise@copa.example")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(f"{home}/t/{VALLEES}/")
    page.goto(f"{home}/accounts/2fa/webauthn/add/")
    # Touching the security of an account asks for the password once more.
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.fill("input[name=name]", "Tablette de garde")
    page.locator("input[name=passwordless]").check()
    page.get_by_role("button", name="Ajouter").click()
    expect(page).not_to_have_url(f"{home}/accounts/2fa/webauthn/add/")

    page.context.clear_cookies()
    page.goto(f"{home}/accounts/login/")
    page.locator("#passkey_login").click()

    expect(page).to_have_url(f"{home}/t/{VALLEES}/")
    assert site.problems == []

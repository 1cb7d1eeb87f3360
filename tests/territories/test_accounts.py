"""Signing in: e-mail and password, second factors sealed and required, throttling, idle sessions."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings as django_settings
from django.urls import reverse

from territories.models import User
from tests.cast import PASSWORD, VALLEES, Person

LOGIN = "/accounts/login/"


def totp_code(secret: str) -> str:
    """The code an authenticator app would show now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def sign_in(client, email: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def test_signing_in_by_email_leads_to_the_first_page_of_the_role(client, cast: dict[str, Person]) -> None:
    response = sign_in(client, "Elise@Copa.example")

    assert response.status_code == 302
    assert client.get("/", follow=True).redirect_chain == [(f"/t/{VALLEES}/", 302)]


@pytest.mark.parametrize(
    ("who", "page"),
    [("amal", "day/"), ("farid", "reports/"), ("gaelle", "pmi/"), ("ines", "families/"), ("jeanne", "members/")],
)
def test_each_role_lands_where_its_question_is_answered(client, cast: dict[str, Person], who: str, page: str) -> None:
    client.force_login(cast[who].user)

    response = client.get("/")

    assert response.url == f"/t/{VALLEES}/{page}"


def test_wrong_password_says_nothing_about_the_account(client, cast: dict[str, Person]) -> None:
    known = sign_in(client, "elise@copa.example", "faux-mot-de-passe")
    unknown = sign_in(client, "personne@copa.example", "faux-mot-de-passe")

    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors


def test_repeated_failures_are_throttled(client, cast: dict[str, Person], settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    for _ in range(3):
        sign_in(client, "elise@copa.example", "faux-mot-de-passe")

    response = sign_in(client, "elise@copa.example")

    assert response.status_code == 200
    assert not response.wsgi_request.user.is_authenticated


def test_nobody_signs_up(client, db: None) -> None:
    client.post("/accounts/signup/", {"email": "intruse@copa.example", "password1": PASSWORD})

    assert not User.objects.filter(email="intruse@copa.example").exists()
    assert client.get("/").status_code == 302


def test_without_a_second_factor_every_page_leads_to_its_set_up(client, cast: dict[str, Person], settings) -> None:
    settings.COPA_TWO_FACTORS_REQUIRED = True
    client.force_login(cast["elise"].user)

    response = client.get(f"/t/{VALLEES}/")

    assert response.url == reverse("mfa_index")


def test_looking_at_her_address_does_not_bar_the_second_factor(client, cast: dict[str, Person]) -> None:
    client.post(reverse("account_reset_password"), {"email": "elise@copa.example"})
    sign_in(client, "elise@copa.example")

    page = client.get(reverse("account_email"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.get(reverse("mfa_activate_totp"))

    assert "elise@copa.example" in page.content.decode()
    assert response.status_code == 200
    assert not EmailAddress.objects.exists()


def test_nobody_adds_an_address_to_her_account(client, cast: dict[str, Person]) -> None:
    sign_in(client, "elise@copa.example")

    response = client.post(reverse("account_email"), {"email": "autre@copa.example", "action_add": ""})

    assert response.status_code == 405
    assert not EmailAddress.objects.exists()


def test_with_a_second_factor_the_password_alone_does_not_open(client, cast: dict[str, Person], settings) -> None:
    settings.COPA_TWO_FACTORS_REQUIRED = True
    secret = generate_totp_secret()
    TOTP.activate(cast["elise"].user, secret)
    sign_in(client, "elise@copa.example")
    before = client.get(f"/t/{VALLEES}/")

    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    after = client.get(f"/t/{VALLEES}/")

    assert before.status_code == 302
    assert LOGIN in before.url
    assert after.status_code == 200


def test_used_code_does_not_open_twice(client, cast: dict[str, Person]) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast["elise"].user, secret)
    with time_machine.travel(datetime(2026, 11, 3, 9, tzinfo=UTC), tick=False):
        code = totp_code(secret)
        sign_in(client, "elise@copa.example")
        client.post(reverse("mfa_authenticate"), {"code": code})
        client.post("/accounts/logout/")
        sign_in(client, "elise@copa.example")
        client.post(reverse("mfa_authenticate"), {"code": code})

        assert client.get("/").status_code == 302
        assert LOGIN in client.get("/").url


def test_seeds_and_recovery_codes_are_sealed_at_rest(cast: dict[str, Person]) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast["elise"].user, secret)
    RecoveryCodes.activate(cast["elise"].user)

    stored = str(list(Authenticator.objects.order_by("pk").values_list("data", flat=True)))
    opened = TOTP(Authenticator.objects.get(type=Authenticator.Type.TOTP)).validate_code(totp_code(secret))

    assert secret not in stored
    assert opened


@pytest.mark.parametrize("address", ["account_login", "account_reset_password"])
def test_address_is_called_by_one_name(client, db: None, address: str) -> None:
    page = client.get(reverse(address)).content.decode()

    assert "Adresse e-mail" in page
    assert "Courriel" not in page


def test_words_of_the_library_have_the_apostrophe_of_the_screens(client, cast: dict[str, Person]) -> None:
    sign_in(client, "elise@copa.example")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = client.get(reverse("mfa_activate_totp")).content.decode()

    assert "Code de l’authentificateur" in page


@pytest.mark.parametrize("address", ["usersessions_list", "account_change_password"])
def test_account_pages_suit_women_and_men(client, cast: dict[str, Person], address: str) -> None:
    sign_in(client, "elise@copa.example")

    assert "connecté " not in client.get(reverse(address)).content.decode()


def test_older_seed_key_still_opens(cast: dict[str, Person], settings) -> None:
    secret = generate_totp_secret()
    settings.SEED_KEYS = ["old-key"]
    TOTP.activate(cast["elise"].user, secret)

    settings.SEED_KEYS = ["new-key", "old-key"]

    assert TOTP(Authenticator.objects.get(type=Authenticator.Type.TOTP)).validate_code(totp_code(secret))


def test_idle_session_is_closed(client, cast: dict[str, Person]) -> None:
    start = datetime(2026, 11, 3, 9, tzinfo=UTC)
    minutes = django_settings.SESSION_IDLE_MINUTES
    with time_machine.travel(start, tick=False) as clock:
        client.force_login(cast["elise"].user)
        client.get(f"/t/{VALLEES}/rights/")
        clock.move_to(start + timedelta(minutes=minutes))
        at_the_limit = client.get(f"/t/{VALLEES}/rights/")
        clock.move_to(start + timedelta(minutes=2 * minutes, seconds=1))
        later = client.get(f"/t/{VALLEES}/rights/")

    assert at_the_limit.status_code == 200
    assert LOGIN in later.url


def test_member_whose_rights_have_not_begun_is_a_stranger(client, cast: dict[str, Person]) -> None:
    with time_machine.travel(datetime(2025, 11, 30, 9, tzinfo=UTC), tick=False):
        client.force_login(cast["elise"].user)

        response = client.get(f"/t/{VALLEES}/rights/")

    assert response.status_code == 404

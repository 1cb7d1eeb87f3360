"""The two gates, asked what nobody's browser asks: forged addresses, another door to sign in, the page after her."""

import logging

import pytest

from copa.kernel import scope
from territories.models import AccessLog, User
from tests.cast import VALLEES, Person, inside


def refusals() -> list[str]:
    with scope.opened(inside(VALLEES)):
        return list(AccessLog.objects.filter(is_refused=True).order_by("pk").values_list("route", flat=True))


@pytest.mark.parametrize("address", ["/", "/styleguide/", "/api/v1/schema/", "/admin/", "/accounts/2fa/"])
def test_address_outside_territories_asks_to_sign_in(client, db: None, address: str) -> None:
    response = client.get(address)

    assert response.status_code == (401 if address.startswith("/api/") else 302)
    assert "/accounts/login/" in response.get("Location", "/accounts/login/")


def test_address_with_a_nul_is_unknown_rather_than_an_error(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    assert client.get(f"/t/{VALLEES}/%00").status_code == 404


def test_stranger_cannot_write_lines_of_her_own_into_the_logs(
    client, cast: dict[str, Person], caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(cast["dora"].user)

    with caplog.at_level(logging.WARNING, logger="copa.access"):
        client.get(f"/t/{VALLEES}/%0arefused%20nothing%20to%20user%201")

    lines = [record.getMessage() for record in caplog.records if record.name == "copa.access"]
    assert [line for line in lines if "\n" in line] == []
    assert refusals() == [f"GET /t/{VALLEES}/%0Arefused%20nothing%20to%20user%201"]


def test_what_she_read_is_kept_by_no_browser(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    response = client.get(f"/t/{VALLEES}/families/")

    assert {"no-store", "private"} <= {word.strip() for word in response["Cache-Control"].split(",")}


@pytest.mark.parametrize("who", ["jeanne", "support"])
def test_form_of_the_admin_signs_nobody_in(client, cast: dict[str, Person], who: str) -> None:
    """It asks no second factor: a password alone must not open a support account, to a colleague either."""
    for name in ("support", "victime"):
        User.objects.create_superuser(f"{name}@copa.example", "un-mot-de-passe", first_name=name, last_name="Martin")
    user = User.objects.get(email=f"{who}@copa.example")
    client.force_login(user)

    response = client.post("/admin/login/", {"username": "victime@copa.example", "password": "un-mot-de-passe"})

    assert response.url == "/"
    assert client.session["_auth_user_id"] == str(user.pk)

"""Requests a browser or a probe sends beside the usual ones: HEAD, a wrong method, a form from a stale tab."""

import pytest
from django.test import Client

from tests.cast import VALLEES, Person
from tests.guards import GuardedClient


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("hugo", "/ars/"),
        ("elise", "/healthz"),
        ("elise", f"/t/{VALLEES}/"),
        ("elise", f"/t/{VALLEES}/births/new/"),
        ("elise", f"/t/{VALLEES}/members/"),
    ],
)
def test_head_is_answered_wherever_get_is(client: GuardedClient, cast: dict[str, Person], who: str, path: str) -> None:
    client.force_login(cast[who].user)

    response = client.head(path)

    assert (response.status_code, response.content) == (client.get(path).status_code, b"")


def test_method_that_means_nothing_is_told(client: GuardedClient, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(f"/t/{VALLEES}/members/")

    assert (response.status_code, response["Allow"]) == (405, "GET")
    assert "Cette adresse ne s’ouvre pas ainsi" in response.content.decode()


@pytest.mark.parametrize("path", [f"/t/{VALLEES}/births/new/", "/accounts/login/"])
def test_form_of_a_stale_tab_is_told_what_to_do(cast: dict[str, Person], path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["elise"].user)

    response = client.post(path, {})

    page = response.content.decode()
    assert response.status_code == 403
    assert "Cette page était ouverte depuis trop longtemps" in page
    assert "DEBUG" not in page

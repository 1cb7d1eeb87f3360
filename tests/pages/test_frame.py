"""What every page costs before it shows anything: the statements of an empty page, by name."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import PASSWORD, VALLEES, Person


def asked(statement: str) -> str:
    """The table a statement reads, or else its verb."""
    if "set_config" in statement:
        return "settings"
    table = re.search(r'FROM "(\w+)"', statement)
    return table.group(1) if table else statement.split()[0].lower()


FRAMES = pytest.mark.parametrize(("who", "frame"), [("elise", "office"), ("amal", "tablet")])


@FRAMES
def test_empty_page_asks_once_for_each_thing(client, cast: dict[str, Person], settings, who: str, frame: str) -> None:
    settings.ROOT_URLCONF = "bench.urls"
    client.force_login(cast[who].user)
    client.get(f"/t/{VALLEES}/bench/{frame}/")

    with CaptureQueriesContext(connection) as found:
        client.get(f"/t/{VALLEES}/bench/{frame}/")

    # The test's own: the session, which Redis holds elsewhere; the savepoint and the last settings, for elsewhere the
    # scope is the transaction and ends with it.
    # One query counts all that waits: what stands first in it. Who works on a tablet finds her deviations on her day.
    counted = "visits_deviation" if frame == "office" else "messaging_conversation"
    assert [asked(query["sql"]) for query in found] == [
        "django_session",
        "territories_user",
        "savepoint",
        "settings",
        "territories_member",
        "settings",
        counted,
        "settings",
        "release",
    ]


@pytest.mark.parametrize(("who", "searches"), [("elise", True), ("jeanne", False)])
def test_search_is_for_those_who_open_families(client, cast: dict[str, Person], who: str, searches: bool) -> None:
    client.force_login(cast[who].user)

    page = client.get(f"/t/{VALLEES}/members/").content.decode()

    assert ('role="search"' in page) is searches


@FRAMES
def test_message_stands_in_the_content_where_it_covers_nothing(
    client, cast: dict[str, Person], settings, who: str, frame: str
) -> None:
    settings.ROOT_URLCONF = "bench.urls"
    client.post("/accounts/login/", {"login": cast[who].user.email, "password": PASSWORD})

    page = client.get(f"/t/{VALLEES}/bench/{frame}/").content.decode()

    region = page.index('<div class="toasts" role="status">')
    assert page.index("<main") < region < page.index("data-copa-toast") < page.index("</main>")


@pytest.mark.parametrize(
    ("path", "line"), [("members/", "Membres et droits"), ("rights/", "Membres et droits"), ("births/", "Naissances")]
)
def test_menu_marks_the_line_a_page_belongs_to(client, cast: dict[str, Person], path: str, line: str) -> None:
    client.force_login(cast["elise"].user)

    response = client.get(f"/t/{VALLEES}/{path}")

    assert [item.label for item in response.context["shell"].nav if item.is_current] == [line]

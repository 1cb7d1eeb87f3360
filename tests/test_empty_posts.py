"""A form that is sent empty says what is missing, on every page that has one."""

from typing import Any

import pytest
from django.urls import reverse

from copa.kernel import scope
from pathways.models import Pathway
from tests import factories
from tests import world as world_module
from tests.access import ROWS
from tests.cast import VALLEES, Person, inside
from tests.guards import GuardedClient

# Address and who sends it; the object is that of the access table.
FORMS = [
    ("messaging:conversation", "amal"),
    ("messaging:spaces", "amal"),
    ("pathways:assign", "elise"),
    ("pathways:birth_new", "elise"),
    ("pathways:discharge", "elise"),
    ("pathways:family_edit", "elise"),
    ("pathways:open_family", "elise"),
    ("pathways:proposal", "elise"),
    ("pathways:recipients_ask", "elise"),
    ("pathways:relay", "gaelle"),
    ("territories:add_member", "jeanne"),
    ("territories:committee_new", "elise"),
    ("territories:eligibility", "elise"),
    ("territories:end_rights", "elise"),
    ("territories:experience", "elise"),
    ("territories:partnership_edit", "elise"),
    ("territories:partnership_new", "elise"),
    ("territories:post_edit", "amal"),
    ("territories:post_flag", "elise"),
    ("territories:post_moderate", "elise"),
    ("territories:protocol_new", "elise"),
    ("territories:topic", "amal"),
    ("territories:topic_new", "amal"),
    ("territories:training_new", "elise"),
    ("territories:version_new", "elise"),
    ("visits:addendum", "amal"),
    ("visits:change", "elise"),
    ("visits:close_pathway", "elise"),
    ("visits:leave", "amal"),
    ("visits:not_done", "amal"),
]
ABOUT = {row.name: row.about for row in ROWS}


@pytest.fixture
def world(cast: dict[str, Person]) -> dict[str, Any]:
    """The world of the access table."""
    with scope.opened(inside(VALLEES)):
        return world_module.build(cast)


def send_nothing(client: GuardedClient, name: str, *about: Any) -> tuple[int, bool]:
    """The status of the answer, and whether it lists what is to be mended."""
    response = client.post(reverse(name, args=[VALLEES, *about]))
    return response.status_code, 'id="form-problems"' in response.content.decode()


@pytest.mark.parametrize(("name", "who"), FORMS)
def test_empty_form_says_what_is_missing(
    client: GuardedClient, cast: dict[str, Person], world: dict[str, Any], name: str, who: str
) -> None:
    client.force_login(cast[who].user)
    about = [world[ABOUT[name]]] if ABOUT[name] else []

    assert send_nothing(client, name, *about) == (422, True)


def test_empty_inclusion_and_empty_plan_say_what_is_missing(client: GuardedClient, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        proposed = factories.make_proposal().birth
        unplanned = factories.make_pathway()
    client.force_login(cast["elise"].user)

    assert send_nothing(client, "pathways:inclusion", proposed.public_id) == (422, True)
    assert send_nothing(client, "visits:plan", unplanned.public_id) == (422, True)


def test_empty_sending_never_lifts_a_silence(
    client: GuardedClient, cast: dict[str, Person], world: dict[str, Any]
) -> None:
    client.force_login(cast["elise"].user)
    url = reverse("pathways:silence", args=[VALLEES, world["birth"]])
    client.post(url, {"act": "note", "who": "mother"})

    response = client.post(url)

    assert response.status_code == 422
    with scope.opened(inside(VALLEES)):
        assert Pathway.objects.get(public_id=world["pathway"]).birth.is_silent

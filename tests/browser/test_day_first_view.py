"""The AP's day as she opens it: what she came for is in sight, whatever waits above it."""

from datetime import timedelta

import pytest

from copa.kernel import clock, scope
from tests import factories
from tests.browser.conftest import Site
from tests.cast import VALLEES, inside

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1024, 768)])
@pytest.mark.parametrize(("state", "name"), [("planned", "J’entre chez la famille"), ("started", "Je sors")])
def test_the_button_of_the_door_is_in_the_first_view_under_two_alerts(
    site: Site, width: int, height: int, state: str, name: str
) -> None:
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=factories.who("amal"))
        began = {"started_at": clock.now() - timedelta(minutes=30)} if state == "started" else {}
        factories.make_visit(pathway, state=state, planned_at=clock.now(), **began)
        for code in ("CHILD_VITAL:CHILD_FLOPPY", "CHILD_URGENT:CHILD_FEVER"):
            factories.make_alert(pathway, code=code, answer_due_at=clock.now() + timedelta(minutes=5))
    page = site.sign_in("amal", width, height)

    page.goto(f"{site.url}/t/{VALLEES}/day/")
    button = page.get_by_role("button", name=name).bounding_box()
    bar = page.locator(".places").bounding_box()

    assert button
    assert bar
    assert button["y"] + button["height"] <= bar["y"]

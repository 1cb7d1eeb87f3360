"""The red button outside a visit: the 15 and « Lever une alerte » are in sight, whatever was sent before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock
from tests.browser.axe import serious_problems
from tests.browser.conftest import Site
from tests.factories import make_alert, make_pathway, make_visit, who

pytestmark = pytest.mark.browser
FINGER = 44


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1024, 768)])
def test_the_15_and_raising_an_alert_come_before_what_was_sent(
    site: Site, write: Callable[[str], Any], width: int, height: int
) -> None:
    with write("vallees"):
        at = clock.now()
        for code in ("CHILD_VITAL:CHILD_FLOPPY", "CHILD_URGENT:CHILD_FEVER"):
            pathway = make_pathway(ap=who("amal"))
            make_visit(pathway, planned_at=at + timedelta(hours=1))
            make_alert(pathway, code=code, answer_due_at=at + timedelta(minutes=5))
            make_alert(pathway, code="CHILD_URGENT:CHILD_FEVER", acknowledged_at=at, acknowledged_by=who("farid"))
    page = site.sign_in("amal", width, height)

    page.goto(f"{site.url}/t/vallees/emergency/")
    bar = page.locator(".places").bounding_box()
    call = page.locator('a[href="tel:15"]').bounding_box()
    title = page.get_by_role("heading", name="Lever une alerte").bounding_box()
    family = page.locator('section[aria-labelledby="red"] a').first.bounding_box()
    sent = page.get_by_role("heading", name="L’équipe n’a pas encore répondu").bounding_box()

    assert bar
    assert call
    assert title
    assert family
    assert sent
    assert call["height"] >= FINGER
    assert call["y"] < title["y"] < family["y"] < sent["y"]
    assert family["y"] + family["height"] <= bar["y"]
    assert serious_problems(page) == []
    assert site.problems == []

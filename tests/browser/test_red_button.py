"""The red button on the tablet: one tap away wherever she stands, and an alert that leaves once the network is back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from copa.kernel import clock
from pathways.models import Alert, Child
from tests.browser.axe import serious_problems
from tests.browser.conftest import Site
from tests.factories import make_pathway, make_shift, make_visit, who
from visits.enums import VisitState
from visits.models import Visit

pytestmark = pytest.mark.browser
TABLET = (1024, 768)
# As wide as a finger (design-layer.md: targets).
FINGER = 44


@pytest.fixture
def visit(site: Site, write: Callable[[str], Any]) -> Visit:
    """Amal is with a family; Farid is on duty."""
    with write("vallees"):
        make_shift(who("farid"))
        at = clock.now() - timedelta(minutes=10)
        pathway = make_pathway(ap=who("amal"), days_ago=6)
        visit = make_visit(pathway, "V1", VisitState.STARTED, started_at=at, planned_at=at)
        # Read once, outside the territory nothing is.
        return Visit.objects.select_related("family", "pathway").get(pk=visit.pk)


def alarm(page: Page) -> Any:
    return page.get_by_role("link", name="Alerte", exact=True)


def test_it_is_one_tap_away_from_her_day_the_family_the_visit_and_the_report(site: Site, visit: Visit) -> None:
    page, base = site.sign_in("amal", *TABLET), f"{site.url}/t/vallees/"
    for path in (
        "day/",
        f"families/{visit.family.public_id}/",
        f"visits/{visit.public_id}/leave/",
        f"visits/{visit.public_id}/report/",
        f"families/{visit.family.public_id}/screening/",
        "families/",
        "planning/",
    ):
        page.goto(base + path)
        # Still under the thumb at the end of a long page.
        page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
        box = alarm(page).bounding_box()
        assert box is not None, path
        assert 0 <= box["y"] < TABLET[1] - FINGER, path
        assert min(box["width"], box["height"]) >= FINGER, path
        alarm(page).click()
        expect(page.locator("h1")).to_contain_text("pour qui")
    assert site.problems == []


@pytest.mark.parametrize("size", [(390, 844), TABLET])
@pytest.mark.parametrize("who_for", ["", "?pour=mother", "?pour=home", "child"])
def test_calling_and_sending_are_at_hand_before_any_sign_is_scrolled(
    site: Site, visit: Visit, write: Callable[[str], Any], size: tuple[int, int], who_for: str
) -> None:
    page = site.sign_in("amal", *size)
    with write("vallees"):
        child = Child.objects.get(birth=visit.pathway.birth_id)
    query = f"?pour={child.public_id}" if who_for == "child" else who_for
    page.goto(f"{site.url}/t/vallees/pathways/{visit.pathway.public_id}/alert/{query}")

    assert page.evaluate("() => window.scrollY") == 0
    calls = page.locator('a[href^="tel:"]')
    assert calls.count() >= 2
    for call in calls.all():
        box = call.bounding_box()
        assert box is not None
        # Whole above the bar of places, and as high as a finger.
        assert box["y"] + box["height"] <= size[1] - 64, call.inner_text()
        assert box["height"] >= FINGER, call.inner_text()
    if who_for and size[0] < 400:
        sending = page.get_by_role("button", name="Alerter l’équipe maintenant").bounding_box()
        assert sending is not None
        assert 0 <= sending["y"] <= size[1] - FINGER - 64
    assert serious_problems(page) == []
    assert site.problems == []


def test_from_the_tap_to_the_procedure(site: Site, visit: Visit, write: Callable[[str], Any]) -> None:
    page = site.sign_in("amal", *TABLET)
    page.goto(f"{site.url}/t/vallees/visits/{visit.public_id}/report/")
    alarm(page).click()
    assert serious_problems(page) == []
    page.get_by_role("link", name="La mère").or_(page.locator('a[href="?pour=mother"]')).first.click()
    assert serious_problems(page) == []
    page.locator('input[value="MOTHER_FEVER"]').check(force=True)
    page.get_by_role("button", name="Alerter l’équipe maintenant").click()

    expect(page.locator("h1")).to_have_text("Appelez maintenant")
    assert page.locator('a[href^="tel:"]').count() >= 2
    assert serious_problems(page) == []
    with write("vallees"):
        alert = Alert.objects.get()
    assert alert.subject_id == visit.public_id
    assert alert.noticed_at is not None
    assert alert.device_sent_at is not None
    assert abs(alert.device_sent_at - alert.raised_at) < timedelta(minutes=1)
    assert site.problems == []


def test_pressed_without_network_it_says_so_and_leaves_when_the_network_is_back(
    site: Site, visit: Visit, write: Callable[[str], Any]
) -> None:
    page = site.sign_in("amal", *TABLET)
    page.goto(f"{site.url}/t/vallees/pathways/{visit.pathway.public_id}/alert/?pour=mother")
    page.locator('input[value="MOTHER_FEVER"]').check(force=True)
    page.context.set_offline(True)
    page.get_by_role("button", name="Alerter l’équipe maintenant").click()

    expect(page.get_by_text("pas de réseau")).to_be_visible()
    assert serious_problems(page) == []
    with write("vallees"):
        assert not Alert.objects.exists()
    page.context.set_offline(False)

    expect(page.locator("h1")).to_have_text("Appelez maintenant")
    with write("vallees"):
        alert = Alert.objects.get()
    assert alert.noticed_at is not None
    assert alert.device_sent_at is not None
    assert alert.noticed_at < alert.device_sent_at


def test_signed_out_it_says_so_and_leaves_once_she_has_signed_in_again(
    site: Site, visit: Visit, write: Callable[[str], Any]
) -> None:
    page = site.sign_in("amal", *TABLET)
    page.goto(f"{site.url}/t/vallees/pathways/{visit.pathway.public_id}/alert/?pour=mother")
    page.locator('input[value="MOTHER_FEVER"]').check(force=True)
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Alerter l’équipe maintenant").click()

    expect(page.get_by_text("vous êtes déconnectée")).to_be_visible()
    with write("vallees"):
        assert not Alert.objects.exists()
    page.context.add_cookies(cookies)

    expect(page.locator("h1")).to_have_text("Appelez maintenant")
    with write("vallees"):
        assert Alert.objects.count() == 1

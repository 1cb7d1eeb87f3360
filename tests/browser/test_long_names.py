"""Names as long as their columns allow: no page scrolls sideways, no table pushes its buttons off its edge."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from copa.kernel import scope
from pathways.models import Alert, Child, CoParent, Family, Mother
from territories.models import Commune, PmiSector, Structure, User
from tests import world as world_module
from tests.browser.conftest import Site
from tests.browser.test_every_page import TABLETS, pages
from tests.cast import VALLEES, inside

pytestmark = pytest.mark.browser

SIZES = ((1440, 900), (1024, 768), (390, 844))
WIDE = """() => {
  const room = document.documentElement.clientWidth + 1;
  const found = document.documentElement.scrollWidth > room ? ["the page"] : [];
  const tables = [...document.querySelectorAll(".table-wrap")].filter((one) => one.scrollWidth > one.clientWidth + 1);
  return [...found, ...tables.map(() => "a table")];
}"""


def name(letters: int) -> str:
    """One word without a place to break it."""
    return "Wolfeschlegelsteinhausenbergerdorff"[:letters].ljust(letters, "w")


def lengthen() -> None:
    """Every name of the territory of the test, to the length that the database accepts."""
    Mother.objects.update(birth_name=name(80), used_name=name(80), first_names=name(80))
    CoParent.objects.update(first_names=name(80), name=name(80))
    Child.objects.update(first_name=name(60))
    Family.objects.update(address=name(120), access_hint=name(120))
    Alert.objects.update(facts=name(120))
    User.objects.update(first_name=name(60), last_name=name(60))
    Commune.objects.update(name=name(80))
    PmiSector.objects.update(name=name(80))
    for structure in Structure.objects.order_by("pk"):
        Structure.objects.filter(pk=structure.pk).update(name=f"{structure.pk} {name(100)}")


def too_wide(page: Page, url: str) -> list[str]:
    """What goes beyond the page or its frame, and at which width."""
    page.goto(url)
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{what} at {width}" for what in page.evaluate(WIDE)]
    return found


def test_longest_names_leave_every_page_in_its_width(site: Site) -> None:
    with scope.opened(inside(VALLEES)):
        world = world_module.build(site.cast)
        lengthen()
    visits = []
    for row in pages():
        about = [world[row.about]] if row.about else []
        visits.append((reverse(row.name, args=[VALLEES, *about, *row.extra]), row.allowed.split()[0]))
    names = sorted({who for _, who in visits})
    people = {who: site.sign_in(who, *((1024, 768) if who in TABLETS else (1440, 900))) for who in names}

    wrong = {f"{url} as {who}": found for url, who in visits if (found := too_wide(people[who], site.url + url))}

    assert wrong == {}


def test_chosen_filter_is_in_sight_on_a_phone(site: Site) -> None:
    page = site.sign_in("elise", 390, 844)

    page.goto(f"{site.url}{reverse('pathways:births', args=[VALLEES])}?etat=toutes")

    chosen = page.locator("nav.filters [aria-current]").first.bounding_box()
    assert chosen is not None
    assert chosen["x"] >= 0
    assert chosen["x"] + chosen["width"] <= 390
    assert site.problems == []

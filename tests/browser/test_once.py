"""A form that is being sent: a second tap, or one on the link beside the button, loses nothing."""

import pytest

from copa.kernel import scope
from tests.browser.conftest import Site
from tests.cast import VALLEES, inside
from tests.visits import reports
from visits.models import Addendum

pytestmark = pytest.mark.browser

# Both taps before the browser has sent anything: the second one finds the link « Revenir sans rien ajouter ».
TWO_TAPS = """() => {
  const button = document.querySelector("main [type=submit]");
  const width = () => button.getBoundingClientRect().width;
  const before = width();
  button.click();
  const after = width();
  button.click();
  button.parentElement.querySelector("a").click();
  return [before, after];
}"""


def test_a_second_tap_beside_the_button_does_not_lose_the_addendum(site: Site) -> None:
    with scope.opened(inside(VALLEES)):
        signed = reports.sign(reports.ended_visit())
    page = site.sign_in("amal", 1024, 768)
    page.goto(f"{site.url}/t/{VALLEES}/reports/{signed.public_id}/addendum/")
    page.locator("input[name=reason]").first.check(force=True)
    page.fill("textarea[name=text]", "Rappelée à 18 h : tout va bien.")

    before, after = page.evaluate(TWO_TAPS)
    page.wait_for_url(f"**/reports/{signed.public_id}/")

    assert after == before
    page.get_by_text("Rappelée à 18 h : tout va bien.").wait_for()
    with scope.opened(inside(VALLEES)):
        assert Addendum.objects.count() == 1
    assert site.problems == []

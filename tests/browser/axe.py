"""What axe says of a page, in both colour schemes."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SERIOUS = {"serious", "critical"}
# Nothing but what is wrong travels back: the whole answer weighs more than the page.
RUN = """async (options) => (await axe.run(options)).violations.map(({ id, impact, nodes }) => ({
  id, impact, html: nodes[0].html.slice(0, 120),
}))"""
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
CONTRAST: dict[str, Any] = {**EVERYTHING, "runOnly": {"type": "rule", "values": ["color-contrast"]}}


def serious_problems(page: Page) -> list[str]:
    """What axe calls serious: every rule in the light scheme, the contrast again in the dark one."""
    page.evaluate(AXE_SCRIPT)
    # A colour on its way to another one is neither: nothing moves while it is looked at.
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    problems = _found(page, "light", EVERYTHING)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    problems += _found(page, "dark", CONTRAST)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return problems


def _found(page: Page, scheme: str, options: dict[str, Any]) -> list[str]:
    violations = page.evaluate(RUN, options)
    return [f"{v['id']} ({scheme}): {v['html']}" for v in violations if v["impact"] in SERIOUS]

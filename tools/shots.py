"""`make shots`: the main pages of every role at three sizes, into var/shots/<role>-<page>-<size>.png.

Fails when a page answers badly, writes an error to the console, breaks the content security policy or scrolls
sideways: a picture of a broken page would look like work done.
"""

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

SIZES = {"1440": (1440, 900), "1024": (1024, 768), "390": (390, 844)}
# As root there is no sandbox; on a closed network the background calls of the browser fail many at a time.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
UUID = "[0-9a-f-]{36}"


@dataclass(frozen=True)
class Stop:
    """A page to take: an address inside the territory, or where the first links that match each of `links` lead."""

    name: str
    path: str
    links: tuple[str, ...] = ()


def _stop(name: str, path: str, *links: str) -> Stop:
    return Stop(name, path, links)


def _family(path: str = "families/") -> Stop:
    return _stop("family", path, rf"families/{UUID}/$")


def _part(name: str, path: str) -> Stop:
    """A part of the file of the first family that a page leads to."""
    return _stop(f"family-{name}", path, rf"families/{UUID}/", rf"families/{UUID}/{name}/$")


def _of_family(name: str, *links: str) -> Stop:
    """A page that the file of the first family of the list leads to, by these links."""
    return _stop(name, "families/", rf"families/{UUID}/$", *links)


def _of_visited(name: str, *links: str) -> Stop:
    """A page that the file of the first family of the day leads to, by these links."""
    return _stop(name, "day/", rf"families/{UUID}/$", *links)


HANDED = "hand"
SCREENING = rf"families/{UUID}/screening/$"
MINUTES = rf"meeting-items/{UUID}/minutes/$"


def _of_meeting(name: str, *links: str) -> Stop:
    """A page that the minutes of the first family of the last validated meeting lead to."""
    return _stop(name, "meetings/?etat=passees", rf"meetings/{UUID}/$", rf"families/{UUID}/$", MINUTES, *links)


# The care side, as the office sees it.
CARE = (
    _stop("suggestions", "screening/"),
    _part("screening", "screening/"),
    _part("observations", "screening/"),
    _stop("orientations", "orientations/"),
    _stop("orientation", "orientations/", rf"orientations/{UUID}/$"),
    _part("needs", "orientations/"),
    _stop("meetings", "meetings/"),
    _stop("meeting", "meetings/", rf"meetings/{UUID}/$"),
    _stop("meeting-item", "meetings/", rf"meetings/{UUID}/$", rf"meeting-items/{UUID}/$"),
    _stop("decisions", "decisions/"),
    _stop("pauses", "pauses/"),
    _stop("contact", "pauses/", rf"pathways/{UUID}/contact/$"),
    _stop("hospital", "pauses/", rf"pathways/{UUID}/hospital/$"),
    _stop("relays", "relays/"),
    _stop("relay", "relays/", rf"relays/{UUID}/$"),
    _part("recipients", "orientations/"),
    _part("circle", "orientations/"),
    _stop("transmissions", "transmissions/"),
    _stop("duty", "duty/"),
    _stop("early-calls", "early/"),
    _stop("directory", "directory/"),
    _stop("entry", "directory/", rf"directory/{UUID}/$"),
    _stop("offer-map", "directory/map/"),
    _stop("community", "community/"),
    _stop("topic", "community/", rf"community/{UUID}/$"),
    _stop("topic-new", "community/new/"),
    _stop("presentations", "presentations/"),
    _part("calendar", "orientations/"),
    _stop("imports", "births/import/"),
    _stop("import", "births/import/", rf"births/import/{UUID}/$"),
)


PAGES: dict[str, tuple[Stop, ...]] = {
    "coordinator": (
        _stop("worklist", ""),
        _stop("births", "births/"),
        _stop("birth-new", "births/new/"),
        _stop("proposal", "births/?etat=a-proposer", rf"births/{UUID}/proposal/"),
        _stop("inclusion", "births/?etat=a-inclure", rf"births/{UUID}/inclusion/"),
        _stop("families", "families/"),
        _family(""),
        _stop("plan", "", rf"pathways/{UUID}/plan/"),
        _stop("planning", "planning/"),
        _stop("reports", "reports/"),
        _stop("report", "reports/", rf"reports/{UUID}/$"),
        _stop("alerts", "alerts/"),
        _stop("alert", "alerts/", rf"alerts/{UUID}/$"),
        _stop("funnel", "funnel/"),
        _stop("deviations", "deviations/"),
        _stop("deviations-coded", "deviations/?etat=codes"),
        _stop("deviation", "deviations/", rf"deviations/{UUID}/$"),
        _stop("thresholds", "screening/thresholds/"),
        _stop("rules", "rules/"),
        _part("circle", "screening/"),
        _stop("transfer-answer", "pauses/", rf"transfers/{UUID}/$"),
        _stop("transfer-record", "pauses/", rf"families/{UUID}/$"),
        _stop("uncoordinated", "coordination/missing/"),
        _stop("strata", "inclusion/strata/"),
        _part("coordination", "coordination/missing/"),
        *CARE,
        _stop("todo", "todo/"),
        _stop("alert-delays", "alerts/delays/"),
        _stop("take-alert", "", rf"alerts/{UUID}/take/"),
        _stop("alert-readers", "alerts/readers/"),
        _stop("emergency-numbers", "alerts/numbers/"),
        _stop("team-lines", "team-lines/"),
        _stop("team-meetings", "team-meetings/"),
        _stop(
            "not-proposed", "births/?etat=a-proposer", rf"births/{UUID}/proposal/$", rf"births/{UUID}/not-proposed/$"
        ),
        _stop("discharge", "births/", rf"births/{UUID}/discharge/$"),
        _of_family("silence", rf"births/{UUID}/silence/$"),
        _of_family("withdraw", rf"pathways/{UUID}/withdraw/$"),
        _of_family("stop", rf"pathways/{UUID}/stop/$"),
        _of_family("calendar", rf"families/{UUID}/calendar/$"),
        _of_family("sealed-screening", SCREENING, r"screening/sealed/$"),
        _of_family("epds-new", SCREENING, r"screening/epds/$"),
        _of_family("need-new", rf"families/{UUID}/needs/$", r"needs/new/$"),
        _of_meeting("minutes"),
        _of_meeting("parents-copy", rf"meeting-items/{UUID}/parents/$"),
        _stop("billing", "billing/"),
        _stop("figures", "figures/"),
        _stop("working-hours", "messages/hours/"),
        _stop("members", "members/"),
        _stop("rights", "rights/"),
        _stop("two-factors", "/accounts/2fa/"),
        _stop("styleguide", "/styleguide/"),
    ),
    "pmi_doctor": (_stop("worklist", ""), _stop("alerts", "alerts/"), _stop("figures", "figures/")),
    "cpp_pilot": (_stop("worklist", ""), _stop("planning", "planning/")),
    "ap": (
        _stop("day", "day/"),
        _stop("more", "more/"),
        _stop("emergency", "emergency/"),
        _stop("deviations-to-code", "deviations/to-code/"),
        _stop("deviation-other", "deviations/to-code/", rf"deviations/{UUID}/$"),
        _stop("report-edit", "day/", rf"visits/{UUID}/report/$"),
        _stop("families", "families/"),
        _family("day/"),
        _stop("births", "births/"),
        _stop("alerts", "alerts/"),
        _part("screening", "day/"),
        _part("observations", "day/"),
        _part("needs", "day/"),
        _stop("meetings", "meetings/"),
        _stop("decisions", "decisions/"),
        _stop("directory", "directory/"),
        _stop("community", "community/"),
        _stop("topic", "community/", rf"community/{UUID}/$"),
        _stop("todo", "todo/"),
        _stop("messages", "messages/"),
        _stop("conversation", "messages/", rf"messages/{UUID}/$"),
        _stop("spaces", "messages/", rf"messages/{UUID}/$", rf"families/{UUID}/spaces/$"),
        _stop("space-address", "messages/", rf"messages/{UUID}/$", rf"families/{UUID}/spaces/$", r"address/$"),
        _stop("working-hours", "messages/hours/", rf"messages/hours/{UUID}/$"),
        _stop("red-button", "emergency/", rf"pathways/{UUID}/alert/$"),
        _stop("procedure", "day/", rf"alerts/{UUID}/procedure/$"),
        _stop("door", "day/", rf"visits/{UUID}/(enter|leave)/$"),
        _stop("not-done", "day/", rf"visits/{UUID}/not-done/$"),
        _stop("death", "day/", rf"visits/{UUID}/death/$"),
        _of_visited("grid", SCREENING, r"screening/grid/$"),
        _of_visited("signal", SCREENING, r"screening/signal/$"),
        _of_visited("need-new", rf"families/{UUID}/needs/$", r"needs/new/$"),
        _of_visited(HANDED, rf"families/{UUID}/recipients/$", r"recipients/ask/$", r"recipients/hand/$"),
    ),
    "referring_team": (
        _stop("reports", "reports/"),
        _stop("report", "reports/", rf"reports/{UUID}/$"),
        _stop("families", "families/"),
        _family(),
        _stop("births", "births/"),
        _stop("alerts", "alerts/"),
        _stop("messages", "messages/"),
        _stop("conversation", "messages/", rf"messages/{UUID}/$"),
        *CARE,
    ),
    "liberal_midwife": (
        _stop("families", "families/"),
        _family(),
        _stop("alerts", "alerts/"),
        _stop("meetings", "meetings/"),
        _stop("directory", "directory/"),
    ),
    "pmi_staff": (
        _stop("pmi", "pmi/"),
        _stop("own-visits", "pmi/visits/"),
        _stop("joint", "pmi/", rf"visits/{UUID}/joint/$"),
        _stop("relay-file", "relays/", rf"relays/{UUID}/$", rf"relays/{UUID}/file/$"),
        _stop("orientations", "orientations/"),
        _stop("meetings", "meetings/"),
        _stop("relays", "relays/"),
        _stop("relay", "relays/", rf"relays/{UUID}/$"),
        _stop("families", "families/"),
    ),
    "outside_professional": (_stop("families", "families/"), _family()),
    "administrator": (_stop("members", "members/"), _stop("rights", "rights/")),
    "ars_officer": (_stop("figures", "/ars/"),),
    "national": (_stop("figures", "/ars/"),),
    "evaluator": (_stop("figures", "/ars/"),),
}
VISITOR = (_stop("login", "/accounts/login/"), _stop("password", "/accounts/password/reset/"))


class Camera:
    """Takes the pages of one role in one size, and remembers what went wrong."""

    def __init__(self, site: str, folder: Path, problems: list[str]) -> None:
        self.site, self.folder, self.problems = site, folder, problems
        self.where = ""
        self.taken = 0

    def watch(self, context: BrowserContext) -> Page:
        """A page whose console, failures and bad answers are noted."""
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("response", self._answered)
        return page

    def _note(self, text: str) -> None:
        self.problems.append(f"{self.where}: {text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"{response.status} {response.url}")

    def take(self, page: Page, role: str, home: str, stop: Stop, size: str) -> None:
        """Go there and take the picture."""
        self.where = f"{role}-{stop.name}-{size}"
        url = stop.path if stop.path.startswith("/") else home + stop.path
        page.goto(self.site + url, wait_until="load")
        for link in stop.links:
            if not self._follow(page, link):
                self._note(f"no link {link} on {page.url}")
                return
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            self._note("scrolls sideways")
        page.screenshot(path=self.folder / f"{self.where}.png", full_page=True)
        self.taken += 1

    def _follow(self, page: Page, pattern: str) -> bool:
        hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        found = next((href for href in hrefs if re.search(pattern, href.partition("?")[0])), None)
        if found is None:
            return False
        page.goto(self.site + found if found.startswith("/") else found, wait_until="load")
        return True


def in_her_hands(camera: Camera, page: Page, role: str, home: str, stop: Stop, size: str) -> None:
    """Hand the tablet on the page this stop has led to, take the first screens of hers, and take it back."""
    code = "2580"
    for field in ("code", "code_again"):
        page.fill(f"input[name={field}]", code)
    page.get_by_role("button", name="Donner la tablette").click()
    for name, path in (("begin", "handed/"), ("question", "handed/?q=1")):
        camera.take(page, role, home, _stop(f"{stop.name}-{name}", path), size)
    page.locator(".handed-back summary").click()
    page.fill("input[name=code]", code)
    page.get_by_role("button", name="Reprendre la tablette").click()
    page.wait_for_load_state("load")


def sign_in(camera: Camera, browser: Browser, login: dict[str, str]) -> tuple[str, str]:
    """Sign in as a person does; her session as JSON, and the address of her territory ("" above them)."""
    context = browser.new_context(locale="fr-FR")
    page = camera.watch(context)
    camera.where = f"{login['role']}-login"
    page.goto(f"{camera.site}/accounts/login/")
    page.fill("input[name=login]", login["email"])
    page.fill("input[name=password]", login["password"])
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_load_state("load")
    if "/accounts/login" in page.url:
        camera.problems.append(f"{login['email']} cannot sign in")
    home = re.search(r"/t/[^/]+/", page.url)
    state = json.dumps(context.storage_state())
    context.close()
    return state, home[0] if home else ""


def shoot(camera: Camera, browser: Browser, logins: list[dict[str, str]], options: argparse.Namespace) -> None:
    """Every role, one account each, in every size."""
    seen: set[str] = set()
    if not options.only or "visitor" in options.only:
        _tour(camera, browser, "visitor", "", VISITOR, None, options)
    for login in logins:
        role = login["role"]
        if role in seen or (options.only and role not in options.only):
            continue
        seen.add(role)
        state, home = sign_in(camera, browser, login)
        _tour(camera, browser, role, home, PAGES[role], state, options)


def _tour(
    camera: Camera,
    browser: Browser,
    role: str,
    home: str,
    stops: tuple[Stop, ...],
    state: str | None,
    options: argparse.Namespace,
) -> None:
    for size in options.sizes:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="fr-FR",
            color_scheme="dark" if options.dark else "light",
            storage_state=json.loads(state) if state else None,
        )
        page = camera.watch(context)
        for stop in stops:
            name = f"{size}-dark" if options.dark else size
            camera.take(page, role, home, stop, name)
            if stop.name == HANDED:
                in_her_hands(camera, page, role, home, stop, name)
        context.close()
    print(f"{role}: {camera.taken} pictures so far", file=sys.stderr, flush=True)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("Chromium is missing: scripts/system_libs.sh browser installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.shots", description=__doc__)
    parser.add_argument("--site", help="a demonstration that runs already, instead of one of its own")
    parser.add_argument("--only", nargs="*", help="roles, or visitor")
    parser.add_argument("--sizes", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--dark", action="store_true", help="the dark scheme, under other names")
    parser.add_argument("--births", default="1200")
    return parser.parse_args()


def main() -> None:
    """Take them all; the exit code says whether a page had something wrong."""
    options = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copa.settings.dev")
    django.setup()
    # After the settings: these need the apps.
    from copa.demo.logins import logins  # noqa: PLC0415
    from tools.site import demonstration  # noqa: PLC0415

    folder = settings.VAR_DIR / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    own = demonstration("copa_shots", "--births", options.births)
    with nullcontext(options.site) if options.site else own as site:
        # Read before the browser starts: inside its event loop Django would open a connection nobody closes.
        known = [login.as_dict() for login in logins()]
        camera = Camera(site.rstrip("/"), folder, problems)
        with chromium() as browser:
            shoot(camera, browser, known, options)
    print(f"{camera.taken} pictures in {folder}")
    if problems:
        raise SystemExit("\n".join(["What went wrong:", *dict.fromkeys(problems)]))


if __name__ == "__main__":
    main()

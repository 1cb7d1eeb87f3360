"""What the people of a walk do on the real pages, step by step."""

from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.cast import VALLEES
from visits.models import Visit

HOME = f"/t/{VALLEES}"


def choose(page: Page, name: str, value: str) -> None:
    """Tick the tile of this value."""
    page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)


def submit(page: Page, name: str) -> None:
    """Press the button of this name and wait for the next page; a refusal shows what it says."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=False).first.click()
    problems = page.locator(".problem:visible, [role=alert]:visible")
    assert not problems.count(), f"refused: {problems.all_inner_texts()}"


def local(at: datetime) -> str:
    """An instant as the date-and-time picker of the page gives it (Paris, winter)."""
    return (at + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")


def propose_and_include(page: Page, url: str, birth: Any) -> None:
    """Her yes, and everybody she agrees to."""
    page.goto(f"{url}{HOME}/births/{birth}/proposal/")
    choose(page, "context", "STAY")
    choose(page, "presenter", "HOSPITAL_MIDWIFE")
    for point in page.locator("input[name=covered]").all():
        point.check(force=True)
    choose(page, "support", "LEAFLET")
    choose(page, "answer", "YES")
    submit(page, "Noter")
    page.goto(f"{url}{HOME}/births/{birth}/inclusion/")
    page.locator("input[name=notice_version]").first.check(force=True)
    page.locator("input[name=is_alone]").check()
    page.locator("input[name=accepts]").check()
    choose(page, "notice_form", "READ")
    choose(page, "place", "ROOM")
    choose(page, "mode", "SCREEN")
    page.select_option("select[name=language]", "fr")
    for name, value in (
        ("knows_pmi", "NO"),
        ("access_needs", "NONE"),
        ("birth_place", "STRUCTURE"),
        ("prado", "0"),
        ("wish", "UNDECIDED"),
        ("interview", "UNKNOWN"),
        ("vulnerability", "NO"),
        ("channels", "SMS"),
        ("hours", "ANY"),
    ):
        choose(page, name, value)
    choose(page, "evaluation", "INFORMED")
    page.locator("input[name=is_pmi_presented]").check()
    for recipient in ("LIBERAL_MIDWIFE", "GENERAL_PRACTITIONER", "PAEDIATRICIAN", "PMI", "MOOD_SCORE"):
        choose(page, f"recipient_{recipient}", "YES")
    for work in ("LIBERAL_MIDWIFE", "GENERAL_PRACTITIONER", "PAEDIATRICIAN"):
        page.select_option(f"select[name=known_{work}]", "none")
    page.select_option("select[name=carrier]", label="Maternité Saint-Rémi")
    page.select_option("select[name=ap]", label="Amal Martin, Maternité Saint-Rémi")
    submit(page, "Inclure la famille")


def plan(page: Page, url: str, pathway: Any, first_at: datetime, second_at: datetime) -> None:
    """Both visits, with Amal."""
    page.goto(f"{url}{HOME}/pathways/{pathway}/plan/")
    amal = page.locator("select[name=ap] option", has_text="Amal").get_attribute("value")
    page.select_option("select[name=ap]", amal)
    for kind, at in (("v1", first_at), ("v2", second_at)):
        day, hour = local(at).split("T")
        page.fill(f"input[name=planned_at_{kind}]", day)
        page.fill(f"input[name=hour_{kind}]", hour)
    submit(page, "Enregistrer")


def visit_and_report(site: Site, visit: Visit, travel: Any, answers: dict[str, Any]) -> None:
    """Amal enters, leaves 75 minutes later, writes her report tile by tile and hands it over."""
    travel.move_to(visit.planned_at)
    page, url = site.sign_in("amal", 1024, 768), site.url
    page.goto(f"{url}{HOME}/day/")
    submit(page, "J’entre chez la famille")
    travel.move_to(visit.planned_at + timedelta(minutes=75))
    page.goto(f"{url}{HOME}/day/")
    submit(page, "Je sors")
    page.goto(f"{url}{HOME}/visits/{visit.public_id}/report/")
    fill_report(page, answers)
    expect(page.locator("[data-copa-save-state]")).to_contain_text("Gardé", timeout=15_000)
    page.get_by_role("button", name="Remettre à l’équipe").first.click()
    page.wait_for_load_state()
    missing = page.locator(".missing:visible")
    assert "/reports/" in page.url, missing.all_inner_texts()


def fill_report(page: Page, answers: dict[str, Any]) -> None:
    """Every answer, the children's in their rows."""
    fields = {key: value for key, value in answers.items() if key != "child"}
    for row in answers["child"]:
        fields |= {f"child/{row['child.ref']}/{key}": value for key, value in row.items() if key != "child.ref"}
    for path, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            answer(page, path, one)


def answer(page: Page, path: str, value: Any) -> None:
    """One answer, in its tile or its field; a part that is finished folds itself and is unfolded first."""
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    tile = page.locator(f'[name="{path}"][value="{text}"]:is([type=radio], [type=checkbox])')
    field = page.locator(f'[name="{path}"]:not([type=radio], [type=checkbox])')
    # A question that this visit does not ask is not on the page; the rest must be.
    if tile.count() and tile.first.is_visible():
        tile.first.check(force=True)
    elif field.count() and field.first.is_visible():
        field.first.fill(text)

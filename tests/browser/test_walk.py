"""The whole way through the house, in a browser, with five people: from a birth to the figure of the ARS.

Élise coordinates, Amal visits, Farid's team receives, Gaëlle is at the PMI, Hugo at the ARS. Every page is the real
one, every task runs when its transaction commits; time is travelled, never slept.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdf
import pytest
import time_machine
from playwright.sync_api import Page, expect

from billing.models import ChargeableLine
from copa.kernel import scope
from pathways.models import Child, Pathway, PmiRelay
from reporting.models import Figure
from tests import factories
from tests.browser.conftest import Site
from tests.cast import VALLEES, inside
from tests.visits import reports
from visits.models import Delivery, Visit

pytestmark = pytest.mark.browser

HOME = f"/t/{VALLEES}"
# A Tuesday whose three weeks stay inside one quarter. Ahead of the browser's clock, so that its cookies live.
BORN = datetime(2027, 2, 2, 3, 20, tzinfo=UTC)
V1_AT = datetime(2027, 2, 7, 13, 0, tzinfo=UTC)  # a Sunday: visits take place seven days a week (R074)
V2_AT = datetime(2027, 2, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
def travel() -> Iterator[Any]:
    """The clock of the server, at the morning after the birth."""
    with time_machine.travel(BORN + timedelta(hours=6), tick=True) as traveller:
        yield traveller


def choose(page: Page, name: str, value: str) -> None:
    """Tick the tile of this value."""
    page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)


def submit(page: Page, name: str) -> None:
    """Press the button of this name and wait for the next page; a refusal shows what it says."""
    page.get_by_role("button", name=name, exact=False).first.click()
    page.wait_for_load_state()
    problems = page.locator(".problem:visible, [role=alert]:visible")
    assert not problems.count(), f"refused: {problems.all_inner_texts()}"


def local(at: datetime) -> str:
    """An instant as the date-and-time picker of the page gives it (Paris, winter)."""
    return (at + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")


def register_birth(page: Page, url: str) -> None:
    page.goto(f"{url}{HOME}/")
    page.get_by_role("link", name="Inscrire une naissance").click()
    page.fill("input[name=birth_name]", "Haddad")
    page.fill("input[name=first_names]", "Samira")
    page.fill("input[name=birth_on]", "1994-05-17")
    page.fill("input[name=phone]", "01 99 00 31 07")
    page.fill("input[name=at]", local(BORN))
    page.select_option("select[name=maternity]", label="Maternité Saint-Rémi")
    choose(page, "mode", "VAGINAL")
    choose(page, "parity", "FIRST")
    page.fill("input[name=child1_first_name]", "Inès")
    choose(page, "child1_sex", "female")
    page.fill("input[name=child1_weight]", "3320")
    page.fill("input[name=address]", "6 rue des Tanneurs")
    page.fill("input[name=commune]", "Ligny-le-Haut")
    submit(page, "Inscrire la naissance")


def propose_and_include(page: Page, url: str, birth: Any) -> None:
    page.goto(f"{url}{HOME}/births/{birth}/proposal/")
    choose(page, "context", "STAY")
    for point in page.locator("input[name=covered]").all():
        point.check(force=True)
    choose(page, "support", "LEAFLET")
    choose(page, "answer", "YES")
    submit(page, "Noter")
    page.goto(f"{url}{HOME}/births/{birth}/inclusion/")
    page.locator("input[name=notice_version]").first.check(force=True)
    page.locator("input[name=is_alone]").check()
    page.locator("input[name=accepts]").check()
    choose(page, "evaluation", "INFORMED")
    page.locator("input[name=is_pmi_presented]").check()
    for recipient in ("LIBERAL_MIDWIFE", "GENERAL_PRACTITIONER", "PAEDIATRICIAN", "PMI", "MOOD_SCORE"):
        choose(page, f"recipient_{recipient}", "YES")
    page.select_option("select[name=carrier]", label="Maternité Saint-Rémi")
    page.select_option("select[name=ap]", label="Amal Martin, Maternité Saint-Rémi")
    submit(page, "Inclure la famille")


def plan(page: Page, url: str, pathway: Any) -> None:
    page.goto(f"{url}{HOME}/pathways/{pathway}/plan/")
    amal = page.locator("select[name=ap] option", has_text="Amal").get_attribute("value")
    page.select_option("select[name=ap]", amal)
    for kind, at in (("v1", V1_AT), ("v2", V2_AT)):
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
    fields = {key: value for key, value in answers.items() if key != "child"}
    for row in answers["child"]:
        fields |= {f"child/{row['child.ref']}/{key}": value for key, value in row.items() if key != "child.ref"}
    for path, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            answer(page, path, one)


def answer(page: Page, path: str, value: Any) -> None:
    """One answer, in its tile or its field; a part that is finished folds itself and is unfolded first."""
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    text = "true" if value is True else str(value)
    tile = page.locator(f'[name="{path}"][value="{text}"]:is([type=radio], [type=checkbox])')
    field = page.locator(f'[name="{path}"]:not([type=radio], [type=checkbox])')
    # A question that this visit does not ask is not on the page; the rest must be.
    if tile.count() and tile.first.is_visible():
        tile.first.check(force=True)
    elif field.count() and field.first.is_visible():
        field.first.fill(text)


def five_more_families(cast: dict[str, Any]) -> None:
    """Families of the same quarter, all visited in time: a single one would be masked in what the ARS reads."""
    for number in range(5):
        birth = factories.make_birth(at=BORN + timedelta(days=number))
        pathway = factories.make_pathway(birth, ap=cast["bea"].member)
        for kind, days in (("V1", 5), ("V2", 12)):
            ended = birth.at + timedelta(days=days, hours=8)
            done = factories.make_visit(pathway, kind, "ended", ended_at=ended)
            factories.make_report(done, delivered_at=ended + timedelta(hours=3))


def birth_and_discharge(site: Site, travel: Any) -> Child:
    """1, 2: the birth stands on the worklist; the doctor chose the kind of discharge."""
    elise = site.sign_in("elise")
    register_birth(elise, site.url)
    with scope.opened(inside(VALLEES)):
        child: Child = Child.objects.select_related("birth", "family").get()
    elise.goto(f"{site.url}{HOME}/")
    expect(elise.locator("main")).to_contain_text("Haddad")
    travel.move_to(BORN + timedelta(days=3))
    elise = site.sign_in("elise")
    elise.goto(f"{site.url}{HOME}/births/{child.birth.public_id}/discharge/")
    elise.fill("input[name=discharged_at]", local(BORN + timedelta(hours=70)))
    choose(elise, "kind", "EARLY")
    elise.fill("input[name=decided_by]", "Dr Lefort")
    submit(elise, "Noter la sortie")
    return child


def inclusion_and_planning(site: Site, child: Child) -> Pathway:
    """3, 4: proposal, adhesion, inclusion, two visits planned."""
    elise = site.sign_in("elise")
    propose_and_include(elise, site.url, child.birth.public_id)
    with scope.opened(inside(VALLEES)):
        pathway: Pathway = Pathway.objects.get()
    plan(elise, site.url, pathway.public_id)
    return pathway


def visits_and_reports(site: Site, travel: Any) -> None:
    """5, 6, 7: visits, reports, and the team that receives them within 24 hours."""
    with scope.opened(inside(VALLEES)):
        first, second = Visit.objects.select_related("pathway").order_by("planned_at")
        first_answers = reports.answers(first)
        # The second report opens on what the first one noted.
        second_answers = reports.second_answers(second) | {"feed.goal.same": "SAME", "res.same": "SAME"}
    assert (first.planned_at, second.planned_at) == (V1_AT, V2_AT)
    visit_and_report(site, first, travel, first_answers)
    farid = site.sign_in("farid")
    farid.goto(f"{site.url}{HOME}/reports/")
    farid.get_by_role("link", name=re.compile("Haddad")).first.click()
    expect(farid.locator("main")).to_contain_text("Inès")
    expect(farid.get_by_role("button", name="Lecture notée")).to_be_visible(timeout=15_000)
    visit_and_report(site, second, travel, second_answers)
    with scope.opened(inside(VALLEES)):
        first_delivery = Delivery.objects.get(report__visit=first)
        delivered = Visit.objects.filter(report_delivered_at__lte=V2_AT + timedelta(hours=3)).count()
    assert first_delivery.opened_by_id == site.cast["farid"].member.pk
    assert delivered == 2


def relay(site: Site) -> None:
    """8: the PMI of her commune accepts the relay."""
    gaelle = site.sign_in("gaelle")
    gaelle.goto(f"{site.url}{HOME}/relays/")
    gaelle.get_by_role("link", name=re.compile("Haddad")).first.click()
    gaelle.fill("input[name=next_contact_on]", "2027-02-25")
    submit(gaelle, "Accepter le relais")
    with scope.opened(inside(VALLEES)):
        assert PmiRelay.objects.get().answered_by_id == site.cast["gaelle"].member.pk


def closing_and_line(site: Site, pathway: Pathway) -> None:
    """9: the pathway closes and is worth 200,77 €, once."""
    elise = site.sign_in("elise")
    elise.goto(f"{site.url}{HOME}/pathways/{pathway.public_id}/close/")
    submit(elise, "Clore le parcours")
    for _ in range(2):
        elise.goto(f"{site.url}{HOME}/billing/")
        submit(elise, "Établir les lignes")
    expect(elise.locator("main")).to_contain_text("200,77")
    with scope.opened(inside(VALLEES)):
        assert [str(line.amount) for line in ChargeableLine.objects.all()] == ["200.77"]


def quarter(site: Site, child: Child) -> None:
    """10: the quarter is counted; the ARS reads and downloads it, and reaches no family."""
    elise, hugo = site.sign_in("elise"), site.sign_in("hugo")
    elise.goto(f"{site.url}{HOME}/figures/?quarter=2027-T1")
    submit(elise, "Calculer maintenant")
    with scope.opened(inside(VALLEES)):
        figures = {f.indicator: (f.numerator, f.denominator) for f in Figure.objects.filter(is_latest=True)}
    assert figures == {"P02": (6, 6), "P04": (6, 6), "P09": (12, 12)}
    hugo.goto(f"{site.url}/ars/?quarter=2027-T1")
    expect(hugo.locator("main")).to_contain_text("Vallées de l’Est")
    expect(hugo.locator("main")).to_contain_text("100,0")
    document = hugo.request.get(f"{site.url}/ars/report.pdf?quarter=2027-T1").body()
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    assert len(pages) == 1
    assert "Haddad" not in pages[0].extract_text()
    assert hugo.request.get(f"{site.url}{HOME}/families/{child.family.public_id}/").status == 404


def test_one_family_from_birth_to_the_figure_of_the_ars(site: Site, travel: Any) -> None:
    # Days pass between two steps: everybody signs in again, as her idle session has ended.
    child = birth_and_discharge(site, travel)
    pathway = inclusion_and_planning(site, child)
    visits_and_reports(site, travel)
    relay(site)
    closing_and_line(site, pathway)
    with scope.opened(inside(VALLEES)):
        five_more_families(site.cast)
    travel.move_to(datetime(2027, 4, 2, 8, 0, tzinfo=UTC))
    quarter(site, child)

    assert [problem for problem in site.problems if "404" not in problem] == []

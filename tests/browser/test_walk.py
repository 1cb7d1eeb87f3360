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
from tests.browser.steps import HOME, choose, local, plan, propose_and_include, submit, visit_and_report
from tests.cast import VALLEES, inside
from tests.visits import reports
from visits.models import Delivery, Visit

pytestmark = pytest.mark.browser

# A Tuesday whose three weeks stay inside one quarter. Ahead of the browser's clock, so that its cookies live.
BORN = datetime(2027, 2, 2, 3, 20, tzinfo=UTC)
V1_AT = datetime(2027, 2, 7, 13, 0, tzinfo=UTC)  # a Sunday: visits take place seven days a week (R074)
V2_AT = datetime(2027, 2, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
def travel() -> Iterator[Any]:
    """The clock of the server, at the morning after the birth."""
    with time_machine.travel(BORN + timedelta(hours=6), tick=True) as traveller:
        yield traveller


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
    plan(elise, site.url, pathway.public_id, V1_AT, V2_AT)
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
    gaelle.fill("input[name=next_contact_on]", "2027-02-20")
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
    assert {code: figures[code] for code in ("P02", "P04", "P09")} == {"P02": (6, 6), "P04": (6, 6), "P09": (12, 12)}
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

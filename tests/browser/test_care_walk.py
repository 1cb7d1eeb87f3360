"""From a maternity's list to an accepted relay, in a browser, with a positive item 10 on the way.

Élise imports, proposes, includes and plans; Amal visits; the tenth answer of the second visit calls the team by itself;
Farid takes the alert by name and says what was done; Gaëlle of the PMI turns the second key.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from copa.kernel import scope
from pathways.enums import AlertKind
from pathways.models import Alert, Birth, EpdsScreening, Pathway, PmiRelay
from tests.births_lists import csv_list, line
from tests.browser.conftest import Site
from tests.browser.steps import HOME, choose, local, plan, propose_and_include, submit, visit_and_report
from tests.cast import VALLEES, inside
from tests.visits import reports
from visits.models import Visit

pytestmark = pytest.mark.browser

BORN = datetime(2027, 2, 2, 7, 30, tzinfo=UTC)
V1_AT = datetime(2027, 2, 7, 13, 0, tzinfo=UTC)
V2_AT = datetime(2027, 2, 14, 9, 0, tzinfo=UTC)
# Under every threshold: the tenth answer alone calls.
LOW_WITH_ITEM_10 = (0, 1, 1, 0, 2, 1, 0, 1, 0, 1)


@pytest.fixture
def travel() -> Iterator[Any]:
    """The clock of the server, on the morning after the birth."""
    with time_machine.travel(BORN + timedelta(days=1), tick=True) as traveller:
        yield traveller


def import_list(site: Site) -> Birth:
    """One birth and one line that is refused: shown first, written when confirmed."""
    page = site.sign_in("elise")
    page.goto(f"{site.url}{HOME}/births/import/")
    page.select_option("select[name=maternity]", label="Maternité Saint-Rémi")
    born_on = f"{BORN:%d/%m/%Y}"
    content = csv_list(line(born_on=born_on), line(born_on="31/02/2027", birth_name="Petit"), encoding="cp1252")
    page.set_input_files("input[name=file]", {"name": "liste.csv", "mimeType": "text/csv", "buffer": content})
    submit(page, "Lire la liste")
    expect(page.locator("main")).to_contain_text("1 naissance à inscrire")
    with scope.opened(inside(VALLEES)):
        assert Birth.objects.count() == 0
    submit(page, "Inscrire")
    expect(page.locator("main")).to_contain_text("1 naissance inscrite", timeout=15_000)
    with scope.opened(inside(VALLEES)):
        birth: Birth = Birth.objects.select_related("family").get()
    return birth


def discharge_and_include(site: Site, birth: Birth, travel: Any) -> Pathway:
    travel.move_to(BORN + timedelta(days=3))
    page = site.sign_in("elise")
    page.goto(f"{site.url}{HOME}/births/{birth.public_id}/discharge/")
    page.fill("input[name=discharged_at]", local(BORN + timedelta(hours=70)))
    choose(page, "kind", "EARLY")
    page.fill("input[name=decided_by]", "Dr Lefort")
    submit(page, "Noter la sortie")
    propose_and_include(page, site.url, birth.public_id)
    with scope.opened(inside(VALLEES)):
        pathway: Pathway = Pathway.objects.get()
    plan(page, site.url, pathway.public_id, V1_AT, V2_AT)
    return pathway


def two_visits(site: Site, travel: Any) -> None:
    """The second report carries the scale: a low total, and a tenth answer above zero."""
    with scope.opened(inside(VALLEES)):
        first, second = Visit.objects.select_related("pathway").order_by("planned_at")
        calm = reports.answers(first)
        worrying = reports.second_answers(second, *LOW_WITH_ITEM_10)
        worrying |= {"feed.goal.same": "SAME", "res.same": "SAME"}
    visit_and_report(site, first, travel, calm)
    with scope.opened(inside(VALLEES)):
        assert not Alert.objects.exists()
    # Asked by the page the moment the tenth answer is given: whom she reached, and what she was told.
    call = {"spoke_to": "EMR_MIDWIFE", "spoke_at": "11:10", "called_15": False, "instruction": "SEEN_TODAY"}
    call |= {"sfl_told": "BY_EMR", "family_told": "TOLD"}
    worrying |= {f"alert/MIND_VITAL/alert.{name}": value for name, value in call.items()}
    visit_and_report(site, second, travel, worrying)


def take_and_close(site: Site) -> None:
    """The alert came by itself; the band of any page leads to it, and Farid answers by name."""
    with scope.opened(inside(VALLEES)):
        alert = Alert.objects.get()
        screening = EpdsScreening.objects.get()
    assert (alert.kind, alert.is_sealed) == (AlertKind.PROTECTED, True)
    assert screening.total == sum(LOW_WITH_ITEM_10) < screening.watch
    farid = site.sign_in("farid")
    farid.goto(f"{site.url}{HOME}/families/")
    farid.get_by_role("link", name=re.compile("alerte", re.IGNORECASE)).first.click()
    farid.goto(f"{site.url}{HOME}/alerts/{alert.public_id}/")
    # By its whole name: the band above the page has one too, with the name of the family to take first.
    farid.get_by_role("button", name="Je prends l’alerte", exact=True).click()
    farid.fill("textarea[name=instruction]", "Ne la laissez pas seule, je l’appelle maintenant.")
    decide(farid, alert)
    submit(farid, "Donner la consigne")
    farid.goto(f"{site.url}{HOME}/alerts/{alert.public_id}/close/")
    farid.fill("textarea[name=outcome]", "Vue par le Dr Lefort à 11 h, rendez-vous demain au CMP.")
    submit(farid, "Clore l’alerte")
    with scope.opened(inside(VALLEES)):
        alert.refresh_from_db()
    assert alert.acknowledged_by_id == site.cast["farid"].member.pk
    assert alert.closed_at is not None


def decide(page: Page, alert: Alert) -> None:
    choose(page, "decision", page.locator("input[name=decision]").first.get_attribute("value") or "")
    page.fill("input[name=due_at]", local(alert.raised_at + timedelta(hours=2)))


def relay(site: Site, birth: Birth) -> None:
    """The two keys: the team asks now, the PMI of the commune accepts."""
    with scope.opened(inside(VALLEES)):
        waiting = PmiRelay.objects.get()
    farid = site.sign_in("farid")
    farid.goto(f"{site.url}{HOME}/relays/{waiting.public_id}/start/")
    farid.fill("textarea[name=reason]", "La mère a besoin de soutien dès maintenant.")
    submit(farid, "Demander")
    gaelle = site.sign_in("gaelle")
    gaelle.goto(f"{site.url}{HOME}/relays/")
    gaelle.get_by_role("link", name=re.compile("Garnier")).first.click()
    gaelle.fill("input[name=next_contact_on]", "2027-02-20")
    submit(gaelle, "Accepter le relais")
    with scope.opened(inside(VALLEES)):
        assert PmiRelay.objects.get().answered_by_id == site.cast["gaelle"].member.pk


def test_from_the_list_of_the_ward_to_the_relay_with_a_positive_item_10(site: Site, travel: Any) -> None:
    birth = import_list(site)
    discharge_and_include(site, birth, travel)
    two_visits(site, travel)
    take_and_close(site)
    relay(site, birth)

    assert site.problems == []

"""After the death of one twin, nobody outside the team reads of it in the present: not in a copy, a link, a file."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from copa.kernel import clock, one_time, scope
from pathways.actions import deaths
from pathways.models import AnswerLink, Child, PmiRelay
from tests import factories
from tests.cast import VALLEES
from tests.queries import count
from tests.visits import reports
from visits.models import Report
from visits.reads.report import blocks_for

OUTSIDE = "LGPM"
MAIL = "cabinet@docteur.example"


@pytest.fixture
def report(vallees: scope.Scope) -> Report:
    """A report about Ana and Lou, each with a sign noted before, open to Inès, Gaëlle's PMI and a doctor's link."""
    birth = factories.make_birth(factories.make_family(name="Frôlin"), days_ago=11, children=2)
    for name, one in zip(("Ana", "Lou"), Child.objects.filter(birth=birth).order_by("rank"), strict=True):
        Child.objects.filter(pk=one.pk).update(first_name=name)
    pathway = factories.make_pathway(birth, ap=factories.who("amal"))
    factories.make_grant(pathway.family, to=factories.who("ines"))
    factories.make_agreement(pathway.family, "GENERAL_PRACTITIONER")
    entry = factories.make_entry("GP", name="Dr Lenoir", email=MAIL)
    factories.make_circle_member(pathway.family, entry=entry, role="GENERAL_PRACTITIONER")
    factories.make_alert(pathway, code="CHILD_HELP:CHILD_FEVER", facts="Fièvre d’Ana.")
    factories.make_alert(pathway, code="CHILD_HELP:CHILD_FEVER:2", facts="Fièvre de l’autre.")
    signed = reports.sign(reports.ended_visit(pathway=pathway))
    reports.deliver(signed)
    return signed


def mourn(report: Report) -> Any:
    ana = Child.objects.get(first_name="Ana")
    return factories.make_death(ana.birth, ana)


def words(report: Report, letter: str) -> str:
    return str(blocks_for(report, letter))


def address(name: str, of: Any) -> str:
    return reverse(name, args=[VALLEES, of.public_id])


@pytest.mark.parametrize("letter", OUTSIDE)
def test_copy_opened_later_tells_of_the_child_who_lives(report: Report, letter: str) -> None:
    before = words(report, letter)
    mourn(report)
    after = words(report, letter)

    assert ("Ana" in before, "Lou" in before) == (True, True)
    assert ("Ana" in after, "Lou" in after) == (False, True)


def test_team_keeps_the_report_as_it_was_signed(report: Report) -> None:
    before = words(report, "E")
    mourn(report)

    assert words(report, "E") == before


def test_death_noted_by_mistake_gives_everything_back(report: Report) -> None:
    before = words(report, "M")
    death = mourn(report)
    deaths.undo_death(death=death, reason="Autre famille.", by=factories.who("farid"), at=clock.now())

    assert words(report, "M") == before


@pytest.mark.parametrize("who", ["ines", "gaelle"])
def test_page_and_sheet_of_a_copy_say_nothing_of_it(as_: Any, report: Report, who: str) -> None:
    mourn(report)

    page = as_(who).get(address("visits:report", report))
    sheet = as_(who).get(address("visits:report_pdf", report))

    assert (page.status_code, sheet.status_code) == (200, 200)
    for text in (page.content.decode(), on_paper(sheet)):
        assert ("Ana" in text, "Lou" in text) == (False, True)


def test_link_of_a_doctor_says_nothing_of_it(client: Client, report: Report) -> None:
    mourn(report)
    link = AnswerLink.objects.get(copy_id__isnull=False)

    url = f"/lecture/{VALLEES}/{one_time.token_of(link.public_id)}/"
    page = client.post(url, {"code": one_time.code_of(link.public_id)}).content.decode()

    assert "pour le médecin traitant" in page
    assert ("Ana" in page, "Lou" in page) == (False, True)


def test_relay_file_says_nothing_of_it(as_: Any, report: Report) -> None:
    relay = PmiRelay.objects.get()
    before = as_("gaelle").get(address("visits:relay_file", relay)).content.decode()
    mourn(report)

    page = as_("gaelle").get(address("visits:relay_file", relay)).content.decode()
    sheet = on_paper(as_("gaelle").get(address("visits:relay_pdf", relay)))

    assert "Fièvre d’Ana." in before
    for text in (page, sheet):
        assert ("Ana" in text, "Lou" in text, "Fièvre de l’autre." in text) == (False, True, True)


def test_need_of_the_child_who_died_is_told_no_more(report: Report) -> None:
    ana = Child.objects.get(first_name="Ana")
    need = factories.make_need(
        report.visit.pathway, "NO_CHILD_DOCTOR", about="CHILD", child=ana, report_id=report.public_id, report_row=0
    )
    factories.make_orientation(need, decided_at=clock.now(), decided_by=factories.who("farid"), state="ACCEPTED")
    before = words(report, "M")
    mourn(report)

    assert "Décision de l’équipe" in before
    assert "Décision de l’équipe" not in words(report, "M")
    assert "Décision de l’équipe" in words(report, "E")


def test_what_a_death_hides_costs_one_query_a_copy(as_: Any, report: Report) -> None:
    assert count(as_("ines"), address("visits:report", report)) <= 28


def on_paper(response: Any) -> str:
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())

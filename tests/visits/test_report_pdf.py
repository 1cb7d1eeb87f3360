"""The printed report: A4, one or two pages, whose copy it is in the first lines, no name in its file name."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from copa.kernel import clock, scope
from tests import factories
from tests.cast import Person
from tests.guards import GuardedClient
from tests.visits import reports
from visits.actions.report import add_addendum
from visits.models import Delivery, Report

SECRET = "Elle a peur de rentrer"


@pytest.fixture
def report(vallees: scope.Scope) -> Report:
    """A V2 with the EPDS, a sealed sign with its facts, and a note for the team."""
    visit = reports.ended_visit("V2", days=12)
    factories.make_grant(visit.pathway.family, to=factories.who("ines"))
    call = {
        "alert.family": "PROTECTED",
        "alert.spoke_to": "NO_ANSWER",
        "alert.called_15": False,
        "alert.sfl_told": "BY_EMR",
        "alert.facts": SECRET,
    }
    document = reports.second_answers(visit) | {
        "home.flags": ["HOME_VIOLENCE_TOLD"],
        "alert": [call],
        "note.free": "Pour l’équipe seulement",
        "sfl.link": "MESSAGE",
    }
    signed = reports.sign(visit, document)
    reports.deliver(signed)
    return signed


def printed(client: GuardedClient, report: Report) -> tuple[str, str]:
    """(file name, text) of the PDF; the text as a reader of the paper sees it."""
    response = client.get(f"/t/vallees/reports/{report.public_id}/pdf/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    name = re.search(r'filename="([^"]+)"', response["Content-Disposition"])
    assert name
    pages = PdfReader(BytesIO(response.content)).pages
    assert 1 <= len(pages) <= 2
    # Spaces of every kind and line ends read the same.
    return name[1], " ".join(" ".join(page.extract_text() for page in pages).split())


def test_copy_of_the_team(client: GuardedClient, cast: dict[str, Person], report: Report) -> None:
    add_addendum(report=report, author=report.author, reason="Ajouter un oubli", text="Vu le carnet.", at=clock.now())
    client.force_login(cast["farid"].user)

    name, text = printed(client, report)

    family = factories.Family.objects.get(pk=report.family_id)
    mother = factories.Mother.objects.get(family=family)
    assert re.fullmatch(rf"CR_{family.reference}_V2_\d{{4}}-\d\d-\d\d\.pdf", name)
    assert mother.name not in name
    assert "l’équipe de référence, Maternité Saint-Rémi" in text
    assert "Fin de visite" in text
    assert "remis à l’équipe" in text
    assert "Pour l’équipe seulement" in text
    assert "Vu le carnet." in text
    assert "observations, pas de diagnostic" in text
    digest = Delivery.objects.of_reports().get(report=report).fingerprint
    assert f"{digest[:4]} {digest[4:8]} {digest[8:12]}" in text


@pytest.mark.parametrize("who", ["farid", "ines", "gaelle"])
def test_nothing_sealed_on_paper(client: GuardedClient, cast: dict[str, Person], report: Report, who: str) -> None:
    client.force_login(cast[who].user)

    _, text = printed(client, report)

    hidden = (SECRET, "violences", "Situation protégée", "Réponse n° 10", "Rien de particulier")
    assert [word for word in hidden if word in text] == []


def test_each_reader_prints_her_own_copy(client: GuardedClient, cast: dict[str, Person], report: Report) -> None:
    client.force_login(cast["gaelle"].user)

    _, text = printed(client, report)

    assert "Pour : la PMI" in text
    assert "EPDS" not in text
    assert "Pour l’équipe seulement" not in text


def test_template_loads_nothing_from_elsewhere() -> None:
    for path in Path("templates/pdf").glob("*report*.html"):
        assert "http" not in path.read_text()

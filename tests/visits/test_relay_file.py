"""The relay file: what the PMI needs, nothing sealed, no EPDS value, and nothing at all without agreement."""

from typing import Any

from django.urls import reverse

from copa.kernel import clock, scope
from pathways.models import PmiRelay
from tests import factories
from tests.queries import count
from visits.models import SealedAnswers
from visits.reads.relay_file import relay_file


def words(relay: PmiRelay) -> str:
    file = relay_file(relay, clock.now(), "Europe/Paris")
    return "\n".join(f"{line.label} {line.text}" for block in file.blocks for line in block.lines)


def made() -> PmiRelay:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    visit = factories.make_visit(pathway, "V2", "ended")
    report = factories.make_report(visit, answers={"epds.status": "DONE", "epds.total": 17, "epds.i01": 3})
    SealedAnswers.objects.create(
        report=report, family=pathway.family, answers={"epds.i10": 2, "grid.s3_facts": "Coups"}
    )
    factories.make_alert(pathway, "protected", is_sealed=True, facts="Violences")
    factories.make_alert(pathway, facts="Pâleur vue au domicile.")
    return PmiRelay.objects.get(pathway=pathway)


def url(relay: PmiRelay, name: str = "visits:relay_file") -> str:
    return reverse(name, args=["vallees", relay.public_id])


def test_file_tells_the_course_and_nothing_sealed_nor_any_score(vallees: scope.Scope) -> None:
    told = words(made())

    assert "Pâleur vue au domicile." in told
    assert "Fait" in told
    assert "V2" in told
    assert not any(secret in told for secret in ("17", "Coups", "Violences"))


def test_file_is_empty_without_agreement(as_: Any, vallees: scope.Scope) -> None:
    relay = made()
    PmiRelay.objects.update(is_agreed=False)

    page = as_("farid").get(url(relay)).content.decode()

    assert relay_file(PmiRelay.objects.get(), clock.now(), "Europe/Paris").blocks == ()
    assert "accord non donné" in page
    assert "Pâleur" not in page
    assert as_("gaelle").get(url(relay)).status_code == 404


def test_file_is_the_sectors_and_the_teams(as_: Any, vallees: scope.Scope) -> None:
    relay = made()

    assert as_("gaelle").get(url(relay)).status_code == 200
    assert as_("gina").get(url(relay)).status_code == 404
    pdf = as_("gaelle").get(url(relay, "visits:relay_pdf"))
    assert pdf.content.startswith(b"%PDF")
    assert "Haddad" not in pdf["Content-Disposition"]


def test_first_page_of_the_pmi_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    address = reverse("visits:pmi", args=["vallees"])
    made()
    client = as_("gaelle")
    one = count(client, address)
    for _ in range(9):
        factories.make_pathway()

    assert count(client, address) == one

"""An adhesion signed on paper: its scan is kept beside it, opened by the team of the family alone, never changed."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from copa.kernel import clock, scope
from pathways.models import AdhesionScan, Consent, Pathway
from territories.actions.files import MAX_BYTES
from territories.models import AccessLog, HistoryEvent
from tests import factories
from tests.cast import LAGON, inside
from tests.pathways.addresses import address

PDF, JPEG = b"%PDF-1.4 feuille", b"\xff\xd8\xff\xe0 feuille"


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    made = factories.make_pathway(ap=factories.who("amal"))
    Consent.objects.filter(pk=made.consent_id).update(mode="PAPER")
    return made


def send(as_: Any, pathway: Pathway, content: bytes, name: str = "adhesion.pdf") -> Any:
    """From the page as it was opened when this pathway was the last one."""
    url = address("adhesion_scan", pathway.family.public_id)
    sent = {"adhesion": str(pathway.consent.public_id), "file": SimpleUploadedFile(name, content)}
    return as_("amal").post(url, sent)


@pytest.mark.parametrize(("content", "kind"), [(PDF, "application/pdf"), (JPEG, "image/jpeg")])
def test_scan_is_kept_and_opened_by_the_team(as_: Any, pathway: Pathway, content: bytes, kind: str) -> None:
    agreements = address("recipients", pathway.family.public_id)
    assert "n’est pas encore gardée ici" in as_("farid").get(agreements).content.decode()

    assert send(as_, pathway, content).status_code == 302

    scan = AdhesionScan.objects.get()
    page = as_("farid").get(agreements).content.decode()
    opened = as_("farid").get(address("adhesion_scan_file", scan.public_id))
    assert "Ouvrir l’adhésion signée" in page
    assert "n’est pas encore gardée ici" not in page
    assert (opened.content, opened.headers["Content-Type"]) == (content, kind)
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert AccessLog.objects.filter(what="pathways.read_adhesion", family_id=pathway.family_id).exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"MZ programme", "ni un PDF ni une photo"), (b"", "ni un PDF ni une photo"), (PDF + b"0" * MAX_BYTES, "5 Mo")],
)
def test_what_is_no_scan_is_refused_beside_the_field(as_: Any, pathway: Pathway, content: bytes, words: str) -> None:
    answer = send(as_, pathway, content)

    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["file"])
    assert not AdhesionScan.objects.exists()


def test_same_file_sent_twice_is_kept_once(as_: Any, pathway: Pathway) -> None:
    send(as_, pathway, PDF)

    assert "déjà gardé" in str(send(as_, pathway, PDF).context["form"].errors["file"])
    assert send(as_, pathway, JPEG, "page-2.jpg").status_code == 302
    assert AdhesionScan.objects.count() == 2


def test_adhesion_given_on_a_screen_takes_no_scan(as_: Any, pathway: Pathway) -> None:
    Consent.objects.filter(pk=pathway.consent_id).update(mode="SCREEN")

    opened = as_("elise").get(address("adhesion_scan", pathway.family.public_id))
    answer = send(as_, pathway, PDF)

    assert (opened.status_code, answer.status_code) == (302, 422)
    assert "n’a pas été signée sur papier" in str(answer.context["form"].errors["file"])
    assert not AdhesionScan.objects.exists()


def test_scan_sent_from_a_page_of_before_another_adhesion_is_refused_then_kept(as_: Any, pathway: Pathway) -> None:
    Consent.objects.update(withdrawn_at=clock.now(), withdrawn_by=factories.who("elise"))
    again = factories.make_consent(pathway.birth, mode="PAPER", at=clock.now())

    refused = send(as_, pathway, PDF)
    kept = as_("amal").post(
        address("adhesion_scan", pathway.family.public_id),
        {"adhesion": shown_adhesion(refused), "file": SimpleUploadedFile("adhesion.pdf", PDF)},
    )

    assert (refused.status_code, kept.status_code) == (422, 302)
    assert "Une autre adhésion a été notée depuis" in str(refused.context["form"].errors["file"])
    assert AdhesionScan.objects.get().consent == again


def shown_adhesion(answer: Any) -> str:
    """What the form of this page will carry."""
    found = re.search(r'name="adhesion" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def test_kept_scan_is_never_changed_and_its_bytes_are_not_copied_into_history(as_: Any, pathway: Pathway) -> None:
    send(as_, pathway, PDF)
    scan = AdhesionScan.objects.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        AdhesionScan.objects.filter(pk=scan.pk).update(content=b"")
    with pytest.raises(DatabaseError), transaction.atomic():
        AdhesionScan.objects.filter(pk=scan.pk).delete()
    events = HistoryEvent.objects.filter(table_name="pathways_adhesionscan", row_id=scan.pk)
    assert events.count() == 1
    assert PDF.hex() not in str(events.values())


def test_no_other_territory_sees_a_scan(as_: Any, pathway: Pathway) -> None:
    send(as_, pathway, PDF)

    with scope.opened(inside(LAGON)):
        assert not AdhesionScan.objects.exists()
        assert not AdhesionScan.unscoped.exists()

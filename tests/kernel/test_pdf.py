"""Documents are made from our own files only."""

import io
from datetime import UTC, datetime

import pypdf
import pytest
from django.core.exceptions import SuspiciousFileOperation

from copa.kernel import look, pdf


@pytest.fixture
def paper() -> look.Paper:
    at = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
    return look.Paper("Essai", "Vallées de l’Est", "2026.1", at, "9c41e07b")


def test_document_is_tagged_and_says_what_it_is(paper: look.Paper) -> None:
    document = pdf.render_pdf("print.html", {"paper": paper})

    reader = pypdf.PdfReader(io.BytesIO(document))
    assert reader.metadata.title == "Essai"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert "Vallées de l’Est" in reader.pages[0].extract_text()


@pytest.mark.parametrize("url", ["https://copa.example/x.css", "file:///etc/passwd", "static:../manage.py"])
def test_nothing_is_fetched_from_elsewhere(url: str) -> None:
    with pytest.raises((pdf.MissingAsset, SuspiciousFileOperation)):
        pdf.own_file(url)

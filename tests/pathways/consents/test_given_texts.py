"""The adhesion and the information, printed and given: whose they are, and signed or to be signed."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from pathways.models import Consent
from pathways.texts import Reader, given_to
from territories.models import Territory
from tests import factories
from tests.cast import VALLEES
from tests.pathways.actions.steps import accepted_birth
from tests.pathways.addresses import address

pytestmark = pytest.mark.usefixtures("vallees")


def paper(client: Any, family: Any, version: str) -> str:
    response = client.get(address("consent_text_pdf", family.public_id, version))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(response.content)).pages
    # inclusion.md 6: two pages at most.
    assert len(pages) <= 2
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def test_adhesion_is_printed_to_be_signed_then_as_it_was_given(as_: Any) -> None:
    birth = accepted_birth()
    blank = paper(as_("amal"), birth.family, "adhesion-2026.1-fr")
    pathway = factories.make_pathway(birth, ap=factories.who("amal"))
    Consent.objects.update(place="ROOM", collector="AP")

    signed = paper(as_("amal"), pathway.family, "adhesion-2026.1-fr")

    assert "☐ Je souhaite être accompagnée par CoPa." in blank
    assert "Recueilli par …" in blank
    assert "☒ Je souhaite être accompagnée par CoPa." in signed
    assert "en chambre. Recueilli par" in signed
    assert "adhesion-2026.1-fr" in signed
    assert "empreinte" in signed


@pytest.mark.parametrize("version", [one.version for one in given_to(Reader.MOTHER)])
def test_every_information_she_may_be_given_is_opened_and_printed(as_: Any, version: str) -> None:
    birth = accepted_birth()
    page = as_("amal").get(address("inclusion", birth.public_id)).content.decode()

    assert address("consent_text_pdf", birth.family.public_id, version) in page
    assert "Recueilli par" not in paper(as_("amal"), birth.family, version)


def test_easy_text_stands_on_the_page_of_the_inclusion(as_: Any) -> None:
    page = as_("amal").get(address("inclusion", accepted_birth().public_id)).content.decode()

    assert "Elle vient 2 fois. Parfois 3 fois." in page


def test_text_the_platform_never_had_is_no_page(as_: Any) -> None:
    birth = accepted_birth()

    assert as_("amal").get(address("consent_text_pdf", birth.family.public_id, "x")).status_code == 404


def test_woman_to_whom_it_is_presented_gets_the_same_papers(as_: Any) -> None:
    shown = factories.make_presentation(by=factories.who("farid"), answer="YES")

    page = as_("farid").get(address("presentation_adhesion", shown.public_id)).content.decode()
    url = address("presentation_text_pdf", shown.public_id, "notice-falc-2026.1-fr")

    assert url in page
    assert as_("farid").get(url).content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("contact", "said"),
    [("dpo@vallees.example", "données : dpo@vallees.example."), ("", "données : par la coordination du territoire.")],
)
def test_information_says_how_the_data_protection_officer_is_reached(as_: Any, contact: str, said: str) -> None:
    Territory.objects.filter(slug=VALLEES).update(dpo_contact=contact)
    birth = accepted_birth()

    page = as_("amal").get(address("inclusion", birth.public_id)).content.decode().replace("\u00a0", " ")
    printed = paper(as_("amal"), birth.family, "notice-2026.1-fr").replace("\u00a0", " ")
    kept = as_("amal").get(address("consent_text", birth.family.public_id, "notice-2026.1-fr")).content.decode()

    assert said in page
    assert said in printed
    assert said in kept.replace("\u00a0", " ")

"""The scale in words in the report at home, in the language chosen among those the territory has loaded (L01)."""

from typing import Any

import pytest
from django.urls import reverse

from copa.kernel import scope
from pathways.models import EpdsScreening
from tests.cast import VALLEES
from tests.pathways.screening import load_scale
from tests.visits import reports
from tests.visits.questionnaires import epds, form, second_visit
from visits.models import Report, Visit
from visits.questionnaire import clean
from visits.reads.frozen import frozen, thawed

LOADED = (("fr", "Français"), ("ar", "Arabe"))


@pytest.fixture
def visit(vallees: scope.Scope) -> Visit:
    """A V2 of Amal that has just ended."""
    return reports.ended_visit("V2", days=12)


def address(visit: Visit) -> str:
    return reverse("visits:report_edit", args=[VALLEES, visit.public_id])


def shown(page: str, word: str) -> list[bool]:
    """For each text of this scale on the page, whether it is shown."""
    parts = page.split("data-copa-words=")[1:]
    return ["hidden" not in part.split(">")[0] for part in parts if word in part.split("</span>")[0]]


# ---- What the engine keeps --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("languages", "sent", "kept"),
    [
        (LOADED, "ar", "ar"),
        (LOADED, None, "fr"),
        (LOADED, "xx", "fr"),
        (LOADED, ["ar"], "fr"),
        ((), "ar", "fr"),
    ],
)
def test_language_is_one_of_those_loaded_else_french(
    languages: tuple[tuple[str, str], ...], sent: Any, kept: str
) -> None:
    result = clean(form(), epds(*([0] * 10)) | {"epds.language": sent}, second_visit(epds_languages=languages))

    assert result.answers["epds.language"] == kept
    assert "epds.language" not in result.errors


def test_language_of_a_sheet_that_was_not_filled_is_not_kept() -> None:
    raw = {"who.present": ["MOTHER"], "epds.status": "REFUSED", "epds.language": "ar"}

    assert "epds.language" not in clean(form(), raw, second_visit(epds_languages=LOADED)).answers


# ---- On the page ------------------------------------------------------------------------------------------
def test_without_a_wording_the_report_stays_on_paper(visit: Visit, as_: Any) -> None:
    page = as_("amal").get(address(visit)).content.decode()

    assert "data-copa-words" not in page
    assert 'name="epds.language"' not in page


def test_report_shows_the_scale_in_the_language_chosen(visit: Visit, as_: Any) -> None:
    load_scale("ar", "essai")
    load_scale("en", "test")
    client, url = as_("amal"), address(visit)

    before = client.get(url).content.decode()
    client.post(url, {"who.present": "MOTHER", "epds.status": "DONE", "epds.language": "ar", "_revision": "0"})
    after = client.get(url).content.decode()

    # Ten questions of four answers in each language; French stands on paper alone.
    assert shown(before, "essai") == shown(before, "test") == [False] * 50
    assert shown(after, "essai") == [True] * 50
    assert shown(after, "test") == [False] * 50
    assert "Titre essai. Accord n° 12." in after
    assert ">essai 2</span>" in after.split('name="epds.i03"\n             value="2"')[1].split("</label>")[0]


def test_language_lands_with_the_questionnaire_and_no_wording_with_the_report(visit: Visit) -> None:
    load_scale("ar", "essai")

    reports.deliver(reports.sign(visit, reports.second_answers(visit) | {"epds.language": "ar"}))

    assert EpdsScreening.objects.get().language == "ar"
    assert "essai" not in str(Report.objects.filter(visit=visit).values().get())


def test_two_screens_with_two_languages_name_them(visit: Visit, as_: Any) -> None:
    load_scale("ar", "essai")
    due = {"who.present": ["MOTHER"], "epds.status": "DONE"}
    reports.save(visit, due | {"epds.language": "ar"}, screen="one")
    sent = {"who.present": "MOTHER", "epds.status": "DONE", "epds.language": "fr", "_revision": "0", "_screen": "two"}

    page = as_("amal").post(address(visit), sent)

    assert page.status_code == 409
    [one] = page.context["page"].other.differences
    assert (one.label, one.mine, one.theirs) == ("Langue de la feuille", "Français", "Arabe")


def test_languages_of_then_are_read_back_with_the_report() -> None:
    facts = second_visit(epds_languages=LOADED)

    assert thawed(frozen(facts)) == facts

"""What the team decided of the needs of a report stands in each copy of it, as far as its reader may know."""

import pytest

from copa.kernel import clock
from pathways.actions import orientations
from pathways.models import Orientation
from pathways.models.orientations import Target
from tests import factories
from tests.visits.reports import answers, ended_visit, sign
from tests.visits.test_needs import row
from visits.models import Report
from visits.reads.report import blocks_for

pytestmark = pytest.mark.usefixtures("vallees")


def asked(about: str, target: str = "PSYCHOLOGIST", code: str = "MOOD") -> Report:
    visit = ended_visit()
    rows = [row(code, "REQUEST", about, target=target)]
    return sign(visit, answers(visit, **{"need.any": "SOME", "need.item": rows}))


def decide(*, is_yes: bool, entry: str = "", type_: str = "PSYCHOLOGIST") -> None:
    place = factories.make_entry(type_, name=entry) if entry else None
    decision = orientations.Decision(
        is_yes=is_yes, target=Target(type=type_, entry=place), words="Elle préfère attendre.", letter_words=""
    )
    one = Orientation.objects.get()
    orientations.decide_orientation(orientation=one, decision=decision, by=factories.who("farid"), at=clock.now())


def decisions(report: Report, letter: str) -> list[str]:
    lines = (line for block in blocks_for(report, letter) for line in block.lines)
    return [line.text for line in lines if line.label == "Décision de l’équipe"]


def test_nothing_stands_there_before_the_team_has_decided() -> None:
    assert decisions(asked("MOTHER"), "E") == []


@pytest.mark.parametrize(
    ("about", "readers"),
    [("MOTHER", "ELGM"), ("COPARENT", "E")],
)
def test_each_reader_reads_what_is_hers_with_the_contact(about: str, readers: str) -> None:
    report = asked(about)

    decide(is_yes=True, entry="Cabinet Arbel")

    assert "".join(letter for letter in "ELGPM" if decisions(report, letter)) == readers
    (text,) = decisions(report, "E")
    assert text.endswith("accepté · Cabinet Arbel, 01\xa099\xa000\xa012\xa048")


def test_a_no_says_nothing_of_its_reason() -> None:
    report = asked("MOTHER")

    decide(is_yes=False)

    (text,) = decisions(report, "L")
    assert text.endswith("non retenu")
    assert "attendre" not in text

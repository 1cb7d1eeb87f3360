"""A report signed with an EPDS that the team has corrected since says so, to whoever reads the total."""

from collections.abc import Callable
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions.epds import ask_correction, decide_correction
from pathways.enums import AgreedContent
from pathways.models import EpdsScreening
from tests import factories
from tests.visits.reports import deliver, ended_visit, second_answers, sign
from visits.models import Report
from visits.reads.report import blocks_for

MARK = "ce total est celui de la première saisie"


@pytest.fixture
def report(vallees: scope.Scope) -> Report:
    """V2 with its EPDS, signed and delivered."""
    visit = ended_visit("V2", days=12)
    signed = sign(visit, second_answers(visit))
    deliver(signed)
    return signed


def correct(*, is_accepted: bool) -> None:
    screening, at = EpdsScreening.objects.get(), clock.now()
    asked = ask_correction(screening=screening, item="i02", value=0, reason="recopie", by=factories.who("amal"), at=at)
    decide_correction(correction=asked, is_accepted=is_accepted, by=factories.who("farid"), at=at)


def test_page_and_paper_of_the_team_say_that_the_total_was_corrected(report: Report, as_: Callable[[str], Any]) -> None:
    place = f"/t/vallees/reports/{report.public_id}/"
    before = as_("farid").get(place).content.decode()

    correct(is_accepted=True)

    after = as_("farid").get(place).content.decode()
    assert MARK not in before
    assert MARK in after
    assert "Ce compte rendu ne correspond plus" not in after
    assert as_("farid").get(f"{place}pdf/").status_code == 200


def test_correction_that_was_not_accepted_marks_nothing(report: Report) -> None:
    correct(is_accepted=False)

    assert MARK not in str(blocks_for(report, "E"))


@pytest.mark.parametrize("letter", list("LGMP"))
def test_outside_the_team_the_mark_stands_where_the_total_does(report: Report, letter: str) -> None:
    correct(is_accepted=True)
    without = str(blocks_for(report, letter))

    factories.make_agreement(report.family, AgreedContent.MOOD_SCORE)

    allowed = str(blocks_for(report, letter))
    assert MARK not in without
    assert (MARK in allowed) is ("sur 30" in allowed)
    assert (MARK in allowed) is (letter != "P")

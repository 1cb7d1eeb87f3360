"""The family page asks for the early visit until it is planned."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import clock
from pathways.actions.stops import withdraw_pathway
from pathways.models import EarlyCall, Pathway
from tests import factories
from tests.visits.early.calls import MONDAY, leave
from visits.enums import VisitKind
from visits.reads import family_file


# ---- The family page -------------------------------------------------------------------------------------
def page_of(pathway: Pathway, who: str = "elise") -> family_file.FamilyFile:
    return family_file.family_file(pathway.family, factories.who(who), at=clock.now(), zone="Europe/Paris")


@pytest.mark.parametrize("who", ["elise", "amal"])
def test_family_page_asks_for_the_visit_until_it_is_planned(pathway: Pathway, who: str) -> None:
    before = page_of(pathway, who).title
    leave(pathway)

    shown = page_of(pathway, who)

    assert shown.title.endswith("visite ultra-précoce à fixer aujourd’hui ou demain")
    assert shown.thread is not None
    assert ("U", "late") in [(bead.label, bead.state) for bead in shown.thread.beads]
    factories.make_visit(pathway, VisitKind.ULTRA_EARLY, planned_at=MONDAY + timedelta(hours=12))
    assert "à fixer aujourd’hui" not in page_of(pathway, who).title
    assert "ultra-précoce" not in before


@pytest.mark.parametrize(("who", "is_told"), [("ines", True), ("gaelle", False), ("marc", False)])
def test_midwife_it_is_arranged_with_is_told_of_the_visit_and_nobody_else_outside(
    pathway: Pathway, who: str, is_told: bool
) -> None:
    factories.make_grant(pathway.family, to=factories.who(who))
    leave(pathway)

    shown = page_of(pathway, who)

    assert shown.title.endswith("visite ultra-précoce à fixer aujourd’hui ou demain") is is_told
    assert shown.thread is not None
    assert ("U" in [bead.label for bead in shown.thread.beads]) is is_told
    assert shown.actions.main is None


def test_family_page_leads_to_the_planning_of_the_visit(pathway: Pathway) -> None:
    leave(pathway)

    main = page_of(pathway).actions.main

    assert main is not None
    assert (main.words, main.page) == ("Fixer la visite ultra-précoce", "visits:plan")


@pytest.mark.parametrize(("days", "says"), [(1, "ultra-précoce à fixer aujourd’hui"), (2, "première visite à fixer")])
def test_family_page_asks_for_it_on_its_days_only(pathway: Pathway, days: int, says: str) -> None:
    leave(pathway)

    with time_machine.travel(MONDAY + timedelta(days=days), tick=False):
        assert page_of(pathway).title.endswith(says)


def test_family_page_asks_for_no_visit_after_a_stop(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    withdraw_pathway(pathway=pathway, by=factories.who("farid"), at=clock.now())

    assert "ultra-précoce" not in page_of(pathway).title
    call = as_("elise").get(f"/t/vallees/early/{EarlyCall.objects.get().public_id}/").content.decode()
    assert "Plus de visite à faire" in call

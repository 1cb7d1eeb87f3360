"""What the head of a file says is left to do: nothing once a family is followed elsewhere, and what she refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import clock
from pathways.enums import Agreement
from pathways.models import Family, Pathway, PmiRelay, RecipientConsent
from tests.factories import make_birth, make_family, make_grant, make_pathway, make_report, make_visit, who
from tests.pathways.screening import decide_third
from visits.actions.planning import cancel_visit
from visits.enums import NotDoneReason, VisitState
from visits.reads import planning, worklist
from visits.reads.family_file import FamilyFile, family_file

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
ZONE = "Europe/Paris"


@pytest.fixture
def pathway(vallees):
    """Nine days after birth: V1 made, nobody has fixed V2, the relay waits for the PMI."""
    with time_machine.travel(AT, tick=False):
        made = make_pathway(make_birth(make_family(name="Lemoine"), at=AT - timedelta(days=9)), ap=who("amal"))
        make_report(make_visit(made, "V1", VisitState.ENDED, ended_at=AT - timedelta(days=5)))
        yield made


def opened(pathway: Pathway, name: str = "elise") -> FamilyFile:
    return family_file(pathway.family, who(name), at=clock.now(), zone=ZONE)


def captions(file: FamilyFile) -> list[str]:
    assert file.thread is not None
    return [bead.caption for bead in file.thread.beads]


def relay_words(file: FamilyFile) -> tuple[str, str]:
    """Under its bead, and in the story."""
    assert file.thread is not None
    bead = next(bead for bead in file.thread.beads if bead.kind == "relay")
    events = [event for day in file.story for event in day.events]
    return bead.sub, next(event.text for event in events if event.title == "Relais PMI préparé")


# ---- A third visit -----------------------------------------------------------------------------------------------
def missing_on_lists(pathway: Pathway) -> list[str]:
    """On the worklist, on the planning board, and in the line of the list of families."""
    todo = worklist.worklist(who("elise"), filters=worklist.Filters(), at=AT, zone=ZONE).unplanned
    week = planning.week_of(who("elise"), on=None, ap=None, page="1", at=AT, zone=ZONE, region="44")
    return [row.text[:2] for row in todo.rows] + [row.missing for row in week.unplanned]


def test_decided_third_visit_is_the_next_thing_to_do_until_the_team_says_no(pathway: Pathway) -> None:
    make_report(make_visit(pathway, "V2", VisitState.ENDED, ended_at=AT - timedelta(days=1)))
    before = opened(pathway)
    assert before.title.endswith("les deux visites sont faites")
    assert missing_on_lists(pathway) == []

    decide_third(pathway, is_accepted=True)

    file = opened(pathway)
    assert file.title.endswith("troisième visite à fixer")
    assert file.actions.main is not None
    assert (file.actions.main.words, file.actions.main.page) == ("Fixer la troisième visite", "visits:plan")
    assert captions(file)[-2:] != captions(before)[-2:]
    assert missing_on_lists(pathway) == ["V3", "V3"]

    decide_third(pathway, is_accepted=False)

    assert opened(pathway).title.endswith("les deux visites sont faites")
    assert missing_on_lists(pathway) == []


def test_third_visit_that_fell_is_to_be_fixed_again_and_one_that_was_made_is_counted(pathway: Pathway) -> None:
    make_report(make_visit(pathway, "V2", VisitState.ENDED, ended_at=AT - timedelta(days=1)))
    decide_third(pathway, is_accepted=True)
    fallen = make_visit(pathway, "V3", planned_at=AT + timedelta(days=2))
    assert missing_on_lists(pathway) == []
    cancel_visit(visit=fallen, reason=NotDoneReason.FAMILY_CANCELLED, at=AT)

    assert missing_on_lists(pathway) == ["V3", "V3"]

    make_report(make_visit(pathway, "V3", VisitState.ENDED, ended_at=AT - timedelta(hours=2)))

    assert opened(pathway).title.endswith("les trois visites sont faites")


# ---- Followed elsewhere --------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_planned", [False, True])
def test_family_taken_by_another_territory_has_nothing_left_to_fix_here(
    as_: Any, pathway: Pathway, is_planned: bool
) -> None:
    """The other territory has said yes; the job that ends the pathway has not come round."""
    if is_planned:
        make_visit(pathway, "V2", planned_at=AT + timedelta(hours=5))
    Family.objects.filter(pk=pathway.family_id).update(moved_at=AT)

    file = opened(pathway)

    assert file.title.endswith("parcours arrêté après un déménagement")
    assert captions(file) == ["Naissance", "V1 faite"]
    assert file.actions.main is None
    assert file.next_visit is None
    html = as_("elise").get(f"/t/vallees/families/{pathway.family.public_id}/").content.decode()
    for word in ("à fixer", "Fixer", "À faire le", "Visite V2 prévue", "Déplacer"):
        assert word not in html
    # What was planned here is off, and the story says so.
    assert ("Visite V2 annulée" in html) is is_planned


@pytest.mark.parametrize("state", ["moved", "withdrawn"])
def test_pathway_that_stopped_tells_of_its_relay_no_day_to_come(pathway: Pathway, state: str) -> None:
    Pathway.objects.filter(pk=pathway.pk).update(state=state, closed_at=AT)

    file = opened(pathway)

    assert captions(file) == ["Naissance", "V1 faite"]
    [event] = [event for day in file.story for event in day.events if event.title == "Relais PMI préparé"]
    assert event.text == ""


# ---- She said no to the PMI ----------------------------------------------------------------------------------
NO = "La mère ne souhaite pas que la PMI le reçoive\u00a0: à revoir avec elle."
UNASKED = "La mère n’a pas encore donné son accord pour la PMI\u00a0: à lui demander."


def answered(pathway: Pathway, answer: str) -> None:
    PmiRelay.objects.filter(pathway=pathway).update(is_agreed=answer == Agreement.YES)
    RecipientConsent.objects.filter(family=pathway.family, recipient="PMI").delete()
    if answer:
        RecipientConsent.objects.create(
            family=pathway.family, recipient="PMI", answer=answer, at=AT, collected_by=who("elise")
        )


@pytest.mark.parametrize("name", ["elise", "farid", "amal"])
@pytest.mark.parametrize(
    ("answer", "under", "sentence"),
    [
        (Agreement.NO, "elle a dit non", NO),
        (Agreement.LATER, "accord à demander", UNASKED),
        ("", "accord à demander", UNASKED),
    ],
)
def test_relay_that_she_keeps_from_leaving_says_so_to_the_team(
    pathway: Pathway, name: str, answer: str, under: str, sentence: str
) -> None:
    answered(pathway, answer)

    sub, text = relay_words(opened(pathway, name))

    assert sub == under
    assert text.startswith("À faire le ")
    assert text.endswith(sentence)


def test_relay_that_she_agreed_to_says_its_day_alone(pathway: Pathway) -> None:
    sub, text = relay_words(opened(pathway))

    assert sub.endswith("nov.")
    assert text == "À faire le 15\u00a0nov.\u00a02026."


@pytest.mark.parametrize("name", ["ines", "gaelle"])
def test_her_no_to_the_pmi_is_not_told_outside_the_team(pathway: Pathway, name: str) -> None:
    make_grant(pathway.family, to=who(name))
    answered(pathway, Agreement.NO)

    sub, text = relay_words(opened(pathway, name))

    assert "non" not in sub
    assert "souhaite" not in text

"""The mother died and the child lives: who follows it reads of it, everybody else reads the same silence as before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils.html import strip_tags

from copa.kernel.errors import BusinessError
from pathways.actions.aftercare import note_step
from pathways.actions.deaths import undo_death
from pathways.enums import GrantReason, RelayState
from pathways.models import AftercareDone, Birth, Child, Death, Pathway
from pathways.reads.aftercare import aftercare_of, unfinished
from tests import queries
from tests.factories import make_birth, make_death, make_family, make_grant, make_pathway, make_relay, who

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
USUAL = ("CALL_FAMILY", "CALL_AP", "OTHER_SERVICES", "SUPPORT")
ALIVE = "En vie\u00a0: "


@pytest.fixture
def at(vallees: Any) -> Any:
    with time_machine.travel(AT, tick=False):
        yield AT


def family(children: int = 1, **relay: Any) -> Pathway:
    """Amal's family, born four days ago, with the relay of the PMI of Ligny; Noé1 is its first child."""
    birth = make_birth(make_family(name="Silence"), at=AT - timedelta(days=4), children=children)
    pathway: Pathway = make_pathway(birth, ap=who("amal"))
    make_relay(pathway, **relay)
    return pathway


def accepted() -> dict[str, Any]:
    return {"state": RelayState.ACCEPTED, "answered_at": AT, "answered_by": who("gaelle")}


def file(as_: Any, name: str, pathway: Pathway) -> str:
    answer = as_(name).get(f"/t/vallees/families/{pathway.family.public_id}/")
    return strip_tags(answer.content.decode()) if answer.status_code == 200 else ""


# ---- The file --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["elise", "farid", "gaelle"])
def test_who_follows_the_child_reads_its_name_and_age(as_: Any, at: datetime, name: str) -> None:
    pathway = family(**accepted())
    make_death(pathway.birth)

    page = file(as_, name, pathway)

    assert f"{ALIVE}Noé1, 4\u00a0jours." in page
    assert f"{ALIVE}Noé1." in page
    assert "Cette famille est en deuil" in page


def test_team_reads_the_exams_of_the_first_days(as_: Any, at: datetime) -> None:
    pathway = family()
    make_death(pathway.birth)

    assert "Examen des 8 jours, d’ici au 7\u00a0nov.\u00a02026" in file(as_, "farid", pathway)


@pytest.mark.parametrize("name", ["amal", "ines", "nora"])
def test_every_other_reader_reads_the_silence_as_before(as_: Any, at: datetime, name: str) -> None:
    pathway = family(**accepted())
    make_grant(pathway.family, to=who("ines"))
    make_death(pathway.birth)

    page = file(as_, name, pathway)

    assert "Cette famille est en deuil" in page
    assert ALIVE not in page
    assert "Noé1" not in page


def test_emergency_of_another_team_opens_the_silence_alone(as_: Any, at: datetime) -> None:
    pathway = family()
    make_death(pathway.birth)
    # The database reads its own clock to say whether an opening runs: this one ends far from both.
    start = AT + timedelta(days=3650)
    why = {"reason": GrantReason.EMERGENCY, "why": "Appel du SAMU à la maison"}
    make_grant(pathway.family, to=who("fanny"), granted_at=start, expires_at=start + timedelta(hours=2), **why)

    page = file(as_, "fanny", pathway)

    assert "Cette famille est en deuil" in page
    assert ALIVE not in page


def test_pmi_whose_relay_still_waited_reads_nothing(as_: Any, at: datetime) -> None:
    pathway = family()
    make_death(pathway.birth)

    assert file(as_, "gaelle", pathway) == ""


def test_twin_who_lives_is_the_only_one_named(as_: Any, at: datetime) -> None:
    pathway = family(children=2)
    make_death(pathway.birth, Child.objects.order_by("rank")[0])
    make_death(pathway.birth)

    page = file(as_, "farid", pathway)

    assert f"{ALIVE}Noé2, 4\u00a0jours." in page
    assert "Noé1" not in page.replace("Décès noté", "")


@pytest.mark.parametrize("of_mother", [True, False])
def test_nobody_is_said_alive_when_no_child_is_or_the_mother_is(as_: Any, at: datetime, *, of_mother: bool) -> None:
    pathway = family()
    make_death(pathway.birth, Child.objects.get())
    if of_mother:
        make_death(pathway.birth)

    assert ALIVE not in file(as_, "farid", pathway)


def test_mistake_taken_back_gives_the_file_as_it_was(as_: Any, at: datetime) -> None:
    pathway = family()
    before = file(as_, "farid", pathway)
    undo_death(death=make_death(pathway.birth), reason="Autre famille.", by=who("farid"), at=AT)

    page = file(as_, "farid", pathway)

    assert ALIVE not in page
    assert ("Noé1 a 4\u00a0jours" in before, "Noé1 a 4\u00a0jours" in page) == (True, True)
    assert not Birth.objects.get().is_silent


def test_file_stays_within_its_queries(as_: Any, at: datetime) -> None:
    pathway = family(**accepted())
    make_death(pathway.birth)

    url = f"/t/vallees/families/{pathway.family.public_id}/"
    assert max(queries.count(as_(name), url) for name in ("elise", "farid", "gaelle")) <= 36


# ---- The checklist ---------------------------------------------------------------------------------------
def test_checklist_asks_who_follows_the_child_and_keeps_the_names(as_: Any, at: datetime) -> None:
    death = make_death(family().birth)
    url = f"/t/vallees/births/{death.birth.public_id}/aftercare/"
    sent = {"death": death.public_id, "step": "CHILD_FOLLOWED"}

    empty, long = (as_("farid").post(url, {**sent, "who": who}) for who in ("  ", "Dr " + "W" * 120))
    assert (empty.status_code, long.status_code) == (422, 422)
    assert "Écrivez qui suit l’enfant." in empty.content.decode()
    assert "W" * 120 in long.content.decode()
    assert not AftercareDone.objects.exists()
    for _ in range(2):
        assert as_("farid").post(url, {**sent, "who": " PMI de Ligny, Dr Weber "}).status_code == 302

    assert AftercareDone.objects.get().who == "PMI de Ligny, Dr Weber"
    assert "PMI de Ligny, Dr Weber" in as_("elise").get(url).content.decode()
    assert as_("amal").get(url).status_code == 403


def test_task_stays_until_somebody_follows_the_child(at: datetime) -> None:
    death = make_death(family().birth)
    for step in USUAL:
        note_step(death=death, step=step, by=who("farid"), at=AT)
    (waiting,) = unfinished(who("farid"))
    assert [one.value for one in waiting.left] == ["CHILD_FOLLOWED"]

    note_step(death=death, step="CHILD_FOLLOWED", who="PMI de Ligny", by=who("farid"), at=AT)

    assert unfinished(who("farid")) == []


def test_nobody_is_asked_to_follow_a_child_who_died_since(at: datetime) -> None:
    death = make_death(family().birth)
    for step in USUAL:
        note_step(death=death, step=step, by=who("farid"), at=AT)

    second = make_death(death.birth, Child.objects.get())

    (waiting,) = unfinished(who("farid"))
    assert [one.value for one in waiting.left] == sorted(USUAL, key=USUAL.index)
    page = aftercare_of(death.birth, who("farid"), AT)
    assert [len(one.steps) for one in page.deaths] == [4, 4]
    with pytest.raises(BusinessError, match="Choisissez"):
        note_step(death=second, step="CHILD_FOLLOWED", who="PMI", by=who("farid"), at=AT)


def test_death_of_a_child_asks_nothing_of_its_twin(at: datetime) -> None:
    death = make_death(family(children=2).birth, Child.objects.order_by("rank")[0])

    with pytest.raises(BusinessError, match="Choisissez"):
        note_step(death=death, step="CHILD_FOLLOWED", who="PMI", by=who("farid"), at=AT)

    assert len(unfinished(who("farid"))[0].left) == 4


@pytest.mark.parametrize(("step", "names"), [("CHILD_FOLLOWED", ""), ("CALL_FAMILY", "PMI de Ligny")])
def test_database_keeps_a_name_with_its_step(at: datetime, step: str, names: str) -> None:
    death = make_death(family().birth)

    with pytest.raises(IntegrityError, match="aftercare_says_who_follows"), transaction.atomic():
        AftercareDone.objects.create(
            family_id=death.family_id, death=Death.objects.get(), step=step, who=names, done_by=who("farid"), done_at=AT
        )

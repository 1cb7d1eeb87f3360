"""Asked for twins of whom one is left: nothing leaves, nobody reads of twins, the team says what becomes of it."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import orientations as actions
from pathways.actions.deaths import undo_death
from pathways.models import Child, Orientation, Pathway
from pathways.reads import needs as reads
from tests import factories
from tests.cast import VALLEES

PAGE = f"/t/{VALLEES}"
TASK = "Orientation à garder ou non"


@pytest.fixture
def twins(vallees: scope.Scope) -> Pathway:
    return factories.make_pathway(factories.make_birth(children=2), ap=factories.who("amal"))


def asked(pathway: Pathway, state: str = "ACCEPTED", **fields: Any) -> Orientation:
    need = factories.make_need(pathway, "MULTIPLES", about="FAMILY")
    entry = factories.make_entry("TISF", name="Coup de main", email="tisf@asso.example")
    return factories.make_orientation(need, entry=entry, state=state, **fields)


def mourn(pathway: Pathway) -> Any:
    child = Child.objects.filter(birth=pathway.birth, closed_at=None).order_by("rank").last()
    return factories.make_death(pathway.birth, child)


def tasks(as_: Any, name: str) -> str:
    return str(as_(name).get(f"{PAGE}/todo/?sujet=orientations").content.decode())


def test_nothing_of_it_leaves_any_more(twins: Pathway) -> None:
    orientation = asked(twins)
    mourn(twins)
    orientation.refresh_from_db()

    for act in (
        lambda: actions.send_orientation(
            orientation=orientation, how="LINK", by=factories.who("farid"), at=clock.now()
        ),
        lambda: actions.check_letter(orientation=orientation),
    ):
        with pytest.raises(BusinessError, match="La situation de cette famille a changé"):
            act()
    assert not Orientation.objects.running().filter(pk=orientation.pk).exists()


def test_request_not_yet_decided_is_accepted_no_more(twins: Pathway) -> None:
    orientation = asked(twins, "PROPOSED")
    mourn(twins)
    target = actions.Target(type="TISF", entry=orientation.entry)
    decision = actions.Decision(is_yes=True, target=target, words="", letter_words="")

    with pytest.raises(BusinessError) as refused:
        actions.decide_orientation(
            orientation=orientation, decision=decision, by=factories.who("farid"), at=clock.now()
        )

    assert refused.value.code == "held_back"


def test_one_already_sent_is_reminded_of_no_more(twins: Pathway) -> None:
    orientation = asked(twins, "SENT", sent_at=clock.now() - timedelta(days=8))
    assert actions.waiting(at=clock.now()) == [orientation.pk]
    mourn(twins)

    assert actions.waiting(at=clock.now()) == []
    assert not actions.remind(pk=orientation.pk, at=clock.now())


@pytest.mark.parametrize("state", ["PROPOSED", "ACCEPTED", "SENT"])
def test_team_is_asked_what_becomes_of_it_and_its_page_names_no_twin(as_: Any, twins: Pathway, state: str) -> None:
    orientation = asked(twins, state)
    before = tasks(as_, "farid")
    mourn(twins)

    after = tasks(as_, "farid")
    page = as_("farid").get(f"{PAGE}/orientations/{orientation.public_id}/").content.decode()

    assert (TASK in before, TASK in after) == (False, True)
    assert "Envoyer une orientation" not in after
    assert "Jumeaux" not in page
    assert "Est-elle encore utile" in page
    assert "orientation_send" not in page
    assert f"/orientations/{orientation.public_id}/send/" not in page
    actions.close_orientation(orientation=orientation, words="Plus utile.", at=clock.now())
    assert TASK not in tasks(as_, "farid")


def test_auxiliary_is_not_asked_and_the_story_says_nothing_of_it(as_: Any, twins: Pathway) -> None:
    asked(twins)
    told = [one.title for one in reads.told(twins.family, factories.who("amal"))]
    mourn(twins)

    after = [one.title for one in reads.told(twins.family, factories.who("amal"))]

    assert any("Coup de main" in one for one in told)
    assert not any("Coup de main" in one for one in after)
    assert TASK not in tasks(as_, "amal")


def test_death_undone_gives_it_back(as_: Any, twins: Pathway) -> None:
    orientation = asked(twins)
    death = mourn(twins)
    undo_death(death=death, reason="Autre famille.", by=factories.who("farid"), at=clock.now())

    assert TASK not in tasks(as_, "farid")
    assert Orientation.objects.running().filter(pk=orientation.pk).exists()
    actions.check_letter(orientation=Orientation.objects.get(pk=orientation.pk))


def test_triplets_of_whom_two_are_left_keep_theirs(vallees: scope.Scope) -> None:
    triplets = factories.make_pathway(factories.make_birth(children=3), ap=factories.who("amal"))
    orientation = asked(triplets)
    mourn(triplets)

    assert Orientation.objects.running().filter(pk=orientation.pk).exists()
    assert not Orientation.objects.held_back().exists()
    actions.check_letter(orientation=Orientation.objects.get(pk=orientation.pk))

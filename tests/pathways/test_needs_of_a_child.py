"""A need may name one of several children: what is stored, shown and told."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions.deaths import undo_death
from pathways.actions.needs import Spotted, spot_need
from pathways.actions.orientations import check_may_leave, remind
from pathways.models import Child, Need, Orientation, Pathway
from pathways.reads import needs as reads
from tests import factories
from tests.pathways.addresses import address


@pytest.fixture
def twins(vallees: scope.Scope) -> Pathway:
    return factories.make_pathway(factories.make_birth(children=2), ap=factories.who("amal"))


def spot(pathway: Pathway, child: Child | None, about: str = "CHILD") -> Need:
    spotted = Spotted(code="SLEEP_CRYING", about=about, child=child)
    return spot_need(family=pathway.family, spotted=spotted, by=factories.who("amal"), at=clock.now())


def children(pathway: Pathway) -> list[Child]:
    return list(Child.objects.filter(birth=pathway.birth).order_by("rank"))


def shown(pathway: Pathway) -> list[str]:
    view = reads.family_needs(factories.who("amal"), pathway.family)
    return sorted(need.about for need in view.running)


def test_each_twin_has_her_own_need_and_both_have_one_together(twins: Pathway) -> None:
    for child in (*children(twins), None):
        spot(twins, child)

    assert shown(twins) == ["L’enfant", "Noé1", "Noé2"]
    told = [one.text for one in reads.told(twins.family, factories.who("amal"))]
    assert sorted(text.partition(".")[0] for text in told) == ["L’enfant", "Noé1", "Noé2"]


@pytest.mark.parametrize("rank", [0, None])
def test_same_need_of_the_same_child_is_noted_once(twins: Pathway, rank: int | None) -> None:
    child = None if rank is None else children(twins)[rank]
    spot(twins, child)

    with pytest.raises(BusinessError, match="déjà noté"):
        spot(twins, child)


def test_child_of_another_family_is_refused_and_nothing_is_stored(twins: Pathway) -> None:
    other = children(factories.make_pathway(ap=factories.who("bea")))[0]

    with pytest.raises(BusinessError) as refused:
        spot(twins, other)

    assert refused.value.code == "not_her_child"
    assert not Need.objects.exists()


def test_child_who_died_is_named_no_more(twins: Pathway) -> None:
    first, second = children(twins)
    spot(twins, first)
    factories.make_death(twins.birth, first)

    assert shown(twins) == []
    assert [child.pk for child in reads.children_to_name(twins.family)] == [second.pk]
    with pytest.raises(BusinessError):
        spot(twins, Child.objects.get(pk=first.pk))


def test_page_asks_which_child_of_several_and_no_name_of_an_only_one(as_: Any, twins: Pathway) -> None:
    alone = factories.make_pathway(ap=factories.who("amal"))
    second = children(twins)[1]
    typed = {"code": "SLEEP_CRYING", "about": "CHILD", "child": str(second.public_id), "words": ""}
    client = as_("amal")

    form = client.get(address("need_new", twins.family.public_id)).content.decode()
    only = client.get(address("need_new", alone.family.public_id)).content.decode()
    client.post(address("need_new", twins.family.public_id), typed)

    assert "Quel enfant" in form
    assert "Quel enfant" not in only
    assert Need.objects.get().child_id == second.pk


def test_child_typed_beside_a_need_of_the_mother_is_left_out(as_: Any, twins: Pathway) -> None:
    child = str(children(twins)[0].public_id)

    as_("amal").post(
        address("need_new", twins.family.public_id),
        {"code": "PERINEUM", "about": "MOTHER", "child": child, "words": ""},
    )

    assert Need.objects.get().child_id is None


def test_forged_child_is_refused(as_: Any, twins: Pathway) -> None:
    stranger = children(factories.make_pathway(ap=factories.who("amal")))[0]

    response = as_("amal").post(
        address("need_new", twins.family.public_id),
        {"code": "SLEEP_CRYING", "about": "CHILD", "child": str(stranger.public_id), "words": ""},
    )

    assert response.status_code == 422
    assert not Need.objects.exists()


def test_needs_of_a_dead_twin_and_of_two_fall_silent_and_come_back(twins: Pathway) -> None:
    first, second = children(twins)
    for child in (first, second):
        spot(twins, child)
    both = Spotted(code="MULTIPLES", about="FAMILY", child=None)
    spot_need(family=twins.family, spotted=both, by=factories.who("amal"), at=clock.now())

    death = factories.make_death(twins.birth, first)

    assert shown(twins) == ["Noé2"]
    told = [one.text.partition(".")[0] for one in reads.told(twins.family, factories.who("amal"))]
    assert told == ["Noé2"]
    undo_death(death=death, reason="Erreur d’enfant.", by=factories.who("farid"), at=clock.now())
    assert len(shown(twins)) == 3


def test_orientation_of_a_dead_twin_is_neither_sent_nor_reminded_nor_answered(twins: Pathway) -> None:
    child = children(twins)[0]
    sent = factories.make_orientation(spot(twins, child), state="SENT")
    wanted = factories.make_orientation(spot(twins, children(twins)[1]), state="ACCEPTED")
    other = factories.make_orientation(factories.make_need(twins, about="CHILD", child=child), state="ACCEPTED")

    factories.make_death(twins.birth, child)

    assert list(Orientation.objects.running()) == [wanted]
    assert not remind(pk=sent.pk, at=clock.now() + timedelta(days=8))
    with pytest.raises(BusinessError, match="rien ne part plus"):
        check_may_leave(Orientation.objects.get(pk=other.pk))

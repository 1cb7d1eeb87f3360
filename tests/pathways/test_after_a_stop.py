"""After a stop and in mourning nothing new is noted, but a scale: its tenth answer must still call (L12, A38)."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import grid
from pathways.actions.families import change_recipients
from pathways.actions.needs import Spotted, spot_need
from pathways.actions.stops import end_by_move, withdraw_pathway
from pathways.enums import GridStatus, ScreeningSource, SuggestionKind
from pathways.models import (
    Alert,
    Child,
    EpdsScreening,
    GridConclusion,
    GridReview,
    Need,
    Pathway,
    SealedGridAnswer,
    Suggestion,
)
from pathways.reads.addressees import around
from pathways.rules.screening import ITEM_10_ALERT
from tests import factories
from tests.cast import VALLEES, inside
from tests.pathways.screening import HIGH, fill_epds, source, tell, tell_sealed
from tests.races import behind


def withdraws(pathway: Pathway) -> None:
    withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())


def moves(pathway: Pathway) -> None:
    end_by_move(pathway=pathway, by=factories.who("elise"), at=clock.now())


def loses_child(pathway: Pathway) -> None:
    factories.make_death(pathway.birth, Child.objects.get(birth=pathway.birth))


def reviews(pathway: Pathway) -> None:
    grid.review_grid(pathway=pathway, status=GridStatus.SKIPPED, skip_reason="TIME", answers=(), source=source("farid"))


def concludes(pathway: Pathway) -> None:
    grid.conclude_grid(pathway=pathway, level="watch", proposals="Une aide.", by=factories.who("farid"), at=clock.now())


def spots(pathway: Pathway) -> None:
    spotted = Spotted(code="HOUSING", about="FAMILY")
    spot_need(family=pathway.family, spotted=spotted, by=factories.who("farid"), at=clock.now())


NOTED: dict[str, Callable[[Pathway], object]] = {
    "grid": reviews,
    "answer": lambda pathway: tell(pathway, "V1_HOUSING", by="farid"),
    "sealed answer": lambda pathway: tell_sealed(pathway, "V3_PARTNER_VIOLENCE"),
    "conclusion": concludes,
    "need": spots,
}


@pytest.mark.parametrize("stop", [withdraws, moves, loses_child])
@pytest.mark.parametrize("what", NOTED)
def test_nothing_new_is_noted(vallees: scope.Scope, what: str, stop: Callable[[Pathway], object]) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=14)
    NOTED[what](pathway)
    rows = (GridReview, SealedGridAnswer, GridConclusion, Need)
    before = [model.objects.count() for model in rows]
    stop(pathway)

    with pytest.raises(BusinessError) as refusal:
        NOTED[what](pathway)

    assert refusal.value.code == "stopped"
    assert [model.objects.count() for model in rows] == before


@pytest.mark.parametrize("stop", [withdraws, moves, loses_child])
@pytest.mark.parametrize("is_of_a_visit", [True, False])
def test_scale_is_still_noted_and_its_tenth_answer_still_calls(
    vallees: scope.Scope, stop: Callable[[Pathway], object], *, is_of_a_visit: bool
) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=14)
    stop(pathway)
    origin = {"source": ScreeningSource.VISIT, "source_id": uuid4()} if is_of_a_visit else {}

    fill_epds(pathway, *HIGH[:9], 1, **origin)

    assert EpdsScreening.objects.count() == 1
    assert Alert.objects.filter(code=ITEM_10_ALERT).count() == 1
    assert not Suggestion.objects.filter(kind=SuggestionKind.THIRD_VISIT).exists()


@pytest.mark.usefixtures("committed")
def test_need_noted_while_a_death_is_noted_is_refused() -> None:
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=14)

    assert behind(lambda: loses_child(pathway), lambda: spots(pathway)) == ["done", "stopped"]


@pytest.mark.parametrize(("ended", "is_told"), [(None, True), (0, False), (1, True)])
def test_whoever_left_the_circle_today_is_told_nothing_more(
    vallees: scope.Scope, ended: int | None, *, is_told: bool
) -> None:
    """On the page she is already among those who left."""
    pathway = factories.make_pathway(ap=factories.who("amal"))
    today = clock.local_date(clock.now(), "Europe/Paris")
    entry = factories.make_entry("GP", email="cabinet@medecins.example")
    left = {} if ended is None else {
        "until": today.fromordinal(today.toordinal() + ended), "end_reason": "FINISHED", "ended_at": clock.now(),
        "ended_by": factories.who("elise"),
    }  # fmt: skip
    factories.make_circle_member(pathway.family, entry=entry, **left)
    agreements = {"GENERAL_PRACTITIONER": "YES"}
    change_recipients(family=pathway.family, agreements=agreements, by=factories.who("elise"), at=clock.now())

    assert bool(around(pathway, ["GENERAL_PRACTITIONER"], clock.now())) is is_told

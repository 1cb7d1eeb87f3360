"""A death silences one person at once, tells the team once, and a mistake is taken back with a reason."""

from datetime import timedelta

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import deaths
from pathways.enums import AlertKind, DeadPerson, PathwayState
from pathways.models import Alert, Birth, Child, Death, Pathway, PmiRelay
from pathways.rules import is_in_silence
from territories.models import HistoryEvent
from tests import factories
from tests.factories import make_birth, make_death, make_family, make_pathway, who


@pytest.fixture
def twins(vallees: scope.Scope) -> tuple[Pathway, Child, Child]:
    pathway = make_pathway(make_birth(make_family(), children=2), ap=who("amal"))
    first, second = Child.objects.filter(birth=pathway.birth).order_by("rank")
    return pathway, first, second


def note(birth: Birth, child: Child | None = None) -> Death:
    """As the auxiliary notes it, to be confirmed by the team."""
    return make_death(birth, child, by=who("amal"), is_confirmed=False)


def told() -> list[Alert]:
    return list(Alert.objects.filter(kind=AlertKind.DEATH).order_by("pk"))


@pytest.mark.parametrize(
    ("children", "dead", "mother", "expected"),
    [(1, 0, False, False), (1, 1, False, True), (2, 1, False, False), (2, 2, False, True), (1, 0, True, True)],
)
def test_silence_is_total_when_the_mother_or_every_child_died(
    children: int, dead: int, mother: bool, expected: bool
) -> None:
    assert is_in_silence(children=children, dead_children=dead, has_lost_mother=mother) is expected


def test_death_of_a_twin_leaves_the_path_of_the_other(twins: tuple[Pathway, Child, Child]) -> None:
    pathway, first, second = twins

    note(pathway.birth, first)

    assert Pathway.objects.get().state == PathwayState.ACTIVE
    assert not Birth.objects.get().is_silent
    assert Child.objects.get(pk=first.pk).closed_at is not None
    assert Child.objects.get(pk=second.pk).closed_at is None
    assert PmiRelay.objects.shown().exists()


def test_death_of_both_twins_is_mourning(twins: tuple[Pathway, Child, Child]) -> None:
    pathway, first, second = twins

    note(pathway.birth, first)
    note(pathway.birth, second)

    assert Pathway.objects.get().state == PathwayState.BEREAVED
    assert Birth.objects.get().is_silent
    assert len(told()) == 2


def test_death_of_the_mother_is_mourning_and_her_child_lives(twins: tuple[Pathway, Child, Child]) -> None:
    pathway, *_ = twins

    death = note(pathway.birth)

    assert (death.person, death.child) == (DeadPerson.MOTHER, None)
    assert Pathway.objects.get().state == PathwayState.BEREAVED
    assert Child.objects.filter(closed_at=None).count() == 2


def test_team_is_told_once_without_a_name_and_has_two_hours(twins: tuple[Pathway, Child, Child]) -> None:
    pathway, first, _ = twins

    death = note(pathway.birth, first)
    again = note(pathway.birth, first)

    (alert,) = told()
    assert again == death
    assert Death.objects.count() == 1
    assert alert.answer_due_at - alert.raised_at == timedelta(hours=2)
    assert first.first_name not in alert.facts


def test_team_that_noted_it_itself_is_not_told(twins: tuple[Pathway, Child, Child]) -> None:
    pathway, first, second = twins

    make_death(pathway.birth, first, by=who("farid"))
    make_death(pathway.birth, second, by=who("elise"))

    # Élise coordinates from another place: Farid's team hears of what she noted, which nobody has to confirm.
    carrier_of_elise = who("elise").structure_id == pathway.carrier_id
    assert [alert.answer_due_at for alert in told()] == ([] if carrier_of_elise else [None])


def test_confirming_takes_the_alert_and_happens_once(twins: tuple[Pathway, Child, Child]) -> None:
    pathway, first, _ = twins
    death = note(pathway.birth, first)

    deaths.confirm_death(death=death, by=who("farid"), at=clock.now())

    assert Death.objects.get().confirmed_by == who("farid")
    assert told()[0].acknowledged_by == who("farid")
    with pytest.raises(BusinessError, match="déjà confirmé"):
        deaths.confirm_death(death=death, by=who("elise"), at=clock.now())


def test_mistake_is_undone_with_who_when_and_why(twins: tuple[Pathway, Child, Child]) -> None:
    pathway, first, second = twins
    note(pathway.birth, first)
    death = note(pathway.birth, second)

    deaths.undo_death(death=death, reason="Autre famille.", by=who("farid"), at=clock.now())

    kept = Death.objects.get(pk=death.pk)
    assert (kept.undone_by, kept.undone_reason) == (who("farid"), "Autre famille.")
    assert Pathway.objects.get().state == PathwayState.ACTIVE
    assert not Birth.objects.get().is_silent
    assert list(Child.objects.filter(closed_at=None)) == [second]
    assert told()[1].ended_at is not None
    assert HistoryEvent.objects.filter(table_name="pathways_death", operation="update").exists()


@pytest.mark.parametrize("reason", ["", "   "])
def test_undoing_needs_a_reason(twins: tuple[Pathway, Child, Child], reason: str) -> None:
    pathway, first, _ = twins
    death = note(pathway.birth, first)

    with pytest.raises(BusinessError, match="pourquoi"):
        deaths.undo_death(death=death, reason=reason, by=who("farid"), at=clock.now())

    assert Death.objects.standing().count() == 1


def test_death_undone_can_be_neither_undone_nor_confirmed_and_may_be_noted_anew(
    twins: tuple[Pathway, Child, Child],
) -> None:
    pathway, first, _ = twins
    death = note(pathway.birth, first)
    deaths.undo_death(death=death, reason="Erreur.", by=who("farid"), at=clock.now())

    for act in (
        lambda: deaths.undo_death(death=death, reason="Erreur.", by=who("elise"), at=clock.now()),
        lambda: deaths.confirm_death(death=death, by=who("elise"), at=clock.now()),
    ):
        with pytest.raises(BusinessError, match="déjà annulé"):
            act()
    note(pathway.birth, first)

    assert Death.objects.count() == 2
    assert len(told()) == 2


def test_child_of_another_birth_is_refused(twins: tuple[Pathway, Child, Child]) -> None:
    pathway, *_ = twins
    other = Child.objects.get(birth=make_birth())

    with pytest.raises(BusinessError, match="pas de cette naissance"):
        note(pathway.birth, other)

    assert not Death.objects.exists()


def test_birth_that_is_not_included_is_silent_without_an_alert(vallees: scope.Scope) -> None:
    birth = factories.make_birth()

    note(birth, Child.objects.get())

    assert Birth.objects.get().is_silent
    assert not told()
    assert not Birth.objects.not_proposed().exists()

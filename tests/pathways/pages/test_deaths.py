"""« Deuil »: who died is asked, the team confirms or takes it back."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions.deaths import confirm_death
from pathways.enums import PathwayState
from pathways.models import Birth, Child, Death, Pathway
from tests.factories import make_birth, make_death, make_family, make_pathway, make_visit, who
from tests.pathways.addresses import address


@pytest.fixture
def twins(vallees: scope.Scope) -> list[Child]:
    pathway = make_pathway(make_birth(make_family(), children=2), ap=who("amal"))
    return list(Child.objects.filter(birth=pathway.birth).order_by("rank"))


def test_page_asks_who_died(as_: Any, twins: list[Child]) -> None:
    page = as_("elise").get(address("silence", twins[0].birth.public_id)).content.decode()

    assert "La mère, Samira" in page
    assert "Noé1" in page
    assert "Noé2" in page


def test_one_twin_falls_silent_alone(as_: Any, twins: list[Child]) -> None:
    url = address("silence", twins[0].birth.public_id)

    answer = as_("elise").post(url, {"act": "note", "who": str(twins[0].public_id)})

    assert answer.status_code == 302
    assert Pathway.objects.get().state == PathwayState.ACTIVE
    death = Death.objects.get()
    assert (death.child, death.noted_by, death.confirmed_by) == (twins[0], who("elise"), who("elise"))


@pytest.mark.parametrize("typed", [{}, {"act": "note"}, {"act": "note", "who": "nobody"}, {"act": "undo"}])
def test_sending_without_a_word_changes_nothing(as_: Any, twins: list[Child], typed: dict[str, str]) -> None:
    answer = as_("elise").post(address("silence", twins[0].birth.public_id), typed)

    assert answer.status_code == 422
    assert not Death.objects.exists()


def test_death_that_somebody_else_noted_is_confirmed(as_: Any, twins: list[Child]) -> None:
    death = make_death(twins[0].birth, twins[0], by=who("amal"), is_confirmed=False)
    url = address("silence", twins[0].birth.public_id)

    assert "Confirmer le décès" in as_("farid").get(url).content.decode()
    as_("farid").post(url, {"act": "confirm", "death": str(death.public_id)})

    assert Death.objects.get().confirmed_by == who("farid")
    assert "Confirmer le décès" not in as_("farid").get(url).content.decode()


def test_mistake_is_taken_back_with_a_reason_that_stays_readable(as_: Any, twins: list[Child]) -> None:
    death = make_death(twins[0].birth, twins[0])
    url = address("silence", twins[0].birth.public_id)
    typed = {"act": "undo", "death": str(death.public_id)}

    refused = as_("farid").post(url, typed)
    as_("farid").post(url, typed | {"reason": "Autre famille."})

    assert refused.status_code == 422
    assert "Dites pourquoi" in refused.content.decode()
    assert not Birth.objects.get().is_silent
    assert "Autre famille." in as_("farid").get(url).content.decode()


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ((), "Le silence est levé."),
        ((24,), "La visite annulée par ce décès est maintenue, à la même heure."),
        ((24, 96), "2\u00a0visites annulées par ce décès sont maintenues, aux mêmes heures."),
        ((-1,), "Une visite annulée par ce décès est à prévoir de nouveau."),
        ((-2, -1), "2\u00a0visites annulées par ce décès sont à prévoir de nouveau."),
    ],
)
def test_mistake_says_how_many_visits_stand_and_how_many_are_to_plan(
    as_: Any, vallees: scope.Scope, hours: tuple[int, ...], said: str
) -> None:
    pathway = make_pathway(make_birth(), ap=who("amal"))
    for kind, hour in zip(("V1", "V2"), hours, strict=False):
        make_visit(pathway, kind, planned_at=clock.now() + timedelta(hours=hour))
    death = make_death(pathway.birth, Child.objects.get(birth=pathway.birth))
    typed = {"act": "undo", "death": str(death.public_id), "reason": "Autre famille."}

    answer = as_("farid").post(address("silence", pathway.birth.public_id), typed, follow=True)

    assert str(next(iter(answer.context["messages"]))).endswith(said)


@pytest.mark.parametrize(("name", "may"), [("farid", True), ("elise", True), ("amal", False), ("gaelle", False)])
@pytest.mark.parametrize("children", [1, 2])
def test_file_leads_to_where_a_death_is_confirmed_or_undone(
    as_: Any, vallees: scope.Scope, name: str, may: bool, children: int
) -> None:
    pathway = make_pathway(make_birth(children=children), ap=who("amal"))
    first = Child.objects.filter(birth=pathway.birth).order_by("rank").first()
    death = make_death(pathway.birth, first, by=who("amal"), is_confirmed=False)
    file = f"/t/vallees/families/{pathway.family.public_id}/"

    page = as_(name).get(file).content.decode()

    assert ("Signalé, pas encore confirmé" in page) is may
    assert ("Confirmer ou annuler" in page) is may
    confirm_death(death=death, by=who("farid"), at=clock.now())
    assert "Confirmer ou annuler" not in as_(name).get(file).content.decode()


@pytest.mark.parametrize("act", ["confirm", "undo"])
def test_death_settled_meanwhile_says_by_whom(as_: Any, twins: list[Child], act: str) -> None:
    death = make_death(twins[0].birth, twins[0], by=who("amal"), is_confirmed=False)
    url = address("silence", twins[0].birth.public_id)
    as_("farid").post(url, {"act": "undo", "death": str(death.public_id), "reason": "Autre famille."})

    answer = as_("elise").post(url, {"act": act, "death": str(death.public_id), "reason": "Erreur."})

    assert answer.status_code == 422
    assert "l’a déjà annulé" in answer.content.decode()


def test_death_of_another_birth_is_not_found(as_: Any, twins: list[Child]) -> None:
    other = make_birth()
    death = make_death(other, Child.objects.get(birth=other))

    answer = as_("farid").post(
        address("silence", twins[0].birth.public_id), {"act": "confirm", "death": str(death.public_id)}
    )

    assert answer.status_code == 404

"""A twin died with an alert in hand: outside the team nothing is said of it any more, and no order stands."""

from typing import Any

import pytest
from django.urls import reverse

from copa.kernel import clock, scope
from pathways.actions import deaths
from pathways.models import Alert, Child, Pathway
from tests.cast import VALLEES
from tests.factories import (
    make_alert,
    make_birth,
    make_death,
    make_family,
    make_grant,
    make_pathway,
    who,
)
from tests.visits.red_button import page

ORDER = "Emmenez Max aux urgences maintenant."
FIRST = "arlez d’abord à l’équipe"


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    birth = make_birth(make_family(name="Brel"), days_ago=2, children=2)
    for name, one in zip(("Eva", "Max"), Child.objects.filter(birth=birth).order_by("rank"), strict=True):
        Child.objects.filter(pk=one.pk).update(first_name=name)
    made = make_pathway(birth, ap=who("amal"))
    make_grant(made.family, to=who("ines"))
    return made


def sign_of(pathway: Pathway, name: str, **fields: Any) -> Alert:
    """A fever of this child, taken by Farid, with what the auxiliary does."""
    rank = Child.objects.get(birth=pathway.birth, first_name=name).rank
    code = "CHILD_URGENT:CHILD_FEVER" + (f":{rank}" if rank > 1 else "")
    taken: dict[str, Any] = {"acknowledged_at": clock.now(), "acknowledged_by": who("farid")}
    values = taken | {"instruction": ORDER, "facts": f"{name} : 38 °C ou plus"} | fields
    return make_alert(pathway, code=code, **values)


def mourn(name: str) -> Any:
    child = Child.objects.get(first_name=name)
    return make_death(child.birth, child)


def pages(alert: Alert, name: str) -> list[str]:
    """Every page that speaks of this alert to this reader."""
    register = reverse("pathways:alert", args=[VALLEES, alert.public_id])
    shelves = [f"{reverse('pathways:alerts', args=[VALLEES])}?etat={one}" for one in ("closes", "finies", "toutes")]
    hers = {
        "amal": [
            page("day"),
            page("emergency"),
            page("procedure", alert.public_id),
            page("family", alert.family.public_id),
        ],
        "ines": [page("family", alert.family.public_id)],
        "olga": [],
    }
    return [register, *shelves, *hers[name]]


@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("name", ["amal", "ines", "olga"])
def test_nothing_of_a_sign_of_a_dead_child_is_told_outside_the_team(
    as_: Any, pathway: Pathway, name: str, *, is_closed: bool
) -> None:
    closed = {"closed_at": clock.now(), "closed_by": who("farid"), "outcome": "Max est aux urgences."}
    alert = sign_of(pathway, "Max", **(closed if is_closed else {}))
    mourn("Max")
    client = as_(name)

    for url in pages(alert, name):
        shown = client.get(url).content.decode().replace("\u00a0", " ")
        for word in ("Max", "38 °C", ORDER, "a pris le relais"):
            assert word not in shown, (url, word)
        if "alerts/?" not in url or "toutes" in url:
            assert FIRST in shown, url


def test_procedure_of_a_dead_child_leads_to_the_team_alone(as_: Any, pathway: Pathway) -> None:
    alert = sign_of(pathway, "Max")
    url = page("procedure", alert.public_id)
    before = as_("amal").get(url).content.decode()
    mourn("Max")

    after = as_("amal").get(url).content.decode()

    assert ("voix haute" in before, "voix haute" in after) == (True, False)
    assert ("Appeler le 15" in before, "Appeler le 15" in after) == (True, False)
    assert "Appeler l’équipe" in after
    assert "L’équipe a répondu" not in after


def test_team_keeps_the_words_and_so_does_the_register(as_: Any, pathway: Pathway) -> None:
    alert = sign_of(pathway, "Max")
    mourn("Max")
    url = reverse("pathways:alert", args=[VALLEES, alert.public_id])

    for name in ("farid", "elise"):
        shown = as_(name).get(url).content.decode()
        assert ORDER in shown
        assert FIRST not in shown


def test_sign_of_the_twin_who_lives_stands(as_: Any, pathway: Pathway) -> None:
    alert = sign_of(pathway, "Eva")
    mourn("Max")

    for url in (page("day"), page("family", pathway.family.public_id), page("procedure", alert.public_id)):
        assert ORDER in as_("amal").get(url).content.decode()


def test_death_undone_gives_the_order_back(as_: Any, pathway: Pathway) -> None:
    alert = sign_of(pathway, "Max")
    death = mourn("Max")
    deaths.undo_death(death=death, reason="Autre famille.", by=who("farid"), at=clock.now())

    for url in (page("day"), page("family", pathway.family.public_id), page("procedure", alert.public_id)):
        assert ORDER in as_("amal").get(url).content.decode()


def test_sign_of_a_dead_mother_falls_silent_and_that_of_her_child_does_not(as_: Any, pathway: Pathway) -> None:
    hers = make_alert(
        pathway,
        kind="mother_sign",
        code="MOTHER_VITAL:MOTHER_BLEEDING",
        about="mother",
        acknowledged_at=clock.now(),
        acknowledged_by=who("farid"),
        instruction="Emmenez-la.",
        facts="Saignement",
    )
    sign_of(pathway, "Eva")
    make_death(pathway.birth)

    shown = as_("amal").get(page("day")).content.decode()

    assert "Emmenez-la." not in shown
    assert ORDER in shown
    assert "Saignement" not in as_("amal").get(page("procedure", hers.public_id)).content.decode()


def test_what_to_do_stands_directly_under_the_title_of_the_procedure(as_: Any, pathway: Pathway) -> None:
    alert = sign_of(pathway, "Eva")

    shown = as_("amal").get(page("procedure", alert.public_id)).content.decode()

    title, order, call, say = (shown.index(one) for one in ("<h1>", ORDER, "Appeler le 15", "voix haute"))
    assert title < order < call < say
    assert shown.count(ORDER) == 1

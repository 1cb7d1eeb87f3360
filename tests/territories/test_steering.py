"""A territory begins with its two pilots or not at all (R034, R041)."""

from datetime import timedelta

import pytest
from django.forms import modelform_factory

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.models import Pathway
from territories.actions.activation import activate_territory
from territories.admin import TerritoryForm
from territories.models import Activation, HistoryEvent, Member, Territory
from tests import factories
from tests.cast import LAGON, VALLEES, Person, inside
from tests.pathways.actions.steps import accepted_birth, include

URL = f"/t/{VALLEES}/steering/"


def waiting() -> None:
    Territory.objects.filter(slug=VALLEES).update(status="preparing")


def without(*names: str) -> None:
    yesterday = clock.now().date() - timedelta(days=2)
    Member.objects.filter(pk__in=[factories.who(name).pk for name in names]).update(ends_on=yesterday)


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (("elise",), "sage-femme coordinatrice."),
        (("nora",), "médecin de PMI."),
        (("elise", "nora"), "sage-femme coordinatrice et médecin de PMI."),
    ],
)
def test_activation_says_who_is_missing(vallees: scope.Scope, gone: tuple[str, ...], told: str) -> None:
    waiting()
    without(*gone)

    with pytest.raises(BusinessError) as refusal:
        activate_territory(by=factories.who("jeanne"), at=clock.now())

    assert refusal.value.code == "binome_incomplete"
    assert f"pilote\u00a0: {told}" in refusal.value.message
    assert Territory.objects.get(slug=VALLEES).status == "preparing"
    assert not Activation.objects.exists()


def test_activation_is_made_once_and_says_who_led(vallees: scope.Scope) -> None:
    waiting()
    activate_territory(by=factories.who("jeanne"), at=clock.now())

    row = Activation.objects.get()
    assert (row.coordinator, row.pmi_doctor) == (factories.who("elise"), factories.who("nora"))
    assert HistoryEvent.objects.filter(table_name="territories_activation").exists()
    with pytest.raises(BusinessError, match="n’attend pas"):
        activate_territory(by=factories.who("jeanne"), at=clock.now())
    with scope.opened(inside(LAGON)):
        assert not Activation.unscoped.exists()


def test_put_back_in_preparation_it_is_activated_again_and_keeps_how_it_began(vallees: scope.Scope) -> None:
    waiting()
    first = activate_territory(by=factories.who("jeanne"), at=clock.now())
    waiting()

    again = activate_territory(by=factories.who("jeanne"), at=clock.now() + timedelta(days=1))

    assert Territory.objects.get(slug=VALLEES).status == "active"
    assert (again, again.activated_at) == (first, first.activated_at)


def test_nobody_is_included_before(vallees: scope.Scope) -> None:
    birth = accepted_birth()
    waiting()

    with pytest.raises(BusinessError) as refusal:
        include(birth)

    assert refusal.value.code == "territory_not_active"
    assert not Pathway.objects.exists()


def test_support_does_not_activate_by_hand(vallees: scope.Scope) -> None:
    waiting()
    territory = Territory.objects.get(slug=VALLEES)

    def errors(status: str) -> bool:
        made = modelform_factory(Territory, form=TerritoryForm, fields=["status"])
        return bool(made({"status": status}, instance=territory).has_error("status"))

    assert (errors("active"), errors("closed")) == (True, False)


def test_administrator_activates_from_the_page(client, cast: dict[str, Person]) -> None:
    waiting()
    client.force_login(cast["elise"].user)
    assert "Activer le territoire" not in client.get(URL).content.decode()
    client.force_login(cast["jeanne"].user)
    assert "Activer le territoire" in client.get(URL).content.decode()

    client.post(f"{URL}activate/")

    page = client.get(URL).content.decode()
    assert "Activer le territoire" not in page
    assert "Jeanne Martin" in page
    assert Territory.objects.get(slug=VALLEES).status == "active"

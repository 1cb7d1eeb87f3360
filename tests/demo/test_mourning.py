"""Deaths of the demonstration are as the platform would have noted them."""

import pytest
from django.db.models import F, Q

from copa.demo import rates
from copa.demo.loader import Plan
from copa.kernel import scope
from pathways.enums import PathwayState
from pathways.models import Birth, Child, Death, Pathway
from tests.demo.conftest import AT, inside, load
from visits.models import Visit


@pytest.fixture
def mourning(db: None, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """One territory where death is not rare."""
    for name in ("BEREAVED", "BEREAVED_LATER", "MOTHER_DIED"):
        monkeypatch.setattr(rates, name, 0.3)
    plan = Plan(at=AT, births=72, territories=1, seed=3)
    load(plan)
    return plan


def test_silence_follows_from_the_deaths(mourning: Plan) -> None:
    ((place, _),) = mourning.shares()
    with scope.opened(inside(place.slug)):
        silent = Birth.objects.filter(is_silent=True)
        dead = Death.objects.standing()

        assert silent.count() > 10
        assert set(silent.values_list("pk", flat=True)) == set(dead.values_list("birth", flat=True))
        closed = Child.objects.exclude(closed_at=None)
        assert set(closed.values_list("pk", flat=True)) == set(dead.exclude(child=None).values_list("child", flat=True))
        assert dead.filter(child=None).exists()
        assert not dead.filter(noted_at__gt=AT).exists()
        assert not dead.filter(Q(child=None) & Q(birth__in=closed.values("birth"))).exists()


def test_bereaved_pathways_owe_nothing(mourning: Plan) -> None:
    ((place, _),) = mourning.shares()
    with scope.opened(inside(place.slug)):
        bereaved = Pathway.objects.filter(state=PathwayState.BEREAVED)

        assert bereaved.exists()
        assert not bereaved.filter(birth__is_silent=False).exists()
        assert not bereaved.exclude(closed_at__gte=F("included_at")).exists()
        assert not Visit.objects.report_missing().filter(pathway__in=bereaved).exists()

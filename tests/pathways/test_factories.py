"""The factories agree with the tables: one of each, in both territories."""

from datetime import timedelta

from copa.kernel import clock, scope
from pathways.models import Family
from tests import cast, factories


def test_factories_build_one_of_each(db: None) -> None:
    for slug in (cast.VALLEES, cast.LAGON):
        with scope.opened(cast.inside(slug)):
            birth = factories.make_birth(children=2)
            factories.make_discharge(birth)
            pathway = factories.make_pathway(birth, ap=factories.who({"vallees": "amal", "lagon": "dora"}[slug]))
            visit = factories.make_visit(pathway, "V1", "ended", ended_at=clock.now() - timedelta(hours=5))
            factories.make_report(visit, delivered_at=clock.now())
            factories.make_visit(pathway, "V2")
            factories.make_alert(pathway)
            factories.make_relay(pathway, question="Qui suit l’enfant ?", state="questioned")
            factories.make_pathway(state="closed")
            factories.make_proposal(answer="PENDING", ask_again_on=birth.day)

            assert Family.objects.count() == 3


def test_grant_opens_a_family(vallees: scope.Scope) -> None:
    family = factories.make_family()

    factories.make_grant(family, to=factories.who("ines"))

    assert Family.objects.visible_to(factories.who("ines")).get() == family
    assert not Family.objects.visible_to(factories.who("iris")).exists()

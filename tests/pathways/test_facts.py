"""The file of a family: what it says and what it costs."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from copa.kernel import clock, scope
from pathways import reads
from pathways.enums import Recipient
from tests import factories


def test_family_facts_say_everything_about_an_included_family(vallees: scope.Scope) -> None:
    family = factories.make_family(name="Lemoine")
    birth = factories.make_birth(family, children=2, days_ago=4)
    factories.make_discharge(birth, hours=80)
    factories.make_pathway(birth, ap=factories.who("amal"), agreed_pmi=False)
    factories.make_grant(family, to=factories.who("ines"))

    facts = reads.family_facts(family.pk, clock.now())

    assert facts.name == "Lemoine"
    assert facts.place == "6 rue des Tanneurs, Ligny-le-Haut"
    assert facts.sector == "Secteur de Ligny-le-Haut"
    assert facts.birth is not None
    assert facts.birth.children_names == "Noé1 et\u00a0Noé2"
    assert facts.birth.discharge is not None
    assert facts.birth.discharge.computed == "STANDARD"
    assert facts.pathway is not None
    assert facts.pathway.ap == "Amal Martin"
    assert facts.pathway.window.last == birth.day + timedelta(days=21)
    assert facts.agrees(Recipient.LIBERAL_MIDWIFE)
    assert not facts.agrees(Recipient.PMI)
    assert facts.recipients[1].answer_label == "Pas demandé"
    assert [grant.name for grant in facts.grants] == ["Ines Martin"]


def test_family_facts_stand_without_birth_or_commune(vallees: scope.Scope) -> None:
    family = factories.make_family(commune=None, address="")

    facts = reads.family_facts(family.pk, clock.now())

    assert facts.birth is None
    assert facts.pathway is None
    assert facts.children == ()
    assert facts.place == ""


def test_ten_families_cost_what_one_costs(vallees: scope.Scope) -> None:
    families = []
    for _ in range(10):
        birth = factories.make_birth(children=2)
        factories.make_discharge(birth)
        factories.make_pathway(birth, ap=factories.who("amal"))
        families.append(birth.family)
    with CaptureQueriesContext(
        connection,
    ) as one:
        reads.family_facts(families[0].pk, clock.now())

    with CaptureQueriesContext(connection) as ten:
        reads.families_facts([family.pk for family in families], clock.now())

    assert len(one) == len(ten) == 2

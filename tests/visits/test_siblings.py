"""A family with a former birth: what is told of a delivery names its own children, never the older sibling."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from copa.kernel import clock
from pathways.models import Child, Pathway
from tests.factories import make_birth, make_pathway, make_report, make_visit, who
from visits.enums import VisitState
from visits.models import Visit

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def younger(vallees):
    """The pathway of « Cadet », whose mother has had « Aînée » seventeen months before."""
    with time_machine.travel(AT, tick=False):
        older = make_birth(days_ago=516)
        Child.objects.filter(birth=older).update(first_name="Aînée")
        birth = make_birth(older.family, days_ago=3)
        Child.objects.filter(birth=birth).update(first_name="Cadet")
        yield make_pathway(birth, ap=who("amal"))


def test_lists_name_the_newborn_alone(younger: Pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)
    make_visit(younger, planned_at=AT + timedelta(hours=2))

    for page in ("families/", "", f"pathways/{younger.public_id}/plan/"):
        shown = client.get(f"/t/vallees/{page}").content.decode()
        assert "Cadet" in shown, page
        assert "Aînée" not in shown, page


def test_report_of_each_birth_names_its_own_child(younger: Pathway, client, cast) -> None:
    client.force_login(cast["farid"].user)
    first = report_of_older(younger)

    old = client.get(f"/t/vallees/reports/{first.public_id}/").content.decode()
    new = make_report(ended(younger), delivered_at=clock.now())

    assert "Aînée" in old
    assert "Cadet" not in old
    assert "Aînée" not in client.get(f"/t/vallees/reports/{new.public_id}/").content.decode()


def test_inbox_names_the_child_of_each_report(younger: Pathway, client, cast) -> None:
    client.force_login(cast["farid"].user)
    report_of_older(younger)
    ended(younger)

    assert "Aînée" in client.get("/t/vallees/reports/").content.decode()
    owed = client.get("/t/vallees/reports/?vue=attendus").content.decode()
    assert "Cadet" in owed
    assert "Aînée" not in owed


def test_tour_and_report_form_name_the_newborn_alone(younger: Pathway, client, cast) -> None:
    client.force_login(cast["amal"].user)
    visit = ended(younger)

    for page in ("day/", f"visits/{visit.public_id}/report/"):
        shown = client.get(f"/t/vallees/{page}").content.decode()
        assert "Cadet" in shown, page
        assert "Aînée" not in shown, page


def ended(pathway: Pathway) -> Visit:
    return make_visit(pathway, state=VisitState.ENDED, ended_at=clock.now() - timedelta(hours=2))


def report_of_older(younger: Pathway):
    """A delivered report of the pathway of the older sibling."""
    child = Child.objects.get(family=younger.family_id, first_name="Aînée")
    visit = ended(make_pathway(child.birth, ap=who("amal")))
    return make_report(visit, delivered_at=clock.now())

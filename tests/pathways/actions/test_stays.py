"""A hospital stay silences what concerns one person, and pauses the visits when nobody is left to be visited."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import births, deaths, stays
from pathways.enums import PathwayState, Patient
from pathways.models import Child, Death, HospitalStay, Pathway
from territories.models import OutgoingMessage
from tests import factories
from tests.pathways.actions.steps import new_birth
from visits.enums import NotDoneReason, VisitState
from visits.models import Visit


def note(pathway: Pathway, child: Child | None = None, **changes: Any) -> HospitalStay:
    values: dict[str, Any] = {
        "ward": "PAEDIATRIC",
        "place": "CHU de Valmont",
        "starts_on": timezone.localdate(),
        "by": factories.who("elise"),
        "at": clock.now(),
    }
    return stays.note_stay(birth=pathway.birth, child=child, **(values | changes))


def end(stay: HospitalStay) -> None:
    stays.end_stay(stay=stay, ends_on=timezone.localdate(), by=factories.who("elise"), at=clock.now())


def state_of(pathway: Pathway) -> str:
    return str(Pathway.objects.values_list("state", flat=True).get(pk=pathway.pk))


@pytest.mark.parametrize(
    ("is_mother", "reason"), [(True, NotDoneReason.MOTHER_HOSPITAL), (False, NotDoneReason.CHILD_HOSPITAL)]
)
def test_stay_of_the_mother_or_the_only_child_pauses_the_visits(
    vallees: scope.Scope, is_mother: bool, reason: str
) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    visit = factories.make_visit(pathway)
    child = Child.objects.get()

    stay = note(pathway, None if is_mother else child)

    visit.refresh_from_db()
    assert state_of(pathway) == PathwayState.SUSPENDED
    assert (visit.state, visit.not_done_reason) == (VisitState.CANCELLED, reason)
    end(stay)
    assert state_of(pathway) == PathwayState.ACTIVE
    assert not Child.objects.filter(is_hospitalised=True).exists()


def test_stay_of_a_twin_silences_that_twin_only(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(factories.make_birth(children=2), ap=factories.who("amal"))
    visit = factories.make_visit(pathway)
    first, second = Child.objects.order_by("rank")

    note(pathway, first)

    assert state_of(pathway) == PathwayState.ACTIVE
    assert Visit.objects.get(pk=visit.pk).state == VisitState.PLANNED
    assert list(Child.objects.order_by("rank").values_list("is_hospitalised", flat=True)) == [True, False]
    of_second = note(pathway, second)
    assert state_of(pathway) == PathwayState.SUSPENDED
    end(of_second)
    assert state_of(pathway) == PathwayState.ACTIVE
    assert list(Child.objects.order_by("rank").values_list("is_hospitalised", flat=True)) == [True, False]


def test_mother_comes_home_while_her_newborn_has_been_on_the_ward_since_birth(vallees: scope.Scope) -> None:
    """A child ticked « encore hospitalisé » with the birth never paused anything: it does not now."""
    birth = factories.make_birth()
    Child.objects.update(is_hospitalised=True)
    stays.follow_ticks(family_id=birth.family_id, at=clock.now())
    pathway = factories.make_pathway(birth)
    assert state_of(pathway) == PathwayState.ACTIVE

    stay = note(pathway)
    assert state_of(pathway) == PathwayState.SUSPENDED
    end(stay)

    assert state_of(pathway) == PathwayState.ACTIVE


def test_team_takes_up_the_pathway_whatever_stays_run(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    note(pathway)
    note(pathway, Child.objects.get())

    stays.end_stays(pathway=pathway, by=factories.who("elise"), at=clock.now())

    assert state_of(pathway) == PathwayState.ACTIVE
    assert not HospitalStay.objects.running().exists()
    assert not Child.objects.filter(is_hospitalised=True).exists()


def test_one_stay_of_a_person_runs_at_a_time(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    note(pathway)

    with pytest.raises(BusinessError, match="déjà en cours"):
        note(pathway)

    assert HospitalStay.objects.count() == 1


def test_database_refuses_a_second_running_stay(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    stay = note(pathway, Child.objects.get())

    with pytest.raises(IntegrityError), transaction.atomic():
        HospitalStay.objects.create(
            family=pathway.family,
            birth=pathway.birth,
            person=Patient.CHILD,
            child=stay.child,
            starts_on=stay.starts_on,
            noted_at=clock.now(),
        )


@pytest.mark.parametrize("days", [-1, 10])
def test_stay_begins_between_the_birth_and_today(vallees: scope.Scope, days: int) -> None:
    pathway = factories.make_pathway(days_ago=9)

    with pytest.raises(BusinessError, match="entre la naissance et aujourd’hui"):
        note(pathway, starts_on=timezone.localdate() - timedelta(days=days))

    assert not HospitalStay.objects.exists()


def test_teams_are_told_neutrally_and_outside_only_with_agreement(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), agreed_pmi=False)
    factories.make_grant(pathway.family, to=factories.who("ines"))

    note(pathway)

    mails = list(OutgoingMessage.objects.order_by("to"))
    assert [mail.to for mail in mails] == ["amal@copa.example", "ines@copa.example", pathway.carrier.mailbox]
    for mail in mails:
        text = f"{mail.subject} {mail.body}".lower()
        assert "hospital" not in text
        assert pathway.family.reference.lower() not in text


def test_death_of_a_child_in_hospital_ends_its_stay(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(factories.make_birth(children=2))
    first, second = Child.objects.order_by("rank")
    note(pathway, first)
    of_second = note(pathway, second)

    factories.make_death(pathway.birth, first)

    assert list(HospitalStay.objects.running()) == [of_second]
    assert state_of(pathway) == PathwayState.SUSPENDED
    end(of_second)
    assert state_of(pathway) == PathwayState.ACTIVE


def test_nobody_who_died_is_noted_in_hospital(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(factories.make_birth(children=2))
    first, _ = Child.objects.order_by("rank")
    factories.make_death(pathway.birth, first)

    with pytest.raises(BusinessError, match="deuil"):
        note(pathway, first)


def test_death_taken_back_finds_the_pause_of_the_mother(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    note(pathway)
    death = factories.make_death(pathway.birth, Child.objects.get())
    assert state_of(pathway) == PathwayState.BEREAVED

    deaths_undo(death)

    assert state_of(pathway) == PathwayState.SUSPENDED


def deaths_undo(death: Any) -> None:
    from_team = factories.who("farid")
    deaths.undo_death(death=death, reason="Autre famille.", by=from_team, at=clock.now())


def test_tick_with_the_birth_opens_a_stay_that_nobody_noted(vallees: scope.Scope) -> None:
    family = factories.make_family()

    births.add_birth(family=family, birth=new_birth(children=(hospitalised(),)), at=clock.now())

    stay = HospitalStay.objects.get()
    assert (stay.noted_by, stay.is_pausing, stay.child) == (None, False, Child.objects.get())


def test_tick_taken_out_ends_the_stay_unless_it_paused_the_visits(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    child = Child.objects.get()
    stay = note(pathway, child)
    Child.objects.update(is_hospitalised=False)

    with pytest.raises(BusinessError, match="suspendu les visites"):
        stays.follow_ticks(family_id=pathway.family_id, at=clock.now())

    HospitalStay.objects.filter(pk=stay.pk).update(is_pausing=False)
    stays.follow_ticks(family_id=pathway.family_id, at=clock.now())
    assert not HospitalStay.objects.running().exists()


def hospitalised() -> Any:
    return births.NewChild(first_name="", sex="female", birth_weight_g=1900, is_hospitalised=True)


# ---- A death noted by mistake -----------------------------------------------------------------------------------
def undo(death: Death, moment: Any) -> None:
    moment.shift(timedelta(minutes=1))
    deaths.undo_death(death=death, reason="Autre famille.", by=factories.who("farid"), at=clock.now())


@pytest.fixture
def moment() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 3, 14, 48, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def mistake_about(pathway: Pathway, child: Child | None, moment: Any) -> Death:
    moment.shift(timedelta(hours=1))
    return factories.make_death(pathway.birth, child)


@pytest.mark.parametrize("children", [1, 2])
def test_child_in_hospital_is_there_again_once_its_death_is_taken_back(
    vallees: scope.Scope, moment: Any, children: int
) -> None:
    pathway = factories.make_pathway(factories.make_birth(days_ago=4, children=children), ap=factories.who("amal"))
    child = Child.objects.order_by("rank").first()
    stay = note(pathway, child, ward="NEONATAL")
    before = state_of(pathway)

    undo(mistake_about(pathway, child, moment), moment)

    stay.refresh_from_db()
    assert (stay.ends_on, stay.ended_by, stay.ended_at, stay.ward) == (None, None, None, "NEONATAL")
    assert Child.objects.get(pk=stay.child_id).is_hospitalised
    assert state_of(pathway) == before


def test_mother_in_hospital_is_there_again_too(vallees: scope.Scope, moment: Any) -> None:
    pathway = factories.make_pathway(factories.make_birth(days_ago=4), ap=factories.who("amal"))
    stay = note(pathway)

    undo(mistake_about(pathway, None, moment), moment)

    assert HospitalStay.objects.running().get() == stay
    assert state_of(pathway) == PathwayState.SUSPENDED


def test_stay_that_was_over_before_the_mistake_stays_over(vallees: scope.Scope, moment: Any) -> None:
    pathway = factories.make_pathway(factories.make_birth(days_ago=4), ap=factories.who("amal"))
    child = Child.objects.get()
    end(note(pathway, child))

    undo(mistake_about(pathway, child, moment), moment)

    assert not HospitalStay.objects.running().exists()
    assert state_of(pathway) == PathwayState.ACTIVE
    assert not Child.objects.filter(is_hospitalised=True).exists()


def test_stay_noted_since_is_the_one_that_counts(vallees: scope.Scope, moment: Any) -> None:
    """A row that came by another door while the death stood: nothing of the former one is given back."""
    pathway = factories.make_pathway(factories.make_birth(days_ago=4), ap=factories.who("amal"))
    child = Child.objects.get()
    former = note(pathway, child)
    death = mistake_about(pathway, child, moment)
    moment.shift(timedelta(minutes=1))
    since = HospitalStay.objects.create(
        family=pathway.family,
        birth=pathway.birth,
        person=Patient.CHILD,
        child=child,
        starts_on=timezone.localdate(),
        noted_at=clock.now(),
    )

    undo(death, moment)

    assert HospitalStay.objects.running().get() == since
    former.refresh_from_db()
    assert former.ended_at == death.noted_at

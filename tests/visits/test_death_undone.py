"""A death noted by mistake is taken back: its visits stand or are to plan again, and the auxiliary is told (A38)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils.html import strip_tags

from copa.kernel import clock, scope
from pathways.actions import deaths
from pathways.actions.births import record_discharge
from pathways.actions.deaths import Comeback
from pathways.actions.team_lines import LineHoursSet, set_team_line
from pathways.enums import LineDay, PathwayState
from pathways.models import Child, Death, EarlyCall, Pathway
from territories.models import OutgoingMessage
from tests.factories import make_birth, make_death, make_pathway, make_transfer, make_visit, who
from visits import migrations
from visits.actions.conduct import mark_not_done
from visits.actions.deaths import note_death_at_visit
from visits.actions.planning import cancel_visit
from visits.enums import NotDoneReason, PartnerState, VisitState
from visits.models import Visit

NOON = datetime(2026, 11, 3, 11, 50, tzinfo=UTC)  # 12 h 50 in Paris
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STEM = next(path.stem for path in Path(migrations.__file__).parent.glob("*_fell_at_before.py"))


@pytest.fixture(autouse=True)
def moment() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return make_pathway(make_birth(days_ago=5), ap=who("amal"))


def told_by_mistake(pathway: Pathway, child: Child | None = None) -> Death:
    """Amal says that a child died: the only one, unless told otherwise."""
    child = child or Child.objects.filter(birth=pathway.birth_id).order_by("rank").first()
    return make_death(pathway.birth, child, by=who("amal"), is_confirmed=False)


def undo(death: Death, moment: Any, after: timedelta = timedelta(minutes=7)) -> Comeback:
    moment.shift(after)
    return deaths.undo_death(death=death, reason="Autre famille.", by=who("farid"), at=clock.now())


def row(kind: str) -> tuple[str, str]:
    visit = Visit.objects.get(kind=kind)
    return visit.state, visit.not_done_reason


def day_page(as_: Any) -> str:
    """In words, without the link that is always there to tell of a death."""
    return re.sub(r"Un décès\s\?", "", strip_tags(as_("amal").get("/t/vallees/day/").content.decode()))


def test_visits_still_to_come_stand_again_at_their_hour(as_: Any, pathway: Pathway, moment: Any) -> None:
    first = make_visit(pathway, planned_at=NOON + HOUR)
    make_visit(pathway, "V2", planned_at=NOON + 4 * DAY)
    death = told_by_mistake(pathway)
    assert row("V1") == row("V2") == (VisitState.CANCELLED, NotDoneReason.BEREAVEMENT)

    back = undo(death, moment)

    assert back == Comeback(standing=2, to_plan=0)
    assert row("V1") == row("V2") == (VisitState.PLANNED, "")
    assert Visit.objects.get(kind="V1").planned_at == first.planned_at
    assert Visit.objects.get(kind="V1").ap == who("amal")
    page = day_page(as_)
    assert "J’entre" in page
    for words in ("N’y allez pas", "décès", "annulée"):
        assert words not in page


def test_visit_whose_hour_has_passed_is_to_plan_again_and_the_day_says_so(
    as_: Any, pathway: Pathway, moment: Any
) -> None:
    make_visit(pathway, planned_at=NOON + HOUR)
    make_visit(pathway, "V2", planned_at=NOON + 4 * DAY)

    back = undo(told_by_mistake(pathway), moment, 2 * HOUR)

    assert back == Comeback(standing=1, to_plan=1)
    assert row("V1") == (VisitState.CANCELLED, NotDoneReason.NOTED_BY_MISTAKE)
    page = day_page(as_)
    assert "À prévoir de nouveau" in page
    for words in ("N’y allez pas", "décès"):
        assert words not in page


def test_place_given_to_another_family_meanwhile_is_taken(pathway: Pathway, moment: Any) -> None:
    make_visit(pathway, planned_at=NOON + HOUR)
    death = told_by_mistake(pathway)
    make_visit(make_pathway(ap=who("amal")), planned_at=NOON + HOUR + timedelta(minutes=30))

    back = undo(death, moment)

    assert back == Comeback(standing=0, to_plan=1)
    assert Visit.objects.filter(pathway=pathway, state=VisitState.PLANNED).count() == 0


def test_auxiliary_who_left_meanwhile_is_sent_nowhere(pathway: Pathway, moment: Any) -> None:
    make_visit(pathway, planned_at=NOON + 3 * DAY)
    death = told_by_mistake(pathway)
    amal = who("amal")
    amal.ends_on = clock.local_date(NOON + DAY, "Europe/Paris")
    amal.save(update_fields=["ends_on"])

    assert undo(death, moment) == Comeback(standing=0, to_plan=1)


@pytest.mark.parametrize(("is_freed", "expected"), [(False, Comeback(standing=1)), (True, Comeback(to_plan=1))])
def test_visit_during_which_nobody_of_the_team_answers_any_more_is_to_plan_again(
    pathway: Pathway, moment: Any, is_freed: bool, expected: Comeback
) -> None:
    make_visit(pathway, planned_at=NOON + 8 * HOUR)
    death = told_by_mistake(pathway)
    if is_freed:
        hours = LineHoursSet(days=list(LineDay), opens=time(8), closes=time(18))
        set_team_line(structure=pathway.carrier, hours=hours, by=who("elise"), at=clock.now())

    assert undo(death, moment) == expected


def test_visit_made_elsewhere_meanwhile_does_not_stand(pathway: Pathway, moment: Any) -> None:
    make_visit(pathway, planned_at=NOON + DAY)
    death = told_by_mistake(pathway)
    Pathway.objects.update(elsewhere=[{"kind": "V1", "on": "2026-11-02"}])

    assert undo(death, moment).standing == 0


def test_visit_that_somebody_had_cancelled_before_stays_cancelled(pathway: Pathway, moment: Any) -> None:
    visit = make_visit(pathway, planned_at=NOON + DAY)
    cancel_visit(visit=visit, reason=NotDoneReason.BEREAVEMENT, at=clock.now())
    moment.shift(HOUR)

    back = undo(told_by_mistake(pathway), moment)

    assert back == Comeback()
    assert row("V1") == (VisitState.CANCELLED, NotDoneReason.BEREAVEMENT)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(minutes=7), (VisitState.PLANNED, "")),
        (2 * HOUR, (VisitState.NOT_DONE, NotDoneReason.NOTED_BY_MISTAKE)),
    ],
)
def test_visit_said_not_made_at_the_door_of_a_twin_comes_back(
    as_: Any, vallees: scope.Scope, moment: Any, after: timedelta, expected: tuple[str, str]
) -> None:
    pathway = make_pathway(make_birth(days_ago=5, children=2), ap=who("amal"))
    visit = make_visit(pathway, planned_at=NOON + HOUR)
    child = Child.objects.get(birth=pathway.birth, rank=1)
    death = note_death_at_visit(visit=visit, child=child, is_not_done=True, by=who("amal"), at=clock.now())

    undo(death, moment, after)

    assert row("V1") == expected
    assert "décès" not in day_page(as_)


def test_twin_who_did_die_keeps_what_its_own_death_closed(vallees: scope.Scope, moment: Any) -> None:
    pathway = make_pathway(make_birth(days_ago=5, children=2), ap=who("amal"))
    first, second = Child.objects.filter(birth=pathway.birth).order_by("rank")
    visit = make_visit(pathway, planned_at=NOON + HOUR)
    note_death_at_visit(visit=visit, child=first, is_not_done=True, by=who("amal"), at=clock.now())
    make_visit(pathway, "V2", planned_at=NOON + 4 * DAY)
    moment.shift(timedelta(minutes=1))

    undo(told_by_mistake(pathway, second), moment)

    assert row("V1") == (VisitState.NOT_DONE, NotDoneReason.BEREAVEMENT)
    assert row("V2") == (VisitState.PLANNED, "")


def test_nothing_stands_while_another_death_keeps_the_family_in_mourning(pathway: Pathway, moment: Any) -> None:
    make_visit(pathway, planned_at=NOON + DAY)
    make_death(pathway.birth)
    moment.shift(timedelta(minutes=1))

    back = undo(told_by_mistake(pathway), moment)

    assert back == Comeback()
    assert Pathway.objects.get().state == PathwayState.BEREAVED
    assert row("V1") == (VisitState.CANCELLED, NotDoneReason.BEREAVEMENT)


def test_pmi_that_was_to_come_is_asked_again(pathway: Pathway, moment: Any) -> None:
    joint = {"is_joint": True, "partner": who("gaelle"), "partner_state": PartnerState.CONFIRMED}
    visit = make_visit(pathway, "V3", planned_at=NOON + 5 * DAY, **joint)

    undo(told_by_mistake(pathway), moment)

    again = Visit.objects.get()
    assert (again.state, again.partner_state) == (VisitState.PLANNED, PartnerState.ASKED)
    keys = OutgoingMessage.objects.filter(dedup_key__startswith=f"joint-asked:{visit.public_id}")
    assert keys.exists()


def test_early_visit_stands_without_a_new_call(vallees: scope.Scope, moment: Any) -> None:
    pathway = make_pathway(make_birth(at=NOON - 14 * HOUR), ap=who("amal"))
    about = {"kind": "ULTRA_EARLY", "has_medical_agreement": True, "decided_by": "Dr Lefort"}
    record_discharge(
        birth=pathway.birth, by=who("farid"), at=clock.now(), discharged_at=NOON - timedelta(minutes=1), **about
    )
    make_visit(pathway, "ULTRA_EARLY", planned_at=NOON + 4 * HOUR)
    EarlyCall.objects.update(confirmed_by=who("amal"), confirmed_at=clock.now())
    paged = OutgoingMessage.objects.count()

    undo(told_by_mistake(pathway), moment)

    call = EarlyCall.objects.get()
    assert (call.ended_at, call.confirmed_by) == (None, who("amal"))
    assert row("ULTRA_EARLY") == (VisitState.PLANNED, "")
    new = OutgoingMessage.objects.order_by("-pk")[: OutgoingMessage.objects.count() - paged]
    assert not [one for one in new if one.dedup_key.startswith("early")]


def lost_at_the_door(pathway: Pathway) -> Death:
    """The mistake of an early visit that Amal had confirmed: a child has died, the visit is not made."""
    about = {"kind": "ULTRA_EARLY", "has_medical_agreement": True, "decided_by": "Dr Lefort"}
    record_discharge(
        birth=pathway.birth, by=who("farid"), at=clock.now(), discharged_at=NOON - timedelta(minutes=1), **about
    )
    visit = make_visit(pathway, "ULTRA_EARLY", planned_at=NOON)
    EarlyCall.objects.update(confirmed_by=who("amal"), confirmed_at=clock.now())
    child = Child.objects.order_by("rank").first()
    return note_death_at_visit(visit=visit, child=child, is_not_done=True, by=who("amal"), at=clock.now())


@pytest.mark.parametrize("children", [1, 2])
def test_early_visit_that_can_no_longer_be_made_is_called_for_again(
    vallees: scope.Scope, moment: Any, children: int
) -> None:
    """At the door, a mistake; her hour has gone by when it is taken back, and the days pass."""
    pathway = make_pathway(make_birth(at=NOON - 14 * HOUR, children=children), ap=who("amal"))
    death = lost_at_the_door(pathway)
    assert not EarlyCall.objects.waiting().exists()

    undo(death, moment, timedelta(minutes=30))

    call = EarlyCall.objects.waiting().get()
    assert call.called_at == clock.now()
    paged = OutgoingMessage.objects.filter(dedup_key__startswith="early", created_at__gte=death.noted_at)
    assert who("amal").user.email in set(paged.order_by("pk").values_list("to", flat=True))


def test_early_visit_that_another_one_replaced_calls_nobody(vallees: scope.Scope, moment: Any) -> None:
    pathway = make_pathway(make_birth(at=NOON - 14 * HOUR, children=2), ap=who("amal"))
    death = lost_at_the_door(pathway)
    make_visit(pathway, "ULTRA_EARLY", planned_at=NOON + 5 * HOUR)

    undo(death, moment, timedelta(minutes=30))

    assert not EarlyCall.objects.waiting().exists()


def test_visits_that_fell_before_a_visit_said_when_are_found_by_the_mistake(moment: Any, vallees: scope.Scope) -> None:
    """At the door of one family, planned ahead for two: a death that stopped the pathway, one that did not."""
    alone = make_pathway(make_birth(days_ago=5), ap=who("amal"))
    make_visit(alone, "V2", planned_at=NOON + 4 * DAY)
    twins = make_pathway(make_birth(days_ago=5, children=2), ap=who("amal"))
    door = make_visit(twins, planned_at=NOON - HOUR)
    by_hand = make_visit(twins, "V2", planned_at=NOON + 4 * DAY)
    cancel_visit(visit=by_hand, reason=NotDoneReason.FAMILY_CANCELLED, at=clock.now())
    stopping = told_by_mistake(alone)
    first = Child.objects.filter(birth=twins.birth_id).order_by("rank").first()
    at_door = note_death_at_visit(visit=door, child=first, is_not_done=True, by=who("amal"), at=clock.now())
    wanted = dict(Visit.objects.exclude(pk=by_hand.pk).order_by("pk").values_list("pk", "fell_at"))
    Visit.objects.update(fell_at=None)

    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute("select set_config('copa.actor', 'migration:fell_at_before', true)")
            cursor.execute(
                import_module(f"visits.migrations.{STEM}").FELL, {"first": 0, "last": 2**31, "zone": "Europe/Paris"}
            )

    assert dict(Visit.objects.exclude(pk=by_hand.pk).order_by("pk").values_list("pk", "fell_at")) == wanted
    assert wanted == {pk: clock.now() for pk in wanted}
    assert Visit.objects.get(pk=by_hand.pk).fell_at is None
    assert undo(stopping, moment) == Comeback(standing=1)
    assert undo(at_door, moment) == Comeback(to_plan=1)


def test_auxiliary_is_told_once_that_it_changed_and_nothing_of_it(pathway: Pathway, moment: Any) -> None:
    death = told_by_mistake(pathway)
    before = set(OutgoingMessage.objects.order_by("pk").values_list("pk", flat=True))

    undo(death, moment)

    mails = OutgoingMessage.objects.filter(to=who("amal").user.email).exclude(pk__in=before)
    (mail,) = mails.order_by("pk")
    assert "un accompagnement a changé" in mail.subject
    for word in ("décès", "deuil", "erreur", "Noé", pathway.family.reference):
        assert word not in mail.subject + mail.body


def test_reason_of_a_mistake_is_offered_to_nobody(as_: Any, pathway: Pathway) -> None:
    visit = make_visit(pathway, planned_at=NOON + HOUR)

    page = as_("amal").get(f"/t/vallees/visits/{visit.public_id}/not-done/").content.decode()

    assert "NOTED_BY_MISTAKE" not in page
    assert "DISCHARGE_CHANGED" not in page


def test_visit_remembers_when_it_fell(pathway: Pathway, moment: Any) -> None:
    mark_not_done(visit=make_visit(pathway, planned_at=NOON - HOUR), reason="ABSENT", at=clock.now())

    assert Visit.objects.get().fell_at == NOON


def test_transfer_that_the_mistake_took_back_is_said_to_be_offered_anew(
    as_: Any, pathway: Pathway, moment: Any
) -> None:
    make_transfer(pathway)
    death = told_by_mistake(pathway)
    moment.shift(timedelta(minutes=1))

    url = f"/t/vallees/births/{pathway.birth.public_id}/silence/"
    sent = {"act": "undo", "death": death.public_id, "reason": "Autre famille."}
    page = as_("farid").post(url, sent, follow=True).content.decode()

    assert "Le transfert vers un autre territoire a été annulé par ce décès" in page
    assert undo(told_by_mistake(pathway), moment) == Comeback()


def test_nobody_is_told_of_a_change_where_nothing_has_changed(vallees: scope.Scope, moment: Any) -> None:
    pathway = make_pathway(make_birth(days_ago=5), ap=who("amal"))
    make_death(pathway.birth)
    moment.shift(timedelta(minutes=1))
    undo(told_by_mistake(pathway), moment)
    assert not OutgoingMessage.objects.filter(dedup_key__startswith="death-undone").exists()

    for state in (PathwayState.WITHDRAWN, PathwayState.MOVED):
        stopped = make_pathway(make_birth(days_ago=5), ap=who("amal"), state=state, closed_at=clock.now())
        undo(told_by_mistake(stopped), moment)
    assert not OutgoingMessage.objects.filter(dedup_key__startswith="death-undone").exists()

    twins = make_pathway(make_birth(days_ago=5, children=2), ap=who("amal"))
    undo(told_by_mistake(twins), moment)
    assert OutgoingMessage.objects.filter(dedup_key__startswith="death-undone").exists()

"""Whoever was to come to a third visit is told that it is off: cancelled, stopped, closed, or refused by the mother."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions import stops
from pathways.actions.families import change_recipients
from pathways.models import Child, Pathway
from territories.models import Member, OutgoingMessage
from tests import factories
from tests.cast import VALLEES, inside
from tests.factories import make_death, make_visit, who
from tests.races import behind
from tests.visits.planning.plans import AT, local, plan
from visits.actions import closing, joint, planning
from visits.models import Visit

SERVICE, PARTNER = "pmi-ligny@copa.example", "gaelle@copa.example"


def asked(pathway: Pathway) -> Visit:
    for kind, day in (("V1", 5), ("V2", 9)):
        make_visit(pathway, kind, planned_at=local(day))
    return plan(pathway, "V3", local(16), motive="VULNERABILITY", is_joint=True)


def confirmed(pathway: Pathway) -> Visit:
    return joint.confirm_part(visit=asked(pathway), by=who("gaelle"), at=AT)


def say_no(pathway: Pathway) -> None:
    change_recipients(family=pathway.family, agreements={"PMI": "NO"}, by=who("elise"), at=AT)


def leave_territory(pathway: Pathway) -> None:
    stops.end_by_move(pathway=pathway, by=who("elise"), at=AT)


def withdraw(pathway: Pathway) -> None:
    stops.withdraw_pathway(pathway=pathway, by=who("elise"), at=AT)


def die(pathway: Pathway) -> None:
    make_death(pathway.birth, Child.objects.get(birth=pathway.birth))


def pause(pathway: Pathway) -> None:
    stops.pause_pathway(pathway=pathway, by=who("elise"), at=AT)


def close(pathway: Pathway) -> None:
    closing.close_pathway(pathway=pathway, reason="FAMILY_WISH", at=AT, cancels_planned=True)


def cancel(pathway: Pathway) -> None:
    visit = Visit.objects.get(pathway=pathway, kind="V3")
    planning.cancel_visit(visit=visit, reason="FAMILY_CANCELLED", at=AT)


def told_off() -> list[str]:
    mails = OutgoingMessage.objects.filter(dedup_key__startswith="joint-off").order_by("to")
    return list(mails.values_list("to", flat=True))


WAYS = [withdraw, leave_territory, die, pause, close, cancel, say_no]


@pytest.mark.parametrize("way", WAYS)
def test_service_and_partner_are_told_that_it_is_off(pathway: Pathway, way: Callable[[Pathway], object]) -> None:
    confirmed(pathway)
    OutgoingMessage.objects.filter(dedup_key__startswith="joint-asked").update(state="sent")

    way(pathway)

    assert told_off() == [PARTNER, SERVICE]
    for mail in OutgoingMessage.objects.filter(dedup_key__startswith="joint-off"):
        assert mail.state == "queued"
        for secret in ("Haddad", "Samira", "Noé", "deuil", "décès", "accord", "refus"):
            assert secret not in mail.body + mail.subject


@pytest.mark.parametrize("way", [withdraw, leave_territory, die, say_no])
def test_whoever_was_not_told_of_it_is_not_told_that_it_is_off(
    pathway: Pathway, way: Callable[[Pathway], object]
) -> None:
    asked(pathway)

    way(pathway)

    assert OutgoingMessage.objects.get(dedup_key__startswith="joint-asked").state == "withheld"
    assert told_off() == []


def test_partner_who_has_left_is_not_written_to(pathway: Pathway) -> None:
    confirmed(pathway)
    Member.objects.filter(pk=who("gaelle").pk).update(ends_on=clock.local_date(AT, "Europe/Paris") - timedelta(days=1))

    cancel(pathway)

    assert told_off() == [SERVICE]


def test_visit_without_the_pmi_tells_nobody(pathway: Pathway) -> None:
    joint.cancel_part(visit=asked(pathway), reason="OTHER", by=who("gaelle"), at=AT)

    withdraw(pathway)

    assert told_off() == []


@pytest.mark.parametrize("answer", ["NO", "LATER"])
def test_yes_taken_back_leaves_the_visit_to_the_auxiliary(pathway: Pathway, answer: str) -> None:
    confirmed(pathway)

    change_recipients(family=pathway.family, agreements={"PMI": answer}, by=who("elise"), at=AT)

    visit = Visit.objects.get(kind="V3")
    assert (visit.state, visit.is_joint, visit.not_joint_reason) == ("planned", False, "NO_AGREEMENT")
    assert (visit.partner, visit.partner_state) == (None, "")


def test_other_answer_leaves_the_joint_visit_alone(pathway: Pathway) -> None:
    confirmed(pathway)

    change_recipients(family=pathway.family, agreements={"GENERAL_PRACTITIONER": "NO"}, by=who("elise"), at=AT)
    change_recipients(family=pathway.family, agreements={"PMI": "YES"}, by=who("elise"), at=AT)

    assert Visit.objects.get(kind="V3").partner_state == "confirmed"
    assert told_off() == []


@pytest.mark.usefixtures("committed")
def test_joint_visit_planned_while_she_says_no_is_refused() -> None:
    with scope.opened(inside(VALLEES)):
        found = factories.make_pathway(ap=who("amal"), days_ago=5)
        for kind in ("V1", "V2"):
            make_visit(found, kind, "ended")

    def plan_it() -> Any:
        slot = planning.Slot(
            kind="V3", planned_at=clock.now() + timedelta(hours=1), motive="VULNERABILITY", is_joint=True
        )  # fmt: skip
        every = planning.CONFIRMABLE
        return planning.plan_visit(
            pathway=found, ap=who("amal"), slot=slot, by=who("elise"), at=clock.now(), confirmed=every
        )

    assert behind(lambda: say_no(found), plan_it) == ["done", "no_agreement"]

    with scope.opened(inside(VALLEES)):
        assert not Visit.objects.filter(is_joint=True).exists()

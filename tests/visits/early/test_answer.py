"""Whoever is called confirms by planning the visit; one that falls is wanted again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import clock
from pathways.models import EarlyCall, Pathway
from tests import factories
from tests.visits.early.calls import MONDAY, confirm, leave, names, on_duty, shown, wanted
from visits.actions.conduct import mark_not_done
from visits.actions.planning import cancel_visit
from visits.enums import VisitKind
from visits.models import Visit


def test_auxiliary_confirms_by_planning_the_visit(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    call = EarlyCall.objects.get()

    response = confirm(as_, "amal", call)

    call.refresh_from_db()
    visit = Visit.objects.get()
    assert response.status_code == 302
    assert (visit.kind, visit.planned_minutes) == (VisitKind.ULTRA_EARLY, 135)
    assert call.confirmed_by == factories.who("amal")


def test_hour_already_past_answers_no_call(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    call = EarlyCall.objects.get()

    response = confirm(as_, "amal", call, day="2026-11-02")

    assert response.status_code == 422
    assert "choisissez une heure à venir" in response.content.decode()
    assert not Visit.objects.exists()
    assert EarlyCall.objects.waiting().filter(pk=call.pk).exists()


def test_day_after_tomorrow_is_refused(as_: Any, pathway: Pathway) -> None:
    leave(pathway)

    response = confirm(as_, "amal", EarlyCall.objects.get(), day="2026-11-04")

    assert response.status_code == 422
    assert "Pourquoi" not in response.content.decode()
    assert not Visit.objects.exists()


def test_hours_of_life_are_advised_and_refuse_nothing(as_: Any, pathway: Pathway) -> None:
    # Born at 12:30: from 18:30 to the next day at 12:30 (R176), which the days of R054 outlast (A06).
    leave(pathway)
    call = EarlyCall.objects.get()

    page = as_("amal").get(f"/t/vallees/early/{call.public_id}/").content.decode()
    page = " ".join(page.replace("\u00a0", " ").split())
    planning = as_("farid").get(f"/t/vallees/pathways/{pathway.public_id}/plan/").content.decode()
    planning = " ".join(planning.replace("\u00a0", " ").split())
    kept = confirm(as_, "amal", call, hour="16:00")

    assert "entre lun. 2 nov. à 18 h 30 et mar. 3 nov. à 12 h 30" in page
    assert "Un conseil seulement" in page
    assert planning.count("Conseillée entre lun. 2 nov. à 18 h 30 et mar. 3 nov. à 12 h 30") == 1
    assert (kept.status_code, Visit.objects.get().kind) == (302, VisitKind.ULTRA_EARLY)


def test_second_auxiliary_is_told_who_was_faster(as_: Any, pathway: Pathway) -> None:
    on_duty("bea")
    leave(pathway)
    call = EarlyCall.objects.get()
    confirm(as_, "bea", call)

    confirm(as_, "amal", call)

    assert Visit.objects.count() == 1
    assert "Bea Martin a déjà confirmé" in as_("amal").get(f"/t/vallees/early/{call.public_id}/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("bea", 403), ("chloe", 404), ("farid", 403), ("elise", 403)])
def test_only_those_called_confirm(as_: Any, pathway: Pathway, who: str, status: int) -> None:
    leave(pathway)

    assert confirm(as_, who, EarlyCall.objects.get()).status_code == status
    assert not Visit.objects.exists()


def test_cancelled_visit_is_wanted_again(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    cancel_visit(visit=Visit.objects.get(), reason="SERVICE_CANCELLED", at=clock.now())

    assert EarlyCall.objects.waiting().exists()


def test_cancelled_visit_pages_the_auxiliary_on_duty_at_once(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())
    on_duty("bea")

    cancel_visit(visit=Visit.objects.get(), reason="SERVICE_CANCELLED", at=clock.now())

    call = EarlyCall.objects.get()
    assert names(call) == {"Amal", "Bea"}
    assert wanted() == ["amal@copa.example", "amal@copa.example", "bea@copa.example"]
    assert (call.called_at, call.escalated_at) == (MONDAY, None)
    page = shown(as_, "bea", call)
    assert "La visite du mar. 3 nov. à 9 h 00, confirmée par Amal Martin, a été annulée lun. 2 nov. à 22 h 30" in page


def test_cancelled_visit_tells_the_coordination_at_once_when_nobody_is_on_duty(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())
    Pathway.objects.filter(pk=pathway.pk).update(ap=None)

    cancel_visit(visit=Visit.objects.get(), reason="SERVICE_CANCELLED", at=clock.now())

    assert EarlyCall.objects.get().escalated_at == MONDAY


AT_THE_DOOR = [
    ("ABSENT", True), ("ACCESS", True), ("UNSAFE", True), ("REFUSED_DOOR", False), ("MOTHER_HOSPITAL", False),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "is_wanted"), AT_THE_DOOR)
def test_visit_that_did_not_take_place_is_wanted_again_while_its_days_last(
    as_: Any, pathway: Pathway, reason: str, *, is_wanted: bool
) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())
    visit = Visit.objects.get()
    on_duty("bea")

    with time_machine.travel(visit.planned_at, tick=False):
        mark_not_done(visit=visit, reason=reason, at=clock.now())
        call = EarlyCall.objects.get()
        page = shown(as_, "bea", call) if is_wanted else ""

    assert EarlyCall.objects.waiting().exists() is is_wanted
    assert ("bea@copa.example" in wanted()) is is_wanted
    assert ("confirmée par Amal Martin, n’a pas eu lieu" in page) is is_wanted


def test_visit_said_not_done_after_its_days_calls_nobody(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())
    visit = Visit.objects.get()

    with time_machine.travel(visit.planned_at + timedelta(days=3), tick=False):
        mark_not_done(visit=visit, reason="ABSENT", at=clock.now())

    assert not EarlyCall.objects.waiting().exists()

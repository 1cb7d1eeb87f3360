"""The discharge moves after the answer: the visit stands or falls, and who is told."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from copa.kernel import clock
from pathways.actions import early
from pathways.models import Birth, EarlyCall, Pathway
from pathways.rules import early_visit_holds, ultra_early_window
from territories.models import OutgoingMessage
from tests.visits.early.calls import MONDAY, confirm, fell, leave, on_duty, shown, wanted
from visits.models import Visit


# ---- The discharge that moves after the answer -------------------------------------------------------------
@pytest.mark.parametrize(
    ("hours", "stands"),
    [
        # Confirmed for Tuesday 9:00. They go home later on Monday, or on Tuesday before nine: it stands.
        (1.25, True),
        (10.5, True),
        # At 9:01 she would ring at an empty home.
        (10.52, False),
        # On Wednesday: its days are Wednesday and Thursday.
        (26, False),
        # On Sunday already: its days were Sunday and Monday.
        (-23, False),
    ],
)
def test_confirmed_visit_falls_once_it_lies_outside_the_days_of_the_new_discharge(
    as_: Any, pathway: Pathway, hours: float, stands: bool
) -> None:
    Birth.objects.filter(pk=pathway.birth_id).update(at=MONDAY - timedelta(hours=30))
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    leave(pathway, discharged_at=MONDAY + timedelta(hours=hours))

    visit = Visit.objects.get()
    assert (visit.state == "planned") is stands
    assert (EarlyCall.objects.get().confirmed_by_id is not None) is stands
    assert bool(fell()) is not stands


def test_fallen_visit_tells_who_confirmed_who_is_on_duty_and_the_team_exactly_once(as_: Any, pathway: Pathway) -> None:
    on_duty("bea")
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    for _ in range(2):
        leave(pathway, discharged_at=MONDAY + timedelta(hours=26))

    team = pathway.carrier.mailbox
    assert fell() == sorted(["amal@copa.example", "elise@copa.example", team])
    # Amal knows already; Bea is called a second time, for a second visit.
    assert wanted() == ["amal@copa.example", "bea@copa.example", "bea@copa.example"]
    said = " ".join(f"{mail.subject} {mail.body}" for mail in OutgoingMessage.objects.order_by("pk"))
    assert pathway.family.reference not in said
    assert "Haddad" not in said


def test_page_and_story_say_why_a_confirmed_visit_is_wanted_again(as_: Any, pathway: Pathway) -> None:
    on_duty("bea")
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    leave(pathway, discharged_at=MONDAY + timedelta(hours=26))

    call = EarlyCall.objects.get()
    why = "La sortie a changé lun. 2 nov. à 22 h 30 : la visite du mar. 3 nov. à 9 h 00, confirmée par Amal Martin"
    assert (call.first_day.isoformat(), call.last_day.isoformat()) == ("2026-11-04", "2026-11-05")
    assert all(why in shown(as_, who, call) for who in ("amal", "bea", "elise"))
    assert why in " ".join(as_("elise").get("/t/vallees/early/").content.decode().replace("\u00a0", " ").split())
    assert (Visit.objects.get().state, Visit.objects.get().not_done_reason) == ("cancelled", "DISCHARGE_CHANGED")
    story = as_("elise").get(f"/t/vallees/families/{pathway.family.public_id}/").content.decode()
    assert "La sortie a changé" in story
    assert confirm(as_, "bea", call, day="2026-11-05").status_code == 302


def test_discharge_of_another_kind_lets_the_visit_fall_and_calls_nobody(as_: Any, pathway: Pathway) -> None:
    on_duty("bea")
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    leave(pathway, kind="STANDARD", has_medical_agreement=False)

    call = EarlyCall.objects.get()
    assert Visit.objects.get().state == "cancelled"
    assert "amal@copa.example" in fell()
    assert len(wanted()) == 2
    assert "Sans objet" in shown(as_, "amal", call)
    assert "La sortie a changé" in shown(as_, "amal", call)
    assert early.unanswered(at=MONDAY + timedelta(hours=5)) == []


def test_discharge_corrected_when_nobody_can_go_any_more_pages_nobody(as_: Any, pathway: Pathway) -> None:
    Birth.objects.filter(pk=pathway.birth_id).update(at=MONDAY - timedelta(hours=80))
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    leave(pathway, discharged_at=MONDAY - timedelta(hours=70))

    assert fell()
    assert wanted() == ["amal@copa.example"]
    assert early.unanswered(at=MONDAY + timedelta(hours=5)) == []


def test_visit_under_way_stays_when_the_discharge_is_corrected(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())
    Visit.objects.update(state="started", started_at=MONDAY)

    leave(pathway, discharged_at=MONDAY + timedelta(hours=26))

    assert Visit.objects.get().state == "started"
    assert fell() == []


def test_call_that_expired_unanswered_begins_again_with_the_new_discharge(pathway: Pathway) -> None:
    leave(pathway)
    early.escalate(pk=EarlyCall.objects.get().pk, at=MONDAY + timedelta(hours=1))

    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        leave(pathway, discharged_at=MONDAY + timedelta(days=2, hours=3))

    call = EarlyCall.objects.get()
    assert (call.called_at, call.escalated_at) == (MONDAY + timedelta(days=2), None)
    assert wanted() == ["amal@copa.example", "amal@copa.example"]


def test_discharge_that_comes_back_to_its_former_days_calls_each_time(pathway: Pathway) -> None:
    leave(pathway)
    later = MONDAY + timedelta(days=4)
    for minutes, discharged_at in enumerate((later, MONDAY, later)):
        with time_machine.travel(later + timedelta(minutes=minutes), tick=False):
            leave(pathway, discharged_at=discharged_at)

    assert wanted() == ["amal@copa.example"] * 3


def test_visit_before_the_way_home_is_refused(as_: Any, pathway: Pathway) -> None:
    leave(pathway, discharged_at=MONDAY + timedelta(hours=12))

    response = confirm(as_, "amal", EarlyCall.objects.get(), hour="10:00")

    assert response.status_code == 422
    assert "choisissez une heure après" in response.content.decode()
    assert confirm(as_, "amal", EarlyCall.objects.get(), hour="10:30").status_code == 302


PARIS, CAYENNE = "Europe/Paris", "America/Cayenne"


@pytest.mark.parametrize(
    ("zone", "planned_at", "left_at", "stands"),
    [
        # The night of 25 October 2026 has 25 hours in Paris: 02:30 comes twice, an hour apart.
        (PARIS, "2026-10-25T00:30+00:00", "2026-10-25T00:45+00:00", False),
        (PARIS, "2026-10-25T01:30+00:00", "2026-10-25T00:45+00:00", True),
        # 23:30 of the day after a Saturday is 22:30 UTC once the clock went back; a minute past midnight is Monday.
        (PARIS, "2026-10-25T22:59+00:00", "2026-10-24T20:00+00:00", True),
        (PARIS, "2026-10-25T23:00+00:00", "2026-10-24T20:00+00:00", False),
        # 29 March 2026 has 23 hours: its midnight comes at 22:00 UTC.
        (PARIS, "2026-03-29T21:59+00:00", "2026-03-28T22:30+00:00", True),
        (PARIS, "2026-03-29T22:00+00:00", "2026-03-28T22:30+00:00", False),
        (CAYENNE, "2026-10-26T02:59+00:00", "2026-10-24T20:00+00:00", True),
        (CAYENNE, "2026-10-26T03:00+00:00", "2026-10-24T20:00+00:00", False),
    ],
)
def test_confirmed_visit_stands_by_the_local_days_across_clock_changes(
    zone: str, planned_at: str, left_at: str, stands: bool
) -> None:
    # As a form gives it: an hour of the wall, whose two moments of one zone Python compares by the wall.
    planned = datetime.fromisoformat(planned_at).astimezone(ZoneInfo(zone))
    left = datetime.fromisoformat(left_at).astimezone(ZoneInfo(zone))
    window = ultra_early_window(clock.local_date(left, zone), 1)

    assert early_visit_holds(planned, left, window, zone) is stands


def test_auxiliary_finds_the_call_on_her_day(as_: Any, pathway: Pathway) -> None:
    leave(pathway)

    assert "1\u00a0sortie ultra-précoce attend" in as_("amal").get("/t/vallees/day/").content.decode()
    assert "ultra-précoce attend" not in as_("bea").get("/t/vallees/day/").content.decode()

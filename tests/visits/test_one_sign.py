"""A sign said by the red button and in the report of one visit is one alert: joined, its ladder not begun again."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions.alerts import Taking, close_alert, note_call, take_alert
from pathways.enums import AlertKind, AlertNoteKind, Called
from pathways.models import Alert, AlertNote, AlertStep, Child, Pathway
from pathways.rules.device import DeviceClock
from tests.cast import VALLEES, inside
from tests.factories import make_pathway, make_shift, make_visit, who
from tests.visits import reports
from tests.visits.questionnaires import child
from visits.actions import conduct, signs
from visits.actions.report import IncompleteReport
from visits.enums import VisitState
from visits.models import Visit
from visits.reads import leaving
from visits.reads.red_button import first_alert, signs_in_force
from visits.reads.signs import recorded_alerts

BLUE = "CHILD_BLUE_GREY"


@pytest.fixture
def visit(vallees: scope.Scope) -> Visit:
    """Amal is with the family; Farid is on duty."""
    make_shift(who("farid"), starts_in=-timedelta(hours=3))
    at = clock.now() - timedelta(minutes=20)
    return make_visit(make_pathway(ap=who("amal"), days_ago=6), "V1", VisitState.STARTED, started_at=at)


def baby(pathway: Pathway) -> str:
    return str(Child.objects.get(birth=pathway.birth).public_id)


def press(pathway: Pathway, *codes: str, key: str = "one", by: str = "amal", **changes: Any) -> list[int]:
    values = {"who": baby(pathway), "signs": codes or (BLUE,), "by": who(by), "at": clock.now()} | changes
    return signs.press_red_button(pathway=pathway, key=key, **values)


def tick(visit: Visit, *codes: str, **changes: Any) -> Any:
    row = child(baby(visit.pathway), child__flag_any="SOME", child__flags=list(codes or (BLUE,)))
    return reports.save(visit, {"child": [row]}, **changes)


def again() -> int:
    return AlertNote.objects.filter(kind=AlertNoteKind.AGAIN).count()


def take(alert: Alert) -> None:
    take_alert(alert=alert, by=who("farid"), taking=Taking(instruction="J’arrive."), at=clock.now())


# ---- Both ways --------------------------------------------------------------------------------------------
def test_pressed_then_ticked_is_one_alert_whose_ladder_goes_on(visit: Visit) -> None:
    pressed = press(visit.pathway)
    before = Alert.objects.get()
    for revision in range(3):
        tick(visit, revision=revision)

    after = Alert.objects.get()
    assert pressed == [after.pk]
    assert (after.raised_at, after.answer_due_at, after.next_step_at) == (
        before.raised_at, before.answer_due_at, before.next_step_at,
    )  # fmt: skip
    assert AlertStep.objects.filter(alert=after, step="raised").count() == 1
    # Ticked three times by the autosave, it was said again once.
    assert again() == 1
    assert recorded_alerts(signs_in_force(), visit, Child.objects.order_by("pk"))[0].codes == (BLUE,)


def test_ticked_then_pressed_is_one_alert(visit: Visit) -> None:
    tick(visit)
    alert = Alert.objects.get()

    assert press(visit.pathway) == [alert.pk]
    assert press(visit.pathway) == [alert.pk]
    assert press(visit.pathway, key="two") == [alert.pk]
    assert again() == 2
    assert first_alert([alert.pk]) == alert


def test_a_press_that_joins_one_sign_raises_the_other(visit: Visit) -> None:
    tick(visit)

    found = press(visit.pathway, BLUE, "CHILD_FLOPPY")

    assert sorted(found) == sorted(Alert.objects.values_list("pk", flat=True))
    assert Alert.objects.count() == 2


def test_a_sign_sealed_by_what_is_ticked_beside_it_stays_one_alert(visit: Visit) -> None:
    """A blow seals what is ticked with it: the sign that was sent open keeps its own alert."""
    tick(visit)
    tick(visit, BLUE, "CHILD_INJURY", revision=1)

    kinds = Alert.objects.order_by("pk").values_list("code", "kind")
    assert list(kinds) == [
        ("CHILD_VITAL:CHILD_BLUE_GREY", AlertKind.CHILD_SIGN), ("CHILD_VITAL:CHILD_INJURY", AlertKind.PROTECTED),
    ]  # fmt: skip


# ---- Nothing lost -----------------------------------------------------------------------------------------
def test_pressed_again_after_the_answer_is_a_new_alert_and_holds_her(visit: Visit) -> None:
    tick(visit)
    first = Alert.objects.get()
    take(first)
    close_alert(alert=first, by=who("farid"), outcome="Vu.", is_false_alarm=False, at=clock.now())
    assert leaving.blocking_families(visit) == []

    second = press(visit.pathway, key="worse")

    assert second != [first.pk]
    assert Alert.objects.open().count() == 1
    assert leaving.blocking_families(visit) == ["CHILD_VITAL"]
    # The report goes on being kept: its tick is the first alert, not a third.
    tick(visit, revision=1)
    assert Alert.objects.count() == 2


def test_the_same_press_sent_again_after_the_answer_raises_nothing(visit: Visit) -> None:
    pressed = press(visit.pathway)
    take(Alert.objects.get())

    assert press(visit.pathway) == pressed
    assert Alert.objects.count() == 1


def test_a_joined_press_sent_again_after_the_answer_raises_nothing(visit: Visit) -> None:
    tick(visit)
    pressed = press(visit.pathway)
    take(Alert.objects.get())

    assert press(visit.pathway) == pressed
    assert Alert.objects.count() == 1


def test_ticked_after_the_team_took_the_press_raises_nothing_more(visit: Visit) -> None:
    press(visit.pathway)
    take(Alert.objects.get())
    tick(visit)

    assert Alert.objects.count() == 1
    assert again() == 1


def test_pressed_before_the_arrival_was_noted_belongs_to_the_visit(visit: Visit) -> None:
    """At the door she presses first; « J’entre » comes later, with the true hour."""
    Visit.objects.filter(pk=visit.pk).update(state=VisitState.PLANNED, started_at=None)
    press(visit.pathway)
    alert = Alert.objects.get()
    assert alert.subject_id != visit.public_id
    started = conduct.start_visit(visit=visit, at=clock.now(), started_at=clock.now() - timedelta(minutes=5))
    assert leaving.blocking_families(started) == ["CHILD_VITAL"]

    tick(started)

    assert Alert.objects.get().subject_id == visit.public_id
    assert Alert.objects.get().next_step_at == alert.next_step_at


@pytest.mark.parametrize("case", ["before the visit", "another family", "another visit", "long after"])
def test_what_is_not_of_this_visit_is_another_alert(visit: Visit, case: str) -> None:
    at = clock.now()
    if case == "before the visit":
        press(visit.pathway, at=at - timedelta(hours=5))
    elif case == "another family":
        press(make_pathway(ap=who("amal")))
    elif case == "another visit":
        first = make_visit(visit.pathway, "VUP", VisitState.ENDED, ended_at=at - timedelta(days=2))
        Alert.objects.create(
            pathway=visit.pathway, family=visit.family, kind=AlertKind.CHILD_SIGN, subject_id=first.public_id,
            code=f"CHILD_VITAL:{BLUE}", raised_at=at - timedelta(days=2), raised_by=who("amal"),
        )  # fmt: skip
    else:
        started_at, ended_at = at - timedelta(hours=5), at - timedelta(hours=3)
        Visit.objects.filter(pk=visit.pk).update(state=VisitState.ENDED, started_at=started_at, ended_at=ended_at)
        visit.refresh_from_db()
        press(visit.pathway)
    tick(visit)

    assert Alert.objects.count() == 2
    assert again() == 0


def test_a_call_noted_on_the_press_lets_her_leave_though_the_report_ticks_it(visit: Visit) -> None:
    at = clock.now()
    press(visit.pathway)
    tick(visit)
    with pytest.raises(BusinessError, match="J’ai appelé"):
        conduct.end_visit(visit=visit, at=at)
    note_call(
        alert=Alert.objects.get(), by=who("amal"), called=Called.SAMU, happened_at=at, is_answered=True, words="", at=at
    )

    assert conduct.end_visit(visit=visit, at=at).state == VisitState.ENDED


def test_the_register_says_that_it_was_said_again(visit: Visit, as_: Any) -> None:
    press(visit.pathway)
    tick(visit)
    url = reverse("pathways:alert", args=[VALLEES, Alert.objects.get().public_id])

    for name in ("farid", "amal"):
        assert "Signalée de nouveau" in as_(name).get(url).content.decode()


# ---- At the same second -----------------------------------------------------------------------------------
def at_once(*works: Callable[[], object]) -> None:
    """Each on a connection of its own, begun together."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], object]) -> None:
        try:
            with scope.opened(inside(VALLEES)):
                barrier.wait(timeout=20)
                work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(one, work) for work in works]:
            future.result(timeout=60)


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("_turn", range(3))
def test_pressed_and_ticked_at_the_same_second_is_one_alert(_turn: int) -> None:
    with scope.opened(inside(VALLEES)):
        visit = make_visit(make_pathway(ap=who("amal")), "V1", VisitState.STARTED)
        pathway = visit.pathway

    at_once(lambda: tick(visit), lambda: press(pathway), lambda: press(pathway, key="two"))

    with scope.opened(inside(VALLEES)):
        alert = Alert.objects.get()
        assert AlertStep.objects.filter(alert=alert, step="raised").count() == 1
        assert again() == 2


# ---- The clock of the tablet ------------------------------------------------------------------------------
def test_device_hours_are_kept_and_the_ladder_counts_from_the_reception(visit: Visit) -> None:
    at = clock.now()
    device = DeviceClock(at - timedelta(minutes=47), at)
    press(visit.pathway, at=at, device=device)

    alert = Alert.objects.get()
    assert (alert.noticed_at, alert.device_sent_at, alert.raised_at) == (device.noticed_at, at, at)
    assert alert.answer_due_at == alert.next_step_at == at + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("noticed", "is_kept"),
    [("2026-01-02T10:00:00.000Z", True), (None, False), ("hier", False), (12, False), ({}, False)],
)
def test_a_tick_carries_the_hour_of_the_tap_and_no_bad_one_loses_it(
    visit: Visit, as_: Any, noticed: object, is_kept: bool
) -> None:
    row = child(baby(visit.pathway), child__flag_any="SOME", child__flags=[BLUE])
    body = {"revision": 0, "answers": {"child": [row]}, "noticed_at": noticed, "device_at": "2026-01-02T10:20:00Z"}
    url = reverse("visits:report_draft", args=[VALLEES, visit.public_id])

    answer = as_("amal").post(url, json.dumps(body), content_type="application/json")

    assert answer.status_code == 200
    alert = Alert.objects.get()
    assert (alert.noticed_at is not None, alert.device_sent_at is not None) == (is_kept, True)
    assert alert.answer_due_at == alert.raised_at + timedelta(minutes=5)


def test_the_report_of_the_visit_asks_what_was_done_about_a_press_and_why_it_is_not_ticked(visit: Visit) -> None:
    press(visit.pathway, "MOTHER_FEVER", who="mother")
    take(Alert.objects.get())
    left = conduct.end_visit(visit=visit, at=clock.now())
    with pytest.raises(IncompleteReport) as refusal:
        reports.sign(left)
    assert "alert/MOTHER_URGENT/alert.facts" in {gap.path for gap in refusal.value.gaps}

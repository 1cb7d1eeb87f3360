"""Planning, moving and cancelling: the window, the order, the AP's other visits."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from copa.kernel.french import day
from pathways.models import Pathway
from territories.models import Structure, User
from tests.factories import make_birth, make_discharge, make_pathway, make_shift, make_visit, who
from tests.visits.planning.plans import AT, local, plan
from visits import rules
from visits.actions import planning
from visits.actions.planning import Slot
from visits.actions.questions import HOUR, OVERLAP, SAME_DAY, WINDOW
from visits.enums import VisitState
from visits.models import Visit


def test_visit_takes_the_minutes_of_the_rules(pathway) -> None:
    visit = plan(pathway)

    assert (visit.planned_minutes, visit.state, visit.window_reason) == (75, VisitState.PLANNED, "")


@pytest.mark.parametrize("day", [8, 11])  # a Sunday, then Armistice day
def test_sundays_and_holidays_are_planned_like_any_day(pathway, day: int) -> None:
    assert plan(pathway, at=local(day)).pk


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (local(2, 10), "in_the_past"),
        (local(22), "window_reason_missing"),
        (local(20, year=2027), "too_far"),
    ],
)
def test_impossible_moment_is_refused_beside_its_field(pathway, at: datetime, code: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=at)

    assert refusal.value.code == code
    assert not Visit.objects.filter(pathway=pathway).exists()


def test_hour_already_past_today_is_refused_and_the_minute_under_way_is_not(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=AT - timedelta(minutes=1))

    assert (refusal.value.code, refusal.value.field) == ("in_the_past", "planned_at")
    assert "Il est déjà 9\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}00" in refusal.value.message
    assert not Visit.objects.filter(pathway=pathway).exists()
    assert plan(pathway, at=AT).pk


def test_last_local_day_of_the_window_is_inside(pathway) -> None:
    # 21 November, 23 h 30 in Paris.
    assert plan(pathway, at=datetime(2026, 11, 21, 22, 30, tzinfo=UTC), confirmed={HOUR}).window_reason == ""


def test_first_minute_after_the_window_is_outside(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=datetime(2026, 11, 21, 23, 0, tzinfo=UTC))

    assert refusal.value.code == "window_reason_missing"


def test_outside_the_window_needs_a_reason_then_a_yes(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=local(24), window_reason="CHILD_HOSPITAL")

    visit = plan(pathway, at=local(24), window_reason="CHILD_HOSPITAL", confirmed={WINDOW})

    assert refusal.value.code == WINDOW
    assert visit.window_reason == "CHILD_HOSPITAL"


def test_unknown_window_reason_is_no_reason(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=local(24), window_reason="BECAUSE", confirmed={WINDOW})

    assert refusal.value.code == "window_reason_missing"


def test_v2_waits_for_v1(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, "V2", local(12))

    assert refusal.value.code == "earlier_visit_missing"


def test_v2_is_never_before_v1(pathway) -> None:
    plan(pathway, "V1", local(12))

    with pytest.raises(BusinessError) as refusal:
        plan(pathway, "V2", local(5))

    assert refusal.value.code == "out_of_order"


def test_v1_is_never_moved_after_v2(pathway) -> None:
    first = plan(pathway, "V1", local(5))
    plan(pathway, "V2", local(12))

    with pytest.raises(BusinessError) as refusal:
        planning.move_visit(visit=first, planned_at=local(13), window_reason="", at=AT)

    assert refusal.value.code == "out_of_order"


def test_second_v1_is_refused(pathway) -> None:
    plan(pathway)

    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=local(9))

    assert refusal.value.code == "visit_kind_once"
    assert Visit.objects.filter(pathway=pathway).count() == 1


def test_v1_may_be_planned_again_after_nobody_was_there(pathway) -> None:
    make_visit(pathway, state=VisitState.NOT_DONE, planned_at=local(3, 10))

    assert plan(pathway).pk


def test_both_visits_or_none(pathway) -> None:
    slots = [Slot(kind="V1", planned_at=local(5)), Slot(kind="V2", planned_at=local(23))]

    with pytest.raises(BusinessError) as refusal:
        planning.plan_visits(pathway=pathway, ap=who("amal"), slots=slots, by=who("elise"), at=AT)

    assert refusal.value.field == "window_reason_v2"
    assert not Visit.objects.filter(pathway=pathway).exists()


@pytest.mark.parametrize(
    ("minutes_later", "is_free"),
    [(0, False), (74, False), (75, True), (-74, False), (-75, True)],
)
def test_ap_is_busy_during_her_other_visits(pathway, minutes_later: int, is_free: bool) -> None:
    other = make_pathway(ap=who("amal"))
    make_visit(other, planned_at=local(5))
    at = local(5) + timedelta(minutes=minutes_later)

    if is_free:
        assert plan(pathway, at=at).pk
    else:
        with pytest.raises(BusinessError) as refusal:
            plan(pathway, at=at)
        assert refusal.value.code == OVERLAP


@pytest.mark.parametrize(("day", "hour", "is_asked"), [(5, 23, True), (6, 0, False), (5, 17, True)])
def test_moving_a_visit_to_the_local_day_of_another_one_is_confirmed(
    pathway, day: int, hour: int, is_asked: bool
) -> None:
    plan(pathway)
    second = plan(pathway, "V2", local(12))
    to = local(day, hour + 1) - timedelta(hours=1)
    given = {"visit": second, "planned_at": to, "window_reason": "", "at": AT}

    if not is_asked:
        assert planning.move_visit(**given, confirmed={HOUR}).pk
        return
    with pytest.raises(BusinessError) as refusal:
        planning.move_visit(**given, confirmed={HOUR})

    assert refusal.value.code == SAME_DAY
    assert planning.move_visit(**given, confirmed={HOUR, SAME_DAY}).pk


def test_two_visits_at_once_are_kept_when_confirmed(pathway) -> None:
    make_visit(make_pathway(ap=who("amal")), planned_at=local(5))

    assert plan(pathway, confirmed={OVERLAP}).pk


def test_cancelled_visit_leaves_the_ap_free(pathway) -> None:
    make_visit(make_pathway(ap=who("amal")), planned_at=local(5), state=VisitState.CANCELLED)

    assert plan(pathway).pk


def test_moving_a_visit_onto_itself_is_no_conflict(pathway) -> None:
    visit = plan(pathway)

    moved = planning.move_visit(visit=visit, planned_at=local(5, 15), window_reason="", at=AT)

    assert moved.planned_at == local(5, 15)


@pytest.mark.parametrize("name", ["elise", "farid"])
def test_only_an_ap_visits(pathway, name: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, ap=name)

    assert (refusal.value.code, refusal.value.field) == ("not_an_ap", "ap")


def test_ap_whose_rights_end_before_the_visit_is_refused(pathway) -> None:
    amal = who("amal")
    amal.ends_on = date(2026, 11, 4)
    amal.save(update_fields=["ends_on"])

    with pytest.raises(BusinessError) as refusal:
        plan(pathway)

    assert refusal.value.code == "not_an_ap"


def test_stopped_pathway_takes_no_visit(pathway) -> None:
    Pathway.objects.filter(pk=pathway.pk).update(state="suspended")

    with pytest.raises(BusinessError) as refusal:
        plan(pathway)

    assert refusal.value.code == "pathway_not_active"


def test_pathway_follows_the_ap_who_visits_and_her_visits_too(pathway) -> None:
    plan(pathway, "V1", local(5))

    plan(pathway, "V2", local(12), ap="bea")

    assert Pathway.objects.get(pk=pathway.pk).ap == who("bea")
    assert set(Visit.objects.filter(pathway=pathway).values_list("ap", flat=True)) == {who("bea").pk}


def test_ultra_early_visit_follows_an_ultra_early_discharge_only(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, "ULTRA_EARLY", local(3, 15))

    assert refusal.value.code == "no_ultra_early_discharge"


def test_ultra_early_visit_lasts_135_minutes_until_the_day_after_discharge(vallees) -> None:
    # R054: discharge on Monday at 23 h 30, the visit may be on Tuesday until 23 h 59, not on Wednesday.
    with time_machine.travel(AT, tick=False):
        birth = make_birth(at=datetime(2026, 11, 2, 6, 0, tzinfo=UTC))
        make_discharge(
            birth, at=datetime(2026, 11, 2, 22, 30, tzinfo=UTC), kind="ULTRA_EARLY", has_medical_agreement=True
        )
        pathway = make_pathway(birth, ap=who("amal"))

        with pytest.raises(BusinessError) as refusal:
            plan(pathway, "ULTRA_EARLY", local(4, 8))
        with pytest.raises(BusinessError) as explained:
            plan(pathway, "ULTRA_EARLY", local(4, 8), window_reason="CHILD_HOSPITAL", confirmed={WINDOW})
        visit = plan(pathway, "ULTRA_EARLY", datetime(2026, 11, 3, 22, 59, tzinfo=UTC), confirmed={HOUR})
        with pytest.raises(BusinessError) as moved:
            planning.move_visit(
                visit=visit, planned_at=local(4, 8), window_reason="OTHER", at=clock.now(), confirmed={WINDOW}
            )

    # No reason opens another day, nor a visit already planned.
    assert {one.value.code for one in (refusal, explained, moved)} == {"not_its_days"}
    # The point of « nov. » is the full stop of the sentence.
    assert refusal.value.message.endswith(day(date(2026, 11, 3)))
    assert visit.planned_minutes == 135


def test_cancelled_visit_keeps_its_reason_and_frees_its_place(pathway) -> None:
    visit = plan(pathway)

    planning.cancel_visit(visit=visit, reason="FAMILY_CANCELLED", at=AT)

    visit.refresh_from_db()
    assert (visit.state, visit.not_done_reason) == ("cancelled", "FAMILY_CANCELLED")
    assert plan(pathway).pk


def test_visit_under_way_is_neither_moved_nor_cancelled(pathway) -> None:
    visit = make_visit(pathway, state=VisitState.STARTED)

    with pytest.raises(BusinessError):
        planning.cancel_visit(visit=visit, reason="OTHER", at=AT)
    with pytest.raises(BusinessError):
        planning.move_visit(visit=visit, planned_at=local(9), window_reason="", at=AT)


@pytest.mark.parametrize(("kind", "before"), [("V1", set()), ("V3", {"V1", "V2"}), ("ULTRA_EARLY", set())])
def test_order_of_visits(kind: str, before: set[str]) -> None:
    assert rules.kinds_before(kind) == before


# ---- The third visit, and the hours of the night ----------------------------------------------------------------
def test_third_visit_says_why(pathway) -> None:
    plan(pathway)
    plan(pathway, "V2", local(7))

    with pytest.raises(BusinessError) as refusal:
        plan(pathway, "V3", local(9))

    assert (refusal.value.code, refusal.value.field) == ("motive_missing", "motive")
    assert plan(pathway, "V3", local(9), motive="VULNERABILITY", is_joint=True).motive == "VULNERABILITY"


def test_other_visits_have_no_motive(pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, motive="VULNERABILITY")

    assert refusal.value.code == "motive_of_third_only"


@pytest.mark.parametrize(("kind", "motive"), [("V3", ""), ("V1", "VULNERABILITY")])
def test_database_asks_the_motive_too(pathway, kind: str, motive: str) -> None:
    with pytest.raises(IntegrityError, match="visit_third_has_motive"), transaction.atomic():
        make_visit(pathway, kind, motive=motive)


@pytest.mark.parametrize("at", [local(5, 3), local(5, 6), local(5, 20), local(8, 23)])
def test_visit_by_night_is_asked_about(pathway, at: datetime) -> None:
    with pytest.raises(BusinessError) as refusal:
        plan(pathway, at=at)

    assert refusal.value.code == HOUR
    assert plan(pathway, at=at, confirmed={HOUR}).planned_at == at


@pytest.mark.parametrize("minutes", [0, 12 * 60 + 45])
def test_visit_at_the_limits_of_the_day_is_not_asked_about(pathway, minutes: int) -> None:
    assert plan(pathway, at=local(5, 7) + timedelta(minutes=minutes)).pk


def test_visit_moved_into_the_night_is_asked_about(pathway) -> None:
    visit = plan(pathway)

    with pytest.raises(BusinessError) as refusal:
        planning.move_visit(visit=visit, planned_at=local(6, 22), window_reason="", at=AT)

    assert refusal.value.code == HOUR


def test_no_visit_is_planned_where_no_team_could_answer(pathway) -> None:
    Structure.objects.filter(pk=pathway.carrier_id).update(phone="")
    with pytest.raises(BusinessError) as nobody:
        plan(pathway)
    make_shift(who("farid"), at=local(6, hour=1), starts_in=timedelta(0), hours=20)
    with pytest.raises(BusinessError) as other_day:
        plan(pathway)
    make_shift(who("farid"), at=local(5, hour=1), starts_in=timedelta(0), hours=23)
    with pytest.raises(BusinessError) as no_number:
        plan(pathway)
    User.objects.filter(pk=who("farid").user_id).update(phone="+33199003101")

    assert nobody.value.code == other_day.value.code == no_number.value.code == "no_answering_team"
    assert plan(pathway).pk
